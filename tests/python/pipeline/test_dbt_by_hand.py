"""After `make setup` dbt runs as the README prints it, in a shell that knows nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.python.support.project_copy import PROJECT, Workshop

BARE = ["env", "-i", "PATH=/usr/bin:/bin"]


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [*BARE, f"HOME={folder}", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = Workshop.create(tmp_path).project
    (folder / "profiles.yml").unlink()
    for name in ("Makefile", "profiles.yml.example"):
        shutil.copy(PROJECT / name, folder)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    return folder


@pytest.mark.parametrize("name", ["data", "Data", "vars", "full_refresh"])
def test_a_setting_of_make_in_lower_case_is_refused(name: str) -> None:
    words = [*BARE, "make", "--dry-run", "build", f"{name}=x"]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"write {name.upper()}=" in done.stderr


def test_make_setup_makes_what_dbt_looks_for_and_leaves_what_is_ones_own(project: Path) -> None:
    run(project, "make", "profiles.yml", "dbt_packages")
    assert (project / "profiles.yml").read_text() == (PROJECT / "profiles.yml.example").read_text()
    assert "Found " in run(
        project, ".venv/bin/dbt", "ls", "--select", "fct_orders", "--resource-type", "model"
    )
    (project / "profiles.yml").write_text("my: own", encoding="utf-8")
    (project / "dbt_packages" / "dbt_utils").unlink()
    (project / "profiles.yml.example").touch()
    run(project, "make", "profiles.yml", "dbt_packages")
    assert (project / "profiles.yml").read_text() == "my: own"
    assert not (project / "dbt_packages" / "dbt_utils").exists()
