"""Which files are found, what they are called and told to be, and why some are refused as a whole."""

import gzip
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sales_loader.csv_files import csv_reader, inspection
from sales_loader.csv_files.archive_limits import USUAL_LIMITS, ArchiveLimits
from sales_loader.csv_files.file_lines import place_of_row
from sales_loader.errors import RefusedFileError
from sales_loader.sources import search as sources
from sales_loader.sources.local import SourceFile, natural_order
from sales_loader.warehouses.duckdb.database import run_query
from tests.python.support.loader_bench import DAY, ITEM, OPTION, Bench, days, items, options

HEADER = ",".join(OPTION).encode() + b"\n"
ROW = b"o1,l1,g,n,1.00,1\n"
BROKEN_LINES = HEADER + b'\no1,l1,"g\nh",n,1.00,1\n\n'  # five lines, of which two are empty and one row


def zstd(content: bytes, folder: Path) -> bytes:
    """Zstandard data of a CSV text, made by DuckDB."""
    plain, packed = folder / "plain.csv", folder / "packed.zst"
    plain.write_bytes(content)
    with duckdb.connect() as connection:
        lines = (
            f"read_csv('{plain}', columns = {{line: 'VARCHAR'}}, header = false, delim = '\x01', quote = '')"
        )
        connection.execute(
            f"copy (from {lines}) to '{packed}' (format csv, header false, compression zstd,"
            " quote '', delim '\x01')"
        )
    return packed.read_bytes()


@pytest.mark.parametrize(
    "names",
    [
        ["items_2025-6-9.csv", "items_2025-6-10.csv"],
        ["a.csv", "B.csv", "c.csv"],  # case folded
        ["d1/z.csv", "d2/a.csv", "d10/a.csv"],  # folders too
        ["a-1.csv", "a/1.csv"],  # the path is one text: a dash stands before a slash
        ["a1.csv", "aa.csv"],  # a number stands where its first digit does
        ["a01.csv", "a1.csv", "a01b.csv"],  # equal numbers: what follows decides, then the name as written
        ["a²1.csv", "a²2.csv"],  # only 0 to 9 are digits of a number
    ],
)
def test_natural_order(names: list[str]) -> None:
    backwards = list(reversed(names))
    assert sorted(backwards, key=natural_order) == names


def test_the_export_of_the_10th_corrects_that_of_the_9th(bench: Bench) -> None:
    bench.write("items_2025-6-10.csv", items({"ITEM_PRICE": "5"}))
    bench.write("items_2025-6-9.csv", items({"ITEM_PRICE": "7"}))
    assert bench.load().exit_code == 0
    assert bench.rows("select file_name from raw.load_files order by load_id") == [
        ("items_2025-6-9.csv",),
        ("items_2025-6-10.csv",),
    ]


@pytest.mark.parametrize("name", ["._a.csv", "__MACOSX/a.csv", "~$a.csv", ".DS_Store", ".old/a.csv"])
def test_hidden_files_and_what_desktops_leave_are_passed_over(bench: Bench, name: str) -> None:
    bench.write("a.csv", items({}))
    bench.write(name, b"clutter")
    result = bench.load()
    assert result.exit_code == 0
    assert name not in result.output
    assert bench.rows("select file_name from raw.load_files") == [("a.csv",)]


def test_folders_are_searched_to_the_bottom_and_other_files_named(bench: Bench) -> None:
    bench.write("b/2.csv", items({"ORDER_ID": "o2"}))
    bench.write("a/deep/1.CSV", items({}))
    bench.write("a/notes.txt", b"hello")
    bench.write("c.csv.bak", b"")
    result = bench.load()
    assert result.exit_code == 0
    assert bench.rows("select load_id, file_name, batch_id from raw.load_files order by 1") == [
        (1, "a/deep/1.CSV", 1),
        (2, "b/2.csv", 1),
    ]
    assert "a/notes.txt: skipped" in result.output
    assert "c.csv.bak: skipped" in result.output


def test_a_linked_file_goes_by_the_name_of_the_link(bench: Bench, tmp_path: Path) -> None:
    kept = bench.write("days/1.csv", items({}))
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "today.csv").symlink_to(kept)
    assert bench.load(sources=[folder, folder / "today.csv"]).exit_code == 0
    assert bench.rows("select file_name from raw.load_files") == [("today.csv",)]


