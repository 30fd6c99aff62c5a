"""A withdrawn file is gone from the raw tables, on record, and its number is never given again."""

import pytest

from tests.python.support.loader_bench import Bench, items, options


def test_all_rows_of_the_file_are_gone_and_only_those(bench: Bench) -> None:
    bench.write("1.csv", items({}, {"ORDER_ID": ""}))
    bench.write("2.csv", items({"ITEM_PRICE": "9"}))
    bench.write("3.csv", options({}))
    bench.load()
    result = bench.run("withdraw", "1.csv")
    assert result.exit_code == 0
    assert result.output == (
        "1.csv: withdrawn, 1 rows of order_items and 1 rejected rows. It is skipped until its content "
        "changes, or `sales-loader load --again` loads it again.\n"
    )
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
    bench.load("--again")
    assert bench.rows("select load_id, file_name from raw.load_files") == [(3, "1.csv")]


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


@pytest.fixture(params=[True, False], ids=["looks as before", "is read again"])
def withdrawn(bench: Bench, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """One file that was loaded and withdrawn."""
    monkeypatch.setattr("sales_loader.sources.local.is_settled", lambda *_: request.param)
    bench.write("day/1.csv", items({}))
    bench.write("2.csv", items({"ORDER_ID": "o2"}))
    bench.load()
    bench.run("withdraw", "day/1.csv")
    return bench


def test_withdrawn_stays_withdrawn_and_says_since_when_and_what_loads_it_again(withdrawn: Bench) -> None:
    for _ in range(2):
        result = withdrawn.load()
        assert result.exit_code == 0
        assert "skipped, withdrawn" in result.output
        (when,) = withdrawn.rows("select strftime(withdrawn_at, '%Y-%m-%d %H:%M') from raw.withdrawn_files")[
            0
        ]
        assert f"day/1.csv: skipped, as it was withdrawn on {when} UTC" in result.output
        assert f"`sales-loader load --again {withdrawn.source / 'day' / '1.csv'}` loads it" in result.output
        assert withdrawn.rows("select file_name from raw.load_files") == [("2.csv",)]
    finished = withdrawn.events()[-1]
    assert (finished["withdrawn"], finished["skipped"], finished["landed"]) == (1, 1, 0)


@pytest.mark.parametrize("source", ["", "day", "day/1.csv"])
def test_again_loads_it_under_its_name_whatever_source_it_is_found_by(withdrawn: Bench, source: str) -> None:
    result = withdrawn.load("--again", sources=[withdrawn.source / source])
    assert (result.exit_code, "landed" in result.output) == (0, True)
    assert "skipped, unchanged" in withdrawn.load().output
    assert withdrawn.rows("select file_name, load_id from raw.load_files order by 2") == [
        ("2.csv", 1),
        ("day/1.csv", 4),
    ]
    assert withdrawn.load("--again").output.count("skipped, unchanged") == 2


def test_the_next_load_that_is_withdrawn_too_needs_again_as_well(withdrawn: Bench) -> None:
    withdrawn.load("--again")
    withdrawn.run("withdraw", "day/1.csv")
    assert withdrawn.load().output.count("skipped, withdrawn") == 1
    assert withdrawn.rows("select load_id from raw.withdrawn_files order by 1") == [(2,), (4,)]


def test_new_content_lands_and_the_withdrawn_one_does_not_replace_it(withdrawn: Bench) -> None:
    withdrawn.write("day/1.csv", items({"ITEM_PRICE": "9"}))
    assert "landed" in withdrawn.load().output
    withdrawn.write("day/1.csv", items({}))
    assert "skipped, withdrawn" in withdrawn.load().output
    assert withdrawn.rows("select item_price from raw.order_items where order_id = 'o1'") == [(9,)]
    assert "replaced" in withdrawn.load("--again").output


def test_a_withdrawn_content_under_another_name_is_another_file(withdrawn: Bench) -> None:
    withdrawn.write("3.csv", items({}))
    withdrawn.load()
    assert ("3.csv",) in withdrawn.rows("select file_name from raw.load_files")
