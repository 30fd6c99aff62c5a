"""Each promise of the columns check is kept by a small manifest and broken, one at a time, in a copy."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.project_checks.columns import check_columns
from tools.project_checks.model_files import faults

Artifact = dict[str, Any]

MODEL = "model.shop.sales_daily"
MODEL_SQL = """with

orders as (

    select * from {{ ref('fct_orders') }}

),

-- the total of each day
final as (

    select day, sum(net) as net from orders group by day

)

select * from final
"""


def column(name: str, *constraints: str) -> Artifact:
    return {
        "name": name,
        "description": f"About {name}.",
        "constraints": [{"type": kind} for kind in constraints],
    }


def data_test(name: str, namespace: str | None, **arguments: object) -> Artifact:
    return {
        "name": name,
        "package_name": "shop",
        "resource_type": "test",
        "attached_node": MODEL,
        "test_metadata": {"name": name, "namespace": namespace, "kwargs": arguments},
        "config": {"where": None, "severity": "ERROR"},
        "depends_on": {"nodes": [MODEL]},
    }


def listed_keys(**keys: list[str]) -> Artifact:
    """A test of one's own that names in its meta whose keys it tests."""
    test = data_test("keys", None)
    del test["attached_node"], test["test_metadata"]
    test["config"]["meta"] = {"keys": keys}
    return test


MANIFEST: Artifact = {
    "metadata": {"project_name": "shop"},
    "nodes": {
        MODEL: {
            "name": "sales_daily",
            "package_name": "shop",
            "resource_type": "model",
            "fqn": ["shop", "marts", "sales_daily"],
            "original_file_path": "models/marts/sales_daily.sql",
            "patch_path": "shop://models/marts/sales_daily.yml",
            "description": "One row per day.",
            "doc_blocks": ["doc.shop.sales_daily"],
            "raw_code": MODEL_SQL,
            "relation_name": '"marts"."sales_daily"',
            "columns": {"day": column("day", "not_null"), "net": column("net")},
            "config": {"materialized": "table", "contract": {"enforced": True}},
        },
        "test.key": data_test("unique", None, column_name="day"),
    },
    "sources": {
        "source.shop.raw.items": {
            "name": "items",
            "package_name": "shop",
            "original_file_path": "models/_sources.yml",
            "description": "Lines.",
            "columns": {"order_id": column("order_id")},
            "relation_name": '"raw"."items"',
            "config": {},
        }
    },
    "exposures": {"exposure.shop.board": {"depends_on": {"nodes": [MODEL]}}},
}
CATALOG: Artifact = {
    "nodes": {MODEL: {"columns": {"DAY": {}, "NET": {}}}},
    "sources": {"source.shop.raw.items": {"columns": {"order_id": {}}}},
}


def findings(folder: Path, manifest: Artifact, catalog: Artifact) -> list[str]:
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "catalog.json").write_text(json.dumps(catalog))
    return [str(finding) for finding in check_columns(folder)]


def test_a_project_that_keeps_all_promises_is_accepted(tmp_path: Path) -> None:
    assert findings(tmp_path, MANIFEST, CATALOG) == []


Change = Callable[[Artifact, Artifact], object]

