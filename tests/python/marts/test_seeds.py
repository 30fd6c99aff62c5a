"""Seeds that a spreadsheet saved are built as meant, and refused before dbt where they are not."""

from pathlib import Path

from tests.python.support.project_copy import PROJECT, Workshop

HEADER = "location_id,location_name,region,timezone,opened_on\r\n"


def test_blank_and_short_rows_and_a_byte_order_mark_are_built(tmp_path: Path) -> None:
    seeds = {"locations": "\ufeff" + HEADER + "r1,One,North,UTC,2023-07-01\r\n,,,,\r\n\r\nr2,Two\r\n"}
    for name in ("excluded_apps", "excluded_customers", "menu_category_corrections", "dayparts"):
        seeds[name] = (PROJECT / "seeds" / f"{name}.csv").read_text(encoding="utf-8") + ",\n"
    workshop = Workshop.create(tmp_path, seeds)
    done = workshop.run(
        "dbt",
        "build",
        "--select",
        "resource_type:seed",
        "--exclude",
        "path:seeds/sample",
        "test_type:singular",
    )
    assert done.returncode == 0, done.stdout
    built = workshop.rows("locations", schema="staging")
    assert [list(row.values()) for row in built if row["location_id"]] == [
        ["r1", "One", "North", "UTC", "2023-07-01"],
        ["r2", "Two", None, None, None],
    ]


def test_a_build_refuses_a_bad_seed_before_dbt(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path, {"locations": HEADER + "r1,One,North,UTC,7/1/2023\r\n"})
    done = workshop.try_build()
    assert done.returncode == 1
    assert (
        "seeds/locations.csv, line 2, column opened_on: '7/1/2023'; expected a date as yyyy-mm-dd."
        in done.stderr
    )
    assert not workshop.warehouse.exists()


def test_dbt_by_hand_refuses_a_date_of_another_form(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path, {"locations": HEADER + "r1,One,North,UTC,7/1/2023\r\n"})
    done = workshop.run("dbt", "build", "--select", "locations")
    assert done.returncode == 1
    assert "locations_opened_on_reads_yyyy_mm_dd" in done.stdout
