"""What a build says of a model or a test that failed."""

from contextlib import nullcontext
from types import SimpleNamespace as Made
from typing import Any

import pytest
from dbt.adapters.factory import FACTORY

from sales_pipeline.dbt_project.failing_rows import add_failing_rows
from sales_pipeline.dbt_project.run_results import describe_fault

PAGE = "One row per order, version 1.5 of it. The key is\norder_id.\n\n**How to read it.** Count."


def failed(kind: str, description: str, status: str = "error") -> Any:
    node = Made(
        name="it",
        original_file_path="it.sql",
        description=description,
        compiled_path="target/it.sql",
        compiled_code="\nselect 1\nfrom (\n  select 2\n)\n",
        resource_type=Made(value=kind),
    )
    return Made(status=Made(value=status), node=node, message="It broke.\n")


@pytest.mark.parametrize(
    ("kind", "description", "shown"),
    [
        ("model", PAGE, ["One row per order, version 1.5 of it."]),
        ("snapshot", "Who they were:\n\n- a list", ["Who they were:"]),
        ("model", "no full stop", ["no full stop"]),
        ("seed", "", []),
        ("test", "Prices fit. If not, run with the other.", ["Prices fit. If not, run with the other."]),
    ],
)
def test_a_sentence_tells_what_a_model_is_and_all_tells_what_a_test_checks(
    kind: str, description: str, shown: list[str]
) -> None:
    lines = [line.strip() for line in describe_fault(failed(kind, description)).splitlines()]
    assert lines == ["error: it (it.sql)", *shown, "It broke.", "its SQL: target/it.sql"]


@pytest.mark.parametrize("status", ["fail", "warn"])
def test_a_failed_test_shows_the_sql_that_was_asked(status: str) -> None:
    text = describe_fault(failed("test", "", status))
    sql = "\n    select 1\n    from (\n      select 2\n    )"
    assert text.endswith(f"its SQL: target/it.sql{sql if status == 'fail' else ''}")


def test_the_rows_of_a_failed_test_show_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = []

    def execute(sql: str, *, fetch: bool) -> Any:
        queries.append((sql, fetch))
        names = ("order_id", "printed_card_number_hash", "note")
        return None, Made(column_names=names, rows=[("o1", "5e88", "a\nb"), ("o2", None, None)])

    adapter = Made(connection_named=lambda _: nullcontext(), execute=execute)
    monkeypatch.setattr(FACTORY, "adapters", {"duckdb": adapter})
    result = failed("test", "", "fail")
    result.failures = 2
    add_failing_rows([result])
    assert result.message.splitlines()[-2:] == ["order_id o1, note a\\nb", "order_id o2, note None"]
    assert queries[0][0].endswith("limit 5")
