"""An empty dbt project with as many nodes as ours: what dbt takes when the SQL takes nothing."""

from pathlib import Path

_PROJECT = """name: empty
version: "1.0.0"
config-version: 2
profile: empty
flags: {send_anonymous_usage_stats: false}
models: {empty: {+materialized: table}}
"""
_PROFILE = """empty:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: empty.duckdb, threads: 2}
"""


def write_empty_project(folder: Path, models: int, tests: int) -> None:
    """Write the project.

    Args:
        folder: where to; made if missing.
        models: tables of one row; a chain, as in a project no model begins before others have ended.
        tests: data tests that find nothing.
    """
    (folder / "models").mkdir(parents=True, exist_ok=True)
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "dbt_project.yml").write_text(_PROJECT, encoding="utf-8")
    (folder / "profiles.yml").write_text(_PROFILE, encoding="utf-8")
    for number in range(models):
        above = f"{{{{ ref('model_{number - 2}') }}}}" if number > 1 else "(select 1 as id)"
        sql = f"select id from {above} as above\n"
        (folder / "models" / f"model_{number}.sql").write_text(sql, encoding="utf-8")
    for number in range(tests):
        sql = f"select id from {{{{ ref('model_{number % models}') }}}} where id > 1\n"
        (folder / "tests" / f"test_{number}.sql").write_text(sql, encoding="utf-8")
