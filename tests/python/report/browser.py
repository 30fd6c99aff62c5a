"""A report in a browser, as its readers see it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, Request, sync_playwright

from sales_loader.settings.variables import read_variables
from sales_loader.warehouses.target import DUCKDB, WarehouseTarget
from sales_pipeline.report import report_of

PROJECT = Path(__file__).parents[3]
# The Makefile looks for the same.
NAMES = ("chromium", "chromium-browser", "google-chrome")
Tables = dict[str, dict[str, list[list[str]]]]

# Sections are drawn one after another.
_IS_DRAWN = "() => page.dataset.drawn === location.hash"
_OPEN_ALL = """
async () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  await new Promise((done) => setTimeout(done));
}"""
_READ_TABLES = """
() => Object.fromEntries([...document.querySelectorAll("section")].map((section) => [
  section.id,
  Object.fromEntries([...section.querySelectorAll(".figure")].map((figure) => [
    figure.querySelector("h3").firstChild.textContent,
    [...figure.querySelectorAll("details tbody tr")]
      .map((row) => [...row.cells].map((cell) => cell.textContent)),
  ])),
]))"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window.

    Raises:
        AssertionError: there is none on this machine.
    """
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    assert executable, f"None of {', '.join(NAMES)} is on the PATH: run `make dev`, or install Chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


def written(warehouse: Path, folder: Path) -> Path:
    """Write the report of a built warehouse; returns its file."""
    out = folder / "report.html"
    report_of(WarehouseTarget(DUCKDB, warehouse), read_variables(PROJECT, "{}"), out)
    return out


@dataclass
class Report:
    """A report that is open in a browser.

    Attributes:
        page: the browser's page.
        file: the report.
        complaints: errors of the page and what it asked for besides itself.
    """

    page: Page
    file: Path
    complaints: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls, browser: Browser, file: Path, **context: Any) -> Iterator["Report"]:
        """Open a report in a window of its own, with options of the browser's context."""
        page = browser.new_page(**context)
        report = cls(page, file)
        complain = report.complaints.append
        page.on("console", lambda message: complain(f"console: {message.text}"))
        page.on("pageerror", lambda error: complain(f"error: {error}"))
        page.on("request", report.notice)
        page.goto(file.as_uri())
        report.wait()
        yield report
        page.close()

    def notice(self, request: Request) -> None:
        """Complain about a request for anything but the file itself."""
        if not request.url.startswith(self.file.as_uri()):
            self.complaints.append(f"request: {request.url}")

    def choose(self, **state: object) -> None:
        """Choose what the address holds: weeks, region, restaurant."""
        self.page.evaluate("(words) => { location.hash = words; }", urlencode(state))
        self.wait()

    def wait(self) -> None:
        """Until what the address asks for is drawn."""
        self.page.wait_for_function(_IS_DRAWN)

    def tables(self) -> Tables:
        """Cells of the table behind each figure, by the section's id and the figure's title."""
        self.page.evaluate(_OPEN_ALL)
        tables: Tables = self.page.evaluate(_READ_TABLES)
        return tables

    def answer(self, section: str) -> str:
        """The sentences that answer a section's question."""
        return " ".join(self.page.locator(f"#{section} .answer").all_text_contents())