def test_linked_folders_are_searched_and_loops_told(bench: Bench, tmp_path: Path) -> None:
    bench.write("2025-06-30/items.csv", items({}))
    bench.write("2025-06-30/.store/2025-06-28/items.csv", items({"ORDER_ID": "o28"}))
    far = tmp_path / "far" / "2025-06-29"
    far.mkdir(parents=True)
    (far / "items.csv").write_bytes(items({"ORDER_ID": "o29"}))
    links = {
        "2025-06-29": "../far/2025-06-29",
        "2025-06-28": "2025-06-30/.store/2025-06-28",  # what is hidden is not searched otherwise
        "latest": "2025-06-30",  # searched under its own name
        "2025-06-30/up": "..",
        "root": "/",
        "../far/2025-06-29/home": "../../source",
        "../far/2025-06-29/again": ".",
    }
    for link, target in links.items():
        (bench.source / link).symlink_to(target, target_is_directory=True)
    result = bench.load()
    assert result.exit_code == 1
    assert bench.rows("select file_name from raw.load_files order by 1") == [
        ("2025-06-28/items.csv",),
        ("2025-06-29/items.csv",),
        ("2025-06-30/items.csv",),
    ]
    assert "latest: skipped, as the files that it leads to are loaded by their names below" in result.output
    for loop in ("2025-06-30/up/", "root/", "2025-06-29/home/", "2025-06-29/again/"):
        assert f"{loop}: failed: the link leads back to " in result.output


ODD = {
    b"caf\xe9.csv": r"caf\udce9.csv: failed: its name or that of a folder is not UTF-8. Rename it.",
    b"d\xff/a.csv": r"d\udcff/a.csv: failed: its name or that of a folder is not UTF-8. Rename it.",
    b"a\\[1].csv": "a\\[1].csv: failed: its path holds a backslash together with *, ? or [",
    b"loop.csv": "loop.csv: failed: it is a link that leads back to itself. Remove it.",
    b"gone.csv": "gone.csv: failed: it is a link to something that is not there. Put that back, or remove",
    b"2025-06-29": "2025-06-29: failed: it is a link to something that is not there.",
    b"pipe.csv": "pipe.csv: failed: it is a pipe, a socket or a device, not a file. Move it out of the",
    b"socket.csv": "socket.csv: failed: it is a pipe, a socket or a device, not a file.",
    b"null.csv": "null.csv: failed: it is a pipe, a socket or a device, not a file.",
}


def test_no_entry_of_a_folder_stops_the_others(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("good.csv", items({}))
    bench.write("with \\ only.csv", items({"ORDER_ID": "o2"}))
    monkeypatch.chdir(bench.source)
    Path(os.fsdecode(b"d\xff")).mkdir()
    for name in (b"caf\xe9.csv", b"d\xff/a.csv", b"a\\[1].csv"):
        Path(os.fsdecode(name)).write_bytes(items({}))
    Path("loop.csv").symlink_to("loop.csv")
    Path("gone.csv").symlink_to("nowhere.csv")
    Path("2025-06-29").symlink_to("../not mounted", target_is_directory=True)
    Path("null.csv").symlink_to("/dev/null")
    os.mkfifo("pipe.csv")
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.csv")
        result = bench.load()
    assert result.exit_code == 1
    assert bench.rows("select file_name from raw.load_files order by 1") == [
        ("good.csv",),
        ("with \\ only.csv",),
    ]
    failed = [line for line in result.stderr.splitlines() if ": failed: " in line]
    assert len(failed) == len(ODD)
    for message in ODD.values():
        assert message in result.stderr
    assert "pipe: skipped, as its name does not end" in result.stderr


@pytest.mark.parametrize("name", ["pipe.csv", "gone.csv"])
def test_a_single_source_that_is_no_file_fails(bench: Bench, name: str) -> None:
    good = bench.write("good.csv", items({}))
    os.mkfifo(bench.source / "pipe.csv")
    (bench.source / "gone.csv").symlink_to("nowhere")
    result = bench.load(sources=[bench.source / name, good])
    assert result.exit_code == 1
    assert f"{name}: failed: it is a " in result.stderr
    assert bench.rows("select file_name from raw.load_files") == [("good.csv",)]


def test_a_folder_that_holds_only_what_cannot_be_read_says_why(bench: Bench) -> None:
    bench.source.mkdir()
    os.mkfifo(bench.source / "pipe.csv")
    result = bench.load()
    assert (result.exit_code, "pipe.csv: failed: it is a pipe" in result.stderr) == (1, True)


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + ROW)


def _rewrite_in_place(path: Path) -> None:
    look = path.stat()
    path.write_bytes(path.read_bytes().replace(b"1.00", b"2.00"))
    os.utime(path, ns=(look.st_atime_ns, look.st_mtime_ns))


