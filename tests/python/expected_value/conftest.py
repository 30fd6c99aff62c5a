"""Three generated companies, built as far as the expected value of their customers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.python.support.project_copy import Workshop, as_yaml, generate_files

MARTS = ("customer_expected_value", "expected_value_cells", "expected_value_backtest")


def build_expected_value(workshop: Workshop, variables: Mapping[str, object] | None = None) -> None:
    """Builds the models in a full refresh, without tests.

    Raises:
        AssertionError: a model failed.
    """
    done = workshop.run("dbt", "run", "--quiet", "--full-refresh", "--vars", as_yaml(variables))
    assert done.returncode == 0, done.stdout + done.stderr


def _company(folder: Path, customers: int, lines: int, days: int) -> Workshop:
    size = ["--customers", str(customers), "--lines", str(lines), "--days", str(days)]
    files = generate_files(folder / "files", *size, "--restaurants", "8", "--seed", "5")
    workshop = Workshop.create(folder, marts=MARTS)
    assert workshop.load(files) == 0
    seeded = workshop.run("dbt", "seed", "--quiet", "--exclude", "path:seeds/sample")
    assert seeded.returncode == 0, seeded.stdout + seeded.stderr
    return workshop


@pytest.fixture(scope="package")
def young(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """200 customers, 5 complete months."""
    return _company(tmp_path_factory.mktemp("young"), 200, 1_500, 150)


@pytest.fixture(scope="package")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """3,000 customers, 14 complete months."""
    return _company(tmp_path_factory.mktemp("growing"), 3_000, 25_000, 426)


@pytest.fixture(scope="package")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """30,000 customers, 40 complete months."""
    return _company(tmp_path_factory.mktemp("grown"), 30_000, 300_000, 1_218)
