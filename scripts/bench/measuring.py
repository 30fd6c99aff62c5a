"""Runs a command and takes its time, CPU time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median


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
    began = time.perf_counter()
    process = subprocess.Popen(
        program,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise CommandFailedError(f"{command} {' '.join(map(str, words))}: {output[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024**2)


def median_of(costs: Iterable[Cost]) -> Cost:
    """The median of each figure on its own."""
    every = list(costs)
    return Cost(*(median(getattr(cost, name) for cost in every) for name in ("wall", "cpu", "peak")))
