"""Keys and tests that dbt would read past are found, with line and nearest name; the rest is accepted."""

from pathlib import Path

import pytest

from tools.project_checks.yml_keys import (
    check_text,
    check_yml_keys,
    known_tests,
    parsed_schema,
    project_schema_with_flags,
)

TESTS = {"unique", "not_null", "accepted_values", "relationships", "no_gaps", "dbt_utils.accepted_range"}

ACCEPTED = """
version: 2

groups:
  - name: analytics
    owner: {name: Analytics, email: a@example.org}

sources:
  - name: sales
    description: Raw files.
    schema: raw
    config:
      loaded_at_field: _loaded_at
      freshness: {warn_after: {count: 1, period: day}}
    tables:
      - name: order_items
        config: {freshness: null}
        columns:
          - name: order_id
            description: The order.
            data_tests: [not_null]

models:
  - name: sales_daily
    description: "{{ doc('sales_daily') }}"
    time_spine: {standard_granularity_column: total}
    config:
      contract: {enforced: true}
      meta: {anything: {at: all}}
    data_tests:
      - no_gaps: {arguments: {column_name: business_date}, config: {severity: warn, where: "a > 1"}}
      - test_name: unique
        name: unique_total
        column_name: total
    columns:
      - name: total
        description: All of it.
        data_type: decimal(18, 2)
        constraints: [{type: not_null}]
        data_tests:
          - unique
          - dbt_utils.accepted_range:
              name: total_is_positive
              description: No refunds.
              arguments: {min_value: 0}
          - relationships: {arguments: {to: ref('dim_dates'), field: date_day}}

unit_tests:
  - name: adds_up
    description: One claim.
    model: sales_daily
    given:
      - input: ref('fct_orders')
        rows: [{any_column: 1}]
    expect: {rows: [{total: 1}]}
    overrides: {vars: {as_of_date: 2026-01-31}}

exposures:
  - name: dashboard
    type: dashboard
    owner: {name: Sales, email: s@example.org}
    depends_on: [ref('sales_daily')]

snapshots:
  - name: customers
    relation: ref('sales_daily')
    config: {strategy: check, unique_key: id, check_cols: [a], hard_deletes: invalidate}
    columns: [{name: id, description: Key.}]

seeds:
  - name: locations
    config: {column_types: {location_id: varchar(64)}}

macros:
  - name: money
    description: Cents.
    arguments: [{name: value, type: string, description: An expression.}]

semantic_models:
  - name: orders
    model: ref('fct_orders')
    defaults: {agg_time_dimension: business_date}
    entities: [{name: order, type: primary, expr: order_id}]
    dimensions:
      - {name: business_date, type: time, type_params: {time_granularity: day}}
    measures: [{name: order_count, agg: sum, expr: "1"}]

metrics:
  - name: order_count
    label: Orders
    type: simple
    type_params: {measure: {name: order_count, fill_nulls_with: 0}}
    filter: ["{{ Dimension('order__daypart') }} = 'lunch'"]
  - name: twice
    label: Twice
    type: derived
    type_params: {metrics: [{name: order_count, alias: one}, order_count], expr: one + order_count}

saved_queries:
  - name: busy
    query_params: {metrics: [order_count], group_by: ["Dimension('order__daypart')"], limit: 3}

data_tests:
  - name: net_revenue_agrees
    description: A singular test is only described here.
"""

