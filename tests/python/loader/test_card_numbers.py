"""No card number leaves a file, whatever is wrong with it."""

import re

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales_loader.privacy import MASK, masked, masked_sql, quoted
from tests.python.support.loader_bench import CARD, ITEM, Bench, items

HEADER = ",".join(ITEM).encode()
ROW = ",".join({**ITEM, "PRINTED_CARD_NUMBER": CARD}.values()).encode()


CARDS = [
    "1234567890123456",
    "123456789012",
    "1234567890123456789",
    "1234 5678 9012 3456",
    "1234-5678-9012",
    "123 456 789 012",
    "3782 822463 10005",
    "123456_789012",
    "1234  5678   9012",
    "1234 - 5678 - 9012 - 3456",
    "1234.5678/9012\\3456",
    "1234\u20135678\u20149012",
    "1234\u00a05678\u202f9012",
    "1234\u20115678\t9012\n3456",
    "1234,5678,9012",
    "1234 5678 9012 3456 7890 123",
]
READABLE = [
    "12345678901",
    "12345678901234567890",
    "5f1234567890123456789012",
    "123456789012345678901234",
    "IC-20190406-3-10-1",
    "2025-06-01T16:00:00.123Z",
    "123-456-78901234",
    "555-123-4567",
    "123 456 789",
    "12 34 56 78 90 12",
]


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("around", ["{}", "card {}.", "card{}x", "5f{}ab"])
def test_what_may_be_a_card_number_is_masked(card: str, around: str) -> None:
    assert masked(around.format(card)) == around.format(MASK)
    several = f"{card},{card}  {card}x{card}xy{card} 123456789012"
    assert not re.search("[0-9]", masked(several))


@pytest.mark.parametrize("text", READABLE)
@pytest.mark.parametrize("around", ["{}", "id {}.", "({})", "{0} and {0}"])
def test_ids_times_and_short_numbers_stay_readable(text: str, around: str) -> None:
    assert masked(around.format(text)) == around.format(text)


@given(
    st.lists(
        st.one_of(
            st.text("0123456789", min_size=1, max_size=21),
            st.sampled_from([*" -./_,x", "\u2013", "\u00a0", "\n"]),
        ),
        max_size=20,
    ).map("".join)
)
@settings(max_examples=500, deadline=None)
def test_duckdb_masks_as_python_does(text: str) -> None:
    assert duckdb.execute(f"select {masked_sql('$1')}", [text]).fetchall() == [(masked(text),)]


def test_quoted_values_are_masked_and_cut() -> None:
    assert quoted(f"{CARD}\n") == f"'{MASK}\\n'"
    assert len(quoted("x" * 10_000)) < 100


def test_the_card_column_of_a_rejected_row_is_masked_whatever_it_holds(bench: Bench) -> None:
    cells = [CARD, "9012-AB secret", "", "  "]
    bench.write("a.csv", items(*({"PRINTED_CARD_NUMBER": cell, "ITEM_PRICE": "x"} for cell in cells)))
    bench.load()
    lines = [
        row[0].split(",")[5]
        for row in bench.rows("select raw_line from raw.rejected_rows order by _source_row_number")
    ]
    assert lines == [MASK, MASK, "", "  "]


