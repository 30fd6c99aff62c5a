"""Writes a sample's files: DuckDB renders the records, in the tables' order on any number of threads."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from sample_data.company import calendar
from sample_data.company.sample import Sample
from sample_data.files import folder, render
from sample_data.plan import Columns

TABLES = ("order_items", "order_item_options")
TOP, MIDDLE, END = range(3)
_GZIP_LEVEL = 4


@dataclass(frozen=True)
class Splice:
    """A record that is written to a file verbatim.

    Attributes:
        table, day: the file, by table and day; without --split-by-day the table's only file.
        place: TOP, MIDDLE or END of the file.
        text: the record without its line end; an empty text is an empty line and has no number, one of
            commas alone is no record either but has one.
        reason: why it must be rejected; None when it must not.
    """

    table: str
    day: int
    place: int
    text: str
    reason: str | None = None


@dataclass(frozen=True)
class Shape:
    """A file that differs as a whole: its column names in order (all by default), and CRLF line ends."""

    columns: tuple[str, ...] = ()
    crlf: bool = False


@dataclass(frozen=True)
class Mess:
    """What makes a sample dirty beyond its numbers.

    Attributes:
        splices: records to put into files; not into a file that has a shape.
        shapes: files that differ, by (table, day); they take effect when each day has its folder.
        dates: header and rows of the calendar file, and the reason of each row number that must be rejected.
        new_orders: orders that are in accepted splices only.
    """

    splices: tuple[Splice, ...] = ()
    shapes: dict[tuple[str, int | None], Shape] = field(default_factory=dict)
    dates: tuple[list[str], list[list[str]], dict[int, str]] | None = None
    new_orders: int = 0


@dataclass(frozen=True)
class _File:
    table: str
    day: int | None
    path: Path
    rows: Columns


@dataclass
class Written:
    """Records written per table, rejected ones included, and each record that must be rejected."""

    records: dict[str, int] = field(default_factory=dict)
    rejects: list[dict[str, Any]] = field(default_factory=list)


class Writer:
    """Writes the files of one sample below a folder that `folder.prepare` made ready."""

    def __init__(
        self,
        sample: Sample,
        out: Path,
        *,
        compress: bool = False,
        threads: int | None = None,
        mess: Mess | None = None,
    ) -> None:
        """Opens the database that renders.

        Args:
            sample: the tables, sorted by day.
            out: the folder.
            compress: gzip, names ending in `.csv.gz`.
            threads: of DuckDB; the bytes do not depend on it.
            mess: records and shapes that make the sample dirty.
        """
        self._sample, self._out, self._compress = sample, out, compress
        self._mess = mess or Mess()
        self._connection = render.connect(sample, threads)
        self._splices = _by_file(self._mess.splices)
        self.written = Written(dict.fromkeys((*TABLES, "date_dim"), 0))

    def write(self, *, split: bool = False, advance: Callable[[int], None] = lambda *_: None) -> Written:
        """Writes all files, with `split` a folder per day; `advance` gets the rows of each file written."""
        for file in self._files(split):
            self._write(file)
            self._finish(file.path)
            advance(len(file.rows["line"]))
        self._write_dates()
        self._connection.close()
        return self.written

    def _files(self, split: bool) -> Iterator[_File]:
        plan = self._sample.plan
        for table, rows in zip(TABLES, (self._sample.lines, self._sample.options), strict=True):
            if not split:
                yield _File(table, None, self._out / f"{table}.csv", rows)
                continue
            bounds = np.searchsorted(rows["day"], np.arange(plan.days + 1))
            for day in range(plan.days):
                path = self._out / plan.date_of(day).isoformat() / f"{table}.csv"
                yield _File(table, day, path, _slice(rows, bounds[day], bounds[day + 1]))

    def _write(self, file: _File) -> None:
        file.path.parent.mkdir(exist_ok=True)
        splices = self._splices.get((file.table, file.day), [])
        shape = self._mess.shapes.get((file.table, file.day), Shape())
        if splices:
            self._compose(file, splices)
        else:
            self._copy(file, file.rows, file.path, shape.columns)
            self.written.records[file.table] += len(file.rows["line"])
        if shape.crlf:
            file.path.write_bytes(file.path.read_bytes().replace(b"\n", b"\r\n"))

    def _copy(
        self, file: _File, rows: Columns, path: Path, columns: tuple[str, ...] = (), header: bool = True
    ) -> None:
        self._connection.register("part", rows)
        copy = (
            f"copy ({render.query(file.table, columns)}) to $path (format csv, header {str(header).lower()})"
        )
        self._connection.execute(copy, {"path": str(path)})

    def _compose(self, file: _File, splices: list[Splice]) -> None:
        """Puts records between the halves of a file, and notes their places."""
        part, half, number = self._out / folder.PARTS / "half.csv", len(file.rows["line"]) // 2, 0
        with file.path.open("wb") as target:
            target.write((",".join(render.HEADERS[file.table]) + "\n").encode())
            for place, rows in ((TOP, slice(0, half)), (MIDDLE, slice(half, None)), (END, slice(0, 0))):
                here = [splice for splice in splices if splice.place == place]
                number = self._splice(target, file, here, number)
                part_rows = _slice(file.rows, rows.start, rows.stop)
                self._copy(file, part_rows, part, header=False)
                with part.open("rb") as source:
                    shutil.copyfileobj(source, target)
                number += len(part_rows["line"])
        blank = sum(set(splice.text) == {","} for splice in splices)
        self.written.records[file.table] += number - blank

    def _splice(self, target: BinaryIO, file: _File, splices: list[Splice], number: int) -> int:
        for splice in splices:
            target.write((splice.text + "\n").encode())
            number += splice.text != ""
            if splice.reason:
                self._reject(file.path, number, splice.reason)
        return number

    def _reject(self, path: Path, number: int, reason: str) -> None:
        name = path.relative_to(self._out).as_posix() + (".gz" if self._compress else "")
        self.written.rejects.append({"file": name, "row_number": number, "reason": reason})

    def _write_dates(self) -> None:
        path = self._out / "date_dim.csv"
        header, rows, reasons = self._mess.dates or (
            list(calendar.DATE_DIM_HEADER),
            calendar.date_dim(self._sample.plan),
            {},
        )
        with path.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows([header, *rows])
        self.written.records["date_dim"] = sum(any(row) for row in rows)
        for number, reason in reasons.items():
            self._reject(path, number, reason)
        self._finish(path)

    def _finish(self, path: Path) -> None:
        if not self._compress:
            return
        packed = path.with_name(path.name + ".gz")
        # No name and no time inside: the same sample gives the same bytes.
        with (
            path.open("rb") as source,
            packed.open("wb") as raw,
            gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) as target,
        ):
            shutil.copyfileobj(source, target)
        path.unlink()


def _slice(rows: Columns, start: int | None, stop: int | None) -> Columns:
    return {name: column[start:stop] for name, column in rows.items()}


def _by_file(splices: tuple[Splice, ...]) -> dict[tuple[str, int | None], list[Splice]]:
    """Splices of each day's file, and under day None those of a table's only file, in the order of days."""
    files: dict[tuple[str, int | None], list[Splice]] = {}
    for splice in sorted(splices, key=lambda splice: splice.day):
        files.setdefault((splice.table, splice.day), []).append(splice)
        files.setdefault((splice.table, None), []).append(splice)
    return files
