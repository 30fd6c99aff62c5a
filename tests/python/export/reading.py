"""Another program that reads an export: an older DuckDB, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OLDER = Path(sys.prefix) / "older"
_READ = """
import json, sys
import duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(duckdb.__version__, flush=True)
for query in sys.stdin:
    rows = connection.execute(query).fetchall()
    print(json.dumps(rows, default=str), flush=True)
"""


class Reader:
    """A program that has opened a DuckDB file."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.version = self._answer()

    def rows(self, query: str) -> list[list[Any]]:
        """Rows of a query, with dates and decimals as text."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{query}\n")
        self._process.stdin.flush()
        return list(json.loads(self._answer()))

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def reading(file: Path, version: str) -> Iterator[Reader]:
    """A program with the DuckDB of a version has the file open.

    Args:
        file: a DuckDB file.
        version: such as ``1.3``; `make dev` installs it.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _READ, str(file)],
        env={"PYTHONPATH": str(OLDER / f"duckdb-{version}")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Reader(process)
