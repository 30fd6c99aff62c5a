"""Exactly once by content: what is skipped, replaced, refused, and what the ledger says."""

import hashlib
import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from sales_loader.csv_files.inspection import sha256_of
from sales_loader.sources.local import SourceFile, is_settled
from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse
from tests.python.support.loader_bench import Bench, days, items, options

LEDGER = "select load_id, file_name, rows_landed, batch_id from raw.load_files order by load_id"


def at(time: str, **changes: str) -> dict[str, str]:
    return {"CREATION_TIME_UTC": time, **changes}


def test_the_ledger_tells_what_was_loaded(bench: Bench) -> None:
    path = bench.write("a.csv", items(at("2025-06-01T16:00:00Z"), at("2025-06-03T16:00:00Z"), at("no time")))
    bench.write("b.csv", days({}, {"date_key": "31-12-2025"}))
    bench.write("c.csv", options({}))
    bench.load()
    assert bench.rows("select * exclude (sha256, loaded_at) from raw.load_files order by load_id") == [
        (1, "a.csv", "order_items", 3, 2, 1, date(2025, 6, 1), date(2025, 6, 3), 1),
        (2, "b.csv", "date_dim", 2, 2, 0, date(2025, 6, 1), date(2025, 12, 31), 1),
        (3, "c.csv", "order_item_options", 1, 1, 0, None, None, 1),
    ]
    [(digest,)] = bench.rows("select sha256 from raw.load_files where load_id = 1")
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.usefixtures("settled")
def test_the_same_file_again_is_skipped_and_said_so(bench: Bench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x"}))
    assert bench.load().exit_code == 3
    before = bench.database.read_bytes()
    result = bench.load()
    assert result.exit_code == 0
    assert "skipped, unchanged" in result.output
    assert bench.database.read_bytes() == before


def test_many_unchanged_files_are_one_row_of_the_table(bench: Bench) -> None:
    for number in range(11):
        bench.write(f"{number:02}.csv", items({"ORDER_ID": f"o{number}"}))
    bench.load()
    bench.write("new.csv", items({"ORDER_ID": "new"}))
    output = bench.load().output
    assert "11 other files" in output
    assert output.count("skipped, unchanged") == 1
    assert "new.csv" in output
    assert "00.csv" not in output


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the known files that were read to be hashed."""
    names: list[str] = []

    def noted(file: SourceFile) -> str:
        names.append(file.name)
        return sha256_of(file)

    monkeypatch.setattr("sales_loader.load_service.sha256_of", noted)
    return names


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as written long ago."""
    monkeypatch.setattr("sales_loader.sources.local.is_settled", lambda *_: True)


@pytest.mark.usefixtures("settled")
def test_a_file_that_looks_as_before_is_not_read_again(bench: Bench, hashed: list[str]) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    result = bench.load()
    assert (result.exit_code, hashed) == (0, [])
    assert "skipped, unchanged" in result.output


@pytest.mark.usefixtures("settled")
def test_a_correction_of_the_same_size_and_time_is_noticed(bench: Bench) -> None:
    path = bench.write("a.csv", items({"ITEM_PRICE": "7.25"}))
    before = path.stat()
    bench.load()
    bench.write("a.csv", items({"ITEM_PRICE": "2.75"}))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert "replaced" in bench.load().output
    assert bench.rows("select item_price::varchar from raw.order_items") == [("2.7500",)]


@pytest.mark.usefixtures("settled")
def test_a_file_that_only_looks_different_is_read_once(bench: Bench, hashed: list[str]) -> None:
    path = bench.write("a.csv", items({}))
    bench.load()
    path.touch()
    for _ in range(2):
        assert "skipped, unchanged" in bench.load().output
    assert hashed == ["a.csv"]
    assert bench.rows(LEDGER) == [(1, "a.csv", 1, 1)]


def test_how_a_file_looks_is_not_trusted_right_after_a_change(
    bench: Bench, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sales_loader.sources.local.is_settled", lambda *_: False)
    bench.write("a.csv", items({}))
    for _ in range(3):
        bench.load()
    assert hashed == ["a.csv", "a.csv"]


@pytest.mark.parametrize(
    ("changed", "seconds", "settled"),
    [
        pytest.param(1_700_000_000_123_456_789, 0.099, False, id="fine clock, too early"),
        pytest.param(1_700_000_000_123_456_789, 0.1, True, id="fine clock"),
        pytest.param(1_700_000_000_123_000_000, 1.999, False, id="clock of whole milliseconds, too early"),
        pytest.param(1_700_000_000_000_000_000, 2.0, True, id="clock of whole seconds"),
        pytest.param(1_700_000_000_123_456_789, -5.0, False, id="changed in the future"),
    ],
)
def test_a_file_is_settled_once_its_clock_has_gone_on(changed: int, seconds: float, settled: bool) -> None:
    assert is_settled(changed, changed + int(seconds * 1_000_000_000)) is settled


@pytest.mark.usefixtures("settled")
def test_a_withdrawn_file_that_looks_as_before_is_not_read_again(bench: Bench, hashed: list[str]) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    bench.run("withdraw", "a.csv")
    assert "skipped, withdrawn" in bench.load().output
    assert hashed == []
    assert "landed" in bench.load("--again").output
    assert bench.rows("select load_id from raw.file_versions order by 1") == [(1,), (3,)]


@pytest.mark.usefixtures("settled")
def test_a_warehouse_without_versions_reads_its_files_once_more(bench: Bench, hashed: list[str]) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    with duckdb.connect(str(bench.database)) as connection:
        connection.execute("drop table raw.file_versions")
    for _ in range(2):
        assert "skipped, unchanged" in bench.load().output
    assert hashed == ["a.csv"]


def test_new_content_replaces_the_old_rows_as_a_whole(bench: Bench) -> None:
    bench.write("a.csv", items({}, {"LINEITEM_ID": "l2"}, {"ITEM_PRICE": "x"}))
    bench.write("b.csv", items({"ORDER_ID": "other"}))
    bench.load()
    bench.write("a.csv", items({"ITEM_PRICE": "9.99"}))
    result = bench.load()
    assert result.exit_code == 0
    assert "replaced" in result.output
    assert bench.rows("select _load_id, order_id, item_price::varchar from raw.order_items order by 1") == [
        (2, "other", "7.2500"),
        (3, "o1", "9.9900"),
    ]
    assert bench.rejected() == []
    assert bench.rows(LEDGER) == [(2, "b.csv", 1, 1), (3, "a.csv", 1, 2)]


def test_a_new_day_under_an_old_name_is_refused_until_replace_is_passed(bench: Bench) -> None:
    bench.write("a.csv", items(at("2025-06-01T16:00:00Z")))
    bench.load()
    bench.write("a.csv", items(at("2025-06-02T16:00:00Z")))
    result = bench.load()
    assert result.exit_code == 1
    assert (
        "a.csv: refused: it would take away 0 rows and 1 business date (2025-06-01) of what this name holds, "
        "and brings only 1 of its 1 order lines again"
    ) in result.output
    assert "Give each delivery a name of its own (a folder a day will do), or pass --replace" in result.output
    assert bench.rows(LEDGER) == [(1, "a.csv", 1, 1)]
    assert bench.load("--replace").exit_code == 0
    assert bench.rows("select _load_id, creation_time_utc::date::varchar from raw.order_items") == [
        (2, "2025-06-02")
    ]


def lines(*names: str, time: str = "2025-06-02T16:00:00Z") -> list[dict[str, str]]:
    return [at(time, LINEITEM_ID=name) for name in names]


def test_a_common_business_date_alone_makes_no_correction(bench: Bench) -> None:
    # Two UTC days share the local evening between them: 03:30 UTC of the 3rd is still the 2nd in New York.
    bench.write("a.csv", items(*lines("l1"), *lines("l2", time="2025-06-03T03:30:00Z")))
    bench.load()
    bench.write("a.csv", items(*lines("l3", "l4", time="2025-06-03T03:40:00Z")))
    result = bench.load()
    assert result.exit_code == 1
    assert "it would take away 2 rows of 1 order of what this name holds" in result.output
    assert "brings only 0 of its 2 order lines again" in result.output
    assert bench.rows(LEDGER) == [(1, "a.csv", 2, 1)]


@pytest.mark.parametrize(
    ("kept", "code", "said"),
    [
        (["l1", "l2"], 0, "a.csv: the new content takes back 2 rows of 1 order of the earlier one."),
        (["l1"], 1, "a.csv: refused: it would take away 3 rows of 1 order of what this name holds"),
    ],
)
def test_a_correction_brings_at_least_half_of_the_lines_again(
    bench: Bench, kept: list[str], code: int, said: str
) -> None:
    bench.write("a.csv", items(*lines("l1", "l2", "l3", "l4")))
    bench.load()
    bench.write("a.csv", items(*lines(*kept, "new")))
    result = bench.load()
    assert result.exit_code == code
    assert said in result.output


def test_a_correction_that_takes_nothing_away_says_nothing(bench: Bench) -> None:
    bench.write("a.csv", items(*lines("l1")))
    bench.load()
    bench.write("a.csv", items(*lines("l1", "l2")))
    assert "take" not in bench.load().output


def test_replace_says_what_it_took_back(bench: Bench) -> None:
    bench.write("a.csv", items(*lines("l1"), *lines("l2", time="2025-06-01T16:00:00Z")))
    bench.load()
    bench.write("a.csv", items(*lines("l1")))
    assert bench.load().exit_code == 1
    (event,) = [one for one in bench.events("--replace") if one["event"] == "taken_back"]
    assert "takes back 1 row of 1 order and 1 business date (2025-06-01) of" in event["message"]
    assert event["taken_back"] == {"rows": 1, "orders": 1, "dates": ["2025-06-01"]}


def test_a_date_that_goes_is_told_even_if_every_line_comes_again(bench: Bench) -> None:
    bench.write("a.csv", items(at("2025-06-01T16:00:00Z")))
    bench.load()
    bench.write("a.csv", items(at("2025-06-02T16:00:00Z")))
    result = bench.load("--replace")
    assert result.exit_code == 0
    assert "a.csv: the new content takes back 0 rows and 1 business date (2025-06-01) of" in result.output


def test_rows_that_go_within_a_key_are_told(bench: Bench) -> None:
    bench.write("o.csv", options(*({"OPTION_NAME": name} for name in "abcde")))
    bench.write("a.csv", items({}, {}, {}))
    bench.load()
    bench.write("o.csv", options({"OPTION_NAME": "a"}))
    bench.write("a.csv", items({}))
    result = bench.load()
    assert result.exit_code == 0
    assert "o.csv: the new content takes back 4 rows of 1 order of the earlier one." in result.output
    assert "a.csv: the new content takes back 2 rows of 1 order of the earlier one." in result.output
    assert "replaced, 4 rows of 1 order taken back" in result.output


def test_only_the_first_dates_that_would_go_are_named(bench: Bench) -> None:
    bench.write(
        "a.csv", items(*(at(f"2025-06-{day:02}T16:00:00Z", ORDER_ID=str(day)) for day in range(1, 14, 2)))
    )
    bench.load()
    bench.write("a.csv", items(at("2025-06-02T16:00:00Z")))
    output = bench.load().output
    assert "7 rows of 7 orders and 7 business dates (2025-06-01, 2025-06-03, " in output
    assert ", 2025-06-09, …)" in output


def test_options_are_compared_by_order_and_dates_by_date(bench: Bench) -> None:
    bench.write("o.csv", options({"ORDER_ID": "o1"}, {"ORDER_ID": "o2"}))
    bench.write("d.csv", days({"date_key": "01-06-2025"}))
    bench.load()
    bench.write("o.csv", options({"ORDER_ID": "o3"}))
    bench.write("d.csv", days({"date_key": "02-06-2025"}))
    result = bench.load()
    assert "o.csv: refused: it would take away 2 rows of 2 orders of what this name holds" in result.output
    assert "brings only 0 of its 2 orders again" in result.output
    assert "d.csv: refused: it would take away 1 row of what this name holds" in result.output
    bench.write("o.csv", options({"ORDER_ID": "o3"}, {"ORDER_ID": "o2"}))
    bench.write("d.csv", days({"date_key": "02-06-2025"}, {"date_key": "01-06-2025"}))
    assert bench.load().exit_code == 0
    assert bench.rows(LEDGER) == [(3, "d.csv", 2, 2), (4, "o.csv", 2, 2)]


@pytest.mark.parametrize("empty", [items(), items({"ITEM_PRICE": "x"})], ids=["no rows", "only bad rows"])
def test_empty_new_content_needs_replace(bench: Bench, empty: bytes) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    bench.write("a.csv", empty)
    assert bench.load().exit_code == 1
    assert bench.rows("select count(*) from raw.order_items") == [(1,)]
    assert bench.load("--replace").exit_code in (0, 3)
    assert bench.rows("select count(*) from raw.order_items") == [(0,)]


@pytest.mark.parametrize("empty", [items(), items({"ITEM_PRICE": "x"})], ids=["no rows", "only bad rows"])
def test_old_content_without_landed_rows_is_simply_replaced(bench: Bench, empty: bytes) -> None:
    bench.write("a.csv", empty)
    bench.load()
    bench.write("a.csv", items({}))
    assert bench.load().exit_code == 0
    assert bench.rejected() == []
    assert bench.rows(LEDGER) == [(2, "a.csv", 1, 2)]


def test_a_file_of_another_kind_takes_the_old_rows_away_when_replaced(bench: Bench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x"}))
    bench.load()
    bench.write("a.csv", options({}))
    assert bench.load().exit_code == 1
    assert bench.load("--replace").exit_code == 0
    assert bench.rows("select count(*) from raw.order_items") == [(0,)]
    assert bench.rejected() == []
    assert bench.rows("select load_id, table_name from raw.load_files") == [(2, "order_item_options")]


def test_the_same_content_under_another_name_lands_with_a_warning(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    bench.write("b.csv", items({}))
    result = bench.load()
    assert result.exit_code == 0
    assert "b.csv: same content as a.csv (load 1)" in result.output
    assert "If the file was moved, `sales-loader withdraw a.csv` takes the old one back." in result.output
    assert bench.rows(LEDGER) == [(1, "a.csv", 1, 1), (2, "b.csv", 1, 2)]


def test_a_refused_correction_leaves_the_old_content_alone(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    bench.write("a.csv", items({}) + b'"open')
    assert bench.load().exit_code == 1
    assert bench.rows(LEDGER) == [(1, "a.csv", 1, 1)]
    assert bench.rows("select count(*) from raw.order_items") == [(1,)]


def test_alone_refuses_a_warehouse_with_other_files(bench: Bench) -> None:
    first = bench.write("a.csv", items({}))
    second = bench.write("b.csv", items({"ORDER_ID": "o2"}))
    assert bench.load("--alone", sources=[first]).exit_code == 0
    result = bench.load("--alone", sources=[second])
    assert result.exit_code == 1
    assert "This warehouse holds other data: a.csv" in result.output
    assert bench.rows(LEDGER) == [(1, "a.csv", 1, 1)]
    assert bench.load("--alone").exit_code == 0


def business_dates(bench: Bench, *arguments: str, **changes: str) -> list[tuple[date, date]]:
    bench.write("a.csv", items(at("2025-06-01T03:59:59Z", **changes)))
    assert bench.load(*arguments).exit_code == 0
    return bench.rows("select first_business_date, last_business_date from raw.load_files")


MAY_31, JUNE_1 = [(date(2025, 5, 31),) * 2], [(date(2025, 6, 1),) * 2]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ("", MAY_31),
        ("{default_timezone: UTC}", JUNE_1),
        ("{default_timezone: UTC, business_day_start_hour: 3, as_of_date: 2025-01-01}", JUNE_1),
        ("business_day_start_hour: 4\ndefault_timezone: UTC", MAY_31),
    ],
)
def test_business_dates_follow_vars(bench: Bench, overrides: str, expected: list[tuple[date, date]]) -> None:
    assert business_dates(bench, "--vars", overrides) == expected


def test_business_dates_follow_the_project_where_vars_are_silent(bench: Bench) -> None:
    project = "name: shop\nvars: {default_timezone: Asia/Tokyo, shop: {business_day_start_hour: 13}}\n"
    (bench.folder / "dbt_project.yml").write_text(project)
    # 12:59:59 in Tokyo.
    assert business_dates(bench) == MAY_31
    bench.write("a.csv", items(at("2025-06-01T03:59:59Z", ORDER_ID="o2")))
    bench.load("--vars", "{business_day_start_hour: 12}", "--replace")
    assert bench.rows("select first_business_date from raw.load_files") == [(date(2025, 6, 1),)]


def test_business_dates_follow_each_location(bench: Bench) -> None:
    (bench.folder / "seeds").mkdir()
    seed = "location_id,location_name,region,timezone,opened_on\nr2,Far,,Asia/Kolkata,\nr3,Unset\n"
    (bench.folder / "seeds" / "locations.csv").write_text(seed)
    bench.write(
        "a.csv", items(*(at("2025-06-01T03:59:59Z", RESTAURANT_ID=name) for name in ("r1", "r2", "r3")))
    )
    bench.load()
    assert bench.rows("select first_business_date, last_business_date from raw.load_files") == [
        (date(2025, 5, 31), date(2025, 6, 1))
    ]


def test_quarter_hour_offsets_are_exact(bench: Bench) -> None:
    (bench.folder / "seeds").mkdir()
    seed = "location_id,location_name,region,timezone,opened_on\nr1,,,Asia/Kathmandu\n"
    (bench.folder / "seeds" / "locations.csv").write_text(seed)
    # Kathmandu is 5:45 ahead: 18:14:59.999 is the last of the 1st, 18:15 the first of the 2nd.
    bench.write("a.csv", items(at("2025-06-01T18:14:59.999Z")))
    bench.write("b.csv", items(at("2025-06-01T18:15:00Z")))
    bench.load()
    assert bench.rows("select first_business_date from raw.load_files order by load_id") == [
        (date(2025, 6, 1),),
        (date(2025, 6, 2),),
    ]


@pytest.mark.parametrize(
    ("overrides", "code", "message"),
    [
        ("{default_timezone: Mars/Base}", 1, "Unknown time zone 'Mars/Base' of default_timezone"),
        ("{business_day_start_hour: 24}", 2, "expected a whole hour from 0 to 23"),
        ("{business_day_start_hour: noon}", 2, "expected a whole hour from 0 to 23"),
        ("{business_day_start_hour: true}", 2, "expected a whole hour from 0 to 23"),
        ("[1", 2, "--vars must be a YAML mapping"),
        ("just text", 2, "--vars must be a YAML mapping"),
    ],
)
def test_wrong_settings_stop_the_command(bench: Bench, overrides: str, code: int, message: str) -> None:
    bench.write("a.csv", items({}))
    result = bench.load("--vars", overrides)
    assert result.exit_code == code
    assert message in result.output
    assert not bench.database.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("dbt_project.yml", b"a: [", "cannot be read as a dbt project"),
        ("dbt_project.yml", b"just text", "cannot be read as a dbt project"),
        ("dbt_project.yml", b"vars: [1]", "cannot be read as a dbt project"),
        (
            "seeds/locations.csv",
            b"id,timezone\nr1,UTC\n",
            "line 1: the header is 'id,timezone'; expected location_id,",
        ),
    ],
)
def test_project_files_that_make_no_sense_stop_the_command(
    bench: Bench, name: str, content: bytes, message: str
) -> None:
    bench.write("a.csv", items({}))
    path: Path = bench.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    result = bench.load()
    assert result.exit_code == 1
    assert message in result.output
    assert not bench.database.exists()


def test_reading_and_landing_must_agree(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("a.csv", items({}, {"LINEITEM_ID": "l2"}))
    monkeypatch.setattr("sales_loader.csv_files.csv_reader.last_rows", lambda *_: (1, 0))
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: failed: 1 rows were read, but 2 landed and 0 were rejected" in result.output
    assert not bench.database.exists()


def test_two_commands_at_once_land_a_file_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    # What a command sees that looked before the other one made the warehouse.
    monkeypatch.setattr(DuckDbWarehouse, "loads", lambda _: [])
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: failed: another process loaded a file of this name meanwhile" in result.output
    assert bench.rows("select count(*) from raw.order_items") == [(1,)]
