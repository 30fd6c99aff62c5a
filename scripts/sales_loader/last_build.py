"""The last good build: what it was made from, what it left behind, and what it said."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from sales_loader.files import stamp_of
from sales_loader.project import read_project

_ENGINES = ("dbt-core", "dbt-adapters", "dbt-duckdb", "duckdb")
# Where dbt looks for what the project does not say.
_FOLDERS = {
    "analysis-paths": ["analyses"],
    "macro-paths": ["macros"],
    "model-paths": ["models"],
    "seed-paths": ["seeds"],
    "snapshot-paths": ["snapshots"],
    "test-paths": ["tests"],
}
_ENV_VAR = re.compile(rb"""env_var\(\s*['"](\w+)['"]""")


def made_from(words: Sequence[str]) -> str:
    """Fingerprint of all that a build depends on, the warehouse aside.

    No model reads a clock, so these and the warehouse are all: files of the project and of its packages, the
    profile, variables of the environment that they name or that dbt reads, versions, and the command's words.

    Args:
        words: options of the build.

    Returns:
        SHA-256, in hexadecimal.

    Raises:
        LoaderError: ``dbt_project.yml`` is no YAML mapping.
    """
    contents = {str(path): path.read_bytes() for path in sorted(_project_files())}
    named = {name.decode() for content in contents.values() for name in _ENV_VAR.findall(content)}
    named |= {name for name in os.environ if name.startswith("DBT_")}
    parts = {
        "words": list(words),
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()},
        "environment": {name: os.environ.get(name) for name in sorted(named)},
        "versions": {name: version(name) for name in _ENGINES},
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def looks_of(paths: Iterable[Path]) -> dict[str, str | None]:
    """How some files look now, by path, which any change of one changes; None for one that is not there."""
    return {str(path): stamp_of(path.stat()) if path.exists() else None for path in paths}


def record_of(target: str) -> Path:
    """Where the last build of a warehouse is kept: beside those of others, as each changes for itself.

    Args:
        target: of the profile; with ``WAREHOUSE_PATH`` it tells one warehouse from another.
    """
    warehouse = f"{target} {Path(os.environ.get('WAREHOUSE_PATH', '')).absolute()}"
    return Path("target/last_build") / f"{hashlib.sha256(warehouse.encode()).hexdigest()[:16]}.json"


def recall(record_file: Path, fingerprint: str) -> list[str] | None:
    """What the last good build said, if another one of this fingerprint would find everything as it left it.

    Args:
        record_file: of the warehouse (``record_of``).
        fingerprint: ``made_from`` of now.

    Returns:
        Its lines; None when there was no such build, or anything that it left has been touched since.
    """
    try:
        record = json.loads(record_file.read_text(encoding="utf-8"))
        as_left = looks_of(map(Path, record["left"])) == record["left"]
        return list(record["said"]) if as_left and record["made_from"] == fingerprint else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(
    record_file: Path, fingerprint: str, left: Mapping[str, str | None], said: Sequence[str]
) -> None:
    """Keep what a good build was made from, how what it left looks (``looks_of``), and what it said."""
    record = {"made_from": fingerprint, "left": left, "said": list(said)}
    record_file.parent.mkdir(parents=True, exist_ok=True)
    record_file.write_text(json.dumps(record), encoding="utf-8")


def _project_files() -> Iterator[Path]:
    settings = _FOLDERS | read_project(Path())
    folders = [folder for key, value in settings.items() if key.endswith("-paths") for folder in value or []]
    seeds = os.environ.get("SEEDS_DIR", "seeds")  # as dbt_project.yml has it
    for folder in [*folders, seeds, os.environ.get("PACKAGES_DIR", "dbt_packages")]:
        for place, _, names in os.walk(folder, followlinks=True):  # packages may be links
            yield from (path for name in names if (path := Path(place, name)).is_file())
    profiles = os.environ.get("DBT_PROFILES_DIR", Path.home() / ".dbt")
    yield from Path().glob("*.yml")
    yield from Path(profiles).glob("*.yml")
