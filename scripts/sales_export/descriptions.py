"""What marts and columns mean, from the manifest that dbt has written last."""

import json
from pathlib import Path

Descriptions = dict[str, dict[str | None, str]]

# `build` writes the first one, a daily run the other.
_MANIFESTS = (Path("manifest.json"), Path("next/manifest.json"))


def read_descriptions(folder: Path) -> Descriptions:
    """The descriptions of the marts.

    Args:
        folder: of dbt's results.

    Returns:
        By mart and column, that of the mart itself under None; empty if nothing was built from this folder,
        or dbt was killed while it wrote them.
    """
    written = [path for name in _MANIFESTS if (path := folder / name).exists()]
    if not written:
        return {}
    latest = max(written, key=lambda path: path.stat().st_mtime)
    try:
        nodes = json.loads(latest.read_text(encoding="utf-8"))["nodes"].values()
    except ValueError:
        return {}
    return {
        node["alias"]: {
            None: node["description"],
            **{column["name"]: column["description"] for column in node["columns"].values()},
        }
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["schema"] == "marts"
    }
