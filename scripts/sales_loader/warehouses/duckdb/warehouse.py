"""The warehouse as a DuckDB file: one transaction per sales file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from sales_loader.contract import CARD, DATE_DIM, ORDER_ITEMS, SET_ASIDE, TABLES, Column, Table
from sales_loader.csv_files import csv_reader, raw_line
from sales_loader.errors import LoadedMeanwhileError, LoaderError
from sales_loader.privacy import HashPads, hash_sql
from sales_loader.reject_reasons import export_explained
from sales_loader.settings.business_calendar import BUSINESS_DATES_SQL, BusinessCalendar
from sales_loader.sources.local import changed_meanwhile
from sales_loader.warehouses import setting_aside
from sales_loader.warehouses.duckdb.database import explained, meanwhile, run_query
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

_Outcome = TypeVar("_Outcome")

_ROWS_AT_ONCE = 10_000  # of an export

_ORIGIN_COLUMNS = """_source_file varchar, _source_row_number bigint, _load_id bigint, _batch_id bigint,
    _loaded_at timestamp"""
_CREATE_SCHEMA = "create schema if not exists raw"
_CREATE_TABLE = "create table if not exists raw.{name} ({columns}, " + _ORIGIN_COLUMNS + ")"
_CREATE_LEDGER = """
    create table if not exists raw.load_files (
        load_id bigint, file_name varchar, sha256 varchar, table_name varchar, rows_read bigint,
        rows_landed bigint, rows_rejected bigint, first_business_date date, last_business_date date,
        batch_id bigint, loaded_at timestamp
    )"""
_CREATE_WITHDRAWN = """
    create table if not exists raw.withdrawn_files (
        load_id bigint, file_name varchar, sha256 varchar, table_name varchar, rows_read bigint,
        rows_landed bigint, rows_rejected bigint, first_business_date date, last_business_date date,
        batch_id bigint, loaded_at timestamp, withdrawn_at timestamp
    )"""
_CREATE_REMOVED = "create table if not exists raw.removed_orders (load_id bigint, order_id varchar)"
_CREATE_SET_ASIDE = """
    create table if not exists raw.set_aside_rows (
        file_name varchar, sha256 varchar, row_number bigint, reason varchar, set_aside_at timestamp
    )"""
_CREATE_VERSIONS = "create table if not exists raw.file_versions (load_id bigint, file_version varchar)"
_HAS_TABLE = "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = ?"
_VERSIONS = "select load_id, file_version from raw.file_versions"
_FORGET_VERSIONS = f"""
    delete from raw.file_versions
    where load_id in (select unnest($load_ids)) or load_id not in ({KNOWN_LOADS_SQL})"""
_INSERT_VERSIONS = "insert into raw.file_versions select unnest($load_ids), unnest($versions)"
_LEDGER = "select * from raw.load_files order by load_id desc"
_HELD_LOAD = "select * from raw.load_files where file_name = ?"
_WITHDRAWN = "select * from raw.withdrawn_files order by load_id desc"
_INSERT_WITHDRAWN = "insert into raw.withdrawn_files select *, ? from raw.load_files where load_id = ?"
_HELD_LOAD_ID = "select max(load_id) from raw.load_files where file_name = ?"
_INSERT_LEDGER = "insert into raw.load_files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE_LEDGER = "delete from raw.load_files where load_id = ?"

_INSERT_ROWS = """
    insert into raw.{table}
    select {values}, $file_name, record_number, $load_id, $batch_id, $loaded_at
    from {rows}
    where reason is null"""
_INSERT_REJECTED = """
    insert into raw.rejected_rows
    select '{table}', reason, {values}, $file_name, record_number, $load_id, $batch_id, $loaded_at
    from {rows}
    where reason is not null and is_filled"""
_WITH_SET_ASIDE = f"""(
    select * replace (
        case when reason is null and record_number in ({{numbers}}) then '{SET_ASIDE}' else reason end
            as reason
    )
    from {{rows}})"""
_LAST_LANDED = "select coalesce(max(_source_row_number), 0) from raw.{table} where _load_id = ?"
_DELETE_LOAD = "delete from raw.{table} where _load_id = ?"
_COUNT_LOAD = "select count(*) from raw.{table} where _load_id = ?"
_COUNT_REASONS = """
    select reason, count(*) from raw.rejected_rows where _load_id = ?
    group by reason order by count(*) desc, reason"""
_FIRST_AND_LAST = "select min(value), max(value) from ({values})"
_CALENDAR_DATES = "select distinct date_key as value from raw.date_dim where _load_id = {load_id}"

_WANTED = """
    from raw.rejected_rows
    where _source_file = coalesce($file_name, _source_file) and reason = coalesce($reason, reason)"""
_REJECT_COUNTS = "select reason, count(*)" + _WANTED + " group by reason order by count(*) desc, reason"
_EXPORT = "select *" + _WANTED + " order by _load_id, _source_row_number"
_REJECTED_ROWS = (
    "select _source_file, _source_row_number, table_name, reason, raw_line"
    + _WANTED
    + " order by _load_id, _source_row_number limit $limit"
)


class _RehearsedError(Exception):
    """Ends a transaction that was only a rehearsal."""

    def __init__(self, landed: Landed) -> None:
        super().__init__()
        self.landed = landed


class DuckDbWarehouse:
    """A warehouse in one DuckDB file, which is made by the first file that lands.

    Args:
        path: the database file.
        connect: opens it; called once, when it is first needed.
        calendar: gives business dates.
        pads: made from the key that card numbers are hashed with; None keeps no hash at all.
    """

    def __init__(
        self,
        path: Path,
        connect: Callable[[], duckdb.DuckDBPyConnection],
        calendar: BusinessCalendar | None = None,
        pads: HashPads | None = None,
    ) -> None:
        self.path = path
        self._connect = connect
        self._calendar = calendar or BusinessCalendar()
        self._pads = pads
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._is_new = False

    def loads(self) -> list[Load]:
        """The ledger, latest load first; empty when nothing was ever loaded."""
        if not self._has_ledger():
            return []
        return [Load(*row) for row in self._connection.execute(_LEDGER).fetchall()]

    def withdrawals(self) -> list[Withdrawal]:
        """All loads that were taken back, latest load first."""
        if not self._has_table("withdrawn_files"):
            return []
        rows = self._connection.execute(_WITHDRAWN).fetchall()
        return [Withdrawal(Load(*load), withdrawn_at) for *load, withdrawn_at in rows]

    def versions(self) -> dict[int, str]:
        """The version of each load's file when it was last read, by load_id, if known."""
        if not self._has_table("file_versions"):
            return {}
        return dict(self._connection.execute(_VERSIONS).fetchall())

    def save_versions(self, versions: Mapping[int, str]) -> None:
        """Save the versions of the files of some loads, in one transaction.

        Raises:
            LoaderError: the warehouse cannot be written.
        """
        self._in_transaction(lambda: self._save_versions(versions))

    def land(self, incoming: Incoming) -> Landed:
        """Land one file in one transaction, in place of an older version.

        Raises:
            RefusedFileError: the file cannot be read, or should not replace the older version.
            LoadedMeanwhileError: the ledger holds another load under the name than ``incoming.replaces``.
            LoaderError: the warehouse cannot be written.
        """
        return self._landed(incoming, self._land)

    def rehearse(self, incoming: Incoming) -> Landed:
        """What ``land`` would return or raise, from a transaction that is rolled back."""

        def land_in_vain(incoming: Incoming, spare: int) -> Landed:
            raise _RehearsedError(self._land(incoming, spare))

        try:
            return self._landed(incoming, land_in_vain)
        except _RehearsedError as rehearsed:
            return rehearsed.landed

    def adopt(self, load: Load, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Take over a load of another warehouse, with some columns of its rows, to compare a content with.

        Raises:
            LoaderError: the warehouse cannot be written.
        """

        def change() -> None:
            self._create_tables()
            self._connection.execute(_INSERT_LEDGER, list(vars(load).values()))
            if rows:
                values = ", ".join(["unnest(?)"] * len(columns))
                self._connection.execute(
                    f"insert into raw.{load.table_name} ({', '.join(columns)}, _load_id) select {values}, ?",
                    [*map(list, zip(*rows, strict=True)), load.load_id],
                )

        self._in_transaction(change)

    def withdraw(self, file_name: str, now: datetime) -> Load:
        """Take all rows of a file out of the raw tables, in one transaction; it stays in raw.withdrawn_files.

        Raises:
            LoaderError: no file of this name is in the warehouse, or it cannot be written.
        """
        return self._in_transaction(lambda: self._withdraw(file_name, now))

    def set_aside(self, file_name: str, rows: Sequence[int], reason: str, now: datetime) -> Load:
        """Put landed rows of a file among the rejected ones, in one transaction, under a new load_id.

        Raises:
            LoaderError: no such file or landed row is in the warehouse, or it cannot be written.
        """

        def change() -> Load:
            self._create_tables()
            return setting_aside.set_aside(self._engine, file_name, rows, reason, now)

        return self._in_transaction(change)

    def undo_set_aside(self, file_name: str, rows: Sequence[int]) -> None:
        """Forget that rows are set aside; they land when the file is loaded next.

        Raises:
            LoaderError: a row is not set aside, or the warehouse cannot be written.
        """

        def change() -> None:
            self._create_tables()
            setting_aside.undo(self._engine, file_name, rows)

        self._in_transaction(change)

    def set_aside_rows(self) -> list[SetAside]:
        """All rows that are set aside, in the order of file and row."""
        return setting_aside.decisions(self._run) if self._has_table("set_aside_rows") else []

    def set_aside_by_load(self) -> dict[int, set[int]]:
        """Numbers of the rows that are among the rejected ones because they are set aside, by load_id."""
        return setting_aside.rows_by_load(self._run) if self._has_ledger() else {}

    def shared_option_lines(self, load_ids: Sequence[int]) -> list[SharedLines]:
        """Order lines with options in more than one of some loads, most lines first."""
        rows = run_query(self._connection, shared_option_lines_sql(load_ids)).fetchall()
        return [SharedLines(*row) for row in rows]

    def reject_counts(self, wanted: RejectFilter) -> dict[str, int]:
        """Number of rejected rows by reason, most frequent first."""
        if not self._has_ledger():
            return {}
        return dict(self._connection.execute(_REJECT_COUNTS, vars(wanted)).fetchall())

    def rejected_rows(self, wanted: RejectFilter, limit: int) -> list[RejectedRow]:
        """Rejected rows in the order of load and row, at most ``limit``."""
        if not self._has_ledger():
            return []
        rows = self._connection.execute(_REJECTED_ROWS, vars(wanted) | {"limit": limit}).fetchall()
        return [RejectedRow(*row) for row in rows]

    def export_rejected_rows(self, wanted: RejectFilter, path: Path) -> int:
        """Write rejected rows and what their reasons mean to a CSV file; returns their number.

        Raises:
            LoaderError: nothing was ever loaded, or the file cannot be written.
        """
        if not self._has_ledger():
            raise LoaderError("Nothing was ever loaded: there is nothing to export.")
        found = run_query(self._connection, _EXPORT, vars(wanted))
        rows = chain.from_iterable(iter(lambda: found.fetchmany(_ROWS_AT_ONCE), []))
        return export_explained(path, [column[0] for column in found.description], rows)

    def close(self) -> None:
        """Close the warehouse; a new file in which nothing landed is removed."""
        if self._opened is None:
            return
        in_vain = self._is_new and not self._has_ledger()
        self._opened.close()
        self._opened = None
        if in_vain:
            self.path.unlink(missing_ok=True)

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._opened is None:
            self._is_new = not self.path.exists()
            self._opened = self._connect()
        return self._opened

    @property
    def _engine(self) -> setting_aside.Engine:
        return setting_aside.Engine(self._run, "?", self._first_and_last)

    def _run(self, statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        return run_query(self._connection, statement, list(parameters)).fetchall()

    def _has_ledger(self) -> bool:
        return self._has_table("load_files")

    def _has_table(self, name: str) -> bool:
        if self._opened is None and not self.path.exists():
            return False
        return bool(self._one(_HAS_TABLE, [name])[0])

    def _one(self, query: str, parameters: object = None) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = run_query(self._connection, query, parameters).fetchone()
        if row is None:
            raise LoaderError("The warehouse gave no answer; run the same command again.")
        return row

    def _in_transaction(self, change: Callable[[], _Outcome]) -> _Outcome:
        self._connection.execute("begin")
        try:
            outcome = change()
            run_query(self._connection, "commit")
        except duckdb.Error as error:
            self._roll_back()
            raise LoaderError(explained(error)) from error
        except BaseException:
            self._roll_back()
            raise
        return outcome

    def _roll_back(self) -> None:
        try:
            self._connection.execute("rollback")
        except duckdb.TransactionException:
            return  # DuckDB has already done so

    def _landed(self, incoming: Incoming, land: Callable[[Incoming, int], Landed]) -> Landed:
        try:
            return self._in_transaction(lambda: land(incoming, csv_reader.SPARE_COLUMNS))
        except csv_reader.SurplusRecordsError:
            # Only a strict pass over all cells of a row detects a stray quote.
            return self._in_transaction(lambda: land(incoming, csv_reader.MOST_SPARE_COLUMNS))

    def _land(self, incoming: Incoming, spare: int) -> Landed:
        self._create_tables()
        self._refuse_stale_knowledge(incoming)
        load_id = int(self._one(NEXT_LOAD_ID_SQL)[0])
        rows_read = self._insert_rows(incoming, load_id, spare)
        rows_landed, reasons = self._counts(incoming.layout.table, load_id)
        if incoming.file.stamp() != incoming.inspection.stamp:
            raise changed_meanwhile()
        if rows_read != rows_landed + sum(reasons.values()):
            raise LoaderError(
                f"{rows_read} rows were read, but {rows_landed} landed and {sum(reasons.values())} were "
                "rejected; nothing of the file was kept. Run the same command again."
            )
        taken_back = self._replace(incoming, incoming.replaces, load_id) if incoming.replaces else None
        load = self._enter_in_ledger(incoming, load_id, rows_landed, reasons)
        setting_aside.drop_decisions(self._engine, load)
        return Landed(load, reasons, taken_back)

    def _refuse_stale_knowledge(self, incoming: Incoming) -> None:
        # Another process may have made the warehouse after this one found none.
        known = incoming.replaces.load_id if incoming.replaces else None
        if self._one(_HELD_LOAD_ID, [incoming.file.name])[0] != known:
            raise LoadedMeanwhileError

    def _create_tables(self) -> None:
        self._connection.execute(_CREATE_SCHEMA)
        for table in TABLES:
            self._connection.execute(_CREATE_TABLE.format(name=table.name, columns=table.typed_columns))
        columns = "table_name varchar, reason varchar, raw_line varchar"
        self._connection.execute(_CREATE_TABLE.format(name="rejected_rows", columns=columns))
        self._connection.execute(_CREATE_LEDGER)
        self._connection.execute(_CREATE_WITHDRAWN)
        self._connection.execute(_CREATE_REMOVED)
        self._connection.execute(_CREATE_SET_ASIDE)
        self._connection.execute(_CREATE_VERSIONS)

    def _insert_rows(self, incoming: Incoming, load_id: int, spare: int) -> int:
        """Insert the good rows and the rejected ones; returns how many rows the file has."""
        file, layout = incoming.file, incoming.layout
        values = ", ".join(self._value_sql(column) for column in layout.table.columns)
        pads = self._pads._asdict() if self._pads and layout.table is ORDER_ITEMS else {}
        # Reading a file keeps one processor busy; another can count its rows.
        with meanwhile(
            self._connection, lambda other: csv_reader.last_rows(other, file, layout, spare)
        ) as last:
            self._insert(_INSERT_ROWS, values, incoming, load_id, pads, spare)
            records, last_uneven = last.result()
        last_landed = self._one(_LAST_LANDED.format(table=layout.table.name), [load_id])[0]
        may_be_cut = last_landed < records or last_uneven == records or not layout.ends_with_needed
        if records and may_be_cut:
            csv_reader.refuse_open_quote(self._connection, file, layout, spare, records)
        if records == self._counts(layout.table, load_id)[0]:
            return records
        self._insert(_INSERT_REJECTED, raw_line.sql(layout, spare), incoming, load_id, {}, spare)
        return records - csv_reader.count_blank_rows(self._connection, file, layout, spare)

    def _insert(
        self,
        statement: str,
        values: str,
        incoming: Incoming,
        load_id: int,
        pads: dict[str, bytes],
        spare: int,
    ) -> None:
        parameters = pads | {
            "file_name": incoming.file.name,
            "load_id": load_id,
            "batch_id": incoming.batch_id,
            "loaded_at": incoming.loaded_at,
        }
        rows = csv_reader.checked_rows_sql(incoming.file, incoming.layout, spare)
        if incoming.set_aside:
            rows = _WITH_SET_ASIDE.format(rows=rows, numbers=", ".join(map(str, incoming.set_aside)))
        query = statement.format(table=incoming.layout.table.name, values=values, rows=rows)
        with csv_reader.reading(incoming.file):
            run_query(self._connection, query, parameters)

    def _value_sql(self, column: Column) -> str:
        if column.kind is CARD and self._pads:
            return hash_sql(column.name, "$inner", "$outer")
        return column.kind.value.format(column.name)

    def _counts(self, table: Table, load_id: int) -> tuple[int, dict[str, int]]:
        rows_landed = int(self._one(_COUNT_LOAD.format(table=table.name), [load_id])[0])
        reasons = dict(self._connection.execute(_COUNT_REASONS, [load_id]).fetchall())
        return rows_landed, reasons

    def _replace(self, incoming: Incoming, old: Load, load_id: int) -> TakenBack:
        table = incoming.layout.table
        taken_back = self._taken_back(table, old, load_id) if table.name == old.table_name else None
        allowed = refuse_another_file(incoming, old, taken_back)
        self._delete(old.load_id, load_id)
        return allowed

    def _save_versions(self, versions: Mapping[int, str]) -> None:
        self._create_tables()
        load_ids = list(versions)
        self._connection.execute(_FORGET_VERSIONS, {"load_ids": load_ids})
        self._connection.execute(
            _INSERT_VERSIONS, {"load_ids": load_ids, "versions": list(versions.values())}
        )

    def _withdraw(self, file_name: str, now: datetime) -> Load:
        self._create_tables()
        held = self._connection.execute(_HELD_LOAD, [file_name]).fetchone()
        if held is None:
            raise not_there(file_name, "withdrawn")
        load = Load(*held)
        self._connection.execute(_INSERT_WITHDRAWN, [now, load.load_id])
        self._delete(load.load_id, int(self._one(NEXT_LOAD_ID_SQL)[0]))
        return load

    def _delete(self, load_id: int, change_id: int) -> None:
        self._connection.execute(removed_orders_sql(load_id, change_id))
        for name in (*(table.name for table in TABLES), "rejected_rows"):
            self._connection.execute(_DELETE_LOAD.format(table=name), [load_id])
        self._connection.execute(_DELETE_LEDGER, [load_id])

    def _taken_back(self, table: Table, old: Load, load_id: int) -> TakenBack:
        incoming = f"raw.{table.name} where _load_id = {load_id}"
        rows, orders, keys, kept_keys = map(int, self._one(taken_back_sql(table, old, incoming)))
        if table is not ORDER_ITEMS:
            return TakenBack(rows, orders, keys, kept_keys)
        query = DATES_TAKEN_BACK_SQL.format(
            old=_dates_sql(table, old.load_id), new=_dates_sql(table, load_id)
        )
        gone = run_query(self._connection, query, self._calendar.parameters()).fetchall()
        return TakenBack(rows, orders, keys, kept_keys, tuple(day for (day,) in gone))

    def _enter_in_ledger(
        self, incoming: Incoming, load_id: int, rows_landed: int, reasons: dict[str, int]
    ) -> Load:
        table = incoming.layout.table
        rows_rejected = sum(reasons.values())
        load = Load(
            load_id,
            incoming.file.name,
            incoming.inspection.sha256,
            table.name,
            rows_landed + rows_rejected,
            rows_landed,
            rows_rejected,
            *self._first_and_last(table, load_id),
            incoming.batch_id,
            incoming.loaded_at,
        )
        self._connection.execute(_INSERT_LEDGER, list(vars(load).values()))
        return load

    def _first_and_last(self, table: Table, load_id: int) -> tuple[Any, Any]:
        if table not in (ORDER_ITEMS, DATE_DIM):
            return None, None
        query = _FIRST_AND_LAST.format(values=_dates_sql(table, load_id))
        parameters = self._calendar.parameters() if table is ORDER_ITEMS else {}
        first, last = self._one(query, parameters)
        return first, last


def _dates_sql(table: Table, load_id: int) -> str:
    return (BUSINESS_DATES_SQL if table is ORDER_ITEMS else _CALENDAR_DATES).format(load_id=load_id)
