"""``python -m deployment``: deploy the daily run into an AWS account, check it, remove it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from deployment import database, image, tasks
from deployment.rules import check_template
from deployment.settings import Settings, Templates, read_settings
from deployment.stacks import Stacks
from sales_loader.errors import LoaderError, UsageError

PROJECT = Path(__file__).parents[2]
_TAG_OF_A_DRY_RUN = "not-built"


class _Commands(click.Group):
    """Commands whose failures end in one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error)) from error
        except LoaderError as error:
            raise click.ClickException(str(error)) from error
        except (BotoCoreError, ClientError) as error:
            raise click.ClickException(
                f"{error}. Check the AWS credentials, the region and their rights."
            ) from error


@click.group(
    cls=_Commands,
    epilog="Example: python -m deployment deploy --dry-run",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--settings",
    "path",
    default=PROJECT / "deploy" / "settings.yml",
    show_default="deploy/settings.yml",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Parameters of the stacks, as in deploy/settings.example.yml.",
)
@click.option(
    "--templates",
    "folder",
    default=PROJECT / "deploy",
    show_default="deploy",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of data.yml and compute.yml.",
)
@click.pass_context
def main(ctx: click.Context, path: Path, folder: Path) -> None:
    """Deploy the daily run into the AWS account and region that the environment names."""
    ctx.obj = (path, Templates.below(folder))


@main.command(epilog="Example: python -m deployment deploy --dry-run")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@click.option(
    "--image-tag", metavar="TAG", help="Run an image that was pushed already, for example to go back."
)
@click.pass_obj
def deploy(given: tuple[Path, Templates], dry_run: bool, image_tag: str | None) -> None:
    """Deploy both stacks, the image and the database user as this folder and the settings say.

    May be run any number of times: what is up to date is left alone.
    """
    settings, templates = read_settings(*given), given[1]
    tag = image_tag or (_TAG_OF_A_DRY_RUN if dry_run else image.tag_of_commit(PROJECT))
    stacks = Stacks(boto3.client("cloudformation"), click.echo)
    stacks.change(
        settings.data_stack, templates.data, settings.parameters(templates.data, {}), dry_run=dry_run
    )
    found = stacks.outputs(settings.data_stack)
    if found is None:
        click.echo(
            f"  {settings.compute_stack}: its changes can be shown once {settings.data_stack} is there"
        )
        return
    if not dry_run:
        stacks.protect(settings.data_stack)
        _push(found["RepositoryName"], tag, is_named=image_tag is not None)
    parameters = settings.parameters(templates.compute, {**found, "ImageTag": tag})
    stacks.change(settings.compute_stack, templates.compute, parameters, dry_run=dry_run)
    if not dry_run:
        _open_database(settings, (stacks.outputs(settings.compute_stack) or {})["TaskRoleName"])
        click.echo(
            f"Deployed. New files go to s3://{found['DataBucket']}/landing/. `make run-scheduled` starts the "
            "daily run now."
        )


def _push(repository: str, tag: str, *, is_named: bool) -> None:
    client = boto3.client("ecr")
    if image.is_pushed(client, repository, tag):
        return
    if is_named:
        raise LoaderError(
            f"The repository {repository} has no image {tag}. Leave out --image-tag to build one."
        )
    image.build_and_push(client, repository, tag, PROJECT, click.echo)


def _open_database(settings: Settings, role: str) -> None:
    if settings.existing_cluster:
        click.echo(f"\nRun this on {settings.existing_cluster} as an administrator, once:\n")
        click.echo(database.script(role, settings.database))
        return
    administrator = database.Administrator(
        boto3.client("redshift-data"),
        boto3.client("redshift-serverless"),
        settings.deployment,
        settings.database,
    )
    administrator.prepare(role)
    administrator.limit(settings.daily_rpu_hours)


@main.command(epilog="Example: python -m deployment check")
@click.pass_obj
def check(given: tuple[Path, Templates]) -> None:
    """Check the templates: cfn-lint, and the rules on rights, encryption, retention and what must stay.

    Needs no account. Exit code: 0 all is well, 1 something is not.
    """
    paths = (given[1].data, given[1].compute)
    linter = Path(sys.executable).with_name("cfn-lint")
    linted = subprocess.run([str(linter), *map(str, paths)], check=False)
    findings = [finding for path in paths for finding in check_template(path)]
    for finding in findings:
        click.echo(finding)
    if linted.returncode or findings:
        raise LoaderError("The templates are not fit to be deployed: see above.")
    click.echo("The templates are clean.")


@main.command(epilog="Example: python -m deployment destroy --yes")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted and delete nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def destroy(given: tuple[Path, Templates], dry_run: bool, yes: bool) -> None:
    """Delete what runs: workgroup, task, schedule, alarms, log. Files, data, keys and images stay."""
    settings = read_settings(*given)
    stacks = Stacks(boto3.client("cloudformation"), click.echo)
    if stacks.outputs(settings.compute_stack) is None:
        click.echo(f"There is no stack {settings.compute_stack}: nothing to delete.")
        return
    click.echo(f"{settings.compute_stack} is to be deleted. {settings.data_stack} stays, with all data.")
    if dry_run:
        click.echo("Nothing was deleted.")
        return
    if not yes:
        click.confirm("Delete it?", abort=True)
    stacks.delete(settings.compute_stack)
    click.echo("Deleted. `make deploy` brings it back.")


@main.command(
    epilog=(
        "\b\nExamples:\n"
        "  python -m deployment run --wait\n"
        "  python -m deployment run -- sales-loader load s3://acme-data/landing/ --replace"
    ),
    short_help="Start the daily run now, or another command in its place.",
)
@click.option("--wait", is_flag=True, help="Wait for the end, and end with the same exit code.")
@click.argument("command", nargs=-1)
@click.pass_context
def run(ctx: click.Context, wait: bool, command: tuple[str, ...]) -> None:
    """Start the daily run now, or COMMAND with the task's rights and environment."""
    settings = read_settings(*ctx.obj)
    outputs = Stacks(boto3.client("cloudformation"), click.echo).outputs(settings.compute_stack)
    if outputs is None:
        raise LoaderError(f"There is no stack {settings.compute_stack}. Run make deploy first.")
    client = boto3.client("ecs")
    task = tasks.start(client, settings, outputs, command)
    click.echo(f"Started {task}. Its log: aws logs tail {outputs['LogGroupName']} --follow")
    if wait:
        code, reason = tasks.await_end(client, outputs["ClusterName"], task)
        click.echo(f"It ended with exit code {code}: {reason}")
        ctx.exit(code)


if __name__ == "__main__":
    main(prog_name="python -m deployment")
