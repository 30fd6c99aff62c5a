"""The stand-in refuses what Redshift refuses, in its words."""

from collections.abc import Iterator

import pytest
from redshift_connector.core import Connection

from tests.redshift_stand_in import StandIn
from tests.redshift_stand_in.refusal import Refusal
from tests.redshift_stand_in.rewriting import rewrite

from .sessions import error, rows, session

MERGE = "merge into t using s on t.a = s.a when matched"
NOT_MATCHED = "when not matched then insert values (1)"
LEADER_ONLY = "Specified types or functions (one per INFO message) not supported on Redshift tables."
FRAME = "Aggregate window functions with an ORDER BY clause require a frame clause"
CORRELATED = "This type of correlated subquery pattern is not supported due to internal error"


def near(word: str) -> str:
    return f'syntax error at or near "{word}"'


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        # Queries.
        ("select sum(a) filter (where b) from t", near("(")),
        ("select distinct on (a) b from t", "SELECT DISTINCT ON is not supported"),
        ("select a from (values (1), (2)) as v (a)", near("values")),
        ("with v as (values (1)) select * from v", near("values")),
        ("select * from t cross join lateral (select t.a) as x", near("lateral")),
        ("select array[1, 2]", near("[")),
        ("select a[1] from t", near("[")),
        ("select a is distinct from b from t", near("distinct")),
        ("select a is not distinct from b from t", near("distinct")),
        ("select * from t for update", near("for")),
        ("select * from t tablesample bernoulli (3)", near("tablesample")),
        ("select a from t where", near("where")),
        ("select 1; select 2", "cannot insert multiple commands into a prepared statement"),
        # Windows.
        ("select sum(a) over (order by b) from t", FRAME),
        ("select first_value(a) over (partition by c order by b) from t", FRAME),
        (
            "select sum(a) over (order by b range between 1 preceding and current row) from t",
            near("range"),
        ),
        ("select sum(a) over w from t window w as (partition by b)", near("window")),
        # Functions and leader-node queries.
        ("select string_agg(a, ',') from t", "function string_agg does not exist"),
        ("select array_agg(a) from t", "function array_agg does not exist"),
        ("select gen_random_uuid()", "function gen_random_uuid does not exist"),
        ("select make_date(2024, 1, 1)", "function make_date does not exist"),
        ("select to_jsonb(1)", "function to_jsonb does not exist"),
        ("select nextval('s')", "function nextval does not exist"),
        ("select rs.refuse('a', 'b', 'c')", "function refuse does not exist"),
        ("select a, generate_series(1, 3) from t", LEADER_ONLY),
        ("create table x as select generate_series(1, 3) as a", LEADER_ONLY),
        ("insert into t select now()", LEADER_ONLY),
        ("select current_timestamp from t", LEADER_ONLY),
        ("select relname from pg_class inner join public.t on true", LEADER_ONLY),
        ("create table x as select table_name from information_schema.tables", LEADER_ONLY),
        # Changes.
        ("insert into t values (1) on conflict do nothing", near("on")),
        ("insert into t values (1) returning a", near("returning")),
        ("delete from t as x where x.a = 1", near("x")),
        ("update t as x set a = 1", near("x")),
        (f"merge into t as x using s on x.a = s.a when matched then delete {NOT_MATCHED}", near("x")),
        (f"{MERGE} then delete", near("when")),
        (f"{MERGE} and s.b then delete {NOT_MATCHED}", near("and")),
        (
            f"merge into t using (select 1 as a) as s on t.a = s.a when matched then delete {NOT_MATCHED}",
            near("("),
        ),
        # Definitions.
        ("create index i on t (a)", 'SQL command "create index" not supported on Redshift tables.'),
        ("create sequence s", 'SQL command "create sequence" not supported on Redshift tables.'),
        ("create table x (a serial)", 'Column type "serial" is not supported.'),
        ("create table x (a json)", 'Column type "json" is not supported.'),
        ("create table x (a uuid)", 'Column type "uuid" is not supported.'),
        ("create table x (a interval)", 'Column type "interval" is not supported.'),
        ("create table x (a int check (a > 0))", "CHECK constraints are not supported"),
        ("create table x (a varchar(65536))", "length for type character varying cannot exceed 65535"),
        ("create table x (a decimal(39, 2))", "DECIMAL precision 39 must be between 1 and 38"),
        ("create table x (a int) tablespace y", near("tablespace")),
        ("alter table t add column a int, add column b int", near(",")),
        (
            "alter table t alter column a type bigint",
            "ALTER TABLE ALTER COLUMN changes nothing but the length of a varchar",
        ),
        (
            "alter table t add column a int not null",
            "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression",
        ),
        ("select cast('infinity' as timestamp)", 'invalid input syntax for type timestamp: "infinity"'),
        ("lock table t in exclusive mode", near("in")),
        ("rollback to savepoint a", 'SQL command "rollback to savepoint" not supported'),
        # Correlated subqueries.
        (
            "select 1 from t where exists (select 1 from s where s.a in (select u.b from u where u.a = t.a))",
            CORRELATED,
        ),
        ("select * from t left join s on s.a = t.a and exists (select 1 from u where u.a = s.a)", CORRELATED),
        ("select (select max(s.b) from s where s.a = t.a group by t.b) from t", CORRELATED),
        # What Redshift has and the stand-in does not.
        ("select lag(a) ignore nulls over (order by b) from t", "the stand-in does not know IGNORE NULLS"),
        ("create materialized view v as select 1 as a", "the stand-in does not know materialized views"),
        ("create table x (a super)", "the stand-in does not know the type super"),
        (
            f"select 1 as {'a' * 64}",
            "the stand-in does not know names of more than 63 bytes, which PostgreSQL would cut",
        ),
        ("select * exclude (a) from t", "the stand-in does not know SELECT * EXCLUDE"),
        (
            "show tables from schema a.b",
            'the stand-in does not know the statement "show tables from schema a.b"',
        ),
    ],
)
def test_it_is_refused(statement: str, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        rewrite(statement)
    assert refused.value.message == message


@pytest.mark.parametrize(
    "statement",
    [
        "select generate_series(1, 3)",
        "select current_timestamp",
        "select relname from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace",
        "select sum(a) over (order by b rows between unbounded preceding and current row) from t",
        "select sum(a) over (partition by b) from t",
        "select rank() over (order by a) from t",
        "select a from t where exists (select 1 from s where s.a = t.a)",
        "select a from t where a in (select b from s where s.c = t.c)",
        "delete t where a = 1",
        "delete from t using s where s.a = t.a",
        "update t set a = s.a from s where s.b = t.b",
        "create view v as select relname from pg_class",
        "/* why */ -- and more\n select 1",
        "/* nothing else */",
    ],
)
def test_its_neighbour_is_not(statement: str) -> None:
    rewrite(statement)


@pytest.fixture
def connection(running_stand_in: StandIn) -> Iterator[Connection]:
    with session(running_stand_in) as connection:
        yield connection


def test_the_client_sees_message_code_and_reason(connection: Connection) -> None:
    assert error(connection, "select distinct on (1) 1") == {
        "S": "ERROR",
        "C": "0A000",
        "M": "SELECT DISTINCT ON is not supported",
    }


def test_a_refusal_aborts_the_transaction(connection: Connection) -> None:
    rows(connection, "begin")
    error(connection, "select distinct on (1) 1")
    assert error(connection, "select 1")["C"] == "25P02"
    rows(connection, "rollback")
    assert rows(connection, "select 1") == [[1]]


def test_errors_name_no_file_and_no_position_of_postgresql(connection: Connection) -> None:
    assert set(error(connection, "select nothing")) == {"S", "C", "M"}


def test_a_column_of_a_type_that_redshift_lacks_is_refused_where_it_arises(connection: Connection) -> None:
    message = error(connection, "create table x as select getdate() - sysdate as passed")["M"]
    assert message == 'Column "passed" has unsupported type "interval".'
