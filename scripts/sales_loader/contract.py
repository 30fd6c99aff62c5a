"""The three kinds of sales file: columns, types, limits and reasons to reject a row.

Everything the loader knows about the content of a file stands here. The SQL expressions that convert and
check a cell are made from it, so a rule is written once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WRONG_FIELD_COUNT = "wrong_field_count"
MANGLED_ID = "mangled_id"
TOO_LONG = "too_long"
SET_ASIDE = "set_aside"  # the reason of a row that an operator set aside, whatever its content
ID_BYTES = 64
NAME_BYTES = 512

# Space, tab, line feed, vertical tab, form feed, carriage return; the no-break space is not white space.
WHITE_SPACE = " \t\n\v\f\r"
_WHITE_SPACE_SQL = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)"

# trim() with a list of characters is slow; a cell whose ends are both above the space needs none of it.
_TRIMMED = (
    "nullif(case when {0} >= '!' and {0}[-1] >= '!' then {0} else trim({0}, "
    + _WHITE_SPACE_SQL
    + ") end, '')"
)

_NULL = r"lower({0}) = 'null' or {0} = '\N'"


@dataclass(frozen=True)
class Kind:
    """How one kind of cell becomes a value.

    Attributes:
        sql_type: type of the column in the raw table.
        value: SQL of the value; ``{0}`` stands for the trimmed cell, null when blank.
        check: SQL that is true for a good cell and false or null for a bad one.
    """

    sql_type: str
    value: str = "{0}"
    check: str = "true"


TEXT = Kind("varchar")
# A spreadsheet makes 6.13E+23 of a long id; what is as long as the platform's own ids is none of those.
ID = Kind(
    "varchar",
    check=r"case when {0} is null or strlen({0}) >= 24 then true"
    r" else not regexp_full_match({0}, '\d+\.?\d*E[+-]?\d+') end",
)
CARD = Kind("varchar", "null")  # only its keyed hash is kept, with a key: see privacy.hash_sql
TIME = Kind(
    "timestamp",
    "try_cast({0} as timestamp)",
    r"regexp_full_match({0}, '\d{{4}}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{{1,6}})?Z')"
    " and try_cast({0} as timestamp) >= timestamp '1990-01-01'",  # older is a zero written as a date
)
PRICE = Kind(
    "decimal(18,4)",
    "try_cast({0} as decimal(18,4))",
    r"regexp_full_match({0}, '[+-]?(\d+\.?\d{{0,4}}|\.\d{{1,4}})')"
    " and try_cast({0} as decimal(18,4)) is not null",
)
QUANTITY = Kind("bigint", "try_cast({0} as bigint)", r"regexp_full_match({0}, '[+-]?\d{{1,9}}(\.0+)?')")
BLANK_IS_FALSE = Kind(
    "boolean",
    "coalesce(lower({0}) = 'true', false)",
    "{0} is null or lower({0}) in ('true', 'false')",
)
TRUE_OR_FALSE = Kind("boolean", "lower({0}) = 'true'", "lower({0}) in ('true', 'false')")
CURRENCY = Kind("varchar", "upper({0})", "regexp_full_match({0}, '[A-Za-z]{{3}}')")
DATE = Kind(
    "date",
    "try_strptime({0}, '%d-%m-%Y')::date",
    r"regexp_full_match({0}, '\d\d-\d\d-\d{{4}}')"
    " and try_strptime({0}, '%d-%m-%Y') >= timestamp '0001-01-01'",
)


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes:
        name: name in the file's header, in lower case.
        kind: what its cells hold.
        max_bytes: longest trimmed value in UTF-8 bytes, or None for no limit.
        raw_name: name in the raw table, where it differs.
    """

    name: str
    kind: Kind = TEXT
    max_bytes: int | None = None
    raw_name: str = ""

    @property
    def target(self) -> str:
        """Name of the column in the raw table."""
        return self.raw_name or self.name


@dataclass(frozen=True)
class Table:
    """One kind of file and the raw table it lands in.

    Attributes:
        name: the raw table.
        columns: columns of the file, in the raw table's order.
        checks: (reason, column) in the order in which reasons apply; a reason that begins with ``missing``
            rejects a blank cell, any other one a cell that fails its kind's check.
        key: raw columns that identify one thing in the file; a corrected file brings half of them again, or
            more.
        key_word: name of that thing, in the plural.
    """

    name: str
    columns: tuple[Column, ...]
    checks: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    key_word: str

    @property
    def reasons(self) -> tuple[str, ...]:
        """All reasons to reject a row of this table, in the order in which they apply."""
        too_long = (TOO_LONG,) if any(column.max_bytes for column in self.columns) else ()
        return (WRONG_FIELD_COUNT, *dict.fromkeys(reason for reason, _ in self.checks), *too_long)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns whose cells may not be missing at a row's end: those that no good row leaves blank."""
        kinds = {column.name: column.kind for column in self.columns}
        may_be_blank = (ID, BLANK_IS_FALSE)
        return tuple(
            dict.fromkeys(
                name
                for reason, name in self.checks
                if reason.startswith("missing_") or kinds[name] not in may_be_blank
            )
        )

    @property
    def column_names(self) -> tuple[str, ...]:
        """Header names in lower case."""
        return tuple(column.name for column in self.columns)

    @property
    def typed_columns(self) -> str:
        """SQL of the raw table's columns with their types."""
        return ", ".join(f"{column.target} {column.kind.sql_type}" for column in self.columns)


