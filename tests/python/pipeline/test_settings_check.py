"""A build says what one's own files tell about currencies, locations and prices."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.settings_check import LandedLines, SettingsCheck, landed_lines
from tests.python.support.loader_bench import Bench, items

PROJECT = Path(__file__).parents[3]
VARIABLES = {
    "reporting_currency": "USD",
    "default_timezone": "America/New_York",
    "business_day_start_hour": 0,
    "item_price_basis": "line_total",
}
UNNAMED = (
    "they have no name, and their time zone is taken to be America/New_York (default_timezone). "
    "`sales-loader locations` prints the rows to add."
)
SAMPLE = (
    "No order line is of a location in seeds/locations.csv; its rows may still be those of the generated "
    "sample: put yours in their place."
)


def lines(*found: tuple[str, str, int]) -> list[LandedLines]:
    return [
        LandedLines(currency, location, count, datetime(2025, 6, 1)) for currency, location, count in found
    ]


@pytest.mark.parametrize(
    ("found", "named", "said"),
    [
        ([], ["r1"], []),
        ([("USD", "r1", 3)], ["r1"], []),
        (
            [("USD", "r1", 1200), ("EUR", "r1", 2), ("EUR", "r2", 1)],
            ["r1", "r2"],
            ["Currencies: 1,200 lines are in USD; left out: 3 in EUR."],
        ),
        (
            [("USD", "r1", 2), ("USD", "r2", 1)],
            ["r1"],
            [
                "Currency: all 3 lines are in USD.",
                f"Locations: 1 of 2 are not in seeds/locations.csv (r2): {UNNAMED}",
            ],
        ),
        (
            [("USD", f"r{n}", 1) for n in range(7)],
            [],
            [
                "Currency: all 7 lines are in USD.",
                "Locations: 7 of 7 are not in seeds/locations.csv (r0, r1, r2, r3, r4, and 2 more): "
                + UNNAMED,
            ],
        ),
        (
            [("USD", "r1", 1)],
            ["s1", "s2"],
            [
                "Currency: all 1 lines are in USD.",
                f"Locations: 1 of 1 are not in seeds/locations.csv (r1): {UNNAMED}",
                SAMPLE,
            ],
        ),
        (
            [("USD", "r1", 1)],
            ["r1", "r3", "r2"],
            [
                "Currency: all 1 lines are in USD.",
                "Locations in seeds/locations.csv without an order line: r2, r3.",
            ],
        ),
    ],
)
def test_what_is_not_as_the_settings_say_is_told_and_nothing_else(
    found: list[tuple[str, str, int]], named: list[str], said: list[str]
) -> None:
    assert SettingsCheck(lines(*found), VARIABLES, {}, dict.fromkeys(named, "")).findings([]) == said


@pytest.mark.parametrize(
    ("basis", "means", "other", "given"),
    [
        ("line_total", "the price of one unit", "'{item_price_basis: unit}'", {}),
        (
            "unit",
            "the price of the whole line",
            "'{default_timezone: UTC, item_price_basis: line_total}'",
            {"item_price_basis": "unit", "default_timezone": "UTC"},
        ),
    ],
)
def test_the_other_basis_of_prices_is_told_with_the_command(
    basis: str, means: str, other: str, given: dict[str, Any]
) -> None:
    own = SettingsCheck(lines(("USD", "r1", 1)), {**VARIABLES, "item_price_basis": basis}, given, {"r1": ""})
    assert own.findings(["item_prices_fit_their_basis"])[1:] == [
        f"ITEM_PRICE looks like {means}. Run it again with VARS={other} FULL_REFRESH=1 (make) or --vars "
        f"{other} --full-refresh (sales-loader), or put it into settings.yml for good."
    ]


def of_location(name: str, time: str, **more: str) -> dict[str, str]:
    return {"RESTAURANT_ID": name, "CREATION_TIME_UTC": time, "LINEITEM_ID": f"{name}{time}", **more}


def test_lines_are_counted_by_location_and_currency(bench: Bench) -> None:
    place = WarehouseTarget("duckdb", bench.database)
    assert landed_lines(place) == []
    bench.write(
        "a.csv",
        items(
            of_location(" r2 ", "2025-06-01T16:00:00Z"),
            of_location("r1", "2025-06-02T16:00:00Z", CURRENCY="eur"),
            of_location("r2", "2025-05-31T16:00:00Z"),
        ),
    )
    bench.load()
    assert landed_lines(place) == [
        LandedLines("EUR", "r1", 1, datetime(2025, 6, 2, 16)),
        LandedLines("USD", "r2", 2, datetime(2025, 5, 31, 16)),
    ]


def test_the_rows_that_the_seed_lacks_are_printed_as_they_are_to_be_added(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bench.folder / "seeds").mkdir()
    seed = bench.folder / "seeds" / "locations.csv"
    seed.write_text("location_id,location_name,region,timezone,opened_on\nr1,One,,,\n")
    (bench.folder / "dbt_project.yml").write_text(
        "vars: {default_timezone: Europe/Kyiv, business_day_start_hour: 4}\n"
    )
    monkeypatch.chdir(bench.folder)
    assert bench.run("locations").exit_code == 1  # nothing was loaded
    bench.write(
        "a.csv",
        items(
            of_location("r1", "2025-06-01T16:00:00Z"),
            of_location('r"2', "2025-06-03T16:00:00Z", CURRENCY="EUR"),
            of_location('r"2', "2025-06-02T00:59:59Z"),  # 03:59:59 in Kyiv: still the day before
        ),
    )
    bench.load()
    printed = bench.run("locations")
    assert (printed.exit_code, printed.stdout) == (0, '"r""2","r""2",,Europe/Kyiv,2025-06-01\n')
    assert printed.stderr == "1 of 2 landed locations are not in seeds/locations.csv.\n"
    with seed.open("a") as file:
        file.write(printed.stdout)
    assert bench.run("locations").stdout == ""


@pytest.mark.parametrize("command", [["build"], ["daily", "source", "--no-docs"]])
def test_lines_in_another_currency_only_stop_the_build_with_the_command_that_helps(
    command: list[str], bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = yaml.safe_dump({"name": "shop", "vars": {**VARIABLES, "max_rejected_share": 0.01}})
    (bench.folder / "dbt_project.yml").write_text(settings)
    bench.write("a.csv", items({"CURRENCY": "UAH"}, {"CURRENCY": "UAH", "LINEITEM_ID": "l2"}))
    bench.load()
    monkeypatch.chdir(bench.folder)
    done = bench.run(*command, "--vars", "{default_timezone: Europe/Kyiv}")
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert "No order line is in USD, the reporting currency: 2 in UAH. Every figure would be zero" in said
    text = "'{default_timezone: Europe/Kyiv, reporting_currency: UAH}'"
    assert f"VARS={text} (make) or --vars {text} (sales-loader)" in said
