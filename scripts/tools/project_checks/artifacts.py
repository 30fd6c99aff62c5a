"""Reading what dbt wrote into its target folder."""

import json
from pathlib import Path
from typing import Any

Node = dict[str, Any]
Artifact = dict[str, Any]


def read_artifact(target_dir: Path, name: str) -> Artifact:
    """Return ``target_dir/name``, one of the JSON files that dbt writes.

    Raises:
        FileNotFoundError: dbt has not written it yet; the message says which command does.
    """
    path = target_dir / name
    if not path.is_file():
        command = "dbt docs generate" if name == "catalog.json" else "dbt compile"
        raise FileNotFoundError(f"{path} is not there; `{command}` writes it")
    artifact: Artifact = json.loads(path.read_text(encoding="utf-8"))
    return artifact


def own_nodes(manifest: Artifact, *resource_types: str) -> dict[str, Node]:
    """Return the manifest's nodes of these types, by unique id, without those of installed packages."""
    project = manifest["metadata"]["project_name"]
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["package_name"] == project and node["resource_type"] in resource_types
    }


def is_mart(node: Node) -> bool:
    """Return whether the model is published: its file is in the folder marts."""
    return bool(node["fqn"][1] == "marts")


def yml_path(node: Node) -> str:
    """Return the path of the yml file that describes the node, else that of its own file."""
    return str(node.get("patch_path") or node["original_file_path"]).split("://")[-1]
