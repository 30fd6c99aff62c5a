"""The dbt project: which folder it is, what its file says, and work inside it."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import yaml

from sales_loader.errors import LoaderError, UsageError
from sales_loader.own_settings import LINKED_SEEDS, link_seeds, read_own_settings

PROJECT_FILE = "dbt_project.yml"
_FETCHED_PACKAGES = Path("dbt_packages")
_OFFLINE_PACKAGES = Path("tests/offline_packages")
_PROFILES = Path("profiles.yml")
_EXAMPLE = Path("profiles.yml.example")
_COPIED = Path("target/profiles/profiles.yml")


def find_project(given: Path | None) -> Path | None:
    """The folder of the project: the one given, else the nearest from the current folder upwards.

    Returns:
        An absolute path, or ``Path()`` for the current folder; None where there is no project.

    Raises:
        UsageError: the folder given holds no ``dbt_project.yml``.
    """
    here = Path.cwd()
    if given is not None and not (given / PROJECT_FILE).is_file():
        raise UsageError(f"{given} holds no {PROJECT_FILE}: name the project's folder with --project-dir.")
    folders = [here / given] if given is not None else [here, *here.parents]
    found = next((folder.resolve() for folder in folders if (folder / PROJECT_FILE).is_file()), None)
    return Path() if found == here.resolve() else found


def no_project() -> UsageError:
    """What to tell where a project is needed and there is none."""
    return UsageError(
        f"Neither {Path.cwd()} nor a folder above it holds {PROJECT_FILE}. Nothing was done: go to the "
        "project's folder, or name it with --project-dir."
    )


@contextmanager
def in_project(folder: Path, database: Path) -> Iterator[None]:
    """Work in the project's folder, with all in the environment that dbt has to know of it.

    Args:
        folder: of the project, as ``find_project`` tells it.
        database: DuckDB file of the warehouse, absolute unless the project's folder is the current one.
    """
    profiles = os.environ.get("DBT_PROFILES_DIR")
    given = Path(profiles).absolute() if profiles else None
    with chdir(folder), environment({**_for_dbt(given), **_seeds(), "WAREHOUSE_PATH": str(database)}):
        yield


def absolute(source: str) -> str:
    """A path that is right in the project's folder too; an address on S3 is left alone."""
    return source if not source or "://" in source else str(Path(source).absolute())


@contextmanager
def environment(given: Mapping[str, str]) -> Iterator[None]:
    """Have some variables in the environment, and have it as it was afterwards."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _seeds() -> dict[str, str]:
    own = read_own_settings(Path()).seeds
    if not own:
        return {}
    link_seeds(own)
    return {"SEEDS_DIR": str(LINKED_SEEDS)}


def _for_dbt(profiles: Path | None) -> dict[str, str]:
    """Variables of dbt in the project's folder, the current one; profiles.yml wins over the example."""
    found = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    if (
        "PACKAGES_DIR" not in os.environ
        and not any(_FETCHED_PACKAGES.glob("*"))
        and _OFFLINE_PACKAGES.exists()
    ):
        found["PACKAGES_DIR"] = str(_OFFLINE_PACKAGES)
    if profiles is None and not _PROFILES.exists() and _EXAMPLE.exists():
        _COPIED.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_EXAMPLE, _COPIED)
        profiles = _COPIED.parent.absolute()
    return found | {"DBT_PROFILES_DIR": str(profiles or Path.cwd())}


def read_project(folder: Path) -> dict[str, Any]:
    """What ``dbt_project.yml`` says, as written; empty when there is none.

    Args:
        folder: of the project.

    Raises:
        LoaderError: the file is no YAML mapping.
    """
    path = folder / PROJECT_FILE
    if not path.exists():
        return {}
    try:
        return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> LoaderError:
    """What to tell of a project file that does not look like one."""
    return LoaderError(f"{path} cannot be read as a dbt project: {type(error).__name__}.")
