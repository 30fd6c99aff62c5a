"""COPY of staged parts into a temporary table, and what went wrong with it in words."""

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

from sales_loader.errors import LoaderError
from sales_loader.privacy import quoted
from sales_loader.warehouses.redshift.parts import Parts
from sales_loader.warehouses.redshift.session import ConflictError, RedshiftSession, StatementError
from sales_loader.warehouses.redshift.staging import Staged

# Values are exact already, so nothing is guessed, truncated or skipped; the table needs no statistics.
# An empty field is null: without NULL AS a text that reads \N would be.
_COPY = """
    copy {stage} ({columns}) from '{manifest}' iam_role {role}
    manifest gzip csv null as '' dateformat 'YYYY-MM-DD' timeformat 'YYYY-MM-DD HH:MI:SS'
    maxerror 0 compupdate off statupdate off"""
_FAULTS = """
    select trim(file_name), line_number, trim(column_name), trim(column_type), trim(error_message)
    from sys_load_error_detail
    where query_id = {query_id} or position('{prefix}' in file_name) > 0
    order by start_time desc limit 1"""


class Copier:
    """Copies what is staged for one source file.

    Args:
        session: connection to Redshift, inside a transaction.
        staged: where the parts are.
        role: ARN of the role that COPY takes, or ``default``.
    """

    def __init__(self, session: RedshiftSession, staged: Staged, role: str) -> None:
        self._session = session
        self._staged = staged
        self._role = role

    def copy(self, parts: Parts, stage: str) -> None:
        """Copy the parts of one table into a stage table, all of them or none.

        Raises:
            LoaderError: COPY was refused, or copied another number of rows.
            ConflictError: another transaction was in the way.
        """
        statement = _COPY.format(
            stage=stage,
            columns=", ".join(parts.columns),
            manifest=self._staged.manifests[parts.table],
            role=self._role if self._role == "default" else f"'{self._role}'",
        )
        try:
            self._session.run(statement)
        except ConflictError:
            raise
        except StatementError as error:
            raise LoaderError(self._explained(error, parts)) from None
        copied = self._session.value("select pg_last_copy_count()")
        if copied != parts.rows:
            raise LoaderError(
                f"{parts.rows} rows of {parts.table} were staged, but COPY took {copied}; nothing of the "
                "file was kept. Run the same command again."
            )

    def _explained(self, error: StatementError, parts: Parts) -> str:
        self._session.roll_back()
        query_id = self._session.value("select pg_last_copy_id()")
        prefix = self._staged.location.key
        faults = self._session.rows(_FAULTS.format(query_id=query_id, prefix=prefix))
        if not faults:
            return f"COPY into {parts.table} failed; {error}. Nothing of the file was kept."
        part, line_number, column, column_type, reason = faults[0]
        cell = _cell(parts, part, line_number, column)
        return (
            f"COPY into {parts.table} failed in {cell} of column {column} ({column_type}), line "
            f"{line_number} of {Path(part).name}: {reason}. Nothing of the file was kept."
        )


def _cell(parts: Parts, part: str, line_number: int, column: str) -> str:
    """The value at which COPY failed and its row in the source file, as far as they are known."""
    path = next((path for path in parts.paths if path.name == Path(part).name), None)
    record = _record_at(path, line_number) if path else None
    if record is None or len(record) != len(parts.columns):
        return "a value"
    value = record[parts.columns.index(column)] if column in parts.columns else ""
    return f"row {record[-1]}, value {quoted(value)}"


def _record_at(path: Path, line_number: int) -> Sequence[str] | None:
    """The record of a part that a line is in; a quoted cell may hold several lines."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            reader = csv.reader(stream)
            return next((record for record in reader if reader.line_num >= line_number), None)
    except (OSError, EOFError, csv.Error):
        return None
