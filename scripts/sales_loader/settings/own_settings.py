"""The user's own variables and seeds, in ``settings.yml``, which updates of the project leave alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from sales_loader.errors import UsageError

SETTINGS_FILE = "settings.yml"
SEEDS = Path("seeds")


@dataclass(frozen=True)
class OwnSettings:
    """What ``settings.yml`` says.

    Attributes:
        variables: of the models, over those of ``dbt_project.yml`` and below those of a command line.
        seeds: file by name of the seed that it replaces.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    seeds: Mapping[str, Path] = field(default_factory=dict)


def read_own_settings(project_dir: Path) -> OwnSettings:
    """The settings of a project's folder; empty if there is no ``settings.yml``.

    Raises:
        UsageError: the file is no YAML of the kind expected, names what there is not, or a file
            of a seed is missing.
    """
    path = project_dir / SETTINGS_FILE
    if not path.exists():
        return OwnSettings()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no YAML: {' '.join(str(error).split())[:200]}") from None
    _refuse_unknown(path, "setting", _mapping(path, "it", content), ("vars", "seeds"))
    seeds = _mapping(path, "seeds", content.get("seeds") or {})
    _refuse_unknown(path, "seed", seeds, sorted(one.stem for one in (project_dir / SEEDS).glob("*.csv")))
    return OwnSettings(
        _mapping(path, "vars", content.get("vars") or {}),
        {name: _seed_file(path, name, file) for name, file in seeds.items()},
    )


def seed_file(project_dir: Path, name: str) -> Path:
    """The file of a seed: the user's own, else the project's."""
    return read_own_settings(project_dir).seeds.get(name, project_dir / SEEDS / f"{name}.csv")


def _mapping(path: Path, what: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{path}: {what} must be a mapping of names, as in settings.yml.example.")
    return {str(name): one for name, one in value.items()}


def _refuse_unknown(path: Path, kind: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            nearest = "".join(get_close_matches(name, known, n=1, cutoff=0))
            raise UsageError(f"{path}: there is no {kind} {name[:80]!r}; the nearest is {nearest or 'none'}.")


def _seed_file(path: Path, name: str, file: Any) -> Path:
    own = path.parent / str(file)
    if not own.is_file():
        raise UsageError(
            f"{path}: there is no file {own} for seed {name}; its place is told from {path.parent}."
        )
    return own
