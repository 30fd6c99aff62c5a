"""Whether the settings fit what landed: its currencies, its locations, the basis of its prices."""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped
from sales_loader.settings.business_calendar import read_locations
from sales_loader.settings.own_settings import SETTINGS_FILE, seed_file
from sales_loader.settings.variables import read_overrides, read_variables
from sales_loader.warehouses.target import DUCKDB, REDSHIFT, WarehouseTarget
from sales_pipeline.warehouse_queries import open_query

_LINES = """
    select currency, trim(restaurant_id), count(*), min(creation_time_utc)
    from raw.order_items group by currency, trim(restaurant_id) order by 2, 1"""
_PRICE_TEST = "item_prices_fit_their_basis"
_OTHER_BASIS = {"line_total": "unit", "unit": "line_total"}
_BASIS_MEANS = {"line_total": "the price of the whole line", "unit": "the price of one unit"}
_MOST_NAMED = 5


class NoSaleError(LoaderError):
    """No landed line can count."""


@dataclass(frozen=True)
class LandedLines:
    """The landed order lines of one currency at one location.

    Attributes:
        currency: three capital letters.
        location_id: as landed.
        count: number of lines, replaced versions included.
        first_at: time of the first one, UTC.
    """

    currency: str
    location_id: str
    count: int
    first_at: datetime


@dataclass(frozen=True)
class SettingsCheck:
    """What landed, beside the settings that it is built by.

    Attributes:
        lines: of each location and currency.
        variables: of the project, with those of the command line over them.
        given: those of the command line.
        locations: time zone or blank by id, as the seed has them.
        seed: its path.
    """

    lines: Sequence[LandedLines]
    variables: Mapping[str, Any]
    given: Mapping[str, Any]
    locations: Mapping[str, str]
    seed: Path = Path("seeds/locations.csv")

    @classmethod
    def read(cls, warehouse_target: WarehouseTarget, overrides: str) -> "SettingsCheck":
        """Look at a warehouse and at the project in the current folder.

        Raises:
            UsageError: a variable is not as its rule says.
            LoaderError: a file of the project is not as expected.
        """
        variables, given = read_variables(Path(), overrides), read_overrides(overrides)
        seed = seed_file(Path(), "locations")
        return cls(landed_lines(warehouse_target), variables, given, read_locations(Path()), seed)

    def refuse_other_currency(self) -> None:
        """Stop before all figures are zero because every line is in another currency.

        Raises:
            NoSaleError: there are lines, and none is in the reporting currency.
        """
        counts = self._lines_by_currency()
        if not counts or self._reporting_currency() in counts:
            return
        most = max(counts, key=lambda currency: counts[currency])
        raise NoSaleError(
            f"No order line is in {self._reporting_currency()}, the reporting currency: {_listed(counts)}. "
            "Every figure would be zero, so nothing was built. "
            f"{self._how_to_set('reporting_currency', most)}"
        )

    def findings(self, failed_tests: Iterable[str]) -> list[str]:
        """What to look at after a build.

        Args:
            failed_tests: names of the tests that found something wrong.

        Returns:
            A sentence or two for each; none where all is as the settings say.
        """
        if not self.lines:
            return []
        found = [*self._of_locations(), *(self._of_prices() if _PRICE_TEST in failed_tests else [])]
        counts = self._lines_by_currency()
        reporting = self._reporting_currency()
        of_all = f"{counts.pop(reporting, 0):,} lines are in {reporting}"
        if counts:
            return [f"Currencies: {of_all}; left out: {_listed(counts)}.", *found]
        return [f"Currency: all {of_all}.", *found] if found else []

    def _of_locations(self) -> Iterable[str]:
        found, named = {one.location_id for one in self.lines}, set(self.locations)
        unnamed, unused = sorted(found - named), sorted(named - found)
        if unnamed:
            yield (
                f"Locations: {len(unnamed):,} of {len(found):,} are not in {self.seed} ({_some(unnamed)}): "
                f"they have no name, and their time zone is taken to be {self.variables['default_timezone']} "
                "(default_timezone). `sales-loader locations` prints the rows to add."
            )
        if unused and len(unused) == len(named):
            yield (
                f"No order line is of a location in {self.seed}; its rows may still be those of the "
                "generated sample: put yours in their place."
            )
        elif unused:
            yield f"Locations in {self.seed} without an order line: {_some(unused)}."

    def _of_prices(self) -> Iterable[str]:
        basis = _OTHER_BASIS[self.variables["item_price_basis"]]
        how = self._how_to_set("item_price_basis", basis, full_refresh=True)
        yield f"ITEM_PRICE looks like {_BASIS_MEANS[basis]}. {how}"

    def _how_to_set(self, name: str, value: str, *, full_refresh: bool = False) -> str:
        given = yaml.safe_dump({**self.given, name: value}, default_flow_style=True, width=1000)
        text = shlex.quote(given.strip())
        return (
            f"Run it again with VARS={text}{' FULL_REFRESH=1' * full_refresh} (make) or --vars {text}"
            f"{' --full-refresh' * full_refresh} (sales-loader), or put it into {SETTINGS_FILE} for good."
        )

    def _reporting_currency(self) -> str:
        return str(self.variables["reporting_currency"]).upper()

    def _lines_by_currency(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for one in self.lines:
            counts[one.currency] += one.count
        return counts


def landed_lines(warehouse_target: WarehouseTarget) -> list[LandedLines]:
    """All landed order lines, by location and currency.

    Empty where there is no warehouse yet, and for targets that only dbt knows.
    """
    if warehouse_target.name not in (DUCKDB, REDSHIFT):
        return []
    with suppress(LoaderError), open_query(warehouse_target) as query:
        return [LandedLines(*row) for row in query(_LINES)]
    return []


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} in {currency}" for currency, count in counts.items())


def _some(ids: Sequence[str]) -> str:
    more = [f"and {len(ids) - _MOST_NAMED:,} more"] if len(ids) > _MOST_NAMED else []
    return ", ".join([*(escaped(one)[:64] for one in ids[:_MOST_NAMED]), *more])
