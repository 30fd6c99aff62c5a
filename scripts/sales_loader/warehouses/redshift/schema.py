"""The raw tables on Redshift, and the rights that others need on them."""

from collections.abc import Iterator

from sales_loader.contract import BLANK_IS_FALSE, CARD, CURRENCY, TABLES, TEXT, TRUE_OR_FALSE, Column, Table

LONGEST_TEXT = 65_535  # bytes: of a column on Redshift
FILE_NAME_BYTES = 1024  # the longest key on S3
LOCK_TABLE = "raw.load_lock"  # held while a file lands
DAILY_LOCK_TABLE = "raw.daily_lock"  # held for a whole daily run
LOCK_TABLES = (LOCK_TABLE, DAILY_LOCK_TABLE)
RAW_TABLES_THERE = "select table_name from information_schema.tables where table_schema = 'raw'"

REJECTED_COLUMNS = {
    "table_name": "varchar(64)",
    "reason": "varchar(64)",
    "raw_line": f"varchar({LONGEST_TEXT})",
}
ORIGIN_COLUMNS = {
    "_source_file": f"varchar({FILE_NAME_BYTES})",
    "_source_row_number": "bigint",
    "_load_id": "bigint",
    "_batch_id": "bigint",
    "_loaded_at": "timestamp",
}
LEDGER_COLUMNS = {
    "load_id": "bigint",
    "file_name": f"varchar({FILE_NAME_BYTES})",
    "sha256": "varchar(64)",
    "table_name": "varchar(64)",
    "rows_read": "bigint",
    "rows_landed": "bigint",
    "rows_rejected": "bigint",
    "first_business_date": "date",
    "last_business_date": "date",
    "batch_id": "bigint",
    "loaded_at": "timestamp",
}
VERSION_COLUMNS = {"load_id": "bigint", "file_version": "varchar(256)"}
SET_ASIDE_COLUMNS = {
    "file_name": f"varchar({FILE_NAME_BYTES})",
    "sha256": "varchar(64)",
    "row_number": "bigint",
    "reason": "varchar(512)",
    "set_aside_at": "timestamp",
}
REMOVED_COLUMNS = {"load_id": "bigint", "order_id": "varchar(64)"}
WITHDRAWN_COLUMNS = LEDGER_COLUMNS | {"withdrawn_at": "timestamp"}
# A replaced file and the loads that are new are both looked up by load.
_BY_LOAD = "diststyle auto sortkey (_load_id)"
_SMALL = "diststyle auto"


def column_type(column: Column) -> str:
    """Type of a raw column, with its length in bytes."""
    if column.kind is CARD:
        return "varchar(64)"
    if column.kind is CURRENCY:
        return "varchar(3)"
    if column.kind in (BLANK_IS_FALSE, TRUE_OR_FALSE):
        return "boolean"
    return f"varchar({column.max_bytes or LONGEST_TEXT})" if column.kind is TEXT else column.kind.sql_type


def table_columns(table: Table) -> dict[str, str]:
    """Types of a raw table's own columns by name, in order."""
    return {column.target: column_type(column) for column in table.columns}


def create_statements() -> Iterator[str]:
    """Statements that create what is missing of schema raw; each may be run any number of times."""
    yield "create schema if not exists raw"
    for table in TABLES:
        yield _create(f"raw.{table.name}", table_columns(table) | ORIGIN_COLUMNS, _BY_LOAD)
    yield _create("raw.rejected_rows", REJECTED_COLUMNS | ORIGIN_COLUMNS, _SMALL)
    yield _create("raw.load_files", LEDGER_COLUMNS, _SMALL)
    yield _create("raw.withdrawn_files", WITHDRAWN_COLUMNS, _SMALL)
    yield _create("raw.removed_orders", REMOVED_COLUMNS, "diststyle auto sortkey (load_id)")
    yield _create("raw.set_aside_rows", SET_ASIDE_COLUMNS, _SMALL)
    yield _create("raw.file_versions", VERSION_COLUMNS, _SMALL)
    # Locks are on tables that nobody reads, so that the ledger stays readable while others wait.
    for name in LOCK_TABLES:
        yield _create(name, {"nothing": "bigint"}, _SMALL)


def raw_tables() -> tuple[str, ...]:
    """Names of all tables in schema raw."""
    own = (
        "rejected_rows",
        "load_files",
        "withdrawn_files",
        "removed_orders",
        "set_aside_rows",
        "file_versions",
    )
    return (*(table.name for table in TABLES), *own, *(lock.removeprefix("raw.") for lock in LOCK_TABLES))


def grants(loader: str, dbt: str, bi: str) -> str:
    """SQL that gives each user the rights it needs, to be run by an administrator.

    Args:
        loader: user that loads files.
        dbt: user that builds the models.
        bi: user, or ``role`` and a role, that reads the marts.
    """
    return f"""\
-- The loader writes schema raw, and stages rows in temporary tables.
grant usage, create on schema raw to {loader};
grant select, insert, delete on all tables in schema raw to {loader};
grant update on {", ".join(LOCK_TABLES)} to {loader};

-- dbt reads schema raw and makes the schemas of the models.
grant usage on schema raw to {dbt};
grant select on all tables in schema raw to {dbt};
create schema if not exists staging authorization {dbt};
create schema if not exists intermediate authorization {dbt};
create schema if not exists marts authorization {dbt};
create schema if not exists snapshots authorization {dbt};

-- Redshift lets everybody make tables in schema public. Nothing here needs it.
revoke create on schema public from public;

-- BI tools read the marts and nothing else. dbt grants each table when it is told REDSHIFT_BI_GRANTEE.
grant usage on schema marts to {bi};
"""


def _create(name: str, columns: dict[str, str], layout: str) -> str:
    listed = ", ".join(f"{column} {sql_type}" for column, sql_type in columns.items())
    return f"create table if not exists {name} ({listed}) {layout}"
