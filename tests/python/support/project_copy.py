"""Builds a warehouse from source files in a copy of the project, as a user does."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from click.testing import CliRunner

from sample_data.command import generate

from . import warm_commands

Rows = list[dict[str, object]]


def generate_files(folder: Path, *options: str) -> Path:
    """Generates source files with the options of `sales-loader generate`; returns their folder."""
    result = CliRunner().invoke(generate, [*options, "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


PROJECT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
PARTS = (
    "models",
    "macros",
    "seeds",
    "snapshots",
    "tests/generic",
    "tests/integrity",
    "tests/offline_packages",
)


# Enough for a run with all its steps: facts, tables that keep rows by order, date, month and version, and
# tables that are built whole.
FEW_MARTS = ("customer_lifetime_value_history", "data_quality_summary", "dim_locations", "sales_monthly")
_REF = re.compile(r"""\bref\(\s*['"](\w+)['"]""")


@dataclass(frozen=True)
class Workshop:
    """A copy of the dbt project with a warehouse file and seeds of its own.

    Attributes:
        project: folder of the copy.
        warehouse: the DuckDB file.
        environment: more variables for the commands.
    """

    project: Path
    warehouse: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def create(
        cls, folder: Path, seeds: Mapping[str, str] | None = None, marts: Collection[str] | None = None
    ) -> "Workshop":
        """Copies the project.

        Args:
            folder: where to; made if missing.
            seeds: CSV text by seed name, in place of the project's own.
            marts: those to keep, with all that they are built on; the whole project if not given. A run over
                few marts has the same steps in half of the time.

        Returns:
            The copy, its warehouse not made yet.
        """
        project = folder / "project"
        for part in PARTS:
            shutil.copytree(PROJECT / part, project / part)
        for name in ("dbt_project.yml", "packages.yml"):
            shutil.copy(PROJECT / name, project / name)
        shutil.copy(PROJECT / "profiles.yml.example", project / "profiles.yml")
        for name, text in (seeds or {}).items():
            (project / "seeds" / f"{name}.csv").write_text(text, encoding="utf-8")
        if marts is not None:
            _keep_only(project, marts)
        return cls(project, folder / "warehouse.duckdb")

    def variables(self) -> dict[str, str]:
        """Variables of the environment that point the programs at this copy."""
        return {
            # Relative, as dbt reads a project again whose variables or profile differ.
            "WAREHOUSE_PATH": os.path.relpath(self.warehouse, self.project),
            "PACKAGES_DIR": "tests/offline_packages",
            "DBT_PROFILES_DIR": str(self.project),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_LOG_LEVEL_FILE": "info",  # as sales-loader has it; dbt would write down each statement
            **self.environment,
        }

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `dbt` or `sales-loader` in the copy, on its warehouse."""
        done: subprocess.CompletedProcess[str] = warm_commands.run(
            program, arguments, self.project, os.environ | self.variables()
        )
        return done

    def load(self, *sources: Path, variables: Mapping[str, object] | None = None) -> int:
        """Loads files or folders.

        Returns:
            The loader's exit code, 0 or 3.

        Raises:
            AssertionError: the loader refused or failed.
        """
        done = self.run("sales-loader", "load", *map(str, sources), "--vars", as_yaml(variables))
        assert done.returncode in (0, 3), done.stdout + done.stderr
        return done.returncode

    def build(self, variables: Mapping[str, object] | None = None, *options: str) -> str:
        """Builds every seed and model and runs every data test.

        Args:
            variables: of the models.
            options: more of the command's, such as ``--full-refresh``.

        Returns:
            What the command printed.

        Raises:
            AssertionError: a model or a test failed.
        """
        done = self.try_build(variables, *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def try_build(
        self, variables: Mapping[str, object] | None = None, *options: str
    ) -> subprocess.CompletedProcess[str]:
        """Does the same and lets it fail."""
        return self.run(
            "sales-loader", "build", "--force", "--no-docs", "--vars", as_yaml(variables), *options
        )

    def rows(self, mart: str, schema: str = "marts") -> Rows:
        """Reads a mart whole, in the order of all its columns."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            cursor = connection.execute(f"select * from {schema}.{mart} order by all")
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _keep_only(project: Path, marts: Collection[str]) -> None:
    """Take away the models that none of the marts is built on, with what else reads them."""
    models = {file.stem: file for file in (project / "models").rglob("*.sql")}
    kept: set[str] = set()
    waiting = set(marts)
    while waiting:
        kept |= waiting
        waiting = {ref for name in waiting for ref in _refs(models[name])} & models.keys() - kept
    for name in models.keys() - kept:
        models[name].unlink()
        models[name].with_suffix(".yml").unlink()
    for folder in ("snapshots", "tests/integrity"):
        for file in (project / folder).glob("*.sql"):
            if _refs(file) & models.keys() - kept:
                file.unlink()
    (project / "models" / "_exposures.yml").unlink()
    shutil.rmtree(project / "models" / "semantic")


def _refs(file: Path) -> set[str]:
    return set(_REF.findall(file.read_text(encoding="utf-8")))


def as_yaml(variables: Mapping[str, object] | None) -> str:
    """Variables as the commands take them."""
    return json.dumps(variables or {}, default=str)
