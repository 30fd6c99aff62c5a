"""Which loads are in the published marts, and which are not yet."""

from collections.abc import Sequence
from contextlib import closing

from sales_loader.warehouses.interface import Load
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.warehouse_queries import Query, open_query, run_state_tables


def last_published_load(query: Query) -> int:
    """The highest load_id that the published marts are built from; 0 if there are none."""
    last_loads = (
        query(f"select coalesce(max(built_load_id), 0) from {state}") for state in run_state_tables(query)
    )
    return max((int(rows[0][0]) for rows in last_loads), default=0)


def not_published(warehouse_target: WarehouseTarget) -> list[Load]:
    """The loads that have landed since the last publication, latest first.

    Raises:
        LoaderError: there is no warehouse, or it cannot be opened.
    """
    with closing(warehouse_target.readable()) as warehouse:
        loads = warehouse.loads()
    with open_query(warehouse_target) as query:
        return later_than(loads, last_published_load(query))


def later_than(loads: Sequence[Load], load_id: int) -> list[Load]:
    """The loads with a higher load_id than this one."""
    return [load for load in loads if load.load_id > load_id]
