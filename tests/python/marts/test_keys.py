"""The key of each mart is declared where other programs look for it."""

import yaml

from tests.python.reference import KEYS
from tests.python.support.project_copy import PROJECT


def test_each_mart_declares_its_key_of_filled_columns() -> None:
    declared = {}
    for path in (PROJECT / "models" / "marts").rglob("*.yml"):
        (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        (key,) = [one["columns"] for one in model["constraints"] if one["type"] == "primary_key"]
        filled = {
            column["name"]
            for column in model["columns"]
            if {"type": "not_null"} in column.get("constraints", [])
        }
        assert filled.issuperset(key), model["name"]
        declared[model["name"]] = tuple(key)
    assert declared == KEYS
