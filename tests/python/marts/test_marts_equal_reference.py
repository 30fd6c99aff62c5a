"""Every cell of every mart equals a second, independent reading of the definitions in plain Python."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from sales_loader.contract import TABLES
from tests.python.reference import KEYS, Settings, compare, compute, read_raw, read_seeds
from tests.python.support.project_copy import Workshop

SCENARIOS: dict[str, Mapping[str, object]] = {
    "as shipped": {},
    "every variable changed": {
        "as_of_date": date(2025, 5, 17),
        "default_timezone": "Europe/Kyiv",
        "business_day_start_hour": 4,
        "option_price_basis": "per_unit",
        "clv_high_share": 0.1,
        "clv_low_share": 0.35,
        "rfm_window_months": 1,
        "rfm_high_score": 5,
        "rfm_low_score": 1,
        "churn_at_risk_days": 10,
        "new_customer_days": 21,
        "churn_period_days": 7,
        "churn_period_count": 2,
        "discount_window_days": 9,
        "loyalty_window_days": 11,
        "location_recent_days": 10,
        "peak_hours_window_days": 17,
        "menu_window_days": 20,
        "default_food_cost_rate": 0.2755,
        "expected_value_min_month_ends": 1,
        "expected_value_min_starts": 5,
        "expected_value_order_bands": [1, 2, 4],
        "expected_value_missed_bands": [0, 0.5, 2],
    },
    "another currency": {"reporting_currency": "EUR"},
    "before the first order": {"as_of_date": date(2020, 1, 1)},
}


def exact(value: object) -> object:
    """A share as the decimal it was written as, a list as a tuple of them."""
    if isinstance(value, list):
        return tuple(exact(one) for one in value)
    return Decimal(str(value)) if isinstance(value, float) else value


def differing_cells(workshop: Workshop, variables: Mapping[str, object]) -> list[str]:
    """Compares all marts of a built warehouse with the reference; one readable text per difference."""
    with duckdb.connect(str(workshop.warehouse), read_only=True) as connection:
        settings = Settings(**{name: exact(value) for name, value in variables.items()})  # type: ignore[arg-type]
        expected = compute(read_raw(connection), settings, read_seeds(workshop.project / "seeds"))
    return [
        f"{name}: {difference}"
        for name, rows in expected.items()
        for difference in compare(rows, workshop.rows(name), KEYS[name], ignore=("description",))
    ]


@pytest.mark.parametrize("variables", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_every_cell_equals_the_reference(dirty: Workshop, variables: Mapping[str, object]) -> None:
    dirty.build(variables, "--full-refresh")
    assert differing_cells(dirty, variables) == []


def test_a_company_without_an_order_has_its_fixed_rows_only(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    for table in TABLES:
        header = ",".join(table.column_names) + "\n"
        (tmp_path / "files" / f"{table.name}.csv").write_text(header, encoding="utf-8")
    workshop = Workshop.create(tmp_path)
    assert workshop.load(tmp_path / "files") == 0
    workshop.build()
    assert differing_cells(workshop, {}) == []
    filled = {name: len(workshop.rows(name)) for name in KEYS if workshop.rows(name)}
    assert filled == {
        "discount_effectiveness": 2,
        "loyalty_program_impact": 3,
        "loyalty_joining_effect": 1,
        "data_quality_summary": 30,
    }


def test_a_month_end_is_what_the_marts_would_have_said_that_day(dirty: Workshop) -> None:
    dirty.build({}, "--full-refresh")
    history = dirty.rows("customer_month_end")
    month_end = date(2025, 4, 30)
    dirty.build({"as_of_date": month_end, "schema_suffix": "april"})
    that_day: dict[object, dict[str, object]] = {}
    for mart in ("customer_lifetime_value", "customer_segments", "customer_churn_indicators"):
        for row in dirty.rows(mart, schema="marts_april"):
            that_day.setdefault(row["customer_id"], {"month_end_date": month_end}).update(row)
    remembered = {row["customer_id"]: row for row in history if row["month_end_date"] == month_end}
    assert len(remembered) > 50
    assert remembered == {
        customer_id: {column: row[column] for column in history[0]} for customer_id, row in that_day.items()
    }
