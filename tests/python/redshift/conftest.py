"""A bench on DuckDB and one on Redshift for each test, and one stand-in for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from loader.workbench import Bench
from redshift_stand_in.stand_in import StandIn

from .workbench import RedshiftBench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture(scope="session")
def running_stand_in() -> Iterator[StandIn]:
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running_stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The stand-in as if it had just been started, named by the environment."""
    running_stand_in.reset()
    for name, value in running_stand_in.environment().items():
        monkeypatch.setenv(name, value)
    return running_stand_in


@pytest.fixture
def redshift_bench(stand_in: StandIn, tmp_path: Path) -> RedshiftBench:
    return RedshiftBench(tmp_path, stand_in)
