"""Every generic test passes on the rows it should accept and fails on those it should not.

One dbt project is written to a temporary folder from the cases in ``generic_test_fixtures``, built once on
DuckDB, and each case is then looked up in the results; a wrong argument stops dbt, so those cases are parsed
one by one. The tests of the dbt packages are run against the offline packages and, where `dbt deps` has put
the real ones in place, against those as well, so the two cannot drift apart.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.main import dbtRunner, dbtRunnerResult

ROOT = Path(__file__).parents[3]
FIXTURES = Path(__file__).parent / "fixtures"
OFFLINE_PACKAGES = ROOT / "tests" / "offline_packages"
HUB_PACKAGES = ROOT / "dbt_packages"

PROJECT = {
    "name": "generic_test_fixtures",
    "profile": "generic_test_fixtures",
    "seed-paths": ["seeds"],
    "macro-paths": ["generic"],
    "flags": {"send_anonymous_usage_stats": False},
    "seeds": {"generic_test_fixtures": {"+quote_columns": False}},
}
DUCKDB_FILE = "fixtures.duckdb"
DUCKDB = {"type": "duckdb", "path": DUCKDB_FILE, "threads": 1}
PROFILES = {"generic_test_fixtures": {"target": "dev", "outputs": {"dev": DUCKDB}}}


@dataclass(frozen=True)
class Check:
    """One generic test on one table.

    Attributes:
        name: of the table; the test is named after it.
        rows: of the table, as CSV.
        other: rows of another table, where the test compares.
        test: the entry of the yml.
        column: on which the test is, none for one on the table.
        expected: the status or message that dbt must report.
        says: what the failing rows must tell.
    """

    name: str
    rows: str
    other: str | None
    test: dict[str, Any]
    column: str | None
    expected: str
    says: str = ""

    def seeds(self) -> dict[str, str]:
        """Return the CSV text of each table, by its name."""
        tables = {self.name: self.rows}
        return tables if self.other is None else {**tables, f"{self.name}_other": self.other}

    def properties(self) -> dict[str, Any]:
        """Return the yml entry of the tested table, with the test on it or on its column."""
        if self.column is None:
            return {"name": self.name, "data_tests": [self.test]}
        return {"name": self.name, "columns": [{"name": self.column, "data_tests": [self.test]}]}


def _check(case: dict[str, Any], kind: str, expected: str) -> Check:
    name = f"{case['case']}_{kind}"
    arguments = {
        key: value.replace("{other}", f"{name}_other") if isinstance(value, str) else value
        for key, value in case.get("arguments", {}).items()
    }
    body = {"name": f"check_{name}", "arguments": arguments, "config": case.get("config", {})}
    says = case.get("says", "") if kind == "fails" else ""
    return Check(
        name, case[kind], case.get("other"), {case["test"]: body}, case.get("column"), expected, says
    )


CASES: list[dict[str, Any]] = [
    case
    for file in sorted(FIXTURES.glob("*.yml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
EXPECTED = {"passes": "pass", "fails": "fail"}
CHECKS = [_check(case, kind, EXPECTED[kind]) for case in CASES for kind in EXPECTED if kind in case]
REFUSED = [_check(case, "rows", case["refused_with"]) for case in CASES if "refused_with" in case]
IS_FETCHED = HUB_PACKAGES.is_dir() and not any(path.is_symlink() for path in HUB_PACKAGES.iterdir())
PACKAGES = [OFFLINE_PACKAGES, *([HUB_PACKAGES] if IS_FETCHED else [])]


def _write_project(folder: Path, packages: Path, checks: list[Check]) -> None:
    shutil.copytree(ROOT / "tests" / "generic", folder / "generic")
    shutil.copytree(packages, folder / "dbt_packages")
    (folder / "seeds").mkdir()
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT))
    (folder / "profiles.yml").write_text(yaml.safe_dump(PROFILES))
    properties = {"seeds": [check.properties() for check in checks]}
    (folder / "seeds" / "seeds.yml").write_text(yaml.safe_dump(properties))
    for check in checks:
        for table, rows in check.seeds().items():
            (folder / "seeds" / f"{table}.csv").write_text(rows, encoding="utf-8")


def _dbt(command: str, folder: Path) -> dbtRunnerResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return dbtRunner().invoke(["--quiet", command, "--project-dir", ".", "--profiles-dir", "."])


@dataclass(frozen=True)
class Outcome:
    """What became of a seed or test, and the rows that a failed test has found, as text."""

    status: str
    rows: str


@pytest.fixture(scope="module", params=PACKAGES, ids=lambda folder: folder.name)
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Build the project once and return what became of each seed and test, by name."""
    folder = tmp_path_factory.mktemp("project")
    _write_project(folder, request.param, CHECKS)
    built = _dbt("build", folder)
    assert isinstance(built.result, RunExecutionResult), built.exception
    with duckdb.connect(str(folder / DUCKDB_FILE)) as connection:
        return {result.node.name: _outcome(result, connection) for result in built.result.results}


def _outcome(result: RunResult, connection: duckdb.DuckDBPyConnection) -> Outcome:
    sql = getattr(result.node, "compiled_code", None) if str(result.status) == "fail" else None
    return Outcome(str(result.status), str(connection.execute(sql).fetchall()) if sql else "")


@pytest.mark.parametrize("check", CHECKS, ids=[check.name for check in CHECKS])
def test_the_rows_pass_or_fail_as_the_case_says(check: Check, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[f"check_{check.name}"]
    assert outcome.status == check.expected
    assert check.says in outcome.rows


@pytest.mark.parametrize("packages", PACKAGES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("check", REFUSED, ids=[check.name for check in REFUSED])
def test_a_wrong_argument_is_refused(check: Check, packages: Path, tmp_path: Path) -> None:
    _write_project(tmp_path, packages, [check])
    assert check.expected in str(_dbt("parse", tmp_path).exception)


def test_every_generic_test_has_rows_that_pass_and_rows_that_fail() -> None:
    folders = (ROOT / "tests" / "generic", OFFLINE_PACKAGES)
    files = [file for folder in folders for file in folder.rglob("*.sql")]
    defined = {
        name for file in files for name in re.findall(r"{% test (\w+)\(", file.read_text(encoding="utf-8"))
    }
    assert defined == {case["test"].split(".")[-1] for case in CASES if "fails" in case}
