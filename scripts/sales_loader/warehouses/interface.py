"""The interface of a warehouse, and the records that pass through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from sales_loader.contract import Table
from sales_loader.csv_files.header import Layout
from sales_loader.csv_files.inspection import Inspection
from sales_loader.errors import LoaderError, RefusedFileError
from sales_loader.sources.local import SourceFile


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
class Withdrawal:
    """One row of ``raw.withdrawn_files``: a load that was taken back.

    Attributes:
        load: its row of the ledger as it was.
        withdrawn_at: UTC, without a zone.
    """

    load: Load
    withdrawn_at: datetime


@dataclass(frozen=True)
class SetAside:
    """One row of ``raw.set_aside_rows``: a row of a file that an operator wants among the rejected ones.

    Attributes:
        file_name: as the ledger names it.
        sha256: of the content that the decision is about.
        row_number: of the row, from 1.
        reason: the operator's words.
        set_aside_at: UTC, without a zone.
    """

    file_name: str
    sha256: str
    row_number: int
    reason: str
    set_aside_at: datetime


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
        set_aside: numbers of rows to reject whatever they hold.
        is_correction: take the file as a new version of ``replaces`` whatever that takes away.
    """

    file: SourceFile
    layout: Layout
    inspection: Inspection
    batch_id: int
    loaded_at: datetime
    replaces: Load | None
    is_correction: bool
    set_aside: frozenset[int] = frozenset()


@dataclass(frozen=True)
class TakenBack:
    """What a replacement takes away: rows of the old content that the new one does not bring again.

    Attributes:
        rows: their number; of a key that comes with fewer rows than before, those that are missing.
        orders: number of orders they are of; 0 where the rows are of no order.
        keys: number of the old content's keys (``Table.key``).
        kept_keys: how many of them are in the new content.
        dates: business dates that only the old content has, in order; none for options and calendars.
    """

    rows: int
    orders: int
    keys: int
    kept_keys: int
    dates: tuple[date, ...] = ()

    @property
    def is_correction(self) -> bool:
        """Whether the new content looks like a new version of the old one, not like another file."""
        return not self.dates and 2 * self.kept_keys >= self.keys

    def __bool__(self) -> bool:
        return bool(self.rows or self.dates)

    def __str__(self) -> str:
        parts = [counted(self.rows, "row") + (f" of {counted(self.orders, 'order')}" if self.orders else "")]
        if self.dates:
            named = [str(day) for day in self.dates[:_MOST_DATES]]
            more = ["…"] if len(self.dates) > _MOST_DATES else []
            parts.append(f"{counted(len(self.dates), 'business date')} ({', '.join(named + more)})")
        return " and ".join(parts)

    def facts(self) -> dict[str, object]:
        """The same for programs; JSON types only."""
        return {"rows": self.rows, "orders": self.orders, "dates": [str(day) for day in self.dates]}


