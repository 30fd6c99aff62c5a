"""What a build says of a model or a test that failed."""

from types import SimpleNamespace as Made
from typing import Any

import pytest
from sales_loader.build import describe_fault

PAGE = "One row per order, version 1.5 of it. The key is\norder_id.\n\n**How to read it.** Count."


def failed(kind: str, description: str) -> Any:
    node = Made(
        name="it",
        original_file_path="it.sql",
        description=description,
        compiled_path="target/it.sql",
        resource_type=Made(value=kind),
    )
    return Made(status=Made(value="error"), node=node, message="It broke.\n")


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
