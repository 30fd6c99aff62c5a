"""The stand-in, and a bench on it for each test."""

from pathlib import Path

import pytest

from tests.python.support.redshift_bench import RedshiftBench
from tests.python.support.stand_in_fixtures import running_stand_in as running_stand_in
from tests.python.support.stand_in_fixtures import stand_in as stand_in
from tests.redshift_stand_in.stand_in import StandIn


@pytest.fixture
def redshift_bench(stand_in: StandIn, tmp_path: Path) -> RedshiftBench:
    return RedshiftBench(tmp_path, stand_in)
