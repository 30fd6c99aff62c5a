"""Settings of one's own reach the loader and dbt, yield to the command line; what is misspelt is refused."""

import shutil
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest

from sales_loader.errors import UsageError
from sales_loader.settings.business_calendar import read_calendar
from sales_loader.settings.own_settings import SETTINGS_FILE, read_own_settings
from sales_loader.settings.variables import read_variables
from tests.python.support import warm_commands
from tests.python.support.project_copy import PROJECT

LOCATIONS = "location_id,location_name,region,timezone,opened_on\n"
FILES = {
    "dbt_project.yml": """
        name: tiny
        profile: franchise_sales
        seed-paths: ["{{ env_var('SEEDS_DIR', 'seeds') }}"]
        vars: {currency: USD, hour: 0, days: 1}
    """,
    "models/sales.sql": """
        {{ config(materialized='table') }}
        select '{{ var('currency') }} {{ var('hour') }} {{ var('days') }}' as words, *
        from {{ ref('locations') }}
        cross join (select count(*) as apps from {{ ref('excluded_apps') }})
    """,
    "seeds/locations.csv": f"{LOCATIONS}theirs,,,America/New_York,\n",
    "seeds/excluded_apps.csv": "app_name,reason\nTest,ours\n",
    "own/locations.csv": f"{LOCATIONS}mine,,,Europe/Madrid,\n",
    "settings.yml": "{vars: {currency: EUR, hour: 4}, seeds: {locations: own/locations.csv}}",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    shutil.copy(PROJECT / "profiles.yml.example", tmp_path)
    return tmp_path


def run(project: Path, *arguments: str) -> list[tuple[str, str, str, int]]:
    """The table, after a command."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(project)}
    done = warm_commands.run("sales-loader", arguments, project, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(project / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute("select words, location_id, timezone, apps from main.sales").fetchall()


def test_settings_reach_build_and_dbt_and_yield_to_the_command_line(project: Path) -> None:
    over = ("--vars", "{hour: 6}", "--full-refresh")
    mine = ("mine", "Europe/Madrid", 1)
    assert run(project, "build", "--no-docs") == [("EUR 4 1", *mine)]
    assert run(project, "build", "--no-docs", *over) == [("EUR 6 1", *mine)]
    assert run(project, "dbt", "build") == [("EUR 4 1", *mine)]
    assert run(project, "dbt", "build", "--select", "sales", *over) == [("EUR 6 1", *mine)]
    (project / "settings.yml").unlink()
    assert run(project, "build", "--no-docs", "--full-refresh") == [
        ("USD 0 1", "theirs", "America/New_York", 1)
    ]


def test_the_loader_reads_them_too(project: Path) -> None:
    assert read_calendar(project, "").timezones == {"mine": "Europe/Madrid"}
    assert read_variables(project, "{hour: 6}") == {"currency": "EUR", "hour": 6, "days": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{var: {}}", "there is no setting 'var'; the nearest is vars"),
        ("{seeds: {location: own/locations.csv}}", "there is no seed 'location'; the nearest is locations"),
        ("{seeds: {locations: own/nothing.csv}}", "there is no file"),
        ("{seeds: {locations: own}}", "there is no file"),
        ("{seeds: [own]}", "seeds must be a mapping"),
        ("{vars: words}", "vars must be a mapping"),
        ("words", "it must be a mapping"),
        ("a: [", "is no YAML"),
        ("{vars: {as_of_date: 2025-02-30}}", "is no YAML"),
        ("\x00", "is no YAML"),
    ],
)
def test_what_is_no_setting_is_refused(project: Path, text: str, said: str) -> None:
    (project / SETTINGS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said) as refused:
        read_own_settings(project)
    assert SETTINGS_FILE in str(refused.value)


def test_an_empty_file_sets_nothing(project: Path) -> None:
    (project / SETTINGS_FILE).write_text("# nothing\nvars:\nseeds:\n", encoding="utf-8")
    assert (read_own_settings(project).variables, read_own_settings(project).seeds) == ({}, {})


def test_the_example_is_legal_and_variables_are_checked(tmp_path: Path) -> None:
    for name in ("dbt_project.yml", "settings.yml.example"):
        shutil.copy(PROJECT / name, tmp_path)
    for name in ("seeds", "macros/settings"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    own = (tmp_path / "settings.yml.example").rename(tmp_path / SETTINGS_FILE)
    (tmp_path / "own").mkdir()
    (tmp_path / "own/locations.csv").touch()
    assert read_variables(tmp_path, "")["reporting_currency"] == "EUR"
    own.write_text("{vars: {reporting_curency: EUR}}", encoding="utf-8")
    with pytest.raises(UsageError, match="the nearest is reporting_currency"):
        read_variables(tmp_path, "")
