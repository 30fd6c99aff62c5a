"""The command that builds and tests the marts with dbt and writes the docs page."""

import json
from pathlib import Path

import click
from rich.console import Console

from sales_loader.commands.options import database_option, dbt_target_option, project_option, wait_option
from sales_loader.settings.seeds import check_seeds
from sales_loader.settings.variables import given_variables
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.dbt_project import last_build
from sales_pipeline.dbt_project.dbt_runner import (
    NO_UNIT_TESTS,
    BuildFailedError,
    Dbt,
    dbt_progress,
    warehouse_files,
)
from sales_pipeline.dbt_project.docs_page import DOCS_PAGE
from sales_pipeline.dbt_project.environment import in_project, signed_in_for_dbt
from sales_pipeline.dbt_project.run_results import describe_faults, summarise
from sales_pipeline.settings_check import SettingsCheck


@click.command(
    epilog="Example: sales-loader build --vars '{item_price_basis: unit}'",
    short_help="Build and test the marts with dbt.",
)
@database_option
@project_option
@click.option("--vars", "variables", default="{}", help="Variables of the models, over settings.yml.")
@dbt_target_option
@click.option(
    "--full-refresh", is_flag=True, help="Compute all past figures again, by the current definitions."
)
@click.option("--docs/--no-docs", default=True, show_default=True, help="Write the docs as one static page.")
@click.option("--force", is_flag=True, help="Build even if nothing has changed since the last good build.")
@wait_option
@click.pass_context
def build(
    ctx: click.Context,
    database: Path,
    project_dir: Path,
    variables: str,
    target: str,
    full_refresh: bool,
    docs: bool,
    force: bool,
    wait_minutes: float,
) -> None:
    """Build and test the marts with dbt, then write the docs page.

    Takes profiles.yml of DBT_PROFILES_DIR, else of the project's folder, else profiles.yml.example. Builds
    nothing when neither a DuckDB warehouse nor the project has changed since the last good build. Ends with 1
    when a model cannot be built or a test fails; what is downstream of it is then left as it was.
    """
    ctx.with_resource(in_project(project_dir, database))
    check_seeds(Path())
    given = json.dumps(given_variables(Path(), variables), default=str)
    record = last_build.record_path(target)
    fingerprint = last_build.input_fingerprint([given, target, f"docs={docs}"])
    printed = None if force or full_refresh else last_build.unchanged_since(record, fingerprint)
    if printed is not None:
        click.echo("\n".join(printed))
        click.echo("That was the last build. Nothing has changed since: nothing to build (--force builds).")
        return
    settings_check = SettingsCheck.read(WarehouseTarget(target, database), variables)
    settings_check.refuse_other_currency()
    record.unlink(missing_ok=True)  # it no longer describes the warehouse if this build fails
    with signed_in_for_dbt(target), dbt_progress(Console(stderr=True)) as progress:
        dbt = Dbt(["--vars", given, "--target", target], progress, wait_minutes)
        refresh = ["--full-refresh"] if full_refresh else []
        results = dbt.run("build", *NO_UNIT_TESTS, *refresh)
        warehouse = last_build.file_fingerprints(
            warehouse_files()
        )  # at once, so that what others write from now on counts as a change
        if docs:
            dbt.run("docs", "generate", "--static", "--no-compile")  # the build has compiled everything
        page = last_build.file_fingerprints([DOCS_PAGE] if docs else [])
    faults = describe_faults(results)
    for fault in faults:
        click.echo(fault, err=True)
    failed = [result.node.name for result in results if result.status.value == "fail"]
    summary = [
        f"dbt build: {summarise(results)}",
        *settings_check.findings(failed),
        *([f"The tables, explained: {DOCS_PAGE}"] if docs else []),
    ]
    click.echo("\n".join(summary))
    if any(not fault.startswith("warning") for fault in faults):
        raise BuildFailedError("The build has failed: see above. What depends on it was not built.")
    if warehouse:
        last_build.save_fingerprints(record, fingerprint, warehouse | page, [*faults, *summary])
