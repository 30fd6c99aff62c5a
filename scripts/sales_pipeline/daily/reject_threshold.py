"""The limit of rejected rows: a daily run with more of them stops."""

from contextlib import closing
from decimal import Decimal
from typing import Any

from sales_loader.errors import LoaderError
from sales_loader.warehouses.interface import Load
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.daily.publication import last_published_load, later_than
from sales_pipeline.warehouse_queries import open_query

_LAST_SEEN_LOAD = "select seen_load_id from intermediate_next.run_state"
_MOST_NAMED = 5


class TooManyRejectedError(LoaderError):
    """A larger share of rows was rejected than is allowed."""


def refuse_too_many_rejected(
    warehouse_target: WarehouseTarget, largest_share: Any, *, is_built: bool = False
) -> None:
    """Compare the rejected rows of all loads since the last published build with a share of their rows.

    Checked before a build, to save its time, and after it, as others may have loaded files in between.

    Args:
        warehouse_target: the warehouse.
        largest_share: largest allowed share, 0 to 1; a number or its text.
        is_built: whether only the loads that the build has seen count, not later ones.

    Raises:
        TooManyRejectedError: the share is larger.
    """
    with closing(warehouse_target.readable()) as warehouse:
        loads, set_aside = warehouse.loads(), warehouse.set_aside_by_load()
    with open_query(warehouse_target) as query:
        new = later_than(loads, last_published_load(query))
        if is_built:
            seen = query(_LAST_SEEN_LOAD)[0][0]
            new = [load for load in new if load.load_id <= seen]
    read, rejected = sum(load.rows_read for load in new), sum(load.rows_rejected for load in new)
    rejected -= sum(len(set_aside.get(load.load_id, ())) for load in new)  # somebody has looked at them
    if rejected > Decimal(str(largest_share)) * read:
        raise TooManyRejectedError(_message(new, read, rejected, largest_share))


def _message(new: list[Load], read: int, rejected: int, largest_share: Any) -> str:
    worst = sorted((load for load in new if load.rows_rejected), key=lambda load: -load.rows_rejected)
    names = ", ".join(f"{load.file_name} ({load.rows_rejected:,})" for load in worst[:_MOST_NAMED])
    return (
        f"{rejected:,} of {read:,} new rows were rejected, more than a share of {largest_share}: {names}. "
        "The marts stay as they were. `sales-loader rejects` shows the reasons. Correct the files and run "
        "again, take them back with `sales-loader withdraw`, or raise the variable max_rejected_share."
    )
