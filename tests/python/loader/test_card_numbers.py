"""No card number leaves a file, whatever is wrong with it."""

import re

import pytest
from sales_loader.privacy import MASK, masked, quoted

from .workbench import CARD, ITEM, Bench, items

HEADER = ",".join(ITEM).encode()
ROW = ",".join({**ITEM, "PRINTED_CARD_NUMBER": CARD}.values()).encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"card {CARD}.", f"card {MASK}."),
        ("1234 5678 9012 3456", MASK),
        ("1234-5678-9012", MASK),
        ("1234567890123456789", MASK),
        ("12345678901", "12345678901"),
        ("12345678901234567890", "12345678901234567890"),
        ("5f1234567890123456789012", "5f1234567890123456789012"),
        ("1234  5678  9012", "1234  5678  9012"),
        (f"{CARD},{CARD}", f"{MASK},{MASK}"),
    ],
)
def test_runs_of_12_to_19_digits_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


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

    def fail(_: object) -> None:
        raise ValueError(f"cannot read {CARD}\nsecond line")

    monkeypatch.setattr("sales_loader.service.inspect", fail)
    result = bench.load()
    assert result.exit_code == 1
    assert result.stderr == f"Unexpected ValueError: cannot read {MASK} (sales-loader --debug shows where)\n"
    debugged = bench.run("--debug", "load", str(bench.source))
    assert "Traceback" in debugged.output
    assert CARD not in debugged.output
