"""Which loads are in the published marts, and which are not yet."""

from collections.abc import Sequence
from contextlib import closing

from sales_loader.headline import Asking, asking, build_states
from sales_loader.targets import Place
from sales_loader.warehouse import Load


def last_published_load(ask: Asking) -> int:
    """The highest number of a load that the published marts are built from; 0 when there are none."""
    last_loads = (ask(f"select coalesce(max(built_load_id), 0) from {state}") for state in build_states(ask))
    return max((int(rows[0][0]) for rows in last_loads), default=0)


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
