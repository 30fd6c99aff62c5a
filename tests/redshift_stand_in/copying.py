"""COPY in a session: the files from S3, the rows into PostgreSQL, the outcome into the system tables."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from . import messages
from .backend import Backend, Gone
from .copy_command import CopyCommand
from .copy_data import CopyData, CopyFailed, LoadError, TargetColumn, read_copy
from .faults import INTERNAL_ERROR, Moment
from .refusal import Refusal
from .system_views import Load, record_load

if TYPE_CHECKING:
    from .proxy import Services

_NO_SUCH_COLUMN = "42703"


class Copying:
    """Runs the COPYs of one session.

    Args:
        backend: the session's own connection, so that a COPY is part of its transaction.
        services: what sessions share.
    """

    def __init__(self, backend: Backend, services: "Services") -> None:
        self._backend = backend
        self._services = services
        self._failed_id = 0

    def run(self, command: CopyCommand) -> None:
        """Load rows.

        Raises:
            Refusal: the role or the files do not allow it, or a row is bad.
            ServerError: PostgreSQL refuses, the table not being there for example.
            Gone: the connection is to be lost.
        """
        self._services.faults.check_role(command.iam_role)
        columns, table_id = self._target(command)
        load = Load(
            query_id=next(self._services.query_ids),
            session_id=self._backend.session_id,
            table_id=table_id,
            table_name=command.table,
            data_source=command.source,
            start_time=_now(),
        )
        errors: tuple[LoadError, ...] = ()
        try:
            data = read_copy(command, columns, self._services.s3())
            errors = data.errors
            self._load(command, data)
            load.status, load.loaded_rows, load.source_file_count = "completed", data.rows, len(data.files)
            self._settle(load)
        except CopyFailed as failed:
            errors = failed.errors
            self._failed_id = load.query_id
            raise Refusal(failed.message, code=INTERNAL_ERROR) from failed
        finally:
            load.end_time, load.error_count = _now(), len(errors)
            with closing(self._services.postgres.connect()) as admin:
                record_load(admin, load, errors)

    def remember(self) -> None:
        """Tell PostgreSQL about a COPY that failed, once its transaction is over and cannot undo that."""
        if self._failed_id and self._backend.status == messages.IDLE:
            self._backend.query(f"select set_config('rs.last_copy_id', '{self._failed_id}', false)")
            self._failed_id = 0

    def _target(self, command: CopyCommand) -> tuple[list[TargetColumn], int]:
        """The columns that the COPY fills, and the table's number."""
        table = _literal(_table(command))
        rows = self._backend.query(
            "select attname, format_type(atttypid, atttypmod), attrelid::bigint from pg_catalog.pg_attribute "
            f"where attrelid = {table}::regclass and attnum > 0 and not attisdropped order by attnum"
        )
        types = {str(name): str(kind) for name, kind, _ in rows}
        for name in command.columns:
            if name not in types:
                message = f'column "{name}" of relation "{command.table}" does not exist'
                raise Refusal(message, code=_NO_SUCH_COLUMN)
        names = command.columns or tuple(types)
        return [TargetColumn(name, types[name]) for name in names], int(rows[0][2] or 0)

    def _load(self, command: CopyCommand, data: CopyData) -> None:
        if not command.no_load:
            columns = ", ".join(_identifier(name) for name in command.columns)
            into = f"{_table(command)} ({columns})" if columns else _table(command)
            self._backend.copy_in(f"copy {into} from stdin", self._payload(data))

    def _payload(self, data: CopyData) -> Iterator[bytes]:
        """The rows, or a part of them when the connection is to be lost."""
        fault = self._services.faults.met(Moment.COPY)
        for chunk in data.payload:
            if fault:
                yield chunk[: chunk.find(b"\n") + 1]
                raise fault.error or Gone
            yield chunk

    def _settle(self, load: Load) -> None:
        self._backend.query(
            f"select set_config('rs.last_copy_id', '{load.query_id}', false), "
            f"set_config('rs.last_copy_count', '{load.loaded_rows}', false)"
        )


def _table(command: CopyCommand) -> str:
    return ".".join(_identifier(name) for name in (command.schema, command.table) if name)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
