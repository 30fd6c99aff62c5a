"""The loader finds the project, its profile and its packages by itself, from any folder."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from sales_pipeline.cli import main
from tests.python.support.project_copy import BIN, PROJECT, Workshop, generate_files

BARE = {"PATH": "/usr/bin:/bin"}


def sales_loader(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would who has set nothing but these variables."""
    command = [str(BIN / "sales-loader"), *arguments]
    environment = BARE | {"HOME": str(folder)} | variables
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh copy of the project: an example of profiles.yml, no fetched packages, no warehouse."""
    folder = Workshop.create(tmp_path_factory.mktemp("fresh")).project
    (folder / "profiles.yml").unlink()
    shutil.copy(PROJECT / "profiles.yml.example", folder)
    return folder


@pytest.fixture(scope="module")
def elsewhere(project: Path) -> Path:
    """A folder outside the project, with sales files."""
    folder = project.parent / "elsewhere"
    generate_files(folder / "exports", "--lines", "400", "--days", "40", "--restaurants", "2")
    return folder


def test_a_daily_run_needs_nothing_but_the_project_dir(project: Path, elsewhere: Path) -> None:
    done = sales_loader(elsewhere, "daily", "exports", "--project-dir", str(project), "--summary", "day.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in elsewhere.iterdir()) == ["day", "day.json", "exports"]
    assert (project / "target/static_index.html").exists()
    with duckdb.connect(str(project / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) > 0 from marts.fct_orders").fetchone() == (True,)
    status = sales_loader(project / "models", "status")
    assert "order_items.csv" in status.stdout
    assert sales_loader(elsewhere, "status", "--project-dir", str(project)).stdout == status.stdout


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A project of one model that takes its time if asked to."""
    folder = tmp_path / "tiny"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("{name: tiny, profile: franchise_sales}", encoding="utf-8")
    (folder / "models/one.sql").write_text(
        "select max(sha256(range::varchar)) from range({{ var('rows', 1) }})", encoding="utf-8"
    )
    shutil.copy(PROJECT / "profiles.yml.example", folder)
    return folder


@pytest.mark.parametrize("is_option", [True, False])
def test_a_build_takes_the_warehouse_that_is_named_from_here(tiny: Path, is_option: bool) -> None:
    options = ["--database", "mine.duckdb"] if is_option else []
    variables = {} if is_option else {"WAREHOUSE_PATH": "mine.duckdb"}
    built = sales_loader(tiny.parent, "build", "--no-docs", "--project-dir", "tiny", *options, **variables)
    assert built.returncode == 0, built.stdout + built.stderr
    assert (tiny.parent / "mine.duckdb").exists()
    assert not (tiny / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("folder", "variables"),
    [("tiny", {}), ("mine", {"DBT_PROFILES_DIR": "mine"})],
    ids=["project", "variable"],
)
def test_profiles_of_ones_own_win_over_the_example(
    tiny: Path, folder: str, variables: dict[str, str]
) -> None:
    profile = {"target": "duckdb", "outputs": {"duckdb": {"type": "duckdb", "path": "/nowhere/own.duckdb"}}}
    own = tiny.parent / folder / "profiles.yml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(f"franchise_sales: {profile}", encoding="utf-8")
    built = sales_loader(tiny.parent, "build", "--project-dir", "tiny", **variables)
    assert (built.returncode, "/nowhere" in built.stderr) == (1, True)


@pytest.mark.parametrize("command", ["load exports", "build", "daily exports", "run-scheduled exports"])
def test_a_folder_without_a_project_is_refused_before_anything_is_written(
    command: str, tmp_path: Path
) -> None:
    (tmp_path / "exports").mkdir()
    refused = sales_loader(tmp_path, *command.split())
    assert refused.returncode == 2
    assert "holds dbt_project.yml" in refused.stderr
    assert "--project-dir" in refused.stderr
    named = sales_loader(tmp_path, *command.split(), "--project-dir", "exports")
    assert (named.returncode, "exports holds no dbt_project.yml" in named.stderr) == (2, True)
    assert [path.name for path in tmp_path.rglob("*")] == ["exports"]


def test_every_command_on_a_warehouse_finds_the_project() -> None:
    options = {
        name: {one for param in command.params for one in param.opts}
        for name, command in main.commands.items()
    }
    on_a_warehouse = {name for name, known in options.items() if "--database" in known}
    assert {"load", "status", "build", "dbt", "run-scheduled"} <= on_a_warehouse
    assert {name for name in on_a_warehouse if "--project-dir" not in options[name]} == set()


def test_ctrl_c_ends_a_build_with_a_sentence(tiny: Path) -> None:
    # What a shell runs in the background ignores Ctrl-C, and so would whatever it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [BIN / "sales-loader", "build", "--vars", "{rows: 100000000000}"],
        cwd=tiny,
        env=BARE | {"HOME": str(tiny)},
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, before)
    while not list(tiny.glob("target/run/**/one.sql")):  # what dbt writes before it runs a model
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.startswith("Interrupted")
    assert "Traceback" not in errors
