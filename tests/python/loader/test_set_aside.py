"""Rows that an operator sets aside are rejected as long as the content of their file is the same."""

import pytest

from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.daily.reject_threshold import TooManyRejectedError, refuse_too_many_rejected
from tests.python.support.loader_bench import CARD, Bench, days, items, options

REASON = "the till was a year ahead"
SET_ASIDE = "select _source_row_number, _load_id, raw_line from raw.rejected_rows where reason = 'set_aside'"
LANDED = "select _source_row_number from raw.order_items where _source_file = 'a.csv' order by 1"


@pytest.fixture
def loaded(bench: Bench) -> Bench:
    """A file of four rows, one of them rejected and the last of another year."""
    rows = (
        {"LINEITEM_ID": "l1"},
        {"LINEITEM_ID": "l2", "ITEM_PRICE": "x"},
        {"LINEITEM_ID": "l3"},
        {"LINEITEM_ID": "l4", "CREATION_TIME_UTC": "2026-06-01T16:00:00Z", "PRINTED_CARD_NUMBER": CARD},
    )
    bench.write("a.csv", items(*rows))
    bench.write("b.csv", items({"ORDER_ID": "other"}))
    bench.load()
    return bench


def reject(bench: Bench, *arguments: str, file: str = "a.csv", reason: str = REASON) -> str:
    """Set rows aside; what the command says."""
    words = () if "--undo" in arguments else ("--reason", reason)
    result = bench.run("reject", file, *arguments, *words, "--project-dir", str(bench.folder))
    assert result.exit_code == 0, result.output
    return result.output


def test_a_row_set_aside_leaves_the_raw_table_and_is_counted_as_rejected(loaded: Bench) -> None:
    said = reject(loaded, "4")
    assert said.startswith("a.csv: row 4 set aside.")
    assert "sales-loader reject --undo" in said
    assert loaded.rows(LANDED) == [(1,), (3,)]
    line = "Kiosk,r1,2026-06-01T16:00:00Z,o1,u1,,FALSE,USD,l4,Sandwiches,Club,7.2500,1"
    assert loaded.rows(SET_ASIDE) == [(4, 3, line)]
    assert loaded.rejected() == [(2, "bad_item_price"), (4, "set_aside")]
    counts = "load_id, rows_read, rows_landed, rows_rejected, last_business_date::varchar"
    assert loaded.rows(f"select {counts} from raw.load_files order by 1") == [
        (2, 1, 1, 0, "2025-06-01"),
        (3, 4, 2, 2, "2025-06-01"),
    ]
    assert loaded.rows("select distinct _load_id from raw.order_items where _source_file = 'a.csv'") == [(3,)]


def test_the_words_stand_beside_the_row_without_card_numbers(loaded: Bench) -> None:
    reject(loaded, "4", reason=f"test card {CARD}")
    shown = loaded.run("rejects").output
    assert "a.csv, row 4: set aside on" in shown
    assert "UTC: test card ************" in shown
    assert CARD not in str(loaded.rows("select raw_line from raw.rejected_rows"))
    assert "set aside on" not in loaded.run("rejects", "--file", "b.csv").output


def test_the_same_content_again_is_skipped_and_the_row_stays_out(loaded: Bench) -> None:
    reject(loaded, "3", "4")
    assert loaded.load().output.count("skipped, unchanged") == 2
    loaded.run("withdraw", "a.csv")
    assert loaded.load("--again").exit_code == 3
    assert loaded.rows(LANDED) == [(1,)]
    kept = loaded.rows(SET_ASIDE + " order by 1")
    assert [(row, load) for row, load, _ in kept] == [(3, 5), (4, 5)]
    assert CARD not in str(kept)
    assert loaded.rows(
        "select rows_read, rows_landed, rows_rejected from raw.load_files where load_id = 5"
    ) == [(4, 1, 3)]


