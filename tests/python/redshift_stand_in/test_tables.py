"""Tables, views, privileges and transactions as on Redshift."""

import socket
import threading
from collections.abc import Iterator

import pytest
from redshift_connector.core import Connection

from tests.redshift_stand_in import StandIn

from .sessions import error, rows, session, value

TOO_LONG = "value too long for type character varying({})"
CONFLICT = "could not complete because of conflict with concurrent transaction"


@pytest.fixture
def connection(stand_in: StandIn) -> Iterator[Connection]:
    with session(stand_in) as connection:
        yield connection


def column_types(stand_in: StandIn, table: str) -> dict[str, str]:
    """The types of a table's columns."""
    query = f"""
        select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped"""
    return dict(stand_in.query(query))


# Definitions.


def test_storage_is_left_out_and_keys_are_not_enforced(connection: Connection) -> None:
    rows(
        connection,
        """
        create table t (
            a bigint identity(1, 1) encode az64 distkey,
            b varchar(10) encode zstd sortkey,
            c int references u (x),
            primary key (b), unique (c)
        ) backup no diststyle key compound sortkey (a, b)""",
    )
    rows(connection, "insert into t (b, c) values ('x', 1), ('x', 1)")
    assert rows(connection, "select a, b, c from t order by a") == [[1, "x", 1], [2, "x", 1]]
    message = error(connection, "insert into t (b) values (null)")["M"]
    assert message == "Cannot insert a NULL value into column b"


@pytest.mark.parametrize(
    "attributes", ["distkey (a)", "diststyle all sortkey (a)", "interleaved sortkey (a, b)", "encode auto"]
)
def test_a_table_from_a_query_may_say_how_it_is_stored(connection: Connection, attributes: str) -> None:
    rows(connection, f"create table t {attributes} as (select 1 as a, 2 as b)")
    assert rows(connection, "select * from t") == [[1, 2]]


def test_types_are_what_redshift_makes_of_them(stand_in: StandIn, connection: Connection) -> None:
    rows(
        connection,
        "create table t (a varchar, b text, c varchar(max), d decimal, e float, f real, g char, h int8)",
    )
    assert column_types(stand_in, "t") == {
        "a": "character varying(256)",
        "b": "character varying(256)",
        "c": "character varying(65535)",
        "d": "numeric(18,0)",
        "e": "double precision",
        "f": "real",
        "g": "character(1)",
        "h": "bigint",
    }


def test_the_text_of_a_query_gets_a_length(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "create table t as select 'a' || 'b' as a, cast('a' as varchar(3)) as b")
    assert column_types(stand_in, "t") == {"a": "character varying(65535)", "b": "character varying(3)"}


def test_names_are_small_even_in_quotes(connection: Connection) -> None:
    rows(connection, 'create table "T" as select 1 as "MixedCase"')
    with connection.cursor() as cursor:
        cursor.execute('select "mixedCASE", t.* from t')
        assert [column[0] for column in cursor.description] == ["mixedcase", "mixedcase"]


# Lengths in bytes.


@pytest.mark.parametrize(
    "definition",
    [
        "create table t (a varchar(4))",
        "create table t as select cast('a' as varchar(4)) as a",
        "create temporary table t (a varchar(4))",
    ],
)
def test_a_varchar_counts_bytes(connection: Connection, definition: str) -> None:
    rows(connection, definition)
    rows(connection, "insert into t values ('abcd'), ('éé'), (null)")
    assert error(connection, "insert into t values ('ééé')")["M"] == TOO_LONG.format(4)
    assert error(connection, "update t set a = 'abcdé'")["M"] == TOO_LONG.format(4)


def test_a_new_and_a_renamed_column_count_bytes_too(connection: Connection) -> None:
    rows(connection, "create table t (a int)")
    rows(connection, "alter table t add column b varchar(2)")
    rows(connection, "alter table t rename column b to c")
    rows(connection, "alter table t rename to u")
    assert error(connection, "insert into u (c) values ('éé')")["M"] == TOO_LONG.format(2)


