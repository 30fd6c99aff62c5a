"""Runs the statements of the ceiling and takes their time."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

STATEMENTS = Path(__file__).parent
ORDER_ITEMS, OPTIONS, DATE_DIM = "order_items", "order_item_options", "date_dim"
THREADS = 2

_READ_CSV = """
    insert into raw.{table}
    select {columns}, $name, row_number() over (), $load_id
    from read_csv(
        $path, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', parallel = false,
        columns = {{{types}}}
    )"""
_COLUMNS = {
    ORDER_ITEMS: {
        "app_name": "varchar",
        "restaurant_id": "varchar",
        "creation_time_utc": "timestamp",
        "order_id": "varchar",
        "user_id": "varchar",
        "printed_card_number": "varchar",
        "is_loyalty": "boolean",
        "currency": "varchar",
        "lineitem_id": "varchar",
        "item_category": "varchar",
        "item_name": "varchar",
        "item_price": "decimal(18, 4)",
        "item_quantity": "bigint",
    },
    OPTIONS: {
        "order_id": "varchar",
        "lineitem_id": "varchar",
        "option_group_name": "varchar",
        "option_name": "varchar",
        "option_price": "decimal(18, 4)",
        "option_quantity": "bigint",
    },
    DATE_DIM: {
        "date_key": "varchar",
        "year": "varchar",
        "month": "varchar",
        "week": "varchar",
        "day_of_week": "varchar",
        "is_weekend": "varchar",
        "is_holiday": "boolean",
        "holiday_name": "varchar",
    },
}
_VALUES = {"printed_card_number": "null", "date_key": "strptime(date_key, '%d-%m-%Y')"}
# Two lanes of files of statements at a time.
_FIRST_LANES = (
    ("customer_days", "customers", "standings"),
    ("sales_days", "locations", "discounts", "quality"),
)
_LAST_LANES = (("month_ends",), ("expected_value", "backtest"))
_FIRST_LANES_OF_DAY = (
    ("reopen_customers", "customer_days", "customers"),
    ("reopen_periods", *_FIRST_LANES[1]),
)
_LAST_LANES_OF_DAY = (("known_months", "expected_value"),)
_LAST_LANES_OF_MONTH_END = (("month_ends",), ("known_months", "expected_value", "backtest"))

# What the statements call new_items() and so on: in a build everything, after a day what it has brought.
_WHOLE = {
    "new_items()": "raw.order_items",
    "new_options()": "raw.order_item_options",
    "new_lines()": "marts.fct_order_lines",
    "new_orders()": "marts.fct_orders",
    "orders_of_touched_customers()": "marts.fct_orders",
    "days_of_touched_customers()": "kept.customer_days",
    "known_customers()": "(select null::varchar as customer_id, 0 as order_count where false)",
}
_NEW_ORDERS = "(from marts.fct_orders where business_date > getvariable('until'))"
_DAY = {
    "new_items()": "(from raw.order_items where _load_id >= getvariable('first_new_load'))",
    "new_options()": "(from raw.order_item_options where _load_id >= getvariable('first_new_load'))",
    "new_lines()": "(from marts.fct_order_lines where business_date > getvariable('until'))",
    "new_orders()": _NEW_ORDERS,
    "orders_of_touched_customers()": f"""(
        from marts.fct_orders where customer_id in (select customer_id from {_NEW_ORDERS})
    )""",
    "days_of_touched_customers()": """(
        from kept.customer_days where customer_key in (
            select customer_key from kept.customer_days where business_date > getvariable('until')
        )
    )""",
    "known_customers()": "marts.dim_customers",
}
_BEFORE_ALL = """
    set variable until = date '0001-01-01';
    set variable week_start = date '0001-01-01';
    set variable month_start = date '0001-01-01';
    set variable last_customer_key = 0;
    set variable first_new_load = 1;
    set variable first_new_month = 0"""
_BEFORE_DAY = """
    set variable until = (select max(date_day) from marts.dim_dates);
    set variable week_start = date_trunc('week', getvariable('until'))::date;
    set variable month_start = date_trunc('month', getvariable('until'))::date;
    set variable last_customer_key = (select coalesce(max(customer_key), 0) from kept.customers);
    set variable first_new_load = (
        select 1 + max(_load_id) from (
            select _load_id from raw.order_items
            union all select _load_id from raw.order_item_options
            union all select _load_id from raw.date_dim
        )
    );
    set variable first_new_month = month_number(getvariable('until') + 1)"""
_AS_OF = """
    set variable as_of = (select max(business_date) from marts.fct_orders);
    set variable last_month = month_number(getvariable('as_of') + 1) - 1;
    -- What was foretold in the past changes when a month has ended.
    set variable run_count = 1 + (getvariable('last_month') >= getvariable('first_new_month'))::integer"""
# In an update, what is made in a build is added to.
_MADE = re.compile(r"create table ((?:marts|kept)\.\w+) as\b")


@dataclass(frozen=True)
class Stages:
    """Seconds that each stage took.

    Attributes:
        raw: from the files to the raw tables.
        facts: to the order lines and orders.
        marts: to all other marts.
    """

    raw: float
    facts: float
    marts: float

    @property
    def total(self) -> float:
        """Seconds from the files to the last mart."""
        return self.raw + self.facts + self.marts


def build(files: Path, seeds: Path, database: Path) -> Stages:
    """Builds the raw tables, the facts and all marts of a folder of clean files.

    Args:
        files: folder of `.csv` files, as `sales-loader generate` writes it.
        seeds: folder of the project's seeds.
        database: DuckDB file to make; an older one is removed.

    Returns:
        Seconds by stage.
    """
    for file in (database, Path(f"{database}.wal")):
        file.unlink(missing_ok=True)
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

    Where the day concerns a customer, a week or a month, its rows are replaced; the customers' marts of today
    and small ones are made anew. The day is later than all others there, and its lines and options are of no
    other day. Interrupted, it leaves a warehouse that has to be built again.

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
        connection.execute(_AS_OF)
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


def value(connection: duckdb.DuckDBPyConnection, expression: str) -> object:
    """The value of an expression."""
    row: tuple[object, ...] = connection.execute(f"select {expression}").fetchone() or (None,)
    return row[0]


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


def run(connection: duckdb.DuckDBPyConnection, names: Sequence[str], *, added: bool = False) -> None:
    """Runs files of statements.

    Args:
        connection: to the database.
        names: of the files.
        added: add what a day has brought to the tables, in place of making them of everything.
    """
    for name in names:
        text = (STATEMENTS / f"{name}.sql").read_text(encoding="utf-8")
        for called, relation in (_DAY if added else _WHOLE).items():
            text = text.replace(called, relation)
        connection.execute(_MADE.sub(r"insert into \1 by name", text) if added else text)


def prepare(connection: duckdb.DuckDBPyConnection, before: str) -> None:
    """Tells a connection the arithmetic, and how the warehouse stood before."""
    run(connection, ["arithmetic"])
    connection.execute(before)


def describe(
    names: Sequence[str], connection: duckdb.DuckDBPyConnection, *, before: str, added: bool = False
) -> None:
    """Runs files of statements that know the day the marts describe."""
    prepare(connection, before)
    connection.execute(_AS_OF)
    run(connection, names, added=added)


def load(connection: duckdb.DuckDBPyConnection, files: Path, *, named_from: Path, first_load_id: int) -> None:
    """Lands the files of a folder in the order in which the loader does, named by their place in another."""
    paths = sorted((file.relative_to(named_from).as_posix(), file) for file in files.rglob("*.csv"))
    numbered = [(table_of(file), name, file, n) for n, (name, file) in enumerate(paths, first_load_id)]
    in_lanes(
        connection,
        [
            lambda lane: land(lane, [one for one in numbered if one[0] == ORDER_ITEMS]),
            lambda lane: land(lane, [one for one in numbered if one[0] != ORDER_ITEMS]),
        ],
    )


def table_of(file: Path) -> str:
    """The raw table of a file, told from its name as the generator gives it."""
    return file.name.removesuffix(".csv")


def land(connection: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, str, Path, int]]) -> None:
    """Lands files of (table, name, path, load id) in one transaction, each in the order of its rows."""
    connection.execute("begin")
    for table, name, path, load_id in files:
        columns = _COLUMNS[table]
        statement = _READ_CSV.format(
            table=table,
            columns=", ".join(_VALUES.get(column, column) for column in columns),
            types=", ".join(f"{column}: '{kind}'" for column, kind in columns.items()),
        )
        connection.execute(statement, {"path": str(path), "name": name, "load_id": load_id})
    connection.execute("commit")


def in_lanes(
    connection: duckdb.DuckDBPyConnection, lanes: Sequence[Callable[[duckdb.DuckDBPyConnection], None]]
) -> None:
    """Does several things at a time, each with a connection of its own to the same database."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        done = [pool.submit(in_lane, connection.cursor(), lane) for lane in lanes]
        for one in done:
            one.result()


def in_lane(connection: duckdb.DuckDBPyConnection, lane: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Does one thing and closes its connection."""
    with connection:
        lane(connection)
