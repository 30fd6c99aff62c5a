"""The docs page of the daily run, written when it is out of date."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sales_loader.warehouses.target import REDSHIFT
from sales_pipeline.dbt_project.last_build import (
    file_fingerprints,
    input_fingerprint,
    save_fingerprints,
    unchanged_since,
)

DOCS_PAGE = Path("target/static_index.html")
_WRITTEN = Path("target/docs_page.json")


@dataclass(frozen=True)
class DocsPage:
    """The page of one project, one set of variables and one warehouse.

    Attributes:
        fingerprint: fingerprint of all that it is made from.
    """

    fingerprint: str

    @classmethod
    def of(cls, target: str, variables: Mapping[str, Any]) -> "DocsPage":
        """The page of the project in the current folder.

        On Redshift it shows the size of each table, so it differs from day to day.

        Raises:
            LoaderError: ``dbt_project.yml`` is no YAML mapping.
        """
        day = datetime.now(UTC).date().isoformat() if target == REDSHIFT else ""
        return cls(input_fingerprint([target, json.dumps(variables, default=str), day]))

    def is_due(self) -> bool:
        """Whether the page on disk is missing or out of date."""
        return unchanged_since(_WRITTEN, self.fingerprint) is None

    def is_written(self) -> None:
        """Note that the page was just written."""
        save_fingerprints(_WRITTEN, self.fingerprint, file_fingerprints([DOCS_PAGE]), [])
