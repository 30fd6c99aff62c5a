"""Replacing files that others may have open, by one writer at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sales_loader.errors import LoaderError

_SCRATCH = ".unfinished"
_LOCK = ".lock"


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """An empty folder inside another one, for the only writer there; what a killed writer left is removed.

    Raises:
        LoaderError: another writer is at work there, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT)  # NFS locks no folder, and no file for reading
    except OSError as error:
        raise LoaderError(f"{folder} cannot be written: {error.strerror}. Name another with --to.") from None
    scratch = folder / _SCRATCH
    try:
        _lock(lock, folder)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        yield scratch
    except OSError as error:
        raise LoaderError(f"{folder} cannot be written: {error.strerror}. The old export is kept.") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        os.close(lock)


def replace_file(new: Path, old: Path) -> None:
    """Put a DuckDB file in the place of another one; whoever has that one open keeps it."""
    # The log of a reader that has written to the old file is not one of the new file.
    old.with_name(f"{old.name}.wal").unlink(missing_ok=True)
    new.replace(old)


def replace_folder(new: Path, old: Path) -> None:
    """Put a folder in the place of another one, which is a link so that this takes one step.

    The one before is kept until the next time, for those who are reading it.
    """
    if old.is_dir() and not old.is_symlink():
        raise LoaderError(
            f"{old} is a folder that no export has made. Move it away, or name another with --to."
        )
    superseded = [
        one for one in old.parent.glob(f".{old.name}-*") if not old.exists() or not one.samefile(old)
    ]
    version = old.with_name(f".{old.name}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}")
    new.replace(version)
    link = new.with_name("link")
    link.symlink_to(version.name)
    link.replace(old)
    for one in superseded:
        shutil.rmtree(one, ignore_errors=True)  # else the next export removes it


def _lock(folder: int, name: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # released with the process, however it ends
    except BlockingIOError:
        raise LoaderError(
            f"Another export is writing to {name}. Nothing was done; run this again when it has ended."
        ) from None
