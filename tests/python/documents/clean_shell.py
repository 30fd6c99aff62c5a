"""A copy of the committed project, and a shell that knows nothing, as a new user has them."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def clean_copy(folder: Path) -> Path:
    """Copy the committed project into another folder, with the virtual environment of this one.

    Args:
        folder: where the copy and a home folder are made.
    """
    copy = folder / "a copy"
    copy.mkdir()
    (folder / "home").mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=PROJECT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x"], cwd=copy, input=archive, check=True)
    (copy / ".venv").symlink_to(PROJECT / ".venv")
    return copy


def run_in_clean_shell(copy: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a document in a copy, with another home and nothing in the environment."""
    clean = ["env", "-i", f"HOME={copy.parent / 'home'}", "PATH=/usr/bin:/bin"]
    return subprocess.run(
        [*clean, "sh", "-c", command], cwd=copy, capture_output=True, text=True, check=False
    )
