"""A company's files up to a day and those of the two days after, and what the project makes of them."""

import csv
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.python.support.project_copy import Workshop, generate_files

SIZE = ("--lines", "5000", "--days", "460", "--restaurants", "6", "--customers", "500", "--seed", "11")
LAST, LAST_BUT_ONE = date(2025, 6, 30), date(2025, 6, 29)

Row = dict[str, str]


@dataclass(frozen=True)
class Company:
    """Files of a company.

    Attributes:
        earlier: folder of all files but those of the last two days.
        last_but_one: folder of the last day but one, with which no month ends.
        last: folder of the last day, with which a month ends.
        project: where all of them were loaded and built.
    """

    earlier: Path
    last_but_one: Path
    last: Path
    project: Workshop

    @property
    def seeds(self) -> Path:
        """Folder of the seeds that the project was built with."""
        return self.project.project / "seeds"


@pytest.fixture(scope="package")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    generated = generate_files(folder / "generated", *SIZE)
    lines, options = (read(generated / f"{name}.csv") for name in ("order_items", "order_item_options"))
    far_away = lines[0]["RESTAURANT_ID"]
    dates = {line["LINEITEM_ID"]: local_date(line, far_away) for line in lines}
    earlier, days = folder / "earlier", folder / "days"
    parts: dict[Path, Callable[[date], bool]] = {
        earlier / "until_2025-06-28": lambda day: day < LAST_BUT_ONE,
        days / "2025-06-29": lambda day: day == LAST_BUT_ONE,
        days / "2025-06-30": lambda day: day == LAST,
    }
    earlier.mkdir()
    shutil.copy(generated / "date_dim.csv", earlier)
    workshop = Workshop.create(folder, seeds_for(lines, far_away))
    for place, holds in parts.items():
        write(place / "order_items.csv", [one for one in lines if holds(dates[one["LINEITEM_ID"]])])
        write(place / "order_item_options.csv", [one for one in options if holds(dates[one["LINEITEM_ID"]])])
        workshop.load(place.parent)
    done = workshop.run("dbt", "build", "--resource-type", "seed", "--resource-type", "model")
    assert done.returncode == 0, done.stdout
    return Company(earlier, days / "2025-06-29", days / "2025-06-30", workshop)


def local_date(line: Row, far_away: str) -> date:
    """The business date of a line."""
    zone = "Australia/Lord_Howe" if line["RESTAURANT_ID"] == far_away else "America/New_York"
    return datetime.fromisoformat(line["CREATION_TIME_UTC"]).astimezone(ZoneInfo(zone)).date()


def seeds_for(lines: list[Row], far_away: str) -> Mapping[str, str]:
    """Seeds that say something: two time zones, staff, costs, a corrected category."""
    customer = next(line["USER_ID"] for line in lines if line["USER_ID"])
    return {
        "locations": (
            "location_id,location_name,region,timezone,opened_on\n"
            f"{far_away},Lord Howe,Islands,Australia/Lord_Howe,2024-01-01\n"
        ),
        "excluded_customers": f"customer_id,reason\n{customer},staff\n",
        "menu_category_costs": "item_category,food_cost_rate\nSandwiches,0.3125\nGreens,0.29\n",
        "menu_category_corrections": "raw,corrected\nSalads,Greens\n",
    }


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def write(file: Path, rows: list[Row]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
