"""The last good build: fingerprints of its inputs and of the files it left, and what it printed."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from sales_loader.settings.project import read_project
from sales_loader.sources.local import stamp_of

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


def input_fingerprint(options: Sequence[str]) -> str:
    """Fingerprint of all that a build depends on, except the warehouse.

    No model reads a clock, so that is: files of the project and of its packages, the profile, environment
    variables that they name or that dbt reads, versions, and the command's options.

    Args:
        options: options of the build.

    Returns:
        SHA-256, in hexadecimal.

    Raises:
        LoaderError: ``dbt_project.yml`` is no YAML mapping.
    """
    contents = {str(path): path.read_bytes() for path in sorted(_project_files())}
    named = {name.decode() for content in contents.values() for name in _ENV_VAR.findall(content)}
    named |= {name for name in os.environ if name.startswith("DBT_")}
    parts = {
        "options": list(options),
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()},
        "environment": {name: os.environ.get(name) for name in sorted(named)},
        "versions": {name: version(name) for name in _ENGINES},
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def file_fingerprints(paths: Iterable[Path]) -> dict[str, str | None]:
    """Size, times and inode of some files, by path; None for a file that does not exist."""
    return {str(path): stamp_of(path.stat()) if path.exists() else None for path in paths}


def record_path(target: str) -> Path:
    """The file with the record of a warehouse's last build.

    Args:
        target: target of the profile; together with ``WAREHOUSE_PATH`` it identifies the warehouse.
    """
    warehouse = f"{target} {Path(os.environ.get('WAREHOUSE_PATH', '')).absolute()}"
    return Path("target/last_build") / f"{hashlib.sha256(warehouse.encode()).hexdigest()[:16]}.json"


def unchanged_since(record_file: Path, fingerprint: str) -> list[str] | None:
    """What the last good build printed, if neither its inputs nor the files it left have changed since.

    Args:
        record_file: the warehouse's record (``record_path``).
        fingerprint: ``input_fingerprint`` of now.

    Returns:
        Its lines; None if something has changed or there was no such build.
    """
    try:
        record = json.loads(record_file.read_text(encoding="utf-8"))
        is_unchanged = file_fingerprints(map(Path, record["files"])) == record["files"]
        return list(record["printed"]) if is_unchanged and record["inputs"] == fingerprint else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save_fingerprints(
    record_file: Path, fingerprint: str, files: Mapping[str, str | None], printed: Sequence[str]
) -> None:
    """Save the fingerprints of a good build's inputs and files, and what it printed."""
    record = {"inputs": fingerprint, "files": files, "printed": list(printed)}
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
