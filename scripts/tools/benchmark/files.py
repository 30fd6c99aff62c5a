"""Generated files to measure with, made once and kept."""

import shutil
from pathlib import Path

from tools.benchmark.measuring import cost_of

YEARS = {1: 365, 4: 1461}
LAST_DAY = "2025-06-20"  # an ordinary one, with which no month ends


def whole_files(lines: int, folder: Path) -> Path:
    """One file of each kind with so many order lines over four years; returns their folder."""
    return _generated(folder / f"{lines}_lines", lines, YEARS[4])


def files_by_day(lines_a_day: int, years: int, folder: Path) -> tuple[Path, Path]:
    """Files of a folder a day, as they arrive.

    Args:
        lines_a_day: order lines of all restaurants together.
        years: length of the history, 1 or 4.
        folder: where the files are kept.

    Returns:
        The folder of all days but the last, and that which only the last one is in.
    """
    days = YEARS[years]
    history = _generated(
        folder / f"{lines_a_day}_a_day_{years}_years", lines_a_day * days, days, "--split-by-day"
    )
    last_day = history.with_name(history.name + "_last_day")
    if not last_day.exists():
        shutil.copytree(history / LAST_DAY, last_day / LAST_DAY)
        shutil.rmtree(history / LAST_DAY)
    return history, last_day


def _generated(folder: Path, lines: int, days: int, *more: str) -> Path:
    generated = folder.with_name(folder.name + ".generated")
    if not generated.exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder.with_name(folder.name + "_last_day"), ignore_errors=True)
        folder.mkdir(parents=True)
        size = ("--lines", str(lines), "--days", str(days), "--end-date", LAST_DAY, "--out", str(folder))
        cost_of("sales-loader", "generate", *size, *more, folder=folder, environment={})
        generated.touch()
    return folder
