"""What prepares a Redshift for loads, and what tells which part of it is missing."""

from contextlib import closing

import pytest
from click.testing import Result

from sales_loader.warehouses.redshift.schema import raw_tables
from tests.python.support.redshift_bench import RedshiftBench, SignedIn
from tests.redshift_stand_in.stand_in import StandIn

SUBJECTS = ("sign-in", "connection", "bucket", "role", "tables", "privileges")


def checked(bench: RedshiftBench) -> tuple[Result, dict[str, str]]:
    """Run the check; its first bad finding by subject, else the last one."""
    result = bench.run("check")
    found: dict[str, str] = {}
    for line in result.output.splitlines():
        cells = [cell.strip() for cell in line.strip("│┃").split("│")]
        if len(cells) == 3 and cells[0] in SUBJECTS and "MISSING" not in found.get(cells[0], ""):
            found[cells[0]] = f"{cells[1]}: {cells[2]}"
    return result, found


def test_init_makes_all_tables_and_prints_the_grants(redshift_bench: RedshiftBench) -> None:
    result = redshift_bench.run("init", "--loader", "l", "--dbt", "d", "--bi", "role b")
    assert result.exit_code == 0
    tables = redshift_bench.stand_in.query(
        "select table_name from information_schema.tables where table_schema = 'raw'"
    )
    assert {name for (name,) in tables} == set(raw_tables())
    assert "grant select, insert, delete on all tables in schema raw to l;" in result.output
    assert "grant select on all tables in schema raw to d;" in result.output
    assert "grant usage on schema marts to role b;" in result.output
    assert redshift_bench.run("init").exit_code == 0


def test_the_printed_grants_are_taken_and_suffice(redshift_bench: RedshiftBench, stand_in: StandIn) -> None:
    password = "Pass-word-1"
    for user in ("administrator", "other", "d"):
        stand_in.add_login(user, password)
    stand_in.query("alter role administrator superuser; grant create on schema public to public")
    output = redshift_bench.run("init", "--loader", "other", "--dbt", "d", "--bi", "role b").output
    with closing(stand_in.connect("administrator", password)) as connection:
        connection.autocommit = True
        for statement in ("create role b", *output[output.index("-- The loader") :].split(";")):
            if statement.strip():
                connection.cursor().execute(statement)
    as_other = SignedIn(stand_in, {"REDSHIFT_USER": "other", "REDSHIFT_PASSWORD": password})
    found = checked(RedshiftBench(redshift_bench.folder, as_other))[1]
    assert [subject for subject, state in found.items() if not state.startswith("ok")] == []
    assert stand_in.query("select has_schema_privilege('d', 'raw', 'usage')") == [(True,)]
    assert stand_in.query("select has_table_privilege('d', 'raw.order_items', 'select')") == [(True,)]
    assert stand_in.query("select has_table_privilege('d', 'raw.order_items', 'delete')") == [(False,)]
    assert stand_in.query("select has_schema_privilege('d', 'marts', 'create')") == [(True,)]
    assert stand_in.query("select has_schema_privilege('d', 'public', 'create')") == [(False,)]
    assert stand_in.query("select has_schema_privilege('b', 'marts', 'usage')") == [(True,)]
    assert stand_in.query("select has_schema_privilege('b', 'raw', 'usage')") == [(False,)]


def test_a_dry_run_prints_and_makes_nothing(redshift_bench: RedshiftBench) -> None:
    output = redshift_bench.run("init", "--dry-run").output
    assert "create table if not exists raw.order_items (app_name varchar(512)" in output
    assert "sortkey (_load_id)" in output
    assert redshift_bench.stand_in.query("select 1 from pg_namespace where nspname = 'raw'") == []


@pytest.mark.parametrize("command", ["init", "check"])
def test_duckdb_needs_neither(bench: RedshiftBench, command: str) -> None:
    result = bench.run(command, "--target", "duckdb")
    assert result.exit_code == 0
    assert "DuckDB warehouse" in result.output


def test_all_is_well_after_init(redshift_bench: RedshiftBench) -> None:
    redshift_bench.run("init")
    result, found = checked(redshift_bench)
    assert result.exit_code == 0, result.output
    assert list(found) == list(SUBJECTS)
    assert all(state.startswith("ok") for state in found.values())
    assert redshift_bench.staged_objects() == []
    assert redshift_bench.stand_in.environment()["REDSHIFT_PASSWORD"] not in result.output


def test_missing_tables_are_named(redshift_bench: RedshiftBench) -> None:
    redshift_bench.run("init")
    redshift_bench.stand_in.query("drop table raw.load_files")
    result, found = checked(redshift_bench)
    assert result.exit_code == 1
    assert found["tables"].startswith("MISSING: raw.load_files missing or out of sight: run")


def test_a_role_that_may_not_read_is_named(redshift_bench: RedshiftBench, stand_in: StandIn) -> None:
    redshift_bench.run("init")
    stand_in.faults.allowed_roles.clear()
    result, found = checked(redshift_bench)
    assert result.exit_code == 1
    assert "MISSING" in found["role"]
    assert "not authorized to assume IAM Role" in result.output
    assert found["bucket"].startswith("ok")


def test_a_bucket_that_cannot_be_written_is_named(redshift_bench: RedshiftBench, stand_in: StandIn) -> None:
    redshift_bench.run("init")
    stand_in.s3.faults.answer(403, method="PUT", code="AccessDenied")
    result, found = checked(redshift_bench)
    assert result.exit_code == 1
    assert "MISSING" in found["bucket"]
    assert "S3 answered AccessDenied" in result.output
    assert found["privileges"].startswith("ok")


def test_a_bucket_that_cannot_be_emptied_is_named(redshift_bench: RedshiftBench, stand_in: StandIn) -> None:
    redshift_bench.run("init")
    stand_in.s3.faults.answer(403, method="POST", code="AccessDenied")
    result, found = checked(redshift_bench)
    assert result.exit_code == 1
    assert "MISSING: Staged rows could not be removed" in found["bucket"]


def test_a_wrong_password_is_named_and_not_shown(redshift_bench: RedshiftBench, stand_in: StandIn) -> None:
    as_nobody = SignedIn(stand_in, {"REDSHIFT_PASSWORD": "Wr0ng-password"})
    result, found = checked(RedshiftBench(redshift_bench.folder, as_nobody))
    assert result.exit_code == 1
    assert "was not let in" in result.output
    assert "Wr0ng-password" not in result.output
    assert list(found) == ["sign-in", "connection", "bucket"]


def test_missing_privileges_are_named_one_by_one(redshift_bench: RedshiftBench, stand_in: StandIn) -> None:
    redshift_bench.run("init")
    stand_in.add_login("reader", "Pass-word-1")
    stand_in.query("grant usage on schema raw to reader; grant select on all tables in schema raw to reader")
    as_reader = SignedIn(stand_in, {"REDSHIFT_USER": "reader", "REDSHIFT_PASSWORD": "Pass-word-1"})
    result, found = checked(RedshiftBench(redshift_bench.folder, as_reader))
    assert result.exit_code == 1
    assert "insert on raw.order_items" in result.output.replace("\n", " ")
    assert "MISSING" in found["privileges"]
    assert "select on raw" not in result.output
