"""The loader rejects exactly the rows that the generator spoilt, for the reason it spoilt them."""

import json
from pathlib import Path

import duckdb

from tests.python.support.project_copy import Workshop


def test_the_rejected_rows_are_the_spoilt_ones(dirty: Workshop, dirty_days: Path) -> None:
    records = (dirty_days / "expected_rejects.jsonl").read_text(encoding="utf-8").splitlines()
    spoilt = sorted(
        (record["file"], record["row_number"], record["reason"]) for record in map(json.loads, records)
    )
    with duckdb.connect(str(dirty.warehouse), read_only=True) as connection:
        rejected = connection.execute(
            "select _source_file, _source_row_number, reason from raw.rejected_rows order by all"
        ).fetchall()
    assert len(spoilt) > 50
    assert rejected == spoilt


def test_every_kind_of_reason_has_its_count_in_the_summary(dirty: Workshop, dirty_days: Path) -> None:
    dirty.build({}, "--full-refresh")
    totals = json.loads((dirty_days / "expected_totals.json").read_text(encoding="utf-8"))
    expected = {
        f"rejected_{kind}_{reason}": count
        for table, kind in (("order_items", "items"), ("order_item_options", "options"))
        for reason, count in totals["rejected"][table].items()
    }
    counted = {str(row["check_name"]): row["row_count"] for row in dirty.rows("data_quality_summary")}
    assert {name: counted[name] for name in expected} == expected
