"""Builds a warehouse, or adds a day to it, and takes the time."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from tools.benchmark.databases import remove
from tools.benchmark.hand_tuned.landing import load
from tools.benchmark.hand_tuned.lanes import in_lanes
from tools.benchmark.hand_tuned.statements import AS_OF, describe, prepare, run, value

THREADS = 2

# Two lanes of files of statements at a time.
_FIRST_LANES = (("customer_days", "customers", "standings"), ("sales_days",))
_LAST_LANES = (("month_ends",), ("expected_value", "backtest"))
_FIRST_LANES_OF_DAY = (("reopen_customers", "customer_days", "customers"), ("sales_days",))
_LAST_LANES_OF_DAY = (("known_months", "expected_value"),)
_LAST_LANES_OF_MONTH_END = (("month_ends",), ("known_months", "expected_value", "backtest"))

_BEFORE_ALL = """
    set variable until = date '0001-01-01';
    set variable last_customer_key = 0;
    set variable first_new_load = 1;
    set variable first_new_month = 0"""
_BEFORE_DAY = """
    set variable until = (select max(date_day) from marts.dim_dates);
    set variable last_customer_key = (select coalesce(max(customer_key), 0) from kept.customers);
    set variable first_new_load = (
        select 1 + max(_load_id) from (
            select _load_id from raw.order_items
            union all select _load_id from raw.order_item_options
            union all select _load_id from raw.date_dim
        )
    );
    set variable first_new_month = month_number(getvariable('until') + 1)"""


@dataclass(frozen=True)
class Stages:
    """Seconds that each stage took.

    Attributes:
        raw: from the files to the raw tables.
        facts: to the order lines and orders.
        marts: to its other marts.
    """

    raw: float
    facts: float
    marts: float

    @property
    def total(self) -> float:
        """Seconds from the files to the last mart."""
        return self.raw + self.facts + self.marts


def build(files: Path, seeds: Path, database: Path) -> Stages:
    """Builds the raw tables, the facts and the dearest marts of a folder of clean files.

    Args:
        files: folder of `.csv` files, as `sales-loader generate` writes it.
        seeds: folder of the project's seeds.
        database: DuckDB file to make; an older one is removed.

    Returns:
        Seconds by stage.
    """
    remove(database)
    with opened(database, seeds) as connection:
        clock = Clock()
        run(connection, ["raw"])
        load(connection, files, named_from=files, first_load_id=1)
        connection.execute("checkpoint")
        raw = clock.lap()
        connection.execute("create schema marts; create schema kept; set preserve_insertion_order = false")
        prepare(connection, _BEFORE_ALL)
        run(connection, ["seeds", "facts"])
        connection.execute("checkpoint")
        facts = clock.lap()
        for lanes in (_FIRST_LANES, _LAST_LANES):
            in_lanes(connection, [partial(describe, names, before=_BEFORE_ALL) for names in lanes])
        connection.execute("checkpoint")
        return Stages(raw, facts, clock.lap())


def add_day(files: Path, seeds: Path, database: Path) -> float:
    """Takes the files of a later day into a warehouse that `build` has made.

    Where the day concerns a customer, their rows are replaced; what describes today is made again. The day is
    later than all others there, and its lines and options are of no other day. Interrupted, it leaves a
    warehouse that has to be built again.

    Args:
        files: folder of the day, as `sales-loader generate --split-by-day` writes it.
        seeds: folder of the project's seeds, as it was.
        database: the warehouse.

    Returns:
        Seconds.
    """
    with opened(database, seeds) as connection:
        clock = Clock()
        before = frozen(connection)
        load(connection, files, named_from=files.parent, first_load_id=before.first_load_id)
        connection.execute("set preserve_insertion_order = false")
        prepare(connection, before.variables)
        run(connection, ["seeds", "facts"], added=True)
        connection.execute(AS_OF)
        month_ends = value(connection, "getvariable('last_month') >= getvariable('first_new_month')")
        for lanes in phases_of_day(month_ends=bool(month_ends)):
            in_lanes(
                connection, [partial(describe, names, before=before.variables, added=True) for names in lanes]
            )
        connection.execute("checkpoint")
        return clock.lap()


def phases_of_day(*, month_ends: bool) -> Sequence[Sequence[Sequence[str]]]:
    """Files of statements of an update, by phase and lane.

    Args:
        month_ends: a month ends with the day, or has ended since the day before.
    """
    if not month_ends:
        return (_FIRST_LANES_OF_DAY, _LAST_LANES_OF_DAY)
    customers, sales = _FIRST_LANES_OF_DAY
    return (((*customers, "standings"), sales), _LAST_LANES_OF_MONTH_END)


@dataclass(frozen=True)
class Before:
    """How a warehouse stood before an update.

    Attributes:
        variables: statements that tell another connection.
        first_load_id: number of the next load.
    """

    variables: str
    first_load_id: int


def frozen(connection: duckdb.DuckDBPyConnection) -> Before:
    """Reads how the warehouse stands."""
    run(connection, ["arithmetic"])
    connection.execute(_BEFORE_DAY)
    names = re.findall(r"set variable (\w+)", _BEFORE_DAY)
    values = {name: value(connection, f"getvariable('{name}')") for name in names}
    literals = {name: f"date '{one}'" if isinstance(one, date) else str(one) for name, one in values.items()}
    statements = "; ".join(f"set variable {name} = {literal}" for name, literal in literals.items())
    return Before(statements, int(str(values["first_new_load"])))


class Clock:
    """Tells how long it is since it was last asked."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap, or since the clock was made."""
        before, self._last = self._last, time.perf_counter()
        return self._last - before


@contextmanager
def opened(database: Path, seeds: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database, with a database in memory named `work` beside it."""
    with duckdb.connect(str(database), config={"threads": THREADS}) as connection:
        connection.execute("attach ':memory:' as work")
        connection.execute("set variable seeds = $1", [str(seeds)])
        yield connection
