"""The first page of the docs leads to every mart."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[3]


def test_the_overview_links_to_each_mart_and_to_nothing_else() -> None:
    text = (PROJECT / "models" / "docs" / "overview.md").read_text(encoding="utf-8")
    links = re.findall(r"\[(\w+)\]\(#!/model/model\.franchise_sales\.(\w+)\)", text)
    assert [name for name, target in links if name != target] == []
    marts = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    assert {name for name, _ in links} == marts