ORDER_ITEMS = Table(
    "order_items",
    (
        Column("app_name", max_bytes=NAME_BYTES),
        Column("restaurant_id", ID, ID_BYTES),
        Column("creation_time_utc", TIME),
        Column("order_id", ID, ID_BYTES),
        Column("user_id", ID, ID_BYTES),
        Column("printed_card_number", CARD, raw_name="printed_card_number_hash"),
        Column("is_loyalty", BLANK_IS_FALSE),
        Column("currency", CURRENCY),
        Column("lineitem_id", ID, ID_BYTES),
        Column("item_category", max_bytes=NAME_BYTES),
        Column("item_name", max_bytes=NAME_BYTES),
        Column("item_price", PRICE),
        Column("item_quantity", QUANTITY),
    ),
    (
        ("missing_order_id", "order_id"),
        ("missing_lineitem_id", "lineitem_id"),
        ("missing_restaurant_id", "restaurant_id"),
        *((MANGLED_ID, name) for name in ("order_id", "lineitem_id", "restaurant_id", "user_id")),
        ("bad_creation_time", "creation_time_utc"),
        ("bad_item_price", "item_price"),
        ("bad_item_quantity", "item_quantity"),
        ("bad_is_loyalty", "is_loyalty"),
        ("bad_currency", "currency"),
    ),
    key=("order_id", "lineitem_id"),
    key_word="order lines",
)
ORDER_ITEM_OPTIONS = Table(
    "order_item_options",
    (
        Column("order_id", ID, ID_BYTES),
        Column("lineitem_id", ID, ID_BYTES),
        Column("option_group_name", max_bytes=NAME_BYTES),
        Column("option_name", max_bytes=NAME_BYTES),
        Column("option_price", PRICE),
        Column("option_quantity", QUANTITY),
    ),
    (
        ("missing_order_id", "order_id"),
        ("missing_lineitem_id", "lineitem_id"),
        *((MANGLED_ID, name) for name in ("order_id", "lineitem_id")),
        ("bad_option_price", "option_price"),
        ("bad_option_quantity", "option_quantity"),
    ),
    key=("order_id",),
    key_word="orders",
)
DATE_DIM = Table(
    "date_dim",
    (
        Column("date_key", DATE),
        Column("year"),
        Column("month"),
        Column("week"),
        Column("day_of_week"),
        Column("is_weekend"),
        Column("is_holiday", TRUE_OR_FALSE),
        Column("holiday_name"),
    ),
    (("bad_date_key", "date_key"), ("bad_is_holiday", "is_holiday")),
    key=("date_key",),
    key_word="dates",
)
TABLES = (ORDER_ITEMS, ORDER_ITEM_OPTIONS, DATE_DIM)


def trimmed_sql(cell: str) -> str:
    """SQL of a cell without the white space around it, null when nothing is left.

    Example:
        ``trimmed_sql("f0")`` over ``' a '`` gives ``'a'``, over ``' '`` gives null.
    """
    return _TRIMMED.format(cell)


def written_sql(column: Column) -> str:
    """SQL of a column's trimmed cell, null where a program wrote a word for nothing.

    Example:
        over ``'Null'`` it gives null; over ``'n/a'`` or ``'000'`` only for an id.
    """
    cell = column.name
    if column.kind is not ID:
        return f"case when strlen({cell}) <= 4 and ({_NULL.format(cell)}) then null else {cell} end"
    return (
        f"case when strlen({cell}) > 4 and {cell} >= '1' then {cell} when {_NULL.format(cell)}"
        f" or lower({cell}) in ('none', 'nan', 'n/a') or trim({cell}, '0') = '' then null else {cell} end"
    )


def reason_sql(table: Table, cells: dict[str, str], wrong_field_count: str) -> str:
    """SQL of the first reason to reject a row, null for a good row.

    Args:
        table: the kind of file.
        cells: SQL of each trimmed cell by column name.
        wrong_field_count: SQL condition that the record has too few or too many fields.
    """
    branches = [f"when {wrong_field_count} then '{WRONG_FIELD_COUNT}'"]
    branches += [f"when {condition} then '{reason}'" for reason, condition in _conditions(table, cells)]
    return f"case {' '.join(branches)} end"


def _conditions(table: Table, cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    kinds = {column.name: column.kind for column in table.columns}
    for reason, name in table.checks:
        if reason.startswith("missing_"):
            yield reason, f"{cells[name]} is null"
        else:
            yield reason, f"({kinds[name].check.format(cells[name])}) is not true"
    limits = [f"strlen({cells[c.name]}) > {c.max_bytes}" for c in table.columns if c.max_bytes]
    if limits:
        yield TOO_LONG, " or ".join(limits)


def expected_headers(tables: Sequence[Table] = TABLES) -> str:
    """Text that names the header of each kind of file, for messages."""
    return "; ".join(f"{table.name}: {', '.join(table.column_names).upper()}" for table in tables)
