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
        is_correction: take the file as a new version of ``replaces`` whatever that takes away.
    """

    file: SourceFile
    layout: Layout
    inspection: Inspection
    batch_id: int
    loaded_at: datetime
    replaces: Load | None
    is_correction: bool


@dataclass(frozen=True)
class TakenBack:
    """What a replacement takes away: rows of the old content whose keys the new one does not bring again.

    Attributes:
        rows: their number.
        keys: number of the old content's keys (``Table.key``).
        kept_keys: how many of them are in the new content.
        dates: number of business dates that only the old content has; 0 for options and calendars.
        first_date: the earliest of them.
        last_date: the latest of them.
    """

    rows: int
    keys: int
    kept_keys: int
    dates: int = 0
    first_date: date | None = None
    last_date: date | None = None

    @property
    def is_correction(self) -> bool:
        """Whether the new content looks like a new version of the old one, not like another file."""
        return self.dates == 0 and 2 * self.kept_keys >= self.keys

    def __str__(self) -> str:
        rows = f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}"
        if not self.dates:
            return rows
        span = f"{self.first_date}" if self.dates == 1 else f"{self.first_date} to {self.last_date}"
        return f"{rows} and {self.dates:,} business {'date' if self.dates == 1 else 'dates'} ({span})"


@dataclass(frozen=True)
class Landed:
    """A file that has landed.

    Attributes:
        load: its row of the ledger.
        reasons: rejected rows by reason.
        taken_back: what the old content of its name held and this one does not; None when it held nothing.
    """

    load: Load
    reasons: Mapping[str, int]
    taken_back: TakenBack | None = None


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


# The old content's keys that the new one brings again, and what is left over; keys are never null.
TAKEN_BACK_SQL = """
    select
        coalesce(sum(case when is_kept is null then row_count else 0 end), 0), count(*), count(is_kept)
    from (
        select {key}, count(*) as row_count from raw.{table} where _load_id = {load_id} group by {key}
    ) as held
    left join (select distinct {key}, 1 as is_kept from {incoming}) as brought using ({key})"""
DATES_TAKEN_BACK_SQL = "select count(*), min(value), max(value) from (({old}) except ({new})) as gone"


def taken_back_sql(table: Table, old: Load, incoming: str) -> str:
    """SQL of the first three numbers of ``TakenBack``.

    Args:
        table: of both contents.
        old: what the ledger holds under the name.
        incoming: SQL of a relation with the rows of the new content.
    """
    return TAKEN_BACK_SQL.format(
        key=", ".join(table.key), table=table.name, load_id=old.load_id, incoming=incoming
    )


def refuse_another_file(table: Table, old: Load, taken_back: TakenBack | None) -> None:
    """Refuse new content that is more likely another file under an old name than a correction.

    Args:
        table: the raw table of the new file.
        old: what the ledger holds under the name.
        taken_back: what replacing it would take away; None when it is of another table.

    Raises:
        RefusedFileError: it is no correction.
    """
    if taken_back is None:
        found = f"it is a file of {table.name}, this name holds {old.rows_landed:,} rows of {old.table_name}"
    elif taken_back.is_correction:
        return
    else:
        found = (
            f"it would take away {taken_back} of what this name holds, and brings only "
            f"{taken_back.kept_keys:,} of its {taken_back.keys:,} {table.key_word} again"
        )
    raise RefusedFileError(
        f"{found}: more likely another file under an old name than a correction. Give each delivery a name "
        "of its own (a folder a day will do), or pass --replace to put it in the place of the old one."
    )


def not_there(file_name: str) -> LoaderError:
    """The failure of taking back a file that is not in the ledger."""
    return LoaderError(
        f"No file named {file_name} is in the warehouse: nothing was withdrawn. "
        "`sales-loader status` shows the names."
    )
