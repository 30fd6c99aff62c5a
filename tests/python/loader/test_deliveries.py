"""Files that belong together: parts of one export, and options whose items do not land."""

import pytest

from tests.python.support.loader_bench import Bench, items, options

BAD_ITEMS = items({}).replace(b"ITEM_PRICE,", b"PRICE,")


def test_options_of_a_line_in_two_files_are_told_with_what_counts(bench: Bench) -> None:
    bench.write(
        "options_1.csv", options({}, {"OPTION_NAME": "Onion"}, {"LINEITEM_ID": "l2"}, {"ORDER_ID": "x"})
    )
    bench.write("options_2.csv", options({}, {"LINEITEM_ID": "l2"}, {"LINEITEM_ID": "l3"}))
    result = bench.load()
    assert result.exit_code == 0
    assert (
        "options_2.csv: the options of 2 order lines stand in options_1.csv too. Those of options_2.csv "
        "count, those of options_1.csv do not. If both are parts of one export, join them in one file under "
        "the name of options_1.csv and load it."
    ) in result.output
    assert "stand in" not in bench.load().output


def test_joining_the_parts_as_told_makes_all_options_count(bench: Bench) -> None:
    bench.write("options_1.csv", options({}))
    bench.write("options_2.csv", options({"OPTION_NAME": "Onion"}))
    bench.load()
    bench.write("options_1.csv", options({}, {"OPTION_NAME": "Onion"}))
    assert bench.load().exit_code == 0
    latest = "(select max(load_id) from raw.load_files)"
    query = f"select count(*) from raw.order_item_options where _load_id = {latest}"
    assert bench.rows(query) == [(2,)]


@pytest.mark.parametrize(
    "second",
    [options({"LINEITEM_ID": "l2"}), options({"ORDER_ID": "o2"}), options({"OPTION_PRICE": "x"}), items({})],
    ids=["another line", "another order", "a rejected row", "its items"],
)
def test_files_that_share_no_options_of_a_line_are_not_warned_of(bench: Bench, second: bytes) -> None:
    bench.write("1.csv", options({}))
    bench.write("2.csv", second)
    assert "stand in" not in bench.load().output


def test_of_many_pairs_those_with_most_lines_are_named(bench: Bench) -> None:
    for part in range(8):
        bench.write(f"{part}.csv", options(*({"LINEITEM_ID": f"l{line}"} for line in range(part + 1))))
    output = bench.load().output
    assert output.count("stand in") == 5
    assert "7.csv: the options of 7 order lines stand in 6.csv too" in output
    assert "2 more pairs of files hold options of the same order lines" in output


@pytest.mark.parametrize("bad", [BAD_ITEMS, b"", b"\x1f\x8b" + b"0" * 9, items({}) + b'"open'])
@pytest.mark.parametrize(
    ("items_name", "options_name"),
    [
        ("day/order_items.csv", "day/order_item_options.csv"),
        ("order_items_2025-06-02.csv", "order_item_options_2025-06-02_part0.csv"),
        ("z_items.csv", "a.csv"),
    ],
)
def test_options_wait_for_items_that_did_not_land(
    bench: Bench, items_name: str, options_name: str, bad: bytes
) -> None:
    bench.write(items_name, bad)
    bench.write(options_name, options({}))
    result = bench.load()
    assert result.exit_code == 1
    assert (
        f"{options_name}: refused: {items_name}, the items of the same delivery, did not land, and options "
        f"without them count nowhere. Correct {items_name} and run the same command again: then both land."
    ) in result.output
    assert not bench.database.exists()
    bench.write(items_name, items({}))
    assert bench.load().exit_code == 0
    assert bench.rows("select count(*) from raw.load_files") == [(2,)]


@pytest.mark.parametrize(
    ("refused", "content", "options_name"),
    [
        ("1/order_items.csv", BAD_ITEMS, "2/order_item_options.csv"),
        ("order_items_2025-06-02.csv", BAD_ITEMS, "order_item_options_2025-06-03.csv"),
        ("stock.csv", b"SKU,AMOUNT\n1,2\n", "order_item_options.csv"),
        (
            "order_item_options_1.csv",
            options({}).replace(b"OPTION_PRICE", b"PRICE"),
            "order_item_options.csv",
        ),
    ],
    ids=["another folder", "another date", "an unrelated file", "other options"],
)
def test_options_of_other_deliveries_land(
    bench: Bench, refused: str, content: bytes, options_name: str
) -> None:
    bench.write(refused, content)
    bench.write(options_name, options({}))
    assert bench.load().exit_code == 1
    assert bench.rows("select file_name from raw.load_files") == [(options_name,)]


def test_rejected_rows_of_items_keep_no_options_back(bench: Bench) -> None:
    bench.write("order_items.csv", items({"ITEM_PRICE": "x"}))
    bench.write("order_item_options.csv", options({}))
    assert bench.load().exit_code == 3
    assert bench.rows("select count(*) from raw.order_item_options") == [(1,)]


def test_items_and_options_each_load_in_natural_order(bench: Bench) -> None:
    for day in (9, 10):
        bench.write(f"order_items-{day}.csv", items({"ORDER_ID": f"o{day}"}))
        bench.write(f"order_item_options-{day}.csv", options({"ORDER_ID": f"o{day}"}))
    bench.load()
    order = [name for (name,) in bench.rows("select file_name from raw.load_files order by load_id")]
    assert order == [
        "order_items-9.csv",
        "order_items-10.csv",
        "order_item_options-9.csv",
        "order_item_options-10.csv",
    ]
