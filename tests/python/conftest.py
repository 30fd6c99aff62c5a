"""What all tests may use."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.python.support import aws_descriptions, warm_commands
from tests.python.support.loader_bench import Bench

SHOWN = "shown in the summary"
_RUNNING = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Offer the commands to all processes that run tests."""
    aws_descriptions.read_once()
    if not hasattr(config, "workerinput"):
        config.stash[_RUNNING] = ExitStack()
        config.stash[_RUNNING].enter_context(warm_commands.offered())


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was offered."""
    if running := config.stash.get(_RUNNING, None):
        running.close()


@pytest.fixture
def show(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Have a text printed at the end of the run, for what people would rather see than trust."""
    return lambda text: record_property(SHOWN, text)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests showed, whichever process they ran in."""
    for kind in ("passed", "failed"):
        for report in terminalreporter.stats.get(kind, []):
            for name, text in report.user_properties:
                if name == SHOWN:
                    terminalreporter.section(report.nodeid.rpartition("::")[2])
                    terminalreporter.write_line(str(text))