def test_undone_the_row_lands_when_the_file_is_loaded_next(loaded: Bench) -> None:
    reject(loaded, "1", "4")
    said = reject(loaded, "--undo", "4")
    assert "row 4 set aside no more" in said
    assert loaded.rows(LANDED) == [(3,)]
    assert "replaced" in loaded.load().output
    assert loaded.rows(LANDED) == [(3,), (4,)]
    assert loaded.rejected() == [(1, "set_aside"), (2, "bad_item_price")]
    assert loaded.load().output.count("skipped, unchanged") == 2


def test_new_content_drops_the_decision_and_names_its_rows(loaded: Bench) -> None:
    reject(loaded, "3", "4")
    old = (loaded.source / "a.csv").read_bytes()
    loaded.write("a.csv", old.replace(b"Club", b"Melt"))
    output = loaded.load().output
    assert f"rows that were set aside in its earlier content: 3 ({REASON}), 4 ({REASON})." in output
    assert loaded.rows(LANDED) == [(1,), (3,), (4,)]
    loaded.write("a.csv", old)
    assert "set aside" not in loaded.load().output
    assert loaded.rows(LANDED) == [(1,), (3,), (4,)]


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("a.csv", "2", "--reason", "x"), 1, "row 2 is not among its landed rows: nothing was set aside"),
        (("a.csv", "1", "5", "--reason", "x"), 1, "row 5 is not among its landed rows"),
        (
            ("c.csv", "1", "--reason", "x"),
            1,
            "No file named c.csv is in the warehouse: nothing was set aside",
        ),
        (("a.csv", "1", "--undo"), 1, "row 1 is not set aside: nothing was changed"),
        (("a.csv", "0", "--reason", "x"), 2, "0"),
        (("a.csv", "--reason", "x"), 2, "ROW"),
        (("a.csv", "1"), 2, "--reason"),
        (("a.csv", "1", "--reason", " "), 2, "--reason"),
        (("a.csv", "1", "--reason", "x", "--undo"), 2, "not both"),
        (("a.csv", "1", "--reason", "é" * 257), 2, "longer than 512 bytes"),
    ],
)
def test_what_cannot_be_set_aside_changes_nothing(
    loaded: Bench, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    result = loaded.run("reject", *arguments, "--project-dir", str(loaded.folder))
    assert (result.exit_code, complaint in result.output) == (code, True), result.output
    assert loaded.rows("select max(load_id), count(*) from raw.load_files") == [(2, 2)]
    assert loaded.rows(LANDED) == [(1,), (3,), (4,)]


def test_rows_of_every_kind_of_file_can_be_set_aside(bench: Bench) -> None:
    bench.write("o.csv", options({"OPTION_NAME": 'say "cheese", please'}, {"LINEITEM_ID": "l2"}))
    bench.write("d.csv", days({}, {"date_key": "31-12-2025", "is_holiday": "TRUE"}))
    bench.load()
    reject(bench, "1", file="o.csv")
    reject(bench, "2", file="d.csv")
    lines = [line for *_, line in bench.rows(SET_ASIDE + " order by _load_id")]
    assert lines == [
        'o1,l1,Veggies,"say ""cheese"", please",0.0000,1',
        "31-12-2025,2025,6,22,Sunday,TRUE,TRUE,",
    ]
    assert bench.rows("select last_business_date::varchar from raw.load_files order by load_id") == [
        (None,),
        ("2025-06-01",),
    ]


def test_all_rows_of_a_file_can_be_set_aside(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    reject(bench, "1", "1")
    assert bench.rows(LANDED) == []
    assert bench.rows("select rows_landed, rows_rejected, first_business_date from raw.load_files") == [
        (0, 1, None)
    ]


def test_rows_set_aside_do_not_count_towards_too_many_rejected(loaded: Bench) -> None:
    reject(loaded, "3", "4")
    place = WarehouseTarget("duckdb", loaded.database)
    refuse_too_many_rejected(place, "0.2")  # the one of five that nobody has looked at
    with pytest.raises(TooManyRejectedError):
        refuse_too_many_rejected(place, "0.19")
