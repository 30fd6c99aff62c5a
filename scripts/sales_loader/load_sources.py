"""Opens a warehouse and loads sources into it, for the commands `load` and `daily`."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sales_loader.csv_files.archive_limits import read_limits
from sales_loader.load_service import FileResult, LoadOptions, LoadService
from sales_loader.privacy import hash_pads
from sales_loader.report import Reporter
from sales_loader.settings.business_calendar import read_calendar
from sales_loader.warehouses.duckdb.database import NO_EXTENSIONS
from sales_loader.warehouses.target import WarehouseTarget

PARALLEL = 4


def load_sources(
    warehouse_target: WarehouseTarget,
    sources: Sequence[str],
    options: LoadOptions,
    reporter: Reporter,
    *,
    project_dir: Path = Path(),
    overrides: str = "",
    parallel: int = PARALLEL,
) -> list[FileResult]:
    """Land what is new in some files, folders or prefixes.

    Args:
        warehouse_target: the warehouse.
        sources: as on the command line.
        options: how to load; the key for card numbers and the limits of archives are read from the
            environment.
        reporter: shows the progress.
        project_dir: folder of dbt_project.yml and seeds/locations.csv.
        overrides: YAML of dbt's variables.
        parallel: largest number of parts that a file is staged in for Redshift.

    Raises:
        UsageError: a source, a variable or the environment can never work.
        LoaderError: nothing was loaded, for a reason that affects all files.
    """
    key = os.environ.get("CARD_HASH_KEY", "")
    pads = hash_pads(key) if key else None
    limits = read_limits(os.environ)
    calendar = read_calendar(project_dir, overrides)
    with (
        duckdb.connect(config=NO_EXTENSIONS) as reader,
        closing(warehouse_target.writable(calendar, pads, parallel, reporter.tell)) as warehouse,
    ):
        calendar.check(reader)
        service = LoadService(warehouse, reader, warehouse_target.aws.s3, utc_now, reporter.tell)
        options = replace(options, keeps_card_hash=bool(key), archives=limits)
        return service.run(sources, options, reporter.progress)


def utc_now() -> datetime:
    """The time, UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
