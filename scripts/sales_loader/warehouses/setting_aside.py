"""Single rows of a landed file that an operator sets aside, as long as the file's content is the same."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sales_loader.contract import CARD, ID_BYTES, SET_ASIDE, TABLES, Table
from sales_loader.errors import LoaderError
from sales_loader.privacy import masked
from sales_loader.warehouses.interface import NEXT_LOAD_ID_SQL, Load, SetAside, not_there, removed_orders_sql

Run = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

_DECISIONS = """
    select file_name, sha256, row_number, reason, set_aside_at from raw.set_aside_rows
    order by file_name, sha256, row_number"""
_DROP = "delete from raw.set_aside_rows where file_name = {mark} and sha256 <> {mark}"
_BY_LOAD = f"select _load_id, _source_row_number from raw.rejected_rows where reason = '{SET_ASIDE}'"
_ORIGIN = ("_source_file", "_source_row_number", "_load_id", "_batch_id", "_loaded_at")
_REJECTED = ("table_name", "reason", "raw_line")
_LEDGER = tuple(field.name for field in fields(Load))
_24_HEXADECIMAL_DIGITS = re.compile("[0-9A-Fa-f]{24}")


@dataclass(frozen=True)
class Engine:
    """What differs between the warehouses.

    Attributes:
        run: runs a statement with parameters; the rows of a query.
        mark: how a parameter is written.
        first_and_last: first and last date of a load's rows in a raw table.
    """

    run: Run
    mark: str
    first_and_last: Callable[[Table, int], tuple[Any, Any]]

    def insert(self, table: str, columns: Sequence[str], values: Sequence[object]) -> None:
        """Insert one row."""
        marks = ", ".join([self.mark] * len(values))
        self.run(f"insert into raw.{table} ({', '.join(columns)}) values ({marks})", values)


def set_aside(engine: Engine, file_name: str, rows: Sequence[int], reason: str, now: datetime) -> Load:
    """Enter a file's load again under another load_id, with some of its landed rows among the rejected ones.

    Args:
        engine: the warehouse, in a transaction that nobody else writes in.
        file_name: as the ledger names it.
        rows: their numbers.
        reason: the operator's words.
        now: UTC, without a zone.

    Raises:
        LoaderError: there is no such file, or one of the rows is not among its landed ones.
    """
    held = _held(engine, file_name)
    table = next(table for table in TABLES if table.name == held.table_name)
    lines = _lines(engine, table, held, rows)
    if missing := sorted(set(rows) - set(lines)):
        raise LoaderError(
            f"{file_name}: row {', '.join(map(str, missing))} is not among its landed rows: nothing was set "
            f"aside. The file has rows 1 to {held.rows_read}; `sales-loader rejects --file` shows those that "
            "did not land."
        )
    load_id = int(engine.run(NEXT_LOAD_ID_SQL, ())[0][0])
    for statement in _moving(table, held.load_id, load_id, lines):
        engine.run(statement, ())
    for row, (line, batch_id, loaded_at) in lines.items():
        origin = (file_name, row, load_id, batch_id, loaded_at)
        engine.insert("rejected_rows", _REJECTED + _ORIGIN, (table.name, SET_ASIDE, line, *origin))
        decision = SetAside(file_name, held.sha256, row, reason, now)
        engine.insert("set_aside_rows", tuple(vars(decision)), tuple(vars(decision).values()))
    first, last = engine.first_and_last(table, load_id)
    load = replace(
        held,
        load_id=load_id,
        rows_landed=held.rows_landed - len(lines),
        rows_rejected=held.rows_rejected + len(lines),
        first_business_date=first,
        last_business_date=last,
    )
    engine.insert("load_files", _LEDGER, tuple(vars(load).values()))
    return load


def undo(engine: Engine, file_name: str, rows: Sequence[int]) -> None:
    """Forget that rows of a file are set aside: they come back when the file is read again.

    Raises:
        LoaderError: one of the rows is not set aside.
    """
    decided = {one.row_number for one in decisions(engine.run) if one.file_name == file_name}
    if missing := sorted(set(rows) - decided):
        raise LoaderError(
            f"{file_name}: row {', '.join(map(str, missing))} is not set aside: nothing was changed. "
            f"`sales-loader rejects --reason {SET_ASIDE}` shows the rows that are."
        )
    numbers = ", ".join(map(str, rows))
    engine.run(
        f"delete from raw.set_aside_rows where file_name = {engine.mark} and row_number in ({numbers})",
        (file_name,),
    )


def drop_decisions(engine: Engine, load: Load) -> None:
    """Forget rows that were set aside in another content of a file."""
    engine.run(_DROP.format(mark=engine.mark), (load.file_name, load.sha256))


def rows_by_load(run: Run) -> dict[int, set[int]]:
    """Numbers of the rows that are among the rejected ones by decision, by load_id."""
    found: dict[int, set[int]] = {}
    for load_id, row in run(_BY_LOAD, ()):
        found.setdefault(load_id, set()).add(row)
    return found


def decisions(run: Run) -> list[SetAside]:
    """All rows that are set aside, in the order of file and row."""
    return [SetAside(*row) for row in run(_DECISIONS, ())]


def _held(engine: Engine, file_name: str) -> Load:
    query = f"select {', '.join(_LEDGER)} from raw.load_files where file_name = {engine.mark}"
    held = engine.run(query, (file_name,))
    if not held:
        raise not_there(file_name, "set aside")
    return Load(*held[0])


def _lines(
    engine: Engine, table: Table, held: Load, rows: Sequence[int]
) -> Mapping[int, tuple[str, int, datetime]]:
    """Text, batch_id and loaded_at of landed rows by their number."""
    columns = ", ".join(column.target for column in table.columns)
    found = engine.run(
        f"select {columns}, _source_row_number, _batch_id, _loaded_at from raw.{table.name} "
        f"where _load_id = {held.load_id} and _source_row_number in ({', '.join(map(str, rows))}) "
        "order by _source_row_number",
        (),
    )
    return {row: (_line(table, cells), batch_id, at) for *cells, row, batch_id, at in found}


def _line(table: Table, cells: Sequence[object]) -> str:
    """A landed row as one CSV line; its card number was never kept."""
    text = io.StringIO(newline="")
    shown = (
        ""
        if value is None or column.kind is CARD
        else _shown(_as_written(value), column.max_bytes == ID_BYTES)
        for column, value in zip(table.columns, cells, strict=True)
    )
    csv.writer(text, lineterminator="").writerow(shown)
    return text.getvalue()


def _as_written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value)


def _shown(text: str, is_id: bool) -> str:
    return text if is_id and _24_HEXADECIMAL_DIGITS.fullmatch(text) else masked(text)


def _moving(table: Table, old: int, new: int, rows: Mapping[int, object]) -> Iterator[str]:
    """Statements that give rows of a load another load_id, all but some landed ones."""
    origin = ", ".join(str(new) if name == "_load_id" else name for name in _ORIGIN)
    kept = f"_source_row_number not in ({', '.join(map(str, rows))})"
    names = tuple(column.target for column in table.columns)
    for name, columns, condition in ((table.name, names, kept), ("rejected_rows", _REJECTED, "1 = 1")):
        listed = ", ".join(columns)
        yield (
            f"insert into raw.{name} ({listed}, {', '.join(_ORIGIN)}) "
            f"select {listed}, {origin} from raw.{name} where _load_id = {old} and {condition}"
        )
    yield removed_orders_sql(old, new)
    for name in (table.name, "rejected_rows"):
        yield f"delete from raw.{name} where _load_id = {old}"
    yield f"delete from raw.load_files where load_id = {old}"
