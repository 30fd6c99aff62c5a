"""One pass over a file's bytes before anything is loaded: its hash, and what would make it unreadable."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from sales_loader.csv_files import zstd_frames
from sales_loader.csv_files.archive_limits import ArchiveLimits
from sales_loader.errors import RefusedFileError
from sales_loader.sources.local import SourceFile

MAX_LINE_BYTES = 2_000_000  # of DuckDB's CSV reader
_CHUNK_BYTES = 1 << 20  # below the longest line, so that only a line which crosses chunks can be too long
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Inspection:
    """The findings of the pass.

    Attributes:
        sha256: of the bytes as stored, lower-case hex.
        stamp: size, times and inode of the file before the pass.
        nul_line: line of the first NUL byte, from 1; None when none was seen.
        is_opaque: whether NUL bytes could not be looked for, as in Zstandard data.
    """

    sha256: str
    stamp: str
    nul_line: int | None
    is_opaque: bool


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _HashingReader:
    """Passes bytes through and hashes them on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self.sha256 = hashlib.sha256()
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.sha256.update(data)
        return data


class _Expanding:
    """Passes the text of a compressed file through while there is not too much of it."""

    def __init__(self, stream: _Readable, limits: ArchiveLimits, stored_bytes: int) -> None:
        self._stream = stream
        self._limits = limits
        self._stored_bytes = stored_bytes
        self._text_bytes = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self._text_bytes += len(data)
        self._limits.check(self._text_bytes, self._stored_bytes)
        return data


class _TextScan:
    """Watches text go by for NUL bytes, UTF-16 and lines that are too long."""

    def __init__(self) -> None:
        self.nul_line: int | None = None
        self._lines = 1
        self._open_line_bytes = 0
        self._ends_in_return = False

    def feed(self, chunk: bytes) -> None:
        if self.nul_line is None and (place := chunk.find(b"\0")) >= 0:
            self.nul_line = self._lines + self._line_ends_in(chunk[:place])
        first, last = _line_ends(chunk)
        if self._open_line_bytes + (first if last >= 0 else len(chunk)) > MAX_LINE_BYTES:
            raise too_long_line(f"line {self._lines}")
        self._lines += self._line_ends_in(chunk)
        self._ends_in_return = chunk.endswith(b"\r")
        self._open_line_bytes = len(chunk) - last - 1 + (self._open_line_bytes if last < 0 else 0)

    def _line_ends_in(self, part: bytes) -> int:
        """How many lines end in the beginning of a chunk; a CRLF in two chunks counts for the first."""
        returns = part.count(b"\r")
        pairs = part.count(b"\r\n") if returns else 0
        return part.count(b"\n") + returns - pairs - (self._ends_in_return and part.startswith(b"\n"))


def _line_ends(chunk: bytes) -> tuple[int, int]:
    """Places of the first and the last line end of a chunk, -1 where there is none."""
    firsts = [place for place in (chunk.find(b"\n"), chunk.find(b"\r")) if place >= 0]
    return min(firsts, default=-1), max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))


def sha256_of(file: SourceFile) -> str:
    """Hash a file's bytes as stored, lower-case hex: as ``inspect`` does, at a fraction of its cost.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def inspect(file: SourceFile, limits: ArchiveLimits) -> Inspection:
    """Hash a file and look for what would make it unreadable, in about 1 MB of memory.

    Raises:
        RefusedFileError: the file is empty, UTF-16, damaged, expands too far, or has a line over
            ``MAX_LINE_BYTES``.
        OSError: the file cannot be opened or read.
    """
    stamp = file.stamp()
    if file.size() == 0:
        raise empty_file()
    with file.path.open("rb") as stream:
        hashing = _HashingReader(stream)
        nul_line = _SCANS[file.compression](hashing, stream, limits)
        return Inspection(hashing.sha256.hexdigest(), stamp, nul_line, file.compression == "zstd")


def _scan_plain(hashing: _Readable, _: BinaryIO, __: ArchiveLimits) -> int | None:
    scan = _TextScan()
    chunks = _chunks(hashing)
    first = next(chunks, b"")
    if first.startswith(_UTF16_MARKS):
        raise RefusedFileError(
            "the file is UTF-16 from its first bytes on; expected UTF-8. Save it again as UTF-8."
        )
    scan.feed(first)
    for chunk in chunks:
        scan.feed(chunk)
    return scan.nul_line


def _scan_gzip(hashing: _Readable, stream: BinaryIO, limits: ArchiveLimits) -> int | None:
    # DuckDB does not compare the checksum at the end of a gzip file; Python does.
    try:
        text = gzip.GzipFile(fileobj=cast(BinaryIO, hashing))
        return _scan_plain(_Expanding(text, limits, _size(stream)), stream, limits)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged("gzip") from error


def _scan_zstd(hashing: _Readable, stream: BinaryIO, limits: ArchiveLimits) -> int | None:
    for _ in _chunks(hashing):
        pass
    text_bytes = zstd_frames.most_text_bytes(stream)
    if text_bytes is None:
        raise damaged("zstd")
    limits.check(text_bytes, _size(stream))
    return None


def _size(stream: BinaryIO) -> int:
    return os.fstat(stream.fileno()).st_size


_SCANS = {"none": _scan_plain, "gzip": _scan_gzip, "zstd": _scan_zstd}


def _chunks(readable: _Readable) -> Iterator[bytes]:
    while chunk := readable.read(_CHUNK_BYTES):
        yield chunk


def empty_file() -> RefusedFileError:
    """The refusal of a file without anything in it."""
    return RefusedFileError(
        "the file is empty: no header and no rows. Export it again; a day without sales still has a header."
    )


def damaged(compression: str) -> RefusedFileError:
    """The refusal of a compressed file that is cut short or corrupt."""
    return RefusedFileError(
        f"the {compression} data are cut short or corrupt. Copy or export the file again."
    )


def too_long_line(place: str) -> RefusedFileError:
    """The refusal of a file with a line or record over ``MAX_LINE_BYTES``.

    Args:
        place: which one it is, for the message.
    """
    return RefusedFileError(
        f"{place} is longer than {MAX_LINE_BYTES:,} bytes, the longest a row may be. "
        "Look for a missing line end or an opened quote that is never closed, and export the file again."
    )
