"""Writes docs/benchmarks.md: what was measured beside the goals; its figures are in a JSON file beside it."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.pipeline import Limited, Morning, Whole

LONGEST = 15
_HEAD = """# Benchmarks

`make bench` writes this page; `make bench-large` adds the large sizes. Each figure is the median of its
runs, all on generated files. The machines it runs on are noisy: compare figures of one run with each other,
not with those of another day.

**Ceiling** is a hand-written DuckDB build of the same tables from the same files (`scripts/bench/ceiling`).
It leaves out what makes a pipeline of it; its header says what. Its marts are checked to be equal, row by
row, each time. **Checked read** is what DuckDB takes from the files to native tables with all of the loader's
checks and nothing else of it. **Floor** is an empty dbt project with as many nodes.

All figures, the seconds of each node and a hash of the rows of each mart are in [{figures}]({figures}).
"""

Figures = dict[str, Any]


def merge(
    document: Path,
    wholes: Sequence[Whole] = (),
    mornings: Sequence[Morning] = (),
    limited: Sequence[Limited] = (),
) -> None:
    """Put results into the document, in place of earlier ones of the same sizes.

    Args:
        document: made if missing.
        wholes: results of whole builds.
        mornings: results of one more day.
        limited: results of whole builds with less memory.
    """
    beside = document.with_suffix(".json")
    figures = read_figures(beside)
    figures["whole"] |= {f"{whole.lines}": asdict(whole) | _circumstances() for whole in wholes}
    figures["mornings"] |= {
        f"{morning.lines_a_day}/{morning.years}": asdict(morning) | _circumstances() for morning in mornings
    }
    figures["limited"] |= {f"{one.lines}/{one.memory}": asdict(one) | _circumstances() for one in limited}
    beside.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    document.write_text(render(figures, beside.name), encoding="utf-8")


def read_figures(beside: Path) -> Figures:
    """Read the figures of a document from the file beside it; none when it is not there."""
    if not beside.exists():
        return {"whole": {}, "mornings": {}, "limited": {}}
    figures: Figures = json.loads(beside.read_text(encoding="utf-8"))
    return figures


def _circumstances() -> Figures:
    with Path("/proc/meminfo").open(encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) / 1024**2
    packages = ("duckdb", "dbt-core", "dbt-duckdb")
    return {
        "date": date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GiB",
        "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
    }


def render(figures: Figures, beside: str) -> str:
    """The document as Markdown.

    Args:
        figures: all of them.
        beside: name of the file that holds them.
    """
    wholes = sorted(figures["whole"].values(), key=lambda whole: whole["lines"])
    mornings = sorted(
        figures["mornings"].values(), key=lambda morning: (morning["lines_a_day"], morning["years"])
    )
    parts = [_HEAD.format(figures=beside), "## From files to marts\n", _table(_COSTS, map(_costs, wholes))]
    for whole in wholes:
        parts += [f"\n### {whole['lines']:,} lines, against the goals\n", _table(_GOALS, _goals(whole))]
    if mornings:
        parts += ["\n## One more day\n", _table(_MORNING_COSTS, map(_morning_costs, mornings))]
        parts += ["\n", _table(_GOALS, _morning_goals(mornings))]
    limited = sorted(figures["limited"].values(), key=lambda one: (one["lines"], one["build"]["wall"]))
    if limited:
        parts += ["\n## With less memory\n", _table(_LIMITED_COSTS, map(_limited_costs, limited))]
        parts += ["\n", _table(_GOALS, _limited_goals(limited, figures["whole"]))]
    for whole in wholes:
        title = f"\n## Where the time goes: {whole['lines']:,} lines\n\n{_nodes(whole)}\n"
        parts += [title, _table(("node", "s", "rows", "MB"), _longest(whole))]
    return "\n".join([*parts, ""])


_COSTS = (
    "lines",
    "load, s",
    "build, s",
    "models only, s",
    "tests only, s",
    "nothing new, s",
    "CPU of build, s",
    "peak, GB",
    "checked read, s",
    "ceiling: files, facts, marts, s",
    "floor, s",
    "marts that differ",
)


def _costs(whole: Figures) -> Sequence[str]:
    stages = whole["ceiling"]
    names = ("load", "build", "run", "test", "again")
    return (
        f"{whole['lines']:,}",
        *(f"{whole[name]['wall']:.1f}" for name in names),
        f"{whole['build']['cpu']:.0f}",
        f"{whole['build']['peak']:.1f}",
        f"{whole['checked_read']:.1f}",
        " + ".join(f"{stages[stage]:.1f}" for stage in ("raw", "facts", "marts")),
        f"{whole['floor']['wall']:.1f}",
        ", ".join(whole["differing"]) or "none",
    )


_GOALS = ("", "measured", "goal", "")


def _goals(whole: Figures) -> Iterable[Sequence[str]]:
    stages, floor = whole["ceiling"], whole["floor"]["wall"]
    best = sum(stages.values())
    together = whole["load"]["wall"] + whole["build"]["wall"]
    sql = whole["run"]["wall"] - whole["floor_run"]["wall"]
    yield _judged("load and build, s", together, 1.8 * best + 1.2 * floor, "1.8 ceiling + 1.2 floor")
    yield _judged("load ÷ checked read", whole["load"]["wall"] / whole["checked_read"], 1.2)
    best_sql = stages["facts"] + stages["marts"]
    yield _judged("models above the floor ÷ ceiling's facts and marts", sql / best_sql, 1.3)


_MORNING_COSTS = (
    "lines a day",
    "years",
    "load, s",
    "load, peak GB",
    "morning, s",
    "CPU, s",
    "peak, GB",
    "models only, s",
    "facts in it, s of nodes",
    "full build, s",
    "ideal update, s",
    "floor, s",
    "marts that differ",
)


def _morning_costs(morning: Figures) -> Sequence[str]:
    return (
        f"{morning['lines_a_day']:,}",
        f"{morning['years']}",
        f"{morning['load']['wall']:.1f}",
        f"{morning['load']['peak']:.2f}",
        f"{morning['daily']['wall']:.1f}",
        f"{morning['daily']['cpu']:.0f}",
        f"{morning['daily']['peak']:.1f}",
        f"{morning['models']['wall']:.1f}",
        f"{morning['facts']:.1f}",
        f"{morning['full']['wall']:.1f}",
        f"{morning['ideal']:.1f}",
        f"{morning['floor']['wall']:.1f}",
        ", ".join(morning["differing"]) or "none",
    )


def _morning_goals(mornings: Sequence[Figures]) -> Iterable[Sequence[str]]:
    for morning in mornings:
        name = f"{morning['lines_a_day']:,} a day, {morning['years']} y"
        floor, daily = morning["floor"]["wall"], morning["daily"]["wall"]
        limit = 1.25 * floor + 3 * morning["ideal"]
        yield _judged(f"{name}: morning, s", daily, limit, "1.25 floor + 3 ideal")
        share = (daily - floor) / (morning["full"]["wall"] - floor)
        yield _judged(f"{name}: morning ÷ full build, both above the floor", share, 0.1)
    by_size = {(morning["lines_a_day"], morning["years"]): morning for morning in mornings}
    for lines, years in by_size:
        if years == 4 and (lines, 1) in by_size:
            long, short = by_size[lines, 4], by_size[lines, 1]
            for name, limit in (("load", 1.3), ("daily", 1.15), ("models", 2)):
                ratio = long[name]["wall"] / short[name]["wall"]
                yield _judged(f"{lines:,} a day: {name}, 4 years ÷ 1 year", ratio, limit)
            ratio = long["facts"] / short["facts"]
            yield _judged(f"{lines:,} a day: facts, 4 years ÷ 1 year", ratio, 1.3)
            ratio = long["ideal"] / short["ideal"]
            yield f"{lines:,} a day: ideal update, 4 years ÷ 1 year", f"{ratio:.2f}", "for comparison", ""


_LIMITED_COSTS = ("lines", "memory of DuckDB", "load, s", "build, s", "peak of load, GB", "peak of build, GB")


def _limited_costs(one: Figures) -> Sequence[str]:
    return (
        f"{one['lines']:,}",
        one["memory"],
        f"{one['load']['wall']:.1f}",
        f"{one['build']['wall']:.1f}",
        f"{one['load']['peak']:.1f}",
        f"{one['build']['peak']:.1f}",
    )


def _limited_goals(limited: Iterable[Figures], wholes: Mapping[str, Figures]) -> Iterable[Sequence[str]]:
    for one in limited:
        if whole := wholes.get(f"{one['lines']}"):
            ratio = sum(one[step]["wall"] for step in ("load", "build")) / sum(
                whole[step]["wall"] for step in ("load", "build")
            )
            name = f"{one['lines']:,} lines in {one['memory']}: load and build ÷ with all memory"
            yield _judged(name, ratio, 1.3)


def _judged(name: str, measured: float, limit: float, formula: str = "") -> Sequence[str]:
    goal = f"≤ {limit:.2f}" + (f" ({formula})" if formula else "")
    return name, f"{measured:.2f}", goal, "met" if measured <= limit else "not met"


def _nodes(whole: Figures) -> str:
    sums: dict[str, float] = {}
    for step in whole["steps"]:
        sums[step["kind"]] = sums.get(step["kind"], 0) + step["seconds"]
    listed = (f"{whole['nodes'][kind]} {kind}s {seconds:.1f} s" for kind, seconds in sums.items())
    return f"Seconds of nodes, of which two run at a time: {', '.join(listed)}."


def _longest(whole: Figures) -> Iterable[Sequence[str]]:
    for step in whole["steps"][:LONGEST]:
        rows = "" if step["rows"] is None else f"{step['rows']:,}"
        megabytes = "" if step["megabytes"] is None else f"{step['megabytes']:.1f}"
        yield step["name"], f"{step['seconds']:.2f}", rows, megabytes


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
