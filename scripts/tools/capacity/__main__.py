"""Command line: ``python -m tools.capacity`` measures and writes the tables of docs/capacity.md."""

import shutil
from pathlib import Path

import click

from tools.capacity.measuring import measure, packed_widths
from tools.capacity.projecting import Measured
from tools.capacity.report import all_tables
from tools.capacity.samples import Size, make_sample
from tools.capacity.stand_in import try_out
from tools.capacity.writing import filled


@click.command()
@click.option("--restaurants", default=2, show_default=True, type=click.IntRange(min=2))
@click.option("--days", default=730, show_default=True, type=click.IntRange(min=60))
@click.option(
    "--lines", default=600, show_default=True, type=click.IntRange(min=1), help="Of a restaurant, a day."
)
@click.option("--folder", default="target/capacity", show_default=True, type=click.Path(path_type=Path))
@click.option(
    "--document",
    default="docs/capacity.md",
    show_default=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Whose tables are replaced.",
)
def main(restaurants: int, days: int, lines: int, folder: Path, document: Path) -> None:
    """Generate and build warehouses, count what a daily run reads, moves and writes, estimate larger sizes.

    Runs in the project folder. Warehouses that are there already are used again.
    """
    project, folder = Path().absolute(), folder.absolute()
    whole = Size(restaurants, days, lines)
    daily_runs = []
    for name, size in (
        ("whole", whole),
        ("half_restaurants", whole.halved("restaurants")),
        ("half_days", whole.halved("days")),
    ):
        click.echo(f"{size.restaurants} restaurants, {size.days} days, {size.lines} lines each")
        sample = make_sample(size, folder / name, project)
        daily_runs.append(measure(sample))
        if name == "whole":
            widths = packed_widths(sample, daily_runs[0].models, folder / "packed")
    click.echo("a daily run on the stand-in")
    shutil.rmtree(folder / "stand_in", ignore_errors=True)
    trial = try_out(Size(2, 220, 40), folder / "stand_in", project)
    tables = all_tables(Measured(*daily_runs), widths, trial)
    document.write_text(filled(document.read_text(encoding="utf-8"), tables), encoding="utf-8")
    click.echo(f"The tables are in {document}.")


if __name__ == "__main__":
    main()
