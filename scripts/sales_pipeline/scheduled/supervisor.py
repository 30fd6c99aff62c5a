"""Runs a command under watch: passes on its output, limits its time, explains how it ended."""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from sales_loader.escaping import escaped

_GRACE_SECONDS = 60  # between SIGTERM and SIGKILL
_TAIL_LINES = 200


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: its exit code; if negative, the signal that ended it.
        why: why it was stopped; empty if it ended by itself.
        tail: the last lines of its output.
    """

    code: int
    why: str
    tail: tuple[str, ...]


class Supervisor:
    """Runs a command; stops it and all that it started when its time is over or SIGTERM arrives.

    Args:
        seconds: how long it may run.
        show: called with each line of its output.
        grace: seconds between SIGTERM and SIGKILL.
    """

    def __init__(self, seconds: float, show: Callable[[str], None], grace: float = _GRACE_SECONDS) -> None:
        self._seconds = seconds
        self._show = show
        self._grace = grace
        self._why = ""
        self._process: subprocess.Popen[str] | None = None
        self._killer: threading.Timer | None = None

    def run(self, command: Sequence[str]) -> Ended:
        """Run a command to its end."""
        tail: deque[str] = deque(maxlen=_TAIL_LINES)
        limit = threading.Timer(
            self._seconds,
            self._end,
            [f"it was stopped after its time limit of {self._seconds / 60:g} minutes"],
        )
        with self._until_sigterm(), self._started(command) as process:
            limit.start()
            try:
                for line in process.stdout or ():
                    tail.append(escaped(line.rstrip("\n")))
                    self._show(tail[-1])
                code = process.wait()
            finally:
                limit.cancel()
                if self._killer is not None:
                    self._killer.cancel()
        return Ended(code, self._why, tuple(tail))

    @contextmanager
    def _started(self, command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # so that what it started can be ended with it
        )
        self._process = process
        if self._why:  # SIGTERM arrived meanwhile
            self._end(self._why)
        with process:
            try:
                yield process
            except KeyboardInterrupt:
                # Ctrl-C does not reach its session. A daily run may be killed at any moment.
                self._signal(signal.SIGKILL)
                raise

    @contextmanager
    def _until_sigterm(self) -> Iterator[None]:
        def end(_: int, __: FrameType | None) -> None:
            self._end("it was stopped from outside (SIGTERM)")

        before = signal.signal(signal.SIGTERM, end)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)

    def _end(self, why: str) -> None:
        self._why = why
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        self._killer = threading.Timer(self._grace, self._signal, [signal.SIGKILL])
        self._killer.daemon = True
        self._killer.start()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):  # all of it has ended
                os.killpg(self._process.pid, number)


def own_command(*arguments: str) -> list[str]:
    """The command line that runs a module with the Python in use."""
    return [sys.executable, "-m", *arguments]
