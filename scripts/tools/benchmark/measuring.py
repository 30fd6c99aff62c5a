"""Runs a command and takes its time, CPU time and memory."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile

# A process counts the memory of the one that started it as its own peak, so a small one does that.
_LAUNCHER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
cost = {
    "wall": time.perf_counter() - began,
    "cpu": usage.ru_utime + usage.ru_stime,
    "peak": usage.ru_maxrss / 1024**2,
}
with open(sys.argv[1], "w") as report:
    json.dump(cost, report)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Attributes:
        wall: seconds on the clock.
        cpu: seconds of all cores.
        peak: largest resident memory, GB.
    """

    wall: float
    cpu: float
    peak: float


class CommandFailedError(Exception):
    """A measured command ended with an error."""


def cost_of(
    command: str, *words: str | Path, folder: Path, environment: Mapping[str, str], good: Iterable[int] = (0,)
) -> Cost:
    """Run a command of this Python's environment.

    Args:
        command: its name, such as ``dbt``.
        words: its arguments.
        folder: where it runs.
        environment: more variables for it.
        good: exit codes that are no error.

    Returns:
        What it took, with what its child processes took.

    Raises:
        CommandFailedError: it ended with another exit code; the message is the end of what it printed.
    """
    program = [Path(sys.executable).with_name(command), *words]
    with NamedTemporaryFile() as report:
        done = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, report.name, *program],
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode not in good:
            raise CommandFailedError(f"{command} {' '.join(map(str, words))}: {done.stdout[-2000:]}")
        return Cost(**json.loads(report.read()))


def median_of(costs: Iterable[Cost]) -> Cost:
    """The median of each figure on its own."""
    every = list(costs)
    return Cost(*(median(getattr(cost, name) for cost in every) for name in ("wall", "cpu", "peak")))
