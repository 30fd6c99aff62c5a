"""A dirty sample holds every kind of dirt, and says of each record whether it must be rejected."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from sales_loader.contract import TABLES

from .reading import WHITE, Record, is_blank, padded, reason, rows, written


def expected(out: Path) -> dict[tuple[str, int], str]:
    listed = [json.loads(line) for line in (out / "expected_rejects.jsonl").read_text().splitlines()]
    return {(reject["file"], reject["row_number"]): reject["reason"] for reject in listed}


def table_of(file: str) -> str:
    return Path(file).name.split(".")[0]


def good(out: Path, table: str) -> list[tuple[str, Record]]:
    """File name and record of everything that must not be rejected."""
    found = []
    for path in sorted(out.rglob(f"{table}.csv")):
        header, *body = rows(path)
        names = [name.upper() for name in header]
        accepted = (padded(header, row) for row in body if not is_blank(row) and reason(header, row) is None)
        found += [(str(path.relative_to(out)), dict(zip(names, row, strict=True))) for row in accepted]
    return found


def test_exactly_the_listed_records_are_bad_and_for_the_listed_reason(dirty: Path) -> None:
    found = {}
    for path in dirty.rglob("*.csv"):
        header, *body = rows(path)
        for number, row in enumerate(body, start=1):
            if not is_blank(row) and (why := reason(header, row)):
                found[path.relative_to(dirty).as_posix(), number] = why
    assert found == expected(dirty)


def test_every_reason_of_the_contract_has_a_few_records(dirty: Path) -> None:
    counts = Counter((table_of(file), why) for (file, _), why in expected(dirty).items())
    for table in TABLES:
        for why in table.reasons:
            assert counts[table.name, why] >= 3, (table.name, why)


def test_totals_count_what_is_there(dirty: Path) -> None:
    totals = json.loads((dirty / "expected_totals.json").read_text())
    read = {
        table.name: sum(
            not is_blank(row) for path in dirty.rglob(f"{table.name}.csv") for row in rows(path)[1:]
        )
        for table in TABLES
    }
    accepted = [record for _, record in good(dirty, "order_items")]
    counts = Counter((table_of(file), why) for (file, _), why in expected(dirty).items())
    assert totals["lines"] == read["order_items"]
    assert totals["options"] == read["order_item_options"]
    assert totals["dates"] == read["date_dim"]
    assert totals["orders"] == len({record["ORDER_ID"].strip(WHITE) for record in accepted})
    assert totals["customers"] == len({written("USER_ID", record["USER_ID"]) for record in accepted} - {""})
    for table, reasons in totals["rejected"].items():
        assert reasons == {why: counts[table, why] for why in reasons}


def test_too_few_and_too_many_fields_occur(dirty: Path) -> None:
    for table in ("order_items", "order_item_options"):
        lengths = set()
        for path in dirty.rglob(f"{table}.csv"):
            header, *body = rows(path)
            lengths |= {len(row) - len(header) for row in body}
        assert min(lengths) < 0 < max(lengths)


def test_the_broken_row_of_the_real_export_occurs(dirty: Path) -> None:
    found = [
        row
        for path in dirty.rglob("order_items.csv")
        for row in rows(path)[1:]
        if len(row) == 13 and row[3] and row[8] == "" and row[12] == "0"
    ]
    assert len(found) == 1


def test_odd_values_of_lines_occur(dirty: Path) -> None:
    lines = [record for _, record in good(dirty, "order_items")]
    patterns = {
        "ITEM_PRICE": (r"\.5", r"5\.", r"\+5", r"-\d+\.\d\d", r"0\.00"),
        "ITEM_QUANTITY": (r"2\.0", "0", r"-[1-9]\d*"),
        "IS_LOYALTY": ("true", "False", "", "NULL"),
        "CURRENCY": ("usd", "EUR", "eur", " usd "),
        "USER_ID": (" +", " [0-9a-f]{24} ", "", "NULL", r"\\N", "None", "n/a", "0{24}"),
        "ORDER_ID": (r"  [0-9a-f]{24} ",),
        "ITEM_CATEGORY": (
            r"\s\S.*",
            r".*\S\s+",
            r"[a-z &']+",
            r"[A-Z &']+",
            r"\S+https://\S+#.+",
            r".*\t.*",
            ".*\u00a0.*",
        ),
        "ITEM_NAME": (r"(?s).*\n.*\n.*", ".*\u00a0.*"),
    }
    for name, wanted in patterns.items():
        for pattern in wanted:
            assert any(re.fullmatch(pattern, line[name]) for line in lines), (name, pattern)


def test_refunds_come_by_price_by_quantity_and_by_both(dirty: Path) -> None:
    lines = [record for _, record in good(dirty, "order_items")]
    signs = {(line["ITEM_PRICE"].startswith("-"), line["ITEM_QUANTITY"].startswith("-")) for line in lines}
    assert signs == {(False, False), (False, True), (True, False), (True, True)}


def test_lines_come_again_at_another_price_further_down(dirty: Path) -> None:
    seen: dict[str, list[tuple[str, str]]] = {}
    for file, line in good(dirty, "order_items"):
        seen.setdefault(line["LINEITEM_ID"].strip(WHITE), []).append((file, line["ITEM_PRICE"]))
    again = [found for found in seen.values() if len(found) > 1]
    assert len(again) == 4
    assert all(len({price for _, price in found}) == 3 and found[0][0] == found[1][0] for found in again)
    split = len(list(dirty.glob("*/order_items.csv"))) > 0
    assert all((found[2][0] > found[1][0]) == split for found in again)


def test_some_orders_have_lines_that_disagree(dirty: Path) -> None:
    orders: dict[str, list[Record]] = {}
    for _, line in good(dirty, "order_items"):
        orders.setdefault(line["ORDER_ID"], []).append(line)
    for name in ("USER_ID", "CREATION_TIME_UTC", "APP_NAME", "IS_LOYALTY"):
        assert sum(len({line[name].strip(WHITE) for line in found}) > 1 for found in orders.values()) >= 3, (
            name
        )
    assert any(sorted(line["CURRENCY"] for line in found)[:2] == ["EUR", "USD"] for found in orders.values())


def test_times_around_clock_changes_and_on_29_february_occur(dirty: Path) -> None:
    times = {line["CREATION_TIME_UTC"] for _, line in good(dirty, "order_items")}
    assert {f"2024-03-10T{time}" for time in ("06:59:59.999Z", "07:00:00Z")} <= times
    assert {f"2023-11-05T{time}" for time in ("05:30:00Z", "06:30:00.5Z")} <= times
    assert "2024-02-29T17:00:00.00Z" in times


def test_options_are_repeated_orphaned_and_discounted(dirty: Path) -> None:
    options = [record for _, record in good(dirty, "order_item_options")]
    lines = {line["LINEITEM_ID"].strip(WHITE) for _, line in good(dirty, "order_items")}
    copies = len(options) - len({tuple(option.values()) for option in options})
    assert abs(copies / len(options) - 0.012) < 0.004
    assert sum(option["LINEITEM_ID"].strip(WHITE) not in lines for option in options) >= 28


def test_empty_lines_and_rows_of_blank_cells_stand_between_records(dirty: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in dirty.rglob("order_item*.csv")]
    assert sum("\n\n" in text for text in texts) >= 2
    blank = [row for path in dirty.rglob("*.csv") for row in rows(path) if is_blank(row)]
    assert {len(row) for row in blank} >= {6, 9, 13}


def test_calendar_rows_come_without_their_last_cells(dirty: Path) -> None:
    header, *body = rows(dirty / "date_dim.csv")
    assert {len(header) - len(row) for row in body if reason(header, row) is None} == {0, 1, 2}


def test_some_options_come_a_day_before_their_line(dirty_split: Path) -> None:
    file_of = {line["LINEITEM_ID"]: file[:10] for file, line in reversed(good(dirty_split, "order_items"))}
    early = [
        option
        for file, option in good(dirty_split, "order_item_options")
        if file[:10] < file_of.get(option["LINEITEM_ID"], "")
    ]
    assert len({option["LINEITEM_ID"] for option in early}) >= 3


def test_some_files_have_another_header_one_column_more_or_crlf(dirty_split: Path) -> None:
    paths = sorted(dirty_split.glob("*/order_items.csv"))
    headers = [rows(path)[0] for path in paths]
    plain = max(headers, key=headers.count)
    assert [name.lower() for name in reversed(plain)] in headers
    assert any(set(header) > set(plain) for header in headers)
    assert sum(b"\r\n" in path.read_bytes() for path in paths) == 1


def test_the_calendar_has_one_column_more(dirty: Path) -> None:
    header = rows(dirty / "date_dim.csv")[0]
    assert header[-1] == "notes"
    assert len(header) == 9
