"""What dbt finds in the environment: project, profile, packages, seeds, and its sign-in to Redshift."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path

from sales_loader.aws import Aws
from sales_loader.settings.own_settings import SEEDS, read_own_settings
from sales_loader.warehouses.redshift.settings import read_settings
from sales_loader.warehouses.redshift.sign_in import dbt_environment, sign_in
from sales_loader.warehouses.target import REDSHIFT

_FETCHED_PACKAGES = Path("dbt_packages")
_OFFLINE_PACKAGES = Path("tests/offline_packages")
_PROFILES = Path("profiles.yml")
_EXAMPLE = Path("profiles.yml.example")
_COPIED = Path("target/profiles/profiles.yml")
# Where dbt finds the seeds if some are the user's own: links to those and to the project's others.
LINKED_SEEDS = Path("target/seeds")


@contextmanager
def in_project(folder: Path, database: Path) -> Iterator[None]:
    """Work in the project's folder, with dbt's settings in the environment.

    Args:
        folder: folder of the project, as ``find_project`` returns it.
        database: DuckDB file of the warehouse, absolute unless the project's folder is the current one.
    """
    profiles = os.environ.get("DBT_PROFILES_DIR")
    given = Path(profiles).absolute() if profiles else None
    with chdir(folder), environment({**_for_dbt(given), **_seeds(), "WAREHOUSE_PATH": str(database)}):
        yield


@contextmanager
def environment(given: Mapping[str, str]) -> Iterator[None]:
    """Set some environment variables, and restore them afterwards."""
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
    """Dbt's variables for the project in the current folder; profiles.yml wins over the example."""
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


def link_seeds(own: Mapping[str, Path]) -> None:
    """Fill ``LINKED_SEEDS`` in the current folder, the project's, with links to the seeds to build."""
    wanted = {path.name: path for path in SEEDS.iterdir()} | {f"{name}.csv": own[name] for name in own}
    LINKED_SEEDS.mkdir(parents=True, exist_ok=True)
    there = {link.name: link.readlink() for link in LINKED_SEEDS.iterdir()}
    for name in there.keys() | wanted.keys():
        link, path = LINKED_SEEDS / name, wanted[name].absolute() if name in wanted else None
        if there.get(name) != path:  # another run may be reading the others
            link.unlink(missing_ok=True)
            if path:
                link.symlink_to(path)


@contextmanager
def signed_in_for_dbt(target: str) -> Iterator[None]:
    """Put what dbt signs in to Redshift with into the environment, as dbt knows fewer ways than the loader.

    The environment is restored afterwards: the loader would find two ways to sign in, one of which expires.
    """
    if not target.startswith(REDSHIFT):
        yield
        return
    with environment(dbt_environment(sign_in(read_settings(os.environ), Aws()))):
        yield
