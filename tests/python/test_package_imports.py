"""Which package may import which: the loader stands alone, the product needs no tools and no tests."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"
NOT_OF_THE_PRODUCT = ("tools", "tests", "deployment")
FOR_READERS = ("sales_report", "sales_export")
FORBIDDEN = {
    "sales_loader": ("sales_pipeline", *FOR_READERS, "sample_data", *NOT_OF_THE_PRODUCT),
    "sales_report": ("sales_pipeline", "sales_export", "sample_data", *NOT_OF_THE_PRODUCT),
    "sales_export": ("sales_pipeline", "sales_report", "sample_data", *NOT_OF_THE_PRODUCT),
    # Only cli.py offers the generator's command, and does without where there is none.
    "sales_pipeline": ("sample_data", *NOT_OF_THE_PRODUCT),
    "sales_pipeline/cli.py": NOT_OF_THE_PRODUCT,
    "sample_data": ("sales_pipeline", *FOR_READERS, *NOT_OF_THE_PRODUCT),
    "deployment": ("sales_pipeline", *FOR_READERS, "sample_data", "tools", "tests"),
}


def imported(module: Path) -> Iterator[str]:
    """Packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def rule(name: str) -> tuple[str, ...]:
    """What a module may not import, by its path below ``scripts``."""
    return FORBIDDEN.get(name, FORBIDDEN.get(name.partition("/")[0], ()))


def broken(scripts: Path) -> Iterable[str]:
    """Imports that a rule forbids."""
    for module in sorted(scripts.rglob("*.py")):
        name = module.relative_to(scripts).as_posix()
        yield from (f"{name} imports {package}" for package in imported(module) if package in rule(name))


def test_each_package_imports_only_what_it_may() -> None:
    assert list(broken(SCRIPTS)) == []


def test_a_forbidden_import_is_found_in_whatever_form(tmp_path: Path) -> None:
    loader, pipeline = tmp_path / "sales_loader" / "sources", tmp_path / "sales_pipeline"
    for folder in (loader, pipeline):
        folder.mkdir(parents=True)
    (loader / "s3.py").write_text("def late():\n    from sales_pipeline.cli import main\n")
    (pipeline / "cli.py").write_text(
        "from sample_data.command import generate\nimport tools.benchmark as b\n"
    )
    (pipeline / "build.py").write_text("import json, sample_data\n")
    assert list(broken(tmp_path)) == [
        "sales_loader/sources/s3.py imports sales_pipeline",
        "sales_pipeline/build.py imports sample_data",
        "sales_pipeline/cli.py imports tools",
    ]


def test_the_packages_that_have_rules_are_there() -> None:
    assert [name for name in FORBIDDEN if not (SCRIPTS / name).exists()] == []
