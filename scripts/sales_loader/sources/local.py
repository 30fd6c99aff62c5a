"""Sales files on disk, and their names in the ledger."""

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sales_loader.errors import LoaderError, RefusedFileError, UsageError
from sales_loader.escaping import escaped

_COARSE_CLOCK_STEP = 2_000_000_000  # nanoseconds; the clock of the coarsest file systems
_FINE_CLOCK_STEP = 100_000_000  # ten times the step of file systems that record fractions of a millisecond
_LINK_PROBLEMS = {
    errno.ELOOP: "it is a link that leads back to itself. Remove it.",
    errno.ENOENT: "it is a link to something that is not there. Put that back, or remove the link.",
}
_FIRST_BYTES = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_COMPRESSIONS = {".csv": "none", ".csv.gz": "gzip", ".csv.zst": "zstd"}


class SalesFile(Protocol):
    """A sales file, wherever it is."""

    @property
    def name(self) -> str:
        """Its name in the ledger."""

    @property
    def place(self) -> str:
        """Where it is, for messages; no two files have the same."""

    def size(self) -> int:
        """Size in bytes."""

    def version(self) -> str | None:
        """A text that changes with the content, known without reading it; None if there is no such text."""

    def on_disk(self) -> "AbstractContextManager[SourceFile]":
        """The file on this machine's disk, for as long as it is needed."""


@dataclass(frozen=True)
class SourceFile:
    """A sales file on disk.

    Attributes:
        path: absolute path.
        name: path below the SOURCE folder with ``/`` between parts, or the file's own name; the ledger's key.
        compression: ``none``, ``gzip`` or ``zstd``; from the name's ending, in ``on_disk`` from the first
            bytes.
    """

    path: Path
    name: str
    compression: str

    def stamp(self) -> str:
        """Size, times and inode; they change if the file is written or replaced."""
        return stamp_of(self.path.stat())

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return str(self.path)

    def size(self) -> int:
        """Size in bytes; 0 if it is not known."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def version(self) -> str | None:
        """Size, times and inode; None while another change could still have the same times.

        The modification time can be copied along with a file. The inode's change time cannot: it is always
        the time of the last change.
        """
        found = self.path.stat()
        return stamp_of(found) if is_settled(found.st_ctime_ns, time.time_ns()) else None

    @contextmanager
    def on_disk(self) -> Iterator["SourceFile"]:
        """The file itself, with the compression that its first bytes show.

        Raises:
            RefusedFileError: reading it failed, and it has changed meanwhile.
            OSError: reading it failed, and it is gone.
        """
        before = self.stamp()
        try:
            yield replace(self, compression=_compression_inside(self.path))
        except Exception:
            if self.stamp() != before:
                raise changed_meanwhile() from None
            raise


@dataclass(frozen=True)
class UnreadableFile:
    """A sales file, or a folder of them, that cannot be read.

    Attributes:
        name: as that of a sales file, but always printable; a folder's ends in ``/``.
        place: where it is, for messages.
        problem: a sentence or two on what is wrong and what to do.
    """

    name: str
    place: str
    problem: str

    def size(self) -> int:
        """Always 0: no byte of it is read."""
        return 0

    def version(self) -> None:
        """Always None: nothing is known of it."""

    @contextmanager
    def on_disk(self) -> Iterator[SourceFile]:
        """Raise the problem.

        Raises:
            LoaderError: always.
        """
        raise LoaderError(self.problem)
        yield


@dataclass(frozen=True)
class Skipped:
    """A file that is skipped; ``why`` completes the sentence "it is skipped, …"."""

    name: str
    why: str = "as its name does not end in .csv, .csv.gz or .csv.zst"


def changed_meanwhile() -> RefusedFileError:
    """The refusal of a file that changed while it was read."""
    return RefusedFileError("the file changed while it was read. Run the command again when it is complete.")


def is_settled(changed: int, now: int) -> bool:
    """Whether a change of the file from now on would have a later time than its last one.

    Args:
        changed: time of the last change, in nanoseconds.
        now: the time, in nanoseconds.
    """
    is_fine = changed % 1_000_000 != 0
    return now - changed >= (_FINE_CLOCK_STEP if is_fine else _COARSE_CLOCK_STEP)


def stamp_of(found: os.stat_result) -> str:
    """Size, times and inode of a file."""
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}-{found.st_ino}"


def find_local(source: str) -> Iterator[SourceFile | UnreadableFile | Skipped]:
    """All files of a path; those that cannot be read are among them and do not stop the others.

    Args:
        source: a file or a folder, which is searched with all folders below it. Linked folders are searched
            too, except those that lead to a folder that is searched anyway.

    Raises:
        UsageError: the path does not exist, or is a single file of another kind.
    """
    path = Path(source)
    if not os.path.lexists(path):
        raise UsageError(f"{source}: there is no such file or folder.")
    if path.is_dir():
        yield from _below(str(path.resolve()), "")
    elif compression_of(path.name):
        yield from _looked_at(path.parent.resolve() / path.name, path.name)
    else:
        raise UsageError(f"{source}: not a sales file; its name must end in .csv, .csv.gz or .csv.zst.")


def natural_order(name: str) -> tuple[list[tuple[str, int]], str]:
    """Key of the order that files are loaded in: a run of digits is one number, so day 9 comes before day 10.

    Example:
        ``sorted(["d-10.csv", "D-9.csv"], key=natural_order)`` gives ``["D-9.csv", "d-10.csv"]``.
    """
    parts = re.findall(r"[0-9]+|[^0-9]", name.casefold())
    return [("0", int(part)) if part[0] in "0123456789" else (part, 0) for part in parts], name


def is_clutter(name: str) -> bool:
    """Whether a file or folder is hidden, or one that a desktop leaves beside files, by its name."""
    return name.startswith((".", "~$")) or name == "__MACOSX"


def _below(folder: str, prefix: str) -> Iterator[SourceFile | UnreadableFile | Skipped]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not is_clutter(entry.name):
                    yield from _found(entry, prefix + entry.name)
    except OSError as error:
        problem = f"the folder cannot be searched: {error.strerror}. Give the loader the right to read it."
        yield UnreadableFile(escaped(prefix or f"{folder}/"), folder, problem)


def _found(entry: os.DirEntry[str], name: str) -> Iterator[SourceFile | UnreadableFile | Skipped]:
    # Years of daily files are thousands: what the folder's listing says of them is not looked up again.
    if entry.is_dir(follow_symlinks=False):
        yield from _below(entry.path, f"{name}/")
    elif entry.is_file(follow_symlinks=False):
        yield _named(entry.path, name) if compression_of(name) else Skipped(name)
    else:
        yield from _looked_at(Path(entry.path), name)


def _looked_at(path: Path, name: str) -> Iterator[SourceFile | UnreadableFile | Skipped]:
    """The file or folder behind a link or a special entry."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        problem = _LINK_PROBLEMS.get(error.errno or 0, f"it cannot be read: {error.strerror}.")
        yield UnreadableFile(escaped(name), str(path), problem)
        return
    if stat.S_ISDIR(mode):
        yield from _linked_folder(path, name)
    elif not compression_of(name):
        yield Skipped(name)
    elif stat.S_ISREG(mode):
        yield _named(str(path), name)
    else:
        problem = "it is a pipe, a socket or a device, not a file. Move it out of the folder."
        yield UnreadableFile(escaped(name), str(path), problem)


