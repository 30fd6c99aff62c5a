"""The headline figures of the seven metrics, read from the marts of a built warehouse."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from shlex import join, quote
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.table import Table

from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped
from sales_loader.options import database_option, target_option, warehouse_project_option
from sales_loader.targets import REDSHIFT, Place

Asking = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Headline:
    """The figures of one metric and the query whose one row holds them, in the same order."""

    metric: str
    figures: tuple[str, ...]
    query: str


HEADLINES = (
    Headline(
        "All sales",
        ("as of", "net revenue", "discounts", "orders", "orders of guests"),
        """
        select (select max(as_of_date) from {state}), coalesce(sum(net_revenue), 0),
            coalesce(sum(discount_amount), 0), count(*), count(*) - count(customer_id)
        from marts.fct_orders
        """,
    ),
    Headline(
        "1 Lifetime value",
        ("customers", "average lifetime revenue", "share brought by the High tier, %"),
        """
        select count(*),
            cast(cast(sum(lifetime_revenue) as double precision) / nullif(count(*), 0) as decimal(18, 2)),
            cast(100 * cast(sum(case when clv_tier = 'High' then lifetime_revenue end) as double precision)
                / nullif(sum(lifetime_revenue), 0) as decimal(18, 2))
        from marts.customer_lifetime_value
        """,
    ),
    Headline(
        "2 Segments",
        ("VIP", "Regular", "New Customer", "Churn Risk"),
        """
        select count(case when rfm_segment = 'VIP' then 1 end),
            count(case when rfm_segment = 'Regular' then 1 end),
            count(case when rfm_segment = 'New Customer' then 1 end),
            count(case when rfm_segment = 'Churn Risk' then 1 end)
        from marts.customer_segments
        """,
    ),
    Headline(
        "3 Churn",
        ("customers active", "customers at risk"),
        """
        select count(case when not is_at_risk then 1 end), count(case when is_at_risk then 1 end)
        from marts.customer_churn_indicators
        """,
    ),
    Headline(
        "4 Sales trends",
        ("first day of the last complete month", "its net revenue"),
        """
        select max(month_start_date), sum(net_revenue)
        from marts.sales_monthly
        where month_start_date
            = (select max(month_start_date) from marts.sales_monthly where is_complete_period)
        """,
    ),
    Headline(
        "5 Loyalty",
        ("average lifetime value of a member", "of a non-member"),
        """
        select max(case when membership = 'member' then average_lifetime_value end),
            max(case when membership = 'non_member' then average_lifetime_value end)
        from marts.loyalty_program_impact
        """,
    ),
    Headline(
        "6 Locations",
        ("locations", "first by net revenue", "its share of net revenue, %"),
        """
        select count(*), min(case when revenue_rank = 1 then location_name end), max(revenue_share_pct)
        from marts.location_performance
        """,
    ),
    Headline(
        "7 Discounts",
        ("orders with a discount, %", "discount on them, % of gross"),
        """
        select order_share_pct, average_discount_pct
        from marts.discount_effectiveness
        where is_discounted
        """,
    ),
    Headline(
        "Trust",
        ("rows rejected", "options waiting for their line"),
        """
        select sum(case when left(check_name, 8) = 'rejected' then row_count else 0 end),
            max(case when check_name = 'orphan_options' then row_count end)
        from marts.data_quality_summary
        """,
    ),
)


_SCHEMAS_OF_STATE = """
    select table_schema from information_schema.tables
    where table_name = 'run_state' and table_schema in ('intermediate', 'intermediate_next')
    order by table_schema"""
WHERE_NEXT = """
Where to look next:
  the tables        schema marts of {place}
  what they mean    target/static_index.html, in a browser
  what was loaded   {program} status {options}
  what was not      {program} rejects {options}
"""


def readable(value: object) -> str:
    """Writes one figure as people read it: thousands parted, a dash for nothing.

    Args:
        value: whole number, Decimal, date, text or None.

    Returns:
        The figure as text.
    """
    match value:
        case None:
            return "-"
        case Decimal():
            return f"{value:,.2f}"
        case int():
            return f"{value:,}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def figures(ask: Asking, state: str) -> Iterator[tuple[str, str, str]]:
    """Asks every headline of a built warehouse.

    Args:
        ask: gives the rows of a query.
        state: the table that tells how the marts were built.

    Yields:
        Metric (on its first figure only), figure and value, as text.
    """
    for headline in HEADLINES:
        values = ask(headline.query.format(state=state))[0]
        for position, (figure, value) in enumerate(zip(headline.figures, values, strict=True)):
            yield "" if position else headline.metric, figure, readable(value)


@click.command(
    epilog="Example: sales-loader headline --database warehouse.duckdb",
    short_help="Show the headline figures of the seven metrics.",
)
@target_option
@database_option
@warehouse_project_option
def headline(target: str, database: Path) -> None:
    """Show the headline figures of the seven metrics, read from the marts."""
    place = Place(target, database)
    table = Table(title_justify="left")
    table.add_column("metric")
    table.add_column("figure")
    table.add_column("value", justify="right")
    with asking(place) as ask:
        state = next(iter(build_states(ask)), None)
        if state is None:
            raise LoaderError(
                "The marts are not built yet. Run `make build`, or `sales-loader build` on this warehouse."
            )
        table.title = f"Headline figures, amounts in {escaped(reporting_currency(ask, state))}"
        for row in figures(ask, state):
            table.add_row(*map(escaped, row))
    console = Console(markup=False, emoji=False)
    console.print(table)
    console.print(where_next(place), highlight=False, soft_wrap=True)


def build_states(ask: Asking) -> list[str]:
    """The tables that tell how the marts were built; that of the marts in use is the first one.

    A daily run keeps it beside the marts that wait for publication, a plain build beside the usual ones.
    Publishing drops the latter.
    """
    return [f"{schema}.run_state" for (schema,) in ask(_SCHEMAS_OF_STATE)]


def reporting_currency(ask: Asking, state: str) -> str:
    """The currency that the marts were built in."""
    [(definitions,)] = ask(f"select definitions from {state}")
    return str(json.loads(definitions)["reporting_currency"]).upper()


def where_next(place: Place) -> str:
    """What to run next, in the words that this command was run with."""
    options = ["--target", REDSHIFT] if place.target == REDSHIFT else ["--database", str(place.database)]
    return WHERE_NEXT.format(place=place, program=quote(sys.argv[0]), options=join(options))


@contextmanager
def asking(place: Place) -> Iterator[Asking]:
    """A way to ask the warehouse.

    Raises:
        LoaderError: there is no warehouse, it cannot be opened, or the marts are not built.
    """
    if place.target == REDSHIFT:
        with closing(place.session()) as session:
            yield session.rows
        return
    try:
        with closing(place.connect(read_only=True)) as connection:
            yield lambda query: connection.execute(query).fetchall()
    except duckdb.CatalogException as error:
        raise LoaderError(
            f"{place}: the marts are not built yet. Run `make build`, or `dbt build` on this file."
        ) from error
