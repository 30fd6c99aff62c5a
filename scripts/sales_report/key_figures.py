"""The key figures as text, for readers without scripts."""

from collections.abc import Mapping

from sales_report.blocks import Block

_WEEKS = 13


def key_figures(blocks: Mapping[str, Block]) -> list[tuple[str, str, str]]:
    """Name, value of the last 13 complete weeks, and value a year before.

    Args:
        blocks: as ``read_blocks`` gives them.
    """
    sales, customers = blocks["sales_by_period"], blocks["customers_by_period"]
    currency = blocks["company"]["currency"]
    here = [position for position, weeks in enumerate(sales["weeks"]) if weeks == _WEEKS]
    all_of_them = [
        position
        for position, (scope, weeks) in enumerate(zip(customers["scope"], customers["weeks"], strict=True))
        if scope == "all" and weeks == _WEEKS
    ]

    names = ("Net revenue", "Orders", "Average order", "Customers who ordered")

    def column(suffix: str) -> tuple[str, ...]:
        cents, orders = (
            sum(sales[f"{name}{suffix}"][position] for position in here)
            for name in ("net_revenue", "order_count")
        )
        if not orders:
            return ("-",) * len(names)
        # Half away from zero.
        average = _money((2 * abs(cents) + orders) // (2 * orders) * (1 if cents >= 0 else -1), currency)
        known = sum(customers[f"customer_count{suffix}"][position] for position in all_of_them)
        return _money(cents, currency), f"{orders:,}", average, f"{known:,}"

    return list(zip(names, column(""), column("_before"), strict=True))


def _money(cents: int, currency: str) -> str:
    return f"{currency} {cents / 100:,.2f}"
