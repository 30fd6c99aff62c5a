"""Played statements do what dbt itself does, and every table that keeps its rows has a part in it."""

from pathlib import Path

from tests.python.reference import KEYS
from tests.python.support.project_copy import Workshop
from tests.python.support.replay.company import Company
from tests.python.support.replay.playing import Meanwhile, Replay
from tests.python.support.replay.recording import FEW_ARE_ENOUGH, Recording

from .conftest import SEEDS

STEPS = [
    ("new_day", 1), ("late_lines", 2), ("run", 0),
    ("corrected_file", 3), ("options_first", 4), ("skipped_month", 5), ("new_day", 6), ("run", 0),
    ("second_delivery", 7), ("withdrawn_file", 8), ("late_lines", 9), ("run", 0),
]  # fmt: skip


class DbtReplay(Replay):
    """The same company on a warehouse file, run by dbt."""

    def __init__(self, workshop: Workshop, folder: Path) -> None:
        self._workshop = workshop
        self._source = folder

    def load(self, name: str, content: bytes) -> None:
        """Land a file with the command."""
        path = self._source / name
        path.write_bytes(content)
        assert self._workshop.run("sales-loader", "load", str(path), "--replace").returncode == 0

    def withdraw(self, name: str) -> None:
        """Take a file back with the command."""
        done = self._workshop.run("sales-loader", "withdraw", name)
        assert done.returncode == 0, done.stderr

    def run(self, cut_off_after: int | None = None, meanwhile: Meanwhile | None = None) -> None:
        """Run dbt to its end."""
        assert cut_off_after is None
        assert meanwhile is None
        done = self._workshop.run("dbt", "run", *FEW_ARE_ENOUGH)
        assert done.returncode == 0, done.stdout


def test_played_runs_end_like_those_of_dbt(recording: Recording, tmp_path: Path) -> None:
    (tmp_path / "played").mkdir()
    (tmp_path / "files").mkdir()
    played = Replay(recording, tmp_path / "played")
    workshop = Workshop.create(tmp_path / "dbt", SEEDS)
    companies = [Company(played), Company(DbtReplay(workshop, tmp_path / "files"))]
    companies[1].take("new_day", 0)
    assert workshop.run("dbt", "seed").returncode == 0
    companies[0].take("new_day", 0)
    for kind, number in STEPS:
        for company in companies:
            company.take(kind, number)
    for mart in KEYS:
        expected = {tuple(map(str, row.values())) for row in workshop.rows(mart)}
        assert {tuple(map(str, row)) for row in played.rows(f"from marts.{mart}")} == expected, mart
    played.close()


def test_a_run_counts_as_finished_after_its_last_model(recording: Recording) -> None:
    for run in (recording.first, recording.later):
        finishing = [step.node for step in run for one in step.statements if "is_finished = true" in one]
        assert finishing == [run[-1].node]
