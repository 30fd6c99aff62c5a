"""A copy of the committed project, and a shell that knows nothing, as a new user has them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def clean_copy(folder: Path) -> Path:
    """Copy the committed project into another folder, with what is installed in the environment of this one.

    The copy has a ``.venv`` of its own, so that make, which marks there what it has installed, neither
    installs for minutes nor into the environment that runs the tests.

    Args:
        folder: where the copy and a home folder are made.
    """
    copy = folder / "a copy"
    copy.mkdir()
    (folder / "home").mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=PROJECT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x"], cwd=copy, input=archive, check=True)
    installed, programs = PROJECT / ".venv", copy / ".venv" / "bin"
    programs.mkdir(parents=True)
    for path in (installed / "bin").iterdir():
        if not path.name.startswith(".installed"):
            (programs / path.name).symlink_to(path)
    for name in ("lib", "pyvenv.cfg"):
        (copy / ".venv" / name).symlink_to(installed / name)
    for stamp in (".installed", ".installed-dev", ".installed-metrics"):
        (programs / stamp).touch()
    return copy


def run_in_clean_shell(
    copy: Path, command: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a line of a document in a copy, with another home and the given environment alone."""
    given = {"HOME": str(copy.parent / "home"), "PATH": "/usr/bin:/bin", **(environment or {})}
    return subprocess.run(
        ["sh", "-c", command], cwd=copy, env=given, capture_output=True, text=True, check=False
    )
