"""What the sentences claim where a figure lies on a boundary, and what is left where something fails."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sales_report.key_figures import key_figures

from .browser import Report, written
from .expected import DASH

ASSUMED = "food, taken to be 30% of the price before discounts (an assumption: no cost is given)"
# Its first order is old, but the 13 weeks a year before have none.
CLOSED_A_YEAR_BEFORE = """
create temp table closed as select location_id from marts.dim_locations where location_name = 'Corner 1';
delete from marts.fct_orders where location_id in (from closed)
    and business_date between date '2024-04-01' and date '2024-06-30';
delete from marts.sales_weekly where location_id in (from closed)
    and week_start_date between date '2024-04-01' and date '2024-06-24';
delete from marts.sales_by_category_weekly where location_id in (from closed)
    and week_start_date between date '2024-04-01' and date '2024-06-24';
"""


@pytest.fixture
def report(browser: Browser, sample_page: Path) -> Iterator[Report]:
    with Report.opened(browser, sample_page) as opened:
        yield opened


def redrawn(report: Report, change: str) -> None:
    """Change the page's data or sections, and draw again."""
    report.page.evaluate(f"() => {{ {change}; redraw(true); drawAll(); }}")


def test_a_restaurant_without_an_order_a_year_before_is_not_like_for_like(
    browser: Browser, changed: Callable[[str], Path], tmp_path: Path
) -> None:
    with Report.opened(browser, written(changed(CLOSED_A_YEAR_BEFORE), tmp_path)) as report:
        listed = report.tables()["restaurants"]["Net revenue of the chosen period"]
        assert [row[2:4] for row in listed if row[0] == "Corner 1"] == [["$0.00", DASH]]
        figures = report.page.evaluate(
            "data.sales_by_period.find("
            "({ weeks, place }) => weeks === 13 && data.places[place].name === 'Corner 1')"
        )
        assert figures["order_count"] > 0
        assert figures["comparable_location_count"] == figures["comparable_net_revenue"] == 0
        report.page.get_by_role("combobox", name="Restaurant").select_option(label="Corner 1")
        report.wait()
        assert "nothing in the same weeks a year before" in report.answer("sales")
        assert "and had no sales a year before" in report.answer("restaurants")
        assert "new" not in report.page.inner_text(".key-figures")


def test_an_effect_of_joining_is_relied_on_beyond_five_percent(report: Report) -> None:
    small = "but too small to rely on"
    for hundredths, is_clear, amount, is_small in (
        (500, "true", "5.0% more", True),
        (501, "true", "5.0% more", False),
        (-500, "true", "5.0% fewer", True),
        (-501, "true", "5.0% fewer", False),
        (499, "false", "5.0% more", False),
    ):
        redrawn(
            report,
            "Object.assign(data.loyalty_joining.find((row) => row.joined_period === 'all'), "
            f"{{ matched_customer_count: 400, excess_orders_pct: {hundredths}, "
            f"is_excess_clear: {is_clear} }})",
        )
        answer = report.answer("loyalty")
        assert (
            f"The 400 customers who joined after their first order and can be compared placed {amount}"
            in answer
        )
        assert (small in answer) is is_small
        assert ("not clear" in answer) is (is_clear == "false")


def test_what_is_left_is_called_an_assumption_unless_a_food_cost_is_given(report: Report) -> None:
    notes = "#sales .note"
    assert f"After {ASSUMED}, " in report.answer("discounts")
    assert any("an assumption" in note for note in report.page.locator(notes).all_text_contents())
    redrawn(report, "data.company.has_food_costs = true")
    assert "After food, " in report.answer("discounts")
    assert not any("assumption" in note for note in report.page.locator(notes).all_text_contents())


def test_a_section_that_cannot_be_drawn_leaves_the_others(report: Report) -> None:
    redrawn(report, "sections.find(({ id }) => id === 'churn').draw = () => { throw new Error('no chart'); }")
    tables = report.tables()
    assert report.answer("churn") == "This section could not be drawn. The others do not depend on it."
    assert tables.pop("churn") == {}
    assert all(tables.values())
    assert len(tables) == 7
    [complaint] = report.complaints
    assert "no chart" in complaint


def test_the_key_figures_are_there_where_the_page_cannot_be_drawn(
    browser: Browser, sample_page: Path
) -> None:
    old, without_scripts, usual = (browser.new_page(java_script_enabled=on) for on in (True, False, True))
    old.add_init_script("delete globalThis.DecompressionStream;")
    for page in (old, without_scripts):
        page.goto(sample_page.as_uri())
        page.get_by_role("row", name="Net revenue USD").wait_for(timeout=5000)
        assert "The charts of this page are not drawn here" in page.inner_text("body")
    usual.goto(sample_page.as_uri())
    usual.locator("#sales .answer").wait_for()
    assert usual.locator("#plain").is_hidden()
    for page in (old, without_scripts, usual):
        page.close()


def test_an_average_of_refunds_is_rounded_away_from_zero() -> None:
    sales = {"weeks": [13], "net_revenue": [-5], "order_count": [2]}
    sales |= {"net_revenue_before": [5], "order_count_before": [2]}
    customers = {"scope": ["all"], "weeks": [13], "customer_count": [1], "customer_count_before": [1]}
    rows = key_figures(
        {"company": {"currency": "USD"}, "sales_by_period": sales, "customers_by_period": customers}
    )
    assert ("Average order", "USD -0.03", "USD 0.03") in rows
