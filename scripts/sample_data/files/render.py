"""Turns numbers into the export's texts, in SQL: one record per row, in the tables' order.

Texts are looked up in lists, not joined, since a join need not keep the order of rows.
"""

from __future__ import annotations

import duckdb

from sales_loader.contract import TABLES
from sample_data.company.sample import Sample
from sample_data.plan import Columns

HEADERS = {table.name: tuple(name.upper() for name in table.column_names) for table in TABLES}

_MONEY = "(cents::decimal(18,0) * 0.01::decimal(3,2))::decimal(18,2)"
_CARD_COUNT, _CARD_STEP = 899_999_999_993, 618_033_988_749
"""The step is coprime with the count, a prime: cards of different customers differ."""


def _id(kind: str, number: str) -> str:
    return f"left(md5(getvariable('seed') || ':{kind}:' || {number}), 24)"


def _text(name: str, number: str) -> str:
    return f"getvariable('{name}')[{number} + 1]"


_CARD_SHIFT = f"(getvariable('seed')::hugeint * 7919 + customer::hugeint * {_CARD_STEP}) % {_CARD_COUNT}"
_CARD = f"(100000000000 + {_CARD_SHIFT})"

EXTRA_COLUMN = "TILL_NOTE"
"""A column of order_items that the contract does not know."""

EXPRESSIONS = {
    "order_items": {
        "APP_NAME": _text("app", "app"),
        "RESTAURANT_ID": _id("restaurant", "restaurant"),
        "CREATION_TIME_UTC": "strftime(make_timestamp_ms(ms), '%Y-%m-%dT%H:%M:%S') || "
        "case when digits > 0 then '.' || left(lpad((ms % 1000)::varchar, 3, '0'), digits) else '' end "
        "|| 'Z'",
        "ORDER_ID": _id("order", '"order"'),
        "USER_ID": f"case when customer >= 0 then {_id('customer', 'customer')} "
        "when customer = -1 then null else repeat(' ', -1 - customer) end",
        "PRINTED_CARD_NUMBER": f"case when loyal then {_CARD} end",
        "IS_LOYALTY": "case when loyal then 'TRUE' else 'FALSE' end",
        "CURRENCY": _text("currency", "currency"),
        "LINEITEM_ID": _id("line", "line"),
        "ITEM_CATEGORY": _text("category", "category"),
        "ITEM_NAME": _text("item", "item"),
        "ITEM_PRICE": _MONEY,
        "ITEM_QUANTITY": "quantity",
        EXTRA_COLUMN: "'till ' || restaurant",
    },
    "order_item_options": {
        "ORDER_ID": _id("order", '"order"'),
        "LINEITEM_ID": _id("line", "line"),
        "OPTION_GROUP_NAME": _text("option_group", "option"),
        "OPTION_NAME": _text("option_name", "option"),
        "OPTION_PRICE": _MONEY,
        "OPTION_QUANTITY": "quantity",
    },
}


def connect(sample: Sample, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory that knows the sample's seed and texts; `threads` None = one per core."""
    connection = duckdb.connect(config={} if threads is None else {"threads": threads})
    connection.execute("set variable seed = ?", [sample.plan.seed])
    for name, texts in sample.texts.items():
        connection.execute(f"set variable {name} = ?", [texts])
    return connection


def query(table: str, columns: tuple[str, ...] = ()) -> str:
    """The select that renders the registered table `part`; `columns` in their order, all by default."""
    expressions = EXPRESSIONS[table]
    listed = ", ".join(f'({expressions[name.upper()]}) as "{name}"' for name in columns or HEADERS[table])
    return f"select {listed} from part"


def rows_of(connection: duckdb.DuckDBPyConnection, table: str, part: Columns) -> list[dict[str, str]]:
    """The rendered rows of a small part, as texts; blank where there is none."""
    connection.register("part", part)
    rows = connection.execute(query(table)).fetchall()
    return [
        {name: "" if value is None else str(value) for name, value in zip(HEADERS[table], row, strict=True)}
        for row in rows
    ]
