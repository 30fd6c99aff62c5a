"""Finding the sales files that SOURCE stands for, and the names they go by in the ledger."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sales_loader.errors import LoaderError, UsageError

_COMPRESSIONS = {".csv": "none", ".csv.gz": "gzip", ".csv.zst": "zstd"}


@dataclass(frozen=True)
class SourceFile:
    """A sales file on disk.

    Attributes:
        path: absolute path.
        name: path below the SOURCE folder with ``/`` between parts, or the file's own name; the ledger's key.
        compression: ``none``, ``gzip`` or ``zstd``, told from the name's ending.
    """

    path: Path
    name: str
    compression: str

    def stamp(self) -> tuple[int, int]:
        """Size in bytes and time of last change in nanoseconds."""
        stat = self.path.stat()
        return stat.st_size, stat.st_mtime_ns


@dataclass(frozen=True)
class Found:
    """What SOURCE holds: sales files in the order of loading, and the names of files of other kinds."""

    files: tuple[SourceFile, ...]
    skipped: tuple[str, ...]


def find(sources: Sequence[str]) -> Found:
    """All sales files of some files and folders.

    Args:
        sources: paths as given on the command line; a folder is searched with all folders below it.

    Raises:
        UsageError: a path does not exist, is on S3, or is a single file of another kind.
        LoaderError: there is no sales file, or two of one name.
    """
    files: list[SourceFile] = []
    skipped: list[str] = []
    for source in sources:
        for path, name in _paths(source):
            compression = _compression(path.name)
            if compression:
                files.append(SourceFile(path.resolve(), name, compression))
            else:
                skipped.append(name)
    files = list(dict.fromkeys(files))
    if not files:
        raise LoaderError(f"No .csv, .csv.gz or .csv.zst file in {', '.join(sources)}: nothing to load.")
    _refuse_shared_names(files)
    return Found(tuple(files), tuple(skipped))


def _paths(source: str) -> Iterator[tuple[Path, str]]:
    if source.startswith("s3://"):
        raise UsageError(
            f"{source}: this version reads local files only; copy the files to a folder and load that."
        )
    path = Path(source)
    if not path.exists():
        raise UsageError(f"{source}: there is no such file or folder.")
    if path.is_dir():
        below = sorted((p.relative_to(path).as_posix(), p) for p in path.rglob("*") if p.is_file())
        yield from ((p, name) for name, p in below)
    elif _compression(path.name):
        yield path, path.name
    else:
        raise UsageError(f"{source}: not a sales file; its name must end in .csv, .csv.gz or .csv.zst.")


def _compression(name: str) -> str | None:
    matches = (kind for ending, kind in _COMPRESSIONS.items() if name.lower().endswith(ending))
    return next(matches, None)


def _refuse_shared_names(files: Iterable[SourceFile]) -> None:
    seen: dict[str, Path] = {}
    for file in files:
        if file.name in seen:
            raise LoaderError(
                f"Two files are both named {file.name}: {seen[file.name]} and {file.path}. "
                "Nothing was loaded. Rename one of them, or load the folder above both."
            )
        seen[file.name] = file.path
