"""A date of seeds/locations.csv is read by one rule on both engines, never by the engine's own."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from jinja2 import Template

from tests.python.redshift_stand_in.sessions import error, rows, session
from tests.redshift_stand_in import StandIn

MODEL = Path(__file__).parents[3] / "models/marts/core/dim_locations.sql"
SQL = Template(MODEL.read_text(encoding="utf-8")).render(ref=str, var=lambda _: "UTC")
ORDERS = """
    create table fct_orders as
    select cast('r1' as varchar(64)) as location_id, cast('2025-06-01' as date) as business_date"""
LOCATIONS = """
    create table locations as
    select cast('r1' as varchar(64)) as location_id, cast(null as varchar(512)) as location_name,
        cast(null as varchar(512)) as region, cast(null as varchar(64)) as timezone,
        cast({cell} as {kind}) as opened_on"""


@pytest.mark.parametrize(
    ("cell", "kind", "read"),
    [
        ("'2023-07-01'", "varchar(64)", date(2023, 7, 1)),
        ("null", "varchar(64)", None),
        ("'2023-07-01'", "date", date(2023, 7, 1)),  # a table that an earlier version made
    ],
)
def test_a_good_date_is_read_alike(stand_in: StandIn, cell: str, kind: str, read: date | None) -> None:
    query = f"select opened_on from ({SQL}) as dim_locations"
    with session(stand_in) as redshift, duckdb.connect() as connection:
        for statement in (ORDERS, LOCATIONS.format(cell=cell, kind=kind)):
            rows(redshift, statement)
            connection.execute(statement)
        assert rows(redshift, query) == [[read]]
        assert connection.execute(query).fetchall() == [(read,)]


@pytest.mark.parametrize("cell", ["7/1/2023", "2023-7-1", "July 1, 2023", "2023-02-30", "20230701"])
def test_another_date_is_an_error_on_both(stand_in: StandIn, cell: str) -> None:
    with session(stand_in) as redshift, duckdb.connect() as connection:
        for statement in (ORDERS, LOCATIONS.format(cell=f"'{cell}'", kind="varchar(64)")):
            rows(redshift, statement)
            connection.execute(statement)
        assert cell in error(redshift, SQL)["M"]
        with pytest.raises(duckdb.Error, match=cell):
            connection.execute(SQL).fetchall()
