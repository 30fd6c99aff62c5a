"""Descriptions match what is built, every key is tested, every mart has its contract, page and exposure."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.project_checks.artifacts import Artifact, Node, is_mart, own_nodes, read_artifact, yml_path
from tools.project_checks.findings import Finding
from tools.project_checks.model_files import check_model_files
from tools.project_checks.shared_texts import check_shared_texts

KEY_ARGUMENTS = {
    "unique": "column_name",
    "unique_combination_of_columns": "combination_of_columns",
    "expect_compound_columns_to_be_unique": "column_list",
    "same_grain_as": "columns",
    "filled_key": "columns",
}
NULLS_ARE_VALUES = "unique_combination_of_columns"
NO_NULLS = "filled_key"
ONE_ROW = "expect_table_row_count_to_equal"
# The rows that a daily run leaves as they are were tested when they were built.
EVERY_ROW = (None, "changed", "changed_anywhere")
NOT_NULL = {"not_null", "primary_key"}


def check_columns(target_dir: Path) -> list[Finding]:
    """Return all findings about columns and their texts, keys, marts and model files.

    Raises:
        FileNotFoundError: `dbt docs generate` has not written manifest.json and catalog.json there.
    """
    manifest = read_artifact(target_dir, "manifest.json")
    catalog = read_artifact(target_dir, "catalog.json")
    return [
        *check_descriptions(manifest, catalog),
        *check_keys(manifest),
        *check_marts(manifest),
        *check_model_files(manifest),
        *check_shared_texts(manifest),
    ]


def check_descriptions(manifest: Artifact, catalog: Artifact) -> list[Finding]:
    """Return a finding for each relation and column that is only built or only described."""
    built = catalog["nodes"] | catalog["sources"]
    sources = manifest["sources"]
    models = own_nodes(manifest, "model", "snapshot")
    described = {
        "model": {node["relation_name"] for node in models.values()},
        "source": {source["relation_name"] for source in sources.values()},
    }
    findings = []
    for unique_id, node in (models | own_nodes(manifest, "seed") | sources).items():
        # A seed can stand in for a source, and a source for a model as the previous run left it.
        described_elsewhere = {"seed": "source", "source": "model"}.get(unique_id.split(".")[0], "")
        if node["relation_name"] in described.get(described_elsewhere, ()):
            continue
        columns = {name.lower() for name in built[unique_id]["columns"]} if unique_id in built else None
        findings += [Finding(yml_path(node), 0, text) for text in _description_faults(node, columns)]
    return findings


def _description_faults(node: Node, built: set[str] | None) -> Iterator[str]:
    name = node["name"]
    described = {column.lower(): entry["description"].strip() for column, entry in node["columns"].items()}
    if not node["description"].strip():
        yield f"{name} has no description"
    yield from (f"{name}.{column} has no description" for column, text in described.items() if not text)
    if node["config"].get("materialized") == "ephemeral":
        return
    if built is None:
        yield f"{name} is described and not built; build it, then run `dbt docs generate`"
        return
    yield from (f"{name}.{column} is built and not described" for column in sorted(built - set(described)))
    yield from (f"{name}.{column} is described and not built" for column in sorted(set(described) - built))


def check_keys(manifest: Artifact) -> list[Finding]:
    """Return a finding for each model no key of which is tested to be unique and never null.

    A model that has none says why in ``meta.no_key``.
    """
    tests = own_nodes(manifest, "test").values()
    listed = _listed_keys(tests)
    return [
        Finding(
            yml_path(model),
            0,
            f"{model['name']} has no key that is tested to be unique and to be never null",
        )
        for unique_id, model in own_nodes(manifest, "model").items()
        if not model["config"].get("meta", {}).get("no_key")
        and not _has_tested_key(
            model, [test for test in tests if _always_checks(test, unique_id)] + listed.get(unique_id, [])
        )
    ]


def _listed_keys(tests: Iterable[Node]) -> dict[str, list[Node]]:
    """The keys that one test over many models proves, as its ``meta.keys`` lists them by model."""
    proven: dict[str, list[Node]] = {}
    for test in tests:
        keys = test["config"].get("meta", {}).get("keys", {})
        for unique_id in test["depends_on"]["nodes"] if keys else ():
            columns = keys.get(unique_id.split(".")[-1])
            if columns and _stops_the_build(test):
                arguments = {KEY_ARGUMENTS[NULLS_ARE_VALUES]: columns}
                metadata = {"name": NULLS_ARE_VALUES, "kwargs": arguments}
                proven.setdefault(unique_id, []).append({"test_metadata": metadata})
    return proven


def _always_checks(test: Node, unique_id: str) -> bool:
    """Return whether the test is on this model, looks at all its rows and stops the build."""
    is_on_model = test.get("attached_node") == unique_id and test.get("test_metadata")
    return bool(is_on_model and test["config"].get("where") in EVERY_ROW and _stops_the_build(test))


def _stops_the_build(test: Node) -> bool:
    return str(test["config"].get("severity", "error")).lower() == "error"


def _has_tested_key(model: Node, tests: list[Node]) -> bool:
    never_null = _never_null(model, tests)
    return any(_proves_key(test["test_metadata"], never_null, mart=is_mart(model)) for test in tests)


def _proves_key(test: Node, never_null: set[str], *, mart: bool) -> bool:
    """Return whether the test shows a key; below the marts, null may be a value of a key column."""
    name, arguments = test["name"], test["kwargs"]
    if name == ONE_ROW:
        return arguments.get("value") == 1 and not arguments.get("group_by")
    columns = arguments.get(KEY_ARGUMENTS.get(name), [])
    key = {columns} if isinstance(columns, str) else set(columns)
    if name == NO_NULLS:
        return bool(key)
    if name == NULLS_ARE_VALUES and not mart:
        return bool(key & never_null)
    return bool(key) and key <= never_null


def _never_null(model: Node, tests: list[Node]) -> set[str]:
    tested = {
        test["test_metadata"]["kwargs"].get("column_name")
        for test in tests
        if test["test_metadata"]["name"] == "not_null"
    }
    if not model["config"]["contract"]["enforced"]:
        return tested
    return tested | {
        name
        for name, column in model["columns"].items()
        if any(constraint["type"] in NOT_NULL for constraint in column["constraints"])
    }


def check_marts(manifest: Artifact) -> list[Finding]:
    """Return a finding for each mart without an enforced contract, a page of its own or an exposure."""
    exposed = {
        unique_id
        for exposure in manifest["exposures"].values()
        for unique_id in exposure["depends_on"]["nodes"]
    }
    return [
        Finding(yml_path(mart), 0, text)
        for unique_id, mart in own_nodes(manifest, "model").items()
        if is_mart(mart)
        for text in _mart_faults(mart, exposed=unique_id in exposed)
    ]


def _mart_faults(mart: Node, *, exposed: bool) -> Iterator[str]:
    name = mart["name"]
    if not mart["config"]["contract"]["enforced"]:
        yield f"{name} is a mart and has no enforced contract"
    if f"doc.{mart['package_name']}.{name}" not in mart["doc_blocks"]:
        yield f"{name} is a mart; its description must be {{{{ doc('{name}') }}}}"
    if not exposed:
        yield f"{name} is a mart and no exposure names it"