def _put_another_in_its_place(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes().replace(b"1.00", b"2.00"))
    look = path.stat()
    os.utime(other, ns=(look.st_atime_ns, look.st_mtime_ns))
    other.replace(path)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10] + b'"')  # unreadable besides


CHANGED = "refused: the file changed while it was read. Run the command again when it is complete."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_append, CHANGED),
        (_rewrite_in_place, CHANGED),
        (_put_another_in_its_place, CHANGED),
        (_cut, CHANGED),
        (Path.unlink, "failed: the file cannot be read: No such file or directory."),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_file_that_changes_while_it_is_read_does_not_land_and_the_others_do(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], told: str, name: str
) -> None:
    content = HEADER + ROW
    path = bench.write(name, gzip.compress(content) if name.endswith("gz") else content)
    bench.write("b.csv", days({}))
    read: Callable[..., object] = csv_reader.header_cells

    def change_and_read(connection: object, file: SourceFile) -> object:
        if file.name == name:
            change(path)
        return read(connection, file)

    monkeypatch.setattr(csv_reader, "header_cells", change_and_read)
    result = bench.load()
    assert result.exit_code == 1
    assert f"{name}: {told}" in result.output
    assert bench.rows("select file_name from raw.load_files") == [("b.csv",)]


def test_a_file_that_is_gone_when_its_turn_comes_fails_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("a.csv", items({}))
    bench.write("b.csv", days({}))
    find = sources.find

    def find_and_remove(*arguments: Any) -> sources.Found:
        found = find(*arguments)
        (bench.source / "a.csv").unlink()
        return found

    monkeypatch.setattr(sources, "find", find_and_remove)
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: failed: the file cannot be read: No such file or directory." in result.output
    assert bench.rows("select file_name from raw.load_files") == [("b.csv",)]


def test_a_folder_that_may_not_be_read_fails_and_the_others_land(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("a.csv", items({}))
    bench.write("closed/b.csv", items({"ORDER_ID": "o2"}))
    scandir = os.scandir

    def refuse(folder: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("os.scandir", refuse)
    result = bench.load()
    assert result.exit_code == 1
    assert "closed/: failed: the folder cannot be searched: Permission denied. Give the" in result.output
    assert bench.rows("select file_name from raw.load_files") == [("a.csv",)]


def test_sources_load_in_the_order_given_and_single_files_go_by_their_own_name(bench: Bench) -> None:
    last = bench.write("x/later.csv", items({}))
    bench.write("y/2.csv", items({"ORDER_ID": "o2"}))
    bench.write("y/1.csv", items({"ORDER_ID": "o1"}))
    bench.load(sources=[last, bench.source / "y"])
    assert bench.rows("select file_name from raw.load_files order by load_id") == [
        ("later.csv",),
        ("1.csv",),
        ("2.csv",),
    ]


def test_gzip_and_zstd_files_load_like_plain_ones(bench: Bench, tmp_path: Path) -> None:
    bench.write("a.csv.gz", gzip.compress(options({"OPTION_NAME": "gz"})))
    bench.write("b.CSV.ZST", zstd(options({"OPTION_NAME": "zst"}), tmp_path))
    assert bench.load().exit_code == 0
    assert bench.rows("select _source_file, option_name from raw.order_item_options order by 1") == [
        ("a.csv.gz", "gz"),
        ("b.CSV.ZST", "zst"),
    ]


def test_the_first_bytes_tell_how_a_file_is_read_and_not_its_name(bench: Bench, tmp_path: Path) -> None:
    contents = {
        "text.csv.gz": options({"OPTION_NAME": "text"}),
        "text.csv.zst": options({"OPTION_NAME": "text too"}),
        "gzip.csv": gzip.compress(options({"OPTION_NAME": "gzip"})),
        "gzip.csv.zst": gzip.compress(options({"OPTION_NAME": "gzip too"})),
        "zstd.csv": zstd(options({"OPTION_NAME": "zstd"}), tmp_path),
    }
    for name, content in contents.items():
        bench.write(name, content)
    result = bench.load()
    assert result.exit_code == 0
    assert bench.rows("select count(distinct option_name) from raw.order_item_options") == [(5,)]
    for name in contents:
        kind = "plain text" if "text" in name else f"{name[:4]} data"
        assert f"{name}: it is {kind}, whatever its name says, and was read as that." in result.stderr


def test_names_with_pattern_signs_and_quotes_are_taken_literally(bench: Bench) -> None:
    bench.write("it's [1]*?.csv", options({"OPTION_NAME": "right"}))
    bench.write("it's 1xy.csv", options({"OPTION_NAME": "wrong"}))
    bench.load(sources=[bench.source / "it's [1]*?.csv"])
    assert bench.rows("select option_name from raw.order_item_options") == [("right",)]


def test_two_files_of_one_name_stop_the_whole_command(bench: Bench) -> None:
    first, second = bench.write("x/a.csv", items({})), bench.write("y/a.csv", items({"ORDER_ID": "o2"}))
    result = bench.load(sources=[bench.source / "x", second])
    assert result.exit_code == 1
    assert str(first) in result.output
    assert str(second) in result.output
    assert not bench.database.exists()


def test_a_file_given_twice_is_loaded_once(bench: Bench) -> None:
    path = bench.write("a.csv", items({}))
    assert bench.load(sources=[path, bench.source, path]).exit_code == 0
    assert bench.rows("select count(*) from raw.order_items") == [(1,)]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing", "there is no such file or folder"),
        ("", "A SOURCE is empty: name a file, a folder or an s3:// prefix."),
        ("s3:///day", "no bucket is named"),
        ("notes.txt", "its name must end in .csv, .csv.gz or .csv.zst"),
    ],
)
def test_sources_that_can_never_load_are_wrong_usage(bench: Bench, source: str, message: str) -> None:
    bench.write("a.csv", items({}))
    bench.write("notes.txt", b"hello")
    named = source if source.startswith("s3://") or not source else str(bench.source / source)
    result = bench.run("load", str(bench.source / "a.csv"), named)
    assert result.exit_code == 2
    assert named in result.output
    assert message in result.output
    assert not bench.database.exists()


