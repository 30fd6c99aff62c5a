"""Samples written once for all tests of the generator."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sample_data.plan import Plan, default_customers
from sample_data.run import write_sample

from .reading import Record, records

LINES = 20_000
CLEAN = Plan(lines=LINES, customers=default_customers(LINES))
SMALL = Plan(lines=4_000, days=160, customers=default_customers(4_000), end_date=dt.date(2024, 3, 31))
"""Holds both changes of the clock and a 29 February."""


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    write_sample(CLEAN, out)
    return out


@pytest.fixture(scope="session")
def lines(clean: Path) -> list[Record]:
    return records(clean / "order_items.csv")


@pytest.fixture(scope="session")
def options(clean: Path) -> list[Record]:
    return records(clean / "order_item_options.csv")


@pytest.fixture(scope="session")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("split")
    write_sample(SMALL, out, split=True)
    return out


@pytest.fixture(scope="session", params=[False, True], ids=["one file", "split by day"])
def dirty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dirty")
    write_sample(SMALL, out, split=request.param, dirty=True)
    return out


@pytest.fixture(scope="session")
def dirty_split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dirty_split")
    write_sample(SMALL, out, split=True, dirty=True)
    return out
