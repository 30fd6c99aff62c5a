"""What of COPY the stand-in understands, and what it refuses."""

import random

import pytest

from tests.redshift_stand_in.copy_command import CopyCommand, CopyRefused, is_copy, parse_copy

START = "copy raw.order_items from 's3://bucket/key' "
ROLE = "iam_role 'arn:aws:iam::123456789012:role/copy' "


def refusal(sql: str) -> str:
    with pytest.raises(CopyRefused) as refused:
        parse_copy(sql)
    return str(refused.value)


def test_a_copy_is_told_by_its_first_word_after_comments() -> None:
    assert is_copy("copy t from 's3://b/k'")
    assert is_copy('/* {"app": "dbt",\n "node": "x"} */ -- why\n  Copy t')
    assert not is_copy("-- copy\nselect 1")
    assert not is_copy("copyright")
    assert not is_copy('"copy" t')
    assert not is_copy("")


def test_without_options_the_defaults_are_those_of_redshift() -> None:
    assert parse_copy(START + ROLE) == CopyCommand(
        schema="raw",
        table="order_items",
        columns=(),
        source="s3://bucket/key",
        iam_role="arn:aws:iam::123456789012:role/copy",
        delimiter="|",
        null_as="\\N",
    )


def test_names_are_folded_to_lower_case_quoted_or_not() -> None:
    command = parse_copy('COPY "Raw".Items (A, "B c", d) FROM \'s3://bucket/key\' IAM_ROLE DEFAULT;')
    assert (command.schema, command.table, command.columns) == ("raw", "items", ("a", "b c", "d"))
    assert command.iam_role == "default"
    assert parse_copy("copy items from 's3://bucket/key' iam_role default").schema is None


@pytest.mark.parametrize(
    ("option", "name", "value"),
    [
        ("manifest", "manifest", True),
        ("gzip", "gzip", True),
        ("null as ''", "null_as", ""),
        ("null 'none'", "null_as", "none"),
        (r"null as '\N'", "null_as", "\\N"),
        (r"null as '\\N'", "null_as", "\\N"),
        ("null as 'it''s'", "null_as", "it's"),
        ("emptyasnull", "empty_as_null", True),
        ("blanksasnull", "blanks_as_null", True),
        ("ignoreblanklines", "ignore_blank_lines", True),
        ("ignoreheader 1", "ignore_header", 1),
        ("ignoreheader as 2", "ignore_header", 2),
        ("maxerror 100000", "max_error", 100000),
        ("maxerror as 3", "max_error", 3),
        ("roundec", "round_decimals", True),
        ("dateformat 'auto'", "date_format", "auto"),
        ("dateformat as 'MM/DD/YYYY'", "date_format", "MM/DD/YYYY"),
        ("timeformat 'YYYY-MM-DD HH:MI:SS'", "time_format", "YYYY-MM-DD HH:MI:SS"),
        ("truncatecolumns", "truncate_columns", True),
        ("acceptinvchars", "invalid_characters_as", "?"),
        ("acceptinvchars as '^'", "invalid_characters_as", "^"),
        ("fillrecord", "fill_record", True),
        ("noload", "no_load", True),
        (r"delimiter '\t'", "delimiter", "\t"),
        (r"delimiter as '\073'", "delimiter", ";"),
        ("csv", "csv", True),
        ("csv", "delimiter", ","),
        ("format csv", "csv", True),
        ("format as csv quote as '%'", "quote", "%"),
    ],
)
def test_each_option_is_read_wherever_it_stands(option: str, name: str, value: object) -> None:
    for sql in (
        START + ROLE + option,
        START + option + "\n" + ROLE,
        START + ROLE + option + " encoding utf8",
    ):
        assert getattr(parse_copy(sql), name) == value


def test_the_order_of_options_means_nothing() -> None:
    options = [
        ROLE, "csv", "quote '%'", "gzip", "manifest", "null as 'x'", "maxerror 7", "ignoreheader 1",
        "roundec", "timeformat 'auto'", "dateformat 'auto'", "compupdate off", "statupdate off",
        "region 'eu-west-1'", "encoding as 'utf8'",
    ]  # fmt: skip
    expected = parse_copy(START + " ".join(options))
    chance = random.Random(7)
    for _ in range(50):
        chance.shuffle(options)
        assert parse_copy(START + " ".join(options)) == expected


