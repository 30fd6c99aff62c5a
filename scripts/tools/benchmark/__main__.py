"""Command line: ``python -m tools.benchmark`` measures and writes docs/benchmarks.md."""

from pathlib import Path

import click
from rich.console import Console

from tools.benchmark.files import files_by_day, whole_files
from tools.benchmark.pipeline import Bench
from tools.benchmark.report import merge

_EXAMPLES = """\b
Examples:
  python -m tools.benchmark --lines 200000 --lines 2000000 --lines-a-day 2000
  python -m tools.benchmark --lines 10000000 --memory 4GB --repeat 1
"""


@click.command(
    epilog=_EXAMPLES, context_settings={"show_default": True, "help_option_names": ["-h", "--help"]}
)
@click.option("--lines", multiple=True, type=click.IntRange(min=1000), help="Order lines of a whole build.")
@click.option(
    "--lines-a-day", multiple=True, type=click.IntRange(min=20), help="Of daily runs after 1 and 4 years."
)
@click.option("--memory", multiple=True, help="Such as 4GB: builds of --lines in which DuckDB has no more.")
@click.option("--repeat", default=3, type=click.IntRange(min=1), help="Runs of each measurement.")
@click.option("--folder", default="target/bench", type=click.Path(path_type=Path), help="Where to work.")
@click.option("--document", default="docs/benchmarks.md", type=click.Path(path_type=Path), help="To write.")
def main(
    lines: tuple[int, ...],
    lines_a_day: tuple[int, ...],
    memory: tuple[str, ...],
    repeat: int,
    folder: Path,
    document: Path,
) -> None:
    """Measure load, build and daily runs on generated files, beside a hand-tuned baseline.

    Runs in the project folder, alone on the machine if the figures are to be of use. Files once generated are
    used again.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with console.status("") as status:
        bench = Bench(Path().absolute(), folder, repeat, lambda text: status.update(text))
        for count in lines:
            files = whole_files(count, folder / "files")
            merge(document, [bench.whole(count, files)])
            for limit in memory:
                merge(document, limited=[bench.limited(count, files, limit)])
            console.print(f"{count:,} lines measured")
        for count in lines_a_day:
            for years in (1, 4):
                history, day = files_by_day(count, years, folder / "files")
                merge(document, daily_runs=[bench.daily_run(count, years, history, day)])
                console.print(f"{count:,} lines a day, {years} years measured")
    console.print(f"The figures are in {document}.")


if __name__ == "__main__":
    main()
