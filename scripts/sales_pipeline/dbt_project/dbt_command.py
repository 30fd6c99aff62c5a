"""The command `dbt`: dbt by hand, with the project's profile, packages and ``settings.yml``."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sales_loader.commands.options import database_option, dbt_target_option, project_option, vars_option
from sales_loader.settings.variables import given_variables
from sales_pipeline.dbt_project.environment import in_project, signed_in_for_dbt


@click.command(
    name="dbt",
    context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]},
    epilog="Example: sales-loader dbt test --select fct_orders --vars '{schema_suffix: next}'",
    short_help="Run dbt with the project's settings.",
)
@click.argument("words", metavar="COMMAND [OPTION]...", nargs=-1, required=True, type=click.UNPROCESSED)
@dbt_target_option
@database_option
@project_option
@vars_option
@click.pass_context
def dbt(
    ctx: click.Context, words: Sequence[str], target: str, database: Path, project_dir: Path, overrides: str
) -> None:
    """Run a command of dbt, with the variables and seeds of settings.yml.

    Profile, packages and warehouse are those of the other commands. Options not listed below are dbt's.

    Exit code: dbt's.
    """
    ctx.with_resource(in_project(project_dir, database))
    variables = json.dumps(given_variables(Path(), overrides), default=str)
    command = [sys.executable, "-m", "dbt.cli.main", *words, "--target", target, "--vars", variables]
    with signed_in_for_dbt(target):
        ctx.exit(subprocess.run(command, check=False).returncode)
