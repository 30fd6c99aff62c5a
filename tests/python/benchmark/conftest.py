"""A company's files up to a day and those of the two days after, and what the project makes of them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from marts.building import Workshop, generate_files

SIZE = ("--lines", "5000", "--days", "460", "--restaurants", "6", "--customers", "500", "--seed", "11")


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
    days = generate_files(folder / "days", *SIZE, "--split-by-day")
    *first_days, last_but_one, last = sorted(day for day in days.iterdir() if day.is_dir())
    earlier = folder / "earlier"
    merge(first_days, earlier / first_days[-1].name)
    shutil.move(days / "date_dim.csv", earlier)
    for day in first_days:
        shutil.rmtree(day)
    workshop = Workshop.create(folder, seeds_for(earlier / first_days[-1].name / "order_items.csv"))
    workshop.load(earlier)
    workshop.load(days)
    done = workshop.run("dbt", "build", "--resource-type", "seed", "--resource-type", "model")
    assert done.returncode == 0, done.stdout
    return Company(earlier, last_but_one, last, workshop)


def merge(folders: list[Path], into: Path) -> None:
    """One file of each name in place of many, as loading hundreds takes long."""
    into.mkdir(parents=True)
    for name in ("order_items.csv", "order_item_options.csv"):
        texts = [(one / name).read_text(encoding="utf-8") for one in folders if (one / name).exists()]
        header = texts[0].partition("\n")[0]
        text = "".join(text.partition("\n")[2] for text in texts)
        (into / name).write_text(f"{header}\n{text}", encoding="utf-8")


def seeds_for(order_items: Path) -> Mapping[str, str]:
    """Seeds that say something: two time zones, staff, costs, a corrected category."""
    lines = [line.split(",") for line in order_items.read_text(encoding="utf-8").splitlines()[1:100]]
    location, customer = lines[0][1], next(line[4] for line in lines if len(line) == 13 and line[4])
    return {
        "locations": (
            "location_id,location_name,region,timezone,opened_on\n"
            f"{location},Lord Howe,Islands,Australia/Lord_Howe,2024-01-01\n"
        ),
        "excluded_customers": f"customer_id,reason\n{customer},staff\n",
        "menu_category_costs": "item_category,food_cost_rate\nSandwiches,0.3125\nGreens,0.29\n",
        "menu_category_corrections": "raw,corrected\nSalads,Greens\n",
    }
