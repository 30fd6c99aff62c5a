"""Files on S3 load like files in a folder, into a DuckDB warehouse too."""

from collections.abc import Iterator
from typing import Any

import pytest

from sales_loader.sources import search as sources
from tests.python.support.loader_bench import Bench, items, options
from tests.redshift_stand_in.s3 import S3Server

BUCKET = "landing"


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with S3Server() as running:
        yield running
        running.reset()


@pytest.fixture
def s3(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    server.reset()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.client().create_bucket(Bucket=BUCKET)
    return server


def put(s3: S3Server, key: str, content: bytes) -> None:
    s3.client().put_object(Bucket=BUCKET, Key=key, Body=content)


def ledger(bench: Bench) -> list[tuple[str, int]]:
    return [
        (name, rows)
        for name, rows in bench.rows("select file_name, rows_landed from raw.load_files order by 1")
    ]


def test_a_prefix_loads_like_a_folder(bench: Bench, s3: S3Server) -> None:
    put(s3, "days/2025-06-01/order_items.csv", items({}))
    put(s3, "days/2025-06-01/options.csv", options({}, {}))
    put(s3, "days/notes.txt", b"hello")
    put(s3, "days-old/order_items.csv", items({"ORDER_ID": "old"}))
    result = bench.run("load", f"s3://{BUCKET}/days", "--project-dir", str(bench.folder))
    assert result.exit_code == 0, result.output
    assert ledger(bench) == [("2025-06-01/options.csv", 2), ("2025-06-01/order_items.csv", 1)]
    assert "notes.txt: skipped" in result.output


def test_hidden_objects_are_passed_over(bench: Bench, s3: S3Server) -> None:
    for key in ("h/1.csv", "h/._1.csv", "h/__MACOSX/2.csv", "h/.old/3.csv"):
        put(s3, key, items({}))
    assert bench.run("load", f"s3://{BUCKET}/h", "--project-dir", str(bench.folder)).exit_code == 0
    assert ledger(bench) == [("1.csv", 1)]


def test_a_bucket_and_a_single_object_load(bench: Bench, s3: S3Server) -> None:
    put(s3, "a/1.csv", items({}))
    put(s3, "a/1.csv.gz.csv", items({"ORDER_ID": "other"}))
    single = bench.run("load", f"s3://{BUCKET}/a/1.csv", "--project-dir", str(bench.folder))
    assert (single.exit_code, ledger(bench)) == (0, [("1.csv", 1)])
    whole = bench.run("load", f"s3://{BUCKET}", "--project-dir", str(bench.folder))
    assert whole.exit_code == 0
    assert [name for name, _ in ledger(bench)] == ["1.csv", "a/1.csv", "a/1.csv.gz.csv"]


def test_the_same_prefix_again_is_skipped_and_a_changed_object_replaces(bench: Bench, s3: S3Server) -> None:
    put(s3, "d/1.csv", items({}))
    command = ("load", f"s3://{BUCKET}/d", "--project-dir", str(bench.folder))
    bench.run(*command)
    fetched = len(s3.requests("GET", key_contains="d/1.csv"))
    assert "skipped, unchanged" in bench.run(*command).output
    assert len(s3.requests("GET", key_contains="d/1.csv")) == fetched
    put(s3, "d/1.csv", items({}, {"LINEITEM_ID": "l2"}))
    assert "replaced" in bench.run(*command).output
    assert bench.rows("select count(*), max(_load_id) from raw.order_items") == [(2, 2)]


def test_more_objects_than_a_page_holds_are_all_found(
    bench: Bench, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    for number in range(7):
        put(s3, f"many/{number:04}.txt", b"")
    put(s3, "many/zzz.csv", items({}))
    result = bench.run("load", f"s3://{BUCKET}/many", "--project-dir", str(bench.folder))
    assert (result.exit_code, ledger(bench)) == (0, [("zzz.csv", 1)])
    assert len([request for request in s3.requests("GET") if request.key.strip("/") == BUCKET]) == 3


def test_an_object_above_the_multipart_size_arrives_whole(bench: Bench, s3: S3Server) -> None:
    rows = [{"ORDER_ID": f"o{number}", "ITEM_NAME": "x" * 500} for number in range(20_000)]
    content = items(*rows)
    assert len(content) > 8 << 20
    put(s3, "big/1.csv", content)
    assert bench.run("load", f"s3://{BUCKET}/big", "--project-dir", str(bench.folder)).exit_code == 0
    assert ledger(bench) == [("1.csv", 20_000)]
    assert len(s3.requests("GET", key_contains="big/1.csv")) > 1


def test_passing_trouble_is_tried_again(bench: Bench, s3: S3Server) -> None:
    put(s3, "d/1.csv", items({}))
    fault = s3.faults.answer(503, times=1, method="GET", key_contains="d/1.csv", code="SlowDown")
    assert bench.run("load", f"s3://{BUCKET}/d", "--project-dir", str(bench.folder)).exit_code == 0
    assert fault.met == 1


def test_an_object_that_cannot_be_fetched_fails_alone(bench: Bench, s3: S3Server) -> None:
    put(s3, "d/1.csv", items({}))
    put(s3, "d/2.csv", items({"ORDER_ID": "o2"}))
    s3.faults.answer(403, key_contains="d/1.csv", code="AccessDenied")
    result = bench.run("load", f"s3://{BUCKET}/d", "--project-dir", str(bench.folder))
    assert (result.exit_code, ledger(bench)) == (1, [("2.csv", 1)])
    assert (
        f"1.csv: failed: s3://{BUCKET}/d/1.csv: S3 answered AccessDenied. Ask for the right to"
        in result.output
    )


@pytest.mark.parametrize("rows", [1, 20_000], ids=["small", "in parts"])
def test_what_is_read_is_what_was_listed(
    bench: Bench, s3: S3Server, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    names = [{"ITEM_NAME": "x" * 500, "LINEITEM_ID": str(number)} for number in range(rows)]
    put(s3, "d/1.csv", items(*names))
    put(s3, "d/2.csv", items({"ORDER_ID": "o2"}))
    put(s3, "d/3.csv", items({"ORDER_ID": "o3"}))
    find = sources.find

    def find_and_change(*arguments: Any) -> sources.Found:
        found = find(*arguments)
        put(s3, "d/1.csv", items({"ITEM_NAME": "new"}))
        s3.client().delete_object(Bucket=BUCKET, Key="d/2.csv")
        return found

    command = ("load", f"s3://{BUCKET}/d", "--project-dir", str(bench.folder))
    with monkeypatch.context() as patch:
        patch.setattr(sources, "find", find_and_change)
        result = bench.run(*command)
    assert result.exit_code == 1, result.output
    assert (result.exit_code, ledger(bench)) == (1, [("3.csv", 1)])
    assert "1.csv: failed" in result.output
    assert "d/1.csv changed after it was listed. Run the command again when it is" in result.output
    assert "d/2.csv: S3 answered NoSuchKey. It was removed meanwhile: run the command again." in result.output
    assert bench.run(*command).exit_code == 0
    assert bench.rows("select item_name from raw.order_items order by order_id") == [("new",), ("Club",)]


def test_an_archived_object_is_to_be_restored(bench: Bench, s3: S3Server) -> None:
    s3.client().put_object(Bucket=BUCKET, Key="d/1.csv", Body=items({}), StorageClass="DEEP_ARCHIVE")
    put(s3, "d/2.csv", items({"ORDER_ID": "o2"}))
    result = bench.run("load", f"s3://{BUCKET}/d", "--project-dir", str(bench.folder))
    assert (result.exit_code, ledger(bench)) == (1, [("2.csv", 1)])
    assert "d/1.csv: S3 answered InvalidObjectState. It is archived (Glacier or Deep" in result.output


def test_any_key_is_fetched(bench: Bench, s3: S3Server) -> None:
    for number, key in enumerate(["x" * 300 + ".csv", "a\\[1]*.csv", "\u202e.csv", "//..csv"]):
        put(s3, f"d/{key}", items({"ORDER_ID": f"o{number}"}))
    result = bench.run("load", f"s3://{BUCKET}/d", "--project-dir", str(bench.folder))
    assert (result.exit_code, len(ledger(bench))) == (0, 3)  # the last one is hidden


@pytest.mark.parametrize(
    ("address", "code", "message"),
    [
        ("s3://nobody/d", 1, "S3 answered NoSuchBucket. Check the name of the bucket."),
        (f"s3://{BUCKET}/nothing", 2, "there is no such file or folder"),
        (f"s3://{BUCKET}/nothing.csv", 2, "there is no such file or folder"),
    ],
)
def test_a_source_that_is_not_there_is_named(
    bench: Bench, s3: S3Server, address: str, code: int, message: str
) -> None:
    put(s3, "d/1.csv", items({}))
    result = bench.run("load", address, "--project-dir", str(bench.folder))
    assert result.exit_code == code
    assert address in result.output
    assert message in result.output
    assert not bench.database.exists()


def test_two_places_with_one_name_are_refused(bench: Bench, s3: S3Server) -> None:
    put(s3, "d/1.csv", items({}))
    bench.write("1.csv", items({}))
    result = bench.run("load", f"s3://{BUCKET}/d", str(bench.source), "--project-dir", str(bench.folder))
    assert result.exit_code == 1
    assert f"Two files are both named 1.csv: s3://{BUCKET}/d/1.csv and " in result.output
