"""The image holds what the lock names and what the daily run needs, and nothing else."""

import re
import subprocess
from pathlib import Path

from .image import PROJECT, Image, ignored, instructions


def test_the_command_runs_with_nothing_but_the_lock(image: Image) -> None:
    ended = image.run([image.command[0], image.command[1], "--help"], {})
    assert ended.returncode == 0, ended.stdout
    assert "run-scheduled" in ended.stdout


def test_tools_of_development_are_not_there(image: Image) -> None:
    names = ("cfnlint", "moto", "pip", "pytest", "deployment", "sample_data", "tools")
    code = f"import importlib.util as u; print([name for name in {names} if u.find_spec(name)])"
    assert image.run(["python", "-c", code], {}).stdout.strip() == "[]"


def test_the_project_parses_where_only_some_folders_can_be_written(image: Image) -> None:
    before = image.files()
    ended = image.run(
        ["python", "-c", "from dbt.cli.main import cli; cli()", "parse", "--target", "redshift"], {}
    )
    assert ended.returncode == 0, ended.stdout
    assert image.files() == before


def test_the_report_finds_its_queries_and_its_page(image: Image) -> None:
    code = "import sales_report; print(sales_report.__path__[0])"
    installed = Path(image.run(["python", "-c", code], {}).stdout.strip())
    source = PROJECT / "scripts" / "sales_report"
    assert files_in(installed) == files_in(source)


def files_in(folder: Path) -> set[str]:
    """Names of the files that are no bytecode."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_container_is_not_root() -> None:
    users = [text for word, text in instructions() if word == "USER"]
    assert users == ["10001"]


def test_the_final_stage_installs_nothing() -> None:
    said = instructions()
    last = max(place for place, (word, _) in enumerate(said) if word == "FROM")
    assert "slim" in dict(said)["ARG"]
    steps = [text for word, text in said[last:] if word == "RUN"]
    assert not [step for step in steps if re.search(r"\b(apt-get|pip install|gcc|make)\b", step)]


def test_the_lock_is_installed_as_make_installs_it() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    (step,) = [text for word, text in instructions() if word == "RUN" and "requirements.lock" in text]
    for option in ("--require-hashes -r requirements.lock", "--disable-pip-version-check"):
        assert option in step
        assert option in makefile


def test_every_file_of_the_models_is_in_the_image(image: Image) -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    folders = (
        "models/",
        "macros/",
        "seeds/",
        "snapshots/",
        "analyses/",
        "tests/generic/",
        "tests/integrity/",
    )
    wanted = {name for name in tracked.split() if name.startswith(folders) and not ignored(name)}
    assert wanted
    assert wanted <= image.files()
    assert not [name for name in image.files() if name.startswith("seeds/sample")]
