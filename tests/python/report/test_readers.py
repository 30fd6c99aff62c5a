"""The page asks nobody for anything, and anybody can read it: on a phone, in the dark, by ear, on paper."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from .browser import Report

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# One row is as good as another, and axe looks at each cell for long.
_SHORTEN_TABLES = "document.querySelectorAll('tbody tr:nth-child(n + 3)').forEach((row) => row.remove())"
SECTIONS = ["sales", "restaurants", "customers", "segments", "churn", "loyalty", "discounts", "trust"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_anybody_can_read_it(browser: Browser, sample_page: Path, size: dict[str, int], scheme: str) -> None:
    with Report.opened(browser, sample_page, viewport=size, color_scheme=scheme) as report:
        assert set(report.tables()) == set(SECTIONS)  # opened, so that they are judged too
        report.page.evaluate(_SHORTEN_TABLES)
        found = Axe().run(report.page)
        assert found.violations_count == 0, found.generate_report()
        assert report.complaints == []
        assert report.page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_the_address_holds_what_is_chosen(sample_report: Report) -> None:
    sample_report.choose(weeks=13)
    page = sample_report.page
    page.get_by_role("combobox", name="Region").select_option(label="North")
    page.get_by_label("52 weeks").check()
    page.get_by_role("combobox", name="Restaurant").select_option(label="Corner 2")
    address = page.evaluate("location.hash")
    assert re.fullmatch(r"#weeks=52&region=North&restaurant=[0-9a-f]{24}", address)
    sample_report.wait()
    shown = page.inner_text("main")
    page.get_by_role("button", name="Reset").click()
    sample_report.wait()
    assert page.inner_text("main") != shown
    page.goto(f"{sample_report.file.as_uri()}{address}")
    sample_report.wait()
    assert page.inner_text("main") == shown


def test_paper_has_no_buttons_and_all_sections(browser: Browser, sample_page: Path) -> None:
    with Report.opened(browser, sample_page) as report:
        report.page.emulate_media(media="print")
        assert report.page.locator(":is(.filters, .buttons, .chips, summary):visible").count() == 0
        assert report.page.locator("h2:visible").count() == len(SECTIONS)
        assert report.page.pdf(format="A4").startswith(b"%PDF")
