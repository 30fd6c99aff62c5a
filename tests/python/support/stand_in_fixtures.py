"""The stand-in of Redshift as fixtures: started once for a room, as new for each test."""

from collections.abc import Iterator

import pytest

from tests.redshift_stand_in.stand_in import StandIn


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
