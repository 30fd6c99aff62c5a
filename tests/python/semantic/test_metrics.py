"""Metrics equal the marts in every cell, on DuckDB and on the stand-in, and the command shows them."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.python.reference.exact import average, change_pct, pct, rate
from tests.python.support.project_copy import PROJECT, Workshop
from tests.redshift_stand_in.stand_in import StandIn

from .asking import Row
from .company import ask, build, on_stand_in
from .questions import QUESTIONS, Question

SAVED = [
    query["name"]
    for query in yaml.safe_load((PROJECT / "models/semantic/saved_queries.yml").read_text(encoding="utf-8"))[
        "saved_queries"
    ]
]


def hundredths(value: object) -> int:
    """An amount in cents, or 100 times a count."""
    return int(Decimal(str(value or 0)) * 100)


# Each quotient: what it is made of, the dimensions it is asked by, and how it is rounded by another route.
QUOTIENTS = {
    "average_order_value": (("net_revenue", "order_count"), ("location__region", "order__daypart")),
    "average_items_per_order": (("item_quantity", "order_count"), ("location", "order__order_hour")),
    "orders_per_day": (("order_count", "trading_days"), ("location__region", "metric_time__quarter")),
    "average_discount_pct": (("discount_amount", "gross_revenue"), ("order_line__item_category",)),
    "discounted_order_share_pct": (("discounted_order_count", "order_count"), ("metric_time__week",)),
    "loyalty_member_share_pct": (("loyalty_member_count", "customer_count"), ("metric_time__month",)),
    "repeat_customer_rate": (("repeat_customer_count", "customer_count"), ("metric_time__month",)),
    "estimated_margin_pct": (("estimated_gross_profit", "costed_net_revenue"), ("location",)),
    "comparable_net_revenue_change_pct": (
        ("comparable_net_revenue", "comparable_net_revenue_last_year"),
        ("metric_time__year",),
    ),
}


def quotient(metric: str, part: object, whole: object) -> Decimal | None:
    """The quotient as the reference has it."""
    if metric.endswith("change_pct"):
        return change_pct(hundredths(whole), hundredths(part))
    if metric.endswith("pct"):
        return pct(hundredths(part), hundredths(whole))
    if metric.endswith("rate"):
        return rate(hundredths(part), hundredths(whole))
    return average(hundredths(part), int(Decimal(str(whole or 0))))


@dataclass(frozen=True)
class Company:
    """The company on both engines, and what MetricFlow answered there."""

    duckdb: Workshop
    redshift: Workshop
    shown: str
    answers: Mapping[str, Mapping[str, list[Row]]]

    def expected(self, question: Question) -> list[tuple[object, ...]]:
        """The answer of the marts."""
        with duckdb.connect(str(self.duckdb.warehouse), read_only=True) as connection:
            return connection.execute(question.sql).fetchall()


def requests() -> dict[str, dict[str, Any]]:
    """All that is asked, by name."""
    return {
        **{name: question.request() for name, question in QUESTIONS.items()},
        **{
            name: {"metric_names": (*parts, name), "group_by_names": group_by}
            for name, (parts, group_by) in QUOTIENTS.items()
        },
        **{f"saved {name}": {"saved_query_name": name} for name in SAVED},
    }


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, running_stand_in: StandIn) -> Company:
    folder = tmp_path_factory.mktemp("semantic")
    running_stand_in.reset()
    on_duckdb = build(folder / "duckdb")
    on_redshift = on_stand_in(on_duckdb, running_stand_in, folder / "redshift")
    # The command also writes the manifest that the questions are answered from.
    shown = command(on_duckdb, *ASKED)
    command(on_redshift, *ASKED, "--csv", "answer.csv")
    questions = requests()
    answers = {
        engine: dict(zip(questions, ask(workshop, list(questions.values())), strict=True))
        for engine, workshop in (("duckdb", on_duckdb), ("redshift", on_redshift))
    }
    return Company(on_duckdb, on_redshift, shown, answers)


def command(workshop: Workshop, *options: str) -> str:
    """What the command shows."""
    done = workshop.run("sales-loader", "metrics", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


ASKED = ("--metrics", "average_order_value,order_count", "--group-by", "location__location_name")


def plain(value: object) -> object:
    """A cell of a mart as MetricFlow has it: numbers of one kind, dates without a time."""
    if isinstance(value, datetime):
        return value.date()
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def in_order(rows: Sequence[Sequence[object]]) -> list[tuple[object, ...]]:
    """Rows in an order that does not depend on types."""
    return sorted((tuple(map(plain, row)) for row in rows), key=lambda row: [str(cell) for cell in row])


@pytest.mark.parametrize("engine", ["duckdb", "redshift"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_cell_equals_the_mart(company: Company, engine: str, name: str) -> None:
    question = QUESTIONS[name]
    rows = company.answers[engine][name]
    found = [[row[column] for column in (*question.group_by, *question.metrics)] for row in rows]
    assert found
    assert in_order(found) == in_order(company.expected(question))


@pytest.mark.parametrize("engine", ["duckdb", "redshift"])
@pytest.mark.parametrize("name", QUOTIENTS)
def test_a_quotient_is_rounded_once(company: Company, engine: str, name: str) -> None:
    (part, whole), _ = QUOTIENTS[name]
    rows = company.answers[engine][name]
    assert [row[name] for row in rows] == [quotient(name, row[part], row[whole]) for row in rows]
    assert any(row[name] is not None for row in rows)


def test_the_company_has_what_is_hard(company: Company) -> None:
    values = {row["customer"]: row["average_order_value"] for row in company.answers["duckdb"]["by customer"]}
    assert values["refunded"] == Decimal("-0.02")  # -1.5 cents
    assert values["thrifty"] == Decimal("0.02")  # 1.5 cents
    assert "staff" not in values
    regions = {row["location__region"] for row in company.answers["duckdb"]["average_order_value"]}
    assert regions == {"East", "West", None}


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_answers_alike_on_both_engines(company: Company, name: str) -> None:
    on_duckdb, on_redshift = (company.answers[engine][f"saved {name}"] for engine in ("duckdb", "redshift"))
    assert on_duckdb
    rows = [in_order([list(row.values()) for row in answer]) for answer in (on_duckdb, on_redshift)]
    assert rows[0] == rows[1]


def test_the_command_shows_names_right_aligned_numbers_and_cents(company: Company) -> None:
    lines = company.shown.splitlines()
    assert lines[0].split() == ["location__location_name", "average_order_value", "order_count"]
    assert sorted(line.split() for line in lines[1:]) == as_text(company)
    assert {len(line) for line in lines} == {len(lines[0])}


def test_the_command_writes_a_file_and_asks_redshift(company: Company) -> None:
    with (company.redshift.project / "answer.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["location__location_name", "average_order_value", "order_count"]
    numbers = [[name, f"{float(value):.2f}", count] for name, value, count in rows]
    assert sorted(numbers) == as_text(company)


def as_text(company: Company) -> list[list[str]]:
    """What the command was asked for, as the mart has it."""
    with duckdb.connect(str(company.duckdb.warehouse), read_only=True) as connection:
        statement = "select location_name, average_order_value, order_count from marts.location_performance"
        return sorted([str(cell) for cell in row] for row in connection.execute(statement).fetchall())


def test_without_an_option_the_command_says_what_can_be_asked(company: Company) -> None:
    shown = command(company.duckdb)
    for name in ("average_order_value", "order__daypart", "metric_time__week", *SAVED):
        assert f"\n{name} " in shown
    text = (company.duckdb.project / "target/semantic_manifest.json").read_text(encoding="utf-8")
    assert [
        one["name"] for one in json.loads(text)["metrics"] if not one["label"] or not one["description"]
    ] == []


def test_a_profile_that_names_another_target_is_refused(company: Company, tmp_path: Path) -> None:
    profile = (company.duckdb.project / "profiles.yml").read_text(encoding="utf-8")
    (tmp_path / "profiles.yml").write_text(re.sub("target: .*", "target: ci", profile, count=1))
    others = {"DBT_PROFILES_DIR": str(tmp_path)}
    done = Workshop(company.duckdb.project, company.duckdb.warehouse, others).run("sales-loader", "metrics")
    assert done.returncode == 1
    assert "profiles.yml says `target: ci`" in done.stderr
    assert "env_var('WAREHOUSE_TARGET', 'duckdb')" in done.stderr
