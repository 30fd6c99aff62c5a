"""Which rows land, as what, and which are rejected for which reason."""

import datetime
import hashlib
import hmac
from decimal import Decimal

import pytest

from .workbench import CARD, DAY, ITEM, KEY, OPTION, Bench, days, items, options, table_bytes

WHITE_SPACE = " \t\r\n\f\v"


def test_a_row_lands_trimmed_typed_and_with_its_origin(bench: Bench) -> None:
    padded = {name: f"{WHITE_SPACE}{value}{WHITE_SPACE}" for name, value in ITEM.items()}
    bench.write("day/items.csv", items({**padded, "CURRENCY": " usd\t", "USER_ID": WHITE_SPACE}))
    assert bench.load().exit_code == 0
    [row] = bench.rows("select * from raw.order_items")
    assert row[:13] == (
        "Kiosk", "r1", datetime.datetime(2025, 6, 1, 16, 0, 0, 123000), "o1", None, None, False, "USD", "l1",
        "Sandwiches", "Club", Decimal("7.2500"), 1,
    )  # fmt: skip
    assert row[13:17] == ("day/items.csv", 1, 1, 1)
    assert abs(row[17] - datetime.datetime.now(datetime.UTC).replace(tzinfo=None)) < datetime.timedelta(
        minutes=5
    )


def test_a_no_break_space_is_not_white_space(bench: Bench) -> None:
    bench.write("a.csv", items({"ITEM_NAME": "\u00a0Club\u00a0", "USER_ID": "\u00a0"}))
    bench.load()
    assert bench.rows("select item_name, user_id from raw.order_items") == [("\u00a0Club\u00a0", "\u00a0")]


