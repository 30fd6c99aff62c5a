"""The command `check`: tries everything that a load into Redshift needs, one thing after the other."""

import gzip
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from sales_loader.aws import Aws
from sales_loader.commands.options import target_option
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped
from sales_loader.warehouses.redshift.copying import Copier
from sales_loader.warehouses.redshift.parts import Parts
from sales_loader.warehouses.redshift.schema import LOCK_TABLES, RAW_TABLES_THERE, raw_tables
from sales_loader.warehouses.redshift.session import RedshiftSession
from sales_loader.warehouses.redshift.settings import StagingSettings, read_settings, read_staging
from sales_loader.warehouses.redshift.sign_in import SignIn, sign_in
from sales_loader.warehouses.redshift.staging import Staged, staged
from sales_loader.warehouses.target import REDSHIFT

_RIGHTS = ("select", "insert", "delete")
_PROBE = "probe"
_MAY_STAGE = "select has_database_privilege(current_database(), 'temp')"
_MAY = "select has_table_privilege('raw.{table}', '{right}')"


@dataclass(frozen=True)
class Finding:
    """The result of one check: its subject, what was found, and whether that is as it should be."""

    subject: str
    found: str
    is_good: bool


class Checks:
    """The checks of all that a load needs, each run only if what it rests on is there.

    Args:
        environment: holds the settings.
        aws: clients of AWS.
    """

    def __init__(self, environment: "os._Environ[str] | dict[str, str]", aws: Aws) -> None:
        self._environment = environment
        self._aws = aws

    def run(self) -> Iterator[Finding]:
        """Run the checks; what rests on something that is missing is not checked."""
        try:
            staging = read_staging(self._environment)
            signed_in = sign_in(read_settings(self._environment), self._aws)
        except LoaderError as error:
            yield Finding("sign-in", str(error), is_good=False)
            return
        yield Finding("sign-in", f"as {signed_in.user}", is_good=True)
        with closing(RedshiftSession(lambda: signed_in)) as session:
            connection = _connection(session, signed_in)
            yield connection
            yield from self._staging(session if connection.is_good else None, staging)
            if connection.is_good:
                yield from _privileges(session)

    def _staging(self, session: RedshiftSession | None, staging: StagingSettings) -> Iterator[Finding]:
        """Stage one row as a load does, and let COPY read it."""
        warnings: list[str] = []
        place = str(staging.location)
        try:
            with (
                _probe() as parts,
                staged(self._aws.s3(), staging.location, [parts], 1, warnings.append) as on_s3,
            ):
                yield Finding("bucket", f"{place} can be written", is_good=True)
                if session is not None:
                    yield _role(session, staging, on_s3, parts)
        except LoaderError as error:
            yield Finding("bucket", str(error), is_good=False)
            return
        yield Finding("bucket", warnings[0] if warnings else f"{place} can be emptied", is_good=not warnings)


def _connection(session: RedshiftSession, signed_in: SignIn) -> Finding:
    place = f"{signed_in.host}:{signed_in.port}/{signed_in.database}"
    openly = (
        ", without SSL: others on the network can read what is sent"
        if signed_in.ssl_mode == "disable"
        else ""
    )
    try:
        session.run("select 1")
    except LoaderError as error:
        return Finding("connection", str(error), is_good=False)
    return Finding("connection", place + openly, is_good=True)


@contextmanager
def _probe() -> Iterator[Parts]:
    with TemporaryDirectory(prefix="sales-loader-") as folder:
        path = Path(folder) / f"{_PROBE}-0001.csv.gz"
        with gzip.open(path, "wt", encoding="utf-8") as stream:
            stream.write("probe,1\n")
        yield Parts(_PROBE, ("word", "_source_row_number"), (path,), 1)


def _role(session: RedshiftSession, staging: StagingSettings, on_s3: Staged, parts: Parts) -> Finding:
    try:
        session.run("begin")
        session.run("create temporary table staged_probe (word varchar(16), _source_row_number bigint)")
        Copier(session, on_s3, staging.copy_role).copy(parts, "staged_probe")
    except LoaderError as error:
        return Finding("role", f"{staging.copy_role}: {error}", is_good=False)
    finally:
        session.roll_back()
    return Finding("role", f"COPY reads the bucket as {staging.copy_role}", is_good=True)


def _privileges(session: RedshiftSession) -> Iterator[Finding]:
    there = {name for (name,) in session.rows(RAW_TABLES_THERE)}
    missing = [table for table in raw_tables() if table not in there]
    if missing:
        advice = "run sales-loader init, as a user who may create schemas, and the grants that it prints"
        found = f"raw.{', raw.'.join(missing)} missing or out of sight: {advice}"
        yield Finding("tables", found, is_good=False)
    else:
        yield Finding("tables", "schema raw is complete", is_good=True)
    if not session.value(_MAY_STAGE):
        found = "temporary tables may not be made: grant temp on the database"
        yield Finding("privileges", found, is_good=False)
    lacking = [
        f"{right} on raw.{table}"
        for table in raw_tables()
        for right in _RIGHTS
        if table in there and f"raw.{table}" not in LOCK_TABLES
        if not session.value(_MAY.format(table=table, right=right))
    ]
    if lacking:
        yield Finding("privileges", f"missing: {', '.join(lacking)}. Grant them to this user.", is_good=False)
    elif not missing:
        yield Finding("privileges", "the raw tables can be read and written", is_good=True)


@click.command(
    epilog="Example: sales-loader check --target redshift",
    short_help="Try everything that a load into Redshift needs.",
)
@target_option
@click.pass_context
def check(ctx: click.Context, target: str) -> None:
    """Try sign-in, connection, bucket, role and privileges one by one, and say which is missing.

    Nothing is changed: one row is staged, copied into a temporary table and removed again.

    Exit code: 0 all is there, 1 something is missing.
    """
    if target != REDSHIFT:
        click.echo("A DuckDB warehouse is a file: there is nothing to check before a load.")
        return
    table = Table(show_header=False)
    table.add_column("subject")
    table.add_column("state")
    table.add_column("found", overflow="fold")
    findings = []
    for finding in Checks(os.environ, Aws()).run():
        findings.append(finding)
        table.add_row(finding.subject, "ok" if finding.is_good else "MISSING", escaped(finding.found))
    Console(highlight=False, markup=False).print(table)
    ctx.exit(0 if all(finding.is_good for finding in findings) else 1)
