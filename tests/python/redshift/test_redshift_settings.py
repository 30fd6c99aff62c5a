"""Settings of one's own and changed definitions mean on Redshift what they mean on DuckDB."""

from pathlib import Path

import pytest

from tests.python.support.project_copy import Workshop, generate_files
from tests.redshift_stand_in.stand_in import StandIn

OWN = "location_id,location_name,region,timezone,opened_on\n{},Mine,North,Europe/Madrid,\n"


@pytest.mark.thorough
def test_a_wrong_currency_is_corrected_in_the_settings_without_a_full_refresh(
    stand_in: StandIn, tmp_path: Path
) -> None:
    made = Workshop.create(tmp_path)
    environment = {**stand_in.environment(), "WAREHOUSE_TARGET": "redshift"}
    workshop = Workshop(made.project, made.warehouse, environment)
    settings, own = workshop.project / "settings.yml", workshop.project / "own.csv"
    size = ["--lines", "50", "--days", "3", "--restaurants", "1", "--customers", "5"]
    workshop.load(generate_files(tmp_path / "files", *size))
    [(location,)] = stand_in.query("select distinct restaurant_id from raw.order_items")
    own.write_text(OWN.format(location), encoding="utf-8")
    for currency in ("EUR", "USD"):
        settings.write_text(
            f"{{vars: {{reporting_currency: {currency}}}, seeds: {{locations: own.csv}}}}", encoding="utf-8"
        )
        # dbt by hand, as `sales-loader build` refuses marts without a single sale.
        assert (
            workshop.run("sales-loader", "dbt", "build", "--exclude-resource-type", "unit_test").returncode
            == 0
        )
        is_sold = stand_in.query("select count(*) > 0 from marts.fct_orders")
        assert is_sold == [(currency == "USD",)]
    assert stand_in.query("select location_name, timezone from marts.dim_locations") == [
        ("Mine", "Europe/Madrid")
    ]
    select = ("test", "--select", "dim_locations", "--exclude", "resource_type:unit_test")
    assert workshop.run("sales-loader", "dbt", *select).returncode == 0
    for command in (select, ("run",)):
        refused = workshop.run("sales-loader", "dbt", *command, "--vars", "{reporting_currency: GBP}")
        assert refused.returncode != 0
        assert "reporting_currency (was USD, is GBP)" in refused.stdout
