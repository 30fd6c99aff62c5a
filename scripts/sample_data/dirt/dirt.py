"""Makes a sample as dirty as real exports are."""

from __future__ import annotations

from sample_data.company.sample import Sample
from sample_data.dirt.files import dirty_dates, shapes
from sample_data.dirt.rows import REASONS, make_splices
from sample_data.dirt.values import soil_values
from sample_data.files.writer import Mess

__all__ = ["REASONS", "soil"]


def soil(sample: Sample, *, split: bool) -> Mess:
    """Soils the values of a sample in place, and returns the records and file shapes that the writer adds.

    With `split`, some options come a day before their line, and some days' files have another header, one
    column more or CRLF line ends; a period of under two dozen days may have no day left for these.
    """
    soil_values(sample, split=split)
    splices, new_orders = make_splices(sample)
    taken = {splice.day for splice in splices}
    return Mess(tuple(splices), shapes(sample, taken) if split else {}, dirty_dates(sample.plan), new_orders)
