"""The tables of the sections on customers, loyalty, discounts and trust, by another route."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from .expected import DASH, NOTHING, Cells, Chosen, average, count, day, money, percent, rounded, signed

SEGMENTS = ("VIP", "Regular", "New Customer", "Lapsing", "Churn Risk")
ENDS = {"0-15": 15, "16-45": 45, "46-90": 90, "91-180": 180, "181-365": 365, "366+": 10**6}
BANDS = tuple((name.replace("-", DASH), longest) for name, longest in ENDS.items())
NO_CUSTOMERS = (0, 0, 0)


def tiers(chosen: Chosen) -> Cells:
    sums = "clv_tier, count(*), sum(customer_lifetime_value.lifetime_revenue), sum(expected_revenue_next_12m)"
    found = chosen.customers(sums, "customer_lifetime_value", "customer_expected_value", more="group by 1")
    rows = dict.fromkeys(("High", "Medium", "Low"), NO_CUSTOMERS) | {tier: tuple(row) for tier, *row in found}
    all_of_them = tuple(sum(column) for column in zip(*rows.values(), strict=True))
    return [
        [
            tier,
            count(customers),
            percent(customers, all_of_them[0]),
            money(revenue),
            percent(revenue, all_of_them[1]),
            average(revenue, customers),
            money(expected),
            percent(expected, all_of_them[2]),
        ]
        for tier, (customers, revenue, expected) in {**rows, "All": all_of_them}.items()
    ]


def month_of(value: date, later: int = 0) -> date:
    months = value.year * 12 + value.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def last_day(month: date) -> date:
    return month_of(month, 1) - timedelta(days=1)


def cohorts(chosen: Chosen) -> Cells:
    """Of all restaurants, from the orders."""
    as_of = as_of_date(chosen)
    cohorts_of: dict[date, dict[str, list[tuple[date, Any, int]]]] = defaultdict(lambda: defaultdict(list))
    orders = chosen.marts.execute(
        """
        select first_order_date, customer_id, business_date, net_revenue, customer_order_number
        from marts.fct_orders join marts.dim_customers using (customer_id) where not is_excluded"""
    ).fetchall()
    for first, customer, *order in orders:
        cohorts_of[month_of(first)][customer].append(tuple(order))
    table = []
    for cohort in sorted(cohorts_of):
        if last_day(cohort) > as_of:
            continue
        last = max(k for k in range(600) if last_day(month_of(cohort, k)) <= as_of)
        members = cohorts_of[cohort].values()
        until = last_day(month_of(cohort, last))
        again = sum(any(number == 2 and on <= until for on, _, number in own) for own in members)
        spent = sum(revenue for own in members for on, revenue, _ in own if on <= until)
        active = [
            sum(any(month_of(on) == month_of(cohort, k) for on, _, _ in own) for own in members)
            for k in range(13)
        ]
        table.append(
            [
                f"{cohort:%b %Y}",
                count(len(members)),
                average(spent, len(members)),
                percent(again, len(members)),
            ]
            + [percent(active[k], len(members)) if k <= last else NOTHING for k in range(1, 13)]
        )
    return table


def as_of_date(chosen: Chosen) -> date:
    [(value,)] = chosen.marts.execute("select max(business_date) from marts.fct_orders").fetchall()
    assert isinstance(value, date)
    return value


def segments(chosen: Chosen) -> Cells:
    sums = "rfm_segment, count(*), sum(frequency), sum(monetary)"
    found = chosen.customers(sums, "customer_segments", more="group by 1")
    rows = dict.fromkeys(SEGMENTS, NO_CUSTOMERS) | {name: tuple(row) for name, *row in found}
    all_of_them = tuple(sum(column) for column in zip(*rows.values(), strict=True))
    return [
        [
            segment,
            count(customers),
            percent(customers, all_of_them[0]),
            count(orders),
            money(revenue),
            percent(revenue, all_of_them[2]),
            average(revenue, customers),
        ]
        for segment, (customers, orders, revenue) in {**rows, "All": all_of_them}.items()
    ]


def development(chosen: Chosen) -> Cells:
    columns = ", ".join(f"count(case when rfm_segment = '{one}' then 1 end)" for one in SEGMENTS)
    return [
        [day(end), *map(count, counts)]
        for end, *counts in chosen.customers(
            f"month_end_date, {columns}", "customer_month_end", more="group by 1 order by 1 desc"
        )
    ]


def silence(chosen: Chosen) -> Cells:
    """Days from the customers' last orders, not from their scores."""
    as_of = as_of_date(chosen)
    customers = chosen.customers(
        "dim_customers.last_order_date, is_overdue, lifetime_revenue",
        "customer_churn_indicators",
        "customer_lifetime_value",
    )
    table = []
    shortest = 0
    for name, longest in BANDS:
        own = [row for row in customers if shortest <= (as_of - row[0]).days <= longest]
        gaps = [sum(row[1] is state for row in own) for state in (False, True, None)]
        table.append([name, count(len(own)), *map(count, gaps), money(sum(row[2] for row in own))])
        shortest = longest + 1
    return table


