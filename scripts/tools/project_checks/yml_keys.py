"""Every key in the project's yml is one that dbt knows.

dbt reads past keys it does not know, so a test written under ``data_test:`` never runs. The known keys are
those of the JSON schemas that the installed dbt-core carries. These describe the semantic layer as later
versions read it, and this one would read past all of that: here the known keys are those of the classes it
parses into. A test must be one that dbt, this project or the offline packages define, so that the project
builds without the dbt hub.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from dbt.adapters.redshift.impl import (
    REDSHIFT_GRANTS_EXTENDED,
    REDSHIFT_SKIP_AUTOCOMMIT_TRANSACTION_STATEMENTS,
)
from dbt.contracts.graph import unparsed
from dbt.contracts.project import ProjectFlags
from dbt.jsonschemas.jsonschemas import project_schema, resources_schema
from dbt_common.dataclass_schema import dbtClassMixin

from tools.project_checks.findings import Finding

Schema = dict[str, Any]

BUILT_IN_TESTS = {"unique", "not_null", "accepted_values", "relationships"}
ADAPTER_FLAGS = {
    flag["name"] for flag in (REDSHIFT_GRANTS_EXTENDED, REDSHIFT_SKIP_AUTOCOMMIT_TRANSACTION_STATEMENTS)
}
PARSED_INTO: dict[str, type[dbtClassMixin]] = {
    "metrics": unparsed.UnparsedMetric,
    "saved_queries": unparsed.UnparsedSavedQuery,
    "semantic_models": unparsed.UnparsedSemanticModel,
}
PARTS_OF_MODELS: dict[str, type[dbtClassMixin]] = {
    "ModelProperties": unparsed.UnparsedModelUpdate,
    "ColumnProperties": unparsed.UnparsedColumn,
}
TEST_LISTS = {"data_tests", "tests"}
TEST_DEFINITION = re.compile(r"{%-?\s*(?:data_)?test\s+(\w+)\s*\(")


def check_yml_keys(project_dir: Path) -> list[Finding]:
    """Return a finding for each unknown key and each unknown test in the project's yml."""
    tests = known_tests(project_dir)
    findings = []
    for path in yml_files(project_dir):
        schema = project_schema_with_flags() if path.name == "dbt_project.yml" else parsed_schema()
        text = path.read_text(encoding="utf-8")
        findings += check_text(text, schema, tests, str(path.relative_to(project_dir)))
    return findings


def yml_files(project_dir: Path) -> list[Path]:
    """Return dbt_project.yml and every yml file in the folders it names."""
    project_file = project_dir / "dbt_project.yml"
    project = yaml.safe_load(project_file.read_text(encoding="utf-8"))
    kinds = ("model", "seed", "snapshot", "analysis", "macro", "test")
    folders = [project_dir / folder for kind in kinds for folder in project.get(f"{kind}-paths", [])]
    files = {file for folder in folders for suffix in ("yml", "yaml") for file in folder.rglob(f"*.{suffix}")}
    return [project_file, *sorted(files)]


def known_tests(project_dir: Path) -> set[str]:
    """Return the names of all generic tests, those of the offline packages as ``package.test``."""
    packages = project_dir / "tests" / "offline_packages"
    prefixes = {project_dir / "tests" / "generic": ""}
    prefixes |= {folder: f"{folder.name}." for folder in packages.glob("*") if folder.is_dir()}
    return BUILT_IN_TESTS | {
        prefix + name
        for folder, prefix in prefixes.items()
        for file in folder.rglob("*.sql")
        for name in TEST_DEFINITION.findall(file.read_text(encoding="utf-8"))
    }


def project_schema_with_flags() -> Schema:
    """Return the schema of dbt_project.yml, with the names of dbt's flags, which it leaves open."""
    schema = project_schema()
    flags = {
        "properties": dict.fromkeys({field.name for field in fields(ProjectFlags)} | ADAPTER_FLAGS, True),
        "additionalProperties": False,
    }
    return {**schema, "properties": {**schema["properties"], "flags": flags}}


