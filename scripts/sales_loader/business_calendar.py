"""Business dates: the settings they depend on, and the SQL that tells them from landed rows."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from sales_loader.errors import LoaderError, UsageError
from sales_loader.own_settings import seed_file
from sales_loader.variables import read_variables

DEFAULT_TIMEZONE = "America/New_York"

# A quarter of an hour lies within one local date in every time zone of today, and there are few of them.
BUSINESS_DATES_SQL = """
    select distinct (quarter at time zone 'UTC' at time zone timezone - to_hours($start_hour))::date as value
    from (
        select distinct
            time_bucket(interval 15 minutes, creation_time_utc) as quarter,
            coalesce(locations.timezone, $default_timezone) as timezone
        from raw.order_items
        left join (select unnest($location_ids) as location_id, unnest($timezones) as timezone) as locations
            on order_items.restaurant_id = locations.location_id
        where order_items._load_id = {load_id}
    )"""


@dataclass(frozen=True)
class BusinessCalendar:
    """What turns a UTC time into a business date.

    Attributes:
        default_timezone: IANA name, for locations without one of their own.
        start_hour: local hour, 0 to 23, at which a business day begins.
        timezones: IANA name by location id.
    """

    default_timezone: str = DEFAULT_TIMEZONE
    start_hour: int = 0
    timezones: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, object]:
        """Parameters of ``BUSINESS_DATES_SQL``."""
        return {
            "start_hour": self.start_hour,
            "default_timezone": self.default_timezone,
            "location_ids": list(self.timezones.keys()),
            "timezones": list(self.timezones.values()),
        }

    def check(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Ask DuckDB whether it knows all time zones.

        Raises:
            LoaderError: it does not know one.
        """
        known = {name for (name,) in connection.execute("select name from pg_timezone_names()").fetchall()}
        for place, timezone in [("default_timezone", self.default_timezone), *self.timezones.items()]:
            if timezone not in known:
                raise LoaderError(
                    f"Unknown time zone '{timezone}' of {place}; expected a name such as America/New_York."
                )


def read_calendar(project_dir: Path, overrides: str) -> BusinessCalendar:
    """Settings from ``--vars`` over the project's own over the defaults.

    Args:
        project_dir: folder that may hold ``dbt_project.yml`` and ``seeds/locations.csv``.
        overrides: YAML mapping as dbt's ``--vars`` takes it.

    Raises:
        UsageError: the overrides are no YAML mapping, or a variable is not as its rule says.
        LoaderError: a project file is not as expected.
    """
    settings = read_variables(project_dir, overrides)
    start_hour = settings.get("business_day_start_hour", 0)
    if type(start_hour) is not int or not 0 <= start_hour <= 23:
        raise UsageError(f"business_day_start_hour is {start_hour!r}; expected a whole hour from 0 to 23.")
    return BusinessCalendar(
        str(settings.get("default_timezone", DEFAULT_TIMEZONE)),
        start_hour,
        {place: zone for place, zone in read_locations(project_dir).items() if zone},
    )


def read_locations(project_dir: Path) -> dict[str, str]:
    """The time zone of each location by its id, blank where the seed leaves it blank; none without a seed.

    Raises:
        LoaderError: the seed is no UTF-8, or lacks a column.
    """
    path = seed_file(project_dir, "locations")
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return {row["location_id"].strip(): row["timezone"].strip() for row in rows}
    except (KeyError, AttributeError, ValueError, csv.Error) as error:
        raise LoaderError(f"{path} must be UTF-8 with columns location_id and timezone.") from error