def active(chosen: Chosen) -> Cells:
    return [
        [day(end), count(on_time), percent(on_time, customers)]
        for end, on_time, customers in chosen.customers(
            "month_end_date, count(case when not is_at_risk then 1 end), count(*)",
            "customer_month_end",
            more="group by 1 order by 1 desc",
        )
    ]


def membership(chosen: Chosen) -> Cells:
    """Members and others from their orders; guests where they ordered."""
    as_of = as_of_date(chosen)
    recently = f"business_date > date '{as_of}' - interval 12 month"
    table = []
    for name, is_member in (("Members", True), ("Other customers", False)):
        of_group = f"and is_loyalty_member = {is_member}"
        [(customers, on_time, again)] = chosen.customers(
            f"count(*), count(case when last_order_date >= date '{as_of}' - 45 then 1 end), "
            "count(case when order_count > 1 then 1 end)",
            more=of_group,
        )
        [(orders, revenue, discounts, recent_orders, recent_revenue)] = chosen.customers(
            "count(*), sum(net_revenue), sum(discount_amount), "
            f"count(case when {recently} then 1 end), sum(case when {recently} then net_revenue end)",
            "fct_orders",
            more=of_group,
        )
        table.append(
            [
                name,
                count(customers),
                percent(on_time, customers),
                percent(again, customers),
                rounded(recent_orders / customers, 2) if customers else NOTHING,
                average(recent_revenue, customers),
                *_orders(orders, revenue, discounts),
            ]
        )
    guests = chosen.one(
        """
        select count(*), sum(net_revenue), sum(discount_amount)
        from marts.fct_orders where customer_id is null and location_id in (select unnest(?))"""
    )
    return [*table, ["Guests' orders", *[NOTHING] * 5, *_orders(*guests)]]


def _orders(orders: int, revenue: Any, discounts: Any) -> list[str]:
    discount = percent(discounts, (revenue or 0) + (discounts or 0))
    return [count(orders), money(revenue), average(revenue, orders), discount]


def joiners(chosen: Chosen) -> Cells:
    rows = chosen.marts.execute(
        """
        select case when joined_period = 'all' then 'All' else joined_period end, customer_count,
            matched_customer_count, orders_before, expected_orders_before, orders_after,
            expected_orders_after, excess_orders_pct, is_excess_clear, control_non_member_pct,
            net_revenue_after, expected_net_revenue_after
        from marts.loyalty_joining_effect order by joined_period <> 'all', joined_period"""
    ).fetchall()
    clear = {None: "too few", True: "yes", False: "no"}
    return [
        [
            period,
            count(customers),
            count(matched),
            count(before),
            rounded(expected_before, 2),
            count(after),
            rounded(expected_after, 2),
            signed(excess),
            clear[is_clear],
            NOTHING if others is None else f"{rounded(others, 1)}%",
            money(revenue),
            money(expected_revenue),
        ]
        for (
            period, customers, matched, before, expected_before, after, expected_after,
            excess, is_clear, others, revenue, expected_revenue,
        ) in rows
    ]  # fmt: skip


