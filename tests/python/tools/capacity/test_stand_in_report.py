"""What the stand-in tells is counted, and every table has its place in the document."""

import re
from pathlib import Path

import pytest

from tools.capacity.measuring import DailyRun
from tools.capacity.profiles import Movement, Profile, Scan
from tools.capacity.projecting import Measured
from tools.capacity.report import all_tables
from tools.capacity.samples import Size
from tools.capacity.stand_in import Join, Trial, count_statements, read_joins
from tools.capacity.tables import Model
from tools.capacity.writing import count, filled, plain, size, table

LOG = """\
loader|12|LOG:  execute a_1: /* {"app": "dbt"} */
\tcreate table x (a integer)
loader|12|LOG:  statement: BEGIN
postgres|13|LOG:  statement: select 1
loader|12|LOG:  execute a_2: select 'loader|12|LOG:  statement: delete'
loader|12|DETAIL:  parameters: $1 = '1'
"""


def node(kind: str, rows: float, *plans: object, side: str = "Outer", loops: int = 1) -> dict[str, object]:
    return {
        "Node Type": kind,
        "Plan Rows": 10,
        "Actual Rows": rows,
        "Actual Loops": loops,
        "Parent Relationship": side,
        "Plans": list(plans),
    }


def test_statements_of_the_daily_run_are_counted_and_no_others() -> None:
    assert count_statements(LOG) == {"create": 1, "begin": 1, "select": 1}


def test_joins_are_found_at_any_depth_with_their_smaller_side() -> None:
    loop = node("Nested Loop", 300, node("Seq Scan", 100), node("Materialize", 3, side="Inner", loops=100))
    plan = node("Aggregate", 1, node("Hash Join", 200, loop, node("Hash", 50, side="Inner")))
    assert list(read_joins(plan)) == [
        Join("Hash Join", estimated=10, actual=200, smaller=50),
        Join("Nested Loop", estimated=10, actual=300, smaller=3),
    ]


def test_numbers_have_two_digits_that_mean_something() -> None:
    assert [count(value) for value in (0, 7, 1234, 43_210_000, 2.46e9)] == [
        "-",
        "7",
        "1.2 k",
        "43 M",
        "2.5 bn",
    ]
    assert [size(value) for value in (10, 1999, 4.27e12)] == ["-", "2 kB", "4.3 TB"]
    assert [plain(value) for value in (0.376, 18.2, 998)] == ["0.4", "20", "1000"]


def test_a_table_takes_its_place_and_a_missing_place_is_an_error() -> None:
    document = "before\n<!-- one -->\nold\n<!-- end -->\nafter"
    new = filled(document, {"one": table(["a", "b"], [["x", "1"]])})
    assert new == "before\n<!-- one -->\n\n| a | b |\n| --- | --: |\n| x | 1 |\n\n<!-- end -->\nafter"
    assert filled(new, {"one": "old"}).count("old") == 1
    with pytest.raises(KeyError, match="two"):
        filled(document, {"one": "", "two": ""})


def daily_run(restaurants: int, days: int) -> DailyRun:
    """As counted where rows are as many as restaurants and days."""
    names = {
        "marts": ["fct_order_lines", "fct_orders", "dim_customers", "customer_month_end"],
        "intermediate": ["int_customer_days"],
    }
    models = [
        Model(name, f"{schema}.{name}", "", is_kept=False, key="", changes="", sort=(), dist="")
        for schema, names_of_schema in names.items()
        for name in names_of_schema
    ]
    number = restaurants * days * 1000
    scan = Scan("marts.fct_orders", frozenset({"customer_id", "day"}), frozenset({"day"}), restaurants * 10)
    done = Profile((scan,), (Movement("group", "customer_id", (number,), number),))
    rows = {model.table: number for model in models}
    profiles = {model.name: done for model in models}
    return DailyRun(Size(restaurants, days, 10), models, rows, rows, profiles, {"a_test": done})


def test_every_table_has_its_place_in_the_document(project: Path) -> None:
    measured = Measured(daily_run(2, 100), daily_run(1, 100), daily_run(2, 50))
    trial = Trial(Size(2, 60, 5), {"select": 2000}, {"m": [Join("Hash Join", 1, 50, 9)]})
    tables = all_tables(measured, {"marts.fct_orders": {"customer_id": 8.0, "day": 2.0}}, trial)
    places = re.findall(
        r"<!-- (?!end)([a-z]+) -->", (project / "docs" / "capacity.md").read_text(encoding="utf-8")
    )
    assert sorted(tables) == sorted(places)
    orders = 50 * 1461 * 1000
    assert f"| orders | {count(orders)} |" in tables["volumes"]
    assert f"| `dim_customers` | restaurants and days | {size(orders * 10)} / " in tables["models"]
    assert "| `marts.fct_orders` | `day` |" in tables["sorts"]
    assert "| `m` | expects too few rows | 1 for 50 |" in tables["plans"]


@pytest.fixture
def project() -> Path:
    return Path(__file__).parents[4]
