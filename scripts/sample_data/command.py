"""`sales-loader generate`: the command line of the generator."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from sales_loader.errors import UsageError

_EXAMPLES = """\b
Examples:
  sales-loader generate --out sample
  sales-loader generate --lines 1000000 --days 1461 --out sample --compress gz
  sales-loader generate --lines 20000 --days 60 --out sample --split-by-day --dirt
"""


@click.command(
    name="generate",
    epilog=_EXAMPLES,
    context_settings={"show_default": True, "help_option_names": ["-h", "--help"]},
)
@click.option("--lines", default=100_000, metavar="N", help="Order lines, exactly as many without --dirt.")
@click.option("--days", default=730, metavar="D", help="Length of the period in days.")
@click.option("--restaurants", default=28, metavar="R", help="Restaurants; some open later in the period.")
@click.option(
    "--customers",
    type=int,
    metavar="C",
    show_default="one per 10.1 lines",
    help="Identified customers; each orders at least once.",
)
@click.option(
    "--loyalty-effect",
    default=10,
    metavar="PERCENT",
    help="How much more often members of the loyalty programme order after joining than if they had not.",
)
@click.option("--seed", default=1, metavar="S", help="The same seed and arguments give the same bytes.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder to write to."
)
@click.option("--split-by-day", is_flag=True, help="One subfolder per local business date, YYYY-MM-DD.")
@click.option(
    "--dirt",
    "dirty",
    is_flag=True,
    help="Add all dirt known from real exports, and list what must be rejected.",
)
@click.option(
    "--end-date",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2025-06-30",
    metavar="YYYY-MM-DD",
    help="Last business date of the period.",
)
@click.option(
    "--compress", type=click.Choice(["none", "gz"]), default="none", help="Compression of the CSV files."
)
def generate(
    lines: int,
    days: int,
    restaurants: int,
    customers: int | None,
    loyalty_effect: int,
    seed: int,
    out: Path,
    split_by_day: bool,
    dirty: bool,
    end_date: dt.datetime,
    compress: str,
) -> None:
    """Write sample sales files of a made-up franchise.

    DIR gets order_items.csv, order_item_options.csv and date_dim.csv in the ordering platform's format, and
    expected_totals.json, which says what a load of them must find; with --dirt also expected_rejects.jsonl,
    one JSON object per record that a load must reject. DIR must be empty or hold an earlier sample, which is
    replaced.
    """
    # They bring numpy, which every other command would wait for.
    from sample_data.plan import Plan, default_customers
    from sample_data.run import write_sample

    began = time.perf_counter()
    chosen = default_customers(lines) if customers is None else customers
    plan = Plan(lines, days, restaurants, chosen, seed, end_date.date(), loyalty_effect)
    try:
        with _bar() as progress:
            totals = write_sample(
                plan, out, split=split_by_day, dirty=dirty, compress=compress == "gz", progress=progress
            )
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    click.echo(_summary(totals, out, time.perf_counter() - began))


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, on a terminal only."""
    columns = (TextColumn("writing"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("writing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(totals: dict[str, Any], out: Path, seconds: float) -> str:
    rejected = sum(sum(reasons.values()) for reasons in totals["rejected"].values())
    counts = ", ".join(f"{totals[name]:,} {name}" for name in ("lines", "orders", "customers", "options"))
    return f"{out}: {counts}, {rejected:,} to be rejected ({seconds:.1f} s)"
