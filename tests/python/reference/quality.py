"""What was left out, and how much it was worth."""

from collections import Counter
from collections.abc import Sequence

from .costs import lines_of
from .exact import money
from .facts import Facts, Row, Sold, Tables
from .inputs import RawTables, Seeds

REASONS = {
    "order_items": (
        "wrong_field_count",
        "missing_order_id",
        "missing_lineitem_id",
        "missing_restaurant_id",
        "mangled_id",
        "bad_creation_time",
        "bad_item_price",
        "bad_item_quantity",
        "bad_is_loyalty",
        "bad_currency",
        "too_long",
        "set_aside",
    ),
    "order_item_options": (
        "wrong_field_count",
        "missing_order_id",
        "missing_lineitem_id",
        "mangled_id",
        "bad_option_price",
        "bad_option_quantity",
        "too_long",
        "set_aside",
    ),
}
PREFIXES = {"order_items": "rejected_items", "order_item_options": "rejected_options"}


def quality_tables(raw: RawTables, facts: Facts, seeds: Seeds) -> Tables:
    """Return the data quality mart; its free-text descriptions are left None."""
    return {
        "data_quality_summary": [
            *_rejected_rows(raw),
            *_load_rows(facts),
            *_left_out_rows(facts, seeds),
            *_refund_rows(facts),
        ]
    }


def _row(check_name: str, row_count: int, affected: Sequence[Sold] = ()) -> Row:
    return {
        "check_name": check_name,
        "row_count": row_count,
        "revenue_affected": money(sum(one.net for one in affected)),
        "description": None,
    }


def _rejected_rows(raw: RawTables) -> list[Row]:
    counts = Counter((row.table_name, row.reason) for row in raw.rejected_rows)
    return [
        _row(f"{PREFIXES[table]}_{reason}", counts[table, reason])
        for table, reasons in REASONS.items()
        for reason in reasons
    ]


def _load_rows(facts: Facts) -> list[Row]:
    return [
        _row("superseded_order_lines", facts.superseded_lines),
        _row("duplicate_options", facts.duplicate_options),
        _row("replaced_option_sets", facts.replaced_option_sets),
        _row("orphan_options", facts.orphan_options),
    ]


def _left_out_rows(facts: Facts, seeds: Seeds) -> list[Row]:
    of_excluded_apps = facts.excluded_app_lines
    of_excluded = [order for order in facts.orders if order.head.customer_id in seeds.excluded_customers]
    of_guests = [order for order in facts.orders if order.head.customer_id is None]
    return [
        _row("other_currency_lines", len(facts.other_currency_lines), facts.other_currency_lines),
        _row("excluded_app_orders", len({line.head.order_id for line in of_excluded_apps}), of_excluded_apps),
        _row("excluded_customer_orders", len(of_excluded), of_excluded),
        _row("guest_orders", len(of_guests), of_guests),
    ]


def _refund_rows(facts: Facts) -> list[Row]:
    refunds = [order.net for order in facts.orders if order.net < 0]
    negative = [line.item_amount for line in lines_of(facts.orders) if line.item_amount < 0]
    return [
        {**_row("refund_orders", len(refunds)), "revenue_affected": money(sum(refunds))},
        {**_row("negative_item_lines", len(negative)), "revenue_affected": money(sum(negative))},
    ]
