"""One browser and one company for all tests of the report."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from tests.python.support.built_sample import built_sample

from .browser import Report, chromium, written


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the generated company, with names and two regions; two restaurants have none."""
    warehouse = tmp_path_factory.mktemp("named") / "warehouse.duckdb"
    shutil.copy(built_sample(tmp_path_factory), warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(_NAMES)
    return warehouse


_NAMES = """
create temp table named as
select location_id, row_number() over (order by location_id) as place from marts.dim_locations;
update marts.dim_locations set
    location_name = 'Corner ' || place,
    region = case when place < 3 then 'North' when place < 5 then 'South' end
from named where dim_locations.location_id = named.location_id;
"""


@pytest.fixture
def changed(sample: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the warehouse after statements that change its marts."""

    def change(statements: str) -> Path:
        warehouse = tmp_path / "changed.duckdb"
        shutil.copy(sample, warehouse)
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(statements)
        return warehouse

    return change


@pytest.fixture(scope="session")
def sample_page(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's report."""
    return written(sample, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def sample_report(browser: Browser, sample_page: Path) -> Iterator[Report]:
    """The company's report, open on a laptop."""
    with Report.opened(browser, sample_page) as report:
        yield report
