"""The dbt project file."""

from pathlib import Path
from typing import Any

import yaml

from sales_loader.errors import LoaderError

PROJECT_FILE = "dbt_project.yml"


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
