"""DuckDB files to measure with."""

from pathlib import Path


def remove(database: Path) -> None:
    """Remove a DuckDB file, with what is not in it yet."""
    for file in (database, Path(f"{database}.wal")):
        file.unlink(missing_ok=True)
