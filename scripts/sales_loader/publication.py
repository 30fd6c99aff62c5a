"""Which loads are in the published marts, and which are not yet."""

from collections.abc import Sequence
from contextlib import closing

from sales_loader.headline import Asking, asking
from sales_loader.targets import Place
from sales_loader.warehouse import Load

# A daily run keeps its state beside the marts that wait for publication, a plain build beside the usual ones.
# Publishing drops the latter.
_STATES = """
    select table_schema from information_schema.tables
    where table_name = 'state_build_status' and table_schema in ('intermediate', 'intermediate_next')"""
_LAST_LOAD = "select coalesce(max(last_load_id), 0) from {schema}.state_build_status"


def last_published_load(ask: Asking) -> int:
    """The highest number of a load that the published marts are built from; 0 when there are none."""
    return max((int(ask(_LAST_LOAD.format(schema=schema))[0][0]) for (schema,) in ask(_STATES)), default=0)


def not_published(place: Place) -> list[Load]:
    """The loads that have landed since the last publication, latest first.

    Raises:
        LoaderError: there is no warehouse, or it cannot be opened.
    """
    with closing(place.readable()) as warehouse:
        loads = warehouse.loads()
    with asking(place) as ask:
        return later_than(loads, last_published_load(ask))


def later_than(loads: Sequence[Load], load_id: int) -> list[Load]:
    """Those of some loads that have a higher number."""
    return [load for load in loads if load.load_id > load_id]
