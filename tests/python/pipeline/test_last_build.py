"""A build with nothing new is left out, and whatever could change a table or a test makes it happen."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest

from sales_pipeline.dbt_project import last_build
from tests.python.support.project_copy import Workshop

FILES = {
    "dbt_project.yml": """
        name: tiny
        profile: tiny
        model-paths: [models]
        macro-paths: [macros]
        seed-paths: [seeds]
        test-paths: [checks]
    """,
    "profiles.yml": """
        tiny:
          target: duckdb
          outputs:
            duckdb:
              type: duckdb
              path: "{{ env_var('WAREHOUSE_PATH') }}"
    """,
    "models/sales.sql": """
        {{ config(materialized='table') }}
        select {{ var('amount', 1) }} as amount from {{ ref('restaurants') }} limit {{ one() }}
    """,
    "models/notes.md": "What a sale is.",
    "analyses/all.sql": "select 1 as one",  # a folder that the project file does not name
    "macros/one.sql": "{% macro one() %}1{% endmacro %}",
    "seeds/restaurants.csv": "restaurant\nBroadway\n",
    "checks/sales_are_small.sql": """
        {{ config(severity='warn') }}
        select * from {{ ref('sales') }} where amount > 1
    """,
    "packages/dates/macros/today.sql": "{% macro today() %}{{ env_var('TODAY', '') }}{% endmacro %}",
}
NOTHING = "nothing to build"


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A project of one model, which is the current folder."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("linked/macros").mkdir(parents=True)
    Path("packages/linked").symlink_to("../linked")
    monkeypatch.setenv("PACKAGES_DIR", "packages")
    monkeypatch.setenv("DBT_PROFILES_DIR", ".")
    monkeypatch.delenv("TODAY", raising=False)
    environment = {"PACKAGES_DIR": "packages", "DBT_PROFILES_DIR": "."}
    return Workshop(tmp_path, tmp_path / "warehouse.duckdb", environment)


def build(workshop: Workshop, *options: str) -> subprocess.CompletedProcess[str]:
    """What a user runs."""
    return workshop.run("sales-loader", "build", *options)


def amounts(workshop: Workshop) -> list[tuple[int]]:
    with duckdb.connect(str(workshop.warehouse), read_only=True) as connection:
        return connection.execute("select amount from main.sales").fetchall()


def test_nothing_new_is_not_built_and_anything_new_is(tiny: Workshop) -> None:
    assert "1 model, 1 seed, 1 test done" in build(tiny).stdout
    written = tiny.warehouse.stat().st_mtime_ns
    again = build(tiny)
    assert (again.returncode, tiny.warehouse.stat().st_mtime_ns) == (0, written)
    assert "1 model, 1 seed, 1 test done" in again.stdout
    assert NOTHING in again.stdout
    assert NOTHING not in build(tiny, "--force").stdout
    assert NOTHING not in build(tiny, "--full-refresh").stdout
    with duckdb.connect(str(tiny.warehouse)) as connection:
        connection.execute("insert into main.sales values (99)")
    assert NOTHING not in build(tiny).stdout
    assert amounts(tiny) == [(1,)]
    assert NOTHING not in build(tiny, "--vars", "{amount: 2}").stdout
    assert amounts(tiny) == [(2,)]
    another = ("--database", "another.duckdb", "--vars", "{amount: 2}", "--no-docs")
    assert [NOTHING in build(tiny, *another).stdout for _ in range(2)] == [False, True]
    assert NOTHING in build(tiny, "--vars", "{amount: 2}").stdout


def test_a_warning_is_given_again_and_a_failure_builds_again(tiny: Workshop) -> None:
    build(tiny, "--vars", "{amount: 2}")
    again = build(tiny, "--vars", "{amount: 2}")
    assert NOTHING in again.stdout
    assert "warning: sales_are_small" in again.stdout
    Path("checks/sales_are_small.sql").write_text("select * from {{ ref('sales') }}", encoding="utf-8")
    for _ in range(2):
        failed = build(tiny)
        assert failed.returncode == 1
        assert "failed: sales_are_small" in failed.stderr


def record() -> Path:
    return last_build.record_path("duckdb")


def rewritten(name: str) -> Callable[[], object]:
    return lambda: Path(name).write_text(Path(name).read_text() + " ")


CHANGES: dict[str, Callable[[], object]] = {
    **{name: rewritten(name) for name in FILES},
    "a new file": lambda: Path("models/more.sql").write_text("select 1 as one"),
    "a file gone": lambda: Path("models/notes.md").unlink(),
    "the warehouse written": rewritten("warehouse.duckdb"),
    "the warehouse touched": lambda: Path("warehouse.duckdb").touch(),
    "the warehouse gone": lambda: Path("warehouse.duckdb").unlink(),
    "a package that is a link": lambda: Path("linked/macros/one.sql").write_text(""),
    "a log beside the warehouse": lambda: Path("warehouse.duckdb.wal").write_text("committed"),
    "no record": lambda: record().unlink(),
    "half a record": lambda: record().write_text(record().read_text()[:40]),
    "another record": lambda: record().write_text("[]"),
}


@pytest.fixture
def remembered(tiny: Workshop) -> Workshop:
    """A good build of the tiny project, as remembered."""
    tiny.warehouse.write_text("tables")
    files = [Path("warehouse.duckdb"), Path("warehouse.duckdb.wal")]
    last_build.save_fingerprints(
        record(), last_build.input_fingerprint(["{}"]), last_build.file_fingerprints(files), ["1 model done"]
    )
    return tiny


def recalled(*words: str) -> list[str] | None:
    return last_build.unchanged_since(record(), last_build.input_fingerprint(words))


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("change", CHANGES)
def test_a_build_is_not_recalled_after(change: str) -> None:
    assert recalled("{}") == ["1 model done"]
    CHANGES[change]()
    assert recalled("{}") is None


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(("name", "counts"), [("TODAY", True), ("DBT_FULL_REFRESH", True), ("EDITOR", False)])
def test_the_environment_counts_as_far_as_it_is_read(
    name: str, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "another")
    assert (recalled("{}") is None) is counts


@pytest.mark.usefixtures("remembered")
def test_other_options_and_other_versions_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recalled("{amount: 2}") is None
    monkeypatch.setattr(last_build, "version", lambda name: f"{name} of tomorrow")
    assert recalled("{}") is None
