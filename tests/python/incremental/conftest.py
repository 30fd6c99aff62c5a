"""dbt's statements, recorded once for all sequences."""

import pytest

from tests.python.support.project_copy import Workshop, generate_files
from tests.python.support.replay.recording import Recording, record

SEEDS = {
    "locations": (
        "location_id,location_name,region,timezone,opened_on\n"
        "north,North,A,America/New_York,\nsouth,South,B,Asia/Kolkata,\n"
    ),
    "excluded_apps": "app_name,reason\nSandbox,test app\n",
    "excluded_customers": "customer_id,reason\nstaff,staff\n",
    "menu_category_costs": "item_category,food_cost_rate\nSalads,0.2999\n",
}


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("recording")
    size = ["--lines", "50", "--days", "3", "--restaurants", "2", "--customers", "5"]
    workshop = Workshop.create(folder, SEEDS)
    workshop.load(generate_files(folder / "files", *size))
    return record(workshop)
