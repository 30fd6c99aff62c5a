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

from tools.benchmark.pipeline import DailyRun, Limited, Whole

LONGEST = 15
# Up to so many lines, what dbt does for a node weighs more than its rows.
_SMALL = 200_000
# From so many lines a day on, the rows of the past weigh more than what dbt does for a node.
_MANY_A_DAY = 20_000
_HEAD = """# Benchmarks

`make bench` writes this page; `make bench-large` adds the large sizes. Each figure is the median of its
runs, all on generated files. The machines it runs on are noisy: compare figures of one run with each other,
not with those of another day. The sizes that take hours are measured less often: each row says when.

The **hand-tuned baseline** is a hand-written DuckDB build from the same files: the raw tables and the
**compared marts**, the facts and the dearest ones (`scripts/tools/benchmark/hand_tuned`). It leaves out what
makes it a pipeline; its header says what. Its marts are compared with the project's, row by row, each time,
in the columns that it has.

The project builds and tests all of its marts. What only the **other marts** need is told apart: dbt refuses
to refresh a part of the project in full, so it is the time on the clock above dbt overhead, by these models'
and their data tests' share of the seconds of nodes above those of an empty node; in a daily run, of the
models only. The goals do without it.

**Checked read** is the time that DuckDB needs to read the files into native tables with all checks of the
loader and nothing else. **dbt overhead** is an empty dbt project with as many nodes.

All figures, the seconds of each node and a hash of the rows of each mart are in [{figures}]({figures}).
"""

Figures = dict[str, Any]


def merge(
    document: Path,
    wholes: Sequence[Whole] = (),
    daily_runs: Sequence[DailyRun] = (),
    limited: Sequence[Limited] = (),
) -> None:
    """Put results into the document, in place of earlier ones of the same sizes.

    Args:
        document: made if missing.
        wholes: results of whole builds.
        daily_runs: results of one more day.
        limited: results of whole builds with less memory.
    """
    beside = document.with_suffix(".json")
    figures = read_figures(beside)
    figures["whole"] |= {f"{whole.lines}": asdict(whole) | _circumstances() for whole in wholes}
    figures["daily_runs"] |= {
        f"{daily_run.lines_a_day}/{daily_run.years}": asdict(daily_run) | _circumstances()
        for daily_run in daily_runs
    }
    figures["limited"] |= {f"{one.lines}/{one.memory}": asdict(one) | _circumstances() for one in limited}
    beside.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    document.write_text(render(figures, beside.name), encoding="utf-8")


def read_figures(beside: Path) -> Figures:
    """Read the figures of a document from the file beside it; none when it is not there."""
    if not beside.exists():
        return {"whole": {}, "daily_runs": {}, "limited": {}}
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
    daily_runs = sorted(
        figures["daily_runs"].values(), key=lambda daily_run: (daily_run["lines_a_day"], daily_run["years"])
    )
    parts = [_HEAD.format(figures=beside), *_compared(wholes, daily_runs)]
    parts += ["## From files to marts\n", _table(_COSTS, map(_costs, wholes))]
    for whole in wholes:
        parts += [f"\n### {whole['lines']:,} lines, against the goals\n", _table(_GOALS, _goals(whole))]
    if daily_runs:
        parts += ["\n## One more day\n", _table(_DAILY_RUN_COSTS, map(_daily_run_costs, daily_runs))]
        parts += ["\n", _table(_GOALS, _daily_run_goals(daily_runs))]
    limited = sorted(figures["limited"].values(), key=lambda one: (one["lines"], one["build"]["wall"]))
    if limited:
        parts += ["\n## With less memory\n", _table(_LIMITED_COSTS, map(_limited_costs, limited))]
        parts += ["\n", _table(_GOALS, _limited_goals(limited, figures["whole"]))]
    for whole in wholes:
        title = f"\n## Where the time goes: {whole['lines']:,} lines\n\n{_nodes(whole)}\n"
        parts += [title, _table(("node", "s", "rows", "MB"), _longest(whole))]
    return "\n".join([*parts, ""])


def _compared(wholes: Iterable[Figures], daily_runs: Iterable[Figures]) -> Iterable[str]:
    sizes: dict[str, list[str]] = {}
    for whole in wholes:
        sizes.setdefault(_names(whole), []).append(f"{whole['lines']:,} lines")
    for daily_run in daily_runs:
        sizes.setdefault(_names(daily_run), []).append(
            f"{daily_run['lines_a_day']:,} a day, {daily_run['years']} y"
        )
    for names, labels in sizes.items():
        yield f"Compared marts ({'; '.join(labels)}): {names}.\n"


def _names(figures: Figures) -> str:
    return ", ".join(f"`{mart}`" for mart in figures["compared"])


_COSTS = (
    "lines",
    "load, s",
    "build, s",
    "other marts in it, s",
    "models only, s",
    "other marts in it, s",
    "tests only, s",
    "nothing new, s",
    "CPU of build, s",
    "peak, GB",
    "checked read, s",
    "hand-tuned: files, facts, marts, s",
    "dbt overhead, s",
    "marts that differ",
    "measured on",
)