def parsed_schema() -> Schema:
    """Return the schema of all other yml, without what only later versions of dbt read."""
    schema = resources_schema()
    lists = {key: {"items": parsed.json_schema()} for key, parsed in PARSED_INTO.items()}
    parts = {
        name: {**schema["definitions"][name], "properties": _both(schema["definitions"][name], parsed)}
        for name, parsed in PARTS_OF_MODELS.items()
    }
    return {
        **schema,
        "properties": {**schema["properties"], **lists},
        "definitions": {**schema["definitions"], **parts},
    }


def _both(schema: Schema, parsed: type[dbtClassMixin]) -> Schema:
    read = parsed.json_schema()["properties"]
    return {key: found for key, found in schema["properties"].items() if key in read}


def check_text(text: str, schema: Schema, tests: set[str], path: str) -> list[Finding]:
    """Return a finding for each unknown key and test of one yml text, checked against its JSON schema."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return []
    walker = _Walker(schema, tests, root)
    return [Finding(path, line, message) for line, message in walker.unknown(root, [schema])]


class _Walker:
    """Goes through a yml tree and the schema's branches that may describe it, side by side."""

    def __init__(self, schema: Schema, tests: set[str], root: yaml.Node) -> None:
        self._definitions: Schema = schema["definitions"]
        self._tests = tests
        self._root = root

    def unknown(self, node: yaml.Node, schemas: list[Schema]) -> Iterator[tuple[int, str]]:
        """Yield line number and message of each unknown key or test below the node."""
        branches = [branch for schema in schemas for branch in self._branches(schema)]
        if isinstance(node, yaml.SequenceNode):
            items = [branch["items"] for branch in branches if "items" in branch]
            for item in node.value:
                yield from self.unknown(item, items)
        elif isinstance(node, yaml.MappingNode):
            yield from self._unknown_in_mapping(node, branches)

    def _unknown_in_mapping(
        self, node: yaml.MappingNode, branches: list[Schema]
    ) -> Iterator[tuple[int, str]]:
        known = {name for branch in branches for name in branch.get("properties", {})}
        for key, value in node.value:
            schemas = [found for branch in branches if (found := _property(branch, key.value)) is not None]
            if known and not schemas:
                yield key.start_mark.line + 1, f"dbt knows no key {_guess(key.value, known)}"
            elif self._holds_tests(node, key.value, value):
                for test in value.value:
                    yield from self._unknown_in_test(test)
            else:
                yield from self.unknown(value, schemas)

    def _holds_tests(self, node: yaml.Node, key: str, value: yaml.Node) -> bool:
        # At the top of a file the same key describes singular tests instead.
        return key in TEST_LISTS and isinstance(value, yaml.SequenceNode) and node is not self._root

    def _unknown_in_test(self, node: yaml.Node) -> Iterator[tuple[int, str]]:
        name, body = _test_name_and_body(node)
        if name not in self._tests:
            yield node.start_mark.line + 1, f"there is no generic test {_guess(name, self._tests)}"
        if body is not None:
            kind = "CustomTestInner" if body is not node else "CustomTestMultiKey"
            yield from self.unknown(body, [self._definitions[kind]])

    def _branches(self, schema: Schema | bool) -> Iterator[Schema]:
        if isinstance(schema, bool):
            return
        if "$ref" in schema:
            yield from self._branches(self._definitions[schema["$ref"].rsplit("/", 1)[-1]])
        for keyword in ("anyOf", "oneOf", "allOf"):
            for branch in schema.get(keyword, []):
                yield from self._branches(branch)
        yield schema


def _property(branch: Schema, key: str) -> Schema | None:
    """Return the schema of a key's value, or None where the branch does not allow the key."""
    if key in branch.get("properties", {}):
        found = branch["properties"][key]
    elif key.startswith("+"):
        return None
    else:
        found = branch.get("additionalProperties", False)
    return {} if found is True else found or None


def _test_name_and_body(node: yaml.Node) -> tuple[str, yaml.Node | None]:
    """Return a test's name and the node of its settings: ``unique``, ``unique: {…}`` or ``test_name: …``."""
    if not isinstance(node, yaml.MappingNode):
        return str(node.value), None
    for key, value in node.value:
        if key.value == "test_name":
            return str(value.value), node
    key, value = node.value[0]
    return str(key.value), value


def _guess(name: str, known: set[str]) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0)
    return f"'{name}'; the nearest is '{nearest[0]}'" if nearest else f"'{name}'"
