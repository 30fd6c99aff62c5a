"""The warehouse of a generated company, built once for all processes of a test run."""

import fcntl
import os
from pathlib import Path

import pytest

from .project_copy import Workshop, generate_files

SIZE = {"lines": 8000, "days": 730, "restaurants": 6, "customers": 600, "seed": 3}
COMPANY = [f"--{name}={value}" for name, value in SIZE.items()] + ["--dirt"]


def built_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DuckDB file of two years, six restaurants, loyalty, discounts and dirt; to be read, not written.

    Args:
        tmp_path_factory: says where the run keeps its files.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which all processes share
    with (folder / "built_sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        warehouse = folder / "built_sample.duckdb"
        if not warehouse.exists():
            _build(folder / "built_sample").rename(warehouse)
        return warehouse


def _build(folder: Path) -> Path:
    """Load and build the company in a copy of the project; its models are tested elsewhere."""
    workshop = Workshop.create(folder)
    workshop.load(generate_files(folder / "files", *COMPANY))
    done = workshop.run("dbt", "build", "--exclude", "resource_type:test", "resource_type:unit_test")
    assert done.returncode == 0, done.stdout + done.stderr
    return workshop.warehouse
