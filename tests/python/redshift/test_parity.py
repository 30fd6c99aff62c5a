"""DuckDB and Redshift give the same rows in every table of schema marts, cell by cell."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from rich.table import Table

from sales_loader.settings.variables import read_variables
from sales_loader.warehouses.target import DUCKDB, REDSHIFT, WarehouseTarget
from sales_pipeline.report import built_marts
from sales_pipeline.warehouse_queries import open_tables
from sales_report.blocks import Block, read_blocks
from tests.python.reference import KEYS, compare
from tests.python.support.project_copy import Workshop, generate_files
from tests.redshift_stand_in.stand_in import StandIn

PROJECT = Path(__file__).parents[3]
RAW = {
    "order_items": ("_load_id", "_source_row_number"),
    "order_item_options": ("_load_id", "_source_row_number"),
    "date_dim": ("_load_id", "_source_row_number"),
    "rejected_rows": ("_load_id", "_source_row_number"),
    "load_files": ("load_id",),
}
WHEN = ("_loaded_at", "loaded_at")
COMPANIES = {
    "the sample": ("--lines", "100000", "--days", "730"),
    "dirt": ("--lines", "50000", "--days", "400", "--dirt"),
}
Cells = list[dict[str, object]]


@dataclass(frozen=True)
class Comparison:
    """A table on both warehouses."""

    table: str
    rows: int
    cells: int
    differences: list[str]


class Both:
    """One company in a DuckDB warehouse and on the stand-in, loaded and built by the same commands."""

    def __init__(self, folder: Path, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._duckdb = Workshop.create(folder / "duckdb")
        on_redshift = Workshop.create(folder / "redshift")
        environment = {**stand_in.environment(), "WAREHOUSE_TARGET": "redshift"}
        self._redshift = Workshop(on_redshift.project, on_redshift.warehouse, environment)

    def fill(self, files: Path) -> None:
        """Load the same files and build, on both at the same time."""
        with ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(lambda workshop: workshop.load(files), (self._duckdb, self._redshift)))
            list(pool.map(lambda workshop: workshop.build(), (self._duckdb, self._redshift)))
        assert codes[0] == codes[1]

    def compared(self, table: str, key: tuple[str, ...]) -> Comparison:
        """Hold every cell of a table against the other warehouse's."""
        with duckdb.connect(str(self._duckdb.warehouse), read_only=True) as connection:
            cursor = connection.execute(f"select * from {table}")
            columns = [column[0] for column in cursor.description or ()]
            expected = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        actual = self._rows(table)
        differences = compare(expected, actual, key, ignore=WHEN)
        return Comparison(
            table, len(expected), len(expected) * len(columns), [str(each) for each in differences]
        )

    def reports(self) -> Iterator[dict[str, Block]]:
        """What the report shows, of DuckDB's marts and of Redshift's."""
        for target in (WarehouseTarget(DUCKDB, self._duckdb.warehouse), WarehouseTarget(REDSHIFT, Path())):
            with open_tables(target) as read:
                yield read_blocks(read, built_marts(read, read_variables(PROJECT, "")))

    def _rows(self, table: str) -> Cells:
        """Rows as a client of Redshift gets them."""
        with closing(self._stand_in.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(f"select * from {table}")
            columns = [column[0] for column in cursor.description]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(size, id=name, marks=pytest.mark.thorough if name == "the sample" else ())
        for name, size in COMPANIES.items()
    ],
)
def test_every_cell_is_the_same_on_both_warehouses(
    stand_in: StandIn, tmp_path: Path, show: Callable[[str], None], size: tuple[str, ...]
) -> None:
    both = Both(tmp_path, stand_in)
    both.fill(generate_files(tmp_path / "files", *size))
    tables = {f"raw.{name}": key for name, key in RAW.items()} | {
        f"marts.{name}": key for name, key in KEYS.items()
    }
    comparisons = [both.compared(table, key) for table, key in tables.items()]
    show(as_text(comparisons))
    assert [difference for each in comparisons for difference in each.differences[:5]] == []
    on_duckdb, on_redshift = both.reports()
    for block, columns in on_duckdb.items():
        assert on_redshift[block] == columns, block
    assert all(each.rows for each in comparisons if each.table != "raw.rejected_rows" or "--dirt" in size)


def as_text(comparisons: list[Comparison]) -> str:
    """One line for each table, and all of them together."""
    table = Table(title="DuckDB and Redshift, cell by cell", show_footer=True)
    table.add_column("table", footer="all")
    for name in ("rows", "cells", "differences"):
        table.add_column(name, justify="right")
    for each in comparisons:
        table.add_row(each.table, f"{each.rows:,}", f"{each.cells:,}", f"{len(each.differences):,}")
    totals = (
        sum(each.rows for each in comparisons),
        sum(each.cells for each in comparisons),
        sum(len(each.differences) for each in comparisons),
    )
    for column, total in zip(table.columns[1:], totals, strict=True):
        column.footer = f"{total:,}"
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table)
    return captured.get()
