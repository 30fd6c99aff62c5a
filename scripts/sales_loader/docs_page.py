"""The docs page of the daily run: written when it would read otherwise, and sent to readers once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sales_loader.build import DOCS_PAGE
from sales_loader.last_build import looks_of, made_from, recall, remember
from sales_loader.s3 import S3Location
from sales_loader.targets import REDSHIFT

_WRITTEN = Path("target/docs_page.json")
_SENT = Path("target/docs_page_sent.json")


@dataclass(frozen=True)
class DocsPage:
    """The page of one project, one set of variables and one warehouse.

    Attributes:
        fingerprint: of all that it is made from.
    """

    fingerprint: str

    @classmethod
    def of(cls, target: str, variables: Mapping[str, Any]) -> "DocsPage":
        """The page of the project in the current folder.

        On Redshift it shows how large each table is, so it is another one each day.

        Raises:
            LoaderError: ``dbt_project.yml`` is no YAML mapping.
        """
        day = datetime.now(UTC).date().isoformat() if target == REDSHIFT else ""
        return cls(made_from([target, json.dumps(variables, default=str), day]))

    def is_due(self) -> bool:
        """Whether the page that is there is not this one."""
        return recall(_WRITTEN, self.fingerprint) is None

    def is_written(self) -> None:
        """Note that the page was written just now."""
        remember(_WRITTEN, self.fingerprint, looks_of([DOCS_PAGE]), [])


def is_sent(place: S3Location) -> bool:
    """Whether the page that is there was sent to a place already, or there is none."""
    return not DOCS_PAGE.exists() or recall(_SENT, str(place)) is not None


def note_sent(place: S3Location) -> None:
    """Note that the page that is there was sent to a place just now."""
    remember(_SENT, str(place), looks_of([DOCS_PAGE]), [])
