"""The command line of the checks."""

from collections.abc import Callable
from pathlib import Path

import click

from tools.project_checks.columns import check_columns
from tools.project_checks.dialect import check_dialect
from tools.project_checks.findings import Finding
from tools.project_checks.yml_keys import check_yml_keys

TARGET_DIR = click.option(
    "--target-dir",
    type=click.Path(path_type=Path),
    default=Path("target"),
    show_default=True,
    help="Folder that dbt wrote its results into.",
)


def report(findings: list[Finding]) -> None:
    """Print the findings in order of file and line; end with exit code 1 if there are any."""
    for finding in sorted(findings):
        click.echo(str(finding))
    if findings:
        raise SystemExit(1)


def _read(check: Callable[[Path], list[Finding]], target_dir: Path) -> list[Finding]:
    try:
        return check(target_dir)
    except FileNotFoundError as missing:
        raise click.ClickException(str(missing)) from missing


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check the dbt project for mistakes that dbt accepts."""


@main.command("yml_keys")
@click.option(
    "--project-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder with dbt_project.yml.  [default: this folder]",
)
def yml_keys(project_dir: Path) -> None:
    """Every yml key and every generic test is one that dbt knows.

    Example: python -m tools.project_checks yml_keys
    """
    report(check_yml_keys(project_dir))


@main.command("columns")
@TARGET_DIR
def columns(target_dir: Path) -> None:
    """Descriptions match what is built; keys are tested; marts and model files keep the project's rules.

    Needs `dbt docs generate`. Example: python -m tools.project_checks columns --target-dir target
    """
    report(_read(check_columns, target_dir))


@main.command("dialect")
@TARGET_DIR
@click.option(
    "--dialect",
    type=click.Choice(["duckdb", "redshift"]),
    required=True,
    help="Engine that the SQL was compiled for.",
)
def dialect(target_dir: Path, dialect: str) -> None:
    """Compiled SQL means the same on DuckDB and on Redshift.

    Needs `dbt compile`. Example: python -m tools.project_checks dialect --dialect redshift
    """
    report(_read(lambda folder: check_dialect(folder, dialect), target_dir))


if __name__ == "__main__":
    main(prog_name="python -m tools.project_checks")
