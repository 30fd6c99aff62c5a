"""The dbt project: which folder it is, and what its file says."""

from pathlib import Path
from typing import Any

import yaml

from sales_loader.errors import LoaderError, UsageError

PROJECT_FILE = "dbt_project.yml"


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
    """The error if a project is needed and there is none."""
    return UsageError(
        f"Neither {Path.cwd()} nor a folder above it holds {PROJECT_FILE}. Nothing was done: go to the "
        "project's folder, or name it with --project-dir."
    )


def absolute(source: str) -> str:
    """A path that is right in the project's folder too; an address on S3 is left alone."""
    return source if not source or "://" in source else str(Path(source).absolute())


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
    """The error for a project file that does not look like one."""
    return LoaderError(f"{path} cannot be read as a dbt project: {type(error).__name__}.")
