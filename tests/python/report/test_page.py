"""The report as a file: one page with all in it, nothing to fetch, no customer, the marts' own figures."""

import json
import re
import shutil
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from sales_loader.errors import LoaderError
from sales_pipeline.cli import main
from sales_report import assembly, blocks
from sales_report.assembly import assemble
from sales_report.blocks import BuiltMarts, read_blocks

from .browser import PROJECT, written

VENDORED = {
    "d3.min.js": "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1",
    "plot.min.js": "4358086467740777dd788d6b27a95cebdbaefdd50c730a3060117073bd7134cb",
    "LICENSES.txt": "474fb9ba7f787fc030208df0c63780af80564f97b3ede0224d5321b21f3fec12",
}
SETTINGS = {"reporting_currency": "usd", "churn_at_risk_days": 45}


@pytest.fixture(scope="session")
def page(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(sample, tmp_path_factory.mktemp("page")).read_text(encoding="utf-8")


def figures_in(page: str) -> dict[str, Any]:
    """What the page carries for its scripts."""
    [packed] = re.findall(r'id="figures">([^<]*)<', page)
    figures: dict[str, Any] = json.loads(zlib.decompress(b64decode(packed)))
    return figures


def test_what_others_wrote_is_what_was_vendored() -> None:
    folder = Path(assembly.__file__).parent / "vendor"
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == VENDORED


def test_only_the_page_s_own_scripts_and_styles_may_run(page: str) -> None:
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in inside]
        assert inside
        assert set(hashes) <= set(rules[rule].split())
    assert not re.findall(r'<[^>]+\b(?:src|href)="(?!data:)', page.partition("<script")[0])


def test_no_query_reads_anything_but_marts() -> None:
    for path in blocks.QUERIES.rglob("*.sql"):
        text = re.sub("--.*", "", path.read_text(encoding="utf-8"))
        named = set(re.findall(r"\b(?:from|join) ([a-z_.]+)", text))
        steps = set(re.findall(r"^(?:with )?([a-z_]+) as \(", text, re.MULTILINE))
        assert {name for name in named - steps if not name.startswith("marts.")} == set(), path.name


def test_every_query_says_the_order_of_its_rows() -> None:
    for path in blocks.QUERIES.glob("*.sql"):
        assert re.search(r"^order by [^()]+\Z", path.read_text(encoding="utf-8"), re.MULTILINE), path.name


def test_readers_without_scripts_see_the_key_figures(sample: Path, page: str) -> None:
    with duckdb.connect(str(sample), read_only=True) as connection:
        [(first, last)] = connection.execute(
            """
            select max(week_start_date) - 84, max(week_start_date)
            from marts.sales_weekly where is_complete_period"""
        ).fetchall()
        expected = []
        for before in (0, 364):
            [(revenue, orders, customers)] = connection.execute(
                """
                select
                    sum(net_revenue),
                    count(*),
                    count(distinct case when not is_excluded then customer_id end)
                from marts.fct_orders left join marts.dim_customers using (customer_id)
                where business_date between $1::date - $3 and $2::date + 6 - $3""",
                [first, last, before],
            ).fetchall()
            average = (revenue / orders).quantize(Decimal("0.01"))
            expected.append([f"USD {revenue:,}", f"{orders:,}", f"USD {average:,}", f"{customers:,}"])
    shown = re.findall(r"<tr><th scope='row'>[^<]*</th><td>(.*?)</td><td>(.*?)</td></tr>", page)
    assert [[unescape(cell) for cell in column] for column in zip(*shown, strict=True)] == expected


@pytest.mark.parametrize(("category", "is_sold"), [("Salads", True), ("Bicycles", False)])
def test_a_food_cost_is_given_if_it_is_of_a_category_that_is_sold(
    changed: Callable[[str], Path], tmp_path: Path, category: str, is_sold: bool
) -> None:
    warehouse = changed(f"insert into staging.menu_category_costs values ('{category}', 0.29)")
    page = written(warehouse, tmp_path).read_text(encoding="utf-8")
    assert figures_in(page)["company"]["has_food_costs"] is is_sold


