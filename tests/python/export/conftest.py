"""A small warehouse, and the stand-in of Redshift, for exports."""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from sales_pipeline.cli import main
from tests.python.support.stand_in_fixtures import running_stand_in as running_stand_in
from tests.python.support.stand_in_fixtures import stand_in as stand_in

TABLES = """
    create schema raw;
    create table raw.order_items as select 'secret' as printed_card_number;
    create schema intermediate;
    create table intermediate.int_orders as select 1 as x;
    create schema marts;
    create table marts.fct_orders (
        order_id varchar(64) not null, net_revenue decimal(18, 2), share decimal(18, 6), business_date date,
        ordered_at_utc timestamp, is_loyalty boolean, line_count bigint
    );
    insert into marts.fct_orders values
        ('it''s', -0.07, 0.333333, '2024-02-29', '2024-02-29 23:59:59.5', true, 9007199254740993),
        ('größer', 1234567890123456.78, null, '1999-12-31', null, null, null);
    create table marts.dim_dates (date_day date);"""


@dataclass(frozen=True)
class Company:
    """A folder with a built warehouse."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.folder / "warehouse.duckdb"

    @property
    def to(self) -> Path:
        """Where exports go."""
        return self.folder / "for BI"

    def run(self, *options: str) -> Result:
        """Run the command."""
        given = ["--database", str(self.warehouse), "--to", str(self.to), *options]
        return CliRunner().invoke(main, ["export", "--project-dir", str(self.folder), *given])

    def export(self, *options: str) -> None:
        """Run the command, which must succeed."""
        result = self.run(*options)
        assert result.exit_code == 0, result.output

    def execute(self, statement: str) -> None:
        """Change the warehouse."""
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(statement)

    def add_order(self, order_id: str) -> None:
        """Publish one order more."""
        self.execute(f"insert into marts.fct_orders (order_id) values ('{order_id}')")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    made.execute(TABLES)
    (tmp_path / "dbt_project.yml").touch()
    marts = {
        "fct_orders": {"order_id": "The order's id.", "no_more": "A column of a newer model."},
        "dim_dates": {"date_day": ""},
    }
    nodes = {
        name: {
            "alias": name,
            "resource_type": "model",
            "config": {"schema": "marts"},
            "description": f"What {name} is.",
            "columns": {column: {"name": column, "description": text} for column, text in columns.items()},
        }
        for name, columns in marts.items()
    }
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return made
