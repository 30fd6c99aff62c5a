"""What a column means is written once: in its yml, or in a doc block where three or more columns share it."""

from collections import Counter
from collections.abc import Iterator

from tools.project_checks.artifacts import Artifact, Node, own_nodes, yml_path
from tools.project_checks.findings import Finding

FEWEST = 3
SHARED_FILE = "shared_columns.md"
TOO_FEW = "is the text of {} columns; so few have it in their yml"


def check_shared_texts(manifest: Artifact) -> list[Finding]:
    """Return a finding for each text that belongs in a shared doc block and each block that does not."""
    shared = {
        doc["unique_id"]: doc
        for doc in manifest.get("docs", {}).values()
        if doc["original_file_path"].endswith(SHARED_FILE)
    }
    written: dict[str, list[tuple[Node, str]]] = {}
    uses: Counter[str] = Counter()
    for node, column in _columns(manifest):
        blocks = column.get("doc_blocks", [])
        uses.update(blocks)
        if not blocks and column["description"].strip():
            written.setdefault(_one_line(column["description"]), []).append((node, column["name"]))
    texts = {_one_line(doc["block_contents"]): doc["name"] for doc in shared.values()}
    return [
        *(Finding(yml_path(places[0][0]), 0, fault) for fault, places in _repeated(written, texts)),
        *(
            Finding(doc["original_file_path"], 0, f"{doc['name']} {TOO_FEW.format(uses[unique_id])}")
            for unique_id, doc in shared.items()
            if uses[unique_id] < FEWEST
        ),
    ]


def _columns(manifest: Artifact) -> Iterator[tuple[Node, Node]]:
    nodes = own_nodes(manifest, "model", "snapshot", "seed", "analysis").values()
    for node in (*nodes, *manifest["sources"].values()):
        for column in node["columns"].values():
            yield node, column


def _repeated(
    written: dict[str, list[tuple[Node, str]]], texts: dict[str, str]
) -> Iterator[tuple[str, list[tuple[Node, str]]]]:
    for text, places in written.items():
        column = f"{places[0][0]['name']}.{places[0][1]}"
        if text in texts:
            yield f"{column} repeats a text of {SHARED_FILE}; write {{{{ doc('{texts[text]}') }}}}", places
        elif len(places) >= FEWEST:
            yield f"{column} and {len(places) - 1} others have one text; write it in {SHARED_FILE}", places


def _one_line(text: str) -> str:
    return " ".join(text.split())
