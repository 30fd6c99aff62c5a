"""A company of 280 restaurants: its page is sent by mail, and answers at once."""

from collections.abc import Callable
from pathlib import Path

import duckdb
from playwright.sync_api import Browser

from .browser import Report, written
from .test_companies import BY_CUSTOMER, BY_LOCATION

COPIES = 47
LARGEST_BYTES = 4_000_000
SLOWEST_SECONDS = 0.3
_REDRAW = """
() => {
  redraw(true);
  drawAll();
  document.body.getBoundingClientRect();  // laid out too
}"""


def test_many_restaurants_fit_a_page(
    browser: Browser, changed: Callable[[str], Path], tmp_path: Path, show: Callable[[str], None]
) -> None:
    warehouse = changed("")
    with duckdb.connect(str(warehouse)) as connection:
        for table in (*BY_LOCATION, *BY_CUSTOMER):
            connection.execute(copied(connection, table))
        connection.execute("update marts.dim_locations set location_name = location_name || location_id")
    page = written(warehouse, tmp_path)
    with Report.opened(browser, page) as report:
        restaurants = report.page.get_by_role("combobox", name="Restaurant").locator("option")
        assert restaurants.count() == 6 * COPIES + 1
        seconds = min(redrawing(report) for _ in range(3))
        show(f"{6 * COPIES} restaurants: {page.stat().st_size / 1e6:.2f} MB, redrawn in {seconds:.2f} s")
        assert seconds <= SLOWEST_SECONDS
        assert report.complaints == []
    assert page.stat().st_size <= LARGEST_BYTES


def redrawing(report: Report) -> float:
    """Seconds of the page's own thread, which other programs on the machine do not lengthen."""
    session = report.page.context.new_cdp_session(report.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    before = spent()
    report.page.evaluate(_REDRAW)
    return spent() - before


def copied(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A statement that adds more restaurants: like those there are, but each with figures of its own."""
    columns = connection.execute(f"select column_name, column_type from (describe marts.{table})").fetchall()
    chance = "hash(rows, copy)"
    elsewhere = f"(1 + {chance} % {COPIES - 1})"
    values = {
        **{
            name: f"{name} * (50 + {chance} % 100) / 100" for name, kind in columns if kind == "DECIMAL(18,2)"
        },
        **{name: f"{name} || '-' || copy" for name in ("location_id", "customer_id", "order_id")},
        "first_location_id": f"first_location_id || '-' || {elsewhere}",
    }
    replaced = ", ".join(f"{values[name]} as {name}" for name, _ in columns if name in values)
    return (
        f"insert into marts.{table} select rows.* replace ({replaced}) "
        f"from marts.{table} as rows, range(1, {COPIES}) as copies(copy)"
    )
