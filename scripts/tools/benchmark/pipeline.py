"""The project's own commands, measured, each beside a hand-tuned baseline."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sales_pipeline.dbt_project.dbt_runner import NO_UNIT_TESTS
from tools.benchmark import equality, hand_tuned
from tools.benchmark.checked_read import checked_read
from tools.benchmark.databases import remove
from tools.benchmark.dbt_overhead import write_empty_project
from tools.benchmark.measuring import Cost, cost_of, median_of
from tools.benchmark.profile import (
    NodeTime,
    Step,
    count_kinds,
    read_profile,
    read_times,
    seconds_up_to,
    share_of_others,
)

LANDED = (0, 3)  # of the loader: everything, or with rejected rows
NOTHING: Mapping[str, str] = {}
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Whole:
    """Everything from the files to the marts, medians of several runs.

    Attributes:
        lines: order lines in the files.
        load: `sales-loader load`.
        build: `dbt build`, models and data tests.
        run: `dbt run`, models only.
        test: `dbt test`, data tests only.
        again: `dbt build` with nothing new.
        dbt_overhead: `dbt build` of an empty project with as many nodes.
        dbt_overhead_run: `dbt run` of it.
        checked_read: seconds from the files to native tables with the loader's checks.
        hand_tuned: seconds of the hand-tuned baseline, by stage.
        compared: marts that the hand-tuned baseline builds.
        others_build: seconds of `build`, above dbt overhead, that go to what only other marts need.
        others_run: seconds of `run` that do.
        differing: compared marts whose rows are not those of the hand-tuned baseline.
        hashes: of every mart.
        nodes: how many of each kind a build has.
        steps: where the time of a build went.
    """

    lines: int
    load: Cost
    build: Cost
    run: Cost
    test: Cost
    again: Cost
    dbt_overhead: Cost
    dbt_overhead_run: Cost
    checked_read: float
    hand_tuned: hand_tuned.Stages
    compared: tuple[str, ...]
    others_build: float
    others_run: float
    differing: tuple[str, ...]
    hashes: dict[str, str]
    nodes: dict[str, int]
    steps: list[Step]


@dataclass(frozen=True)
class DailyRun:
    """One more day on a history, medians of several runs.

    Attributes:
        years: of the history.
        lines_a_day: order lines of a day.
        load: `sales-loader load` of the folder with all files, of which those of a day are new.
        daily: `sales-loader daily` of it, the load included, without the docs page.
        models: `dbt run` of the day, in place, without tests or publication.
        facts: seconds in it of `fct_orders` and what it stands on, node by node.
        full: `dbt build` of everything.
        hand_tuned_update: seconds of the hand-tuned update.
        dbt_overhead: `dbt build` of an empty project with as many nodes.
        compared: marts that the hand-tuned update brings up to date.
        others: seconds of `models`, above dbt overhead, that go to what only other marts need.
        differing: compared marts whose rows are not those of the hand-tuned update.
    """

    years: int
    lines_a_day: int
    load: Cost
    daily: Cost
    models: Cost
    facts: float
    full: Cost
    hand_tuned_update: float
    dbt_overhead: Cost
    compared: tuple[str, ...]
    others: float
    differing: tuple[str, ...]


@dataclass(frozen=True)
class Overhead:
    """What dbt takes for an empty project.

    Attributes:
        build: `dbt build`.
        run: `dbt run`.
        times: of the nodes of a build.
    """

    build: Cost
    run: Cost
    times: list[NodeTime]


@dataclass(frozen=True)
class Limited:
    """Everything from the files to the marts with less memory, medians of several runs.

    Attributes:
        lines: order lines in the files.
        memory: that DuckDB may use, as it writes it.
        load: `sales-loader load`.
        build: `dbt build`, models and data tests.
    """

    lines: int
    memory: str
    load: Cost
    build: Cost


class Bench:
    """Measures in a folder of its own.

    Args:
        project: folder of the project.
        folder: for warehouses and artifacts.
        repeat: runs of each measurement.
        tell: called with what is measured next.
    """

    def __init__(self, project: Path, folder: Path, repeat: int, tell: Tell) -> None:
        self._project = project
        self._folder = folder
        self._repeat = repeat
        self._tell = tell
        self._database = folder / "warehouse.duckdb"
        self._hand_tuned = folder / "hand_tuned.duckdb"
        self._empty_project = folder / "dbt_overhead"
        self._target = folder / "target"

    def whole(self, lines: int, files: Path) -> Whole:
        """Load and build files into an empty warehouse."""
        loads, builds, runs, tests, agains = [], [], [], [], []
        reads, stages = [], []
        build_times, run_times = [], []
        for number in range(self._repeat):
            self._tell(f"{lines:,} lines, run {number + 1} of {self._repeat}: hand-tuned baseline")
            reads.append(checked_read(files, self._hand_tuned))
            stages.append(hand_tuned.build(files, self._project / "seeds", self._hand_tuned))
            compared = equality.tables(self._hand_tuned)
            self._tell(f"{lines:,} lines, run {number + 1} of {self._repeat}: load, build, run, test")
            remove(self._database)
            loads.append(self._load(files))
            if number == 0:
                self._dbt("parse")
            builds.append(self._dbt("build", *NO_UNIT_TESTS))
            steps, nodes = read_profile(self._target, self._database), count_kinds(self._target)
            build_times.append(read_times(self._target, compared))
            agains.append(self._dbt("build", *NO_UNIT_TESTS))
            runs.append(self._dbt("run", "--full-refresh"))
            run_times.append(read_times(self._target, compared))
            tests.append(self._dbt("test", *NO_UNIT_TESTS))
        overhead = self._dbt_overhead(nodes)
        self._tell(f"{lines:,} lines: comparing the marts")
        load, build, run, test, again = map(median_of, (loads, builds, runs, tests, agains))
        return Whole(
            lines=lines,
            load=load,
            build=build,
            run=run,
            test=test,
            again=again,
            dbt_overhead=overhead.build,
            dbt_overhead_run=overhead.run,
            checked_read=median(reads),
            hand_tuned=sorted(stages, key=lambda stage: stage.total)[len(stages) // 2],
            compared=compared,
            others_build=others(build, overhead.build, build_times, overhead.times),
            others_run=others(run, overhead.run, run_times, overhead.times),
            differing=self._differing(),
            hashes=equality.hashes(self._database),
            nodes=dict(nodes),
            steps=steps,
        )

    def limited(self, lines: int, files: Path, memory: str) -> Limited:
        """Load and build files into an empty warehouse with less memory."""
        loads, builds = [], []
        for number in range(self._repeat):
            self._tell(f"{lines:,} lines in {memory}, run {number + 1} of {self._repeat}")
            remove(self._database)
            loads.append(self._load(files, "--memory-limit", memory))
            builds.append(self._dbt("build", *NO_UNIT_TESTS, environment={"WAREHOUSE_MEMORY": memory}))
        return Limited(lines, memory, median_of(loads), median_of(builds))

    def daily_run(self, lines_a_day: int, years: int, history: Path, day: Path) -> DailyRun:
        """Bring one more day into a warehouse with a history."""
        name = f"{lines_a_day:,} lines a day, {years} years"
        self._tell(f"{name}: the history")
        remove(self._database)
        self._load(history)
        full, nodes = self._dbt("build", *NO_UNIT_TESTS), count_kinds(self._target)
        hand_tuned.build(history, self._project / "seeds", self._hand_tuned)
        compared = equality.tables(self._hand_tuned)
        with both(history, day) as files:
            loads, models, facts, times = [], [], [], []
            with kept(self._database, self._repeat + 1) as restore_built:
                for number in range(self._repeat):
                    self._tell(f"{name}: one more day in place, run {number + 1} of {self._repeat}")
                    restore_built()
                    loads.append(self._load(files))
                    models.append(self._dbt("run"))
                    facts.append(seconds_up_to(self._target, "fct_orders"))
                    times.append(read_times(self._target, compared))
                restore_built()
            self._tell(f"{name}: the first daily run")
            self._daily(history)
            dailies, updates = [], []
            with (
                kept(self._database, self._repeat) as restore_history,
                kept(self._hand_tuned, self._repeat) as restore_hand_tuned,
            ):
                for number in range(self._repeat):
                    self._tell(f"{name}: the next daily run, run {number + 1} of {self._repeat}")
                    restore_history()
                    restore_hand_tuned()
                    dailies.append(self._daily(files))
                    [day_folder] = day.iterdir()
                    updates.append(hand_tuned.add_day(day_folder, self._project / "seeds", self._hand_tuned))
                differing = self._differing()
        overhead = self._dbt_overhead(nodes)
        load, daily, run = map(median_of, (loads, dailies, models))
        return DailyRun(
            years,
            lines_a_day,
            load,
            daily,
            run,
            median(facts),
            full,
            median(updates),
            overhead.build,
            compared,
            others(run, overhead.run, times, overhead.times),
            differing,
        )

    def _load(self, files: Path, *options: str) -> Cost:
        return self._measured(
            "sales-loader", "load", files, "--database", self._database, *options, good=LANDED
        )

    def _daily(self, files: Path) -> Cost:
        summary = self._folder / "daily.json"
        options = ("--no-docs", "--no-report", "--no-export", "--summary", str(summary))
        return self._measured(
            "sales-loader", "daily", files, "--database", self._database, *options, good=LANDED
        )

    def _dbt(self, *words: str, environment: Mapping[str, str] = NOTHING) -> Cost:
        options = ("--target", "duckdb", "--target-path", str(self._target))
        return self._measured("dbt", "--log-level", "none", *words, *options, more=environment)

    def _measured(
        self,
        command: str,
        *words: str | Path,
        good: tuple[int, ...] = (0,),
        more: Mapping[str, str] = NOTHING,
    ) -> Cost:
        environment = {"WAREHOUSE_PATH": str(self._database), "WAREHOUSE_TARGET": "duckdb", **more}
        return cost_of(command, *words, folder=self._project, environment=environment, good=good)

    def _dbt_overhead(self, nodes: Mapping[str, int]) -> Overhead:
        shutil.rmtree(self._empty_project, ignore_errors=True)
        write_empty_project(self._empty_project, nodes["model"], sum(nodes.values()) - nodes["model"])
        environment = {"DBT_PROFILES_DIR": str(self._empty_project)}
        builds: list[Cost] = []
        runs: list[Cost] = []
        for number in range(self._repeat + 1):
            self._tell("an empty project with as many nodes")
            for command, costs in (("build", builds), ("run", runs)):
                words = ("--log-level", "none", command)
                cost = cost_of("dbt", *words, folder=self._empty_project, environment=environment)
                if number:  # the first one parses everything
                    costs.append(cost)
                if command == "build":
                    times = read_times(self._empty_project / "target", ())
        return Overhead(median_of(builds), median_of(runs), times)

    def _differing(self) -> tuple[str, ...]:
        found = equality.differences(self._database, self._hand_tuned)
        return tuple(mart for mart, count in found.items() if count)


def others(
    cost: Cost, overhead: Cost, times: Sequence[Sequence[NodeTime]], empty: Sequence[NodeTime]
) -> float:
    """Seconds on the clock, above dbt overhead, that go to what the hand-tuned baseline does not build.

    dbt refuses a full refresh of a part of the project, so they are told by the seconds of nodes.

    Args:
        cost: of the whole command.
        overhead: of the same command with the empty project.
        times: of the nodes of each run of the command.
        empty: of those of the empty project.
    """
    share = median(share_of_others(one, empty) for one in times)
    return max(0.0, cost.wall - overhead.wall) * share


@contextmanager
def kept(database: Path, times: int) -> Iterator[Callable[[], None]]:
    """Keep a DuckDB file as it is now; gives what puts it back.

    The first time there is nothing to put back, so that a single one needs no copy of many gigabytes.

    Args:
        database: the file.
        times: how often it is to be put back.
    """
    copy = database.with_name(database.name + ".kept")
    is_as_before = True

    def restore() -> None:
        nonlocal is_as_before
        if not is_as_before:
            remove(database)
            shutil.copyfile(copy, database)
        is_as_before = False
        os.sync()  # else the disk is still at the copy while the run that is measured wants it

    try:
        if times > 1:
            shutil.copyfile(database, copy)
        yield restore
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def both(history: Path, day: Path) -> Iterator[Path]:
    """A folder with the files of the history and of one more day, as a daily run finds it."""
    [new] = day.iterdir()
    inside = history / new.name
    shutil.copytree(new, inside)
    try:
        yield history
    finally:
        shutil.rmtree(inside)
