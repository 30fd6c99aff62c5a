"""Generated warehouses with a history, into which one more day was just loaded and built."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

LAST_DAY = date(2025, 6, 30)
KINDS = ("order_items.csv", "order_item_options.csv")
CALENDAR = "date_dim.csv"


@dataclass(frozen=True)
class Size:
    """How large a franchise is, and how long its history.

    Attributes:
        restaurants: their number.
        days: length of the history, the last day included.
        lines: order lines of a restaurant on a day.
    """

    restaurants: int
    days: int
    lines: int

    @property
    def total_lines(self) -> int:
        """Order lines of the whole history."""
        return self.restaurants * self.days * self.lines

    def halved(self, dimension: str) -> "Size":
        """The same with half as many restaurants or days."""
        return replace(self, **{dimension: getattr(self, dimension) // 2})


@dataclass(frozen=True)
class Sample:
    """A warehouse on disk.

    Attributes:
        size: what it holds.
        warehouse: its DuckDB file.
        target: dbt's artifacts of the daily run.
    """

    size: Size
    warehouse: Path
    target: Path


def make_sample(size: Size, folder: Path, project: Path) -> Sample:
    """Generate, load and build a history, then one more day; what is there already is used again.

    Args:
        size: of the franchise.
        folder: where everything goes.
        project: folder of the dbt project.
    """
    sample = Sample(size, folder / "warehouse.duckdb", folder / "target")
    environment = _environment(sample)
    finished = folder / "finished.json"
    wanted = json.dumps([size.restaurants, size.days, size.lines])
    if not finished.exists() or finished.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        for files in write_files(size, folder):
            load = ("load", files, "--target", "duckdb", "--database", sample.warehouse)
            run(project, environment, "sales-loader", *load)
            run(
                project,
                environment,
                "dbt",
                "--quiet",
                "build",
                "--resource-type",
                "model",
                "seed",
                *_target(sample),
            )
        finished.write_text(wanted, encoding="utf-8")
    # The tests' SQL as in a daily run, which tests what it has built. Compiled each time, as models change.
    waiting = json.dumps({"awaits_publication": True})
    run(project, environment, "dbt", "--quiet", "compile", "--vars", waiting, *_target(sample))
    return sample


def write_files(size: Size, folder: Path) -> tuple[Path, Path]:
    """Write the files of the history and those of the last day, each into a folder of its own.

    Args:
        size: of the franchise.
        folder: where both go.

    Returns:
        The two folders.
    """
    generated, history, last_day = folder / "generated", folder / "history", folder / "last_day"
    _generate(size, generated)
    days = sorted(path for path in generated.iterdir() if path.is_dir())
    history.mkdir()
    # One file a kind: hundreds of daily loads would take longer than all the rest.
    for kind in KINDS:
        with (history / kind).open("wb") as joined:
            for number, day in enumerate(days[:-1]):
                header, _, rows = (day / kind).read_bytes().partition(b"\n")
                joined.write(rows if number else header + b"\n" + rows)
    shutil.copy(generated / CALENDAR, history / CALENDAR)
    # Its folder makes its name differ from that of the history.
    shutil.copytree(days[-1], last_day / days[-1].name)
    shutil.rmtree(generated)
    return history, last_day


def _generate(size: Size, folder: Path) -> None:
    options = {
        "--lines": size.total_lines,
        "--days": size.days,
        "--restaurants": size.restaurants,
        "--end-date": LAST_DAY,
        "--out": folder,
    }
    words = [str(word) for option in options.items() for word in option]
    run(Path(), os.environ, "sales-loader", "generate", "--split-by-day", *words)


def _target(sample: Sample) -> tuple[str, ...]:
    return ("--target", "duckdb", "--target-path", str(sample.target))


def _environment(sample: Sample) -> dict[str, str]:
    # With a key the card hashes are there, and count among the bytes.
    return os.environ | {"WAREHOUSE_PATH": str(sample.warehouse), "CARD_HASH_KEY": "0" * 64}


def run(project: Path, environment: Mapping[str, str], command: str, *words: str | Path) -> None:
    """Run a command of this Python's environment in the project folder; only its errors are shown."""
    subprocess.run(
        [Path(sys.executable).with_name(command), *words],
        check=True,
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