def test_too_many_restaurants_are_shown_by_region(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_restaurant = figures_in(written(sample, tmp_path).read_text(encoding="utf-8"))
    monkeypatch.setattr(blocks, "MOST_PLACES", 3)
    by_region = figures_in(written(sample, tmp_path).read_text(encoding="utf-8"))
    assert by_restaurant["company"]["has_detail"]
    assert not by_region["company"]["has_detail"]
    assert by_region["places"]["place"] == ["", "North", "South"]
    for block, column in (
        ("sales_by_period", "comparable_net_revenue_before"),
        ("sales_by_week", "net_revenue"),
        ("sales_by_category", "comparable_net_revenue"),
        ("peak_hours", "average_net_revenue"),
        ("locations", "net_revenue"),
    ):
        assert sum(by_region[block][column]) == sum(by_restaurant[block][column]) > 0


@pytest.mark.parametrize(
    ("as_of", "monday"),
    [
        ("2025-06-29", "2025-06-23"),
        ("2025-06-30", "2025-06-23"),
        ("2025-07-05", "2025-06-23"),
        ("2025-07-06", "2025-06-30"),
    ],
)
def test_the_last_week_is_the_last_that_ended(as_of: str, monday: str) -> None:
    marts = BuiltMarts(date.fromisoformat(as_of), date(2024, 1, 1), SETTINGS)
    assert marts.last_week == date.fromisoformat(monday)


def test_the_first_week_is_the_first_complete_one_of_the_mart(sample: Path) -> None:
    with duckdb.connect(str(sample), read_only=True) as connection:
        [(first_day, first_week, last_week)] = connection.execute(
            """
            select
                (select min(business_date) from marts.fct_orders),
                min(week_start_date),
                max(week_start_date)
            from marts.sales_weekly where is_complete_period"""
        ).fetchall()
        [(as_of,)] = connection.execute("select max(business_date) from marts.fct_orders").fetchall()
    marts = BuiltMarts(as_of, first_day, SETTINGS)
    assert (marts.first_week, marts.last_week) == (first_week, last_week)


@pytest.mark.parametrize(
    ("first_day", "monday"),
    [
        ("2024-01-01", "2024-01-01"),
        ("2024-01-03", "2024-01-01"),
        ("2024-01-04", "2024-01-08"),
        ("2024-01-07", "2024-01-08"),
    ],
)
def test_a_first_week_may_begin_with_two_holidays(first_day: str, monday: str) -> None:
    marts = BuiltMarts(date(2025, 6, 30), date.fromisoformat(first_day), SETTINGS)
    assert marts.first_week == date.fromisoformat(monday)


def test_a_query_that_gives_a_fraction_is_refused(tmp_path: Path) -> None:
    (tmp_path / "places.sql").write_text("select {place} as place order by place", encoding="utf-8")
    marts = BuiltMarts(date(2025, 6, 30), date(2025, 1, 1), SETTINGS)
    with pytest.raises(TypeError, match="not Decimal"):
        read_blocks(
            lambda statement: (["place"], [(1 if "count" in statement else Decimal("1.5"),)]), marts, tmp_path
        )


def test_names_cannot_end_the_page_s_data() -> None:
    hostile = "</script><img src=x onerror=alert(1)>\u2028"
    columns = ("net_revenue", "order_count", "net_revenue_before", "order_count_before", "weeks", "scope")
    empty: dict[str, list[object]] = {
        name: [] for name in (*columns, "customer_count", "customer_count_before")
    }
    page = assemble(
        {
            "company": {"currency": hostile},
            "sales_by_period": empty,
            "customers_by_period": empty,
            "places": {"name": [hostile]},
        }
    )
    assert hostile not in page
    assert figures_in(page)["places"]["name"] == [hostile]


def test_a_report_that_cannot_be_written_leaves_the_old_one(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(LoaderError, match=r"report\.html: the report cannot be written: .*--out"):
        written(sample, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_command_writes_the_page_beside_the_project(sample: Path, tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dbt_project.yml", tmp_path)
    ended = report("--database", str(sample), "--project-dir", str(tmp_path))
    assert ended.exit_code == 0, ended.output
    assert ended.output.endswith(f"MB: {tmp_path / 'target/report.html'}\n")
    assert "Franchise sales" in (tmp_path / "target/report.html").read_text(encoding="utf-8")


def test_the_command_says_that_nothing_is_built(tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    ended = report("--database", str(empty), "--out", str(tmp_path / "report.html"))
    assert ended.exit_code == 1
    assert "sales-loader build" in ended.output
    assert not (tmp_path / "report.html").exists()


def report(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", "--target", "duckdb", *arguments])
