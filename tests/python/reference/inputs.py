"""What the reference reads: raw tables as the loader lands them, settings, and the seeds people edit."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import duckdb


@dataclass(frozen=True, kw_only=True)
class Landed:
    """Where a landed row came from: the raw columns that start with an underscore."""

    source_row_number: int
    load_id: int
    source_file: str = ""
    batch_id: int = 1
    loaded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrderItem(Landed):
    """One row of raw.order_items; the time is UTC, the price in the row's currency."""

    app_name: str | None
    restaurant_id: str
    creation_time_utc: datetime
    order_id: str
    user_id: str | None
    printed_card_number_hash: str | None = None
    is_loyalty: bool | None
    currency: str
    lineitem_id: str
    item_category: str | None
    item_name: str | None
    item_price: Decimal
    item_quantity: int


@dataclass(frozen=True, kw_only=True)
class OrderItemOption(Landed):
    """One row of raw.order_item_options; a negative price is a discount."""

    order_id: str
    lineitem_id: str
    option_group_name: str | None
    option_name: str | None
    option_price: Decimal
    option_quantity: int


@dataclass(frozen=True, kw_only=True)
class DateDim(Landed):
    """One row of raw.date_dim, the company's calendar."""

    date_key: date
    year: str | None = None
    month: str | None = None
    week: str | None = None
    day_of_week: str | None = None
    is_weekend: str | None = None
    is_holiday: bool | None
    holiday_name: str | None


@dataclass(frozen=True, kw_only=True)
class RejectedRow(Landed):
    """One row of raw.rejected_rows."""

    table_name: str
    reason: str
    raw_line: str | None = None


@dataclass(frozen=True, kw_only=True)
class LoadFile:
    """One row of raw.load_files: a file whose rows are in the raw tables now."""

    load_id: int
    file_name: str
    sha256: str
    table_name: str
    rows_read: int
    rows_landed: int
    rows_rejected: int
    first_business_date: date | None
    last_business_date: date | None
    batch_id: int
    loaded_at: datetime


@dataclass(frozen=True)
class RawTables:
    """All raw tables, in any row order."""

    order_items: list[OrderItem] = field(default_factory=list)
    order_item_options: list[OrderItemOption] = field(default_factory=list)
    date_dim: list[DateDim] = field(default_factory=list)
    rejected_rows: list[RejectedRow] = field(default_factory=list)
    load_files: list[LoadFile] = field(default_factory=list)


def decimals(numbers: str) -> tuple[Decimal, ...]:
    """Return the numbers of a text, parted by spaces."""
    return tuple(map(Decimal, numbers.split()))


@dataclass(frozen=True)
class Settings:
    """The dbt variables, with their defaults; windows are in days or months as their names say."""

    as_of_date: date | None = None
    reporting_currency: str = "USD"
    default_timezone: str = "America/New_York"
    business_day_start_hour: int = 0
    item_price_basis: str = "line_total"
    option_price_basis: str = "per_line"
    clv_high_share: Decimal = Decimal("0.20")
    clv_low_share: Decimal = Decimal("0.20")
    rfm_window_months: int = 12
    rfm_high_score: int = 4
    rfm_low_score: int = 2
    new_customer_days: int = 90
    churn_at_risk_days: int = 45
    churn_period_days: int = 30
    churn_period_count: int = 3
    discount_window_days: int = 28
    loyalty_window_days: int = 90
    loyalty_min_joiners: int = 100
    location_recent_days: int = 91
    peak_hours_window_days: int = 91
    menu_window_days: int = 91
    default_food_cost_rate: Decimal = Decimal("0.30")
    expected_value_min_month_ends: int = 6
    expected_value_full_year_month_ends: int = 15
    expected_lifetime_min_month_ends: int = 24
    expected_value_start_count: int = 12
    expected_value_order_bands: tuple[int, ...] = (1, 2, 3, 5, 10, 20, 50)
    expected_value_missed_bands: tuple[Decimal, ...] = decimals("0 0.25 0.5 1 2 3 5 8 13 21")
    expected_value_min_starts: int = 10
    expected_value_ratio_weight: int = 10
    expected_value_discount: Decimal = Decimal("0.976")
    expected_value_max_order_weight: int = 100
    expected_value_probability_bands: tuple[Decimal, ...] = decimals(
        "0.02 0.05 0.1 0.15 0.2 0.3 0.4 0.55 0.75 1 1.4 2 3 5"
    )
    expected_value_probability_weight: int = 10
    expected_value_min_probability_starts: int = 30

    def __post_init__(self) -> None:
        """Refuse a price basis that means nothing.

        Raises:
            ValueError: if a basis is none of its legal values.
        """
        if self.item_price_basis not in ("line_total", "unit"):
            raise ValueError(f"item_price_basis is {self.item_price_basis!r}; legal: line_total, unit")
        if self.option_price_basis not in ("per_line", "per_unit"):
            raise ValueError(f"option_price_basis is {self.option_price_basis!r}; legal: per_line, per_unit")