def _costs(whole: Figures) -> Sequence[str]:
    stages = whole["hand_tuned"]
    load, build, run, test, again = (
        f"{whole[name]['wall']:.1f}" for name in ("load", "build", "run", "test", "again")
    )
    return (
        f"{whole['lines']:,}",
        load,
        build,
        f"{whole['others_build']:.1f}",
        run,
        f"{whole['others_run']:.1f}",
        test,
        again,
        f"{whole['build']['cpu']:.0f}",
        f"{whole['build']['peak']:.1f}",
        f"{whole['checked_read']:.1f}",
        " + ".join(f"{stages[stage]:.1f}" for stage in ("raw", "facts", "marts")),
        f"{whole['dbt_overhead']['wall']:.1f}",
        ", ".join(whole["differing"]) or "none",
        whole["date"],
    )


_GOALS = ("", "measured", "goal", "")


def _goals(whole: Figures) -> Iterable[Sequence[str]]:
    stages, overhead = whole["hand_tuned"], whole["dbt_overhead"]["wall"]
    best = sum(stages.values())
    together = whole["load"]["wall"] + whole["build"]["wall"] - whole["others_build"]
    sql = whole["run"]["wall"] - whole["dbt_overhead_run"]["wall"] - whole["others_run"]
    limit = 1.8 * best + 1.2 * overhead
    yield _judged(
        "load and build without other marts, s", together, limit, "1.8 hand-tuned + 1.2 dbt overhead"
    )
    yield _judged("load ÷ checked read", whole["load"]["wall"] / whole["checked_read"], 1.2)
    best_sql = stages["facts"] + stages["marts"]
    name = "models without dbt overhead and other marts ÷ hand-tuned facts and marts"
    yield _judged(name, sql / best_sql, 1.3 if whole["lines"] > _SMALL else 1.5)


_DAILY_RUN_COSTS = (
    "lines a day",
    "years",
    "load, s",
    "load, peak GB",
    "daily run, s",
    "CPU, s",
    "peak, GB",
    "models only, s",
    "other marts in it, s",
    "facts in it, s of nodes",
    "full build, s",
    "hand-tuned update, s",
    "dbt overhead, s",
    "marts that differ",
    "measured on",
)


def _daily_run_costs(daily_run: Figures) -> Sequence[str]:
    return (
        f"{daily_run['lines_a_day']:,}",
        f"{daily_run['years']}",
        f"{daily_run['load']['wall']:.1f}",
        f"{daily_run['load']['peak']:.2f}",
        f"{daily_run['daily']['wall']:.1f}",
        f"{daily_run['daily']['cpu']:.0f}",
        f"{daily_run['daily']['peak']:.1f}",
        f"{daily_run['models']['wall']:.1f}",
        f"{daily_run['others']:.1f}",
        f"{daily_run['facts']:.1f}",
        f"{daily_run['full']['wall']:.1f}",
        f"{daily_run['hand_tuned_update']:.1f}",
        f"{daily_run['dbt_overhead']['wall']:.1f}",
        ", ".join(daily_run["differing"]) or "none",
        daily_run["date"],
    )


def _daily_run_goals(daily_runs: Sequence[Figures]) -> Iterable[Sequence[str]]:
    for daily_run in daily_runs:
        name = f"{daily_run['lines_a_day']:,} a day, {daily_run['years']} y"
        overhead, daily = daily_run["dbt_overhead"]["wall"], daily_run["daily"]["wall"]
        limit = 1.25 * overhead + 3 * daily_run["hand_tuned_update"]
        without_others = daily - daily_run["others"]
        yield _judged(
            f"{name}: daily run without other marts, s", without_others, limit, "1.25 dbt overhead + 3 update"
        )
        share = (daily - overhead) / (daily_run["full"]["wall"] - overhead)
        yield _judged(f"{name}: daily run ÷ full build, both without dbt overhead", share, 0.1)
    by_size = {(daily_run["lines_a_day"], daily_run["years"]): daily_run for daily_run in daily_runs}
    for lines, years in by_size:
        if years == 4 and (lines, 1) in by_size:
            long, short = by_size[lines, 4], by_size[lines, 1]
            daily_limit, facts_limit = (2, 1.5) if lines >= _MANY_A_DAY else (1.15, 1.3)
            for name, limit in (("load", 1.3), ("daily", daily_limit), ("models", 2)):
                ratio = long[name]["wall"] / short[name]["wall"]
                yield _judged(f"{lines:,} a day: {name}, 4 years ÷ 1 year", ratio, limit)
            ratio = long["facts"] / short["facts"]
            yield _judged(f"{lines:,} a day: facts, 4 years ÷ 1 year", ratio, facts_limit)
            ratio = long["hand_tuned_update"] / short["hand_tuned_update"]
            yield (
                f"{lines:,} a day: hand-tuned update, 4 years ÷ 1 year",
                f"{ratio:.2f}",
                "for comparison",
                "",
            )


_LIMITED_COSTS = (
    "lines",
    "memory of DuckDB",
    "load, s",
    "build, s",
    "peak of load, GB",
    "peak of build, GB",
    "measured on",
)


def _limited_costs(one: Figures) -> Sequence[str]:
    return (
        f"{one['lines']:,}",
        one["memory"],
        f"{one['load']['wall']:.1f}",
        f"{one['build']['wall']:.1f}",
        f"{one['load']['peak']:.1f}",
        f"{one['build']['peak']:.1f}",
        one["date"],
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
