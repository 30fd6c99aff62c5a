"""Which warehouse a command works on: a DuckDB file or Redshift."""

import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb

from sales_loader.aws import Aws
from sales_loader.events import Listener
from sales_loader.privacy import HashPads
from sales_loader.settings.business_calendar import BusinessCalendar
from sales_loader.warehouses.duckdb.database import MEMORY_LIMIT, open_database
from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse
from sales_loader.warehouses.interface import Warehouse
from sales_loader.warehouses.redshift.session import RedshiftSession
from sales_loader.warehouses.redshift.settings import read_settings, read_staging
from sales_loader.warehouses.redshift.sign_in import sign_in
from sales_loader.warehouses.redshift.warehouse import LandingSettings, RedshiftWarehouse

DUCKDB = "duckdb"
REDSHIFT = "redshift"


@dataclass(frozen=True)
class WarehouseTarget:
    """The warehouse that a command works on; not open yet.

    Attributes:
        name: ``duckdb`` or ``redshift``.
        database: file of a DuckDB warehouse.
        memory_limit: memory that DuckDB may use.
        wait_minutes: how long to wait for a process that holds the DuckDB file open.
        aws: clients of AWS.
    """

    name: str
    database: Path
    memory_limit: str = MEMORY_LIMIT
    wait_minutes: float = 0
    aws: Aws = field(default_factory=Aws)

    def __str__(self) -> str:
        return "Redshift" if self.name == REDSHIFT else str(self.database)

    def writable(
        self, calendar: BusinessCalendar, pads: HashPads | None, parallel: int, tell: Listener
    ) -> Warehouse:
        """The warehouse, to load files into.

        Args:
            calendar: gives business dates.
            pads: made from the key that card numbers are hashed with, or None.
            parallel: largest number of parts that a file is staged in for Redshift.
            tell: called with what the user should know.

        Raises:
            UsageError: the environment does not say how to reach Redshift.
        """
        if self.name == REDSHIFT:
            landing = LandingSettings(read_staging(os.environ), parallel, self.memory_limit)
            return RedshiftWarehouse(self.session(), self.aws.s3, landing, calendar, pads, tell)
        return DuckDbWarehouse(self.database, partial(self.connect, read_only=False), calendar, pads)

    def readable(self) -> Warehouse:
        """The warehouse, to look into.

        Raises:
            UsageError: the environment does not say how to reach Redshift.
            LoaderError: there is no such DuckDB file, or it cannot be opened.
        """
        if self.name == REDSHIFT:
            return RedshiftWarehouse(self.session(), self.aws.s3)
        connection = self.connect(read_only=True)
        return DuckDbWarehouse(self.database, lambda: connection)

    def connect(self, *, read_only: bool) -> duckdb.DuckDBPyConnection:
        """A connection to the DuckDB file.

        Raises:
            LoaderError: it cannot be opened.
        """
        return open_database(
            self.database, self.memory_limit, read_only=read_only, wait_minutes=self.wait_minutes
        )

    def session(self) -> RedshiftSession:
        """A connection to Redshift, which opens when it is first used.

        Raises:
            UsageError: the environment does not say how to reach Redshift.
        """
        return RedshiftSession(partial(sign_in, read_settings(os.environ), self.aws))