REFUSED = [
    ("models:\n- name: a\n  descripton: b\n", 3, "'descripton'; the nearest is 'description'"),
    ("models:\n- name: a\n  data_test: [unique]\n", 3, "'data_test'; the nearest is 'data_tests'"),
    ("model:\n- name: a\n", 1, "'model'; the nearest is 'models'"),
    ("models:\n- name: a\n  columns:\n  - name: b\n    desc: c\n", 5, "'desc'"),
    (
        "models:\n- name: a\n  config:\n    materialised: table\n",
        4,
        "'materialised'; the nearest is 'materialized'",
    ),
    (
        "models:\n- name: a\n  config: {contract: {enforce: true}}\n",
        3,
        "'enforce'; the nearest is 'enforced'",
    ),
    (
        "models:\n- name: a\n  columns:\n  - name: b\n    data_tests: [uniqe]\n",
        5,
        "'uniqe'; the nearest is 'unique'",
    ),
    (
        "models:\n- name: a\n  data_tests:\n  - relationship: {arguments: {}}\n",
        4,
        "the nearest is 'relationships'",
    ),
    ("models:\n- name: a\n  data_tests:\n  - test_name: no_gap\n", 4, "'no_gap'; the nearest is 'no_gaps'"),
    ("models:\n- name: a\n  data_tests:\n  - no_gaps: {args: {}}\n", 4, "'args'; the nearest is 'arguments'"),
    ("models:\n- name: a\n  data_tests:\n  - no_gaps: {config: {severty: warn}}\n", 4, "'severty'"),
    ("models:\n- name: a\n  data_tests:\n  - test_name: unique\n    colum_name: b\n", 5, "'colum_name'"),
    ("models:\n- name: a\n  data_tests:\n  - dbt_utils.accepted_rang: {}\n", 4, "'dbt_utils.accepted_range'"),
    (
        "sources:\n- name: a\n  tables:\n  - name: b\n    colums: []\n",
        5,
        "'colums'; the nearest is 'columns'",
    ),
    (
        "sources:\n- name: a\n  config: {freshness: {warn_afer: {}}}\n",
        3,
        "'warn_afer'; the nearest is 'warn_after'",
    ),
    ("unit_tests:\n- name: a\n  given: [{inputs: ref('b')}]\n", 3, "'inputs'; the nearest is 'input'"),
    ("unit_tests:\n- name: a\n  overrides: {variables: {}}\n", 3, "'variables'"),
    ("exposures:\n- name: a\n  depend_on: []\n", 3, "'depend_on'; the nearest is 'depends_on'"),
    ("groups:\n- name: a\n  owners: {}\n", 3, "'owners'; the nearest is 'owner'"),
    ("macros:\n- name: a\n  arguments: [{name: b, types: c}]\n", 3, "'types'; the nearest is 'type'"),
    ("snapshots:\n- name: a\n  config: {strategi: check}\n", 3, "'strategi'; the nearest is 'strategy'"),
    ("seeds:\n- name: a\n  config: {colum_types: {}}\n", 3, "'colum_types'; the nearest is 'column_types'"),
    ("data_tests:\n- name: a\n  descripton: b\n", 3, "'descripton'; the nearest is 'description'"),
    ("models:\n- name: a\n  time_spine: {standard_granularity: b}\n", 3, "'standard_granularity_column'"),
    ("semantic_models:\n- name: a\n  measure: []\n", 3, "'measure'; the nearest is 'measures'"),
    ("semantic_models:\n- name: a\n  dimensions: [{nam: b}]\n", 3, "'nam'; the nearest is 'name'"),
    ("metrics:\n- name: a\n  type_params: {measures: b}\n", 3, "'measures'; the nearest is 'measure'"),
    ("metrics:\n- name: a\n  type_params: {metrics: [{names: b}]}\n", 3, "'names'; the nearest is 'name'"),
    ("saved_queries:\n- name: a\n  query_params: {groups: []}\n", 3, "'groups'"),
    # What later versions of dbt know and this one reads past.
    ("models:\n- name: a\n  semantic_model: {enabled: true}\n", 3, "'semantic_model'"),
    ("models:\n- name: a\n  agg_time_dimension: b\n", 3, "'agg_time_dimension'"),
    ("models:\n- name: a\n  primary_entity: b\n", 3, "'primary_entity'"),
    ("models:\n- name: a\n  derived_semantics: {entities: []}\n", 3, "'derived_semantics'"),
    ("models:\n- name: a\n  metrics: [{name: b}]\n", 3, "'metrics'"),
    ("models:\n- name: a\n  columns:\n  - name: b\n    entity: {type: primary}\n", 5, "'entity'"),
    ("models:\n- name: a\n  columns:\n  - name: b\n    dimension: {type: time}\n", 5, "'dimension'"),
    ("metrics:\n- name: a\n  agg: sum\n", 3, "'agg'"),
    ("metrics:\n- name: a\n  input_metrics: []\n", 3, "'input_metrics'"),
]

PROJECT = """
name: shop
profile: shop
model-paths: [models]
macro-paths: [macros, tests/generic]
flags: {send_anonymous_usage_stats: false}
vars: {as_of_date: null, any_name: {with: anything}}
models:
  shop:
    marts:
      +contract: {enforced: true}
      +materialized: table
"""

REFUSED_IN_PROJECT = [
    (PROJECT.replace("model-paths", "models-paths"), 4, "'models-paths'; the nearest is 'model-paths'"),
    (
        PROJECT.replace("+materialized", "+materialised"),
        12,
        "'+materialised'; the nearest is '+materialized'",
    ),
    (PROJECT.replace("enforced", "enforce"), 11, "'enforce'; the nearest is 'enforced'"),
    (PROJECT.replace("usage_stats", "usage"), 6, "the nearest is 'send_anonymous_usage_stats'"),
]


def test_what_dbt_knows_is_accepted() -> None:
    assert check_text(ACCEPTED, parsed_schema(), TESTS, "a.yml") == []
    assert check_text(PROJECT, project_schema_with_flags(), TESTS, "dbt_project.yml") == []
    assert check_text("# nothing here\n", parsed_schema(), TESTS, "a.yml") == []


@pytest.mark.parametrize(("text", "line", "message"), REFUSED)
def test_what_dbt_would_read_past_is_found(text: str, line: int, message: str) -> None:
    (finding,) = check_text(text, parsed_schema(), TESTS, "a.yml")
    assert (finding.path, finding.line) == ("a.yml", line)
    assert message in finding.message


@pytest.mark.parametrize(("text", "line", "message"), REFUSED_IN_PROJECT)
def test_dbt_project_yml_is_checked_too(text: str, line: int, message: str) -> None:
    (finding,) = check_text(text, project_schema_with_flags(), TESTS, "dbt_project.yml")
    assert finding.line == line
    assert message in finding.message


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with one model's yml, one own test and one package."""
    files = {
        "dbt_project.yml": PROJECT,
        "models/marts/a.yml": "models:\n- name: a\n  data_tests: [no_gaps, pack.even]\n",
        "tests/generic/no_gaps.sql": "{% test no_gaps(model, column_name) %}select 1{% endtest %}",
        "tests/offline_packages/pack/macros/even.sql": "{%- data_test even(model) -%}{% enddata_test %}",
        "tests/offline_packages/README.md": "Not a package.",
        "elsewhere/b.yml": "not: dbt's",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_tests_are_known_from_dbt_the_project_and_the_packages(project: Path) -> None:
    assert known_tests(project) == {
        "unique",
        "not_null",
        "accepted_values",
        "relationships",
        "no_gaps",
        "pack.even",
    }


def test_the_files_that_dbt_reads_are_checked(project: Path) -> None:
    assert check_yml_keys(project) == []
    (project / "models" / "marts" / "b.yaml").write_text("models:\n- nam: b\n")
    assert [str(finding) for finding in check_yml_keys(project)] == [
        "models/marts/b.yaml:2: dbt knows no key 'nam'; the nearest is 'name'"
    ]
