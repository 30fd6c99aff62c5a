"""Signing in, COPY in a session, lost connections and other faults."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from redshift_connector.core import Connection
from redshift_connector.error import Error, InterfaceError

from tests.redshift_stand_in import Moment, StandIn
from tests.redshift_stand_in.stand_in import BUCKET, PASSWORD, ROLE, USER

from .sessions import error, rows, session, value

SERIALIZABLE = "Serializable isolation violation on table - "


@pytest.fixture
def connection(stand_in: StandIn) -> Iterator[Connection]:
    with session(stand_in, autocommit=False) as connection:
        rows(connection, "create table t (a int, b varchar(5))")
        connection.commit()
        yield connection


def put(stand_in: StandIn, text: str) -> str:
    """Put a file on S3; the COPY that loads it."""
    stand_in.s3.client().put_object(Bucket=BUCKET, Key="rows.csv", Body=text.encode())
    return f"copy t (a, b) from 's3://{BUCKET}/rows.csv' iam_role '{ROLE}' csv"


# Signing in.


@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_is_refused(stand_in: StandIn, user: str, password: str) -> None:
    with pytest.raises(InterfaceError) as refused:
        stand_in.connect(user, password)
    fields = refused.value.args[0]
    assert fields["S"] == "FATAL"
    assert fields["C"] == "28000"
    assert fields["M"] == f'password authentication failed for user "{user}"'


def test_a_user_of_iam_is_a_user_of_the_database(stand_in: StandIn) -> None:
    stand_in.add_login("IAM:analyst", "first")
    stand_in.add_login("IAM:analyst", "second")
    with pytest.raises(InterfaceError):
        stand_in.connect("IAM:analyst", "first")
    connection = stand_in.connect("IAM:analyst", "second")
    assert value(connection, "current_user") == "analyst"
    connection.close()


def test_a_temporary_password_may_have_expired(stand_in: StandIn) -> None:
    fault = stand_in.faults.expired_password()
    with pytest.raises(InterfaceError, match="IAM Authentication token has expired"):
        stand_in.connect()
    stand_in.connect().close()
    assert fault.met == 1


def test_the_driver_takes_it_for_redshift(connection: Connection) -> None:
    told = dict(connection.parameter_statuses)
    assert told[b"server_version"] == b"8.0.2"
    assert b"server_protocol_version" not in told


def test_without_encryption_a_client_that_asks_for_it_is_told_so(stand_in: StandIn) -> None:
    environment = stand_in.environment()
    with socket.create_connection(
        (environment["REDSHIFT_HOST"], int(environment["REDSHIFT_PORT"]))
    ) as client:
        client.sendall(struct.pack("!ii", 8, 80877103))
        assert client.recv(1) == b"N"


def cancel(stand_in: StandIn, key: bytes) -> None:
    """Ask for the end of a session's query, on a connection of its own as clients do."""
    environment = stand_in.environment()
    with socket.create_connection(
        (environment["REDSHIFT_HOST"], int(environment["REDSHIFT_PORT"]))
    ) as client:
        client.sendall(struct.pack("!ii", 16, 80877102) + key)
        client.recv(1)


def test_a_query_can_be_cancelled_and_a_session_ended(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "lock table t")
    with session(stand_in) as waiting:
        canceller = threading.Timer(0.3, cancel, [stand_in, waiting._backend_key_data])
        canceller.start()
        assert error(waiting, "select * from t")["C"] == "57014"
        canceller.join()
        connection.rollback()
        assert value(connection, f"pg_terminate_backend({value(waiting, 'pg_backend_pid()')})")
        with pytest.raises(Error):
            value(waiting, "1")


# COPY.


def test_a_copy_is_part_of_its_transaction(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, put(stand_in, "1,x\n2,y\n"))
    assert value(connection, "pg_last_copy_count()") == 2
    assert rows(connection, "select * from t order by a") == [[1, "x"], [2, "y"]]
    connection.rollback()
    assert rows(connection, "select * from t") == []


