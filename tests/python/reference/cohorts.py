"""What the customers of each first month did in the months after it."""

from datetime import date

from .days import month_ends, month_start
from .exact import average, money, rate
from .facts import Order, Row, group_by
from .history import History


class Member:
    """One customer of a cohort, with their orders, first order first."""

    def __init__(self, orders: list[Order]) -> None:
        self.history = History(orders)
        self.second_order_date = orders[1].head.business_date if len(orders) > 1 else None

    @property
    def cohort_month(self) -> date:
        """Return the first day of the month of the first order date."""
        return month_start(self.history.dates[0])

    def is_repeat_by(self, day: date) -> bool:
        """Return whether the second order was placed by the end of a day."""
        return self.second_order_date is not None and self.second_order_date <= day


def cohort_rows(customers: list[list[Order]], as_of: date) -> list[Row]:
    """Return a row for each cohort and each month of it that has ended."""
    cohorts = group_by(map(Member, customers), lambda member: member.cohort_month)
    return [
        {"cohort_month": cohort_month, "months_since_first": months, **_month_columns(members, last_day)}
        for cohort_month, members in cohorts.items()
        for months, last_day in enumerate(month_ends(cohort_month, as_of))
    ]


def _month_columns(members: list[Member], last_day: date) -> Row:
    in_month = [member.history.between(month_start(last_day), last_day) for member in members]
    active = sum(count > 0 for count, _ in in_month)
    cumulative = sum(member.history.up_to(last_day)[1] for member in members)
    repeat = sum(member.is_repeat_by(last_day) for member in members)
    return {
        "customer_count": len(members),
        "active_customer_count": active,
        "retention_rate": rate(active, len(members)),
        "order_count": sum(count for count, _ in in_month),
        "net_revenue": money(sum(net for _, net in in_month)),
        "cumulative_net_revenue": money(cumulative),
        "cumulative_net_revenue_per_customer": average(cumulative, len(members)),
        "repeat_customer_count": repeat,
        "repeat_customer_rate": rate(repeat, len(members)),
    }
