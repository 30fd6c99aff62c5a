"""After any sequence of deliveries and runs, every table is what a full refresh from the raw tables makes.

The sequences are played from recorded statements, and what is played ends like what dbt itself does.
"""

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.python.reference import KEYS
from tests.python.support.project_copy import Workshop
from tests.python.support.replay.company import RUNS_WITH_ESTIMATES, STEPS, Company
from tests.python.support.replay.playing import Meanwhile, Replay
from tests.python.support.replay.recording import FEW_ARE_ENOUGH, Recording

from .conftest import SEEDS

SEQUENCES = int(os.environ.get("SEQUENCES", "5"))
DELIVERIES = [kind for kind in STEPS if not kind.startswith("run")]
INVARIANTS = (
    "totals_are_the_same_in_every_mart",
    "lifetime_revenue_guests_and_excluded_make_up_all_revenue",
    "facts_reconcile_with_the_raw_tables",
    "every_landed_line_is_in_the_facts_or_excluded",
    "loyalty_rows_add_up_to_all_customers",
    "history_ends_at_the_lifetime_value",
    "every_row_read_is_landed_or_rejected",
)
WARNINGS = ("lines_of_an_order_agree_on_its_header", "landed_lines_bring_sales")
Steps = list[tuple[str, int]]
PLAYED = [
    ("new_day", 1), ("late_lines", 2), ("run", 0),
    ("corrected_file", 3), ("options_first", 4), ("skipped_month", 5), ("new_day", 6), ("run", 0),
    ("second_delivery", 7), ("withdrawn_file", 8), ("late_lines", 9), ("run", 0),
]  # fmt: skip

numbers = st.integers(min_value=0, max_value=2**20)
deliveries = st.tuples(st.sampled_from(DELIVERIES), numbers)
runs = st.tuples(st.sampled_from(["run", "run", "run_cut_off", "run_disturbed"]), numbers)
steps_in_turn = st.integers(0, 4).flatmap(lambda turn: deliveries if turn else runs)
sequences = st.lists(steps_in_turn, min_size=5, max_size=30)


def check(recording: Recording, steps: Steps) -> None:
    """Take the steps and a last run; after each run that ends, hold the tables to a full refresh."""
    with tempfile.TemporaryDirectory() as folder:
        replay = Replay(recording, Path(folder))
        try:
            company = Company(replay)
            company.take("new_day", 0)
            for position, (kind, number) in enumerate([*steps, ("run", 0)]):
                company.take(kind, number)
                if kind == "run":
                    assert replay.differences_to_a_full_refresh() == [], f"after step {position}"
                    assert replay.failed_tests(INVARIANTS) == [], f"after step {position}"
            assert set(replay.failed_tests()) <= set(WARNINGS)
        finally:
            replay.close()


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example([("run", 0), ("run", 0)])
# A month ends between two runs, and no order of it has changed.
@example([("run", 0), ("skipped_month", 1), ("new_day", 2), ("run", 0)])
# The last orders are taken back, and months are no longer complete of which no order has changed.
@example([("skipped_month", 0), ("new_day", 0), ("run", 0), ("withdrawn_file", 5), ("run", 0)])
# What a run that died had moved or brought is taken back before the next one.
@example([("run", 0), ("corrected_file", 417), ("run_cut_off", 286), ("withdrawn_file", 20), ("run", 0)])
@example([("run", 0), ("late_lines", 220), ("run_cut_off", 983), ("withdrawn_file", 37), ("run", 0)])
# A file goes while a run is under way that had seen it.
@example(
    [
        ("withdrawn_file", 11807),
        ("run", 0),
        ("late_lines", 352),
        ("options_first", 414664),
        ("run_disturbed", 73),
    ]
)
# An order of an excluded app is later than the last sale.
@example([*[("run", 0)] * 4, ("options_first", 289882)])
@example(RUNS_WITH_ESTIMATES)
# Six month ends of a company so small that no two of its customers are alike enough for an estimate.
@example([("new_day", 0), *[("skipped_month", 0)] * 4, ("new_day", 0)])
@given(sequences)
def test_every_run_ends_like_a_full_refresh(recording: Recording, steps: Steps) -> None:
    check(recording, steps)


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
    for kind, number in PLAYED:
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


def test_a_usual_day_builds_no_month_end_of_the_past_again(recording: Recording, tmp_path: Path) -> None:
    replay = Replay(recording, tmp_path)
    company = Company(replay)
    for kind in ("new_day", "skipped_month", "new_day", "skipped_month", "new_day", "run", "new_day", "run"):
        company.take(kind, 0)
    assert replay.rows("select count(distinct month_end_date) > 1 from marts.customer_month_end") == [(True,)]
    assert replay.rows("select count(*) from intermediate.int_customer_month_end_states") == [(0,)]
    replay.close()
