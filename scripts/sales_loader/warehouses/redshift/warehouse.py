"""The warehouse on Amazon Redshift: rows are checked here, staged on S3, landed in one transaction a file."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from sales_loader.contract import ORDER_ITEM_OPTIONS, ORDER_ITEMS, TABLES, Table
from sales_loader.csv_files.file_lines import place_of_row
from sales_loader.errors import LoadedMeanwhileError, LoaderError, RefusedFileError
from sales_loader.events import Event, Level, Listener
from sales_loader.privacy import HashPads
from sales_loader.reject_reasons import export_explained
from sales_loader.settings.business_calendar import BusinessCalendar
from sales_loader.warehouses import setting_aside
from sales_loader.warehouses.duckdb.database import open_database
from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse
from sales_loader.warehouses.interface import (
    DATES_TAKEN_BACK_SQL,
    KNOWN_LOADS_SQL,
    NEXT_LOAD_ID_SQL,
    Incoming,
    Landed,
    Load,
    RejectedRow,
    RejectFilter,
    SetAside,
    SharedLines,
    TakenBack,
    Withdrawal,
    not_there,
    refuse_another_file,
    removed_orders_sql,
    shared_option_lines_sql,
    taken_back_sql,
)
from sales_loader.warehouses.redshift.business_dates import business_dates_sql
from sales_loader.warehouses.redshift.copying import Copier
from sales_loader.warehouses.redshift.parts import Parts, write_parts, write_rejected_parts
from sales_loader.warehouses.redshift.schema import (
    FILE_NAME_BYTES,
    LEDGER_COLUMNS,
    LOCK_TABLE,
    ORIGIN_COLUMNS,
    RAW_TABLES_THERE,
    REJECTED_COLUMNS,
    create_statements,
    raw_tables,
    table_columns,
)
from sales_loader.warehouses.redshift.session import ConflictError, RedshiftSession, Row, StatementError
from sales_loader.warehouses.redshift.settings import StagingSettings
from sales_loader.warehouses.redshift.staging import Staged, staged

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_Result = TypeVar("_Result")

_ATTEMPTS = 5
_FIRST_PAUSE_SECONDS = 0.5

_LEDGER_ROW = ", ".join(LEDGER_COLUMNS)
_LEDGER = f"select {_LEDGER_ROW} from raw.load_files order by load_id desc"
_HELD_LOAD_ID = "select max(load_id) from raw.load_files where file_name = %s"
_HELD_LOAD = f"select {_LEDGER_ROW} from raw.load_files where file_name = %s"
_WITHDRAWN = f"select {_LEDGER_ROW}, withdrawn_at from raw.withdrawn_files order by load_id desc"
_INSERT_WITHDRAWN = f"""
    insert into raw.withdrawn_files ({_LEDGER_ROW}, withdrawn_at)
    select {_LEDGER_ROW}, cast(%s as timestamp) from raw.load_files where load_id = %s"""
_INSERT_LEDGER = (
    f"insert into raw.load_files ({_LEDGER_ROW}) values ({', '.join(['%s'] * len(LEDGER_COLUMNS))})"
)
_VERSIONS = "select load_id, file_version from raw.file_versions"
_FORGET_GONE = f"delete from raw.file_versions where load_id not in ({KNOWN_LOADS_SQL})"
_FORGET_VERSIONS = "delete from raw.file_versions where load_id in ({load_ids})"
_INSERT_VERSIONS = "insert into raw.file_versions (load_id, file_version) values {rows}"
_ROWS_A_STATEMENT = 1000  # a statement takes some ten thousand parameters
_DELETE_LOAD = "delete from raw.{table} where _load_id = %s"
_DELETE_LEDGER = "delete from raw.load_files where load_id = %s"
_DATED = ("restaurant_id", "creation_time_utc")  # columns that give the business dates of order lines
_CREATE_STAGE = "create temporary table {stage} ({columns}, _source_row_number bigint)"
_INSERT_ROWS = """
    insert into raw.{table} ({columns}, {origin})
    select {columns}, cast(%s as varchar(1024)), _source_row_number, cast(%s as bigint), cast(%s as bigint),
        cast(%s as timestamp)
    from {stage}"""

_REJECT_COUNTS = "select reason, count(*) from raw.rejected_rows {wanted} group by reason order by 2 desc, 1"
_REJECTED_ROWS = """
    select {columns} from raw.rejected_rows {wanted} order by _load_id, _source_row_number {limit}"""
_SHOWN = "_source_file, _source_row_number, table_name, reason, raw_line"
_EXPORTED = (*REJECTED_COLUMNS, *ORIGIN_COLUMNS)


@dataclass(frozen=True)
class LandingSettings:
    """How files are landed.

    Attributes:
        staging: where rows wait for COPY, and the role that reads them.
        parallel: most parts a file is staged in, and uploads at a time.
        memory_limit: memory that DuckDB may use while it checks a file, as DuckDB writes it.
    """

    staging: StagingSettings
    parallel: int = 4
    memory_limit: str = "1GB"


@dataclass(frozen=True)
class _Checked:
    """A file whose rows are checked and lie on disk as parts."""

    incoming: Incoming
    landed: Landed
    rows: Parts
    rejected: Parts


class RedshiftWarehouse:
    """A warehouse in schema raw of a Redshift database.

    Args:
        session: the connection.
        s3: makes the client of S3 when it is first needed.
        settings: how files are landed; None for a warehouse that is only read.
        calendar: gives business dates.
        pads: made from the key that card numbers are hashed with; None keeps no hash at all.
        tell: called with what the user should know.
        pause: waits for so many seconds.
    """

    def __init__(
        self,
        session: RedshiftSession,
        s3: "Callable[[], S3Client]",
        settings: LandingSettings | None = None,
        calendar: BusinessCalendar | None = None,
        pads: HashPads | None = None,
        tell: Listener = lambda _: None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._session = session
        self._s3 = s3
        self._settings = settings
        self._calendar = calendar or BusinessCalendar()
        self._pads = pads
        self._tell = tell
        self._pause = pause
        self._is_complete = False

    def loads(self) -> list[Load]:
        """The ledger, latest load first; empty when nothing was ever loaded."""
        if not self._has_ledger():
            return []
        return [Load(*row) for row in self._session.rows(_LEDGER)]

    def withdrawals(self) -> list[Withdrawal]:
        """All loads that were taken back, latest load first."""
        if not self._has_table("withdrawn_files"):
            return []
        rows = self._session.rows(_WITHDRAWN)
        return [Withdrawal(Load(*load), withdrawn_at) for *load, withdrawn_at in rows]

    def versions(self) -> dict[int, str]:
        """The version of each load's file when it was last read, by load_id, if known."""
        if not self._has_table("file_versions"):
            return {}
        return dict(self._session.rows(_VERSIONS))

    def save_versions(self, versions: Mapping[int, str]) -> None:
        """Save the versions of the files of some loads, in one transaction.

        Raises:
            LoaderError: Redshift cannot be written.
        """
        self._alone(lambda: self._save_versions(versions))

    def land(self, incoming: Incoming) -> Landed:
        """Land one file in one transaction, in place of an older version.

        Raises:
            RefusedFileError: the file cannot be read, or should not replace the older version.
            LoadedMeanwhileError: the ledger holds another load under the name than ``incoming.replaces``.
            LoaderError: S3 or Redshift cannot be written.
        """
        settings = self._landing_settings(incoming)
        self.create_tables()
        with TemporaryDirectory(prefix="sales-loader-") as folder:
            scratch = self._scratch(Path(folder), settings)
            checked = _checked(replace(incoming, replaces=None), scratch, Path(folder), settings)
            checked = replace(checked, incoming=incoming)
            tables = (checked.rows, checked.rejected)
            staging, parallel = settings.staging, settings.parallel
            with staged(self._s3(), staging.location, tables, parallel, self._warn) as on_s3:
                return self._land_in_turn(checked, on_s3, staging.copy_role)

    def rehearse(self, incoming: Incoming) -> Landed:
        """What ``land`` would return or raise, found on this machine from the rows on Redshift."""
        settings, old = self._landing_settings(incoming), incoming.replaces
        with TemporaryDirectory(prefix="sales-loader-") as folder:
            scratch = self._scratch(Path(folder), settings)
            if old:
                table = next(table for table in TABLES if table.name == old.table_name)
                columns = table.key + (_DATED if table is ORDER_ITEMS else ())
                query = f"select {', '.join(columns)} from raw.{table.name} where _load_id = {old.load_id}"
                scratch.adopt(old, columns, self._session.rows(query))
            return _checked(incoming, scratch, Path(folder), settings).landed

    def withdraw(self, file_name: str, now: datetime) -> Load:
        """Take all rows of a file out of the raw tables, in one transaction; it stays in raw.withdrawn_files.

        Raises:
            LoaderError: no file of this name is in the warehouse, or Redshift cannot be written.
        """
        return self._alone(lambda: self._withdraw(file_name, now))

    def set_aside(self, file_name: str, rows: Sequence[int], reason: str, now: datetime) -> Load:
        """Put landed rows of a file among the rejected ones, in one transaction, under a new load_id.

        Raises:
            LoaderError: no such file or landed row is in the warehouse, or Redshift cannot be written.
        """
        return self._alone(lambda: setting_aside.set_aside(self._engine, file_name, rows, reason, now))

    def undo_set_aside(self, file_name: str, rows: Sequence[int]) -> None:
        """Forget that rows are set aside; they land when the file is loaded next.

        Raises:
            LoaderError: a row is not set aside, or Redshift cannot be written.
        """
        self._alone(lambda: setting_aside.undo(self._engine, file_name, rows))

    def set_aside_rows(self) -> list[SetAside]:
        """All rows that are set aside, in the order of file and row."""
        return setting_aside.decisions(self._session.rows) if self._has_table("set_aside_rows") else []

    def set_aside_by_load(self) -> dict[int, set[int]]:
        """Numbers of the rows that are among the rejected ones because they are set aside, by load_id."""
        return setting_aside.rows_by_load(self._session.rows) if self._has_ledger() else {}

    def shared_option_lines(self, load_ids: Sequence[int]) -> list[SharedLines]:
        """Order lines with options in more than one of some loads, most lines first."""
        return [SharedLines(*map(int, row)) for row in self._session.rows(shared_option_lines_sql(load_ids))]

    def reject_counts(self, wanted: RejectFilter) -> dict[str, int]:
        """Number of rejected rows by reason, most frequent first."""
        if not self._has_ledger():
            return {}
        where, parameters = _where(wanted)
        return dict(self._session.rows(_REJECT_COUNTS.format(wanted=where), parameters))

    def rejected_rows(self, wanted: RejectFilter, limit: int) -> list[RejectedRow]:
        """Rejected rows in the order of load and row, at most ``limit``."""
        if not self._has_ledger():
            return []
        return [RejectedRow(*row) for row in self._rejected(wanted, _SHOWN, f"limit {int(limit)}")]

    def export_rejected_rows(self, wanted: RejectFilter, path: Path) -> int:
        """Write rejected rows and what their reasons mean to a CSV file; returns their number.

        Raises:
            LoaderError: nothing was ever loaded, or the file cannot be written.
        """
        if not self._has_ledger():
            raise LoaderError("Nothing was ever loaded: there is nothing to export.")
        rows = self._rejected(wanted, ", ".join(_EXPORTED), "")
        return export_explained(path, _EXPORTED, rows)

    def create_tables(self) -> None:
        """Create what is missing of schema raw.

        Raises:
            LoaderError: something is missing and cannot be created.
        """
        if self._is_complete:
            return
        there = {name for (name,) in self._session.rows(RAW_TABLES_THERE)}
        if not there.issuperset(raw_tables()):
            self._repeatedly(self._create_tables, StatementError)  # another loader may be about it too
        self._is_complete = True

    def _create_tables(self) -> None:
        for statement in create_statements():
            self._session.run(statement)

    def close(self) -> None:
        """Close the warehouse."""
        self._session.close()

    @property
    def _engine(self) -> setting_aside.Engine:
        return setting_aside.Engine(self._run, "%s", self._first_and_last)

    def _run(self, statement: str, parameters: Sequence[object]) -> list[Row]:
        if statement.lstrip().startswith("select"):
            return self._session.rows(statement, parameters)
        self._session.run(statement, parameters)
        return []

    def _first_and_last(self, table: Table, load_id: int) -> tuple[Any, Any]:
        source, condition = f"raw.{table.name}", f"_load_id = {load_id}"
        if table is ORDER_ITEM_OPTIONS:
            return None, None
        values = (
            business_dates_sql(self._calendar, source, condition)
            if table is ORDER_ITEMS
            else f"select date_key as value from {source} where {condition}"
        )
        first, last = self._session.rows(f"select min(value), max(value) from ({values}) as dates")[0]
        return first, last

    def _alone(self, change: Callable[[], _Result]) -> _Result:
        """Change what was loaded under the lock of loads; try again after a conflict."""

        def locked() -> _Result:
            self._session.run(f"lock {LOCK_TABLE}")
            return change()

        self.create_tables()
        return self._repeatedly(lambda: self._in_transaction(locked), ConflictError)

    def _landing_settings(self, incoming: Incoming) -> LandingSettings:
        if self._settings is None:
            raise LoaderError("This warehouse was opened to be read only.")
        if len(incoming.file.name.encode()) > FILE_NAME_BYTES:
            raise RefusedFileError(f"its name is longer than {FILE_NAME_BYTES} bytes. Give it a shorter one.")
        return self._settings

    def _scratch(self, folder: Path, settings: LandingSettings) -> DuckDbWarehouse:
        """A warehouse that rows are checked in."""
        path = folder / "scratch.duckdb"
        connect = partial(open_database, path, settings.memory_limit, read_only=False)
        return DuckDbWarehouse(path, connect, self._calendar, self._pads)

    def _has_ledger(self) -> bool:
        return self._has_table("load_files")

    def _has_table(self, name: str) -> bool:
        return (name,) in self._session.rows(RAW_TABLES_THERE)

    def _rejected(self, wanted: RejectFilter, columns: str, limit: str) -> list[Row]:
        where, parameters = _where(wanted)
        return self._session.rows(
            _REJECTED_ROWS.format(columns=columns, wanted=where, limit=limit), parameters
        )

    def _warn(self, message: str) -> None:
        self._tell(Event(Level.WARNING, "staged_rows_left", message))

    def _land_in_turn(self, checked: _Checked, on_s3: Staged, role: str) -> Landed:
        """Run the transaction, and again after a conflict with another one, a few times."""
        try:
            return self._repeatedly(
                lambda: self._in_transaction(
                    lambda: self._transaction(checked, Copier(self._session, on_s3, role))
                ),
                ConflictError,
            )
        except ConflictError as error:
            raise LoaderError(
                f"{error}. It was tried {_ATTEMPTS} times; nothing of the file was kept. Run the same "
                "command again when nobody else writes schema raw."
            ) from None

    def _repeatedly(self, action: Callable[[], _Result], error: type[Exception]) -> _Result:
        """Retry after an error, a few times, with growing random pauses."""
        for attempt in range(_ATTEMPTS - 1):
            try:
                return action()
            except error:
                self._pause(_FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))
        return action()

    def _in_transaction(self, change: Callable[[], _Result]) -> _Result:
        self._session.run("begin")
        try:
            result = change()
            self._session.run("commit")
        except BaseException:
            self._session.roll_back()
            raise
        return result

    def _transaction(self, checked: _Checked, copier: Copier) -> Landed:
        incoming = checked.incoming
        # First, as the transaction sees the warehouse as of its next statement.
        self._session.run(f"lock {LOCK_TABLE}")
        self._refuse_stale_knowledge(incoming)
        load = replace(checked.landed.load, load_id=int(self._session.value(NEXT_LOAD_ID_SQL)))
        self._insert(checked.rows, table_columns(incoming.layout.table), load, copier)
        self._insert(checked.rejected, REJECTED_COLUMNS, load, copier)
        taken_back = None
        if incoming.replaces:
            taken_back = self._replace(incoming, incoming.replaces, load.load_id, checked.rows)
        for parts in (checked.rows, checked.rejected):
            if parts.rows:
                self._session.run(f"drop table {_stage(parts)}")
        self._session.run(_INSERT_LEDGER, list(vars(load).values()))
        setting_aside.drop_decisions(self._engine, load)
        return replace(checked.landed, load=load, taken_back=taken_back)

    def _refuse_stale_knowledge(self, incoming: Incoming) -> None:
        known = incoming.replaces.load_id if incoming.replaces else None
        if self._session.value(_HELD_LOAD_ID, [incoming.file.name]) != known:
            raise LoadedMeanwhileError

    def _insert(self, parts: Parts, columns: dict[str, str], load: Load, copier: Copier) -> None:
        if not parts.rows:
            return
        stage = _stage(parts)
        typed = ", ".join(f"{name} {sql_type}" for name, sql_type in columns.items())
        self._session.run(_CREATE_STAGE.format(stage=stage, columns=typed))
        copier.copy(parts, stage)
        statement = _INSERT_ROWS.format(
            table=parts.table, columns=", ".join(columns), origin=", ".join(ORIGIN_COLUMNS), stage=stage
        )
        self._session.run(statement, [load.file_name, load.load_id, load.batch_id, load.loaded_at])

    def _replace(self, incoming: Incoming, old: Load, load_id: int, rows: Parts) -> TakenBack:
        table = incoming.layout.table
        taken_back = self._taken_back(table, old, rows) if table.name == old.table_name else None
        allowed = refuse_another_file(incoming, old, taken_back)
        self._delete(old.load_id, load_id)
        return allowed

    def _save_versions(self, versions: Mapping[int, str]) -> None:
        self._session.run(_FORGET_GONE)
        rows = list(versions.items())
        for start in range(0, len(rows), _ROWS_A_STATEMENT):
            some = rows[start : start + _ROWS_A_STATEMENT]
            load_ids = ", ".join(str(load_id) for load_id, _ in some)
            self._session.run(_FORGET_VERSIONS.format(load_ids=load_ids))
            marks = ", ".join(["(%s, %s)"] * len(some))
            self._session.run(_INSERT_VERSIONS.format(rows=marks), [value for row in some for value in row])

    def _withdraw(self, file_name: str, now: datetime) -> Load:
        held = self._session.rows(_HELD_LOAD, [file_name])
        if not held:
            raise not_there(file_name, "withdrawn")
        load = Load(*held[0])
        self._session.run(_INSERT_WITHDRAWN, [now, load.load_id])
        self._delete(load.load_id, int(self._session.value(NEXT_LOAD_ID_SQL)))
        return load

    def _delete(self, load_id: int, change_id: int) -> None:
        self._session.run(removed_orders_sql(load_id, change_id))
        for name in (*(table.name for table in TABLES), "rejected_rows"):
            self._session.run(_DELETE_LOAD.format(table=name), [load_id])
        self._session.run(_DELETE_LEDGER, [load_id])

    def _taken_back(self, table: Table, old: Load, rows: Parts) -> TakenBack:
        # Without a row there is no staged table.
        source, condition = (_stage(rows), "1 = 1") if rows.rows else (f"raw.{table.name}", "1 = 0")
        counts = self._session.rows(taken_back_sql(table, old, f"{source} where {condition}"))[0]
        lost, orders, keys, kept_keys = map(int, counts)
        if table is not ORDER_ITEMS:
            return TakenBack(lost, orders, keys, kept_keys)
        query = DATES_TAKEN_BACK_SQL.format(
            old=business_dates_sql(self._calendar, "raw.order_items", f"_load_id = {old.load_id}"),
            new=business_dates_sql(self._calendar, source, condition),
        )
        gone = tuple(day for (day,) in self._session.rows(query))
        return TakenBack(lost, orders, keys, kept_keys, gone)


def _checked(
    incoming: Incoming, scratch: DuckDbWarehouse, folder: Path, settings: LandingSettings
) -> _Checked:
    """Check a file's rows in a warehouse of its own, and write them as parts.

    Raises:
        RefusedFileError: the file cannot be read, holds a text that no column on Redshift can, or should not
            replace what the warehouse holds under its name.
        LoaderError: the disk or the memory is not enough.
    """
    with closing(scratch):
        landed = scratch.land(incoming)
    with closing(open_database(scratch.path, settings.memory_limit, read_only=False)) as rows:
        return _Checked(
            incoming,
            landed,
            write_parts(
                rows,
                incoming.layout.table,
                folder,
                settings.parallel,
                partial(place_of_row, incoming.file),
            ),
            write_rejected_parts(rows, folder, settings.parallel),
        )


def _stage(parts: Parts) -> str:
    return f"staged_{parts.table}"


def _where(wanted: RejectFilter) -> tuple[str, list[object]]:
    conditions = {"_source_file = %s": wanted.file_name, "reason = %s": wanted.reason}
    given = {condition: value for condition, value in conditions.items() if value is not None}
    return ("where " + " and ".join(given) if given else ""), list(given.values())
