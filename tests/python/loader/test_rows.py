"""Which rows land, as what, and which are rejected for which reason."""

import datetime
import hashlib
import hmac
from decimal import Decimal

import pytest

from tests.python.support.loader_bench import (
    CARD,
    DAY,
    ITEM,
    KEY,
    OPTION,
    Bench,
    days,
    items,
    options,
    table_bytes,
)

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
        "removed_orders": ["load_id bigint", "order_id varchar"],
        "set_aside_rows": [
            "file_name varchar", "sha256 varchar", "row_number bigint", "reason varchar",
            "set_aside_at timestamp",
        ],
        "file_versions": ["load_id bigint", "file_version varchar"],
    }  # fmt: skip


ITEM_CELLS = [
    ("CREATION_TIME_UTC", "bad_creation_time", [
        "2025-06-01T16:00:00Z", "2025-06-01T16:00:00.1Z", "2025-06-01T16:00:00.123456Z",
        "2024-02-29T23:59:59Z", "1990-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ], [
        "", "2025-06-01 16:00:00Z", "2025-06-01T16:00:00", "2025-06-01T16:00:00.1234567Z",
        "2025-02-30T16:00:00Z",
        "2025-06-01T24:00:00Z", "2025-06-01T16:00:60Z", "2025-06-01T16:60:00Z", "2025-06-01T16:00:00.Z",
        "2025-06-01T16:00:00+00:00", "25-06-01T16:00:00Z", "2025-06-01t16:00:00z", "0000-01-01T00:00:00Z",
        "1989-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "NULL",
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
    ("IS_LOYALTY", "bad_is_loyalty", ["TRUE", "false", "True", "", "NULL", " null ", "\\N"], [
        "yes", "none", "\\n", "1", "T", "0", "TRUEE", "FAL\u017fE",
    ]),
    ("CURRENCY", "bad_currency", ["USD", "eur", "Gbp"], ["", "US", "USDX", "U$D", "123", "ÜSD", "US D"]),
    ("ORDER_ID", "missing_order_id", ["o", "00a", "-", "na", "\\n", "\\N1", "nulls", "0.0"], [
        "", " \t", "NULL", " Null\t", "\\N", "none", "NaN", "N/A", "0", "0" * 24, "0" * 99,
    ]),
    ("LINEITEM_ID", "missing_lineitem_id", ["l"], ["", "\v\f", "null", "None", "000"]),
    ("RESTAURANT_ID", "missing_restaurant_id", ["r"], ["", "\r\n", "nUlL", "n/a", "00"]),
    *[
        (name, "mangled_id", [
            "6.13E+2x", "E+23", "6.13E", "6.13E+", "6.1.3E+23", "6,13E+23", "-6.13E+23", "6.13e+23", "6.13",
            "613E" + "2" * 20,
        ], [
            "6.13E+23", " 6.13E+23 ", "6E23", "61E-22", "6.13000E+23", "0E0", "6.E+23", "613E" + "2" * 19,
        ])
        for name in ("ORDER_ID", "LINEITEM_ID", "RESTAURANT_ID", "USER_ID")
    ],
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
    ("LINEITEM_ID", "missing_lineitem_id", ["l"], ["", " ", "NULL", "0000"]),
    *[(name, "mangled_id", ["6.13E"], ["6.13E+23"]) for name in ("ORDER_ID", "LINEITEM_ID")],
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
    ("mangled_id", {"USER_ID": "6E+23"}),
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
        "b.csv", options({"LINEITEM_ID": "", **bad_option}, bad_option, {**bad_option, "OPTION_PRICE": "1"})
    )
    bench.write("a.csv", days({"date_key": "x", "is_holiday": "x"}))
    bench.load()
    reasons = [reason for _, reason in bench.rejected()]
    assert reasons == ["bad_date_key", "missing_lineitem_id", "bad_option_price", "bad_option_quantity"]


def test_a_written_null_is_blank_in_every_column(bench: Bench) -> None:
    names = ("APP_NAME", "USER_ID", "PRINTED_CARD_NUMBER", "IS_LOYALTY", "ITEM_CATEGORY", "ITEM_NAME")
    written = ["NULL", " null ", "Null", "\\N"]
    bench.write("a.csv", items(*(dict.fromkeys(names, word) for word in written)))
    for number, word in enumerate(["none", "NaN", "n/a", "0", "0" * 24]):
        bench.write(f"b{number}.csv", items({"USER_ID": word, "ITEM_NAME": word, "LINEITEM_ID": "l2"}))
    bench.write("c.csv", options({"OPTION_GROUP_NAME": "NULL", "OPTION_NAME": "\\N"}))
    bench.write("d.csv", days({"holiday_name": "null", "week": "NULL"}))
    assert bench.load().exit_code == 0
    blank = bench.rows(
        "select distinct app_name, user_id, printed_card_number_hash, is_loyalty, item_category, item_name"
        " from raw.order_items where lineitem_id = 'l1'"
    )
    assert blank == [(None, None, None, False, None, None)]
    only_ids = bench.rows(
        "select user_id, item_name from raw.order_items where lineitem_id = 'l2' order by _source_file"
    )
    assert only_ids == [(None, word) for word in ["none", "NaN", "n/a", "0", "0" * 24]]
    assert bench.rows("select option_group_name, option_name from raw.order_item_options") == [(None, None)]
    assert bench.rows("select holiday_name, week from raw.date_dim") == [(None, None)]


@pytest.mark.parametrize(
    ("template", "order", "kept", "reason"),
    [
        (DAY, list(DAY), 7, None),
        (DAY, list(DAY), 6, "wrong_field_count"),  # is_holiday has to be there
        (DAY, ["is_holiday", *DAY, "notes", "more"], 1 + 8, None),
        (DAY, ["is_holiday", *DAY, "notes", "more"], 2, None),
        (OPTION, ["OPTION_PRICE", "OPTION_QUANTITY", *OPTION], 4, None),
        (OPTION, ["OPTION_PRICE", "OPTION_QUANTITY", *OPTION], 3, "wrong_field_count"),
        (ITEM, list(ITEM), 12, "wrong_field_count"),
        (ITEM, [*(name for name in ITEM if name != "APP_NAME"), "APP_NAME"], 12, None),
        (ITEM, [name for name in ITEM if name != "USER_ID"] + ["x", "USER_ID"], 12, None),
        (ITEM, [name for name in ITEM if name != "CURRENCY"] + ["x", "CURRENCY"], 12, "wrong_field_count"),
    ],
)
def test_cells_missing_at_a_rows_end_are_blank_where_they_may_be(
    bench: Bench, template: dict[str, str], order: list[str], kept: int, reason: str | None
) -> None:
    names = list(dict.fromkeys(order))
    row = [template.get(name, "more") for name in names]
    bench.write("a.csv", "\n".join(map(",".join, [names, row, row[:kept], row])).encode())
    assert bench.load().exit_code == (3 if reason else 0)
    assert bench.rejected() == ([(2, reason)] if reason else [])
    assert bench.rows("select rows_read from raw.load_files") == [(3,)]


def test_a_row_of_blank_cells_is_no_row_and_keeps_later_numbers_right(bench: Bench) -> None:
    good, bad = "o1,l1,g,n,1.00,1", "o1,l1,g,n,x,1"
    blanks = [",,,,,", " ,\t,,,,", '"","",,,,""', ",", ",,,,,,,", "," * 40, '" \n ",,,,,', "\v\f"]
    lines = [",".join(OPTION), *blanks, good, *blanks, bad, "NULL,,,,,", "\u00a0,,,,,", *blanks]
    bench.write("a.csv", "\n".join(lines).encode())
    assert bench.load().exit_code == 3
    assert bench.rows("select _source_row_number from raw.order_item_options") == [(9,)]
    reasons = [(18, "bad_option_price"), (19, "missing_order_id"), (20, "missing_lineitem_id")]
    assert bench.rejected() == reasons
    assert bench.rows("select rows_read, rows_landed, rows_rejected from raw.load_files") == [(4, 1, 3)]


def test_a_file_of_blank_rows_has_no_rows(bench: Bench) -> None:
    bench.write("a.csv", (",".join(OPTION) + "\n,,,,,\n,,,,,\n").encode())
    result = bench.load()
    assert result.exit_code == 0
    assert "the file holds no rows" in result.output


@pytest.mark.parametrize("order", [["OPTION_PRICE", "OPTION_QUANTITY", *OPTION], [*OPTION, "notes"]])
@pytest.mark.parametrize("tail", ['"open', '"', '"two\nlines', '"a"b'])
def test_a_quote_left_open_in_a_last_cell_that_may_be_missing_is_refused(
    bench: Bench, order: list[str], tail: str
) -> None:
    names = list(dict.fromkeys(order))
    row = [OPTION.get(name, "more") for name in names]
    bench.write("a.csv", "\n".join(map(",".join, [names, row, [*row[:-1], tail]])).encode())
    result = bench.load()
    assert result.exit_code == 1
    assert "line 3: a quote opens that is not closed" in result.output


def test_bytes_that_are_no_text_are_seen_in_columns_that_are_not_loaded(bench: Bench) -> None:
    bench.write("a.csv", (",".join(OPTION) + ",notes\no1,l1,g,n,1,1,").encode() + b"caf\xe9\n")
    result = bench.load()
    assert result.exit_code == 1
    assert "line 2: the text is not UTF-8" in result.output


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
    assert bench.rejected() == [(row, "wrong_field_count") for row in (2, 4, 8)]
    assert bench.rows("select _source_row_number from raw.order_item_options order by 1") == [
        (1,),
        (3,),
        (5,),
        (7,),
    ]
    assert bench.rows("select rows_read from raw.load_files") == [(7,)]


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
