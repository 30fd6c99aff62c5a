"""The command `metrics`: figures by dimensions, asked of the semantic layer through MetricFlow."""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from sales_loader.commands.options import database_option, project_option, target_option, vars_option
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped
from sales_loader.settings.variables import given_variables
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.dbt_project.dbt_runner import BuildFailedError
from sales_pipeline.dbt_project.environment import environment, in_project, signed_in_for_dbt
from sales_pipeline.warehouse_queries import open_query

NOT_INSTALLED = """MetricFlow is not installed. `make metrics` installs it, and so does
python -m pip install --require-hashes -r requirements-metrics.lock, with the Python that runs this."""
OTHER_TARGET = """profiles.yml says `target: {found}`, and MetricFlow takes it from nowhere else. Write
  target: "{{{{ env_var('WAREHOUSE_TARGET', 'duckdb') }}}}"
as in profiles.yml.example, to ask {wanted}."""
TIMES = ("day", "week", "month", "quarter", "year")
# Where MetricFlow looks for it, whatever dbt's target folder is.
_MANIFEST = Path("target/semantic_manifest.json")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# MetricFlow writes each date as a time.
_MIDNIGHT = " 00:00:00"


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]},
    epilog="Example: sales-loader metrics --metrics average_order_value --group-by location__region",
    short_help="Ask for metrics by dimensions, without SQL.",
)
@click.argument("words", metavar="[OPTION]...", nargs=-1, type=click.UNPROCESSED)
@target_option
@database_option
@project_option
@vars_option
@click.option(
    "--csv",
    "csv_file",
    callback=lambda _ctx, _option, given: given and given.absolute(),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the answer to this file.",
)
def metrics(
    words: Sequence[str],
    target: str,
    database: Path,
    project_dir: Path,
    overrides: str,
    csv_file: Path | None,
) -> None:
    """Ask the marts for metrics by dimensions. Without an option: what can be asked.

    Options not listed below are those of MetricFlow's `mf query`, such as --metrics, --group-by, --where,
    --order, --limit, --start-time, --end-time, --saved-query and --explain.
    """
    query = _mf_query() if words else None
    with in_project(project_dir, database), environment({"WAREHOUSE_TARGET": target}):
        if query:
            _check_built(WarehouseTarget(target, database))
        with signed_in_for_dbt(target):
            _read_project(target, given_variables(Path(), overrides))
            if query is None:
                _show_catalogue(json.loads(_MANIFEST.read_text(encoding="utf-8")))
            elif csv_file or "--explain" in words:
                options = ["--csv", str(csv_file)] if csv_file else []
                query.main([*words, "--quiet", *options], standalone_mode=False)
            else:
                _show_answer(query, words)


def _mf_query() -> click.Command:
    """MetricFlow's command alone: the group around it asks the package index for a newer version first."""
    try:
        from dbt_metricflow.cli.main import query
    except ModuleNotFoundError as error:
        raise LoaderError(NOT_INSTALLED) from error
    found: click.Command = query
    return found


def _check_built(warehouse_target: WarehouseTarget) -> None:
    with open_query(warehouse_target) as query:
        if not query("select 1 from information_schema.tables where table_schema = 'marts'"):
            raise LoaderError(f"{warehouse_target}: the marts are not built yet. Run `make build`.")


def _read_project(target: str, variables: dict[str, Any]) -> None:
    """Have dbt write the semantic manifest."""
    from dbt.cli.main import dbtRunner  # takes a second to import, which other commands need not wait for
    from dbt.config.runtime import load_profile

    options = ["--target", target, "--target-path", "target", "--vars", json.dumps(variables, default=str)]
    outcome = dbtRunner().invoke(["--log-level", "none", "parse", *options])
    if outcome.exception:
        raise BuildFailedError(f"dbt parse stopped: {outcome.exception}") from outcome.exception
    found = load_profile(".", {}).target_name
    if found != target:
        raise LoaderError(OTHER_TARGET.format(found=found, wanted=target))


def _show_answer(query: click.Command, words: Sequence[str]) -> None:
    with TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.csv"
        # What MetricFlow itself prints has six digits of each number.
        query.main([*words, "--quiet", "--csv", str(answer)], standalone_mode=False)
        if not answer.exists():
            click.echo("No row fits.")
            return
        with answer.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
    columns = [list(_readable(column)) for column in zip(*rows, strict=True)]
    table = Table(box=None, pad_edge=False)
    for name, column in zip(header, columns, strict=True):
        is_number = all(_NUMBER.fullmatch(cell) for cell in column if cell)
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    for row in zip(*columns, strict=True):
        table.add_row(*map(escaped, row))
    _print(table)


def _readable(column: Sequence[str]) -> Iterator[str]:
    """Cells of a column, numbers with equally many decimals: two at least where there are any."""
    decimals = [len(cell.partition(".")[2]) for cell in column if _NUMBER.fullmatch(cell)]
    is_exact = len(decimals) == sum(map(bool, column)) and any(decimals)
    for cell in column:
        yield f"{float(cell):.{max(2, *decimals)}f}" if cell and is_exact else cell.removesuffix(_MIDNIGHT)


def _show_catalogue(manifest: dict[str, Any]) -> None:
    """Print names and meanings of what can be asked."""
    dimensions = [("metric_time__" + one, f"By {one}.") for one in TIMES] + sorted(
        (f"{entity}__{dimension['name']}", f"{dimension['label']}. {dimension['description']}")
        for model in manifest["semantic_models"]
        for entity in _entities(model)
        for dimension in model["dimensions"]
        if dimension["type"] == "categorical"
    )
    for title, rows in (
        (
            "--metrics",
            [(one["name"], f"{one['label']}. {one['description']}") for one in manifest["metrics"]],
        ),
        ("--group-by", dimensions),
        ("--saved-query", [(one["name"], one["label"]) for one in manifest["saved_queries"]]),
    ):
        table = Table(title, "", box=None, pad_edge=False)
        for name, meaning in rows:
            table.add_row(name, " ".join(meaning.split()))
        _print(table)
        click.echo()


def _entities(model: dict[str, Any]) -> list[str]:
    primary = [entity["name"] for entity in model["entities"] if entity["type"] == "primary"]
    return primary or [model["primary_entity"]]


def _print(table: Table) -> None:
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = 10_000  # for files and other programs, each row is one line
    console.print(table)
