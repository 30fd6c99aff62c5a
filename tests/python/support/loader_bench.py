"""Small sales files, and a bench to load them on."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from click.testing import CliRunner, Result

from sales_pipeline.cli import main

CARD = "123456789012"
KEY = "a key for tests, of 32 characters"

ITEM = {
    "APP_NAME": "Kiosk",
    "RESTAURANT_ID": "r1",
    "CREATION_TIME_UTC": "2025-06-01T16:00:00.123Z",
    "ORDER_ID": "o1",
    "USER_ID": "u1",
    "PRINTED_CARD_NUMBER": "",
    "IS_LOYALTY": "FALSE",
    "CURRENCY": "USD",
    "LINEITEM_ID": "l1",
    "ITEM_CATEGORY": "Sandwiches",
    "ITEM_NAME": "Club",
    "ITEM_PRICE": "7.25",
    "ITEM_QUANTITY": "1",
}
OPTION = {
    "ORDER_ID": "o1",
    "LINEITEM_ID": "l1",
    "OPTION_GROUP_NAME": "Veggies",
    "OPTION_NAME": "Lettuce",
    "OPTION_PRICE": "0.00",
    "OPTION_QUANTITY": "1",
}
DAY = {
    "date_key": "01-06-2025",
    "year": "2025",
    "month": "6",
    "week": "22",
    "day_of_week": "Sunday",
    "is_weekend": "TRUE",
    "is_holiday": "FALSE",
    "holiday_name": "",
}


def table_bytes(template: Mapping[str, str], *changes: Mapping[str, str]) -> bytes:
    """A CSV file with the template's header and one row per mapping of changed cells."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(template), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**template, **change} for change in changes)
    return text.getvalue().encode()


def items(*changes: Mapping[str, str]) -> bytes:
    return table_bytes(ITEM, *changes)


def options(*changes: Mapping[str, str]) -> bytes:
    return table_bytes(OPTION, *changes)


def days(*changes: Mapping[str, str]) -> bytes:
    return table_bytes(DAY, *changes)


@dataclass(frozen=True)
class Bench:
    """A folder of sales files and a warehouse beside it."""

    folder: Path

    def __post_init__(self) -> None:
        """Have a project in the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "dbt_project.yml").touch()

    @property
    def source(self) -> Path:
        """Folder of the sales files."""
        return self.folder / "source"

    @property
    def database(self) -> Path:
        """The warehouse file."""
        return self.folder / "warehouse.duckdb"

    def write(self, name: str, content: bytes) -> Path:
        """Put a file into the source folder."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def run(self, *arguments: str, key: str = KEY) -> Result:
        """Run a command on this warehouse."""
        environment = {"WAREHOUSE_PATH": str(self.database), "CARD_HASH_KEY": key}
        return CliRunner().invoke(main, arguments, env=environment)

    def load(self, *arguments: str, sources: Sequence[Path] = (), key: str = KEY) -> Result:
        """Load the source folder, or other sources."""
        paths = [str(path) for path in sources or [self.source]]
        return self.run("load", *paths, "--project-dir", str(self.folder), *arguments, key=key)

    def events(self, *arguments: str, sources: Sequence[Path] = ()) -> list[dict[str, Any]]:
        """Load with JSON lines and parse them."""
        result = self.load("--log-format", "json", *arguments, sources=sources)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def rejected(self) -> list[tuple[int, str]]:
        """Row number and reason of every rejected row."""
        query = "select _source_row_number, reason from raw.rejected_rows order by _load_id, 1"
        return [(number, reason) for number, reason in self.rows(query)]
