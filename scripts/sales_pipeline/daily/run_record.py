"""The record that a daily run keeps of itself on disk, from its start to its end."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sales_loader.errors import UsageError
from sales_loader.load_service import EXIT_FAILED
from sales_loader.privacy import masked
from sales_pipeline.daily.run_summary import RunSummary

DAILY_JSON = Path("target/daily.json")
EXIT_USAGE = 2


@contextmanager
def recorded(summary: RunSummary, path: Path) -> Iterator[None]:
    """Keep the record of a run from its start on, so that a killed run leaves one too.

    Args:
        summary: summary of the run; the caller notes how the run ended, unless an exception ends it.
        path: file to write.
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
def step(summary: RunSummary, path: Path, name: str) -> Iterator[None]:
    """Note in the record that a step of a run has begun, and at its end how long it took.

    A run that is killed leaves its last step without seconds; an exception marks the step as the failed one.

    Args:
        summary: summary of the run.
        path: file of its record.
        name: name of the step.
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


def write_record(summary: RunSummary, path: Path) -> None:
    """Write the summary of a run, and a copy that later runs do not overwrite.

    Args:
        summary: summary of a run that has started.
        path: file to write; the copy goes into the folder of that name beside it, named after the start time.
    """
    text = json.dumps(summary.as_json(), indent=2) + "\n"
    copy = path.parent / path.stem / f"{summary.started_at:%Y-%m-%dT%H%M%S}.json"
    copy.parent.mkdir(parents=True, exist_ok=True)
    for one in (path, copy):
        one.write_text(text, encoding="utf-8")


def read_record(path: Path) -> dict[str, Any]:
    """The summary of the latest run; empty if there is none or it is incomplete."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
