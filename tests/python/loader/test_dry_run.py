"""A dry run says what a load would say, and writes nothing."""

from pathlib import Path

import pytest

from tests.python.support.loader_bench import Bench, days, items, options


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(bench: Bench, *arguments: str) -> list[dict[str, object]]:
    """Events of a load, without what differs between two of the same."""
    skipped = ("load_id", "batch_id", "message")
    events = [event for event in bench.events(*arguments) if event["event"] != "dry_run"]
    return [{name: value for name, value in event.items() if name not in skipped} for event in events]


def test_what_would_happen_is_told_and_nothing_is_written(bench: Bench) -> None:
    bench.write("items.csv", items({}, {"ITEM_PRICE": "x"}))
    bench.write("options.csv", options({}))
    bench.write("bad.csv", b"SKU\n1\n")
    before = files(bench.folder)
    result = bench.load("--dry-run")
    assert result.exit_code == 1
    assert "Dry run: this is what would happen. Nothing was written." in result.output
    assert "what would happen" in result.output
    assert "Rejected rows are kept" not in result.output
    dry = told(bench, "--dry-run")
    assert files(bench.folder) == before
    assert "Nothing was loaded" in bench.run("status").output or not bench.database.exists()
    assert dry == told(bench)
    assert [event["event"] for event in dry[:2]] == ["file_refused", "file_landed"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (items({}, {"LINEITEM_ID": "l2"}), items({"ITEM_PRICE": "9"}), 0),
        (items({}, {"CREATION_TIME_UTC": "2025-06-03T16:00:00Z", "ORDER_ID": "o2"}), items({}), 1),
        (items({}), items({"ORDER_ID": "o2"}, {"ORDER_ID": "o3", "ITEM_PRICE": "x"}), 1),
        (options({}, {"OPTION_NAME": "Onion"}), options({}), 0),
        (days({}), days({"date_key": "02-06-2025"}), 1),
        (options({}), items({}), 1),
        (items({"ITEM_PRICE": "x"}), items({}), 0),
    ],
    ids=[
        "a line goes",
        "a date goes",
        "other orders",
        "an option goes",
        "other dates",
        "other kind",
        "no rows",
    ],
)
@pytest.mark.parametrize("replace", [(), ("--replace",)], ids=["", "replace"])
def test_a_dry_run_says_what_the_load_says_of_a_replacement(
    bench: Bench, old: bytes, new: bytes, code: int, replace: tuple[str, ...]
) -> None:
    bench.write("a.csv", old)
    bench.load()
    bench.write("a.csv", new)
    ledger = "select load_id, sha256 from raw.load_files"
    before = bench.rows(ledger), bench.rows("select count(*) from raw.order_items")
    dry = told(bench, "--dry-run", *replace)
    assert (bench.rows(ledger), bench.rows("select count(*) from raw.order_items")) == before
    assert ("file_refused" in str(dry)) is (code == 1 and not replace), dry
    real = told(bench, *replace)
    assert dry == [event for event in real if event["event"] != "no_card_hash_key"]


def test_an_existing_warehouse_stays_as_it_is_byte_by_byte(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    bench.write("b.csv", items({"ORDER_ID": "o2"}))
    bench.load()
    bench.run("withdraw", "b.csv")
    bench.write("a.csv", items({}, {"ORDER_ID": "o3"}))
    bench.write("c.csv", options({}))
    before = files(bench.folder)
    output = bench.load("--dry-run").output
    assert files(bench.folder) == before
    for outcome in ("replaced", "skipped, withdrawn", "landed"):
        assert outcome in output
    assert "replaced" in bench.load("--dry-run", "--again").output
