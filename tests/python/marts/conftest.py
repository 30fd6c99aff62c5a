"""Source files and warehouses that several tests of the marts share."""

import re
from pathlib import Path

import pytest

from tests.python.support.project_copy import Workshop, generate_files

HEX_ID = re.compile("[0-9a-f]{24}")


@pytest.fixture(scope="package")
def dirty_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of daily files with every kind of dirt: 4,000 lines, 120 days, 6 restaurants."""
    size = ["--lines", "4000", "--days", "120", "--restaurants", "6", "--customers", "400", "--seed", "7"]
    return generate_files(tmp_path_factory.mktemp("dirty") / "days", *size, "--split-by-day", "--dirt")


@pytest.fixture(scope="package")
def seeds(dirty_days: Path) -> dict[str, str]:
    """Seeds that say something: staff, corrected and costed categories, four time zones."""
    lines = [
        [*line.split(","), "", "", "", ""]
        for file in dirty_days.rglob("order_items.csv")
        for line in usual_lines(file)
    ]
    locations = sorted({line[1] for line in lines if HEX_ID.fullmatch(line[1])})
    customers = sorted({line[4] for line in lines if HEX_ID.fullmatch(line[4])})
    zones = ["America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"]
    named = [
        f'{one},"Corner, {n}",Region {n % 2},{zones[n]},2024-01-0{n + 1}'
        for n, one in enumerate(locations[:4])
    ]
    return {
        "locations": "\n".join(["location_id,location_name,region,timezone,opened_on", *named, ""]),
        "excluded_customers": "\n".join(
            ["customer_id,reason", *(f"{one},staff" for one in customers[::40]), ""]
        ),
        "menu_category_costs": "item_category,food_cost_rate\nSandwiches,0.3125\nSalads,0.29\n",
        "menu_category_corrections": (
            "raw,corrected\nsandwiches,Sandwiches\nSANDWICHES,Sandwiches\nSalads,Green Salads\n"
        ),
    }


def usual_lines(file: Path) -> list[str]:
    """Lines of an order file whose columns stand in the usual order; of any other file none."""
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    return lines if header.startswith("APP_NAME,RESTAURANT_ID,CREATION_TIME_UTC,ORDER_ID,USER_ID") else []


@pytest.fixture(scope="package")
def dirty(dirty_days: Path, seeds: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A workshop whose warehouse holds the dirty days; nothing is built yet."""
    workshop = Workshop.create(tmp_path_factory.mktemp("workshop"), seeds)
    assert workshop.load(dirty_days) == 3
    return workshop
