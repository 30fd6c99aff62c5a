"""The meaning of each reason to reject a row, and the export of rejected rows that includes it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sales_loader.contract import ID_BYTES, NAME_BYTES, SET_ASIDE
from sales_loader.escaping import write_for_spreadsheets

EXPLANATIONS = {
    "wrong_field_count": "The row has more or fewer cells than the header.",
    "missing_order_id": "ORDER_ID is blank.",
    "missing_lineitem_id": "LINEITEM_ID is blank.",
    "missing_restaurant_id": "RESTAURANT_ID is blank.",
    "mangled_id": "An id reads like 6.13E+23: a spreadsheet took it for a number and lost digits.",
    "bad_creation_time": "CREATION_TIME_UTC is no time such as 2025-06-30T16:05:09.123Z.",
    "bad_item_price": "ITEM_PRICE is no number such as 7.25, with at most four decimals.",
    "bad_item_quantity": "ITEM_QUANTITY is no whole number of at most nine digits.",
    "bad_is_loyalty": "IS_LOYALTY is neither TRUE nor FALSE nor blank.",
    "bad_currency": "CURRENCY is no code of three letters.",
    "bad_option_price": "OPTION_PRICE is no number such as 0.50, with at most four decimals.",
    "bad_option_quantity": "OPTION_QUANTITY is no whole number of at most nine digits.",
    "bad_date_key": "DATE_KEY is no date such as 30-06-2025, day first.",
    "bad_is_holiday": "IS_HOLIDAY is neither TRUE nor FALSE.",
    SET_ASIDE: "`sales-loader reject` took the row out, whatever it holds.",
    "set_aside": "Someone took the row out with sales-loader reject, and said why there.",
    "too_long": f"An id is longer than {ID_BYTES} bytes, or a name longer than {NAME_BYTES}.",
}


def explanation(reason: str) -> str:
    """The sentence that says what a reason means; empty for one that an earlier version gave."""
    return EXPLANATIONS.get(reason, "")


def export_explained(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rejected rows to a CSV file for spreadsheets, with a column ``explanation`` at the end.

    Args:
        path: where to write to.
        header: names of the columns, ``reason`` among them.
        rows: their values.

    Returns:
        The number of rows.

    Raises:
        LoaderError: the file cannot be written.
    """
    place = list(header).index("reason")
    explained = ([*row, explanation(str(row[place]))] for row in rows)
    return write_for_spreadsheets(path, [*header, "explanation"], explained)
