"""What the loader asks of a warehouse, and the records that pass between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from sales_loader.contract import Table
from sales_loader.errors import LoaderError, RefusedFileError
from sales_loader.files import SourceFile
from sales_loader.header import Layout
from sales_loader.inspection import Inspection


@dataclass(frozen=True)
class Load:
    """One row of the ledger ``raw.load_files``: a file whose rows are in the warehouse now.

    Attributes:
        load_id: 1, 2, 3, …; a later load has a higher one.
        file_name: the ledger's key.
        sha256: of the file's bytes, lower-case hex.
        table_name: raw table the rows are in.
        rows_read: records of the file, header and empty lines not counted; landed plus rejected.
        rows_landed: rows in the raw table.
        rows_rejected: rows in ``raw.rejected_rows``.
        first_business_date: earliest business date of the landed rows; None for options.
        last_business_date: latest one.
        batch_id: one per command.
        loaded_at: UTC, without a zone.
    """

    load_id: int
    file_name: str
    sha256: str
    table_name: str
    rows_read: int
    rows_landed: int
    rows_rejected: int
    first_business_date: date | None
    last_business_date: date | None
    batch_id: int
    loaded_at: datetime


@dataclass(frozen=True)
class Incoming:
    """A file that is ready to land.

    Attributes:
        file: where it is and what it is called.
        layout: its kind and where its columns are.
        inspection: hash and stamp.
        batch_id: of the command.
        loaded_at: UTC, without a zone.
        replaces: what the ledger holds under the same name.
        is_correction: take the file as a new version of ``replaces`` even if they have no day in common.
    """

    file: SourceFile
    layout: Layout
    inspection: Inspection
    batch_id: int
    loaded_at: datetime
    replaces: Load | None
    is_correction: bool


@dataclass(frozen=True)
class Landed:
    """A file that has landed, with its rejected rows counted by reason."""

    load: Load
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class RejectedRow:
    """A row that did not land; card numbers in ``raw_line`` are masked."""

    file_name: str
    row_number: int
    table_name: str
    reason: str
    raw_line: str


@dataclass(frozen=True)
class RejectFilter:
    """Which rejected rows to look at; None means all."""

    file_name: str | None = None
    reason: str | None = None


class Warehouse(Protocol):
    """A place where sales files land, each row exactly once."""

    def loads(self) -> list[Load]:
        """The ledger, latest load first; empty when nothing was ever loaded."""

    def versions(self) -> dict[int, str]:
        """How the file of a load looked when it was last read, by load_id, as far as that is known."""

    def remember(self, versions: Mapping[int, str]) -> None:
        """Keep how the files of some loads look, so that they need not be read again while they look so.

        Args:
            versions: by load_id; what was known of these loads is forgotten.

        Raises:
            LoaderError: the warehouse cannot be written.
        """

    def land(self, incoming: Incoming) -> Landed:
        """Land one file in one transaction, in place of an older version.

        Raises:
            RefusedFileError: the file cannot be read, or should not replace the older version.
            LoadedMeanwhileError: the ledger holds another load under the name than ``incoming.replaces``.
            LoaderError: the warehouse cannot be written.
        """

    def withdraw(self, file_name: str, now: datetime) -> Load:
        """Take all rows of a file out of the raw tables in one transaction; its load_id is never given again.

        Args:
            file_name: as the ledger names it.
            now: UTC, without a zone.

        Raises:
            LoaderError: no file of this name is in the warehouse, or it cannot be written.
        """

    def reject_counts(self, wanted: RejectFilter) -> dict[str, int]:
        """Number of rejected rows by reason, most frequent first."""

    def rejected_rows(self, wanted: RejectFilter, limit: int) -> list[RejectedRow]:
        """Rejected rows in the order of load and row, at most ``limit``."""

    def export_rejected_rows(self, wanted: RejectFilter, path: Path) -> int:
        """Write rejected rows with all their columns to a CSV file; returns their number."""

    def close(self) -> None:
        """Let go of the warehouse."""


def another_day(table: Table, old: Load) -> RefusedFileError:
    """The refusal of a file that shares nothing with what its name holds.

    Args:
        table: the raw table of the new file.
        old: what the ledger holds under the name.
    """
    days = f", {old.first_business_date} to {old.last_business_date}" if old.first_business_date else ""
    return RefusedFileError(
        f"its content shares no {table.sameness_word} with what this name holds ({old.rows_landed} rows of "
        f"{old.table_name}{days}): more likely a new file under an old name than a correction. "
        "Rename it, or pass --replace to put it in the place of the old one."
    )


def not_there(file_name: str) -> LoaderError:
    """The failure of taking back a file that is not in the ledger."""
    return LoaderError(
        f"No file named {file_name} is in the warehouse: nothing was withdrawn. "
        "`sales-loader status` shows the names."
    )
