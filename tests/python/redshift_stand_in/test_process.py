"""The stand-in by hand, and that nothing of it is left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redshift_connector

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user may enter, which pytest's may not be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "tests.redshift_stand_in"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def exported(process: "subprocess.Popen[str]") -> dict[str, str]:
    """The variables that it prints."""
    variables = {}
    for line in process.stdout or ():
        name, _, value = line.removeprefix("export ").strip().partition("=")
        variables[name] = value.strip("'")
        if name == "AWS_SESSION_TOKEN":
            break
    return variables


def becomes(condition: Callable[[], bool]) -> bool:
    """Whether something comes true within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_serves_until_it_is_stopped_and_leaves_nothing(
    process: "subprocess.Popen[str]", folder: Path, end: signal.Signals
) -> None:
    variables = exported(process)
    assert variables["WAREHOUSE_TARGET"] == "redshift"
    with redshift_connector.connect(
        host=variables["REDSHIFT_HOST"],
        port=int(variables["REDSHIFT_PORT"]),
        database=variables["REDSHIFT_DATABASE"],
        user=variables["REDSHIFT_USER"],
        password=variables["REDSHIFT_PASSWORD"],
        ssl=False,
    ) as connection:
        assert connection.cursor().execute("select 1").fetchone() == [1]
    (data,) = folder.glob("stand-in-*/data")
    server = int((data / "postmaster.pid").read_text().splitlines()[0])
    process.send_signal(end)
    process.wait(20)
    assert becomes(lambda: not list(folder.glob("stand-in-*")))
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
