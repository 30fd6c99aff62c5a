"""Command line: ``python -m scale`` measures and writes the tables of docs/scale.md."""

import shutil
from pathlib import Path

import click

from scale.measuring import measure, packed_widths
from scale.projecting import Measured
from scale.report import all_tables
from scale.samples import Size, make_sample
from scale.stand_in import try_out
from scale.writing import filled


@click.command()
@click.option("--restaurants", default=2, show_default=True, type=click.IntRange(min=2))
@click.option("--days", default=730, show_default=True, type=click.IntRange(min=60))
@click.option(
    "--lines", default=600, show_default=True, type=click.IntRange(min=1), help="Of a restaurant, a day."
)
@click.option("--folder", default="target/scale", show_default=True, type=click.Path(path_type=Path))
@click.option(
    "--document",
    default="docs/scale.md",
    show_default=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Where the tables are written anew.",
)
def main(restaurants: int, days: int, lines: int, folder: Path, document: Path) -> None:
    """Generate and build warehouses, count what a morning reads, moves and writes, and reckon it larger.

    Runs in the project folder. Warehouses that are there already are used again.
    """
    project, folder = Path().absolute(), folder.absolute()
    whole = Size(restaurants, days, lines)
    mornings = []
    for name, size in (
        ("whole", whole),
        ("half_restaurants", whole.halved("restaurants")),
        ("half_days", whole.halved("days")),
    ):
        click.echo(f"{size.restaurants} restaurants, {size.days} days, {size.lines} lines each")
        sample = make_sample(size, folder / name, project)
        mornings.append(measure(sample))
        if name == "whole":
            widths = packed_widths(sample, mornings[0].models, folder / "packed")
    click.echo("a morning on the stand-in")
    shutil.rmtree(folder / "stand_in", ignore_errors=True)
    trial = try_out(Size(2, 220, 40), folder / "stand_in", project)
    tables = all_tables(Measured(*mornings), widths, trial)
    document.write_text(filled(document.read_text(encoding="utf-8"), tables), encoding="utf-8")
    click.echo(f"The tables are in {document}.")


if __name__ == "__main__":
    main()
