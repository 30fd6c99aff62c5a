"""The stand-in computes what Redshift computes, where PostgreSQL would not."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from redshift_connector.core import Connection

from tests.redshift_stand_in import StandIn

from .sessions import error, rows, session, value

NUMBERS = "(select 1 as x union all select 2 union all select 4) as numbers"
WORDS = "(select 'b' as word, 2 as place union all select 'a', 1 union all select null, 0) as words"


@pytest.fixture(scope="module")
def connection(running_stand_in: StandIn) -> Iterator[Connection]:
    with session(running_stand_in) as connection:
        yield connection


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Dates: boundaries are counted, and a date becomes a timestamp.
        ("dateadd(month, 1, date '2024-01-31')", datetime(2024, 2, 29)),
        ("dateadd('day', -1, '2024-03-01')", datetime(2024, 2, 29)),
        ("dateadd(qtr, 2, timestamp '2024-01-01 05:00')", datetime(2024, 7, 1, 5)),
        ("datediff(day, timestamp '2024-01-01 23:59', timestamp '2024-01-02 00:01')", 1),
        ("datediff(month, date '2024-01-31', date '2024-02-01')", 1),
        ("datediff(year, date '2024-12-31', date '2023-01-01')", -1),
        ("datediff(hour, timestamp '2024-01-01 00:59', timestamp '2024-01-01 02:00')", 2),
        ("date_trunc('week', date '2024-05-01')", datetime(2024, 4, 29)),
        ("extract(dow from date '2024-05-05')", 0),
        ("date_part(year, date '2024-05-05')", 2024.0),
        (
            "convert_timezone('UTC', 'America/New_York', timestamp '2024-07-01 16:00')",
            datetime(2024, 7, 1, 12),
        ),
        ("convert_timezone('Europe/Madrid', timestamp '2024-01-01 00:00')", datetime(2024, 1, 1, 1)),
        ("last_day(date '2024-02-10')", date(2024, 2, 29)),
        ("add_months(date '2024-04-30', 1)", datetime(2024, 5, 31)),
        ("add_months(date '2024-01-31', 1)", datetime(2024, 2, 29)),
        ("months_between(date '2024-03-31', date '2024-02-29')", 1.0),
        ("date '2024-05-05' + 3", date(2024, 5, 8)),
        ("date '2024-05-05' - date '2024-05-01'", 4),
        ("trunc(timestamp '2024-05-05 13:00')", date(2024, 5, 5)),
        ("to_char(date '2024-05-05', 'YYYY-MM')", "2024-05"),
        # Texts.
        ("len('Café')", 4),
        ("octet_length('Café')", 5),
        ("concat('a', null)", None),
        ("'a' || null", None),
        ("charindex('b', 'abc')", 2),
        ("regexp_replace('a  b   c', ' +', ' ')", "a b c"),
        ("regexp_replace('aXbx', 'x', '', 1, 'i')", "ab"),
        (r"regexp_replace('a1b22', '\\d+', '#')", "a#b#"),
        ("regexp_substr('abc', 'z')", ""),
        ("regexp_substr('x12y3', '[0-9]+', 1, 2)", "3"),
        ("regexp_count('a1b22', '[0-9]')", 3),
        ("split_part('a-b-c', '-', 2)", "b"),
        ("nvl(null, 'x')", "x"),
        ("nvl2(null, 'given', 'missing')", "missing"),
        ("isnull(null, 5)", 5),
        ("decode(null, 1, 'one', null, 'none', 'other')", "none"),
        ("decode(3, 1, 'one', 'other')", "other"),
        ("strtol('ff', 16)", 255),
        ("md5('a')", "0cc175b9c0f1b6a831c399e269772661"),
        ("substring(sha2('a', 256), 1, 8)", "ca978112"),
        ("'Ab' ilike 'aB'", True),
        # Numbers.
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("round(2.5::double precision)", 3.0),
        ("round(-2.5::float)", -3.0),
        ("round(1.005, 2)", Decimal("1.01")),
        ("round(5)", 5),
        ("trunc(2.789, 2)", Decimal("2.78")),
        ("cast(2.6 as decimal)", Decimal("3")),
        ("convert(integer, '12')", 12),
        ("'a\\\\b'", "a\\b"),
    ],
)
def test_an_expression_has_its_value(connection: Connection, expression: str, expected: Any) -> None:
    assert value(connection, expression) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"select avg(x) from {NUMBERS}", 2),
        (f"select avg(x::decimal(10, 2)) from {NUMBERS}", Decimal(7) / 3),
        (f"select sum(x::bigint) from {NUMBERS}", 7),
        (f"select median(x) from {NUMBERS}", 2),
        (f"select approximate count(distinct x) from {NUMBERS}", 3),
        (f"select listagg(word, ',') within group (order by place) from {WORDS}", "a,b"),
        (f"select listagg(distinct word, ',') within group (order by word desc) from {WORDS}", "b,a"),
        (f"select listagg(word) from {WORDS} where false", None),
        (f"select max(word) from {WORDS} qualify row_number() over (order by 1) = 1", "b"),
        (f"select top 1 x from {NUMBERS} order by x desc", 4),
        (f"select x from {NUMBERS} order by nullif(x, 4) desc limit 1", 4),
    ],
)
def test_a_query_has_its_result(connection: Connection, query: str, expected: Any) -> None:
    result = rows(connection, query)[0][0]
    assert result == (pytest.approx(expected) if isinstance(expected, Decimal) else expected)


def test_the_sum_of_whole_numbers_is_a_bigint_and_may_overflow(connection: Connection) -> None:
    query = "select sum(x) from (select 9223372036854775807 as x union all select 1)"
    assert error(connection, query)["M"] == "bigint out of range"


def test_qualify_keeps_rows_and_not_its_condition(connection: Connection) -> None:
    query = f"select * from {NUMBERS} qualify row_number() over (order by x desc) < 3"
    assert sorted(rows(connection, query)) == [[2], [4]]


def test_the_clock_is_utc_and_without_a_zone(connection: Connection) -> None:
    now, started = rows(connection, "select getdate(), sysdate")[0]
    assert abs((now - started).total_seconds()) < 60
    assert now.tzinfo is None
    assert now.microsecond == 0


def test_a_boolean_is_not_a_text(connection: Connection) -> None:
    assert (
        error(connection, "select (1 = 1)::varchar")["M"] == "cannot cast type boolean to character varying"
    )


def test_where_a_week_begins_is_not_guessed(connection: Connection) -> None:
    message = error(connection, "select datediff(week, date '2024-05-01', date '2024-05-09')")["M"]
    assert message == "the stand-in does not know on which day datediff begins a week"


@pytest.mark.parametrize(
    ("expression", "oid"),
    [
        ("'a'", 1043),
        ("'a' || 'b'", 1043),
        ("cast('a' as varchar(3))", 1043),
        ("1", 23),
        ("cast(1 as bigint)", 20),
        ("cast(1 as decimal(18, 2))", 1700),
        ("cast(1 as double precision)", 701),
        ("date '2024-01-01'", 1082),
        ("getdate()", 1114),
        ("1 = 1", 16),
        ("relkind", 18),
        ("relname", 19),
    ],
)
def test_types_are_those_that_the_driver_knows(connection: Connection, expression: str, oid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {expression} as x from pg_class limit 1")
        assert cursor.description[0][1] == oid
