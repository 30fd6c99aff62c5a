"""Variables are known by name, kind and range before anything is loaded or built."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from sales_loader.errors import UsageError
from sales_loader.settings.variables import read_overrides, read_rules, read_variables, variable_problems
from sales_pipeline.cli import main

PROJECT = Path(__file__).parents[3]
DEFAULTS: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def test_the_project_sets_exactly_the_variables_that_have_a_rule_each_within_it() -> None:
    assert list(read_rules(PROJECT) or {}) == list(DEFAULTS)
    assert variable_problems(PROJECT, DEFAULTS) == []


@pytest.mark.parametrize(
    "overrides",
    [
        "",
        "{}",
        "{as_of_date: 2024-02-29, schema_suffix: '2024_02_29', reporting_currency: eur}",
        "{as_of_date: '2025-12-31', default_timezone: Asia/Kathmandu, business_day_start_hour: 23}",
        "{clv_high_share: 0.7, clv_low_share: 0.3, max_rejected_share: 1, default_food_cost_rate: 0}",
        "{churn_at_risk_days: 0, churn_period_count: 1, rfm_low_score: 1, rfm_high_score: 2}",
        "{expected_value_order_bands: [1], expected_value_missed_bands: [0, 0.25, 1000000]}",
    ],
)
def test_what_the_rules_allow_is_taken(overrides: str) -> None:
    assert read_variables(PROJECT, overrides) == DEFAULTS | read_overrides(overrides)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ("{churn_at_risk_day: 30}", "no variable 'churn_at_risk_day'; the nearest is churn_at_risk_days."),
        ("{reporting_currancy: EUR}", "the nearest is reporting_currency."),
        ("{asofdate: 2025-01-01}", "the nearest is as_of_date."),
        ("{franchise_sales: {churn_at_risk_days: 30}}", "no variable 'franchise_sales'"),
        ("{1: 2}", "There is no variable 1"),
        ("{default_food_cost_rate: 30}", "default_food_cost_rate is 30; expected a number from 0 to 1"),
        ("{churn_at_risk_days: '45 or true'}", "'45 or true'; expected a whole number from 0 to 36500."),
        ("{churn_at_risk_days: '45'}", "churn_at_risk_days is '45'"),
        ("{churn_at_risk_days: 45.5}", "churn_at_risk_days is 45.5"),
        ("{churn_at_risk_days: true}", "churn_at_risk_days is True"),
        ("{churn_at_risk_days: {a: 1}}", "churn_at_risk_days is a mapping"),
        ("{churn_at_risk_days: }", "churn_at_risk_days is null"),
        ("{loyalty_window_days: 0}", "expected a whole number from 1 to 36500."),
        ("{clv_high_share: -1}", "clv_high_share is -1"),
        ("{clv_high_share: .nan}", "clv_high_share is nan"),
        ("{clv_high_share: 0.12345}", "at most 4 decimals"),
        ("{clv_high_share: 0.7, clv_low_share: 0.3001}", "expected at most 1 together."),
        ("{rfm_low_score: 4}", "expected less than rfm_high_score, which is 4."),
        ("{business_day_start_hour: 24}", "expected a whole number from 0 to 23."),
        ("{default_timezone: america/new_york}", "expected a time zone such as America/New_York."),
        ("{reporting_currency: EURO}", "expected three letters such as USD."),
        ("{item_price_basis: units}", "expected one of line_total, unit."),
        ("{as_of_date: '2025-02-30'}", "expected a date as YYYY-MM-DD, or null."),
        ("{as_of_date: 2025-05-31 10:00:00}", "expected a date"),
        ("{as_of_date: 20250531}", "expected a date"),
        ("{schema_suffix: 2025_05_31}", "schema_suffix is 20250531; expected small letters"),
        ("{schema_suffix: 'a; drop'}", "expected small letters"),
        ("{awaits_publication: 1}", "expected true or false."),
        ("{expected_value_order_bands: [1, 1]}", "a list of rising whole numbers that begins with 1"),
        ("{expected_value_order_bands: [0, 1]}", "a list of rising whole numbers that begins with 1"),
        ("{expected_value_missed_bands: [0, 0.125]}", "at most 2 decimals"),
        ("{expected_value_missed_bands: 0}", "expected_value_missed_bands is 0"),
        ("{expected_value_probability_bands: []}", "a list of rising numbers above 0"),
        ("{expected_value_probability_bands: [0.5, '1 or 1']}", "a list of rising numbers above 0"),
    ],
)
def test_what_breaks_a_rule_is_refused(overrides: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_variables(PROJECT, overrides)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_every_wrong_variable_is_told() -> None:
    with pytest.raises(UsageError) as refused:
        read_variables(PROJECT, "{clv_low_share: 2, zone: UTC, rfm_window_months: 0}")
    assert [line.split()[0] for line in str(refused.value).splitlines()] == [
        "There",
        "clv_low_share",
        "rfm_window_months",
    ]


@pytest.mark.parametrize(
    "overrides", ["[1", "text", "0", "[]", "2025-02-30", "{as_of_date: 2025-02-30}", "[" * 9999]
)
def test_overrides_that_are_no_mapping_are_a_usage_error(overrides: str) -> None:
    with pytest.raises(UsageError, match="--vars must be a YAML mapping"):
        read_overrides(overrides)


def test_a_misspelt_or_missing_variable_of_the_project_file_is_told_and_those_of_packages_are_left_alone(
    tmp_path: Path,
) -> None:
    copy_project(
        tmp_path, lambda text: text.replace("rfm_high_score: 4", "rfm_hihg_score: 4\n  dbt_utils: {x: 1}")
    )
    with pytest.raises(UsageError) as refused:
        read_variables(tmp_path, "")
    assert str(refused.value).splitlines() == [
        "There is no variable 'rfm_hihg_score'; the nearest is rfm_high_score.",
        "rfm_high_score is not set; expected a whole number from 1 to 5.",
    ]


@pytest.mark.parametrize("command", [["load", "a.csv"], ["build"], ["daily", "a.csv"]])
def test_every_command_refuses_before_it_writes_anything(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_project(tmp_path, str)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = CliRunner().invoke(main, [*command, "--vars", "{churn_at_risk_day: 30}"])
    assert (result.exit_code, sorted(tmp_path.rglob("*"))) == (2, before)
    assert "the nearest is churn_at_risk_days" in result.output


def copy_project(folder: Path, change: Callable[[str], str]) -> None:
    shutil.copytree(PROJECT / "macros", folder / "macros")
    text = (PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
    (folder / "dbt_project.yml").write_text(change(text), encoding="utf-8")
