"""Past figures are never mixed with figures of another definition, nor rebuilt by half."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest

from tests.python.support.project_copy import FEW_MARTS, Workshop, as_yaml, generate_files

MARTS = (
    *FEW_MARTS,
    "customer_lifetime_value",
    "customer_month_end",
    "discount_before_after",
    "location_performance",
    "sales_by_category_weekly",
)
LOCATIONS = "location_id,location_name,region,timezone,opened_on\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    folder = tmp_path_factory.mktemp("definitions")
    size = ["--lines", "200", "--days", "40", "--restaurants", "2", "--customers", "20"]
    workshop = Workshop.create(folder, marts=MARTS)
    workshop.load(generate_files(folder / "files", *size))
    assert workshop.run("dbt", "run").returncode == 1  # seeds are not there yet
    workshop.build()
    return workshop


def test_other_definitions_ask_for_a_full_refresh(built: Workshop) -> None:
    before = built.rows("fct_order_lines"), built.rows("customer_month_end")
    others = {
        "option_price_basis": ("per_line", "per_unit"),
        "default_timezone": ("America/New_York", "Europe/Kyiv"),
        "business_day_start_hour": (0, 4),
        "as_of_date": (None, "2025-06-15"),
        "clv_high_share": (0.2, 0.1),
        "loyalty_window_days": (90, 7),
    }
    variables = as_yaml({name: other for name, (_, other) in others.items()})
    done = built.run("dbt", "build", "--vars", variables)
    assert done.returncode != 0
    for name, (was, other) in others.items():
        assert f"{name} (was {was}, is {other})" in done.stdout
    assert "Run once with --full-refresh" in done.stdout
    assert (built.rows("fct_order_lines"), built.rows("customer_month_end")) == before


def test_data_tests_by_themselves_are_held_to_the_definitions_too(built: Workshop) -> None:
    select = ("test", "--select", "fct_orders", "--vars")
    refused = built.run("dbt", *select, "{option_price_basis: per_unit}")
    assert refused.returncode != 0
    assert "option_price_basis (was per_line, is per_unit)" in refused.stdout
    for variables in ("{}", "{option_price_basis: per_unit, schema_suffix: not_built}"):
        assert "Past figures were built" not in built.run("dbt", *select, variables).stdout
    alone = built.run("dbt", *select, "{option_price_basis: per_unit}", "--resource-type", "unit_test")
    assert "Past figures were built" not in alone.stdout


def test_before_any_sale_is_built_a_definition_needs_no_full_refresh(built: Workshop) -> None:
    beside = {"schema_suffix": "no_sale_yet"}
    euros = ("--vars", as_yaml({**beside, "reporting_currency": "EUR"}))
    build_tables(built, *euros)  # by hand: sales-loader would not build zeros
    assert built.rows("fct_orders", "marts_no_sale_yet") == []
    built.build(beside)
    assert built.rows("fct_orders", "marts_no_sale_yet") == built.rows("fct_orders")
    assert "reporting_currency (was USD, is EUR)" in built.run("dbt", "run", *euros).stdout


def test_other_time_zones_of_locations_ask_for_a_full_refresh_before_any_figure_changes(
    built: Workshop,
) -> None:
    before = built.rows("fct_orders"), built.rows("dim_locations")
    with seed_of(built, "locations", LOCATIONS + "somewhere,Somewhere,A,Europe/Kyiv,\n"):
        done = built.run("dbt", "build")
    assert done.returncode != 0
    assert "changed since: time zones in seeds/locations.csv. Run once with --full-refresh" in done.stdout
    assert (built.rows("fct_orders"), built.rows("dim_locations")) == before


def test_another_seed_asks_for_a_full_refresh(built: Workshop) -> None:
    with seed_of(built, "menu_category_costs", "item_category,food_cost_rate\nSalads,0.1\n"):
        done = built.run("dbt", "build")
    assert done.returncode != 0
    assert "seeds/menu_category_costs.csv (its content)" in done.stdout


def test_names_and_regions_of_locations_follow_the_seed_without_a_full_refresh(built: Workshop) -> None:
    names = {
        str(row["location_id"]): f"Shop, {number}" for number, row in enumerate(built.rows("dim_locations"))
    }
    rows = [
        f'{one},"{name}",North,{"America/New_York" * (name > "Shop, 0")},\n' for one, name in names.items()
    ]
    with seed_of(built, "locations", LOCATIONS + "".join(rows)):
        build_tables(built)
        shown = built.rows("dim_locations"), built.rows("location_performance")
        build_tables(built, "--full-refresh")
    assert shown == (built.rows("dim_locations"), built.rows("location_performance"))
    assert {row["location_id"]: row["location_name"] for row in shown[0]} == names
    assert {row["location_id"]: row["location_name"] for row in shown[1]} == names
    assert {row["region"] for row in shown[0]} == {"North"}


@contextmanager
def seed_of(workshop: Workshop, name: str, text: str) -> Iterator[None]:
    """Another content of a seed, for a while."""
    seed = workshop.project / "seeds" / f"{name}.csv"
    old = seed.read_text(encoding="utf-8")
    seed.write_text(text, encoding="utf-8")
    yield
    seed.write_text(old, encoding="utf-8")


def build_tables(workshop: Workshop, *options: str) -> None:
    kinds = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    done = workshop.run("dbt", "build", *kinds, *options)
    assert done.returncode == 0, done.stdout


def test_a_variable_of_marts_that_are_built_whole_changes_nothing_else(built: Workshop) -> None:
    done = built.run(
        "dbt",
        "run",
        "--vars",
        "{discount_window_days: 7, churn_period_days: 7, expected_value_missed_bands: [0, 1]}",
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("selection", [("--select", "fct_orders"), ("--exclude", "sales_daily")])
def test_a_full_refresh_of_some_tables_is_refused(built: Workshop, selection: tuple[str, str]) -> None:
    done = built.run("dbt", "run", "--full-refresh", *selection)
    assert done.returncode != 0
    assert "without --select and --exclude" in done.stdout


def test_a_full_refresh_of_a_table_that_no_other_one_keeps_rows_of_builds_it_alone(built: Workshop) -> None:
    before = built.rows("sales_by_category_weekly")
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute("update marts.sales_by_category_weekly set orders_with_category = 99")
    done = built.run("dbt", "run", "--full-refresh", "--select", "sales_by_category_weekly")
    assert done.returncode == 0, done.stdout
    assert built.rows("sales_by_category_weekly") == before


@pytest.mark.parametrize("table", ["marts.sales_by_category_weekly", "intermediate.int_discounts_used"])
def test_a_table_that_is_not_there_is_built_alone_or_says_what_it_needs(built: Workshop, table: str) -> None:
    schema, name = table.split(".")
    before = built.rows(name, schema=schema)
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute(f"drop table {table}")
    done = built.run("dbt", "run")
    if name == "int_discounts_used":
        assert f"hold only what a run changes: {name}. Run --full-refresh once" in done.stdout
        assert built.run("dbt", "run", "--full-refresh").returncode == 0
    assert built.rows(name, schema=schema) == before


def test_a_run_in_which_a_model_fails_has_not_finished(built: Workshop) -> None:
    model = built.project / "models" / "marts" / "sales_trends" / "sales_daily.sql"
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace("count(*)", "count(*) / nothing"), encoding="utf-8")
    assert built.run("dbt", "run").returncode != 0
    model.write_text(text, encoding="utf-8")
    assert state_of(built) == [(False, False)]
    assert built.run("dbt", "run").returncode == 0
    assert state_of(built) == [(True, False)]


@pytest.mark.parametrize(
    "fault",
    [
        "delete from {facts} where order_id = (select min(order_id) from {facts})",
        "insert into {facts} select * replace ('gone' as order_id) from {facts} limit 1",
    ],
    ids=["an order is lost", "a withdrawn order stays"],
)
def test_facts_that_do_not_follow_the_raw_tables_are_found(built: Workshop, fault: str) -> None:
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute(fault.format(facts="marts.fct_order_lines"))
    done = built.run("dbt", "test", "--select", "every_landed_line_is_in_the_facts_or_excluded")
    assert done.returncode != 0
    assert "FAIL 1" in done.stdout
    assert built.run("dbt", "run", "--full-refresh").returncode == 0


def state_of(workshop: Workshop) -> list[tuple[bool, bool]]:
    """Whether the last run has finished, and whether a full refresh is due."""
    with duckdb.connect(str(workshop.warehouse)) as connection:
        query = "select is_finished, is_full_refresh from intermediate.run_state"
        return [(bool(one), bool(other)) for one, other in connection.execute(query).fetchall()]


def test_without_a_table_of_removed_orders_a_first_run_says_what_makes_it_and_writes_nothing(
    built: Workshop,
) -> None:
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute("drop table intermediate.run_state; drop table raw.removed_orders")
    refused = built.run("dbt", "run", "--full-refresh")
    assert "create table raw.removed_orders (load_id bigint, order_id varchar(64))" in refused.stdout
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute("create table raw.removed_orders (load_id bigint, order_id varchar(64))")
    done = built.run("dbt", "run", "--full-refresh")
    assert done.returncode == 0, done.stdout


def test_tables_without_the_note_of_a_run_ask_for_a_full_refresh(built: Workshop) -> None:
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute("drop table intermediate.run_state")
    done = built.run("dbt", "run")
    assert done.returncode != 0
    assert "no note of the run that built them" in done.stdout
    assert built.run("dbt", "run", "--full-refresh").returncode == 0


def test_a_build_of_another_day_stands_beside_the_usual_one(built: Workshop) -> None:
    usual = built.rows("customer_lifetime_value"), built.rows("fct_orders")
    built.build({"as_of_date": "2025-06-15", "schema_suffix": "mid_june"})
    assert (built.rows("customer_lifetime_value"), built.rows("fct_orders")) == usual
    past = built.rows("customer_lifetime_value", schema="marts_mid_june")
    assert {str(row["as_of_date"]) for row in past} == {"2025-06-15"}
    built.build()


@pytest.mark.parametrize("command", ["test", "build"])
def test_dbt_by_hand_refuses_variables_that_are_unknown_or_out_of_range(
    built: Workshop, command: str
) -> None:
    done = built.run("dbt", command, "--vars", "{churn_at_risk_day: 30, churn_at_risk_days: 45 or true}")
    assert done.returncode != 0
    assert "There is no variable 'churn_at_risk_day'; the nearest is churn_at_risk_days." in done.stdout
    assert "churn_at_risk_days is '45 or true'; expected a whole number from 0 to 36500." in done.stdout
    assert "Completed successfully" not in done.stdout


def test_dbt_by_hand_refuses_a_misspelt_variable_of_the_project_file(built: Workshop) -> None:
    file = built.project / "dbt_project.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("vars:\n", "vars:\n  dbt_utils: {own: 1}\n  clv_hihg_share: 0.1\n", 1), encoding="utf-8"
    )
    done = built.run("dbt", "seed")
    file.write_text(text, encoding="utf-8")
    assert done.returncode != 0
    assert "There is no variable 'clv_hihg_share'; the nearest is clv_high_share." in done.stdout
    assert "own" not in done.stdout