def test_a_folder_without_sales_files_fails_and_makes_no_warehouse(bench: Bench) -> None:
    bench.write("notes.txt", b"hello")
    result = bench.load()
    assert result.exit_code == 1
    assert "nothing to load" in result.output
    assert not bench.database.exists()


@pytest.mark.parametrize("template", [ITEM, OPTION, DAY], ids=["items", "options", "dates"])
def test_any_case_order_and_white_space_of_headers_is_taken(bench: Bench, template: dict[str, str]) -> None:
    names = [
        f' "{name.swapcase()}\t"' if index % 2 else f"\t{name.title()} "
        for index, name in enumerate(template)
    ]
    lines = [",".join(reversed(names)), ",".join(reversed(template.values()))]
    bench.write("a.csv", "\ufeff".encode() + "\r\n".join(lines).encode())
    assert bench.load().exit_code == 0
    bench.write("b.csv", ",".join(template).encode() + b"\n" + ",".join(template.values()).encode())
    bench.load()
    [(table,)] = bench.rows("select distinct table_name from raw.load_files")
    assert bench.rows(
        f"select count(distinct t::varchar) from (select * exclude (_source_file, _load_id, _batch_id,"
        f" _loaded_at) from raw.{table}) as t"
    ) == [(1,)]


def test_a_byte_order_mark_before_a_quote_is_no_part_of_the_name(bench: Bench) -> None:
    quoted = ",".join(f'"{name}"' for name in OPTION).encode()
    marked = "\ufeff".encode() + quoted + b"\n" + ROW
    bench.write("a.csv", marked)
    bench.write("b.csv.gz", gzip.compress(b"\n" + HEADER + ROW))
    bench.write("c.csv.gz", gzip.compress(marked))
    assert bench.load().exit_code == 0
    assert bench.rows("select count(distinct order_id), count(*) from raw.order_item_options") == [(1, 3)]


def test_extra_columns_are_left_out_and_named(bench: Bench) -> None:
    bench.write("a.csv", b"note," + HEADER.strip() + b",\nhello," + ROW.strip() + b",x\n")
    result = bench.load()
    assert result.exit_code == 0
    assert "a.csv: columns that are not loaded: 'note', (no name)." in result.output
    assert bench.rows("select order_id, option_quantity from raw.order_item_options") == [("o1", 1)]


def test_a_file_with_a_header_only_lands_without_rows(bench: Bench) -> None:
    bench.write("a.csv", HEADER)
    bench.write("b.csv", HEADER.strip())
    result = bench.load()
    assert result.exit_code == 0
    assert "a.csv: the file holds no rows, only a header." in result.output
    assert "same content" not in result.output
    assert bench.rows("select table_name, rows_read, rows_landed from raw.load_files") == [
        ("order_item_options", 0, 0)
    ] * 2  # fmt: skip


def test_every_kind_of_line_end_is_taken(bench: Bench) -> None:
    for name, end in [("lf.csv", b"\n"), ("crlf.csv", b"\r\n"), ("cr.csv", b"\r")]:
        bench.write(name, (HEADER + ROW + ROW).replace(b"\n", end))
    assert bench.load().exit_code == 0
    assert bench.rows("select distinct rows_landed from raw.load_files") == [(2,)]


