"""Runs the statements of the ceiling and takes their time."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
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
_LANES = (
    ("customers", "month_ends", "expected_value"),
    ("sales", "discounts", "quality"),
)
_AS_OF = """
    set variable as_of = (select max(business_date) from marts.fct_orders);
    set variable last_month = month_number(getvariable('as_of') + 1) - 1"""


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
        run(connection, "raw")
        load(connection, files, first_load_id=1)
        connection.execute("checkpoint")
        raw = clock.lap()
        connection.execute("create schema marts; set preserve_insertion_order = false")
        run(connection, "seeds", "facts")
        connection.execute("checkpoint")
        facts = clock.lap()
        in_lanes(connection, [partial(describe, names) for names in _LANES])
        connection.execute("checkpoint")
        return Stages(raw, facts, clock.lap())


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


def run(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Runs files of statements."""
    for name in names:
        connection.execute((STATEMENTS / f"{name}.sql").read_text(encoding="utf-8"))


def describe(names: Sequence[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Runs files of statements that know the day the marts describe."""
    run(connection, "arithmetic")
    connection.execute(_AS_OF)
    run(connection, *names)


def load(connection: duckdb.DuckDBPyConnection, files: Path, *, first_load_id: int) -> None:
    """Lands the files of a folder in the order in which the loader does."""
    paths = sorted((file.relative_to(files).as_posix(), file) for file in files.rglob("*.csv"))
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
