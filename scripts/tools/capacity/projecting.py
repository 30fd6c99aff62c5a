"""The figures of a daily run, model by model, extrapolated to other sizes."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sales_loader.warehouses.redshift.schema import create_statements
from tools.capacity.growth import Growth, growth
from tools.capacity.measuring import Bytes, DailyRun, home_column, moved
from tools.capacity.profiles import Profile

Figures = dict[str, dict[str, float]]
TESTS = "the data tests"
PUBLISHING = "publishing the marts"
_SORTED = re.compile(r"create table if not exists (\S+) .* sortkey \((\w+)")


@dataclass(frozen=True)
class Measured:
    """One warehouse and the two with half of its restaurants and half of its days.

    Attributes:
        whole: the warehouse that figures are taken from.
        half_restaurants: one with half as many restaurants.
        half_days: one with half as long a history.
    """

    whole: DailyRun
    half_restaurants: DailyRun
    half_days: DailyRun


def sort_columns(daily_run: DailyRun) -> dict[str, str]:
    """First column of the sort key of each table on Redshift that has one."""
    models = {model.table: model.sort[0] for model in daily_run.models if model.sort}
    raw = {found[1]: found[2] for text in create_statements() if (found := _SORTED.match(text))}
    return raw | models


def figures(daily_run: DailyRun, estimates: Bytes) -> Figures:
    """Rows and bytes of each step of a daily run.

    Args:
        daily_run: what was counted.
        estimates: gives bytes.

    Returns:
        By step, which is a model's name or one of those named here: ``rows`` in the end, rows ``written``,
        bytes read from ``whole`` columns and with blocks ``skipped``, and rows ``moved``, also when no table
        ``anyhow`` has a distribution of its own.
    """
    found = {}
    for model in daily_run.models:
        done = daily_run.profiles[model.name]
        found[model.name] = _reading(daily_run, estimates, done) | {
            "rows": daily_run.rows[model.table],
            "written": daily_run.written[model.table],
        }
        found[model.name]["whole"] += estimates.deleted(daily_run, model, skipping=False)
        found[model.name]["skipped"] += estimates.deleted(daily_run, model, skipping=True)
    tests = [_reading(daily_run, estimates, done) for done in daily_run.tests.values()]
    found[TESTS] = {name: sum(test[name] for test in tests) for name in tests[0]} | {"rows": 0, "written": 0}
    published = {
        "whole": estimates.published(daily_run, skipping=False),
        "skipped": estimates.published(daily_run, skipping=True),
    }
    rows = sum(
        daily_run.written[model.table] for model in daily_run.models if model.table.startswith("marts.")
    )
    found[PUBLISHING] = published | {"rows": 0, "written": rows, "moved": 0, "anyhow": 0}
    return found


def _reading(daily_run: DailyRun, estimates: Bytes, done: Profile) -> dict[str, float]:
    home = home_column(done, _dists(daily_run))
    return {
        "whole": estimates.read(daily_run, done.scans, skipping=False),
        "skipped": estimates.read(daily_run, done.scans, skipping=True),
        "moved": sum(moved(movement, home) for movement in done.movements),
        "anyhow": sum(moved(movement) for movement in done.movements),
    }


def _dists(daily_run: DailyRun) -> dict[str, str]:
    return {model.table: model.dist for model in daily_run.models if model.dist}


def project(measured: Measured, estimates: Bytes) -> dict[str, dict[str, Growth]]:
    """What each figure of each step grows with."""
    return _grown(
        measured,
        figures(measured.whole, estimates),
        figures(measured.half_restaurants, estimates),
        figures(measured.half_days, estimates),
    )


def _grown(
    measured: Measured, whole: Figures, half_restaurants: Figures, half_days: Figures
) -> dict[str, dict[str, Growth]]:
    size = measured.whole.size
    return {
        step: {
            name: growth(
                size,
                value,
                half_restaurants.get(step, {}).get(name, 0),
                half_days.get(step, {}).get(name, 0),
            )
            for name, value in values.items()
        }
        for step, values in whole.items()
    }


def project_keys(measured: Measured, *, anyhow: bool) -> dict[str, dict[str, Growth]]:
    """Rows that move in the models for each key of a join, a group or a window.

    Args:
        measured: the warehouses.
        anyhow: as if no table had a distribution of its own.

    Returns:
        By key, one growth by model.
    """
    whole, half_restaurants, half_days = (
        _by_key(daily_run, anyhow)
        for daily_run in (measured.whole, measured.half_restaurants, measured.half_days)
    )
    return _grown(measured, whole, half_restaurants, half_days)


def _by_key(daily_run: DailyRun, anyhow: bool) -> Figures:
    found: Figures = defaultdict(lambda: defaultdict(float))
    for name, done in daily_run.profiles.items():
        home = "" if anyhow else home_column(done, _dists(daily_run))
        for movement in done.movements:
            found[movement.key][name] += moved(movement, home)
    return found


def project_tests(measured: Measured, estimates: Bytes) -> dict[str, Growth]:
    """Bytes that each data test reads from whole columns."""
    whole, half_restaurants, half_days = (
        {
            name: {"whole": estimates.read(daily_run, done.scans, skipping=False)}
            for name, done in daily_run.tests.items()
        }
        for daily_run in (measured.whole, measured.half_restaurants, measured.half_days)
    )
    grown = _grown(measured, whole, half_restaurants, half_days)
    return {name: values["whole"] for name, values in grown.items()}


def project_sorts(measured: Measured, estimates: Bytes) -> dict[str, dict[str, Growth]]:
    """Bytes that models and tests need not read where a table is sorted by a column.

    Returns:
        By table and column as ``table: column``, one growth by the reading model or test.
    """
    return _grown(
        measured,
        _by_sort(measured.whole, estimates),
        _by_sort(measured.half_restaurants, estimates),
        _by_sort(measured.half_days, estimates),
    )


def _by_sort(daily_run: DailyRun, estimates: Bytes) -> Figures:
    found: Figures = defaultdict(lambda: defaultdict(float))
    every: Mapping[str, Profile] = {**daily_run.profiles, **daily_run.tests}
    for name, done in every.items():
        for scan in done.scans:
            spared = (daily_run.rows.get(scan.table, 0) - scan.rows) * estimates.width(
                scan.table, scan.columns
            )
            for column in scan.filtered:
                found[f"{scan.table}: {column}"][name] += max(spared, 0)
    for model in daily_run.models:
        if model.is_kept:
            found[f"{model.table}: {model.found_by}"][f"replacing rows of {model.name}"] += estimates.deleted(
                daily_run, model, skipping=False
            )
    return found
