"""A daily run that is killed at any moment, and run again, ends as if nothing had happened."""

import os
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.python.support.daily_runs import Rows, company, correct, daily, marts, next_day, raw
from tests.python.support.project_copy import BIN, FEW_MARTS, Workshop

KILLS = int(os.environ.get("KILLS", "1"))


@dataclass(frozen=True)
class Prepared:
    """A company before its daily run, and what the daily run makes of it when nobody disturbs it."""

    workshop: Workshop
    old_marts: dict[str, Rows]
    new_marts: dict[str, Rows]
    new_raw: dict[str, Rows]
    seconds: float


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("kills")
    workshop = company(folder, few=FEW_MARTS)
    assert daily(workshop).returncode == 0
    old_marts = marts(workshop.warehouse)
    next_day(folder)
    correct(min(path for path in (folder / "days").iterdir() if path.is_dir()) / "order_items.csv")
    undisturbed = replace(workshop, warehouse=folder / "undisturbed" / "warehouse.duckdb")
    undisturbed.warehouse.parent.mkdir()
    shutil.copy(workshop.warehouse, undisturbed.warehouse)
    started = time.monotonic()
    assert daily(undisturbed).returncode == 0
    seconds = time.monotonic() - started
    return Prepared(workshop, old_marts, marts(undisturbed.warehouse), raw(undisturbed.warehouse), seconds)


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_daily_run_run_again_ends_like_an_undisturbed_one(
    prepared: Prepared, seed: int, tmp_path: Path
) -> None:
    workshop = replace(prepared.workshop, warehouse=tmp_path / "warehouse.duckdb")
    shutil.copy(prepared.workshop.warehouse, workshop.warehouse)
    arguments = ["daily", str(workshop.project.parent / "days"), "--no-docs"]
    process = subprocess.Popen(
        [BIN / "sales-loader", *arguments],
        cwd=workshop.project,
        env=os.environ | workshop.variables() | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(random.Random(seed).uniform(0, prepared.seconds))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert marts(workshop.warehouse) in (prepared.old_marts, prepared.new_marts)
    assert daily(workshop).returncode == 0
    assert raw(workshop.warehouse) == prepared.new_raw
    assert marts(workshop.warehouse) == prepared.new_marts
