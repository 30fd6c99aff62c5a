"""The form of model files: short, imports first, one closing line."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.project_checks.artifacts import Artifact, Node, own_nodes
from tools.project_checks.findings import Finding

LONGEST = 100
LAST_LINE = "select * from final"
COMMENT = re.compile(r"{#.*?#}|--[^\n]*", re.DOTALL)
IMPORT = re.compile(
    r"\b\w+\s+as\s*\(\s*select \* from {{\s*(?:ref|source)\([^)]*\)\s*}}\s*"
    r"(?:where\s(?:changed_only\((?:[^()]|\([^()]*\))*\)|[^()]|\([^()]*\))*)?\)"
)
ANY_CTE = re.compile(r"\b\w+\s+as\s*\(\s*(?:select|{)")
ANY_READ = re.compile(r"\b(?:ref|source)\s*\(")


def check_model_files(manifest: Artifact) -> list[Finding]:
    """Return a finding for each model whose file is not written as the others are."""
    models = own_nodes(manifest, "model").values()
    return [Finding(model["original_file_path"], 0, text) for model in models for text in faults(model)]


def faults(model: Node) -> Iterator[str]:
    """Yield what is wrong with the file of one model of the manifest."""
    sql = model["raw_code"]
    if len(sql.splitlines()) > LONGEST:
        yield f"it has {len(sql.splitlines())} lines; {LONGEST} are the most"
    if sql.rstrip().splitlines()[-1:] != [LAST_LINE]:
        yield f"its last line must be `{LAST_LINE}`"
    yield from _import_faults(COMMENT.sub("", sql))
    patch = PurePosixPath((model["patch_path"] or "").split("://")[-1])
    if patch != PurePosixPath(model["original_file_path"]).with_suffix(".yml"):
        yield "it must be described in a yml file of its own, beside it and of the same name"


def _import_faults(sql: str) -> Iterator[str]:
    imports = list(IMPORT.finditer(sql))
    if ANY_READ.search(IMPORT.sub("", sql)):
        yield "ref() and source() may stand only in CTEs: `name as (select * from {{ ref(…) }} [where …])`"
    first_step = ANY_CTE.search(IMPORT.sub(lambda found: " " * len(found.group()), sql))
    if imports and first_step and imports[-1].start() > first_step.start():
        yield "the CTEs that import must come before all others"
