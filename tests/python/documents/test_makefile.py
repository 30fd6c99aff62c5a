"""What make hands on of what it is given."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
MAKE = shutil.which("make") or "make"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the Makefile and a loader that prints its arguments, one a line."""
    loader = tmp_path / ".venv" / "bin" / "sales-loader"
    loader.parent.mkdir(parents=True)
    loader.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", encoding="utf-8")
    loader.chmod(0o755)
    (tmp_path / "dbt_packages").mkdir()
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for name in ("requirements.lock", "requirements-metrics.lock", "pyproject.toml", "profiles.yml"):
        (tmp_path / name).touch()
    for stamp in (".installed", ".installed-metrics"):
        (loader.parent / stamp).touch()
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "a`touch seen`b",
        "a$(touch seen)b",
        "$(shell touch seen)",
        "${HOME} $HOME $$",
        'it\'s "mine"; touch seen & # x',
        "{reporting_currency: 'EUR', note: \"`touch seen`\"}",
    ],
)
@pytest.mark.parametrize("target", ["load", "daily", "build"])
@pytest.mark.parametrize("in_environment", [False, True])
def test_data_and_vars_are_no_commands(installed: Path, text: str, target: str, in_environment: bool) -> None:
    given = {"DATA": text, "VARS": text}
    arguments = [] if in_environment else [f"{name}={value}" for name, value in given.items()]
    done = subprocess.run(
        [MAKE, target, *arguments],
        cwd=installed,
        env={**os.environ, **(given if in_environment else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = done.stdout.splitlines()
    first = "daily" if target == "daily" else "load"
    assert shown[shown.index(first) + 1] == text
    assert shown[shown.index("--vars") + 1] == text
    assert not (installed / "seen").exists()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("", []),
        ("--metrics a,b --limit 3", ["--metrics", "a,b", "--limit", "3"]),
        (
            "--where \"{{ Dimension('location__region') }} = 'New York'\"",
            ["--where", "{{ Dimension('location__region') }} = 'New York'"],
        ),
        (
            "`touch` $(touch) $HOME $(shell touch seen) ;",
            ["`touch`", "$(touch)", "$HOME", "$(shell", "touch", "seen)", ";"],
        ),
    ],
)
def test_ask_is_split_into_words_and_no_command(installed: Path, ask: str, words: list[str]) -> None:
    # `make test` is a make around this one, which then tells its folder.
    command = [MAKE, "--no-print-directory", "metrics", f"ASK={ask}"]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["metrics", "--vars", "{}", *words]
    assert not (installed / "seen").exists()


@pytest.mark.parametrize(
    ("ask", "said", "is_asked"), [("--limit 3", "Error 4", True), ("--where 'a", "quote", False)]
)
def test_a_question_that_fails_says_how(installed: Path, ask: str, said: str, is_asked: bool) -> None:
    (installed / ".venv/bin/sales-loader").write_text("#!/bin/sh\ntouch asked\nexit 4\n", encoding="utf-8")
    command = [MAKE, "--no-print-directory", "metrics", f"ASK={ask}"]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert said in done.stderr
    assert (installed / "asked").exists() == is_asked
