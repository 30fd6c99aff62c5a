"""Location performance."""

from collections import Counter

from .days import week_start
from .exact import Ranking, average, pct, rate
from .facts import Facts, Order, Row, Tables, group_by, location_name, revenue_columns
from .inputs import Seeds, Settings

BANDS = ("top", "middle", "bottom")


def location_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the location mart."""
    by_location = group_by(facts.orders, lambda order: order.head.location_id)
    nets = {location_id: sum(order.net for order in own) for location_id, own in by_location.items()}
    ranking = Ranking(nets.values())
    return {
        "location_performance": [
            {
                "location_id": location_id,
                "location_name": location_name(location_id, seeds),
                "as_of_date": facts.as_of,
                **_trading_columns(orders, nets[location_id]),
                **_customer_columns(orders, seeds),
                "revenue_share_pct": pct(nets[location_id], sum(nets.values())),
                "revenue_rank": ranking.rank(nets[location_id]),
                "performance_band": ranking.band(
                    nets[location_id], settings.clv_high_share, settings.clv_low_share, BANDS
                ),
            }
            for location_id, orders in by_location.items()
        ]
    }


def _trading_columns(orders: list[Order], net: int) -> Row:
    dates = {order.head.business_date for order in orders}
    weeks = {week_start(day) for day in dates}
    return {
        "first_order_date": min(dates),
        "last_order_date": max(dates),
        "trading_days": len(dates),
        "trading_weeks": len(weeks),
        "order_count": len(orders),
        **revenue_columns(orders),
        "average_order_value": average(net, len(orders)),
        "orders_per_day": average(100 * len(orders), len(dates)),
        "orders_per_week": average(100 * len(orders), len(weeks)),
    }


def _customer_columns(orders: list[Order], seeds: Seeds) -> Row:
    counts = Counter(order.head.customer_id for order in orders)
    own = [
        count
        for customer_id, count in counts.items()
        if customer_id is not None and customer_id not in seeds.excluded_customers
    ]
    return {
        "customer_count": len(own),
        "repeat_customer_rate": rate(sum(count >= 2 for count in own), len(own)),
    }
