"""What a daily run leaves on disk about itself, from its beginning to its end."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sales_loader.errors import UsageError
from sales_loader.morning_summary import Summary
from sales_loader.privacy import masked
from sales_loader.service import EXIT_FAILED

DAILY_JSON = Path("target/daily.json")
EXIT_USAGE = 2


@contextmanager
def recorded(summary: Summary, path: Path) -> Iterator[None]:
    """Keep a record of a run from its beginning on, so that one that is killed leaves a trace.

    Args:
        summary: of the run; whoever runs it says how it has ended, unless an exception ends it.
        path: where to.
    """
    write_record(summary, path)
    try:
        yield
    except BaseException as error:
        code = EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAILED
        summary.add_problem(f"{type(error).__name__}: {masked(str(error))}".removesuffix(": "))
        summary.end(code)
        raise
    finally:
        write_record(summary, path)


@contextmanager
def step(summary: Summary, path: Path, name: str) -> Iterator[None]:
    """Note in the record that a step of a run has begun, and at its end how long it took.

    A run that is killed leaves the step it was at without seconds; an exception leaves it as the failed one.

    Args:
        summary: of the run.
        path: of its record.
        name: of the step.
    """
    noted = summary.begin_step(name)
    write_record(summary, path)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        summary.failed_step = summary.failed_step or name
        raise
    finally:
        noted["seconds"] = round(time.monotonic() - started, 1)


def write_record(summary: Summary, path: Path) -> None:
    """Write the summary of a run, and a copy of it that the next run leaves alone.

    Args:
        summary: of a run that has begun.
        path: where to; the copy goes into the folder of that name beside it, named after the start.
    """
    text = json.dumps(summary.as_json(), indent=2) + "\n"
    copy = path.parent / path.stem / f"{summary.started_at:%Y-%m-%dT%H%M%S}.json"
    copy.parent.mkdir(parents=True, exist_ok=True)
    for one in (path, copy):
        one.write_text(text, encoding="utf-8")


def read_record(path: Path) -> dict[str, Any]:
    """The summary of the latest run; empty where there is none, or only half of it."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