def test_the_driver_does_not_count_the_rows_of_a_copy(stand_in: StandIn, connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(put(stand_in, "1,x\n"))
        assert cursor.rowcount == -1


def test_before_any_copy_there_is_no_number(connection: Connection) -> None:
    assert rows(connection, "select pg_last_copy_id(), pg_last_copy_count()") == [[-1, 0]]


def test_errors_of_a_copy_are_kept_when_it_is_rolled_back(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, put(stand_in, "1,x\n"))
    connection.commit()
    first = value(connection, "pg_last_copy_id()")
    failure = error(connection, put(stand_in, "1,x\n2,too long\n"))
    assert failure["C"] == "XX000"
    assert "t" in failure["M"]
    assert error(connection, "select 1")["C"] == "25P02"
    connection.rollback()
    query_id = value(connection, "pg_last_copy_id()")
    assert query_id > first
    assert value(connection, "pg_last_copy_count()") == 1
    found = rows(
        connection,
        """
        select trim(file_name), line_number, trim(column_name), trim(error_message) <> ''
        from sys_load_error_detail where query_id = pg_last_copy_id()""",
    )
    assert found == [[f"s3://{BUCKET}/rows.csv", 2, "b", True]]
    assert rows(connection, "select trim(colname), err_code > 0 from stl_load_errors") == [["b", True]]
    history = rows(
        connection, "select status, loaded_rows, error_count from sys_load_history order by query_id"
    )
    assert history == [["completed", 1, 0], ["aborted", 0, 1]]


def test_a_copy_that_postgresql_refuses_fails_alike(stand_in: StandIn, connection: Connection) -> None:
    rows(connection, "create table u (a int not null, b varchar(5))")
    connection.commit()
    failure = error(connection, put(stand_in, ",x\n").replace("copy t", "copy u"))
    assert failure["M"] == "Cannot insert a NULL value into column a"
    connection.rollback()
    assert error(connection, put(stand_in, "").replace("copy t", "copy nothing"))["C"] == "42P01"
    connection.rollback()
    assert error(connection, put(stand_in, "").replace("(a, b)", "(a, z)"))["C"] == "42703"


def test_another_role_is_not_trusted(stand_in: StandIn, connection: Connection) -> None:
    statement = put(stand_in, "1,x\n").replace("redshift-copy", "another")
    refusal = "not authorized to assume IAM Role arn:aws:iam::123456789012:role/another"
    assert refusal in error(connection, statement)["M"]
    connection.rollback()
    stand_in.faults.allowed_roles.add("arn:aws:iam::123456789012:role/another")
    rows(connection, statement)


def test_a_copy_with_an_unknown_option_is_refused(stand_in: StandIn, connection: Connection) -> None:
    assert error(connection, put(stand_in, "") + " nonsense")["C"] == "42601"


# Faults.


def lost(connection: Connection, statement: str) -> None:
    """Run a statement that is never answered."""
    with pytest.raises(InterfaceError, match="server socket closed"):
        rows(connection, statement)


def test_the_connection_may_be_lost_during_a_copy(stand_in: StandIn, connection: Connection) -> None:
    stand_in.faults.drop_connection_during_copy()
    lost(connection, put(stand_in, "1,x\n2,y\n"))
    with session(stand_in) as fresh:
        assert rows(fresh, "select * from t") == []
        rows(fresh, put(stand_in, "1,x\n2,y\n"))
        assert rows(fresh, "select status from sys_load_history order by query_id") == [
            ["aborted"],
            ["completed"],
        ]


@pytest.mark.parametrize(("moment", "left"), [("drop_before_commit", []), ("drop_after_commit", [(1,)])])
def test_the_connection_may_be_lost_around_a_commit(
    stand_in: StandIn, connection: Connection, moment: str, left: list[tuple[int]]
) -> None:
    rows(connection, "insert into t values (1)")
    getattr(stand_in.faults, moment)()
    lost(connection, "commit")
    assert stand_in.query("select a from t") == left


@pytest.mark.parametrize(
    ("moment", "before", "failing"),
    [
        (Moment.BEFORE_COMMIT, "insert into t values (1)", "commit"),
        (Moment.WRITE, "select 1", "insert into t values (1)"),
    ],
)
def test_a_serialization_failure_undoes_the_transaction(
    stand_in: StandIn, connection: Connection, moment: Moment, before: str, failing: str
) -> None:
    fault = stand_in.faults.serialization_failure(times=2, moment=moment)
    for _ in range(2):
        rows(connection, before)
        fields = error(connection, failing)
        assert (fields["C"], fields["M"]) == ("XX000", "1023")
        assert fields["D"].startswith(SERIALIZABLE)
        connection.rollback()
    rows(connection, "insert into t values (2)")
    connection.commit()
    assert rows(connection, "select a from t") == [[2]]
    assert fault.met == 2


def test_a_conflict_may_be_met_for_ever(stand_in: StandIn, connection: Connection) -> None:
    stand_in.faults.concurrent_transaction(times=None)
    for _ in range(3):
        assert "conflict with concurrent transaction" in error(connection, "delete from t where a = 1")["M"]
        connection.rollback()
    stand_in.faults.clear()
    rows(connection, "delete from t where a = 1")