def counted(count: int, noun: str) -> str:
    """A number with its noun, such as ``1 row`` or ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


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
class SharedLines:
    """Order lines with options in two loads, of which those of the later one count.

    Attributes:
        earlier_load_id: the load whose options do not count.
        later_load_id: the latest load with options of these lines.
        lines: their number.
    """

    earlier_load_id: int
    later_load_id: int
    lines: int


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

    def withdrawals(self) -> list[Withdrawal]:
        """All loads that were taken back, latest load first."""

    def versions(self) -> dict[int, str]:
        """The version of each load's file when it was last read, by load_id, if known."""

    def save_versions(self, versions: Mapping[int, str]) -> None:
        """Save the versions of the files of some loads, which need not be read again until they change.

        Args:
            versions: by load_id; earlier versions of these loads are dropped.

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

    def rehearse(self, incoming: Incoming) -> Landed:
        """What ``land`` would return or raise; nothing is written."""

    def withdraw(self, file_name: str, now: datetime) -> Load:
        """Take all rows of a file out of the raw tables in one transaction; its load_id is never given again.

        Args:
            file_name: as the ledger names it.
            now: UTC, without a zone.

        Raises:
            LoaderError: no file of this name is in the warehouse, or it cannot be written.
        """

    def set_aside(self, file_name: str, rows: Sequence[int], reason: str, now: datetime) -> Load:
        """Put landed rows of a file among the rejected ones, in one transaction.

        Args:
            file_name: as the ledger names it.
            rows: their numbers.
            reason: the operator's words.
            now: UTC, without a zone.

        Returns:
            The file's row of the ledger, under a new load_id.

        Raises:
            LoaderError: no file of this name is in the warehouse, a row is not among its landed ones, or the
                warehouse cannot be written.
        """

    def undo_set_aside(self, file_name: str, rows: Sequence[int]) -> None:
        """Forget that rows are set aside; they land when the file is loaded next.

        Raises:
            LoaderError: a row is not set aside, or the warehouse cannot be written.
        """

    def set_aside_rows(self) -> list[SetAside]:
        """All rows that are set aside, in the order of file and row."""

    def set_aside_by_load(self) -> dict[int, set[int]]:
        """Numbers of the rows that are among the rejected ones because they are set aside, by load_id."""

    def shared_option_lines(self, load_ids: Sequence[int]) -> list[SharedLines]:
        """Order lines with options in more than one of some loads, most lines first."""

    def reject_counts(self, wanted: RejectFilter) -> dict[str, int]:
        """Number of rejected rows by reason, most frequent first."""

    def rejected_rows(self, wanted: RejectFilter, limit: int) -> list[RejectedRow]:
        """Rejected rows in the order of load and row, at most ``limit``."""

    def export_rejected_rows(self, wanted: RejectFilter, path: Path) -> int:
        """Write rejected rows with all their columns and what the reason means to a CSV file."""

    def close(self) -> None:
        """Close the warehouse."""


_MOST_DATES = 5
KNOWN_LOADS_SQL = "select load_id from raw.load_files union all select load_id from raw.withdrawn_files"
# The number of a change is never given again, not even that of the latest load after it was withdrawn.
NEXT_LOAD_ID_SQL = (
    "select coalesce(max(load_id), 0) + 1 "
    f"from ({KNOWN_LOADS_SQL} union all select load_id from raw.removed_orders) as known"
)
# Orders that the new load holds too are found by its rows.
_REMOVED_ORDERS = """
    insert into raw.removed_orders (load_id, order_id)
    select {load_id}, order_id
    from (
        select order_id from raw.order_items where _load_id = {old_load_id}
        union
        select order_id from raw.order_item_options where _load_id = {old_load_id}
    ) as old_orders
    where order_id not in (
        select order_id from raw.order_items where _load_id = {load_id}
        union all
        select order_id from raw.order_item_options where _load_id = {load_id}
    )"""

# Old rows against new ones by key; keys are never null.
_TAKEN_BACK = """
    select
        coalesce(sum(lost), 0), count(distinct case when lost > 0 then {order} end), count(*), count(brought)
    from (
        select
            {key},
            brought,
            case when brought is null then held when held > brought then held - brought else 0 end as lost
        from (
            select {key}, count(*) as held from raw.{table} where _load_id = {load_id} group by {key}
        ) as old_rows
        left join (select {key}, count(*) as brought from {incoming} group by {key}) as new_rows using ({key})
    ) as compared"""
_SHARED_OPTION_LINES = """
    select load_id, latest_load_id, count(*)
    from (
        select distinct
            options._load_id as load_id, latest.load_id as latest_load_id,
            options.order_id, options.lineitem_id
        from raw.order_item_options as options
        inner join (
            select order_id, lineitem_id, max(_load_id) as load_id
            from raw.order_item_options
            where _load_id in ({load_ids})
            group by order_id, lineitem_id
            having min(_load_id) < max(_load_id)
        ) as latest on options.order_id = latest.order_id and options.lineitem_id = latest.lineitem_id
        where options._load_id in ({load_ids}) and options._load_id < latest.load_id
    ) as shared
    group by load_id, latest_load_id
    order by count(*) desc, load_id, latest_load_id"""
DATES_TAKEN_BACK_SQL = "select value from (({old}) except ({new})) as gone order by value"


def removed_orders_sql(old_load_id: int, load_id: int) -> str:
    """SQL that notes which orders lose rows when a load goes; run before its rows are deleted.

    Args:
        old_load_id: the load that goes.
        load_id: the one in its place; of a withdrawal, a number that no load has.
    """
    return _REMOVED_ORDERS.format(old_load_id=old_load_id, load_id=load_id)


def shared_option_lines_sql(load_ids: Sequence[int]) -> str:
    """SQL of ``SharedLines``, most lines first."""
    return _SHARED_OPTION_LINES.format(load_ids=", ".join(map(str, load_ids)))


def taken_back_sql(table: Table, old: Load, incoming: str) -> str:
    """SQL of the four numbers of ``TakenBack``.

    Args:
        table: of both contents.
        old: what the ledger holds under the name.
        incoming: SQL of a relation with the rows of the new content.
    """
    order = "order_id" if "order_id" in table.key else "cast(null as varchar(1))"
    key = ", ".join(table.key)
    return _TAKEN_BACK.format(order=order, key=key, table=table.name, load_id=old.load_id, incoming=incoming)


def refuse_another_file(incoming: Incoming, old: Load, taken_back: TakenBack | None) -> TakenBack:
    """Refuse new content that is more likely another file under an old name than a correction.

    Args:
        incoming: the new file, and whether it may replace the old one whatever that takes away.
        old: what the ledger holds under the name.
        taken_back: what replacing it would take away; None when it is of another table.

    Returns:
        What replacing it takes away: everything where it is of another table.

    Raises:
        RefusedFileError: it is no correction.
    """
    may_replace = incoming.is_correction or not old.rows_landed
    if taken_back is None:
        held = f"{counted(old.rows_landed, 'row')} of {old.table_name}"
        found = f"it is a file of {incoming.layout.table.name}, this name holds {held}"
        taken_back = TakenBack(old.rows_landed, 0, old.rows_landed, 0)
    else:
        may_replace = may_replace or taken_back.is_correction
        found = (
            f"it would take away {taken_back} of what this name holds, and brings only "
            f"{taken_back.kept_keys:,} of its {taken_back.keys:,} {incoming.layout.table.key_word} again"
        )
    if may_replace:
        return taken_back
    raise RefusedFileError(
        f"{found}: more likely another file under an old name than a correction. Give each delivery a name "
        "of its own (a folder a day will do), or pass --replace to put it in the place of the old one."
    )


def not_there(file_name: str, done: str) -> LoaderError:
    """The failure of changing a file that is not in the ledger."""
    return LoaderError(
        f"No file named {file_name} is in the warehouse: nothing was {done}. "
        "`sales-loader status` shows the names."
    )
