"""What COPY loads from S3, and how it fails."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.redshift_stand_in.copy_command import CopyCommand, parse_copy
from tests.redshift_stand_in.copy_data import CopyData, CopyFailed, LoadError, TargetColumn, read_copy
from tests.redshift_stand_in.s3 import S3Server

BUCKET = "landing"
TEXT, NUMBER = "character varying(64)", "integer"
LOAD_FAILED = "Load into table 'items' failed. Check 'sys_load_error_detail' system table for details."
FIVE_ROWS = "a,1\nb,x\nc,3\nd,y\ne,5\n"

Row = tuple[str | None, ...]


class Loads:
    """Puts objects and copies them into columns c0, c1 and so on."""

    def __init__(self, server: S3Server) -> None:
        self.server = server
        self.s3 = server.client(max_attempts=1)
        self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, content: str | bytes) -> None:
        """Put an object."""
        body = content.encode() if isinstance(content, str) else content
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def put_manifest(self, *entries: dict[str, Any]) -> None:
        """Put a manifest under the key of that name."""
        self.put("manifest", json.dumps({"entries": list(entries)}))

    def copy(self, options: str, *types: str, source: str = "part") -> CopyData:
        """Copy what is there."""
        columns = [TargetColumn(f"c{number}", kind) for number, kind in enumerate(types)]
        return read_copy(command(options, source), columns, self.s3)

    def rows(self, content: str | bytes, *types: str, options: str = "csv") -> list[Row]:
        """Put an object and copy it."""
        self.put("part", content)
        return rows(self.copy(options, *types))

    def bad_row(self, content: str | bytes, *types: str, options: str = "csv") -> LoadError:
        """Put an object of which a row fails the load."""
        self.put("part", content)
        with pytest.raises(CopyFailed) as failed:
            self.copy(options, *types)
        assert failed.value.message == LOAD_FAILED
        [error] = failed.value.errors
        return error

    def failure(self, options: str, *types: str, source: str = "manifest") -> str:
        """Copy what cannot be had, no row of it being to blame."""
        with pytest.raises(CopyFailed) as failed:
            self.copy(options, *types, source=source)
        assert failed.value.errors == ()
        return failed.value.message


def command(options: str, source: str = "part") -> CopyCommand:
    return parse_copy(f"copy raw.items from 's3://{BUCKET}/{source}' iam_role default {options}")


def entry(key: str, **more: Any) -> dict[str, Any]:
    return {"url": f"s3://{BUCKET}/{key}", **more}


def rows(data: CopyData) -> list[Row]:
    """PostgreSQL's text format read back by its own rules."""
    payload = b"".join(data.payload).decode()
    found = [tuple(_value(field) for field in line.split("\t")) for line in payload.split("\n")[:-1]]
    assert data.rows == len(found)
    return found


def _value(field: str) -> str | None:
    if field == "\\N":
        return None
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1]), field)


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture
def loads(server: S3Server) -> Loads:
    server.reset()
    return Loads(server)


def test_rows_arrive_as_they_were_written(loads: Loads) -> None:
    content = 'a,"1",2025-06-01,"x\n\t\\y"\r\n"b ""c""",,,\\N\n,-2,,""\n'
    assert loads.rows(content, TEXT, NUMBER, "date", TEXT) == [
        ("a", "1", "2025-06-01", "x\n\t\\y"),
        ('b "c"', None, None, None),
        ("", "-2", None, ""),
    ]


@pytest.mark.parametrize("options", ["csv", "csv gzip", ""])
def test_no_rows_are_no_error(loads: Loads, options: str) -> None:
    empty = gzip.compress(b"") if "gzip" in options else b""
    assert loads.rows(empty, TEXT, options=options) == []


def test_a_delimiter_may_close_a_record_of_delimited_text_but_not_of_csv(loads: Loads) -> None:
    assert loads.rows("a|b|\n", TEXT, TEXT, options="") == [("a", "b")]
    assert loads.bad_row("a|b|c\n", TEXT, TEXT, options="").error_message == "Extra column(s) found"
    assert loads.bad_row("a,b,\n", TEXT, TEXT).error_message == "Extra column(s) found"