def discount_months(chosen: Chosen) -> Cells:
    as_of = as_of_date(chosen)
    return [
        [
            f"{month:%b %Y}" if last_day(month) <= as_of else f"{month:%b %Y}, not full",
            count(orders),
            count(discounted),
            percent(discounted, orders),
            money(given),
            percent(given, gross),
        ]
        for month, orders, discounted, given, gross in chosen.rows(
            """
            select cast(date_trunc('month', business_date) as date), count(*),
                count(case when is_discounted then 1 end), sum(discount_amount),
                sum(case when is_discounted then gross_revenue end)
            from marts.fct_orders where location_id in (select unnest(?)) group by 1 order by 1 desc"""
        )
    ]


def kinds_of_orders(chosen: Chosen) -> Cells:
    """Of the last twelve full months; the food costs are the mart's, which no other table has."""
    first = month_of(as_of_date(chosen), -11)
    table = []
    for name, is_discounted in (("With a discount", True), ("At full price", False)):
        orders, gross, discount, net = chosen.one(
            """
            select count(*), sum(gross_revenue), sum(discount_amount), sum(net_revenue) from marts.fct_orders
            where location_id in (select unnest(?)) and business_date >= ? and is_discounted = ?""",
            first,
            is_discounted,
        )
        [cost] = chosen.one(
            """
            select coalesce(sum(estimated_food_cost), 0) from marts.discount_effectiveness_monthly
            where location_id in (select unnest(?)) and month_start_date >= ? and is_discounted = ?""",
            first,
            is_discounted,
        )
        table.append(
            [
                name,
                count(orders),
                money(gross),
                money(discount),
                money(net),
                average(gross, orders),
                average(net, orders),
                money(cost),
                percent((net or 0) - cost, net),
            ]
        )
    return table


def offers(chosen: Chosen) -> Cells:
    rows = chosen.marts.execute(
        """
        select option_name, first_used_date, last_used_date, discounted_order_count, window_location_count,
            control_location_count, order_count_before, order_count_after, order_count_change_pct,
            control_order_count_change_pct, excess_order_change_points, discounted_order_share_after_pct,
            net_revenue_change_pct
        from marts.discount_before_after
        order by discounted_order_count desc, option_group_name, option_name"""
    ).fetchall()
    return [
        [
            name,
            day(first),
            day(last),
            *map(count, counts),
            *map(signed, (changed, without)),
            signed(points, ""),
            NOTHING if share is None else f"{rounded(share, 1)}%",
            signed(revenue),
        ]
        for name, first, last, *counts, changed, without, points, share, revenue in rows
    ]


def checks(chosen: Chosen) -> Cells:
    return [
        [name.replace("_", " "), count(rows), money(revenue) if revenue else NOTHING, description]
        for name, rows, revenue, description in chosen.marts.execute(
            """
            select check_name, row_count, revenue_affected, description
            from marts.data_quality_summary order by check_name"""
        ).fetchall()
    ]


def latest_orders(chosen: Chosen) -> Cells:
    return [
        [name, day(first), day(last)]
        for name, first, last in chosen.rows(
            """
            select location_name, min(business_date), max(business_date)
            from marts.fct_orders join marts.dim_locations using (location_id)
            where location_id in (select unnest(?)) group by location_id, 1 order by 3, location_id"""
        )
    ]


# Tables that no filter applies to.
OF_ALL = {
    "customers": {"How many come back": cohorts},
    "loyalty": {"Before and after joining": joiners},
    "discounts": {"Orders after an offer began": offers},
    "trust": {"What was found in the files, and what became of it": checks},
}
TABLES = {
    "customers": {"Customers and what they bring, by value": tiers} | OF_ALL["customers"],
    "segments": {"Customers and what they spend": segments, "How the customer base develops": development},
    "churn": {"Days since the last order": silence, "Active customers": active},
    "loyalty": {"Members and other customers": membership} | OF_ALL["loyalty"],
    "discounts": {
        "Orders with a discount": discount_months,
        "Orders with and without a discount": kinds_of_orders,
    }
    | OF_ALL["discounts"],
    "trust": {"Latest order of each restaurant": latest_orders} | OF_ALL["trust"],
}
