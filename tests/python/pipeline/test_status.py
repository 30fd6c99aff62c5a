"""`status` tells what is landed, what is not in the marts yet, and how the last daily run ended."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from sales_pipeline.cli import main
from sales_pipeline.daily.run_record import DAILY_JSON
from tests.python.support.daily_runs import FUTURE

PROBLEMS = ["bad.csv: refused: the file is empty.", "test a_key found 2 rows: No key is there twice."]
RUN = {
    "warehouse": "w.duckdb",
    "started_at": "2026-06-01T06:00:00+00:00",
    "ended_at": "2026-06-01T06:01:00+00:00",
    "exit_code": 1,
    "is_published": False,
    "problems": PROBLEMS,
}


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose warehouse holds loads 1 and 2."""
    monkeypatch.chdir(tmp_path)
    Path("dbt_project.yml").write_text("name: one_that_is_found\n", encoding="utf-8")
    for number in (1, 2):
        name = Path(f"{number}.csv")
        name.write_text(FUTURE.replace("2099", "2025").replace("o1", f"o{number}"), encoding="utf-8")
        assert sales_loader("load", str(name)).exit_code == 0
    return Path("w.duckdb")


def sales_loader(command: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, [command, *arguments, "--target", "duckdb", "--database", "w.duckdb"])


def status() -> dict[str, Any]:
    result = sales_loader("status", "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def built(warehouse: Path, **last_loads: int | None) -> None:
    """Leave the state of builds, by schema."""
    with duckdb.connect(str(warehouse)) as connection:
        for schema, last_load in last_loads.items():
            connection.execute(f"create schema {schema}")
            connection.execute(
                f"create table {schema}.run_state as select cast(? as bigint) as built_load_id",
                [last_load],
            )


@pytest.mark.parametrize(
    ("states", "last_load", "waiting"),
    [
        ({}, 0, ["2.csv", "1.csv"]),
        ({"intermediate_next": None}, 0, ["2.csv", "1.csv"]),
        ({"intermediate_next": 1}, 1, ["2.csv"]),
        ({"intermediate": 2}, 2, []),
        ({"intermediate_next": 1, "intermediate": 2}, 2, []),
        ({"intermediate_2025_05_31": 2, "intermediate_next": 1}, 1, ["2.csv"]),
    ],
)
def test_what_landed_after_the_last_publication_is_told(
    warehouse: Path, states: dict[str, int | None], last_load: int, waiting: list[str]
) -> None:
    built(warehouse, **states)
    told = status()
    assert (told["last_published_load"], told["landed_not_published"]) == (last_load, waiting)
    assert [load["file_name"] for load in told["loads"]] == ["2.csv", "1.csv"]
    assert told["loads"][0]["first_business_date"] == "2025-01-01"
    assert told["last_run"] is None
    named = f"Landed, but not in the marts yet: {', '.join(waiting)}. "
    assert (named in sales_loader("status").output) == bool(waiting)


@pytest.mark.parametrize(
    ("run", "lines"),
    [
        (RUN, ["published nothing (exit code 1).", *PROBLEMS]),
        (
            {
                **RUN,
                "failed_step": "build",
                "steps": [{"name": "load", "seconds": 0.5}, {"name": "build", "seconds": None}],
            },
            ["It failed at the step build.", "Its steps, in seconds: load 0.5, build not ended."],
        ),
        ({**RUN, "is_published": True, "problems": []}, ["published (exit code 1)."]),
        (
            {**RUN, "ended_at": None, "problems": []},
            ["has not ended: it is still running, or it was killed."],
        ),
        ({**RUN, "warehouse": "other.duckdb"}, []),
        ("half", []),
    ],
)
@pytest.mark.usefixtures("warehouse")
def test_how_the_last_daily_run_ended_is_told(run: dict[str, Any] | str, lines: list[str]) -> None:
    DAILY_JSON.parent.mkdir()
    DAILY_JSON.write_text(json.dumps(run)[: None if isinstance(run, dict) else 3], encoding="utf-8")
    assert status()["last_run"] == (run if lines else None)
    text = sales_loader("status").output
    assert [line for line in lines if line not in text] == []
    assert ("daily run of" in text) == bool(lines)
