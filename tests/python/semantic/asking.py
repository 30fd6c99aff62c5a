"""Asks MetricFlow many questions in one process, as each start takes seconds, then validates all definitions.

Run as ``python -m tests.python.semantic.asking ANSWERS`` in a project that dbt has parsed, with the questions
as JSON on standard input: each the arguments of ``MetricFlowQueryRequest.create``. The answers go to the file
ANSWERS. Exit code 1 where a definition is not valid.
"""

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.main import validate_configs
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

Row = dict[str, object]


def written(value: object) -> Any:
    """A cell as JSON holds it; a number as text, which keeps its cents."""
    if isinstance(value, datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return {"number": str(value)}


def read(value: Any) -> object:
    """The cell that ``written`` wrote."""
    match value:
        case {"date": text}:
            return date.fromisoformat(text)
        case {"number": text}:
            return Decimal(text)
    return value


def main(answers: Path) -> None:
    """Answer what standard input asks."""
    configuration = CLIConfiguration()
    configuration.setup(configure_file_logging=False)
    found = []
    for question in json.load(sys.stdin):
        table = configuration.mf.query(MetricFlowQueryRequest.create(**question)).result_df
        assert table is not None
        found.append([dict(zip(table.column_names, map(written, row), strict=True)) for row in table.rows])
    answers.write_text(json.dumps(found), encoding="utf-8")
    validate_configs.main([], obj=configuration)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
