"""The key figures of the seven metrics, read from the marts of a built warehouse."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from shlex import join, quote

import click
from rich.console import Console
from rich.table import Table

from sales_loader.commands.options import (
    database_option,
    project_folder,
    target_option,
    warehouse_project_option,
)
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget
from sales_pipeline.report import GIVEN_FOOD_COSTS, REPORT_PAGE
from sales_pipeline.warehouse_queries import Query, open_query, run_state_tables


@dataclass(frozen=True)
class Kpis:
    """The figures of one metric and the query whose one row holds them, in the same order."""

    metric: str
    figures: tuple[str, ...]
    query: str


KPIS = (
    Kpis(
        "All sales",
        ("as of", "net revenue", "discounts", "orders", "orders of guests"),
        """
        select (select max(as_of_date) from {state}), coalesce(sum(net_revenue), 0),
            coalesce(sum(discount_amount), 0), count(*), count(*) - count(customer_id)
        from marts.fct_orders
        """,
    ),
    Kpis(
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
    Kpis(
        "1 Cohorts",
        ("month of the first order", "customers", "ordered again by the third month after it, %"),
        """
        select max(cohort_month), max(customer_count), cast(100 * max(repeat_customer_rate) as decimal(18, 2))
        from marts.customer_cohorts
        where months_since_first = 3
            and cohort_month
                = (select max(cohort_month) from marts.customer_cohorts where months_since_first = 3)
        """,
    ),
    Kpis(
        "2 Segments",
        ("VIP", "Regular", "New Customer", "Lapsing", "Churn Risk"),
        """
        select count(case when rfm_segment = 'VIP' then 1 end),
            count(case when rfm_segment = 'Regular' then 1 end),
            count(case when rfm_segment = 'New Customer' then 1 end),
            count(case when rfm_segment = 'Lapsing' then 1 end),
            count(case when rfm_segment = 'Churn Risk' then 1 end)
        from marts.customer_segments
        """,
    ),
    Kpis(
        "3 Churn",
        ("customers active", "customers at risk"),
        """
        select count(case when not is_at_risk then 1 end), count(case when is_at_risk then 1 end)
        from marts.customer_churn_indicators
        """,
    ),
    Kpis(
        "4 Sales trends",
        ("first day of the last complete month", "its net revenue"),
        """
        select max(month_start_date), sum(net_revenue)
        from marts.sales_monthly
        where month_start_date
            = (select max(month_start_date) from marts.sales_monthly where is_complete_period)
        """,
    ),
    Kpis(
        "4 Like for like",
        (
            "last complete month",
            "locations open a year before too",
            "their net revenue against that month, %",
            "the same of the last twelve months, %",
        ),
        """
        select max(case when place = 1 then month_start_date end),
            max(case when place = 1 then comparable_location_count end),
            max(case when place = 1 then comparable_net_revenue_change_pct end),
            cast(100 * (cast(sum(comparable_net_revenue) as double precision)
                / nullif(sum(comparable_net_revenue_last_year), 0) - 1) as decimal(18, 2))
        from (
            select *, row_number() over (order by month_start_date desc) as place
            from marts.sales_like_for_like_monthly
        ) as months
        where place <= 12
        """,
    ),
    Kpis(
        "5 Loyalty",
        (
            "average lifetime value of a member",
            "of a non-member",
            "orders after joining against customers like them, %",
            "beyond what chance brings",
        ),
        """
        select max(case when membership = 'member' then average_lifetime_value end),
            max(case when membership = 'non_member' then average_lifetime_value end),
            (select max(excess_orders_pct) from marts.loyalty_joining_effect where joined_period = 'all'),
            (select max(case when is_excess_clear then 'yes' when not is_excess_clear then 'no' end)
                from marts.loyalty_joining_effect where joined_period = 'all')
        from marts.loyalty_program_impact
        """,
    ),
    Kpis(
        "6 Locations",
        ("locations", "first by net revenue", "its share of net revenue, %"),
        """
        select count(*), min(case when revenue_rank = 1 then location_name end), max(revenue_share_pct)
        from marts.location_performance
        """,
    ),
    Kpis(
        "7 Discounts",
        (
            "orders with a discount, %",
            "discount on them, % of gross",
            "margin left on them, %",
            "the margin is",
            "more such orders that pay for the discount, %",
        ),
        f"""
        select order_share_pct, average_discount_pct, estimated_margin_pct,
            (
                select case when count(*) > 0 then 'by costs given' else 'an assumption: no cost is given' end
                {GIVEN_FOOD_COSTS}
            ),
            break_even_order_uplift_pct
        from marts.discount_effectiveness
        where is_discounted
        """,
    ),
    Kpis(
        "Data quality",
        ("rows rejected", "options waiting for their line"),
        """
        select sum(case when left(check_name, 8) = 'rejected' then row_count else 0 end),
            max(case when check_name = 'orphan_options' then row_count end)
        from marts.data_quality_summary
        """,
    ),
)


WHERE_NEXT = """
Where to look next:
{report}  the tables        schema marts of {warehouse}
  what they mean    target/static_index.html, in a browser
  what was loaded   {program} status {options}
  what was not      {program} rejects {options}