def test_a_varchar_grows_outside_of_a_transaction_only(connection: Connection) -> None:
    rows(connection, "create table t (a varchar(2))")
    rows(connection, "begin")
    message = error(connection, "alter table t alter column a type varchar(4)")["M"]
    assert message == "ALTER TABLE ALTER COLUMN cannot run inside a transaction block"
    rows(connection, "rollback")
    rows(connection, "alter table t alter column a type varchar(4)")
    rows(connection, "insert into t values ('éé')")
    assert error(connection, "insert into t values ('ééé')")["M"] == TOO_LONG.format(4)


# Late-binding views.


def test_a_late_binding_view_survives_its_table(connection: Connection) -> None:
    rows(connection, "create table public.t as select 1 as a, cast('x' as varchar(5)) as b")
    rows(connection, "create view public.v as (select a, b from public.t) with no schema binding")
    assert rows(connection, "select * from public.v") == [[1, "x"]]
    rows(connection, "drop table public.t cascade")
    assert error(connection, "select * from public.v")["M"] == 'relation "public.t" does not exist'
    rows(connection, "create table public.t as select 2 as a, cast('y' as varchar(5)) as b")
    assert rows(connection, "select * from public.v") == [[2, "y"]]


def test_a_late_binding_view_reads_the_table_that_has_the_name(connection: Connection) -> None:
    rows(connection, "create table public.t as select 'old' as a")
    rows(connection, "create view public.v as select a from public.t with no schema binding")
    rows(connection, "create table public.new as select 'new' as a")
    rows(connection, "alter table public.t rename to old")
    rows(connection, "alter table public.new rename to t")
    assert rows(connection, "select * from public.v") == [["new"]]


def test_another_view_goes_with_its_table(connection: Connection) -> None:
    rows(connection, "create table t as select 1 as a")
    rows(connection, "create view v as select a from t")
    rows(connection, "drop table t cascade")
    assert error(connection, "select * from v")["M"] == 'relation "v" does not exist'


def test_columns_of_late_binding_views_are_told_by_their_own_function(connection: Connection) -> None:
    rows(connection, "create table public.t (a decimal(10, 2), b varchar(5))")
    rows(connection, "create view public.v as select * from public.t with no schema binding")
    definition = "cols (s name, v name, c name, t varchar, n int)"
    assert rows(connection, f"select * from pg_get_late_binding_view_cols() {definition} order by n") == [
        ["public", "v", "a", "numeric(10,2)", 1],
        ["public", "v", "b", "character varying(5)", 2],
    ]
    assert not rows(connection, "select * from information_schema.columns where table_name = 'v'")
    assert rows(connection, "select count(*) from information_schema.columns where table_name = 't'") == [[2]]


# Transactions.


def test_truncate_commits(stand_in: StandIn) -> None:
    with session(stand_in, autocommit=False) as connection:
        rows(connection, "create table t as select 1 as a")
        connection.commit()
        rows(connection, "create table u as select 2 as a")
        rows(connection, "truncate table t")
        connection.rollback()
    assert stand_in.query("select (select count(*) from t), (select a from u)") == [(0, 2)]


def test_what_must_run_alone_does_not_run_in_a_transaction(connection: Connection) -> None:
    rows(connection, "create table t (a int)")
    rows(connection, "vacuum full t")
    rows(connection, "begin")
    assert error(connection, "vacuum t")["M"] == "VACUUM cannot run inside a transaction block"
    rows(connection, "rollback")
    rows(connection, "begin")
    message = error(connection, "alter table t append from u")["M"]
    assert message == "ALTER TABLE APPEND cannot run inside a transaction block"


