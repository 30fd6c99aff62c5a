"""dbt-redshift does on the stand-in what it does on Redshift: every materialization, seeds, grants, docs."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.redshift_stand_in import StandIn

from .sessions import rows, session

MODELS = {
    "lines": """
        {{ config(
            materialized='incremental', incremental_strategy='delete+insert', unique_key=['day', 'place'],
            sort=['day', 'place'], dist='place',
            grants={'select': ['reader', 'group:readers', 'role:reading']}
        ) }}
        select
            cast(day as date) as day,
            cast(place as varchar(20)) as place,
            cast(amount as decimal(18, 2)) as amount
        from {{ ref('sales') }}
        {% if is_incremental() %} where day >= (select max(day) from {{ this }}) {% endif %}""",
    "merged": """
        {{ config(materialized='incremental', unique_key='place', incremental_strategy='merge') }}
        select place, sum(amount) as amount from {{ ref('lines') }} group by place""",
    "places": """
        {{ config(materialized='table', dist='all', contract={'enforced': true}) }}
        select distinct place, {{ dbt.current_timestamp() }} as seen_at from {{ ref('lines') }}""",
    "late": "{{ config(materialized='view', bind=false) }} select place, amount from {{ ref('merged') }}",
    "bound": "{{ config(materialized='view') }} select place from {{ ref('places') }}",
}
SNAPSHOT = """
    {% snapshot history %}
    {{ config(unique_key='place', strategy='check', check_cols=['amount'], target_schema='public') }}
    select * from {{ ref('merged') }}
    {% endsnapshot %}"""
PROPERTIES = {
    "version": 2,
    "models": [
        {
            "name": "places",
            "description": "It's a place.",
            "config": {"persist_docs": {"relation": True, "columns": True}},
            "columns": [
                {
                    "name": "place",
                    "description": "Its name.",
                    "data_type": "varchar(20)",
                    "data_tests": ["unique"],
                },
                {"name": "seen_at", "data_type": "timestamp", "constraints": [{"type": "not_null"}]},
            ],
            "constraints": [{"type": "primary_key", "columns": ["place"]}],
        }
    ],
    "seeds": [{"name": "sales", "config": {"column_types": {"place": "varchar(20)", "day": "date"}}}],
    "sources": [
        {
            "name": "raw",
            "schema": "public",
            "tables": [
                {
                    "name": "places",
                    "config": {
                        "loaded_at_field": "seen_at",
                        "freshness": {"warn_after": {"count": 1, "period": "day"}},
                    },
                }
            ],
        }
    ],
}
PROJECT = {
    "name": "example",
    "version": "1.0.0",
    "profile": "example",
    "flags": {"redshift_grants_extended": True, "send_anonymous_usage_stats": False},
}


def write(folder: Path, environment: Mapping[str, str]) -> None:
    """Write a project and its profile."""
    output = {
        "type": "redshift",
        "host": environment["REDSHIFT_HOST"],
        "port": int(environment["REDSHIFT_PORT"]),
        "user": environment["REDSHIFT_USER"],
        "password": environment["REDSHIFT_PASSWORD"],
        "dbname": environment["REDSHIFT_DATABASE"],
        "schema": "public",
        "sslmode": "disable",
        "threads": 2,
        "query_group": "nightly",
    }
    files = {
        "dbt_project.yml": yaml.safe_dump(PROJECT),
        "profiles.yml": yaml.safe_dump({"example": {"target": "it", "outputs": {"it": output}}}),
        "models/properties.yml": yaml.safe_dump(PROPERTIES),
        "seeds/sales.csv": "day,place,amount\n2024-01-01,Süd,1.50\n2024-01-01,Nord,2.25\n2024-01-02,Süd,4\n",
        "snapshots/history.sql": SNAPSHOT,
        **{f"models/{name}.sql": text for name, text in MODELS.items()},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def dbt(folder: Path, *arguments: str) -> None:
    """Run dbt in a process of its own, where it cannot disturb other tests."""
    command = [str(Path(sys.executable).with_name("dbt")), *arguments, "--profiles-dir", "."]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def project(stand_in: StandIn, tmp_path: Path) -> Path:
    with session(stand_in) as connection:
        for statement in (
            "create user reader password 'Abcdefg1'",
            "create group readers",
            "create role reading",
        ):
            rows(connection, statement)
    write(tmp_path, stand_in.environment())
    return tmp_path


def test_a_project_is_built_twice_and_documented(project: Path, stand_in: StandIn) -> None:
    for _ in range(2):
        dbt(project, "build")
    dbt(project, "source", "freshness")
    dbt(project, "docs", "generate")

    assert stand_in.query("select place, amount from merged order by place") == [("Nord", 2.25), ("Süd", 5.5)]
    assert stand_in.query("select count(*) from history") == [(2,)]
    assert stand_in.query("select count(*) from late") == [(2,)]
    assert stand_in.query("select obj_description('places'::regclass)") == [("It's a place.",)]
    granted = """select grantee::regrole::text from pg_class, aclexplode(relacl)
                 where relname = 'lines' and privilege_type = 'SELECT' and grantee <> relowner order by 1"""
    assert stand_in.query(granted) == [("reader",), ("readers",), ("reading",)]

    catalog = json.loads((project / "target" / "catalog.json").read_text())["nodes"]
    late, places = catalog["model.example.late"], catalog["model.example.places"]
    assert late["metadata"]["type"] == "LATE BINDING VIEW"
    assert places["columns"]["place"] == {
        "type": "character varying(20)",
        "index": 1,
        "name": "place",
        "comment": "Its name.",
    }
    assert places["stats"]["max_varchar"]["value"] == 20
