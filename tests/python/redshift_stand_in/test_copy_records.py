"""How COPY splits a file into records and fields."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redshift_stand_in.copy_command import parse_copy
from tests.redshift_stand_in.copy_records import LARGEST_RECORD, BadRecord, Record, read_records

ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


def split(content: str | bytes, options: str = "csv") -> list[Record | BadRecord]:
    command = parse_copy(f"copy t from 's3://b/k' iam_role default {options}")
    body = content.encode() if isinstance(content, str) else content
    return list(read_records(io.BytesIO(body), command))


def fields(content: str | bytes, options: str = "csv") -> list[list[str]]:
    records = split(content, options)
    assert all(isinstance(record, Record) and record.whole for record in records)
    return [record.fields for record in records if isinstance(record, Record)]


def lines(records: list[Record | BadRecord]) -> list[tuple[int, list[str] | int]]:
    """Line and fields of good records, line and error code of bad ones."""
    return [
        (record.line_number, record.fields if isinstance(record, Record) else record.error_code)
        for record in records
    ]


def only_bad(content: str | bytes, options: str = "csv") -> BadRecord:
    [bad] = [record for record in split(content, options) if isinstance(record, BadRecord)]
    return bad


def test_csv_has_commas_and_doubled_quotes() -> None:
    assert fields('a,"b, ""c""",\n"d",e,""\n"""",,f\n') == [
        ["a", 'b, "c"', ""],
        ["d", "e", ""],
        ['"', "", "f"],
    ]


def test_lines_end_in_lf_or_crlf_and_the_last_one_perhaps_in_nothing() -> None:
    assert fields('a,1\r\n"b",2\r\nc,3\n"d",4') == [["a", "1"], ["b", "2"], ["c", "3"], ["d", "4"]]


def test_quotes_protect_line_ends_of_every_kind() -> None:
    assert fields('"a\nb","c\r\nd\re"\n1,2\n') == [["a\nb", "c\r\nd\re"], ["1", "2"]]
    assert fields('x,"a\n\n\n"\r\n') == [["x", "a\n\n\n"]]


def test_a_backslash_escapes_nothing() -> None:
    assert fields('a\\,"b\\"\n\\"\n'[:-3]) == [["a\\", "b\\"]]


def test_white_space_around_quotes_is_ignored_and_elsewhere_kept() -> None:
    assert fields(' "a" ,\t"b,c"\n d , e\n') == [["a", "b,c"], [" d ", " e"]]


def test_quote_and_delimiter_may_be_others() -> None:
    assert fields('%a\t%%"%\t "b"\n\t%c%\n', r"csv quote '%' delimiter '\t'") == [
        ['a\t%"', ' "b"'],
        ["", "c"],
    ]


def test_delimited_text_has_bars_and_no_quotes() -> None:
    assert fields('a|"b|,c"\n', "") == [["a", '"b', ',c"']]


def test_header_lines_are_skipped_and_counted() -> None:
    assert lines(split("name,n\nx\na,1\n", "csv ignoreheader 2")) == [(3, ["a", "1"])]
    assert split("name,n\n", "csv ignoreheader 2") == []


def test_a_byte_order_mark_is_part_of_the_first_value() -> None:
    assert fields("\ufeffa\n") == [["\ufeffa"]]


def test_blank_lines_are_records_unless_ignored() -> None:
    assert lines(split("a\n\n\r\nb\n")) == [(1, ["a"]), (2, [""]), (3, [""]), (4, ["b"])]
    assert lines(split("a\n\n\r\nb\n", "csv ignoreblanklines")) == [(1, ["a"]), (4, ["b"])]


def test_nothing_in_nothing_out() -> None:
    assert split("") == []
    assert split("", "") == []


def test_a_record_is_numbered_by_the_line_it_begins_on() -> None:
    assert lines(split('"a\nb",1\nc,2\n"d\n\ne",3\nf,4\n')) == [
        (1, ["a\nb", "1"]), (3, ["c", "2"]), (4, ["d\n\ne", "3"]), (7, ["f", "4"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "field"), [('a"b,1', 0), ('"a"b,1', 0), ('x,"a""b" c', 1), ('5" pipe,1', 0), ('x,a"', 1)]
)
def test_a_stray_quote_costs_its_line_only(line: str, field: int) -> None:
    content = f"ok,1\n{line}\nok,2\n"
    assert lines(split(content)) == [(1, ["ok", "1"]), (2, 1214), (3, ["ok", "2"])]
    bad = only_bad(content)
    assert (bad.field, bad.error_message) == (field, "Invalid quote formatting for CSV")


@pytest.mark.parametrize("opening", ['b,"2', 'b,"2""', ' "2'])
def test_an_unclosed_quote_takes_the_rest_of_the_file(opening: str) -> None:
    assert lines(split(f"a,1\n{opening}\nc,3\nd,4\n")) == [(1, ["a", "1"]), (2, 1214)]


@pytest.mark.parametrize("options", ["csv", "csv delimiter '|'", "delimiter ','"])
@pytest.mark.parametrize(
    ("line", "unexpected"), [("a,\0b", "0x62"), ('"a\0",b', "0x22"), ("a,b\0", "0xa"), ("\0\0", "0x0")]
)
def test_a_nul_is_an_error(line: str, unexpected: str, options: str) -> None:
    content = f"{line}\nok\n"
    assert lines(split(content, options)) == [(1, 1216), (2, ["ok"])]
    assert f"Unexpected character {unexpected} found at location" in only_bad(content, options).error_message


def test_a_carriage_return_alone_ends_no_line() -> None:
    assert lines(split("a\rb,c\nd\n")) == [(1, 1216), (2, ["d"])]
    assert lines(split('a\rb,"c"\nd\n')) == [(1, 1214), (2, ["d"])]
    assert (
        only_bad("a\rb\n").error_message == "Missing newline: Unexpected character 0x62 found at location 2"
    )


def test_bytes_that_are_not_utf_8_mark_their_record() -> None:
    first, second = split(b'a\xff,"b\xc3"\nc\xc3\xa9\n')
    assert first == Record(1, ["a\udcff", "b\udcc3"], False)
    assert second == Record(2, ["cé"], True)


@pytest.mark.parametrize("unit", [b"x", b"x" * 63 + b"\n", b'""' * 31 + b"\n"])
def test_a_record_of_four_megabytes_fits_and_one_byte_more_does_not(unit: bytes) -> None:
    def record(size: int) -> bytes:
        inside = size - len(b'""\n')
        return b'"' + (unit * (inside // len(unit))).ljust(inside, b"z") + b'"\n'

    assert isinstance(split(record(LARGEST_RECORD))[0], Record)
    bad = split(record(LARGEST_RECORD + 1))[0]
    assert isinstance(bad, BadRecord)
    assert (bad.line_number, bad.error_message) == (1, f"Input row is larger than {LARGEST_RECORD} bytes")


@pytest.mark.parametrize("first", ["x", '"x"'])
def test_a_line_that_is_too_long_is_skipped_to_its_end(first: str) -> None:
    assert lines(split("a\n" + first + "x" * 9_000_000 + "\nb\n")) == [(1, ["a"]), (2, 1216), (3, ["b"])]


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_writes_arrives(written: list[tuple[str, str, str]], line_end: str) -> None:
    # With LF alone as its line end, Python's writer leaves a carriage return without quotes unless told.
    file = io.StringIO(newline="")
    if line_end == "\n":
        csv.writer(file, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(written)
    else:
        csv.writer(file, lineterminator=line_end).writerows(written)
    assert fields(file.getvalue()) == [list(row) for row in written]