@pytest.mark.parametrize(
    "option",
    [
        "compupdate",
        "compupdate preset",
        "compupdate true",
        "statupdate",
        "statupdate on",
        "region as 'us-east-1'",
    ],
)
def test_options_that_change_no_row_are_taken(option: str) -> None:
    assert parse_copy(START + ROLE + option) == parse_copy(START + ROLE)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("gzipp", 'syntax error at or near "gzipp"'),
        ("ignoreheader", "syntax error at end of input"),
        ("ignoreheader '1'", 'syntax error at or near "1"'),
        ("maxerror -1", 'syntax error at or near "-"'),
        ("maxerror 100001", "MAXERROR must be between 0 and 100000"),
        ("delimiter ''", "DELIMITER must be a single ASCII character"),
        ("delimiter '||'", "DELIMITER must be a single ASCII character"),
        ("csv quote 'é'", "QUOTE must be a single ASCII character"),
        ("quote '%'", "QUOTE can be used only with CSV"),
        ("csv delimiter '\"'", "must be different"),
        ("gzip gzip", "conflicting or redundant options: GZIP"),
        ("csv format csv", "conflicting or redundant options: CSV"),
        (ROLE, "conflicting or redundant options: IAM_ROLE"),
        ("csv escape", "CSV cannot be used with ESCAPE"),
        ("removequotes csv", "CSV cannot be used with REMOVEQUOTES"),
        ("csv fixedwidth 'a:1'", "CSV cannot be used with FIXEDWIDTH"),
        ("format as parquet region 'us-east-1'", "REGION argument is not supported for PARQUET based COPY"),
        ("maxerror 1 format orc", "MAXERROR argument is not supported for ORC based COPY"),
        ("format as parquet", "does not support COPY with PARQUET"),
        ("format text", 'syntax error at or near "text"'),
        ("acceptanydate", "does not support COPY with ACCEPTANYDATE"),
        ("zstd", "does not support COPY with ZSTD"),
        (r"null as '\n'", "must not contain a line break"),
        (r"null as '\0'", "does not support NULL AS"),
        ("timeformat 'epochsecs'", "does not support TIMEFORMAT 'epochsecs'"),
        ("encoding utf16", "does not support ENCODING utf16"),
        ("region 'here'", "The region 'here' is not valid"),
        ("; select 1", 'syntax error at or near ";"'),
        ("null as 'unclosed", "syntax error at or near"),
    ],
)
def test_what_is_wrong_is_refused_in_words(rest: str, message: str) -> None:
    assert message in refusal(START + ROLE + rest)


@pytest.mark.parametrize(
    "keys",
    [
        "credentials 'aws_iam_role=arn:aws:iam::123456789012:role/copy'",
        "with credentials as 'aws_access_key_id=a;aws_secret_access_key=b'",
        "access_key_id 'a' secret_access_key 'b'",
        "session_token 'c'",
    ],
)
def test_keys_are_refused(keys: str) -> None:
    assert "IAM_ROLE only" in refusal(START + keys)
    assert "IAM_ROLE only" in refusal(START + ROLE + keys)


def test_a_role_is_wanted_and_is_an_arn() -> None:
    assert "IAM_ROLE" in refusal(START + "csv")
    assert "Invalid IAM role 'copy'" in refusal(START + "iam_role 'copy'")
    assert "Invalid IAM role" in refusal(START + "iam_role 'default'")
    first, second = "arn:aws:iam::123456789012:role/a/b", "arn:aws-cn:iam::210987654321:role/c"
    assert parse_copy(START + f"iam_role '{first},{second}'").iam_role == f"{first},{second}"
    assert "Invalid IAM role" in refusal(START + f"iam_role '{first}, {second}'")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("copy t from 'bucket/key' " + ROLE, "'s3://bucket/key' only"),
        ("copy t from 's3://bucket' " + ROLE, "'s3://bucket/key' only"),
        ("copy t from stdin", 'syntax error at or near "stdin"'),
        ("copy t (a, b, a) from 's3://b/k' " + ROLE, 'column "a" specified more than once'),
        ("copy t (a, from 's3://b/k' " + ROLE, "syntax error"),
        ("copy t () from 's3://b/k' " + ROLE, "syntax error"),
        ("copy a.b.c from 's3://b/k' " + ROLE, 'syntax error at or near "."'),
        ("copy", "syntax error at end of input"),
        ("select 1", 'syntax error at or near "select"'),
    ],
)
def test_the_rest_of_the_statement_is_checked(sql: str, message: str) -> None:
    assert message in refusal(sql)