CORRUPT = bytearray(gzip.compress(HEADER + ROW * 100))
CORRUPT[-6] ^= 0xFF
REFUSALS: dict[str, tuple[str, bytes, str, str]] = {
    "no byte": ("a.csv", b"", "the file is empty", "Export it again"),
    "no byte, gzip": ("a.csv.gz", b"", "the file is empty", "Export it again"),
    "nothing in gzip": ("a.csv.gz", gzip.compress(b""), "the file is empty", "Export it again"),
    "blank lines": ("a.csv", b"\n\n\n", "the file is empty", "Export it again"),
    "blank cells": ("a.csv", b"  ,\n", "the file is empty", "Export it again"),
    "missing columns": (
        "a.csv",
        HEADER.replace(b",OPTION_NAME", b"").replace(b",OPTION_PRICE", b""),
        "column OPTION_NAME, OPTION_PRICE is missing from the header, which looks like order_item_options",
        "Export the file with all of them",
    ),
    "column twice": (
        "a.csv",
        HEADER.strip() + b",order_id\n",
        "column 'ORDER_ID' is in the header more than once",
        "Keep",
    ),
    "extra column twice": (
        "a.csv",
        HEADER.strip() + b",x,X\n",
        "column 'X' is in the header more than once",
        "Keep",
    ),
    "two headers in one": (
        "a.csv",
        ",".join([*ITEM, *OPTION]).encode(),
        "the first line is no header of a sales file",
        "Expected",
    ),
    "no header": (
        "a.csv",
        ROW,
        "the first line is no header of a sales file: 'o1,l1,g,n,1.00,1'",
        "date_dim: DATE_KEY",
    ),
    "semicolons": (
        "a.csv",
        HEADER.replace(b",", b";"),
        "no header of a sales file",
        "separate its columns by semicolons",
    ),
    "tabs": (
        "a.csv",
        HEADER.replace(b",", b"\t"),
        "no header of a sales file",
        "separate its columns by tabs",
    ),
    "very many columns": (
        "a.csv",
        HEADER.strip() + b",x" * 600,
        "the first line has 512 columns or more",
        "no header",
    ),
    "NUL": ("a.csv", HEADER + ROW + b"o\0,l1,g,n,1,1\n", "line 3 holds a NUL byte", "Export it again as CSV"),
    "NUL in an extra column": (
        "a.csv",
        HEADER.strip() + b",x\n" + ROW.strip() + b",\0\n",
        "line 2 holds a NUL byte",
        "Export it again",
    ),
    "NUL after many surplus cells": (
        "a.csv",
        HEADER + ROW.strip() + b"," * 40 + b"\0\n",
        "line 2 holds a NUL byte",
        "Export it again",
    ),
    "NUL in gzip": (
        "a.csv.gz",
        gzip.compress(HEADER + ROW + b"\0\n"),
        "line 3 holds a NUL byte",
        "Export it again",
    ),
    "binary": ("a.csv", b"PAR1\n\n\x15\x04\0\xff\xfe", "line 3 holds a NUL byte", "Export it again as CSV"),
    "PDF": (
        "a.csv",
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n",
        "line 2: the text is not UTF-8",
        "Save the file as UTF-8",
    ),
    "Latin-1": (
        "a.csv",
        HEADER + ROW + b"o1,l1,Caf\xe9,n,1,1\n",
        "line 3: the text is not UTF-8",
        "Save the file as UTF-8",
    ),
    "Latin-1 in an extra column": (
        "a.csv",
        HEADER.strip() + b",x\n" + ROW.strip() + b",\xe9\n",
        "line 2: the text is not UTF-8",
        "Save",
    ),
    "Latin-1 in the header": (
        "a.csv",
        HEADER.strip() + b",\xe9\n",
        "line 1: the text is not UTF-8",
        "Save",
    ),
    "UTF-16": (
        "a.csv",
        (HEADER + ROW).decode().encode("utf-16"),
        "the file is UTF-16",
        "Save it again as UTF-8",
    ),
    "UTF-16 without a mark": (
        "a.csv",
        HEADER.decode().encode("utf-16-le"),
        "line 1 holds a NUL byte",
        "as CSV in UTF-8",
    ),
    "long line": (
        "a.csv",
        HEADER + ROW + b"x" * 2_000_001 + b"\n" + ROW,
        "line 3 is longer than 2,000,000 bytes",
        "Look for",
    ),
    "long record": (
        "a.csv",
        HEADER + ROW + b'o1,l1,"' + b"x\n" * 1_000_001 + b'",n,1,1\n',
        "line 3 is longer than 2,000,000",
        "Look for",
    ),
    "text after a quote": (
        "a.csv",
        HEADER + ROW + b'o1,l1,"g"x,n,1,1\n' + ROW,
        "line 3: a quote opens",
        "written twice",
    ),
    "open quote": (
        "a.csv",
        HEADER + ROW + b'o1,l1,"g,n,1,1\n' + ROW,
        "line 3: a quote opens",
        "written twice",
    ),
    "open quote first": (
        "a.csv",
        HEADER + ROW + b'"o1,l1,g,n,1,1\n' + ROW,
        "line 3: a quote opens",
        "written twice",
    ),
    "open quote last": (
        "a.csv",
        HEADER + ROW + b'o1,l1,g,n,1,"1\n',
        "line 3: a quote opens",
        "written twice",
    ),
    "open quote at the very end": (
        "a.csv",
        HEADER + ROW + b'o1,l1,g,n,1,"',
        "line 3: a quote opens",
        "written twice",
    ),
    "open quote behind the last column": (
        "a.csv",
        HEADER + ROW.strip() + b',"x\n' + ROW,
        "line 2: a quote opens",
        "twice",
    ),
    "open quote after many surplus cells": (
        "a.csv",
        HEADER + b"1," * 40 + b"\n" + ROW + b'"o1' + ROW,
        "line 4: a quote opens",
        "written twice",
    ),
    "stray quote after many surplus cells": (
        "a.csv",
        HEADER + b"1," * 40 + b"\n" + ROW + b'"o1"x,' + ROW,
        "a quote opens",
        "written twice",
    ),
    "CRLF, then LF": (
        "a.csv",
        HEADER.replace(b"\n", b"\r\n") + ROW,
        "line ends are mixed: line 2 ends with LF, the header with CRLF",
        "one kind of line end",
    ),
    "LF, then CRLF in gzip": (
        "a.csv.gz",
        gzip.compress(HEADER + b"\n" + ROW + b'o2,l1,"g\r\nh",n,1.00,1\n' + ROW.replace(b"\n", b"\r\n")),
        "line ends are mixed: line 6 ends with CRLF, the header with LF",
        "one kind of line end",
    ),
    "LF, then CR": (
        "a.csv",
        HEADER + ROW + ROW.replace(b"\n", b"\r") + ROW,
        "line ends are mixed: line 3 ends with CR, the header with LF",
        "one kind of line end",
    ),
    "CRLF, then CR": (
        "a.csv",
        (HEADER + ROW).replace(b"\n", b"\r\n") + ROW.replace(b"\n", b"\r") + ROW,
        "line ends are mixed: line 3 ends with CR, the header with CRLF",
        "one kind of line end",
    ),
    "text after a quote, below line breaks": (
        "a.csv",
        BROKEN_LINES + b'o1,l1,"g"x,n,1,1\n' + ROW,
        "line 6: a quote opens",
        "written twice",
    ),
    "open quote below line breaks": (
        "a.csv",
        BROKEN_LINES + ROW + b'o1,l1,"g,n,1,1\n' + ROW,
        "line 7: a quote opens",
        "written twice",
    ),
    "Latin-1 below line breaks": (
        "a.csv",
        BROKEN_LINES + b'o1,l1,"\n\xe9",n,1,1\n' + ROW,
        "line 7: the text is not UTF-8",
        "Save the file as UTF-8",
    ),
    "NUL below line breaks of old Macs": (
        "a.csv",
        (BROKEN_LINES + b"o\0,l1,g,n,1,1\n").replace(b"\n", b"\r"),
        "line 6 holds a NUL byte",
        "Export it again",
    ),
    "NUL below line breaks": (
        "a.csv",
        (BROKEN_LINES + b"o\0,l1,g,n,1,1\n").replace(b"\n", b"\r\n"),
        "line 6 holds a NUL byte",
        "Export it again",
    ),
    "very many surplus cells": (
        "a.csv",
        BROKEN_LINES + b"1," * 600 + b"\n" + ROW,
        "line 6 has over 512 cells more than the header",
        "missing line end",
    ),
    "long record below line breaks": (
        "a.csv",
        BROKEN_LINES + ROW + b'o1,l1,"' + b"x\n" * 1_000_001 + b'",n,1,1\n',
        "line 7 is longer than 2,000,000",
        "Look for",
    ),
    "gzip cut short": (
        "a.csv.gz",
        gzip.compress(HEADER + ROW)[:-9],
        "the gzip data are cut short or corrupt",
        "Copy",
    ),
    "gzip with a wrong checksum": (
        "a.csv.gz",
        bytes(CORRUPT),
        "the gzip data are cut short or corrupt",
        "Copy",
    ),
    "zeros after gzip": (
        "a.csv.gz",
        gzip.compress(HEADER + ROW) + bytes(512),
        "zeros follow the gzip data",
        "pack it again",
    ),
    "a zero after gzip": ("a.csv", gzip.compress(HEADER) + b"\0", "zeros follow the gzip data", "pack it"),
    "no gzip": ("a.csv.gz", b"\x1f\0" + HEADER, "line 1 holds a NUL byte", "Export"),
}


