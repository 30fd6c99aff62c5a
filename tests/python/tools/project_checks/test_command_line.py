"""The command line prints every finding in order and tells by its exit code whether there was one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tools.project_checks.__main__ import main

PROJECT = "name: shop\nprofile: shop\nmodel-paths: [models]\n"


def write_manifest(folder: Path, compiled: str) -> None:
    node = {
        "name": "sales",
        "package_name": "shop",
        "resource_type": "model",
        "original_file_path": "models/sales.sql",
        "fqn": ["shop", "sales"],
        "raw_code": compiled,
        "compiled_code": compiled,
    }
    manifest = {"metadata": {"project_name": "shop"}, "nodes": {"model.shop.sales": node}}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_nothing_found_prints_nothing(tmp_path: Path) -> None:
    write_manifest(tmp_path, "select 1")
    result = CliRunner().invoke(main, ["dialect", "--target-dir", str(tmp_path), "--dialect", "duckdb"])
    assert (result.exit_code, result.output) == (0, "")


def test_findings_are_printed_in_order_and_end_with_exit_code_1(tmp_path: Path) -> None:
    write_manifest(tmp_path, "select\n    now(),\n    a / b\nfrom t\nqualify a = 1")
    result = CliRunner().invoke(main, ["dialect", "--target-dir", str(tmp_path), "--dialect", "duckdb"])
    assert result.exit_code == 1
    assert [line.split(":")[1] for line in result.output.splitlines()] == ["2", "3", "5"]


@pytest.mark.parametrize("arguments", [["columns"], ["dialect", "--dialect", "redshift"]])
def test_a_missing_artifact_is_named_with_the_command_that_writes_it(
    arguments: list[str], tmp_path: Path
) -> None:
    result = CliRunner().invoke(main, [*arguments, "--target-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "manifest.json is not there; `dbt compile` writes it" in result.output


def test_yml_is_read_from_the_project_folder(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "models" / "a.yml").write_text("modles: []\n")
    result = CliRunner().invoke(main, ["yml_keys", "--project-dir", str(tmp_path)])
    assert (result.exit_code, result.output) == (
        1,
        "models/a.yml:1: dbt knows no key 'modles'; the nearest is 'models'\n",
    )


@pytest.mark.parametrize("command", ["yml_keys", "columns", "dialect"])
def test_help_gives_an_example(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert f"Example: python -m tools.project_checks {command}" in " ".join(result.output.split())
