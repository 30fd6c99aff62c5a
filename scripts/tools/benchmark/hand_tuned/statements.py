"""The files of SQL, and how they are run."""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

STATEMENTS = Path(__file__).parent

# What the statements call new_items() and so on: in a build everything, after a day what it has brought.
_WHOLE = {
    "new_items()": "raw.order_items",
    "new_options()": "raw.order_item_options",
    "new_lines()": "marts.fct_order_lines",
    "new_orders()": "marts.fct_orders",
    "orders_of_changed_customers()": "marts.fct_orders",
    "days_of_changed_customers()": "kept.customer_days",
    "known_customers()": "(select null::varchar as customer_id, 0 as order_count where false)",
}
_NEW_ORDERS = "(from marts.fct_orders where business_date > getvariable('until'))"
_DAY = {
    "new_items()": "(from raw.order_items where _load_id >= getvariable('first_new_load'))",
    "new_options()": "(from raw.order_item_options where _load_id >= getvariable('first_new_load'))",
    "new_lines()": "(from marts.fct_order_lines where business_date > getvariable('until'))",
    "new_orders()": _NEW_ORDERS,
    "orders_of_changed_customers()": f"""(
        from marts.fct_orders where customer_id in (select customer_id from {_NEW_ORDERS})
    )""",
    "days_of_changed_customers()": """(
        from kept.customer_days where customer_key in (
            select customer_key from kept.customer_days where business_date > getvariable('until')
        )
    )""",
    "known_customers()": "marts.dim_customers",
}
AS_OF = """
    set variable as_of = (select max(business_date) from marts.fct_orders);
    set variable last_month = month_number(getvariable('as_of') + 1) - 1;
    -- What was foretold in the past changes when a month has ended.
    set variable run_count = 1 + (getvariable('last_month') >= getvariable('first_new_month'))::integer"""
# In an update, what is made in a build is added to.
_MADE = re.compile(r"create table ((?:marts|kept)\.\w+) as\b")


def run(connection: duckdb.DuckDBPyConnection, names: Sequence[str], *, added: bool = False) -> None:
    """Runs files of statements.

    Args:
        connection: to the database.
        names: of the files.
        added: add what a day has brought to the tables, in place of making them of everything.
    """
    for name in names:
        text = (STATEMENTS / f"{name}.sql").read_text(encoding="utf-8")
        for called, relation in (_DAY if added else _WHOLE).items():
            text = text.replace(called, relation)
        connection.execute(_MADE.sub(r"insert into \1 by name", text) if added else text)


def prepare(connection: duckdb.DuckDBPyConnection, before: str) -> None:
    """Tells a connection the arithmetic, and how the warehouse stood before."""
    run(connection, ["arithmetic"])
    connection.execute(before)


def describe(
    names: Sequence[str], connection: duckdb.DuckDBPyConnection, *, before: str, added: bool = False
) -> None:
    """Runs files of statements that know the day the marts describe."""
    prepare(connection, before)
    connection.execute(AS_OF)
    run(connection, names, added=added)


def value(connection: duckdb.DuckDBPyConnection, expression: str) -> object:
    """The value of an expression."""
    row: tuple[object, ...] = connection.execute(f"select {expression}").fetchone() or (None,)
    return row[0]
