"""The tables of the sections on sales and restaurants, asked of the facts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .expected import (
    DASH,
    NOTHING,
    WEEK,
    WEEKDAYS,
    YEAR,
    Cells,
    Chosen,
    average,
    change,
    count,
    day,
    money,
    percent,
    rounded,
)

RECENT_DAYS = 91
TOGETHER, NO_BREAK = "\u2060", "\u00a0"  # what keeps an hour on one line
CLASSES = {"star": "Star", "plowhorse": "Plowhorse", "puzzle": "Puzzle", "dog": "Dog"}
SALES = "from marts.fct_orders where location_id in (select unnest($1))"


# ---- Weeks


def last_week(chosen: Chosen) -> date:
    """The Monday of the last full week."""
    [(as_of,)] = chosen.marts.execute("select max(business_date) from marts.fct_orders").fetchall()
    assert isinstance(as_of, date)
    return as_of - timedelta(days=as_of.isoweekday() % 7 + 6)


def first_week(chosen: Chosen) -> date:
    """The Monday of the first full week: up to two days of it may be missing."""
    [(first,)] = chosen.marts.execute("select min(business_date) from marts.fct_orders").fetchall()
    assert isinstance(first, date)
    return first - timedelta(days=first.weekday()) + (WEEK if first.weekday() > 2 else timedelta())


def weeks_of_data(chosen: Chosen) -> int:
    return (last_week(chosen) - first_week(chosen)) // WEEK + 1


def first_of_period(chosen: Chosen) -> date:
    return last_week(chosen) - WEEK * (chosen.weeks - 1)


def has_year_before(chosen: Chosen) -> bool:
    return first_of_period(chosen) - YEAR >= first_week(chosen)


def weekly(chosen: Chosen) -> Cells:
    begun, latest = first_week(chosen), last_week(chosen)
    [opened] = chosen.one(f"select min(business_date) {SALES}")
    found = {
        monday: (revenue, orders)
        for monday, revenue, orders in chosen.rows(
            f"""
            select cast(date_trunc('week', business_date) as date), sum(net_revenue), count(*)
            {SALES} group by 1"""
        )
    }

    def of(monday: date) -> tuple[Decimal, int] | tuple[None, None]:
        if monday < begun or monday + WEEK <= opened:
            return None, None
        return found.get(monday, (Decimal(0), 0))

    table = []
    for ago in range(min(max(26, chosen.weeks), weeks_of_data(chosen))):
        monday = latest - WEEK * ago
        (revenue, orders), (before, _) = of(monday), of(monday - YEAR)
        table.append(
            [
                day(monday),
                NOTHING if revenue is None else money(revenue),
                NOTHING if before is None else money(before),
                change(revenue, before),
                NOTHING if orders is None else count(orders),
            ]
        )
    return table


# ---- Sales


def hours(chosen: Chosen) -> Cells:
    """By hour, from the first after the longest quiet stretch on; averages add up over restaurants."""
    revenue = {
        (weekday, hour): value
        for weekday, hour, value in chosen.rows(
            """
            select iso_day_of_week, order_hour, sum(average_net_revenue) from marts.sales_peak_hours
            where location_id in (select unnest(?)) group by 1, 2"""
        )
    }
    used = sorted({hour for _, hour in revenue})
    quiet = [
        ((used[place] - used[place - 1] - 1) % 24, -(used[place - 1] + 1) % 24) for place in range(len(used))
    ]
    start = quiet.index(max(quiet))  # of equal stretches the one that begins first
    first, last = used[start], used[start - 1]
    return [
        [f"{hour}{DASH}{TOGETHER}{hour + 1}{NO_BREAK}h"]
        + [money(revenue[weekday, hour]) if (weekday, hour) in revenue else NOTHING for weekday in WEEKDAYS]
        for hour in ((first + more) % 24 for more in range((last - first) % 24 + 1))
    ]


def comparable(chosen: Chosen) -> list[str]:
    """Restaurants with orders in the period and a year before, and open all through the latter."""
    if not has_year_before(chosen):
        return []
    first = first_of_period(chosen)
    rows = chosen.rows(
        f"""
        select location_id {SALES} and business_date < $3
        group by 1 having min(business_date) <= $2 + 2 and max(business_date) >= $4
            and count(case when business_date >= $2 and business_date < $5 then 1 end) > 0""",
        first - YEAR,
        last_week(chosen) + WEEK,
        first,
        last_week(chosen) + WEEK - YEAR,
    )
    return [location for (location,) in rows]


def categories(chosen: Chosen) -> Cells:
    first, end = first_of_period(chosen), last_week(chosen) + WEEK
    alike = comparable(chosen)
    found = chosen.rows(
        """
        select item_category,
            sum(case when business_date >= $2 then net_revenue else 0 end) as revenue,
            sum(case when business_date >= $2 then item_quantity else 0 end),
            sum(case when business_date < $5 then net_revenue else 0 end) as before,
            sum(case when business_date >= $2 and list_contains($6, location_id) then net_revenue else 0 end),
            sum(case when business_date < $5 and list_contains($6, location_id) then net_revenue else 0 end)
        from marts.fct_order_lines
        where location_id in (select unnest($1))
            and (business_date >= $2 and business_date < $3 or business_date >= $4 and business_date < $5)
            and (business_date >= $7)
        group by 1 having revenue <> 0 or before <> 0""",
        first,
        end,
        first - YEAR,
        end - YEAR,
        alike,
        first_week(chosen),
    )
    rows = sorted(found, key=lambda row: (-row[1], row[0].casefold(), row[0].swapcase()))
    return [
        [name, money(revenue), count(items)]
        + ([money(before), change(now, then)] if has_year_before(chosen) else [])
        for name, revenue, items, before, now, then in rows
    ]


def dishes(chosen: Chosen) -> Cells:
    return [
        [name, category, CLASSES[kind], count(quantity), money(revenue), money(profit)]
        for name, category, kind, quantity, revenue, profit in chosen.marts.execute(
            """
            select item_name, item_category, menu_class, item_quantity, net_revenue, estimated_gross_profit
            from marts.menu_item_performance order by net_revenue desc, item_category, item_name"""
        ).fetchall()
    ]


# ---- Restaurants


def restaurants(chosen: Chosen) -> list[dict[str, Any]]:
    """Those of the list, the highest revenue of the period first."""
    first, end = first_of_period(chosen), last_week(chosen) + WEEK
    listed = Chosen(chosen.marts, chosen.peers, chosen.peers, chosen.weeks)
    alike = comparable(listed)
    rows = listed.rows(
        """
        select location_name, location_id, min(business_date),
            sum(case when business_date >= $2 and business_date < $3 then net_revenue else 0 end),
            sum(case when business_date >= $4 and business_date < $5 then net_revenue else 0 end),
            count(case when business_date >= $2 and business_date < $3 then 1 end)
        from marts.fct_orders join marts.dim_locations using (location_id)
        where location_id in (select unnest($1)) group by 1, 2""",
        max(first, first_week(chosen)),
        end,
        first - YEAR,
        end - YEAR,
    )
    names = ("name", "id", "opened", "revenue", "before", "orders")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for row in found:
        row["change"] = change(row["revenue"], row["before"]) if row["id"] in alike else NOTHING
        is_late = row["opened"] > first - YEAR + timedelta(days=2)
        row["is_new"] = has_year_before(chosen) and is_late and row["revenue"] > 0
    return sorted(found, key=lambda row: (-row["revenue"], row["name"]))


def of_the_period(chosen: Chosen) -> Cells:
    def note(row: dict[str, Any]) -> str:
        if row["is_new"]:
            return "new"
        return "no sales" if row["change"] == NOTHING and row["revenue"] == 0 else row["change"]

    compared = has_year_before(chosen)
    return [
        [row["name"], money(row["revenue"])]
        + ([money(row["before"]), note(row)] if compared else [])
        + [count(row["orders"])]
        for row in restaurants(chosen)
    ]


def orders_and_their_size(chosen: Chosen) -> Cells:
    end = last_week(chosen) + WEEK
    most_weeks = min(chosen.weeks, weeks_of_data(chosen))
    return [
        [
            row["name"],
            rounded(row["orders"] / min(most_weeks, -((row["opened"] - end).days // 7)), 1),
            average(row["revenue"], row["orders"]),
        ]
        for row in restaurants(chosen)
        if row["orders"]
    ]


def of_late(chosen: Chosen) -> Cells:
    a_day = {
        location: (name, (Decimal(revenue) / days).quantize(Decimal("0.01"), "ROUND_HALF_UP"), band)
        for location, name, revenue, days, band in chosen.marts.execute(
            f"""
            with last as (select max(business_date) as as_of from marts.fct_orders)
            select location_id, dim_locations.location_name,
                sum(case when business_date > as_of - {RECENT_DAYS} then fct_orders.net_revenue else 0 end),
                least({RECENT_DAYS}, max(as_of) - min(business_date) + 1), max(recent_performance_band)
            from marts.fct_orders join marts.dim_locations using (location_id)
                join marts.location_performance using (location_id), last
            group by 1, 2"""
        ).fetchall()
    }
    table = sorted((a_day[location] for location in chosen.peers), key=lambda row: (-row[1], row[0]))
    ranks = sorted((value for _, value, _ in a_day.values()), reverse=True)
    return [[name, count(1 + ranks.index(value)), band, money(value)] for name, value, band in table]


def of_all_time(chosen: Chosen) -> Cells:
    [(total,)] = chosen.marts.execute("select sum(net_revenue) from marts.fct_orders").fetchall()
    firsts = dict(
        chosen.marts.execute(
            "select first_location_id, count(*) from marts.dim_customers where not is_excluded group by 1"
        ).fetchall()
    )
    repeated = {
        location: (again, known)
        for location, again, known in chosen.marts.execute(
            """
            select location_id, count(case when orders > 1 then 1 end), count(*) from (
                select location_id, customer_id, count(*) as orders
                from marts.fct_orders join marts.dim_customers using (customer_id)
                where not is_excluded group by 1, 2
            ) group by 1"""
        ).fetchall()
    }
    rows = Chosen(chosen.marts, chosen.peers, chosen.peers, chosen.weeks).rows(
        """
        select location_name, location_id, min(business_date), sum(net_revenue), count(*)
        from marts.fct_orders join marts.dim_locations using (location_id)
        where location_id in (select unnest(?)) group by 1, 2 order by 4 desc, 1"""
    )
    return [
        [
            name,
            day(first),
            money(revenue),
            percent(revenue, total),
            count(orders),
            count(firsts.get(location)),
            share(*repeated[location]),
        ]
        for name, location, first, revenue, orders in rows
    ]


def share(part: int, whole: int) -> str:
    """A rate of the marts, which has four digits; below 10 % with one after the point."""
    rate = (Decimal(part) / whole).quantize(Decimal("0.0001"), "ROUND_HALF_UP")
    return percent(rate, 1, 1 if 0 < rate < Decimal("0.1") else 0)


OF_ALL = {"sales": {"Which dishes earn their place on the menu?": dishes}}
TABLES = {
    "sales": {
        "Net revenue a week": weekly,
        "Revenue by weekday and hour": hours,
        "Ten best-selling categories": categories,
    }
    | OF_ALL["sales"],
    "restaurants": {
        "Net revenue of the chosen period": of_the_period,
        "Many orders, or large ones?": orders_and_their_size,
        "Net revenue a day, of late": of_late,
        "Net revenue since the first order": of_all_time,
    },
}
