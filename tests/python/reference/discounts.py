"""Discounted orders beside others."""

from .before_after import before_after_rows
from .costs import food_cost, lines_of
from .days import month_start
from .exact import average, money, pct
from .facts import Facts, Order, Row, Tables, group_by, totals
from .inputs import Seeds, Settings


def discount_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the three discount marts."""
    groups = group_by(facts.orders, lambda order: order.is_discounted)
    months = group_by(
        facts.orders,
        lambda order: (month_start(order.head.business_date), order.head.location_id, order.is_discounted),
    )
    return {
        "discount_effectiveness": [
            _effectiveness_row(is_discounted, groups.get(is_discounted, []), facts, settings, seeds)
            for is_discounted in (False, True)
        ],
        "discount_effectiveness_monthly": [
            {
                "month_start_date": month,
                "location_id": location_id,
                "is_discounted": is_discounted,
                "order_count": len(orders),
                **totals(orders),
                **_profit_columns(orders, settings, seeds),
            }
            for (month, location_id, is_discounted), orders in months.items()
        ],
        "discount_before_after": before_after_rows(facts, settings.discount_window_days),
    }


def _effectiveness_row(
    is_discounted: bool, orders: list[Order], facts: Facts, settings: Settings, seeds: Seeds
) -> Row:
    gross, net = sum(order.gross for order in orders), sum(order.net for order in orders)
    profit = net - food_cost(lines_of(orders), settings, seeds)
    line_gross = sum(line.gross for line in lines_of(orders) if line.discount > 0)
    return {
        "is_discounted": is_discounted,
        "order_count": len(orders),
        "order_share_pct": pct(len(orders), len(facts.orders)),
        **totals(orders),
        "average_gross_order_value": average(gross, len(orders)),
        "average_order_value": average(net, len(orders)),
        "average_discount_pct": pct(gross - net, gross),
        **_profit_columns(orders, settings, seeds),
        "estimated_margin_pct": pct(profit, net),
        "average_items_per_order": average(100 * sum(order.item_quantity for order in orders), len(orders)),
        "discounted_line_gross_revenue": money(line_gross),
        "average_line_discount_pct": pct(gross - net, line_gross),
        "break_even_order_uplift_pct": pct(gross - net, profit) if profit > 0 else None,
    }


def _profit_columns(orders: list[Order], settings: Settings, seeds: Seeds) -> Row:
    cost = food_cost(lines_of(orders), settings, seeds)
    return {
        "estimated_food_cost": money(cost),
        "estimated_gross_profit": money(sum(order.net for order in orders) - cost),
    }
