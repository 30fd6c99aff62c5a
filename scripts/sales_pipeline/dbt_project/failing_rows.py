"""The first rows that a failed dbt test found, for its message."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sales_loader.escaping import escaped

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

MOST_ROWS = 5
_NOT_SHOWN = "printed_card_number"  # and its hash, which identifies a guest


def add_failing_rows(results: Iterable["RunResult"]) -> None:
    """Add the first rows that each failed test or warning has found to its message, a line each.

    Call it before dbt's connections are closed: the test's query runs once more.

    Args:
        results: the result of each node of a dbt run.
    """
    from dbt.adapters.factory import FACTORY
    from dbt_common.exceptions import DbtBaseException

    for result in results:
        node = getattr(result, "node", None)  # operations have none
        if node is None or node.resource_type.value != "test" or not result.failures:
            continue
        for adapter in FACTORY.adapters.values():
            with suppress(DbtBaseException):  # the test's result is reported all the same
                result.message = "\n".join([result.message or "", *_first_rows(adapter, node.compiled_code)])


def _first_rows(adapter: Any, sql: str) -> list[str]:
    query = f"select * from (\n{sql}\n) as failing limit {MOST_ROWS}"
    with adapter.connection_named("failing_rows"):
        _, table = adapter.execute(query, fetch=True)
    return [
        ", ".join(
            f"{name} {escaped(str(value))}"
            for name, value in zip(table.column_names, row, strict=True)
            if _NOT_SHOWN not in name.lower()
        )
        for row in table.rows
    ]
