"""The headline figures of the seven metrics, read from the marts of a built warehouse."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table

from sales_loader.options import database_option


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
        select (select as_of_date from intermediate.int_as_of_date), coalesce(sum(net_revenue), 0),
            coalesce(sum(discount_amount), 0), count(*), count(*) filter (where customer_id is null)
        from marts.fct_orders
        """,
    ),
    Headline(
        "1 Lifetime value",
        ("customers", "average lifetime revenue", "share brought by the High tier, %"),
        """
        select count(*), round(avg(lifetime_revenue), 2)::decimal(18, 2),
            round(100 * sum(lifetime_revenue) filter (where clv_tier = 'High')
                / nullif(sum(lifetime_revenue), 0), 2)::decimal(18, 2)
        from marts.customer_lifetime_value
        """,
    ),
    Headline(
        "2 Segments",
        ("VIP", "Regular", "New Customer", "Churn Risk"),
        """
        select count(*) filter (where rfm_segment = 'VIP'), count(*) filter (where rfm_segment = 'Regular'),
            count(*) filter (where rfm_segment = 'New Customer'),
            count(*) filter (where rfm_segment = 'Churn Risk')
        from marts.customer_segments
        """,
    ),
    Headline(
        "3 Churn",
        ("customers active", "customers at risk"),
        """
        select count(*) filter (where not is_at_risk), count(*) filter (where is_at_risk)
        from marts.customer_churn_indicators
        """,
    ),
    Headline(
        "4 Sales trends",
        ("last complete month", "its net revenue"),
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
        select max(average_lifetime_value) filter (where membership = 'member'),
            max(average_lifetime_value) filter (where membership = 'non_member')
        from marts.loyalty_program_impact
        """,
    ),
    Headline(
        "6 Locations",
        ("locations", "first by net revenue", "its share of net revenue, %"),
        """
        select count(*), min(location_name) filter (where revenue_rank = 1), max(revenue_share_pct)
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
        select coalesce(sum(row_count) filter (where check_name like 'rejected%'), 0),
            max(row_count) filter (where check_name = 'orphan_options')
        from marts.data_quality_summary
        """,
    ),
)


WHERE_NEXT = """
Where to look next:
  the tables        schema marts of {database}
  what they mean    target/static_index.html, in a browser
  what was loaded   sales-loader status; what was not: sales-loader rejects
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


def figures(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Asks every headline of a built warehouse.

    Args:
        connection: a warehouse that holds the marts.

    Yields:
        Metric (on its first figure only), figure and value, as text.

    Raises:
        duckdb.CatalogException: a mart is missing.
    """
    for headline in HEADLINES:
        values = connection.execute(headline.query).fetchone() or ()
        for position, (figure, value) in enumerate(zip(headline.figures, values, strict=True)):
            yield "" if position else headline.metric, figure, readable(value)


@click.command(
    epilog="Example: sales-loader headline --database warehouse.duckdb",
    short_help="Show the headline figures of the seven metrics.",
)
@database_option
def headline(database: Path) -> None:
    """Show the headline figures of the seven metrics, read from the marts."""
    if not database.is_file():
        raise click.ClickException(f"{database}: there is no such warehouse file. Run `make build` first.")
    table = Table(title="Headline figures", title_justify="left")
    table.add_column("metric")
    table.add_column("figure")
    table.add_column("value", justify="right")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            for row in figures(connection):
                table.add_row(*row)
    except duckdb.CatalogException as error:
        raise click.ClickException(
            f"{database}: the marts are not built yet. Run `make build`, or `dbt build` on this file."
        ) from error
    except duckdb.IOException as error:
        raise click.ClickException(f"{database}: cannot be read: {error}") from error
    console = Console()
    console.print(table)
    console.print(WHERE_NEXT.format(database=database), highlight=False, soft_wrap=True)