BROKEN: dict[str, tuple[Change, str]] = {
    "model without description": (
        lambda m, _: m["nodes"][MODEL].update(description=" "),
        "sales_daily has no description",
    ),
    "column without description": (
        lambda m, _: m["nodes"][MODEL]["columns"]["net"].update(description=""),
        "sales_daily.net has no description",
    ),
    "column described and not built": (
        lambda _, c: c["nodes"][MODEL]["columns"].pop("NET"),
        "sales_daily.net is described and not built",
    ),
    "column built and not described": (
        lambda m, _: m["nodes"][MODEL]["columns"].pop("net"),
        "sales_daily.net is built and not described",
    ),
    "model not built": (lambda _, c: c["nodes"].clear(), "sales_daily is described and not built"),
    "source column not described": (
        lambda _, c: c["sources"]["source.shop.raw.items"]["columns"].update(price={}),
        "items.price is built and not described",
    ),
    "no key test": (lambda m, _: m["nodes"].pop("test.key"), "sales_daily has no key"),
    "key may be null": (
        lambda m, _: m["nodes"][MODEL]["columns"]["day"].update(constraints=[]),
        "sales_daily has no key",
    ),
    "key tested for some rows": (
        lambda m, _: m["nodes"]["test.key"]["config"].update(where="day > 1"),
        "sales_daily has no key",
    ),
    "key test only warns": (
        lambda m, _: m["nodes"]["test.key"]["config"].update(severity="warn"),
        "sales_daily has no key",
    ),
    "key of another model": (
        lambda m, _: m["nodes"]["test.key"].update(attached_node="model.shop.other"),
        "sales_daily has no key",
    ),
    "key of another model in a list": (
        lambda m, _: m["nodes"].update({"test.key": listed_keys(other=["day"])}),
        "sales_daily has no key",
    ),
    "list of keys that only warns": (
        lambda m, _: (
            m["nodes"].update({"test.key": listed_keys(sales_daily=["day"])}),
            m["nodes"]["test.key"]["config"].update(severity="warn"),
        ),
        "sales_daily has no key",
    ),
    "listed key of a mart may be null": (
        lambda m, _: m["nodes"].update({"test.key": listed_keys(sales_daily=["day", "net"])}),
        "sales_daily has no key",
    ),
    "half of a compound key may be null": (
        lambda m, _: m["nodes"].update(
            {
                "test.key": data_test(
                    "unique_combination_of_columns", "dbt_utils", combination_of_columns=["day", "net"]
                )
            }
        ),
        "sales_daily has no key",
    ),
    "mart without page": (
        lambda m, _: m["nodes"][MODEL].update(doc_blocks=["doc.shop.other"]),
        "its description must be {{ doc('sales_daily') }}",
    ),
    "mart without exposure": (lambda m, _: m["exposures"].clear(), "no exposure names it"),
    "model file": (lambda m, _: m["nodes"][MODEL].update(raw_code="select 1\n"), "its last line must be"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_found(name: str, tmp_path: Path) -> None:
    change, message = BROKEN[name]
    manifest, catalog = copy.deepcopy((MANIFEST, CATALOG))
    change(manifest, catalog)
    (finding,) = findings(tmp_path, manifest, catalog)
    assert message in finding
    assert finding.startswith("models/")


def test_a_contract_that_is_not_enforced_counts_neither_for_the_mart_nor_for_its_key(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["nodes"][MODEL]["config"]["contract"]["enforced"] = False
    no_key, no_contract = findings(tmp_path, manifest, CATALOG)
    assert "has no key" in no_key
    assert "no enforced contract" in no_contract


@pytest.mark.parametrize(
    "key",
    [
        data_test("unique_combination_of_columns", "dbt_utils", combination_of_columns=["day", "net"]),
        data_test("expect_compound_columns_to_be_unique", "dbt_expectations", column_list=["day", "net"]),
        listed_keys(sales_daily=["day", "net"]),
    ],
    ids=lambda key: key["name"],
)
def test_compound_keys_and_not_null_tests_count(key: Artifact, tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["nodes"] |= {"test.key": key, "test.null": data_test("not_null", None, column_name="net")}
    assert findings(tmp_path, manifest, CATALOG) == []


def test_a_filled_key_needs_no_other_proof_that_it_is_never_null(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["nodes"]["test.key"] = data_test("filled_key", None, columns=["day", "net"])
    manifest["nodes"][MODEL]["columns"]["day"]["constraints"] = []
    assert findings(tmp_path, manifest, CATALOG) == []


@pytest.mark.parametrize("where", ["changed", "changed_anywhere"])
def test_a_key_that_each_daily_run_is_tested_for_what_it_built_counts(where: str, tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["nodes"]["test.key"]["config"].update(where=where)
    assert findings(tmp_path, manifest, CATALOG) == []


def test_below_the_marts_null_may_be_a_value_of_one_key_column(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    key = data_test("unique_combination_of_columns", "dbt_utils", combination_of_columns=["day", "net"])
    manifest["nodes"]["test.key"] = key
    manifest["nodes"][MODEL]["fqn"] = ["shop", "intermediate", "sales_daily"]
    assert findings(tmp_path, manifest, CATALOG) == []
    manifest["nodes"][MODEL]["columns"]["day"]["constraints"] = []
    (finding,) = findings(tmp_path, manifest, CATALOG)
    assert "has no key" in finding


@pytest.mark.parametrize(
    ("arguments", "is_key"),
    [({"value": 1}, True), ({"value": 2}, False), ({"value": 1, "group_by": ["a"]}, False)],
)
def test_a_model_of_one_row_needs_no_other_key(
    arguments: dict[str, object], is_key: bool, tmp_path: Path
) -> None:
    manifest = copy.deepcopy(MANIFEST)
    key = data_test("expect_table_row_count_to_equal", "dbt_expectations", **arguments)
    manifest["nodes"]["test.key"] = key
    assert (findings(tmp_path, manifest, CATALOG) == []) == is_key


def test_a_seed_that_stands_in_for_a_source_is_described_there(tmp_path: Path) -> None:
    manifest, catalog = copy.deepcopy((MANIFEST, CATALOG))
    manifest["nodes"]["seed.shop.items"] = {
        "name": "items",
        "package_name": "shop",
        "resource_type": "seed",
        "original_file_path": "seeds/sample/items.csv",
        "description": "A sample.",
        "columns": {},
        "relation_name": '"raw"."items"',
        "config": {"materialized": "seed"},
    }
    catalog["nodes"]["seed.shop.items"] = {"columns": {"order_id": {}}}
    assert findings(tmp_path, manifest, catalog) == []
    manifest["nodes"]["seed.shop.items"]["relation_name"] = '"staging"."items"'
    (finding,) = findings(tmp_path, manifest, catalog)
    assert "items.order_id is built and not described" in finding


def test_a_source_that_stands_for_a_model_is_described_there(tmp_path: Path) -> None:
    manifest, catalog = copy.deepcopy((MANIFEST, CATALOG))
    relation = manifest["nodes"][MODEL]["relation_name"] = '"marts"."sales_daily"'
    before = manifest["sources"]["source.shop.raw.items"] | {"name": "before", "columns": {}}
    manifest["sources"]["source.shop.run.before"] = before | {"relation_name": relation}
    catalog["sources"]["source.shop.run.before"] = catalog["nodes"][MODEL]
    assert findings(tmp_path, manifest, catalog) == []


def test_a_model_without_a_key_says_why(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    for name in [name for name in manifest["nodes"] if name.startswith("test.")]:
        del manifest["nodes"][name]
    assert any("has no key" in finding for finding in findings(tmp_path, manifest, CATALOG))
    manifest["nodes"][MODEL]["config"]["meta"] = {"no_key": "It is a log."}
    assert not any("has no key" in finding for finding in findings(tmp_path, manifest, CATALOG))


def test_a_staging_model_needs_no_contract_page_or_exposure(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["exposures"].clear()
    manifest["nodes"][MODEL] |= {"fqn": ["shop", "staging", "sales_daily"], "doc_blocks": []}
    assert findings(tmp_path, manifest, CATALOG) == []


def test_an_ephemeral_model_is_not_looked_for_in_the_warehouse(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["nodes"][MODEL]["config"]["materialized"] = "ephemeral"
    assert findings(tmp_path, manifest, {"nodes": {}, "sources": CATALOG["sources"]}) == []


def test_a_text_of_three_columns_is_written_once(tmp_path: Path) -> None:
    manifest = copy.deepcopy(MANIFEST)
    nodes = (manifest["nodes"][MODEL], manifest["sources"]["source.shop.raw.items"])
    columns = [described for node in nodes for described in node["columns"].values()]
    for described in columns:
        described["description"] = "One\ntext."
    (finding,) = findings(tmp_path, manifest, CATALOG)
    assert "sales_daily.day and 2 others have one text" in finding
    path = "models/docs/shared_columns.md"
    block = {"name": "one", "unique_id": "doc.shop.one", "original_file_path": path}
    manifest["docs"] = {"doc.shop.one": {**block, "block_contents": "One text."}}
    for described in columns:
        described["doc_blocks"] = ["doc.shop.one"]
    assert findings(tmp_path, manifest, CATALOG) == []
    columns[0]["doc_blocks"] = []
    repeated, too_few = findings(tmp_path, manifest, CATALOG)
    assert "sales_daily.day repeats a text of shared_columns.md; write {{ doc('one') }}" in repeated
    assert too_few == f"{path}: one is the text of 2 columns; so few have it in their yml"


@pytest.mark.parametrize("missing", ["manifest.json", "catalog.json"])
def test_a_folder_without_artifacts_is_refused(missing: str, tmp_path: Path) -> None:
    findings(tmp_path, MANIFEST, CATALOG)
    (tmp_path / missing).unlink()
    with pytest.raises(FileNotFoundError, match=missing):
        check_columns(tmp_path)


FILES = {
    "101 lines": (MODEL_SQL.replace("with\n", "with\n" + "\n" * 85), "it has 101 lines"),
    "another last line": (MODEL_SQL.replace("* from final", "day from final"), "its last line must be"),
    "read outside of an import": (
        MODEL_SQL.replace("from orders", "from {{ ref('orders') }}"),
        "may stand only in",
    ),
    "an import that joins": (
        MODEL_SQL.replace("ref('fct_orders') }}", "ref('fct_orders') }} cross join b"),
        "may stand only in",
    ),
    "an import whose condition reads": (
        MODEL_SQL.replace("ref('fct_orders') }}", "ref('a') }} where b in (select b from {{ ref('c') }})"),
        "may stand only in",
    ),
    "an import after a step": (
        MODEL_SQL.replace(
            "select * from final",
            "",
        ).rstrip()
        + ",\n\nlate as (\n\n    select * from {{ ref('b') }}\n\n)\n\nselect * from final\n",
        "must come before all others",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_model_file_that_is_written_otherwise_is_found(name: str) -> None:
    sql, message = FILES[name]
    (fault,) = faults(MANIFEST["nodes"][MODEL] | {"raw_code": sql})
    assert message in fault


@pytest.mark.parametrize(
    "sql",
    [
        MODEL_SQL,
        MODEL_SQL.replace("with\n", "with\n" + "\n" * 84),
        MODEL_SQL.replace("with\n", "{# select * from ref('x') #}\n{% set a = 1 %}\nwith\n"),
        MODEL_SQL.replace(
            "ref('fct_orders') }}", "source('raw', 'orders') }}\n    where coalesce(net, 0) > 0"
        ),
        MODEL_SQL.replace(
            "ref('fct_orders') }}",
            "ref('a') }}\n    where {{ changed_only('b', ref('c'), dates=[ref('d')]) }}",
        ),
        MODEL_SQL.replace("-- the total", "-- not from ref('x'): the total"),
        "with\n\none as (\n\n    {{ macro() }}\n\n)\n\nselect * from final",
    ],
)
def test_a_model_file_that_is_written_as_agreed_is_accepted(sql: str) -> None:
    assert list(faults(MANIFEST["nodes"][MODEL] | {"raw_code": sql})) == []


@pytest.mark.parametrize("patch", [None, "shop://models/marts/_marts.yml", "shop://models/sales_daily.yml"])
def test_a_model_needs_a_yml_file_of_its_own(patch: str | None) -> None:
    (fault,) = faults(MANIFEST["nodes"][MODEL] | {"patch_path": patch})
    assert "a yml file of its own" in fault
