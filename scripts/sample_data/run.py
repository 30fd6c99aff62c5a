"""The steps of one run: draw, soil, write, say what a load must find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sample_data.company.sample import Sample, make_sample
from sample_data.dirt import dirt
from sample_data.files import folder
from sample_data.files.writer import Mess, Writer, Written
from sample_data.plan import Plan

Progress = Callable[[int, int], None]
"""Called with the rows written so far and all rows."""


def write_sample(
    plan: Plan,
    out: Path,
    *,
    split: bool = False,
    dirty: bool = False,
    compress: bool = False,
    threads: int | None = None,
    progress: Progress = lambda *_: None,
) -> dict[str, Any]:
    """Writes a sample to `out`, replacing an earlier one.

    Args:
        plan: size, period and seed.
        out: the folder; made when missing.
        split: one subfolder per local business date.
        dirty: add all known dirt, and `expected_rejects.jsonl`.
        compress: gzip.
        threads: of DuckDB, one per core by default; the bytes do not depend on it.
        progress: called after each file.

    Returns:
        What `expected_totals.json` holds: lines, options and dates (records written, rejected ones included),
        orders and customers (distinct, of accepted lines), rejected (records by table and reason).

    Raises:
        PlanError: an argument is out of its range.
        FolderError: the folder holds something else than a sample.
    """
    plan.check()
    folder.prepare(out)
    sample = make_sample(plan)
    mess = dirt.soil(sample, split=split) if dirty else Mess()
    writer = Writer(sample, out, compress=compress, threads=threads, mess=mess)
    written = writer.write(split=split, advance=_counter(sample, progress))
    totals = _totals(sample, mess, written)
    folder.finish(out, totals, written.rejects if dirty else None)
    return totals


def _counter(sample: Sample, progress: Progress) -> Callable[[int], None]:
    total, done = len(sample.lines["line"]) + len(sample.options["line"]), 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, total)

    return advance


def _totals(sample: Sample, mess: Mess, written: Written) -> dict[str, Any]:
    customer = sample.lines["customer"]
    found = Counter((Path(reject["file"]).name.split(".")[0], reject["reason"]) for reject in written.rejects)
    return {
        "lines": written.records["order_items"],
        "options": written.records["order_item_options"],
        "dates": written.records["date_dim"],
        "orders": len(np.unique(sample.lines["order"])) + mess.new_orders,
        "customers": len(np.unique(customer[customer >= 0])),
        "rejected": {
            table: {reason: found[table, reason] for reason in reasons}
            for table, reasons in dirt.REASONS.items()
        },
    }
