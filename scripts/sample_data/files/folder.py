"""The output folder: it must be empty or hold an earlier sample, which is removed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from sales_loader.errors import UsageError

TOTALS = "expected_totals.json"
REJECTS = "expected_rejects.jsonl"
PARTS = ".parts"
_MADE_BY = "sales-loader generate"
_FILE = re.compile(r"(order_items|order_item_options|date_dim)\.csv(\.gz)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FolderError(UsageError):
    """The folder holds something that is not an earlier sample; the message names it."""


def prepare(folder: Path) -> None:
    """Empties `folder`, except for a totals file that marks it as a sample's; raises FolderError."""
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"--out {folder}: expected a folder, found a file")
    folder.mkdir(parents=True, exist_ok=True)
    held = sorted(folder.iterdir())
    if held:
        _require_sample(folder, held)
    (folder / TOTALS).write_text(json.dumps({"made_by": _MADE_BY, "complete": False}) + "\n")
    for path in held:
        _remove(path)
    (folder / PARTS).mkdir()


def finish(folder: Path, totals: dict[str, Any], rejects: list[dict[str, Any]] | None) -> None:
    """Writes what a load of the folder must find; `rejects` None writes no list of rejected rows."""
    if rejects is not None:
        text = "".join(json.dumps(reject) + "\n" for reject in rejects)
        (folder / REJECTS).write_text(text, encoding="utf-8")
    shutil.rmtree(folder / PARTS)
    whole = {"made_by": _MADE_BY, "complete": True} | totals
    (folder / TOTALS).write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def _require_sample(folder: Path, held: list[Path]) -> None:
    if not _is_marked(folder / TOTALS):
        raise FolderError(
            f"--out {folder}: expected an empty folder or an earlier sample, found {held[0].name}"
        )
    for path in held:
        if not _is_ours(path):
            raise FolderError(
                f"--out {folder}: {path.relative_to(folder)} is not of a sample; move it away first"
            )


def _is_marked(path: Path) -> bool:
    try:
        marker = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("made_by") == _MADE_BY


def _is_ours(path: Path) -> bool:
    if path.is_symlink():
        return False
    if path.is_dir():
        inside = all(_FILE.fullmatch(file.name) for file in path.iterdir())
        return path.name == PARTS or (_DAY.fullmatch(path.name) is not None and inside)
    return path.name in (TOTALS, REJECTS) or _FILE.fullmatch(path.name) is not None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.name != TOTALS:
        path.unlink()
