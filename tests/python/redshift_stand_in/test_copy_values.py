"""What COPY makes of one field, by the type of its column."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redshift_stand_in.copy_command import parse_copy
from tests.redshift_stand_in.copy_errors import CopyFailed
from tests.redshift_stand_in.copy_values import NULL, BadValueError, column_type, converter

TIMESTAMP, WITH_ZONE = "timestamp without time zone", "timestamp with time zone"
WIDE = Context(prec=100)


def convert(kind: str, field: str, options: str = "") -> str:
    command = parse_copy(f"copy t from 's3://b/k' iam_role default csv {options}")
    return converter(column_type(kind), command)(field)


def refusal(kind: str, field: str, options: str = "") -> tuple[int, str]:
    with pytest.raises(BadValueError) as refused:
        convert(kind, field, options)
    return refused.value.error_code, refused.value.message


@pytest.mark.parametrize(
    "kind",
    [
        "smallint",
        "bigint",
        "numeric(8,2)",
        "real",
        "double precision",
        "boolean",
        "date",
        TIMESTAMP,
        WITH_ZONE,
    ],
)
def test_an_empty_or_blank_field_is_null_but_in_text(kind: str) -> None:
    for field in ("", "  ", "\t", "\\N"):
        assert convert(kind, field) == NULL


@pytest.mark.parametrize("kind", ["character varying(9)", "character(9)", "text"])
def test_in_text_empty_and_blank_are_values_unless_asked(kind: str) -> None:
    assert convert(kind, "") == ""
    assert convert(kind, "  ") == "  "
    assert convert(kind, "", "emptyasnull") == NULL
    assert convert(kind, "  ", "emptyasnull") == "  "
    assert convert(kind, "", "null as ''") == NULL
    assert convert(kind, "", "blanksasnull") == ""
    assert convert(kind, " \t", "blanksasnull") == NULL


def test_the_null_marker_is_backslash_n_until_another_takes_its_place() -> None:
    assert convert("text", "\\N") == NULL
    assert convert("text", "\\N", "null as 'none'") == "\\\\N"
    assert convert("text", "none", "null as 'none'") == NULL
    assert convert("date", "none", "null as 'none'") == NULL
    assert convert("text", "N") == "N"
    assert refusal("integer", "\\N", "null as 'none'")[0] == 1207


def test_text_is_escaped_for_postgresql() -> None:
    assert convert("text", "a\\\t\r\nb") == "a\\\\\\t\\r\\nb"


@pytest.mark.parametrize("kind", ["character varying(4)", "character(4)"])
def test_length_is_counted_in_bytes_trailing_blanks_too(kind: str) -> None:
    assert convert(kind, "abcd") == "abcd"
    assert refusal(kind, "abcde") == (1204, "String length exceeds DDL length")
    assert refusal(kind, "abcd ") == (1204, "String length exceeds DDL length")


def test_a_character_takes_up_to_four_bytes() -> None:
    assert convert("character varying(4)", "éé") == "éé"
    assert convert("character varying(4)", "🍔") == "🍔"
    assert refusal("character varying(3)", "éé")[0] == 1204
    assert refusal("character varying(3)", "🍔")[0] == 1204


def test_truncatecolumns_cuts_between_characters() -> None:
    assert convert("character varying(3)", "éé", "truncatecolumns") == "é"
    assert convert("character varying(5)", "a€€b", "truncatecolumns") == "a€"
    assert convert("character(2)", "abc", "truncatecolumns") == "ab"


@pytest.mark.parametrize("kind", ["text", "character varying"])
def test_text_without_a_length_holds_the_most_there_is(kind: str) -> None:
    assert convert(kind, "x" * 65_535) == "x" * 65_535
    assert refusal(kind, "x" * 65_536)[0] == 1204


def test_char_takes_single_bytes_only() -> None:
    code, message = refusal("character(4)", "aé")
    assert code == 1220
    assert message.endswith("Invalid char: c3 a9")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("smallint", "-32768", "-32768"),
        ("integer", "2147483647", "2147483647"),
        ("bigint", "-9223372036854775808", "-9223372036854775808"),
        ("integer", "+5", "+5"),
        ("integer", "007", "007"),
        ("numeric(18,4)", "12.5", "12.5000"),
        ("numeric(8,2)", "20.259", "20.25"),
        ("numeric(8,2)", "-20.259", "-20.25"),
        ("numeric(4,2)", "99.999", "99.99"),
        ("numeric(2,2)", ".5", "0.50"),
        ("numeric(9,8)", "0", "0.00000000"),
        ("numeric(38,0)", "9" * 38, "9" * 38),
        ("numeric(38,37)", "-9." + "9" * 60, "-9." + "9" * 37),
        ("numeric", "3.", "3"),
        ("double precision", "-1.5e-3", "-1.5e-3"),
        ("double precision", "1e308", "1e308"),
        ("real", ".25", ".25"),
        ("date", "2024-02-29", "2024-02-29"),
        (TIMESTAMP, "2025-06-01 16:00:00", "2025-06-01 16:00:00"),
        (TIMESTAMP, "2025-06-01 16:00:00.123", "2025-06-01 16:00:00.123000"),
        (WITH_ZONE, "2025-06-01 16:00:00-08", "2025-06-01 16:00:00-08:00"),
        *[("boolean", field, "t") for field in ("t", "true", "TRUE", "y", "yes", "1")],
        *[("boolean", field, "f") for field in ("f", "false", "False", "n", "no", "0")],
    ],
)
def test_a_value_that_fits(kind: str, field: str, value: str) -> None:
    assert convert(kind, field) == value


@pytest.mark.parametrize(
    ("kind", "field", "code", "message"),
    [
        ("smallint", "32768", 1222, "overflow"),
        ("integer", "-2147483649", 1222, "overflow"),
        ("bigint", "9223372036854775808", 1222, "overflow"),
        ("integer", "1.0", 1207, "Invalid digit, Value '.', Pos 1, Type: Integer"),
        ("integer", "abc", 1207, "Invalid digit, Value 'a', Pos 0, Type: Integer"),
        ("bigint", "12 ", 1207, "Invalid digit, Value ' ', Pos 2, Type: Long"),
        ("smallint", "-", 1207, "Invalid digit, Value '-', Pos 0, Type: Short"),
        ("integer", "1_000", 1207, "Invalid digit, Value '_', Pos 1"),
        ("integer", "٣", 1207, "Invalid digit"),
        ("integer", "9" * 5000, 1222, "overflow"),
        ("numeric(8,2)", "1,5", 1207, "Invalid digit, Value ',', Pos 1, Type: Decimal"),
        ("numeric(8,2)", "1e3", 1207, "Invalid digit, Value 'e', Pos 1, Type: Decimal"),
        ("numeric(8,2)", ".", 1207, "Invalid digit"),
        ("numeric(8,2)", "1.2.3", 1207, "Invalid digit, Value '.', Pos 3"),
        ("numeric(8,2)", "NaN", 1207, "Invalid digit, Value 'N', Pos 0"),
        ("numeric(8,2)", "1000000", 1204, "Overflow for NUMERIC(8,2)"),
        ("numeric(8,2)", "9" * 500, 1204, "Overflow for NUMERIC(8,2)"),
        ("numeric", "1" + "0" * 18, 1204, "Overflow for NUMERIC(18,0)"),
        ("double precision", "x", 1208, "Invalid value 'x'"),
        ("double precision", "inf", 1208, "Invalid value 'inf'"),
        ("double precision", "1e400", 1204, "Overflow"),
        ("real", "1e39", 1204, "Overflow"),
        ("boolean", "maybe", 1210, "Invalid boolean value 'maybe'"),
        ("boolean", "2", 1210, "Invalid boolean value '2'"),
        ("boolean", "t ", 1210, "Invalid boolean value"),
        ("date", "2025-6-1", 1205, "Invalid Date Format - length must be 10 or more"),
        ("date", "01/06/2025", 1205, "Invalid Date Format"),
        ("date", "2025-02-29", 1205, "Invalid Date Format"),
        ("date", "2025-06-01 16:00:00", 1205, "Invalid Date Format"),
        ("date", "٢٠٢٥-06-01", 1205, "Invalid Date Format"),
        (TIMESTAMP, "2025-06-01", 1206, "Invalid timestamp format or value [YYYY-MM-DD HH:MI:SS]"),
        (TIMESTAMP, "2025-06-01T16:00:00", 1206, "[YYYY-MM-DD HH:MI:SS]"),
        (TIMESTAMP, "2025-06-01 16:00:00Z", 1206, "[YYYY-MM-DD HH:MI:SS]"),
        (TIMESTAMP, "2025-06-01 25:00:00", 1206, "[YYYY-MM-DD HH:MI:SS]"),
        (TIMESTAMP, "2025-06-01 16:00:00.1234567", 1206, "Invalid timestamp"),
    ],
)
def test_a_value_that_does_not_fit(kind: str, field: str, code: int, message: str) -> None:
    told_code, told = refusal(kind, field)
    assert told_code == code
    assert message in told


def test_roundec_rounds_half_away_from_zero() -> None:
    fields = ["20.255", "-20.255", "20.254999", "0.005", "20.259"]
    found = [convert("numeric(8,2)", field, "roundec") for field in fields]
    assert found == ["20.26", "-20.26", "20.25", "0.01", "20.26"]


def test_rounding_up_to_one_digit_more_is_an_overflow() -> None:
    assert convert("numeric(4,2)", "99.994", "roundec") == "99.99"
    assert refusal("numeric(4,2)", "99.995", "roundec") == (1204, "Overflow for NUMERIC(4,2)")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_decimals_are_cut_or_rounded_exactly(number: Decimal) -> None:
    cut = number.quantize(Decimal("0.0001"), ROUND_DOWN, WIDE)
    rounded = number.quantize(Decimal("0.0001"), ROUND_HALF_UP, WIDE)
    assert Decimal(convert("numeric(20,4)", f"{number:f}")) == cut
    assert Decimal(convert("numeric(20,4)", f"{number:f}", "roundec")) == rounded


@pytest.mark.parametrize(
    ("date_format", "field"),
    [
        ("MM/DD/YYYY", "06/01/2025"),
        ("DD.MM.YY", "01.06.25"),
        ("MON DD, YYYY", "June 01, 2025"),
        ("dd-mon-yyyy", "01-jun-2025"),
        ("YYYYMMDD", "20250601"),
        ("YYYY-MM-DD HH24:MI", "2025-06-01 23:59"),
        ("auto", "2025-06-01"),
        ("auto", "2025-06-01T23:59:59.5Z"),
        ("auto", "20250601"),
        ("auto", "06/01/2025"),
    ],
)
def test_dates_by_format(date_format: str, field: str) -> None:
    assert convert("date", field, f"dateformat '{date_format}'") == "2025-06-01"


@pytest.mark.parametrize(
    ("time_format", "field", "value"),
    [
        ("MM.DD.YYYY HH:MI:SS", "06.01.2025 18:45:05.123456", "18:45:05.123456"),
        ("YYYY-MM-DD HH12:MI:SS AM", "2025-06-01 12:05:00 am", "00:05:00"),
        ("YYYY-MM-DD HH12:MI:SS PM", "2025-06-01 01:05:00 PM", "13:05:00"),
        ("YYYY-MM-DDTHH:MI:SS", "2025-06-01T18:45:05", "18:45:05"),
        ("auto", "2025-06-01T18:45:05", "18:45:05"),
        ("auto", "2025-06-01 18:45", "18:45:00"),
        ("auto", "2025-06-01", "00:00:00"),
        ("auto", "20250601 184505", "18:45:05"),
        ("auto", "06/01/2025 18:45:05.25", "18:45:05.250000"),
        ("auto", "2025-06-01T18:45:05+02:00", "18:45:05"),
    ],
)
def test_timestamps_by_format(time_format: str, field: str, value: str) -> None:
    assert convert(TIMESTAMP, field, f"timeformat '{time_format}'") == f"2025-06-01 {value}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("2025-06-01T18:45:05+02:00", "18:45:05+02:00"),
        ("2025-06-01T18:45:05Z", "18:45:05+00:00"),
        ("2025-06-01 18:45", "18:45:00+00:00"),
        ("2025-06-01 18:45:05 -0330", "18:45:05-03:30"),
    ],
)
def test_an_offset_counts_for_a_timestamp_with_a_zone(field: str, value: str) -> None:
    assert convert(WITH_ZONE, field, "timeformat 'auto'") == f"2025-06-01 {value}"


def test_a_year_of_two_digits_is_of_1970_to_2069() -> None:
    found = [convert("date", f"01.01.{year}", "dateformat 'DD.MM.YY'") for year in ("69", "70")]
    assert found == ["2069-01-01", "1970-01-01"]


@pytest.mark.parametrize(
    ("date_format", "field"),
    [
        ("auto", "yesterday"),
        ("auto", "2025-06-01T10:00:00+25:00"),
        ("MM/DD/YYYY", "6/1/2025"),
        ("MM/DD/YYYY", "13/01/2025"),
        ("MON DD, YYYY", "Juni 01, 2025"),
        ("YYYY-MM-DD HH12", "2025-06-01 13"),
        ("YYYY-MM-DD HH12", "2025-06-01 00"),
    ],
)
def test_dates_that_do_not_fit_their_format(date_format: str, field: str) -> None:
    assert refusal("date", field, f"dateformat '{date_format}'")[0] == 1205


@pytest.mark.parametrize(
    "text", ["YYYY-MM", "YYYY-MM-DD TZ", "YYYY-MM-DD-DD", "Auto", "YYYY-QQ-DD", "YYYY-MM-DD HH:MI:SSOF", ""]
)
def test_a_format_that_is_none_is_refused(text: str) -> None:
    for kind, option in (("date", "dateformat"), (TIMESTAMP, "timeformat")):
        with pytest.raises(CopyFailed, match="Invalid date or time format string"):
            convert(kind, "2025-06-01", f"{option} '{text}'")


@pytest.mark.parametrize(
    ("kind", "name", "length"),
    [
        ("character varying(64)", "varchar", "64"),
        ("character(3)", "char", "3"),
        ("character", "char", "1"),
        ("numeric(18,4)", "numeric", "18, 4"),
        ("numeric(18)", "numeric", "18, 0"),
        ("bigint", "int8", ""),
        ("timestamp(3) without time zone", "timestamp", ""),
        ("timestamp with time zone", "timestamptz", ""),
    ],
)
def test_types_have_the_names_of_the_system_tables(kind: str, name: str, length: str) -> None:
    found = column_type(kind)
    assert (found.name, found.length) == (name, length)


@pytest.mark.parametrize(
    "kind", ["jsonb", "time without time zone", "character varying(3)[]", "bytea", '"odd"']
)
def test_other_types_are_refused(kind: str) -> None:
    with pytest.raises(CopyFailed, match="does not load columns of type"):
        column_type(kind)
