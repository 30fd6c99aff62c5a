"""An export of the marts: where it goes, and what it is called there."""

from dataclasses import dataclass
from pathlib import Path

from sales_export.duckdb_files import FORMATS, write_files
from sales_export.s3_files import unload
from sales_loader.errors import UsageError
from sales_loader.sources.s3 import SCHEME, parse_location
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget

DEFAULT_FOLDER = Path("target/export")


@dataclass(frozen=True)
class Exported:
    """What was exported: where it is, and the number of rows by mart."""

    place: str
    rows: dict[str, int]

    def __str__(self) -> str:
        return f"{len(self.rows):,} marts with {sum(self.rows.values()):,} rows are in {self.place}."


@dataclass(frozen=True)
class Export:
    """A copy of the published marts, all of one publication, in place of the copy before.

    Attributes:
        warehouse_target: the warehouse; when it is written it must not be open for writing in this process.
        to: a folder for a DuckDB warehouse, an ``s3://`` prefix for Redshift.
        file_format: ``duckdb`` or ``parquet``; None for the usual one of the warehouse.
        project: folder of the project, where dbt has left the descriptions.

    Raises:
        UsageError: the place or the format does not go with the warehouse.
    """

    warehouse_target: WarehouseTarget
    to: str
    file_format: str | None
    project: Path

    def __post_init__(self) -> None:
        is_on_s3 = self.to.startswith(SCHEME)
        if is_on_s3 and "'" in self.to:
            raise UsageError(f"{self.to} holds a quote; take a prefix without one.")
        if self._is_of_redshift and (not is_on_s3 or self.file_format == "duckdb"):
            raise UsageError(
                f"{self.to}: Redshift writes Parquet files to S3. Name a prefix, s3://bucket/prefix, and "
                "leave out the format duckdb."
            )
        if is_on_s3 and not self._is_of_redshift:
            raise UsageError(
                f"{self.to}: a DuckDB warehouse is exported to a folder. Name one, and send it from there."
            )

    @property
    def _is_of_redshift(self) -> bool:
        return self.warehouse_target.name == REDSHIFT

    def write(self) -> Exported:
        """Write the files.

        Raises:
            LoaderError: the marts are not built, or the place cannot be written.
        """
        if self._is_of_redshift:
            return Exported(*unload(self.warehouse_target, parse_location(self.to)))
        folder, results = Path(self.to), self.project / "target"
        return Exported(*write_files(self.warehouse_target, folder, self.file_format or FORMATS[0], results))
