"""The command `sales-loader`: its group of commands, what their failures end in, exit codes."""

import traceback
from collections.abc import Callable
from copy import copy
from typing import Any, NoReturn

import click
import duckdb

from sales_export.command import export
from sales_loader.commands.init import init
from sales_loader.commands.load import load
from sales_loader.commands.reject import reject
from sales_loader.commands.rejects import rejects
from sales_loader.commands.withdraw import withdraw
from sales_loader.errors import LoaderError, UsageError
from sales_loader.escaping import escaped, escaped_lines
from sales_loader.load_service import EXIT_FAILED
from sales_loader.privacy import masked
from sales_loader.warehouses.duckdb.database import explained, is_broken
from sales_pipeline.daily.daily_run import daily
from sales_pipeline.dbt_project.build import build
from sales_pipeline.dbt_project.dbt_command import dbt
from sales_pipeline.kpi_summary import kpi_summary
from sales_pipeline.locations import locations
from sales_pipeline.metrics import metrics
from sales_pipeline.preflight import check
from sales_pipeline.report import report
from sales_pipeline.scheduled.scheduled_run import run_scheduled
from sales_pipeline.status import status

EXIT_INTERRUPTED = 130

_INTERRUPTED = "Interrupted: what was under way left nothing half done. Run the same command again."


class _Commands(click.Group):
    """Commands whose failures end in one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(escaped_lines(str(error))) from error
        except LoaderError as error:
            _leave(ctx, str(error), EXIT_FAILED)
        except KeyboardInterrupt:
            _leave(ctx, _INTERRUPTED, EXIT_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if _is_interrupt(error):
                _leave(ctx, _INTERRUPTED, EXIT_INTERRUPTED)
            if ctx.params["debug"]:
                click.echo(escaped_lines(masked(traceback.format_exc())), err=True)
            _leave(ctx, _unexpected(error), EXIT_FAILED)


def _is_interrupt(error: Exception) -> bool:
    # What DuckDB raises when Ctrl-C arrives during a query.
    return isinstance(error, RuntimeError) and "interrupted" in str(error).lower()


def _unexpected(error: Exception) -> str:
    if isinstance(error, duckdb.Error) and is_broken(str(error)):
        return explained(error)
    message = escaped(masked(str(error)).partition("\n")[0])
    return f"Unexpected {type(error).__name__}: {message} (sales-loader --debug shows where)"


def _leave(ctx: click.Context, message: str, code: int) -> NoReturn:
    click.echo(escaped_lines(message), err=True)
    ctx.exit(code)


@click.group(
    cls=_Commands,
    epilog="Example: sales-loader load exports/ --database warehouse.duckdb",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--debug", is_flag=True, help="Show where an unexpected error came from.")
@click.version_option(None, "-V", "--version", package_name="franchise-sales-metrics")
def main(debug: bool) -> None:
    """Land the ordering platform's daily sales files, build the metric marts from them and publish them."""


def _under_old_name(name: str, command: click.Command) -> click.Command:
    """A command under the name that it had before: not listed, and it says the new name."""
    run: Callable[..., Any] | None = command.callback

    def say_new_name(*arguments: object, **options: object) -> Any:
        click.echo(f"sales-loader {name} is now called sales-loader {command.name}.", err=True)
        return run(*arguments, **options) if run else None

    old = copy(command)
    old.name, old.hidden, old.callback = name, True, say_new_name
    return old


for command in (
    *(load, rejects, reject, withdraw, init),
    *(build, dbt, daily, run_scheduled, kpi_summary, report, export, metrics, status, locations, check),
    _under_old_name("headline", kpi_summary),
    _under_old_name("morning", run_scheduled),
):
    main.add_command(command)
try:
    from sample_data.command import generate
except ModuleNotFoundError:  # the image holds no generator
    pass
else:
    main.add_command(generate)
