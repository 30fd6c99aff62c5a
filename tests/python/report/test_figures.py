"""What the page shows of any restaurant and period is what SQL says of the marts."""

from pathlib import Path

import duckdb
import pytest

from . import expected_customers, expected_sales
from .browser import Report
from .expected import Chosen

TABLES = expected_sales.TABLES | expected_customers.TABLES
OF_ALL = expected_sales.OF_ALL | expected_customers.OF_ALL


@pytest.mark.parametrize("weeks", [4, 13, 52])
def test_each_table_equals_the_marts(sample_report: Report, sample: Path, weeks: int) -> None:
    with duckdb.connect(str(sample), read_only=True) as marts:
        choices = states(marts, weeks)
        everything = choices[0][1]
        of_all = {title: cells(everything) for figures in OF_ALL.values() for title, cells in figures.items()}
        for state, chosen in choices:
            sample_report.choose(weeks=weeks, **state)
            shown = sample_report.tables()
            for section, figures in TABLES.items():
                for title, cells in figures.items():
                    expected = of_all[title] if title in OF_ALL.get(section, ()) else cells(chosen)
                    assert shown[section].pop(title) == expected, f"{state}, {section}: {title}"
            assert not any(shown.values())


def states(marts: duckdb.DuckDBPyConnection, weeks: int) -> list[tuple[dict[str, str], Chosen]]:
    """All restaurants, each region, one of them without a name, and each restaurant."""
    locations = marts.execute(
        "select location_id, coalesce(region, '') from marts.dim_locations order by location_id"
    ).fetchall()
    everybody = [location for location, _ in locations]
    regions = {name: [location for location, of in locations if of == name] for _, name in locations}
    assert set(regions) == {"North", "South", ""}
    return [
        ({}, Chosen(marts, everybody, everybody, weeks)),
        *(({"region": name}, Chosen(marts, of, of, weeks)) for name, of in regions.items()),
        *(({"restaurant": one}, Chosen(marts, [one], everybody, weeks)) for one in everybody),
    ]
