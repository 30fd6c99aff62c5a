"""All tables at once."""

from .core import core_tables
from .customers import customer_tables
from .discounts import discount_tables
from .expected_value import expected_value_tables
from .facts import Facts, Tables, build_facts
from .history import counted_customers
from .inputs import RawTables, Seeds, Settings
from .locations import location_tables
from .loyalty import loyalty_tables
from .menu import menu_tables
from .quality import quality_tables
from .sales import sales_tables

KEYS: dict[str, tuple[str, ...]] = {
    "fct_order_lines": ("order_id", "lineitem_id"),
    "fct_orders": ("order_id",),
    "dim_customers": ("customer_id",),
    "dim_locations": ("location_id",),
    "dim_dates": ("date_day",),
    "customer_lifetime_value": ("customer_id",),
    "customer_lifetime_value_history": ("customer_id", "valid_from"),
    "customer_month_end": ("customer_id", "month_end_date"),
    "customer_cohorts": ("cohort_month", "months_since_first"),
    "customer_expected_value": ("customer_id",),
    "expected_value_cells": ("order_band", "missed_band"),
    "expected_value_backtest": ("cutoff_date", "decile"),
    "customer_segments": ("customer_id",),
    "customer_churn_indicators": ("customer_id",),
    "sales_daily": ("business_date", "location_id", "daypart"),
    "sales_weekly": ("week_start_date", "location_id", "daypart"),
    "sales_monthly": ("month_start_date", "location_id", "daypart"),
    "sales_by_category_daily": ("business_date", "location_id", "daypart", "item_category"),
    "sales_by_category_weekly": ("week_start_date", "location_id", "daypart", "item_category"),
    "sales_by_category_monthly": ("month_start_date", "location_id", "daypart", "item_category"),
    "sales_by_customer_type_monthly": ("month_start_date", "location_id", "customer_type"),
    "sales_like_for_like_monthly": ("month_start_date",),
    "sales_peak_hours": ("location_id", "iso_day_of_week", "order_hour"),
    "loyalty_program_impact": ("membership",),
    "loyalty_joining_effect": ("joined_period",),
    "location_performance": ("location_id",),
    "discount_effectiveness": ("is_discounted",),
    "discount_effectiveness_monthly": ("month_start_date", "location_id", "is_discounted"),
    "discount_before_after": ("option_group_name", "option_name"),
    "menu_item_performance": ("item_category", "item_name"),
    "data_quality_summary": ("check_name",),
}


def compute(raw: RawTables, settings: Settings, seeds: Seeds) -> Tables:
    """Return every table of schema marts by its name, rows in no particular order.

    Raises:
        ValueError: if a landed row lacks an id that the loader requires.
        zoneinfo.ZoneInfoNotFoundError: if a location's timezone is unknown.
    """
    facts = build_facts(raw, settings, seeds)
    return {
        **core_tables(raw, facts, settings, seeds),
        **customer_tables(facts, settings, seeds),
        **_expected_value_tables(facts, settings, seeds),
        **sales_tables(facts, settings),
        **loyalty_tables(facts, settings, seeds),
        **location_tables(facts, settings, seeds),
        **discount_tables(facts, settings, seeds),
        **menu_tables(facts, settings, seeds),
        **quality_tables(raw, facts, seeds),
    }


def _expected_value_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    orders = {
        customer_id: [(order.head.business_date, order.net) for order in bought]
        for customer_id, bought in counted_customers(facts, seeds).items()
    }
    return expected_value_tables(orders, facts.span[1] if facts.span else None, settings)