def test_the_raw_tables_have_the_agreed_columns(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    found = bench.rows(
        "select table_name, list(column_name || ' ' || lower(data_type) order by ordinal_position)"
        " from information_schema.columns where table_schema = 'raw' group by 1"
    )
    origin = [
        "_source_file varchar", "_source_row_number bigint", "_load_id bigint", "_batch_id bigint",
        "_loaded_at timestamp",
    ]  # fmt: skip
    assert dict(found) == {
        "order_items": [
            "app_name varchar", "restaurant_id varchar", "creation_time_utc timestamp", "order_id varchar",
            "user_id varchar", "printed_card_number_hash varchar", "is_loyalty boolean", "currency varchar",
            "lineitem_id varchar", "item_category varchar", "item_name varchar", "item_price decimal(18,4)",
            "item_quantity bigint", *origin,
        ],
        "order_item_options": [
            "order_id varchar", "lineitem_id varchar", "option_group_name varchar", "option_name varchar",
            "option_price decimal(18,4)", "option_quantity bigint", *origin,
        ],
        "date_dim": [
            "date_key date", "year varchar", "month varchar", "week varchar", "day_of_week varchar",
            "is_weekend varchar", "is_holiday boolean", "holiday_name varchar", *origin,
        ],
        "rejected_rows": ["table_name varchar", "reason varchar", "raw_line varchar", *origin],
        "load_files": [
            "load_id bigint", "file_name varchar", "sha256 varchar", "table_name varchar", "rows_read bigint",
            "rows_landed bigint", "rows_rejected bigint", "first_business_date date",
            "last_business_date date",
            "batch_id bigint", "loaded_at timestamp",
        ],
        "withdrawn_files": [
            "load_id bigint", "file_name varchar", "sha256 varchar", "table_name varchar", "rows_read bigint",
            "rows_landed bigint", "rows_rejected bigint", "first_business_date date",
            "last_business_date date",
            "batch_id bigint", "loaded_at timestamp", "withdrawn_at timestamp",
        ],
        "file_versions": ["load_id bigint", "file_version varchar"],
    }  # fmt: skip


ITEM_CELLS = [
    ("CREATION_TIME_UTC", "bad_creation_time", [
        "2025-06-01T16:00:00Z", "2025-06-01T16:00:00.1Z", "2025-06-01T16:00:00.123456Z",
        "2024-02-29T23:59:59Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ], [
        "", "2025-06-01 16:00:00Z", "2025-06-01T16:00:00", "2025-06-01T16:00:00.1234567Z",
        "2025-02-30T16:00:00Z",
        "2025-06-01T24:00:00Z", "2025-06-01T16:00:60Z", "2025-06-01T16:60:00Z", "2025-06-01T16:00:00.Z",
        "2025-06-01T16:00:00+00:00", "25-06-01T16:00:00Z", "2025-06-01t16:00:00z", "0000-01-01T00:00:00Z",
        "2025-13-01T16:00:00Z", "12025-06-01T16:00:00Z",
    ]),
    ("ITEM_PRICE", "bad_item_price", [
        "0", "-7.25", "+7.25", "5.", ".5", "-.5", "1.0000", "99999999999999.9999", "-99999999999999.9999",
        "007",
    ], [
        "", "1.00000", "1e9", "abc", "100000000000000", "-100000000000000", ".", "-", "+-1", "1,5",
        "1 000", "1_0",
        "0x10", "inf", "nan", "$5", "٣",
    ]),
    ("ITEM_QUANTITY", "bad_item_quantity", [
        "0", "-1", "+1", "2.0", "2.000", "999999999", "-999999999", "000000001",
    ], [
        "", "2.5", "2.", "1000000000", "0000000001", "1e2", "two", ".0", "2.01", "1 0",
    ]),
    ("IS_LOYALTY", "bad_is_loyalty", ["TRUE", "false", "True", ""], [
        "yes", "1", "T", "0", "TRUEE", "FAL\u017fE",
    ]),
    ("CURRENCY", "bad_currency", ["USD", "eur", "Gbp"], ["", "US", "USDX", "U$D", "123", "ÜSD", "US D"]),
    ("ORDER_ID", "missing_order_id", ["o"], ["", " \t"]),
    ("LINEITEM_ID", "missing_lineitem_id", ["l"], ["", "\v\f"]),
    ("RESTAURANT_ID", "missing_restaurant_id", ["r"], ["", "\r\n"]),
    *[
        (name, "too_long", ["x" * limit, "é" * (limit // 2), " " + "x" * limit], [
            "x" * (limit + 1), "é" * limit,
        ])
        for name, limit in [
            ("ORDER_ID", 64), ("LINEITEM_ID", 64), ("RESTAURANT_ID", 64), ("USER_ID", 64),
            ("APP_NAME", 512), ("ITEM_CATEGORY", 512), ("ITEM_NAME", 512),
        ]
    ],
]  # fmt: skip
OPTION_CELLS = [
    ("ORDER_ID", "missing_order_id", ["o"], ["", " "]),
    ("LINEITEM_ID", "missing_lineitem_id", ["l"], ["", " "]),
    ("OPTION_PRICE", "bad_option_price", ["-2.50", "0", "1.2345"], ["", "free", "1.23456"]),
    ("OPTION_QUANTITY", "bad_option_quantity", ["1", "2.0"], ["", "1.5"]),
    *[
        (name, "too_long", ["x" * limit], ["x" * (limit + 1)])
        for name, limit in [
            ("ORDER_ID", 64), ("LINEITEM_ID", 64), ("OPTION_GROUP_NAME", 512), ("OPTION_NAME", 512),
        ]
    ],
]  # fmt: skip
DAY_CELLS = [
    ("date_key", "bad_date_key", ["29-02-2024", "31-12-1999"], [
        "", "2025-06-01", "1-6-2025", "31-02-2024", "29-02-2025", "01/06/2025", "01-06-25", "00-01-2025",
        "01-13-2025",
        "01-01-0000",
    ]),
    ("is_holiday", "bad_is_holiday", ["TRUE", "false", "True"], ["", "yes", "0"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "column", "reason", "good", "bad"),
    [
        pytest.param(template, *cells, id=f"{cells[1]}-{cells[0].lower()}")
        for template, table in [(ITEM, ITEM_CELLS), (OPTION, OPTION_CELLS), (DAY, DAY_CELLS)]
        for cells in table
    ],
)
def test_good_cells_land_and_bad_ones_are_rejected(
    bench: Bench, template: dict[str, str], column: str, reason: str, good: list[str], bad: list[str]
) -> None:
    bench.write("a.csv", table_bytes(template, *({column: cell} for cell in [*good, *bad])))
    assert bench.load().exit_code == 3
    expected = [(number, reason) for number in range(len(good) + 1, len(good) + len(bad) + 1)]
    assert bench.rejected() == expected
    assert bench.rows("select rows_read, rows_landed, rows_rejected from raw.load_files") == [
        (len(good) + len(bad), len(good), len(bad))
    ]


def test_prices_quantities_and_flags_keep_their_values(bench: Bench) -> None:
    changes = [
        {"ITEM_PRICE": "-.5", "ITEM_QUANTITY": "-2.0", "IS_LOYALTY": ""},
        {"ITEM_PRICE": "99999999999999.9999", "ITEM_QUANTITY": "+999999999", "IS_LOYALTY": "tRuE"},
    ]
    bench.write("a.csv", items(*changes))
    bench.load()
    assert bench.rows("select item_price, item_quantity, is_loyalty from raw.order_items order by 2") == [
        (Decimal("-0.5"), -2, False),
        (Decimal("99999999999999.9999"), 999999999, True),
    ]


ITEM_ORDER = [
    ("missing_order_id", {"ORDER_ID": ""}),
    ("missing_lineitem_id", {"LINEITEM_ID": ""}),
    ("missing_restaurant_id", {"RESTAURANT_ID": ""}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "x"}),
    ("bad_item_price", {"ITEM_PRICE": "x"}),
    ("bad_item_quantity", {"ITEM_QUANTITY": "x"}),
    ("bad_is_loyalty", {"IS_LOYALTY": "x"}),
    ("bad_currency", {"CURRENCY": "x"}),
    ("too_long", {"ITEM_NAME": "x" * 513}),
]


def test_the_first_reason_that_applies_is_the_one_given(bench: Bench) -> None:
    rows = [
        {name: value for _, change in ITEM_ORDER[first:] for name, value in change.items()}
        for first in range(len(ITEM_ORDER))
    ]
    bench.write("a.csv", items(*rows))
    bench.load()
    assert [reason for _, reason in bench.rejected()] == [reason for reason, _ in ITEM_ORDER]


def test_the_first_reason_of_options_and_dates(bench: Bench) -> None:
    bad_option = {"OPTION_PRICE": "x", "OPTION_QUANTITY": "x", "OPTION_NAME": "x" * 513}
    bench.write(
        "a.csv", options({"LINEITEM_ID": "", **bad_option}, bad_option, {**bad_option, "OPTION_PRICE": "1"})
    )
    bench.write("b.csv", days({"date_key": "x", "is_holiday": "x"}))
    bench.load()
    reasons = [reason for _, reason in bench.rejected()]
    assert reasons == ["missing_lineitem_id", "bad_option_price", "bad_option_quantity", "bad_date_key"]


@pytest.mark.parametrize("surplus", [1, 2, 15, 16, 40])
def test_a_wrong_number_of_fields_keeps_later_row_numbers_right(bench: Bench, surplus: int) -> None:
    good = "o1,l1,g,n,1.00,1"
    lines = [
        ",".join(OPTION),
        good,
        "o1,l1",
        good,
        good + ",x" * surplus,
        good,
        "",
        "",
        "   ",
        good,
        good + ",",
    ]
    bench.write("a.csv", "\n".join(lines).encode())
    bench.load()
    assert bench.rejected() == [(row, "wrong_field_count") for row in (2, 4, 6, 8)]
    assert bench.rows("select _source_row_number from raw.order_item_options order by 1") == [
        (1,),
        (3,),
        (5,),
        (7,),
    ]
    assert bench.rows("select rows_read from raw.load_files") == [(8,)]


def test_row_numbers_count_records_not_lines(bench: Bench) -> None:
    content = (
        b"\n\n" + options({"OPTION_NAME": "two\nlines\n\n"}, {"OPTION_NAME": 'a "quoted", one'}) + b"\n\n"
    )
    content += options({"OPTION_PRICE": "bad"}, {"OPTION_NAME": "last"}).partition(b"\n")[2]
    bench.write("a.csv", content)
    bench.load()
    assert bench.rows("select _source_row_number, option_name from raw.order_item_options order by 1") == [
        (1, "two\nlines"),
        (2, 'a "quoted", one'),
        (4, "last"),
    ]
    assert bench.rejected() == [(3, "bad_option_price")]


def test_quoted_empty_cells_are_blank_and_not_missing(bench: Bench) -> None:
    bench.write("a.csv", ",".join(OPTION).encode() + b'\no1,l1,"",,"1.00" ,"1"\n')
    assert bench.load().exit_code == 0
    assert bench.rows("select option_group_name, option_name, option_price from raw.order_item_options") == [
        (None, None, Decimal("1.0000"))
    ]


def test_a_rejected_line_is_kept_as_csv_with_its_table_and_origin(bench: Bench) -> None:
    bench.write("a.csv", options({"OPTION_NAME": 'with "quotes", comma', "OPTION_PRICE": "x"}))
    bench.load()
    assert bench.rows("select * exclude (_loaded_at) from raw.rejected_rows") == [
        (
            "order_item_options",
            "bad_option_price",
            'o1,l1,Veggies,"with ""quotes"", comma",x,1',
            "a.csv",
            1,
            1,
            1,
        )
    ]


@pytest.mark.parametrize("key", [KEY, "long " * 30, "k" * 32, "k" * 31 + "\n"])
def test_card_numbers_are_kept_as_keyed_hash(bench: Bench, key: str) -> None:
    odd = "\\x41 é"
    cells = [CARD, f"  {CARD}\t", "", "  ", odd]
    bench.write("a.csv", items(*({"PRINTED_CARD_NUMBER": cell} for cell in cells)))
    bench.load(key=key)
    hashes = [
        row[0]
        for row in bench.rows(
            "select printed_card_number_hash from raw.order_items order by _source_row_number"
        )
    ]
    expected = {
        cell: hmac.new(key.encode(), cell.encode(), hashlib.sha256).hexdigest() for cell in (CARD, odd)
    }
    assert hashes == [expected[CARD], expected[CARD], None, None, expected[odd]]


@pytest.mark.parametrize(
    ("key", "fault"),
    [("1", "is too short"), ("k" * 31, "is too short"), ("ü" * 40, "holds characters that are not ASCII")],
)
def test_a_weak_key_is_refused_unseen(bench: Bench, key: str, fault: str) -> None:
    bench.write("a.csv", items({"PRINTED_CARD_NUMBER": CARD}))
    result = bench.load(key=key)
    assert result.exit_code == 2
    assert f"CARD_HASH_KEY {fault}; expected at least 32 ASCII characters" in result.output
    assert "openssl rand -hex 32" in result.output
    assert len(key) == 1 or key not in result.output
    assert not bench.database.exists()


def test_without_a_key_no_hash_is_kept_and_the_loader_says_so_once(bench: Bench) -> None:
    bench.write("a.csv", items({"PRINTED_CARD_NUMBER": CARD}))
    bench.write("b.csv", items({"PRINTED_CARD_NUMBER": CARD, "ORDER_ID": "o2"}))
    result = bench.load(key="")
    assert result.exit_code == 0
    assert result.output.count("CARD_HASH_KEY is not set") == 1
    assert bench.rows("select distinct printed_card_number_hash from raw.order_items") == [(None,)]
    assert "CARD_HASH_KEY" not in bench.load(key="").output


def test_options_and_dates_need_no_key(bench: Bench) -> None:
    bench.write("a.csv", options({}))
    assert "CARD_HASH_KEY" not in bench.load(key="").output
