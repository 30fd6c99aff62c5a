"""The variables of the dbt project: read as dbt reads them, checked by the project's own rules."""

import ast
import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytz
import yaml
from jinja2.sandbox import SandboxedEnvironment

from sales_loader.errors import UsageError
from sales_loader.settings.own_settings import read_own_settings
from sales_loader.settings.project import PROJECT_FILE, read_project, unreadable

_RULES = Path("macros/settings/variable_rules.sql")
_PROBLEMS = Path("macros/settings/variable_problems.sql")
_LITERAL = re.compile(r"return\((.*)\)\s*\}\}", re.DOTALL)
# What dbt gives its macros under this name, as far as these use it.
_MODULES = {"datetime": datetime, "pytz": pytz, "re": re}


def read_variables(project_dir: Path, overrides: str) -> dict[str, Any]:
    """The project's variables, with those of ``settings.yml`` and then ``--vars`` over them.

    Raises:
        UsageError: the overrides are no YAML mapping, or a variable is unknown or not as its rule says.
        LoaderError: ``dbt_project.yml`` is not as expected.
    """
    values = _project_vars(project_dir) | given_variables(project_dir, overrides)
    if problems := variable_problems(project_dir, values):
        raise UsageError("\n".join(problems))
    return values


def given_variables(project_dir: Path, overrides: str) -> dict[str, Any]:
    """The variables that dbt is given: those of ``settings.yml``, with ``--vars`` over them.

    Raises:
        UsageError: either is not as expected.
    """
    return {**read_own_settings(project_dir).variables, **read_overrides(overrides)}


def read_overrides(text: str) -> dict[str, Any]:
    """The mapping that ``--vars`` holds.

    Raises:
        UsageError: it is no YAML mapping.
    """
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: no such date, as 2025-02-30
        value = text
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UsageError("--vars must be a YAML mapping, for example '{business_day_start_hour: 4}'.")
    return value


def read_rules(project_dir: Path) -> dict[str, dict[str, Any]] | None:
    """The rules of the project's variables by name; None where the project has none."""
    path = project_dir / _RULES
    if not path.exists():
        return None
    literal = _LITERAL.search(path.read_text(encoding="utf-8"))
    return dict(ast.literal_eval(literal[1])) if literal else None


def variable_problems(project_dir: Path, values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the values of variables, as dbt says it at the start of a run.

    Args:
        project_dir: folder of the project; nothing is wrong where it has no rules.
        values: by name.

    Returns:
        A sentence for each variable that is unknown, missing or not as its rule says.
    """
    rules = read_rules(project_dir)
    if rules is None:
        return []
    environment = SandboxedEnvironment(extensions=["jinja2.ext.do"])
    text = (project_dir / _PROBLEMS).read_text(encoding="utf-8")
    macros: Any = environment.from_string(text, {"modules": _MODULES}).module
    return str(macros.variable_problems(values, rules)).strip().splitlines()


def _project_vars(project_dir: Path) -> dict[str, Any]:
    project = read_project(project_dir)
    try:
        named = dict(project.get("vars") or {})
        own = {name: value for name, value in named.items() if not isinstance(value, dict)}
        return own | dict(named.get(project.get("name")) or {})
    except (TypeError, ValueError) as error:
        raise unreadable(project_dir / PROJECT_FILE, error) from error
