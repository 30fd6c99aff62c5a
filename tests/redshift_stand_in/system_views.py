"""Redshift's system tables and views, and what the stand-in writes into them: see system_views.sql."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from .copy_errors import LoadError
from .sql_files import created, read

SQL = read("system_views")
SYSTEM_VIEWS = created(SQL, "view") - {"columns"}
"""Names of system tables and views that are in schema rs."""
SYSTEM_FUNCTIONS = created(SQL, "function")
"""Names of functions about them that are in schema rs."""
COLUMNS_VIEW = "columns"
"""What stands in for information_schema.columns."""


@dataclass
class Load:
    """A COPY, as sys_load_history tells it."""

    query_id: int
    session_id: int
    table_id: int
    table_name: str
    data_source: str
    start_time: datetime
    end_time: datetime | None = None
    status: str = "aborted"
    loaded_rows: int = 0
    source_file_count: int = 0
    error_count: int = 0


def record_load(admin: Connection, load: Load, errors: Sequence[LoadError]) -> None:
    """Write a load and its errors where the session's own rollback does not reach them."""
    values = vars(load)
    with admin.cursor() as cursor:
        columns, places = ", ".join(values), ", ".join(["%s"] * len(values))
        cursor.execute(f"insert into rs.loads ({columns}) values ({places})", list(values.values()))
        rows = [(load.query_id, *astuple(error)) for error in errors]
        cursor.executemany("insert into rs.load_errors values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)
