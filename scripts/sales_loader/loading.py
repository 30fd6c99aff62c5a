"""Loads sources into a warehouse that is not open yet: what `load` and `daily` have in common."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sales_loader.archive_limits import read_limits
from sales_loader.business_calendar import read_calendar
from sales_loader.duckdb_database import NO_EXTENSIONS
from sales_loader.privacy import hash_pads
from sales_loader.report import Reporter
from sales_loader.service import FileResult, LoadOptions, LoadService
from sales_loader.targets import Place

PARALLEL = 4


def load_sources(
    place: Place,
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
        place: the warehouse.
        sources: as on the command line.
        options: how to load; whether there is a key for card numbers and how far archives may expand
            is read from the environment.
        reporter: shows the course of it.
        project_dir: folder of dbt_project.yml and seeds/locations.csv.
        overrides: YAML of dbt's variables.
        parallel: most parts that a file is staged in for Redshift.

    Raises:
        UsageError: a source, a variable or the environment can never work.
        LoaderError: nothing was loaded, for a reason that concerns all files.
    """
    key = os.environ.get("CARD_HASH_KEY", "")
    pads = hash_pads(key) if key else None
    limits = read_limits(os.environ)
    calendar = read_calendar(project_dir, overrides)
    with (
        duckdb.connect(config=NO_EXTENSIONS) as reader,
        closing(place.writable(calendar, pads, parallel, reporter.tell)) as warehouse,
    ):
        calendar.check(reader)
        service = LoadService(warehouse, reader, place.aws.s3, utc_now, reporter.tell)
        options = replace(options, keeps_card_hash=bool(key), archives=limits)
        return service.run(sources, options, reporter.progress)


def utc_now() -> datetime:
    """The time, UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
