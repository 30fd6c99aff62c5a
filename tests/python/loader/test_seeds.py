"""Reference data that was saved by a spreadsheet is read as meant, or refused with its line and column."""

from pathlib import Path

import pytest

from sales_loader.errors import LoaderError
from sales_loader.settings.seeds import SEEDS, check_seeds, read_seed
from tests.python.support.loader_bench import Bench, items

PROJECT = Path(__file__).parents[3]
LOCATIONS = "location_id,location_name,region,timezone,opened_on\n"
GOOD = "r1,Albany,Upstate,America/New_York,2023-07-01\n"
HOURS = "".join(f"{hour},day\n" for hour in range(24))


def seeded(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / "seeds" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_the_seeds_of_the_project_are_good() -> None:
    check_seeds(PROJECT)
    assert {path.stem for path in (PROJECT / "seeds").glob("*.csv")} == set(SEEDS)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_a_spreadsheet_leaves_is_read_as_meant(tmp_path: Path, mark: str, end: str) -> None:
    text = LOCATIONS + GOOD + ',,,,\n\nr2,"Corner\n""2""",North\nr3\n ,,\n'
    seeded(tmp_path, "locations", (mark + text).replace("\n", end).encode())
    corner = f'Corner{end}"2"'
    assert [(row.line, row.cells) for row in read_seed(tmp_path, "locations")] == [
        (2, ("r1", "Albany", "Upstate", "America/New_York", "2023-07-01")),
        (5, ("r2", corner, "North", "", "")),
        (7, ("r3", "", "", "", "")),
    ]


def test_a_project_without_seeds_has_none(tmp_path: Path) -> None:
    check_seeds(tmp_path)
    assert read_seed(tmp_path, "locations") == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        *(
            (
                "locations",
                f"{LOCATIONS}{GOOD}r2,,,,{day}\n",
                f"line 3, column opened_on: '{day}'; expected a date as yyyy-mm-dd.",
            )
            for day in (
                "3/1/2019",
                "2019-3-1",
                "2019-02-30",
                "20190301",
                " 2019-03-01",
                "2019-03-01 00:00",
                "43525",
            )
        ),
        (
            "locations",
            LOCATIONS + "\n,,,,\n" + "r2,,,america/new_york,\n",
            "line 4, column timezone: 'america/new_york'; expected a time zone such as America/New_York; "
            "the nearest is America/New_York.",
        ),
        ("locations", LOCATIONS + "r2,,,EST,\n", "line 2, column timezone: 'EST'"),
        ("locations", LOCATIONS + ",Albany,,,\n", "line 2, column location_id: blank; expected an id"),
        ("locations", LOCATIONS + "6.13E+23,,,,\n", "line 2, column location_id: '6.13E+23'; expected an id"),
        ("locations", LOCATIONS + "r1 ,,,,\n", "line 2, column location_id: 'r1 '; expected an id"),
        ("locations", LOCATIONS + "é" * 33 + "\n", "line 2, column location_id: "),
        (
            "locations",
            LOCATIONS + GOOD + "\n" + GOOD,
            "line 4, column location_id: 'r1' stands in line 2 already",
        ),
        (
            "locations",
            LOCATIONS + "r1,a,b,c,d,e\n",
            "line 2: 6 cells; expected 5. A text with a comma needs quotes",
        ),
        ("locations", LOCATIONS + 'r1,"a"b,,,\n', "line 2: a quote opens"),
        ("locations", LOCATIONS + GOOD + 'r2,"a,,,\n' + GOOD, "line 3: a quote opens"),
        (
            "locations",
            (LOCATIONS + GOOD).encode() + b"r2,\xe9,,,\n",
            "line 3 is not UTF-8. Save it as CSV in UTF-8",
        ),
        ("locations", LOCATIONS.replace(",", ";"), "line 1: the header is 'location_id;location_name;"),
        ("locations", LOCATIONS.replace(",", ";"), "Save it with commas between the cells."),
        (
            "locations",
            "location_id,timezone\nr1,UTC\n",
            "the header is 'location_id,timezone'; expected location_id,",
        ),
        ("locations", "", "line 1: the header is ''; expected location_id,location_name,"),
        ("excluded_apps", "app_name,reason\n,why\n", "line 2, column app_name: blank"),
        (
            "excluded_customers",
            "customer_id,reason\nc1,\nc1\n",
            "line 3, column customer_id: 'c1' stands in line 2",
        ),
        *(
            (
                "menu_category_costs",
                f'item_category,food_cost_rate\nSalads,"{rate}"\n',
                f"line 2, column food_cost_rate: '{rate}'; expected a rate from 0 to 1",
            )
            for rate in ("30", "1.1", "-0.1", "30%", "0,3", "0.30001", ".", "nan", "1e-1")
        ),
        (
            "menu_category_costs",
            "item_category,food_cost_rate\nSalads\n",
            "line 2, column food_cost_rate: blank",
        ),
        ("menu_category_corrections", "raw,corrected\nsalad,\n", "line 2, column corrected: blank"),
        (
            "dayparts",
            "hour,daypart\n" + HOURS + "24,night\n",
            "line 26, column hour: '24'; expected a whole hour",
        ),
        (
            "dayparts",
            "hour,daypart\n" + HOURS.replace("\n7,day\n", "\n"),
            "no row for hour 7; expected all 24",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(LoaderError) as raised:
        check_seeds(seeded(tmp_path, name, content))
    assert str(raised.value).startswith(str(tmp_path / "seeds" / f"{name}.csv"))
    assert message in str(raised.value)


@pytest.mark.parametrize("rate", ["0", "1", "1.0000", ".3", "0.2999"])
def test_rates_from_0_to_1_are_good(tmp_path: Path, rate: str) -> None:
    check_seeds(seeded(tmp_path, "menu_category_costs", f"item_category,food_cost_rate\nSalads,{rate}\n"))


def test_the_first_faults_are_named_and_the_others_counted(tmp_path: Path) -> None:
    with pytest.raises(LoaderError) as raised:
        check_seeds(seeded(tmp_path, "locations", LOCATIONS + "".join(f"r{n},,,,x\n" for n in range(8))))
    lines = str(raised.value).splitlines()
    assert [f"line {number}, column opened_on" in line for number, line in enumerate(lines[:5], start=2)] == [
        True
    ] * 5
    assert lines[5:] == ["… and 3 more."]


def test_a_bad_seed_stops_a_load_before_anything_lands(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    seeded(bench.folder, "menu_category_costs", "item_category,food_cost_rate\nSalads,30\nSoups,40\n")
    result = bench.load()
    assert result.exit_code == 1
    faults = [line for line in result.output.splitlines() if "column food_cost_rate" in line]
    assert [fault.partition("csv, ")[2][:41] for fault in faults] == [
        "line 2, column food_cost_rate: '30'; expe",
        "line 3, column food_cost_rate: '40'; expe",
    ]
    assert not bench.database.exists()