"""


def readable(value: object) -> str:
    """One figure as people read it: with commas in thousands, a dash for nothing.

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


def figures(query: Query, state: str) -> Iterator[tuple[str, str, str]]:
    """Query all key figures of a built warehouse.

    Args:
        query: gives the rows of a statement.
        state: the table of run state.

    Yields:
        Metric (on its first figure only), figure and value, as text.
    """
    seeds = state.split(".")[0].replace("intermediate", "staging")
    for kpis in KPIS:
        values = query(kpis.query.format(state=state, seeds=seeds))[0]
        for position, (figure, value) in enumerate(zip(kpis.figures, values, strict=True)):
            yield "" if position else kpis.metric, figure, readable(value)


@click.command(
    name="kpi-summary",
    epilog="Example: sales-loader kpi-summary --database warehouse.duckdb",
    short_help="Show the key figures of the seven metrics.",
)
@target_option
@database_option
@warehouse_project_option
@click.pass_context
def kpi_summary(ctx: click.Context, target: str, database: Path) -> None:
    """Show the key figures of the seven metrics, read from the marts."""
    warehouse_target = WarehouseTarget(target, database)
    table = Table(title_justify="left")
    table.add_column("metric")
    table.add_column("figure")
    table.add_column("value", justify="right")
    with open_query(warehouse_target) as query:
        state = next(iter(run_state_tables(query)), None)
        if state is None:
            raise LoaderError(
                "The marts are not built yet. Run `make build`, or `sales-loader build` on this warehouse."
            )
        table.title = f"KPI summary, amounts in {escaped(reporting_currency(query, state))}"
        for row in figures(query, state):
            table.add_row(*map(escaped, row))
    console = Console(markup=False, emoji=False)
    console.print(table)
    told = where_next(warehouse_target, project_folder(ctx) / REPORT_PAGE)
    console.print(told, highlight=False, soft_wrap=True)


def reporting_currency(query: Query, state: str) -> str:
    """The currency that the marts were built in."""
    [(definitions,)] = query(f"select definitions from {state}")
    return str(json.loads(definitions)["reporting_currency"]).upper()


def where_next(warehouse_target: WarehouseTarget, page: Path) -> str:
    """What to open and run next, in the words that this command was run with.

    Args:
        warehouse_target: the warehouse.
        page: of the report, named if it is there.
    """
    report = f"  the report        {page}, in a browser\n" if page.exists() else ""
    options = (
        ["--target", REDSHIFT]
        if warehouse_target.name == REDSHIFT
        else ["--database", str(warehouse_target.database)]
    )
    return WHERE_NEXT.format(
        report=report, warehouse=warehouse_target, program=quote(sys.argv[0]), options=join(options)
    )
