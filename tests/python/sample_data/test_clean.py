"""A clean sample has the ordering platform's format and the real export's proportions."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sample_data.company import catalog
from sample_data.company.calendar import holidays
from sample_data.company.customers import make_restaurants
from sample_data.company.options import first_day
from sample_data.run import write_sample

from .conftest import CLEAN, LINES, SMALL
from .reading import Record, reason, records, rows

HEX = re.compile(r"[0-9a-f]{24}")
ITEM_FORMATS = {
    "APP_NAME": r"Online Ordering|Kiosk|Sandbox",
    "RESTAURANT_ID": HEX.pattern,
    "CREATION_TIME_UTC": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z",
    "ORDER_ID": HEX.pattern,
    "USER_ID": rf"({HEX.pattern})?",
    "PRINTED_CARD_NUMBER": r"(\d{12})?",
    "IS_LOYALTY": "TRUE|FALSE",
    "CURRENCY": "USD",
    "LINEITEM_ID": HEX.pattern,
    "ITEM_CATEGORY": r"[^,\n]*",
    "ITEM_NAME": r"(?s).+",
    "ITEM_PRICE": r"\d+\.\d\d",
    "ITEM_QUANTITY": r"[1-9]\d{0,2}",
}
OPTION_FORMATS = {
    "ORDER_ID": HEX.pattern,
    "LINEITEM_ID": HEX.pattern,
    "OPTION_GROUP_NAME": r".+",
    "OPTION_NAME": r".+",
    "OPTION_PRICE": r"-?\d+\.\d\d",
    "OPTION_QUANTITY": "1",
}


def cents(text: str) -> int:
    return int(text.replace(".", ""))


def local(line: Record) -> datetime:
    return datetime.fromisoformat(line["CREATION_TIME_UTC"]).astimezone(ZoneInfo(catalog.TIMEZONE))


def orders_of(lines: list[Record]) -> dict[str, Record]:
    return {line["ORDER_ID"]: line for line in lines}


@pytest.mark.parametrize(
    ("file", "formats"), [("order_items.csv", ITEM_FORMATS), ("order_item_options.csv", OPTION_FORMATS)]
)
def test_every_cell_has_the_format_of_its_column(clean: Path, file: str, formats: dict[str, str]) -> None:
    assert (clean / file).read_text(encoding="utf-8").startswith(",".join(formats) + "\n")
    for record in records(clean / file):
        for name, value in record.items():
            assert re.fullmatch(formats[name], value), (name, value)


def test_no_record_of_a_clean_sample_is_bad(clean: Path) -> None:
    for path in clean.glob("*.csv"):
        header, *body = rows(path)
        assert {reason(header, row) for row in body} == {None}


def test_times_come_with_none_to_three_fractional_digits(lines: list[Record]) -> None:
    found = {len(line["CREATION_TIME_UTC"].partition(".")[2].rstrip("Z")) for line in lines}
    assert found == {0, 1, 2, 3}


def test_sizes_are_as_asked(lines: list[Record]) -> None:
    assert len(lines) == len({line["LINEITEM_ID"] for line in lines}) == LINES
    assert len({line["USER_ID"] for line in lines} - {""}) == CLEAN.customers
    assert len({line["RESTAURANT_ID"] for line in lines}) == CLEAN.restaurants


def test_one_order_has_one_head(lines: list[Record]) -> None:
    heads = {tuple(line.values())[:8] for line in lines}
    assert len(heads) == len(orders_of(lines))


def test_shares_are_those_of_the_real_export(lines: list[Record]) -> None:
    orders = orders_of(lines)
    customers = Counter(order["USER_ID"] for order in orders.values() if order["USER_ID"])
    assert len(lines) / len(orders) == pytest.approx(1.55, abs=0.01)
    assert sum(not line["USER_ID"] for line in lines) / LINES == pytest.approx(0.0875, abs=0.01)
    assert sum(line["IS_LOYALTY"] == "TRUE" for line in lines) / LINES == pytest.approx(0.226, abs=0.015)
    assert sum(count == 1 for count in customers.values()) / len(customers) == pytest.approx(0.5, abs=0.01)
    assert max(customers.values()) > 60
    assert sum(order["APP_NAME"] == "Sandbox" for order in orders.values()) / len(orders) == pytest.approx(
        0.003, abs=0.0015
    )


def test_categories_and_names_hold_what_real_ones_hold(lines: list[Record]) -> None:
    categories = Counter(line["ITEM_CATEGORY"] for line in lines)
    assert len(categories) == 45
    assert 0 < categories[""] < 0.02 * LINES
    names = {line["ITEM_NAME"] for line in lines}
    assert all(any(mark in name for name in names) for mark in (",", '"', "'", "\n"))


def test_a_card_is_there_exactly_on_loyalty_orders_one_per_customer(lines: list[Record]) -> None:
    assert all((line["IS_LOYALTY"] == "TRUE") == (line["PRINTED_CARD_NUMBER"] != "") for line in lines)
    pairs = {(line["USER_ID"], line["PRINTED_CARD_NUMBER"]) for line in lines if line["PRINTED_CARD_NUMBER"]}
    assert len(pairs) == len({user for user, _ in pairs}) == len({card for _, card in pairs})
    assert "" not in {user for user, _ in pairs}


def test_most_customers_with_mixed_orders_joined_later(lines: list[Record]) -> None:
    flags: dict[str, list[str]] = defaultdict(list)
    for order in sorted(orders_of(lines).values(), key=local):
        flags[order["USER_ID"]].append(order["IS_LOYALTY"])
    mixed = [found for user, found in flags.items() if user and len(set(found)) == 2]
    assert len(mixed) / (len(flags) - 1) == pytest.approx(0.09, abs=0.02)
    assert sum(found == sorted(found) for found in mixed) / len(mixed) > 0.8


def test_orders_peak_at_lunch_and_dinner_on_weekends_and_in_summer(lines: list[Record]) -> None:
    times = [local(order) for order in orders_of(lines).values()]
    hours, days, months = (Counter(map(part, times)) for part in (hour_of, weekday_of, month_of))
    assert hours[12] > 1.5 * hours[10] > 0
    assert hours[18] > 1.5 * hours[15] > 0
    assert hours[3] == 0
    assert days[4] > days[0]
    assert months[7] > 1.15 * months[1]


def hour_of(time: datetime) -> int:
    return time.hour


def weekday_of(time: datetime) -> int:
    return time.weekday()


def month_of(time: datetime) -> int:
    return time.month


def test_all_orders_are_of_the_period(lines: list[Record]) -> None:
    dates = {local(line).date() for line in lines}
    assert (min(dates), max(dates)) == (CLEAN.start_date, date(2025, 6, 30))


def test_restaurants_differ_in_size_and_some_open_later(lines: list[Record]) -> None:
    first: dict[str, date] = {}
    for line in lines:
        day = local(line).date()
        first[line["RESTAURANT_ID"]] = min(day, first.get(line["RESTAURANT_ID"], day))
    counts = Counter(line["RESTAURANT_ID"] for line in lines)
    assert max(counts.values()) > 3 * min(counts.values())
    late = [day for day in first.values() if day > CLEAN.start_date + timedelta(days=60)]
    assert 0 < len(late) < CLEAN.restaurants / 2
    opened = sorted(CLEAN.date_of(int(day)) for day in make_restaurants(CLEAN).opened)
    assert all(open_day <= seen for open_day, seen in zip(opened, sorted(first.values()), strict=True))


def test_the_price_is_of_the_whole_line(lines: list[Record]) -> None:
    units: dict[tuple[str, str, str, date], set[float]] = defaultdict(set)
    for line in lines:
        key = (line["ITEM_NAME"], line["ITEM_CATEGORY"], line["RESTAURANT_ID"], date(local(line).year, 1, 1))
        units[key].add(cents(line["ITEM_PRICE"]) / int(line["ITEM_QUANTITY"]))
    assert {len(prices) for prices in units.values()} == {1}
    assert {"1", "2", "3", "4"} < {line["ITEM_QUANTITY"] for line in lines}


def test_prices_rise_from_year_to_year(lines: list[Record]) -> None:
    yearly: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for line in lines:
        unit = cents(line["ITEM_PRICE"]) / int(line["ITEM_QUANTITY"])
        yearly[line["ITEM_NAME"], line["RESTAURANT_ID"]][local(line).year] = unit
    both = [(found[2023], found[2025]) for found in yearly.values() if {2023, 2025} <= found.keys()]
    assert sum(new for _, new in both) / sum(old for old, _ in both) == pytest.approx(1.035**2, abs=0.01)


def test_options_are_mostly_free_and_never_repeated(lines: list[Record], options: list[Record]) -> None:
    chosen = [option for option in options if not option["OPTION_PRICE"].startswith("-")]
    with_options = {option["LINEITEM_ID"] for option in chosen}
    assert len({tuple(option.values()) for option in options}) == len(options)
    assert 0.33 < len(with_options) / len(lines) < 0.5
    assert sum(option["OPTION_PRICE"] == "0.00" for option in chosen) / len(chosen) == pytest.approx(
        2 / 3, abs=0.03
    )
    order_of = {line["LINEITEM_ID"]: line["ORDER_ID"] for line in lines}
    assert all(order_of[option["LINEITEM_ID"]] == option["ORDER_ID"] for option in options)


def test_discounts_keep_to_their_price_their_start_and_their_restaurants(
    lines: list[Record], options: list[Record]
) -> None:
    line_of = {line["LINEITEM_ID"]: line for line in lines}
    discounts = {discount.name: discount for discount in catalog.DISCOUNTS}
    given = [option for option in options if option["OPTION_PRICE"].startswith("-")]
    for option in given:
        line, discount = line_of[option["LINEITEM_ID"]], discounts[option["OPTION_NAME"]]
        assert -cents(option["OPTION_PRICE"]) <= cents(line["ITEM_PRICE"])
        assert local(line).date() >= CLEAN.date_of(first_day(CLEAN, discount)) > CLEAN.start_date
        assert discount.hours[0] <= local(line).hour < discount.hours[1]
    places = {(option["OPTION_NAME"], line_of[option["LINEITEM_ID"]]["RESTAURANT_ID"]) for option in given}
    per_discount = Counter(name for name, _ in places)
    assert per_discount.keys() == discounts.keys()
    assert len(set(per_discount.values())) > 1
    assert max(per_discount.values()) < CLEAN.restaurants


def test_about_one_order_in_twenty_is_discounted_once_discounts_are_given(
    lines: list[Record], options: list[Record]
) -> None:
    discounted = {option["ORDER_ID"] for option in options if option["OPTION_PRICE"].startswith("-")}
    since: dict[str, datetime] = {}
    for line in lines:
        if line["ORDER_ID"] in discounted:
            place = line["RESTAURANT_ID"]
            since[place] = min(local(line), since.get(place, local(line)))
    after = [
        order
        for order in orders_of(lines).values()
        if order["RESTAURANT_ID"] in since and local(order) >= since[order["RESTAURANT_ID"]]
    ]
    assert 0.04 < sum(order["ORDER_ID"] in discounted for order in after) / len(after) < 0.06


def test_the_calendar_covers_the_middle_year(clean: Path) -> None:
    header, *body = rows(clean / "date_dim.csv")
    assert header == [
        *("date_key", "year", "month", "week", "day_of_week", "is_weekend", "is_holiday", "holiday_name")
    ]
    assert len(body) == 366
    assert body[0] == ["01-01-2024", "2024", "1", "1", "Monday", "FALSE", "TRUE", "New Year's Day"]
    assert body[59] == ["29-02-2024", "2024", "2", "9", "Thursday", "FALSE", "FALSE", ""]
    assert body[-1][:6] == ["31-12-2024", "2024", "12", "1", "Tuesday", "FALSE"]


def test_holidays_of_2023_are_those_of_the_company() -> None:
    found = sorted(holidays(2023))
    days = ("1-1", "1-2", "1-16", "2-20", "5-29", "6-19", "7-4", "9-4", "10-9", "11-11", "11-23", "12-25")
    assert [f"{day.month}-{day.day}" for day in found] == list(days)


def test_totals_count_what_is_there(clean: Path, lines: list[Record], options: list[Record]) -> None:
    totals = json.loads((clean / "expected_totals.json").read_text())
    assert totals["lines"] == len(lines)
    assert totals["options"] == len(options)
    assert totals["orders"] == len(orders_of(lines))
    assert totals["customers"] == len({line["USER_ID"] for line in lines} - {""})
    assert {count for reasons in totals["rejected"].values() for count in reasons.values()} == {0}


def test_split_files_hold_the_same_rows_as_one(split: Path, tmp_path: Path) -> None:
    write_sample(SMALL, tmp_path)
    for name in ("order_items.csv", "order_item_options.csv"):
        header, *body = rows(tmp_path / name)
        parts = [rows(path) for path in sorted(split.glob(f"*/{name}"))]
        assert len(parts) == SMALL.days
        assert {tuple(part[0]) for part in parts} == {tuple(header)}
        assert [row for part in parts for row in part[1:]] == body
    assert (split / "date_dim.csv").read_bytes() == (tmp_path / "date_dim.csv").read_bytes()


def test_each_line_is_in_the_folder_of_its_local_date(split: Path) -> None:
    for path in split.glob("*/order_items.csv"):
        assert {local(line).date().isoformat() for line in records(path)} <= {path.parent.name}
