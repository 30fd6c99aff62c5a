"""Questions to the semantic layer, each with the SQL on the marts that has the same answer."""

from dataclasses import dataclass
from typing import Any

AMOUNTS = ("gross_revenue", "discount_amount", "net_revenue")
NOT_EXCLUDED = "{{ Dimension('customer__is_excluded') }} = false"


@dataclass(frozen=True)
class Question:
    """Metrics by dimensions, and a statement whose columns stand in the same order.

    Attributes:
        metrics: their names.
        group_by: the dimensions, which are the key of both answers.
        sql: on the marts, by the dimensions and then the metrics.
        where: a filter of MetricFlow's.
    """

    metrics: tuple[str, ...]
    group_by: tuple[str, ...]
    sql: str
    where: str | None = None

    def request(self) -> dict[str, Any]:
        """The question as MetricFlow takes it."""
        return {
            "metric_names": self.metrics,
            "group_by_names": self.group_by,
            "where_constraints": [self.where] if self.where else None,
        }


def sums(columns: tuple[str, ...]) -> str:
    """Select list of the sums of columns."""
    return ", ".join(f"sum({column})" for column in columns)


IN_SALES = ("order_count", "item_quantity", *AMOUNTS)
IN_CATEGORIES = ("orders_with_category", "item_quantity", *AMOUNTS)
QUESTIONS = {
    "by location": Question(
        (
            *("order_count", *AMOUNTS, "average_order_value", "trading_days", "orders_per_day"),
            *("active_customer_count", "new_customer_count"),
        ),
        ("location",),
        f"""
        select location_id, order_count, {", ".join(AMOUNTS)}, average_order_value, trading_days,
            orders_per_day, customer_count, first_time_customer_count
        from marts.location_performance""",
    ),
    "by month, location and daypart": Question(
        IN_SALES,
        ("metric_time__month", "location", "order__daypart"),
        f"select month_start_date, location_id, daypart, {', '.join(IN_SALES)} from marts.sales_monthly",
    ),
    "by week": Question(
        IN_SALES,
        ("metric_time__week",),
        f"select week_start_date, {sums(IN_SALES)} from marts.sales_weekly group by week_start_date",
    ),
    "trading days by week and location": Question(
        ("trading_days",),
        ("metric_time__week", "location"),
        "select week_start_date, location_id, max(trading_days) from marts.sales_weekly group by all",
    ),
    "by month, location, daypart and category": Question(
        IN_CATEGORIES,
        ("metric_time__month", "location", "order__daypart", "order_line__item_category"),
        f"""
        select month_start_date, location_id, daypart, item_category, {", ".join(IN_CATEGORIES)}
        from marts.sales_by_category_monthly""",
    ),
    "by kind of customer": Question(
        ("order_count", *AMOUNTS),
        ("metric_time__month", "location", "order__customer_type"),
        f"""
        select month_start_date, location_id, customer_type, order_count, {", ".join(AMOUNTS)}
        from marts.sales_by_customer_type_monthly""",
    ),
    "by discount": Question(
        (*IN_SALES, "average_order_value", "average_discount_pct", "average_items_per_order"),
        ("order__is_discounted",),
        f"""
        select is_discounted, {", ".join(IN_SALES)}, average_order_value, average_discount_pct,
            average_items_per_order
        from marts.discount_effectiveness""",
    ),
    "share of discounted orders": Question(
        ("discounted_order_count", "discounted_order_share_pct"),
        (),
        "select order_count, order_share_pct from marts.discount_effectiveness where is_discounted",
    ),
    "food costs": Question(
        ("estimated_food_cost", "estimated_gross_profit", "costed_net_revenue"),
        ("metric_time__month", "location", "cost__is_discounted"),
        """
        select month_start_date, location_id, is_discounted, estimated_food_cost, estimated_gross_profit,
            net_revenue
        from marts.discount_effectiveness_monthly""",
    ),
    "by loyalty": Question(
        ("order_count", *AMOUNTS, "average_order_value", "average_discount_pct"),
        ("customer__is_loyalty_member",),
        f"""
        select case membership when 'member' then true when 'non_member' then false end, order_count,
            {", ".join(AMOUNTS)}, average_order_value, average_discount_pct
        from marts.loyalty_program_impact""",
        f"{NOT_EXCLUDED} or {{{{ Dimension('order__customer_type') }}}} = 'guest'",
    ),
    "customers by loyalty": Question(
        ("customer_count", "repeat_customer_count", "repeat_customer_rate"),
        ("customer__is_loyalty_member",),
        """
        select membership = 'member', customer_count, repeat_customer_count, repeat_customer_rate
        from marts.loyalty_program_impact where membership <> 'guest'""",
    ),
    "customers by month of the first order": Question(
        ("customer_count",),
        ("metric_time__month",),
        """
        select cast(date_trunc('month', first_order_date) as date), count(*)
        from marts.customer_lifetime_value group by 1""",
    ),
    "by customer": Question(
        ("order_count", "net_revenue", "average_order_value"),
        ("customer",),
        """
        select customer_id, order_count, lifetime_revenue, average_order_value
        from marts.customer_lifetime_value""",
        NOT_EXCLUDED,
    ),
    "by tier": Question(
        ("customer_count", "net_revenue"),
        ("customer__clv_tier",),
        """
        select clv_tier, count(*), sum(lifetime_revenue)
        from marts.customer_lifetime_value group by clv_tier""",
        NOT_EXCLUDED,
    ),
    "by segment": Question(
        ("customer_count",),
        ("customer__rfm_segment",),
        "select rfm_segment, count(*) from marts.customer_segments group by rfm_segment",
    ),
    "by churn": Question(
        ("customer_count",),
        ("customer__churn_status",),
        "select churn_status, count(*) from marts.customer_churn_indicators group by churn_status",
    ),
    "like for like": Question(
        (
            "comparable_net_revenue",
            "comparable_net_revenue_last_year",
            "comparable_net_revenue_change_pct",
        ),
        ("metric_time__month",),
        """
        select month_start_date, comparable_net_revenue, comparable_net_revenue_last_year,
            comparable_net_revenue_change_pct
        from marts.sales_like_for_like_monthly""",
    ),
    "active customers by month": Question(
        ("active_customer_count", "new_customer_count"),
        ("metric_time__month",),
        """
        select cohorts.*, first_orders.order_count
        from (
            select cast(cohort_month + interval (months_since_first) month as date) as month_start_date,
                sum(active_customer_count)
            from marts.customer_cohorts group by 1
        ) as cohorts
        inner join (
            select cast(date_trunc('month', business_date) as date) as month_start_date,
                count(*) as order_count
            from marts.fct_orders inner join marts.dim_customers using (customer_id)
            where customer_order_number = 1 and not is_excluded group by 1
        ) as first_orders using (month_start_date)""",
    ),
    "guests and members": Question(
        ("guest_order_count", "loyalty_member_count"),
        (),
        """
        select (select order_count from marts.loyalty_program_impact where membership = 'guest'),
            (select customer_count from marts.loyalty_program_impact where membership = 'member')""",
    ),
    "by weekday": Question(
        ("order_count",),
        ("calendar__day_name", "calendar__is_weekend"),
        """
        select day_name, is_weekend, sum(order_count) from marts.sales_daily
        inner join marts.dim_dates on business_date = date_day group by all""",
    ),
}
