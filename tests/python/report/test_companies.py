"""Companies that are not like the usual one: each has a whole page, which says what is missing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sales_report import blocks

from .browser import Report, written

PHONE = {"width": 390, "height": 844}
HOSTILE = """</script><img src=x onerror="alert('1')">"""
RIGHT_TO_LEFT = '\u0645\u0637\u0639\u0645 \u202e<b>\u0642</b> & "Co" {place} ${figures}'
KEPT = """
create temp table kept as select location_id from marts.dim_locations where location_name = 'Corner 1';
create temp table others as
select customer_id from marts.dim_customers, kept where first_location_id <> location_id;
"""
BY_LOCATION = (
    "dim_locations",
    "fct_orders",
    "sales_weekly",
    "sales_monthly",
    "sales_by_category_weekly",
    "sales_peak_hours",
    "sales_by_customer_type_monthly",
    "location_performance",
    "discount_effectiveness_monthly",
)
BY_CUSTOMER = (
    "dim_customers",
    "customer_lifetime_value",
    "customer_expected_value",
    "customer_segments",
    "customer_churn_indicators",
    "customer_month_end",
)


def delete(tables: tuple[str, ...], condition: str = "true") -> str:
    return "".join(f"delete from marts.{table} where {condition};" for table in tables)


ONE_RESTAURANT = (
    KEPT
    + delete(BY_CUSTOMER, "customer_id in (select customer_id from others)")
    + delete(BY_LOCATION, "location_id <> (select location_id from kept)")
)
NO_YEAR_BEFORE = (
    delete(("fct_orders",), "business_date < date '2025-04-07'")
    + delete(("sales_weekly", "sales_by_category_weekly"), "week_start_date < date '2025-04-07'")
    + delete(("sales_monthly", "discount_effectiveness_monthly"), "month_start_date < date '2025-04-01'")
    + delete(("customer_month_end", "customer_cohorts", "discount_before_after", "expected_value_backtest"))
    + """
    update marts.customer_expected_value
        set expected_revenue_next_3m = null, expected_revenue_next_12m = null;
    update marts.dim_locations set first_order_date = date '2025-04-07';
    update intermediate.run_state set first_business_date = date '2025-04-07';
    """
)
OTHERS = ("customer_cohorts", "menu_item_performance", "discount_before_after", "expected_value_backtest")
NO_ORDER = (
    delete((*BY_LOCATION, *BY_CUSTOMER, *OTHERS, "dim_dates"))
    + "update intermediate.run_state set as_of_date = null, first_business_date = null"
)
NO_LOYALTY = (
    delete(("loyalty_joining_effect",), "joined_period <> 'all'")
    + "update marts.dim_customers set is_loyalty_member = false"
)
NO_DISCOUNT = delete(("discount_effectiveness_monthly",), "is_discounted") + delete(
    ("discount_before_after",)
)
COMPANIES = {
    "one restaurant": (ONE_RESTAURANT, "restaurants", "Corner 1 is the only restaurant."),
    "no year before": (NO_YEAR_BEFORE, "customers", "What they will bring cannot be estimated yet"),
    "no order": (NO_ORDER, "trust", "could not be used"),
    "guests only": (
        delete((*BY_CUSTOMER, "customer_cohorts")),
        "segments",
        "There is no customer to write to.",
    ),
    "no loyalty programme": (NO_LOYALTY, "loyalty", "No order was placed with a loyalty card"),
    "no discount": (NO_DISCOUNT, "discounts", "No order had a discount."),
    "no region": ("update marts.dim_locations set region = null", "restaurants", "sells most"),
}


@pytest.mark.parametrize(("statements", "section", "sentence"), COMPANIES.values(), ids=COMPANIES.keys())
def test_each_company_has_a_page(
    browser: Browser,
    changed: Callable[[str], Path],
    tmp_path: Path,
    statements: str,
    section: str,
    sentence: str,
) -> None:
    with Report.opened(browser, written(changed(statements), tmp_path), viewport=PHONE) as report:
        report.tables()
        assert sentence in report.answer(section)
        assert not re.search(r"NaN|undefined|Infinity|null|\[object", report.page.inner_text("body"))
        assert report.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert report.complaints == []


def test_a_company_of_one_restaurant_or_region_has_no_such_filter(
    browser: Browser, changed: Callable[[str], Path], tmp_path: Path
) -> None:
    with Report.opened(browser, written(changed(ONE_RESTAURANT), tmp_path)) as report:
        assert report.page.get_by_role("combobox").count() == 0
        assert "1 restaurant, as of 30 Jun 2025" in report.page.inner_text("header")


def test_names_are_text(browser: Browser, changed: Callable[[str], Path], tmp_path: Path) -> None:
    statements = f"""
    update marts.dim_locations set location_name = $text${HOSTILE}$text$ where location_name = 'Corner 1';
    update marts.dim_locations set location_name = $text${RIGHT_TO_LEFT}$text$, region = $text${HOSTILE}$text$
        where location_name = 'Corner 2';
    update marts.sales_by_category_weekly set item_category = $text${HOSTILE}$text$
        where item_category = 'Salads';
    update marts.menu_item_performance set item_name = $text${HOSTILE}$text$ where menu_class = 'star';
    update marts.discount_before_after set option_name = $text${RIGHT_TO_LEFT}$text$ || option_name;
    update marts.data_quality_summary set description = $text${HOSTILE}$text$;
    """
    with Report.opened(browser, written(changed(statements), tmp_path), viewport=PHONE) as report:
        report.page.on("dialog", lambda dialog: report.complaints.append(dialog.message))
        tables = report.tables()
        assert report.page.locator("img, b").count() == 0
        assert report.complaints == []
        latest = tables["trust"]["Latest order of each restaurant"]
        assert {HOSTILE, RIGHT_TO_LEFT} <= {name for name, *_ in latest}
        assert report.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        report.page.get_by_role("combobox", name="Region").select_option(label=HOSTILE)
        report.wait()
        assert RIGHT_TO_LEFT in report.answer("restaurants")


def test_amounts_are_in_the_company_s_currency(
    browser: Browser, changed: Callable[[str], Path], tmp_path: Path
) -> None:
    statements = """update intermediate.run_state
        set definitions = replace(definitions, 'currency": "USD"', 'currency": "EUR"')"""
    with Report.opened(browser, written(changed(statements), tmp_path)) as report:
        texts = report.page.locator(".answer, .key-figures .value, .bar-value").all_text_contents()
        assert not [text for text in texts if "$" in text]
        assert [text for text in texts if "\u20ac" in text]
        assert "Amounts are in EUR." in report.page.inner_text("footer")


def test_too_many_restaurants_are_chosen_by_region(
    browser: Browser, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_PLACES", 3)
    with Report.opened(browser, written(sample, tmp_path), viewport=PHONE) as report:
        report.page.get_by_role("combobox").select_option(label="South")
        report.wait()
        tables = report.tables()
        listed = {name for name, *_ in tables["restaurants"]["Net revenue of the chosen period"]}
        assert listed == {"North", "South", "Restaurants without a region"}
        assert "Latest order of each restaurant" not in tables["trust"]
        assert "who first ordered here" in report.answer("customers")
        assert report.complaints == []


def test_too_many_restaurants_without_regions_are_not_compared(
    browser: Browser, changed: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_PLACES", 3)
    warehouse = changed("update marts.dim_locations set region = null")
    with Report.opened(browser, written(warehouse, tmp_path)) as report:
        assert report.answer("restaurants") == "No restaurant has a region."
        assert report.complaints == []
