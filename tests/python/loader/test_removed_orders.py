"""Orders that lose rows are noted under the number of the change, for the models to build again."""

from tests.python.support.loader_bench import Bench, items, options

REMOVED = "select load_id, order_id from raw.removed_orders order by all"


def test_all_orders_of_a_withdrawn_file_are_noted_once_under_a_number_of_their_own(bench: Bench) -> None:
    bench.write("1.csv", items({"LINEITEM_ID": "l1"}, {"LINEITEM_ID": "l2"}, {"ORDER_ID": "o2"}))
    bench.load()
    assert bench.rows(REMOVED) == []
    bench.run("withdraw", "1.csv")
    assert bench.rows(REMOVED) == [(2, "o1"), (2, "o2")]
    bench.write("2.csv", items({"ORDER_ID": "o3"}))
    bench.load()
    assert bench.rows("select load_id from raw.load_files") == [(3,)]


def test_of_a_replaced_file_those_are_noted_that_the_new_content_has_no_row_of(bench: Bench) -> None:
    bench.write("1.csv", items({"LINEITEM_ID": "l1"}, {"LINEITEM_ID": "l2"}, {"ORDER_ID": "o2"}))
    bench.load()
    bench.write("1.csv", items({"LINEITEM_ID": "l1"}, {"LINEITEM_ID": "l3"}, {"ORDER_ID": "o3"}))
    bench.load("--replace")
    assert bench.rows(REMOVED) == [(2, "o2")]


def test_orders_that_lose_options_are_noted_too(bench: Bench) -> None:
    bench.write("1.csv", options({"ORDER_ID": "o1"}, {"ORDER_ID": "o2"}))
    bench.load()
    bench.write("1.csv", options({"ORDER_ID": "o1"}))
    bench.load()
    assert bench.rows(REMOVED) == [(2, "o2")]


def test_an_order_of_which_every_row_is_set_aside_is_noted(bench: Bench) -> None:
    bench.write("1.csv", items({"LINEITEM_ID": "l1"}, {"LINEITEM_ID": "l2"}, {"ORDER_ID": "o2"}))
    bench.load()
    bench.run("reject", "1.csv", "2", "3", "--reason", "test", "--project-dir", str(bench.folder))
    assert bench.rows(REMOVED) == [(2, "o2")]


def test_a_change_that_fails_notes_nothing(bench: Bench) -> None:
    bench.write("1.csv", items({"ORDER_ID": "o1"}, {"ORDER_ID": "o2"}, {"ORDER_ID": "o3"}))
    bench.load()
    bench.write("1.csv", items({"ORDER_ID": "o4"}))
    assert "more likely another file" in bench.load().output
    assert bench.rows(REMOVED) == []