HEX_ID = "5f123456789012345678ab01"


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (
            "Kiosk,r1,{t},o1,u1,1234567,890123,TRUE,USD,l1,S,Club,1,1",
            "Kiosk,r1,{t},o1,u1,*,*,TRUE,USD,l1,S,Club,1,1",
        ),
        (
            "Kiosk,r1,{t},o1,u1,123,456,789,012,TRUE,USD,l1,S,C,1,1",
            "Kiosk,r1,{t},o1,u1,*,*,*,*,TRUE,USD,l1,S,C,1,1",
        ),
        (
            "Kiosk,r1,{t},o1,5,u1,12345678-9012,TRUE,USD,l1,S,C,1,1",
            "Kiosk,r1,{t},o1,5,*,*,TRUE,USD,l1,S,C,1,1",
        ),
        ("9012 34,TRUE,USD,l1,S,C,1,1", "*,TRUE,USD,l1,S,*,1,1"),
        ("Kiosk,r1,{t},o1,u1,12345678", "Kiosk,r1,{t},o1,u1,*"),
        (
            "K,r1,{t},o1,u1,9,TRUE,USD,l1,S,Club,1,1,1234-5678,9",
            "K,r1,{t},o1,u1,*,TRUE,USD,l1,S,Club,1,1,1234-5678,9",
        ),
        ('K,r1,{t},o1,u1,,TRUE,USD,l1,S,"1234,5678,9012",x,1', "K,r1,{t},o1,u1,,TRUE,USD,l1,S,*,x,1"),
        (
            "K,r1,{t},{h},u1,,TRUE,USD,IC-20190406-3-10-1,S,{h},x,1",
            "K,r1,{t},{h},u1,,TRUE,USD,IC-20190406-3-10-1,S,5f*ab01,x,1",
        ),
    ],
)
def test_a_rejected_row_shows_ids_and_no_part_of_a_card(bench: Bench, cells: str, shown: str) -> None:
    known = {"t": ITEM["CREATION_TIME_UTC"], "h": HEX_ID}
    bench.write("a.csv", HEADER + b"\n" + cells.format(**known).encode() + b"\n")
    bench.load()
    assert bench.rows("select raw_line from raw.rejected_rows") == [
        (shown.replace("*", MASK).format(**known),)
    ]


BROKEN = {
    "bad cells": items({"PRINTED_CARD_NUMBER": CARD, "ITEM_PRICE": "x", "ITEM_NAME": f"card {CARD}"}),
    "the card in other columns": items({"ORDER_ID": "", "USER_ID": CARD, "ITEM_NAME": "1234 5678 9012"}),
    "too few fields": HEADER + b"\nKiosk,r1," + CARD.encode() + b"\n",
    "too many fields": HEADER + b"\n" + ROW + b"," + CARD.encode() + b"\n",
    "very many fields": HEADER + b"\n" + ROW + (b"," + CARD.encode()) * 40 + b"\n",
    "stray quote": HEADER + b'\n"' + CARD.encode() + b'"x,' + ROW + b"\n",
    "open quote": HEADER + b'\n"' + ROW + b"\n",
    "not UTF-8": HEADER + b"\n" + ROW + b"\xff\n",
    "NUL": HEADER + b"\n" + ROW + b"\0\n",
    "mixed line ends": HEADER + b"\r\n" + ROW + b"\n" + ROW + b"\r\n",
    "no header": ROW + b"\n",
    "card in the header": HEADER + b"," + CARD.encode() + b"\n" + ROW + b",x\n",
    "long line": HEADER + b"\n" + ROW * 20_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_no_card_number_is_shown_or_kept(bench: Bench, content: bytes) -> None:
    bench.write("a.csv", content)
    shown = bench.load().output + "".join(map(str, bench.events("--replace")))
    if bench.database.exists():
        shown += (
            bench.run("rejects").output
            + bench.run("rejects", "--export", str(bench.folder / "out.csv")).output
        )
        shown += (bench.folder / "out.csv").read_text(encoding="utf-8")
        for table in ("order_items", "rejected_rows", "load_files"):
            shown += str(bench.rows(f"select * from raw.{table}"))
    assert "a.csv" in shown
    assert not re.search(r"123456789012|1234 5678 9012", shown)


def test_an_unexpected_error_is_one_masked_line(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("a.csv", items({}))

    def fail(*_: object) -> None:
        raise ValueError(f"cannot read {CARD}\nsecond line")

    monkeypatch.setattr("sales_loader.load_service.inspect", fail)
    result = bench.load()
    assert result.exit_code == 1
    assert result.stderr == f"Unexpected ValueError: cannot read {MASK} (sales-loader --debug shows where)\n"
    debugged = bench.run("--debug", "load", str(bench.source))
    assert "Traceback" in debugged.output
    assert CARD not in debugged.output
