"""What a second delivery changes in the marts: nothing, or exactly what was corrected."""

import csv
import re
import shlex
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.python.reference import KEYS
from tests.python.support.project_copy import Rows, Workshop, generate_files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean company: 3,000 lines over 90 days."""
    size = ["--lines", "3000", "--days", "90", "--restaurants", "4", "--customers", "300"]
    return generate_files(tmp_path_factory.mktemp("clean") / "files", *size)


@pytest.fixture(scope="module")
def built(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Its warehouse, built."""
    workshop = Workshop.create(tmp_path_factory.mktemp("daily_runs"))
    assert workshop.load(files) == 0
    workshop.build()
    return workshop


def all_marts(workshop: Workshop) -> dict[str, Rows]:
    return {name: workshop.rows(name) for name in KEYS}


def read(file: Path) -> tuple[list[str], list[list[str]]]:
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows


def write(file: Path, header: list[str], rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def lines_of_later_orders(header: list[str], rows: list[list[str]]) -> Iterator[list[str]]:
    """Lines that are the only one of their order, in the reporting currency and of a real app."""
    order = header.index("ORDER_ID")
    ids = [row[order] for row in rows]
    return (row for row in rows[100:] if ids.count(row[order]) == 1 and "Sandbox" not in row)


def test_the_same_folder_again_changes_nothing(built: Workshop, files: Path) -> None:
    before = all_marts(built)
    done = built.run("sales-loader", "load", str(files))
    assert done.returncode == 0
    assert done.stdout.count("skipped, unchanged") == 3
    built.build()
    assert all_marts(built) == before


def test_a_corrected_file_changes_exactly_what_was_corrected(built: Workshop, files: Path) -> None:
    revenue_before = {row["order_id"]: row["net_revenue"] for row in built.rows("fct_orders")}
    header, rows = read(files / "order_items.csv")
    dearer, removed, *_ = lines_of_later_orders(header, rows)
    price, order = header.index("ITEM_PRICE"), header.index("ORDER_ID")
    dearer[price] = str(Decimal(dearer[price]) + Decimal("1.25"))
    write(files / "order_items.csv", header, [row for row in rows if row is not removed])
    assert built.load(files) == 0
    built.build()
    revenue_after = {row["order_id"]: row["net_revenue"] for row in built.rows("fct_orders")}
    expected = {**revenue_before, dearer[order]: revenue_before[dearer[order]] + Decimal("1.25")}  # type: ignore[operator]
    del expected[removed[order]]
    assert revenue_after == expected


def test_prices_of_the_other_basis_stop_the_build(built: Workshop) -> None:
    done = built.try_build({"item_price_basis": "unit"}, "--full-refresh")
    assert done.returncode == 1
    assert "failed: item_prices_fit_their_basis" in done.stderr
    assert "run with the other" in done.stderr


def test_a_variable_that_means_nothing_stops_the_build_and_names_what_is_legal(built: Workshop) -> None:
    done = built.try_build({"item_price_basis": "each"}, "--full-refresh")
    assert done.returncode == 2
    assert "item_price_basis is 'each'; expected one of line_total, unit." in done.stderr


def test_the_kpi_summary_names_the_company_s_net_revenue(built: Workshop) -> None:
    net_revenue = sum(Decimal(str(row["net_revenue"])) for row in built.rows("fct_orders"))
    done = built.run("sales-loader", "kpi-summary")
    assert done.returncode == 0
    assert "KPI summary, amounts in USD" in done.stdout
    assert f"{net_revenue:,.2f}" in done.stdout
    next_steps = re.findall(r"what was \w+ +(.*)", done.stdout)
    assert len(next_steps) == 2
    for command in next_steps:
        words = shlex.split(command)
        shown = subprocess.run(words, cwd=built.project, capture_output=True, text=True, check=False)
        assert (shown.returncode, shown.stderr) == (0, ""), command


def test_the_kpi_summary_of_a_warehouse_without_marts_says_what_to_do(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path)
    done = workshop.run("sales-loader", "kpi-summary")
    assert done.returncode == 1
    assert "There is no warehouse at" in done.stderr
