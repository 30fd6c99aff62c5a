"""The same arguments give the same bytes, and a folder holds nothing but its last sample."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from sample_data.command import generate
from sample_data.files.folder import FolderError
from sample_data.plan import Plan, PlanError
from sample_data.run import write_sample

from .conftest import SMALL

MANY = Plan(lines=300_000, customers=20_000)
TINY = Plan(lines=60, days=5, restaurants=2, customers=10)


def digests(out: Path) -> dict[str, str]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_any_number_of_threads_gives_the_same_bytes(tmp_path: Path) -> None:
    for threads in (1, 2, 3):
        write_sample(MANY, tmp_path / str(threads), threads=threads)
    assert digests(tmp_path / "1") == digests(tmp_path / "2") == digests(tmp_path / "3")


@pytest.mark.parametrize("compress", [False, True])
def test_the_same_seed_gives_the_same_bytes_again(tmp_path: Path, compress: bool) -> None:
    for out in ("first", "again"):
        write_sample(SMALL, tmp_path / out, split=True, dirty=True, compress=compress)
    assert digests(tmp_path / "first") == digests(tmp_path / "again")


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_sample(replace(TINY, seed=seed), tmp_path / str(seed))
    one, two = ((tmp_path / seed / "order_items.csv").read_text().splitlines() for seed in ("1", "2"))
    assert set(one) & set(two) == {one[0]}


def test_compressed_files_hold_the_same_rows(tmp_path: Path) -> None:
    write_sample(TINY, tmp_path / "plain", dirty=True)
    write_sample(TINY, tmp_path / "packed", dirty=True, compress=True)
    for path in (tmp_path / "plain").glob("*.csv"):
        assert gzip.decompress((tmp_path / "packed" / f"{path.name}.gz").read_bytes()) == path.read_bytes()
    assert '"order_items.csv.gz"' in (tmp_path / "packed" / "expected_rejects.jsonl").read_text()
    assert not list((tmp_path / "packed").glob("*.csv"))


def test_every_day_has_its_folder_and_an_empty_day_its_headers(tmp_path: Path) -> None:
    write_sample(Plan(lines=3, days=10, customers=1), tmp_path, split=True)
    folders = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert folders == [f"2025-06-{day}" for day in range(21, 31)]
    sizes = [len(path.read_text().splitlines()) for path in tmp_path.glob("*/order_items.csv")]
    assert len(sizes) == 10
    assert min(sizes) == 1
    assert sum(sizes) == 13


def test_a_new_sample_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    write_sample(replace(TINY, days=30), tmp_path / "twice", split=True, dirty=True)
    for out in ("twice", "once"):
        write_sample(TINY, tmp_path / out, compress=True)
    assert digests(tmp_path / "twice") == digests(tmp_path / "once")
    assert sorted(digests(tmp_path / "once")) == [
        "date_dim.csv.gz",
        "expected_totals.json",
        "order_item_options.csv.gz",
        "order_items.csv.gz",
    ]


def test_a_run_that_was_cut_short_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sample_data.files.writer.Writer._write_dates", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_sample(TINY, tmp_path, dirty=True, split=True)
    write_sample(TINY, tmp_path)
    assert len(digests(tmp_path)) == 4


@pytest.mark.parametrize("stranger", ["order_items.csv", "notes.txt", "2024-01-01/order_items.csv"])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, stranger: str) -> None:
    (tmp_path / stranger).parent.mkdir(exist_ok=True)
    (tmp_path / stranger).write_text("precious")
    with pytest.raises(FolderError, match="expected an empty folder or an earlier sample, found"):
        write_sample(TINY, tmp_path)
    assert list(digests(tmp_path)) == [stranger]


@pytest.mark.parametrize("stranger", ["notes.txt", "2024-01-01/notes.txt", "mine/order_items.csv"])
def test_a_sample_with_a_strange_file_in_it_is_left_alone(tmp_path: Path, stranger: str) -> None:
    write_sample(TINY, tmp_path)
    (tmp_path / stranger).parent.mkdir(exist_ok=True)
    (tmp_path / stranger).write_text("precious")
    before = digests(tmp_path)
    with pytest.raises(FolderError, match="is not of a sample"):
        write_sample(TINY, tmp_path)
    assert digests(tmp_path) == before


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(FolderError, match="expected a folder, found a file"):
        write_sample(TINY, tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": 0}, "--lines 0: expected a whole number of at least 1"),
        ({"days": -1}, "--days -1: expected a whole number of at least 1"),
        ({"restaurants": 0}, "--restaurants 0: expected"),
        ({"customers": 0}, "--customers 0: expected"),
        ({"customers": 50}, "--customers 50: expected at most 36 for --lines 60"),
        ({"seed": -3}, "--seed -3: expected a whole number of at least 0"),
        ({"loyalty_effect": -1}, "--loyalty-effect -1: expected a whole number from 0 to 100"),
        ({"loyalty_effect": 101}, "--loyalty-effect 101: expected a whole number from 0 to 100"),
        ({"days": 30_000}, "--days 30000: expected a period that starts after 1970-01-01"),
    ],
)
def test_bad_numbers_are_named(change: dict[str, int], message: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=f"^{message}"):
        write_sample(Plan(**({"lines": 60, "customers": 10} | change)), tmp_path / "out")  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("customers", [1, 18, 35, 36])
@pytest.mark.parametrize("effect", [0, 100])
def test_every_customer_orders_however_many_there_are(tmp_path: Path, customers: int, effect: int) -> None:
    totals = write_sample(replace(TINY, customers=customers, loyalty_effect=effect), tmp_path)
    assert (totals["lines"], totals["orders"], totals["customers"]) == (60, 39, customers)


@pytest.mark.parametrize("split", [False, True])
def test_the_smallest_sample_can_be_written(tmp_path: Path, split: bool) -> None:
    plan = Plan(lines=1, days=1, restaurants=1, customers=1)
    assert write_sample(plan, tmp_path, split=split)["lines"] == 1
    assert write_sample(plan, tmp_path, split=split, dirty=True)["lines"] > 1


def test_the_command_writes_and_says_what(tmp_path: Path) -> None:
    arguments = [
        "--lines",
        "500",
        "--days",
        "20",
        "--out",
        str(tmp_path),
        "--end-date",
        "2024-03-05",
        "--split-by-day",
    ]
    result = CliRunner().invoke(generate, arguments)
    assert result.exit_code == 0
    assert "500 lines, 323 orders, 50 customers" in result.output
    assert result.output.count("\n") == 1
    assert (tmp_path / "2024-02-29" / "order_items.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lines", "many"], "'many' is not a valid integer"),
        (["--lines", "0"], "--lines 0: expected"),
        (["--customers", "0"], "--customers 0: expected"),
        (["--loyalty-effect", "101"], "--loyalty-effect 101: expected"),
        (["--end-date", "30.06.2025"], "'30.06.2025' does not match the format '%Y-%m-%d'"),
    ],
)
def test_the_command_refuses_bad_arguments(tmp_path: Path, arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(generate, ["--out", str(tmp_path), *arguments])
    assert result.exit_code == 2
    assert message in result.output
    assert not list(tmp_path.iterdir())


def test_the_help_shows_examples() -> None:
    output = CliRunner().invoke(generate, ["--help"]).output
    assert "--loyalty-effect PERCENT" in output
    assert "Examples:\n    sales-loader generate --out sample\n" in output
