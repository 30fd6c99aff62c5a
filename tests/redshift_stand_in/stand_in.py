"""Everything at once: PostgreSQL, S3 and the proxy between."""

from contextlib import ExitStack, closing
from types import TracebackType
from typing import Any, Self

import redshift_connector
from psycopg2 import sql
from redshift_connector.core import Connection

from .faults import DatabaseFaults
from .postgres import DATABASE, Postgres
from .proxy import HOST, Proxy, Services
from .s3 import S3Server

USER = "loader"
PASSWORD = "Str0ng-enough"
ROLE = "arn:aws:iam::123456789012:role/redshift-copy"
BUCKET = "staging-bucket"


class StandIn:
    """A Redshift without AWS, from entering the context to leaving it.

    Attributes:
        faults: what goes wrong between clients and the database.
        s3: the S3 that COPY reads, with faults of its own.
    """

    def __init__(self) -> None:
        self.faults = DatabaseFaults(ROLE)
        self.s3 = S3Server()
        self._postgres = Postgres()
        self._passwords: dict[str, str] = {}
        self._proxy = Proxy(Services(self._postgres, self.faults, self.s3.client, self._passwords))
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:
            for part in (self._postgres, self.s3, self._proxy):
                started.enter_context(part)
            self.add_login(USER, PASSWORD)
            self._own_everything()
            self.s3.client().create_bucket(Bucket=BUCKET)
            self._running = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    def environment(self) -> dict[str, str]:
        """The variables by which the loader, dbt and boto3 find the stand-in."""
        return {
            "REDSHIFT_HOST": HOST,
            "REDSHIFT_PORT": str(self._proxy.port),
            "REDSHIFT_DATABASE": DATABASE,
            "REDSHIFT_USER": USER,
            "REDSHIFT_PASSWORD": PASSWORD,
            "REDSHIFT_SSLMODE": "disable",
            "REDSHIFT_COPY_ROLE": ROLE,
            "REDSHIFT_STAGING": f"s3://{BUCKET}/prefix",
            **self.s3.environment,
        }

    def connect(self, user: str = USER, password: str = PASSWORD) -> Connection:
        """Connect as a client of Redshift's does."""
        return redshift_connector.connect(
            host=HOST, port=self._proxy.port, database=DATABASE, user=user, password=password, ssl=False
        )

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement in PostgreSQL's own SQL, past the proxy."""
        with closing(self._postgres.connect()) as admin, admin.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def add_login(self, user: str, password: str) -> None:
        """Let a user sign in, or change its password; a user of IAM is ``IAM:`` and the database user."""
        self._passwords[user] = password
        role = user.removeprefix("IAM:")
        with closing(self._postgres.connect()) as admin, admin.cursor() as cursor:
            cursor.execute("select from pg_roles where rolname = %s", [role])
            if not cursor.rowcount:
                cursor.execute(sql.SQL("create role {} login createrole").format(sql.Identifier(role)))

    def reset(self) -> None:
        """Forget all tables, users, files and faults; open sessions are ended."""
        self.faults.clear()
        self.s3.reset()
        self.s3.client().create_bucket(Bucket=BUCKET)
        self.query(_END_SESSIONS)
        self.query(_FORGET_ALL)
        for user in set(self._passwords) - {USER}:
            del self._passwords[user]
        self._own_everything()

    def _own_everything(self) -> None:
        with closing(self._postgres.connect()) as admin, admin.cursor() as cursor:
            user = sql.Identifier(USER)
            cursor.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(DATABASE), user))
            cursor.execute(sql.SQL("alter schema public owner to {}").format(user))


_END_SESSIONS = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename <> current_user"
_FORGET_ALL = f"""
do $$
declare
    name text;
begin
    for name in
        select nspname from pg_namespace where nspname !~ '^(pg_|rs$|rs_views$|information_schema$)'
    loop
        execute format('drop schema %I cascade', name);
    end loop;
    create schema public;
    drop schema rs_views cascade;
    create schema rs_views;
    grant usage, create on schema rs_views to public;
    truncate rs.loads, rs.load_errors;
    for name in select rolname from pg_roles where rolname !~ '^(pg_|postgres$|{USER}$)' loop
        execute format('drop owned by %I cascade', name);
        execute format('drop role %I', name);
    end loop;
end
$$
"""