@dataclass(frozen=True)
class LocationSeed:
    """One row of locations.csv, without its key; blank cells are None."""

    location_name: str | None = None
    region: str | None = None
    timezone: str | None = None
    opened_on: date | None = None


def standard_dayparts() -> dict[int, str]:
    """Return the daypart of each hour 0 to 23 as the project ships it."""
    starts = {5: "breakfast", 11: "lunch", 14: "afternoon", 17: "dinner", 21: "late_night"}
    dayparts = dict.fromkeys(range(5), "late_night")
    for hour in range(5, 24):
        dayparts[hour] = starts.get(hour) or dayparts[hour - 1]
    return dayparts


@dataclass(frozen=True)
class Seeds:
    """The seeds by their keys; costs are shares of gross revenue between 0 and 1."""

    locations: dict[str, LocationSeed] = field(default_factory=dict)
    dayparts: dict[int, str] = field(default_factory=standard_dayparts)
    excluded_apps: frozenset[str] = frozenset()
    excluded_customers: frozenset[str] = frozenset()
    menu_category_costs: dict[str, Decimal] = field(default_factory=dict)
    menu_category_corrections: dict[str, str | None] = field(default_factory=dict)


LINEAGE = {column.name for column in fields(Landed)}
Table = TypeVar("Table", OrderItem, OrderItemOption, DateDim, RejectedRow, LoadFile)


def read_raw(connection: duckdb.DuckDBPyConnection) -> RawTables:
    """Read schema raw of a DuckDB connection.

    Raises:
        duckdb.Error: if a table or column is missing.
    """
    return RawTables(
        order_items=_read(connection, "order_items", OrderItem),
        order_item_options=_read(connection, "order_item_options", OrderItemOption),
        date_dim=_read(connection, "date_dim", DateDim),
        rejected_rows=_read(connection, "rejected_rows", RejectedRow),
        load_files=_read(connection, "load_files", LoadFile),
    )


def _read(connection: duckdb.DuckDBPyConnection, table: str, row_type: type[Table]) -> list[Table]:
    names = [column.name for column in fields(row_type)]
    is_landed = issubclass(row_type, Landed)
    columns = [f"_{name}" if is_landed and name in LINEAGE else name for name in names]
    found = connection.execute(f"select {', '.join(columns)} from raw.{table}").fetchall()
    return [row_type(**dict(zip(names, values, strict=True))) for values in found]


def read_seeds(folder: Path) -> Seeds:
    """Read the six seeds from the CSV files of a folder.

    Raises:
        FileNotFoundError: if a seed is missing.
        KeyError: if a seed lacks one of its columns.
    """
    costs = ((row["item_category"], row["food_cost_rate"]) for row in _records(folder, "menu_category_costs"))
    return Seeds(
        locations={row["location_id"] or "": _location(row) for row in _records(folder, "locations")},
        dayparts={int(row["hour"] or ""): row["daypart"] or "" for row in _records(folder, "dayparts")},
        excluded_apps=frozenset(row["app_name"] or "" for row in _records(folder, "excluded_apps")),
        excluded_customers=frozenset(
            row["customer_id"] or "" for row in _records(folder, "excluded_customers")
        ),
        menu_category_costs={category or "": Decimal(rate) for category, rate in costs if rate is not None},
        menu_category_corrections={
            row["raw"] or "": row["corrected"] for row in _records(folder, "menu_category_corrections")
        },
    )


def _records(folder: Path, seed: str) -> Iterator[dict[str, str | None]]:
    with (folder / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: value or None for column, value in row.items()}


def _location(row: dict[str, str | None]) -> LocationSeed:
    opened_on = row["opened_on"]
    return LocationSeed(
        location_name=row["location_name"],
        region=row["region"],
        timezone=row["timezone"],
        opened_on=date.fromisoformat(opened_on) if opened_on else None,
    )