def test_two_transactions_cannot_change_the_same_row(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "create table t as select 1 as a")
    with session(stand_in, autocommit=False) as other:
        rows(other, "select * from t")
        rows(connection, "update t set a = 2")
        failure = error(other, "update t set a = 3")
    assert failure == {"S": "ERROR", "C": "XX000", "M": CONFLICT}


def test_a_lock_keeps_others_waiting(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "create table t (a int)")
    rows(connection, "begin")
    rows(connection, "lock table t")
    read = threading.Event()

    def look() -> None:
        with session(stand_in) as other:
            rows(other, "select * from t")
        read.set()

    waiting = threading.Thread(target=look)
    waiting.start()
    assert not read.wait(0.3)
    rows(connection, "commit")
    assert read.wait(10)
    waiting.join()


def test_a_client_that_disappears_leaves_nothing(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "create table t (a int)")
    with session(stand_in, autocommit=False) as lost:
        rows(lost, "insert into t values (1)")
        lost._usock.shutdown(socket.SHUT_RDWR)
        # Waits for the lost session to let go of the table.
        rows(connection, "begin")
        rows(connection, "lock table t")
    assert rows(connection, "select * from t") == []


# Privileges and settings.


def test_privileges_of_users_groups_and_roles(connection: Connection) -> None:
    rows(connection, "create table t (a int)")
    rows(connection, "create user reader password 'Abcdefg1'")
    rows(connection, "create group readers")
    rows(connection, "create role reading")
    rows(connection, "grant select on t to reader, group readers, role reading")
    rows(connection, "revoke select on t from group readers")
    query = """
        select identity_name, identity_type, privilege_type from svv_relation_privileges
        where relation_name = 't' and identity_name like 'read%' order by 1"""
    assert rows(connection, query) == [["reader", "user", "SELECT"], ["reading", "role", "SELECT"]]


def test_settings_of_redshift_are_kept(connection: Connection) -> None:
    rows(connection, "set query_group to 'nightly'")
    assert rows(connection, "show query_group") == [["nightly"]]
    rows(connection, "reset query_group")
    assert (
        error(connection, "set work_mem to '1GB'")["M"] == 'unrecognized configuration parameter "work_mem"'
    )


def test_the_search_path_is_as_it_was_set(connection: Connection) -> None:
    assert rows(connection, "show search_path") == [['"$user", public']]
    rows(connection, "create schema other")
    rows(connection, "set search_path to other, public")
    rows(connection, "create table t (a int)")
    assert rows(connection, "show search_path") == [["other, public"]]
    assert rows(connection, "select table_schema from information_schema.tables where table_name = 't'") == [
        ["other"]
    ]


def test_the_tables_of_the_system_are_there(connection: Connection) -> None:
    rows(connection, "create table t (a varchar(7))")
    query = """select "schema", "table", diststyle, max_varchar from svv_table_info"""
    assert rows(connection, query) == [["public", "t", "AUTO(EVEN)", 7]]
    assert value(connection, "has_table_privilege(current_user, 'svv_table_info', 'SELECT')")
    levels = rows(
        connection, "select trim(isolation_level) from stv_db_isolation_level where trim(db_name) = 'sales'"
    )
    assert levels == [["Snapshot Isolation"]]
    assert rows(connection, "select * from pg_catalog.svv_external_columns") == []


def test_the_stand_in_forgets_everything_on_reset(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "create schema other")
    rows(connection, "create table other.t (a int)")
    rows(connection, "create user reader password 'Abcdefg1'")
    stand_in.s3.client().put_object(Bucket="staging-bucket", Key="a", Body=b"")
    stand_in.reset()
    assert stand_in.query("select nspname from pg_namespace where nspname = 'other'") == []
    assert stand_in.query("select rolname from pg_roles where rolname = 'reader'") == []
    assert "Contents" not in stand_in.s3.client().list_objects_v2(Bucket="staging-bucket")
    with session(stand_in) as fresh:
        rows(fresh, "create table t (a int)")
