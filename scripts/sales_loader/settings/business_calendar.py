"""Business dates: the settings that they depend on, and the SQL that gives them for landed rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from sales_loader.errors import LoaderError, UsageError
from sales_loader.settings.seeds import check_seeds, read_seed
from sales_loader.settings.variables import read_variables

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
        project_dir: folder that may hold ``dbt_project.yml`` and ``seeds/``.
        overrides: YAML mapping as dbt's ``--vars`` takes it.

    Raises:
        UsageError: the overrides are no YAML mapping, or a variable is not as its rule says.
        LoaderError: a project file or a seed is not as expected.
    """
    settings = read_variables(project_dir, overrides)
    start_hour = settings.get("business_day_start_hour", 0)
    if type(start_hour) is not int or not 0 <= start_hour <= 23:
        raise UsageError(f"business_day_start_hour is {start_hour!r}; expected a whole hour from 0 to 23.")
    check_seeds(project_dir)
    return BusinessCalendar(
        str(settings.get("default_timezone", DEFAULT_TIMEZONE)),
        start_hour,
        {place: zone for place, zone in read_locations(project_dir).items() if zone},
    )


def read_locations(project_dir: Path) -> dict[str, str]:
    """The time zone of each location by its id, blank where the seed leaves it blank; none without a seed.

    Raises:
        LoaderError: the seed is not as expected.
    """
    cells = (row.cells for row in read_seed(project_dir, "locations"))
    return {location_id: timezone for location_id, _, _, timezone, _ in cells}
