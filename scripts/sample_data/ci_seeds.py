"""Writes seeds/sample/: what the loader lands from a small dirty sample, for the dbt target `ci`.

Run it with `make ci-seeds` after a change of the generator or of the raw tables. The time of the load is
fixed, so that the same generator and loader write the same files.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

SEEDS = Path(__file__).parents[2] / "seeds" / "sample"
TABLES = ("order_items", "order_item_options", "date_dim", "rejected_rows", "load_files")
LOADED_AT = "timestamp '2025-07-01 05:00:00'"
SIZE = ("--lines", "1200", "--days", "400", "--restaurants", "4", "--customers", "150", "--seed", "11")
BIN = Path(sys.executable).parent


def land_sample(folder: Path) -> Path:
    """Generates the sample and loads it; returns the warehouse file."""
    warehouse = folder / "sample.duckdb"
    loader = str(BIN / "sales-loader")
    subprocess.run([loader, "generate", *SIZE, "--dirt", "--out", str(folder / "sample")], check=True)
    done = subprocess.run([loader, "load", str(folder / "sample"), "--database", str(warehouse)], check=False)
    if done.returncode != 3:  # dirt is there to be rejected
        raise SystemExit(f"the loader ended with {done.returncode}, expected 3 (landed with rejected rows)")
    return warehouse


def write_seed(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Writes one raw table as CSV, in a fixed order and with a fixed time of loading."""
    loaded_at = "loaded_at" if table == "load_files" else "_loaded_at"
    order = "load_id" if table == "load_files" else "_load_id, _source_row_number"
    connection.execute(
        f"copy (select * replace ({LOADED_AT} as {loaded_at}) from raw.{table} order by {order})"
        f" to '{SEEDS / table}.csv' (header, delimiter ',')"
    )


def main() -> None:
    """Writes all seeds of the sample."""
    with TemporaryDirectory() as folder, duckdb.connect(str(land_sample(Path(folder)))) as connection:
        SEEDS.mkdir(exist_ok=True)
        for table in TABLES:
            write_seed(connection, table)


if __name__ == "__main__":
    main()
