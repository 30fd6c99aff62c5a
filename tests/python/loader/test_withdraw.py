"""A withdrawn file is gone from the raw tables, on record, and its number is never given again."""

from .workbench import Bench, items, options


def test_all_rows_of_the_file_are_gone_and_only_those(bench: Bench) -> None:
    bench.write("1.csv", items({}, {"ORDER_ID": ""}))
    bench.write("2.csv", items({"ITEM_PRICE": "9"}))
    bench.write("3.csv", options({}))
    bench.load()
    result = bench.run("withdraw", "1.csv")
    assert result.exit_code == 0
    assert result.output == "1.csv: withdrawn, 1 rows of order_items and 1 rejected rows.\n"
    assert bench.rows("select _source_file from raw.order_items") == [("2.csv",)]
    assert bench.rows("select count(*) from raw.rejected_rows") == [(0,)]
    assert bench.rows("select file_name from raw.load_files order by 1") == [("2.csv",), ("3.csv",)]
    assert bench.rows(
        "select load_id, file_name, rows_read, withdrawn_at > loaded_at from raw.withdrawn_files"
    ) == [(1, "1.csv", 2, True)]


def test_the_number_of_a_withdrawn_load_is_never_given_again(bench: Bench) -> None:
    bench.write("1.csv", items({}))
    bench.load()
    bench.run("withdraw", "1.csv")
    bench.load()
    assert bench.rows("select load_id, file_name from raw.load_files") == [(2, "1.csv")]


def test_a_name_that_is_not_there_changes_nothing_and_says_where_names_are(bench: Bench) -> None:
    bench.write("1.csv", items({}))
    bench.load()
    result = bench.run("withdraw", "one.csv")
    assert result.exit_code == 1
    assert "No file named one.csv is in the warehouse" in result.output
    assert "sales-loader status" in result.output
    assert bench.rows("select count(*) from raw.load_files") == [(1,)]


def test_a_warehouse_that_was_never_made_stays_so(bench: Bench) -> None:
    assert bench.run("withdraw", "1.csv").exit_code == 1
    assert not bench.database.exists()