def _linked_folder(path: Path, name: str) -> Iterator[SourceFile | UnreadableFile | Skipped]:
    target = path.resolve()
    on_the_way = [folder.resolve() for folder in list(path.parents)[: name.count("/") + 1]]
    if any(folder.is_relative_to(target) for folder in on_the_way):
        problem = f"the link leads back to {target}, which it lies in, and is not followed. Remove it."
        yield UnreadableFile(escaped(f"{name}/"), str(path), problem)
    elif any(_searches(folder, target) for folder in on_the_way):
        yield Skipped(name, f"as the files that it leads to are loaded by their names below {target}")
    else:
        yield from _below(str(path), f"{name}/")


def _searches(folder: Path, target: Path) -> bool:
    return target.is_relative_to(folder) and not any(map(is_clutter, target.relative_to(folder).parts))


def _named(path: str, name: str) -> SourceFile | UnreadableFile:
    if not _is_utf8(path):
        problem = "its name or that of a folder is not UTF-8. Rename it."
    elif "\\" in path and any(sign in path for sign in "*?["):
        problem = "its path holds a backslash together with *, ? or [, which cannot be read. Rename it."
    else:
        return SourceFile(Path(path), name, compression_of(name) or "none")
    return UnreadableFile(escaped(name), path, problem)


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def compression_of(name: str) -> str | None:
    """Compression of a sales file, from its name's ending; None for other files."""
    matches = (kind for ending, kind in _COMPRESSIONS.items() if name.lower().endswith(ending))
    return next(matches, None)


def _compression_inside(path: Path) -> str:
    with path.open("rb") as stream:
        first = stream.read(4)
    matches = (kind for mark, kind in _FIRST_BYTES.items() if first.startswith(mark))
    return next(matches, "none")