@pytest.mark.parametrize(("name", "content", "what", "hint"), REFUSALS.values(), ids=REFUSALS)
def test_an_unreadable_file_is_refused_and_the_others_land(
    bench: Bench, name: str, content: bytes, what: str, hint: str
) -> None:
    bench.write(name, content)
    bench.write("good.csv", days({}))
    result = bench.load()
    assert result.exit_code == 1
    [message] = [line for line in result.stderr.splitlines() if line.startswith(f"{name}: refused: ")]
    assert what in message
    assert hint in message
    assert bench.rows("select file_name from raw.load_files") == [("good.csv",)]
    assert bench.rows(
        "select (select count(*) from raw.order_item_options) + (select count(*) from raw.rejected_rows)"
    ) == [(0,)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_a_row_is_found_on_its_line(bench: Bench, suffix: str, end: bytes) -> None:
    bad = b"\n,,,,,\n \n" + ROW.replace(b"1.00", b"bad") + b'"o""1",l1,"\n\n",n,bad,1\n\n\na"b,l1,g,n,bad,1'
    content = (BROKEN_LINES + bad).replace(b"\n", end)
    path = bench.write(f"a{suffix}", gzip.compress(content) if suffix == ".csv.gz" else content)
    bench.load()
    file = SourceFile(path, path.name, "gzip" if suffix == ".csv.gz" else "none")
    rows = [row for row, reason in bench.rejected() if reason == "bad_option_price"]
    assert [place_of_row(file, row) for row in rows] == ["line 9", "line 10", "line 15"]
    assert place_of_row(file, 0) == "line 1"


def test_line_ends_are_counted_across_chunks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(inspection, "_CHUNK_BYTES", 1)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\r\nb\rc\nd\r\n\re\0")
    assert inspection.inspect(SourceFile(path, "a.csv", "none"), USUAL_LIMITS).nul_line == 6


def zstd_bomb(rows: int) -> bytes:
    """A frame with a row once, then blocks of 128 KiB that repeat one byte: four bytes for each."""
    first = HEADER + ROW
    raw = (len(first) << 3).to_bytes(3, "little") + first
    run = ((131_072 << 3) | 1 << 1).to_bytes(3, "little") + b"\n"
    last = ((1 << 3) | 1 << 1 | 1).to_bytes(3, "little") + b"\n"
    return b"\x28\xb5\x2f\xfd\x00\x58" + raw + run * rows + last


def gzip_bomb(megabytes: int) -> bytes:
    part = gzip.compress(ROW * (1_000_000 // len(ROW)))
    return gzip.compress(HEADER) + part * megabytes


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv.gz", gzip_bomb(1000)), ("a.csv.zst", zstd_bomb(10_000))],
    ids=["gzip", "zstd"],
)
def test_an_archive_that_expands_too_far_is_refused_before_it_is_expanded(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    bench.write(name, content)
    bench.write("b.csv", days({}))
    monkeypatch.setattr("sales_loader.csv_files.csv_reader.run_query", _only_of("b.csv"))
    started = time.process_time()
    result = bench.load()
    assert time.process_time() - started < 20
    assert result.exit_code == 1
    assert (
        f"{name}: refused: it expands to more than 100 times its {len(content):,} bytes, which"
        in result.stderr
    )
    assert "If this one is right, set ARCHIVE_MAX_RATIO in the environment to more" in result.stderr
    assert bench.rows("select file_name from raw.load_files") == [("b.csv",)]


def _only_of(name: str) -> Callable[..., object]:
    def run_if_of(connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> object:
        assert name in query
        return run_query(connection, query, parameters)

    return run_if_of


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.zst"])
def test_the_limits_of_archives_can_be_set(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    content = options(*({"ORDER_ID": f"o{number}"} for number in range(5000)))
    bench.write(name, gzip.compress(content) if name.endswith("gz") else zstd(content, tmp_path))
    monkeypatch.setenv("ARCHIVE_MAX_GB", "0.0001")
    result = bench.load()
    assert result.exit_code == 1
    assert "it expands to more than 0.0001 GB, which no sales file should. If this one" in result.stderr
    monkeypatch.setenv("ARCHIVE_MAX_GB", "0.001")
    assert bench.load().exit_code == 0


@pytest.mark.parametrize(
    ("text_bytes", "stored_bytes", "is_refused"),
    [
        (256_000_000, 1, False),  # harmless whatever it came from
        (256_000_001, 1, True),
        (1_000_000_000, 10_000_000, False),
        (1_000_000_001, 10_000_000, True),
        (20_000_000_000, 1_000_000_000, False),
        (20_000_000_001, 1_000_000_000, True),
    ],
)
def test_edges_of_the_limits(text_bytes: int, stored_bytes: int, is_refused: bool) -> None:
    with pytest.raises(RefusedFileError) if is_refused else nullcontext():
        USUAL_LIMITS.check(text_bytes, stored_bytes)


@pytest.mark.parametrize("value", ["0", "-1", "much", "nan"])
def test_a_limit_that_is_no_number_is_wrong_usage(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    bench.write("a.csv", items({}))
    monkeypatch.setenv("ARCHIVE_MAX_RATIO", value)
    result = bench.load()
    assert result.exit_code == 2
    assert f"ARCHIVE_MAX_RATIO is '{value}'; expected a number above zero, such as 100." in result.stderr


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5, 100])
def test_a_zstd_file_cut_short_is_refused(bench: Bench, tmp_path: Path, cut: int) -> None:
    packed = zstd(options(*({"ORDER_ID": f"o{number}"} for number in range(2000))), tmp_path)
    bench.write("a.csv.zst", packed[:-cut])
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv.zst: refused: the zstd data are cut short or corrupt." in result.output
    assert not bench.database.exists()


@pytest.mark.parametrize("surplus", [0, 40, 600])
def test_a_nul_byte_inside_of_zstd_data_is_found(bench: Bench, tmp_path: Path, surplus: int) -> None:
    row = b"o1,l1,g,n,1,1" + b"," * surplus + b"\0\n"
    bench.write("a.csv.zst", zstd(HEADER + ROW + row, tmp_path))
    what = "row 2 holds a NUL byte" if surplus < 600 else "has over 512 cells more than the header"
    assert re.search(f"a.csv.zst: refused: .*{what}", bench.load().output)


def test_a_line_of_200_mb_is_refused_without_holding_it(bench: Bench) -> None:
    path = bench.write("a.csv", HEADER)
    with path.open("r+b") as file:
        file.seek(200_000_000)
        file.write(b"\n")
    script = (
        "import pathlib, sys; from click.testing import CliRunner; from sales_pipeline.cli import main;"
        "print(CliRunner().invoke(main, sys.argv[1:]).output);"
        # getrusage would tell the peak of the test runner, which a child process inherits.
        "status = pathlib.Path('/proc/self/status').read_text();"
        "print(int(status.partition('VmHWM:')[2].split()[0]) // 1024)"
    )
    command = [sys.executable, "-c", script, "load", str(path), "--database", str(bench.database)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "line 2 is longer than 2,000,000 bytes" in output
    assert int(output.split()[-1]) < 300


def test_a_row_with_hundreds_of_cells_is_one_rejected_row(bench: Bench) -> None:
    bench.write("a.csv", HEADER + ROW + b"1," * 500 + b"\n" + ROW)
    assert bench.load().exit_code == 3
    assert bench.rejected() == [(2, "wrong_field_count")]
    assert bench.rows("select raw_line from raw.rejected_rows") == [("1," * 500,)]


@pytest.mark.parametrize("cells", [600, 500_000])
def test_a_row_wider_than_can_be_read_is_named(bench: Bench, cells: int) -> None:
    bench.write("a.csv", HEADER + ROW + b"1," * cells + b"\n" + ROW)
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: refused: line 3 has over 512 cells more than the header." in result.output


def test_a_file_that_may_not_be_read_fails_and_the_others_land(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("a.csv", items({}))
    bench.write("b.csv", days({}))
    look = inspection.inspect

    def refuse(file: SourceFile, limits: ArchiveLimits) -> inspection.Inspection:
        if file.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return look(file, limits)

    monkeypatch.setattr("sales_loader.load_service.inspect", refuse)
    result = bench.load()
    assert result.exit_code == 1
    assert "a.csv: failed: the file cannot be read: Permission denied." in result.output
    assert bench.rows("select file_name from raw.load_files") == [("b.csv",)]
