"""The cron line of the README and the units for systemd run the daily run as printed."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .clean_shell import PROJECT, clean_copy, run_in_clean_shell

UNITS = PROJECT / "deploy" / "systemd"
PRINTED_FOLDER = "/srv/franchise-sales"
FIELD = re.compile(r"\*|\d+")
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def cron_line() -> str:
    (line,) = re.findall(r"^```crontab\n(.*)\n```$", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE)
    return str(line)


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((UNITS / f"franchise-sales.{name}").read_text("utf-8"))
    return parser


def outcome(folder: Path, command: str) -> dict[str, Any]:
    """Run a scheduled command in a folder with one bad file; gives the last line of its log."""
    (folder / "exports").mkdir()
    (folder / "exports" / "order_items.csv").touch()
    ended = run_in_clean_shell(folder, command)
    log = folder / "morning.log"
    text = log.read_text("utf-8") if log.exists() else ended.stdout
    assert ended.returncode == 1, text + ended.stderr
    return dict(json.loads(text.splitlines()[-1]))


def test_the_cron_line_is_one_and_its_command_runs_as_printed(tmp_path: Path) -> None:
    *times, command = cron_line().split(maxsplit=5)
    assert all(FIELD.fullmatch(field) for field in times)
    for field, (least, most) in zip(times, RANGES, strict=True):
        assert field == "*" or least <= int(field) <= most
    assert "%" not in command, "a line end for cron"
    folder = clean_copy(tmp_path)
    facts = outcome(folder, command.replace(PRINTED_FOLDER, shlex.quote(str(folder))))
    assert facts["event"] == "morning_finished"
    assert facts["problems"][0].startswith("order_items.csv: refused: the file is empty")


def test_the_unit_starts_the_daily_run_in_the_projects_folder(tmp_path: Path) -> None:
    service = unit("service")["Service"]
    assert (service["Type"], service["SuccessExitStatus"]) == ("oneshot", "3")
    assert service["WorkingDirectory"] == PRINTED_FOLDER
    folder = clean_copy(tmp_path)
    command = service["ExecStart"].replace(PRINTED_FOLDER, shlex.quote(str(folder)))
    assert outcome(folder, command)["event"] == "morning_finished"


def test_the_timer_starts_the_unit_of_its_name_and_catches_up() -> None:
    timer = unit("timer")
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d", timer["Timer"]["OnCalendar"])
    assert timer["Timer"]["Persistent"] == "true"
    assert "Unit" not in timer["Timer"]
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert (UNITS / "franchise-sales.service").exists()


@pytest.mark.parametrize("name", ["service", "timer"])
def test_systemd_takes_the_units_where_it_is_there_to_ask(tmp_path: Path, name: str) -> None:
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    service = tmp_path / "franchise-sales.service"
    printed = service.read_text("utf-8").replace(f"{PRINTED_FOLDER}/.venv/bin/sales-loader", "/bin/true")
    service.write_text(printed, "utf-8")
    if verify := shutil.which("systemd-analyze"):
        asked = [verify, "verify", str(tmp_path / f"franchise-sales.{name}")]
        ended = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert "franchise-sales" not in ended.stderr