def test_fields_are_missing_or_too_many(loads: Loads) -> None:
    few = loads.bad_row("a,1\nb\n", TEXT, NUMBER)
    assert (few.error_code, few.error_message) == (1214, "Delimiter not found")
    assert (few.line_number, few.column_name, few.raw_field_value) == (2, "c0", "b")
    many = loads.bad_row("a,1\nb,2,3,4\n", TEXT, NUMBER)
    assert (many.error_code, many.error_message) == (1202, "Extra column(s) found")
    assert (many.line_number, many.column_name, many.raw_field_value) == (2, "", "3,4")


def test_fillrecord_fills_what_is_missing_at_the_end(loads: Loads) -> None:
    types = (TEXT, TEXT, NUMBER)
    assert loads.rows("a\n", *types, options="csv fillrecord") == [("a", "", None)]
    assert loads.rows("a\n", *types, options="csv fillrecord emptyasnull") == [("a", None, None)]
    error = loads.bad_row("a,b,1,c\n", *types, options="csv fillrecord")
    assert error.error_message == "Extra column(s) found"


@pytest.mark.parametrize("bad", [b"\xa4", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"])
def test_invalid_utf_8_is_an_error_of_its_column(loads: Loads, bad: bytes) -> None:
    for content in (b"a,x" + bad + b"y\n", b'"a","x' + bad + b'y"\n'):
        error = loads.bad_row(content, TEXT, TEXT)
        assert (error.error_code, error.column_name) == (1220, "c1")
        assert error.error_message.endswith(f"Bad UTF8 hex sequence: {bad.hex(' ')}")
        assert error.raw_field_value == f"x{'.' * len(bad)}y"


def test_invalid_utf_8_costs_its_row_only(loads: Loads) -> None:
    assert loads.rows(b"a\n\xff\n\xc3\xa9\n", TEXT, options="csv maxerror 2") == [("a",), ("é",)]


def test_acceptinvchars_replaces_each_byte_in_varchar(loads: Loads) -> None:
    content = b"x\xf0\x90y\xc3\xa9,1\n"
    assert loads.rows(content, TEXT, NUMBER, options="csv acceptinvchars") == [("x??yé", "1")]
    assert loads.rows(content, TEXT, NUMBER, options="csv acceptinvchars '^'") == [("x^^yé", "1")]
    for kind in (NUMBER, "character(9)"):
        assert loads.bad_row(b"a,\xf0\n", TEXT, kind, options="csv acceptinvchars").column_name == "c1"


def test_the_length_is_that_of_the_column(loads: Loads) -> None:
    error = loads.bad_row("é\néé\n", "character varying(3)")
    assert (error.line_number, error.error_message) == (2, "String length exceeds DDL length")
    assert (error.column_name, error.column_type, error.column_length) == ("c0", "varchar", "3")
    assert error.raw_field_value == ".."


def test_rows_in_error_are_passed_over_while_they_are_fewer_than_maxerror(loads: Loads) -> None:
    loads.put("part", FIVE_ROWS)
    data = loads.copy("csv maxerror 3", TEXT, NUMBER)
    assert rows(data) == [("a", "1"), ("c", "3"), ("e", "5")]
    assert [(error.line_number, error.raw_field_value) for error in data.errors] == [(2, "x"), (4, "y")]


def test_as_many_errors_as_maxerror_fail_the_load(loads: Loads) -> None:
    loads.put("part", FIVE_ROWS)
    with pytest.raises(CopyFailed) as failed:
        loads.copy("csv maxerror 2", TEXT, NUMBER)
    assert failed.value.message == LOAD_FAILED
    assert [error.line_number for error in failed.value.errors] == [2, 4]


@pytest.mark.parametrize("options", ["csv", "csv maxerror 0", "csv maxerror 1"])
def test_the_first_error_fails_without_maxerror(loads: Loads, options: str) -> None:
    assert loads.bad_row(FIVE_ROWS, TEXT, NUMBER, options=options) == LoadError(
        file_name=f"s3://{BUCKET}/part",
        line_number=2,
        column_name="c1",
        column_type="int4",
        column_length="",
        position=-1,
        error_code=1207,
        error_message="Invalid digit, Value 'x', Pos 0, Type: Integer",
        raw_field_value="x",
    )


def test_a_row_with_two_errors_counts_once(loads: Loads) -> None:
    loads.put("part", "x,y\n1,2\n")
    data = loads.copy("csv maxerror 2", NUMBER, NUMBER)
    assert (rows(data), len(data.errors)) == ([("1", "2")], 1)


def test_errors_are_counted_over_all_files_and_lines_in_each(loads: Loads) -> None:
    loads.put("part1", "name\nx\n1\n")
    loads.put("part2", "name\n2\ny\n")
    data = loads.copy("csv ignoreheader 1 maxerror 3", NUMBER)
    assert rows(data) == [("1",), ("2",)]
    assert [(error.file_name[-5:], error.line_number) for error in data.errors] == [
        ("part1", 2),
        ("part2", 3),
    ]
    with pytest.raises(CopyFailed):
        loads.copy("csv ignoreheader 1 maxerror 2", NUMBER)


def test_noload_checks_and_loads_nothing(loads: Loads) -> None:
    assert loads.rows("a\nb\n", TEXT, options="csv noload") == []
    assert loads.bad_row("x\n", NUMBER, options="csv noload").error_code == 1207


def test_a_long_raw_value_is_cut(loads: Loads) -> None:
    assert len(loads.bad_row("x" * 5000 + "\n", TEXT).raw_field_value) == 1024


def test_a_prefix_takes_everything_that_shares_it(loads: Loads) -> None:
    for key in ("part", "part.bak", "parts/1", "other"):
        loads.put(key, f"{key}\n")
    data = loads.copy("csv", TEXT)
    assert rows(data) == [("part",), ("part.bak",), ("parts/1",)]
    assert data.files == tuple(f"s3://{BUCKET}/{key}" for key in ("part", "part.bak", "parts/1"))


def test_a_prefix_of_nothing_fails(loads: Loads) -> None:
    assert loads.failure("csv", TEXT, source="none") == "The specified S3 prefix 'none' does not exist"


def test_a_manifest_loads_its_files_in_order_and_as_often_as_listed(loads: Loads) -> None:
    loads.put("a", "1\n")
    loads.put("ab", "2\n")
    loads.put_manifest(entry("ab"), entry("a", mandatory=True), entry("a"))
    assert rows(loads.copy("csv manifest", NUMBER, source="manifest")) == [("2",), ("1",), ("1",)]


def test_without_the_word_manifest_it_is_a_data_file(loads: Loads) -> None:
    loads.put_manifest(entry("a"))
    [[first]] = rows(loads.copy("delimiter '~'", "text", source="manifest"))
    assert first == json.dumps({"entries": [entry("a")]})


def test_a_missing_file_is_passed_over_in_silence_unless_mandatory(loads: Loads) -> None:
    loads.put("a", "1\n")
    for missing in (entry("lost"), entry("lost", mandatory=False)):
        loads.put_manifest(missing, entry("a"))
        data = loads.copy("csv manifest", NUMBER, source="manifest")
        assert (rows(data), data.files) == ([("1",)], (f"s3://{BUCKET}/a",))
    loads.put_manifest(entry("a"), entry("lost", mandatory=True))
    message = loads.failure("csv manifest", NUMBER)
    assert "Mandatory url is not present in manifest file" in message
    assert f"s3://{BUCKET}/lost" in message


@pytest.mark.parametrize("keys", [[], ["lost"], ["lost", "lost too"]])
def test_a_manifest_of_which_no_file_is_there_fails(loads: Loads, keys: list[str]) -> None:
    loads.put_manifest(*[entry(key) for key in keys])
    assert "No file of the manifest file" in loads.failure("csv manifest", NUMBER)


def test_the_length_of_a_file_is_compared_when_told(loads: Loads) -> None:
    loads.put("a", "12\n")
    loads.put_manifest(entry("a", meta={"content_length": 3}))
    assert rows(loads.copy("csv manifest", NUMBER, source="manifest")) == [("12",)]
    loads.put_manifest(entry("a", meta={"content_length": 4}))
    assert "has 3 bytes, not 4" in loads.failure("csv manifest", NUMBER)


@pytest.mark.parametrize(
    "manifest",
    [
        "not json", "[]", "{}", '{"entries": {}}', '{"entries": ["s3://landing/a"]}', '{"entries": [{}]}',
        '{"entries": [{"url": "s3://landing/a", "mandatory": "true"}]}',
        '{"entries": [{"url": "/landing/a"}]}',
        '{"entries": [{"url": "s3://landing/a", "meta": {"content_length": "2"}}]}',
        '{"entries": [{"url": "s3://landing/a", "meta": 2.5}]}', b"\xff",
    ],
)  # fmt: skip
def test_a_malformed_manifest_fails(loads: Loads, manifest: str | bytes) -> None:
    loads.put("a", "1\n")
    loads.put("manifest", manifest)
    assert "manifest file" in loads.failure("csv manifest", NUMBER)


def test_a_missing_manifest_fails(loads: Loads) -> None:
    message = loads.failure("csv manifest", NUMBER)
    assert message.startswith("Problem reading manifest file - S3ServiceException:")
    assert "Status 404,Error NoSuchKey" in message


def test_gzip_is_decompressed_member_by_member(loads: Loads) -> None:
    body = gzip.compress(b"1\n2") + gzip.compress(b"3\n4\n")
    assert loads.rows(body, NUMBER, options="csv gzip") == [("1",), ("23",), ("4",)]


def test_gzip_that_is_cut_short_broken_or_none_fails(loads: Loads) -> None:
    body = gzip.compress(b"".join(b"%d\n" % number for number in range(5000)))
    broken = bytearray(body)
    broken[len(body) // 2] ^= 0xFF
    for content in (body[:-4], body[: len(body) // 2], bytes(broken), b"1\n2\n", b"", body + b"rest"):
        loads.put("part", content)
        message = loads.failure("csv gzip maxerror 100000", NUMBER, source="part")
        assert f"s3://{BUCKET}/part cannot be decompressed" in message


def test_a_compressed_file_without_gzip_is_no_text(loads: Loads) -> None:
    assert loads.bad_row(gzip.compress(b"1\n"), NUMBER).line_number == 1


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (400, "ExpiredToken"), (503, "SlowDown")]
)
def test_an_error_of_s3_is_told_as_redshift_tells_it(loads: Loads, status: int, code: str) -> None:
    loads.put("part", "1\n")
    loads.put_manifest(entry("part", mandatory=True))
    fault = loads.server.faults.answer(status, method="GET", key_contains="part", code=code)
    message = loads.failure("csv manifest", NUMBER)
    assert message.startswith("S3ServiceException:")
    assert f"Status {status},Error {code},Rid" in message
    assert f"s3://{BUCKET}/part" in message
    assert fault.met == 1


def test_a_head_that_is_denied_is_not_a_missing_file(loads: Loads) -> None:
    loads.put("a", "1\n")
    loads.put("b", "2\n")
    loads.put_manifest(entry("a"), entry("b"))
    loads.server.faults.answer(403, method="HEAD", key_contains="/b", code="AccessDenied")
    assert "Status 403" in loads.failure("csv manifest", NUMBER)


def test_a_listing_that_is_denied_fails(loads: Loads) -> None:
    loads.put("part", "1\n")
    loads.server.faults.answer(403, method="GET", code="AccessDenied")
    assert "Access Denied,Status 403" in loads.failure("csv", NUMBER, source="part")


def test_a_server_that_is_gone_fails() -> None:
    with S3Server() as gone:
        client = gone.client(max_attempts=1)
    with pytest.raises(CopyFailed, match="S3CurlException: Could not connect"):
        read_copy(command("csv"), [TargetColumn("a", TEXT)], client)


def test_a_file_lost_after_it_was_put_is_missed(loads: Loads) -> None:
    loads.put("part1", "1\n")
    loads.put("part2", "2\n")
    loads.server.faults.lose("part2")
    loads.put_manifest(entry("part1", mandatory=True), entry("part2"))
    assert rows(loads.copy("csv manifest", NUMBER, source="manifest")) == [("1",)]
    assert rows(loads.copy("csv", NUMBER)) == [("1",)]


def test_a_file_cut_short_loads_less_and_only_its_length_tells(loads: Loads) -> None:
    loads.put("a", "1\n2\n3\n")
    loads.server.faults.cut("/a", 4)
    loads.put_manifest(entry("a", mandatory=True))
    assert rows(loads.copy("csv manifest", NUMBER, source="manifest")) == [("1",), ("2",)]
    loads.put_manifest(entry("a", mandatory=True, meta={"content_length": 6}))
    assert "has 4 bytes, not 6" in loads.failure("csv manifest", NUMBER)


def test_a_big_load_comes_in_chunks(loads: Loads) -> None:
    lines = b"".join(b"%d,%s\n" % (number, b"x" * 100) for number in range(100_000))
    loads.put("part", gzip.compress(lines, 1))
    data = loads.copy("csv gzip", NUMBER, "character varying(100)")
    sizes = [len(chunk) for chunk in data.payload]
    assert (data.rows, sum(sizes)) == (100_000, len(lines))
    assert max(sizes) < 1_000_000
