"""The scheduled command around a daily run that does what a test wants of it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result

from sales_pipeline.cli import main
from sales_pipeline.scheduled import scheduled_run as module
from sales_pipeline.scheduled.scheduled_run import PAGES
from sales_pipeline.scheduled.supervisor import Supervisor
from tests.python.support.listening import Listener
from tests.redshift_stand_in.s3 import S3Server

DOCS = "docs-bucket"
# A daily run that notes its beginning, and what a test wants.
DAILY = """
import datetime, json, pathlib, sys, time
def note(**facts):
    begun = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    pathlib.Path(summary).write_text(json.dumps({"started_at": begun, **facts}))
"""


@dataclass(frozen=True)
class Stage:
    """A project folder, S3 and a topic."""

    server: S3Server
    listener: Listener
    monkeypatch: pytest.MonkeyPatch

    def daily(self, code: str) -> None:
        """Let the daily run be a piece of Python that finds the file for its summary as ``summary``."""

        def command(_: str, __: str, summary: Path, **___: bool) -> list[str]:
            text = f"{DAILY}\nsummary = {str(summary)!r}\n{dedent(code)}"
            return [sys.executable, "-c", text]

        self.monkeypatch.setattr(module, "daily_command", command)

    def run(self, *more: str) -> Result:
        """Run the command."""
        options = ["--publish-to", f"s3://{DOCS}/below", "--topic", self.listener.topic, *more]
        return CliRunner().invoke(main, ["run-scheduled", "exports", *options])

    def published(self, name: str) -> bytes:
        """An object that was published."""
        return self.server.client().get_object(Bucket=DOCS, Key=f"below/{name}")["Body"].read()


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with S3Server() as running:
        yield running


@pytest.fixture
def stage(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    server.reset()
    monkeypatch.chdir(tmp_path)
    for name, value in {**server.environment, "AWS_ENDPOINT_URL": server.endpoint}.items():
        monkeypatch.setenv(name, value)
    server.client().create_bucket(Bucket=DOCS)
    (tmp_path / "target").mkdir()
    (tmp_path / "dbt_project.yml").touch()
    client: Any = boto3.session.Session().client
    topic = client("sns").create_topic(Name="alerts")["TopicArn"]
    return Stage(server, Listener(client, topic), monkeypatch)


def last_line(result: Result) -> dict[str, Any]:
    return dict(json.loads(result.output.splitlines()[-1]))


def test_the_daily_command_gets_source_variables_and_a_place_for_its_summary() -> None:
    command = module.daily_command("s3://b/landing/", "{a: 1}", Path("s.json"))
    assert command[1:] == [
        "-m",
        "sales_pipeline",
        "daily",
        "s3://b/landing/",
        "--vars",
        "{a: 1}",
        "--summary",
        "s.json",
        "--wait",
        "0",
    ]


def test_the_scheduled_run_waits_half_an_hour_for_a_reader_unless_told_otherwise(stage: Stage) -> None:
    told: list[float] = []

    def command(*_: object, wait_minutes: float, **__: object) -> list[str]:
        told.append(wait_minutes)
        return [sys.executable, "-c", ""]

    stage.monkeypatch.setattr(module, "daily_command", command)
    stage.run()
    stage.run("--wait", "0")
    assert told == [30, 0]


def test_a_good_daily_run_publishes_and_tells_nobody(stage: Stage) -> None:
    stage.daily(
        """
        pathlib.Path("target/static_index.html").write_text("the page")
        pathlib.Path("target/report.html").write_text("the report")
        note(rows_landed=3, rows_rejected=0, is_published=True)
        print("three rows")
        """
    )
    result = stage.run()
    assert result.exit_code == 0, result.output
    assert "three rows" in result.output
    assert stage.published("index.html") == b"the page"
    assert stage.published("report.html") == b"the report"
    published = json.loads(stage.published("runs/latest.json"))
    assert published["summary"].items() >= {"rows_landed": 3, "rows_rejected": 0}.items()
    (key,) = [request.key for request in stage.server.requests("PUT", "/runs/20")]
    assert json.loads(stage.published(key.partition("/below/")[2])) == published
    assert stage.listener.heard() == []
    assert last_line(result)["successes"] == 1


def test_rejected_rows_are_told_and_counted_and_are_no_failure(stage: Stage) -> None:
    reasons = {"a.csv": {"too_long": 1}}
    stage.daily(f"note(rows_landed=199, rows_rejected=1, reject_reasons={reasons}); sys.exit(3)")
    result = stage.run()
    assert result.exit_code == 3
    facts = last_line(result)
    assert (facts["successes"], facts["failures"], facts["rejected_share"]) == (1, 0, 0.5)
    (message,) = stage.listener.heard()
    assert message["Subject"].endswith("succeeded, but rows were rejected")
    assert "Rejected rows of a.csv: too_long 1." in message["Message"]


def test_an_overdue_file_is_told_and_is_no_failure(stage: Stage) -> None:
    stage.daily("note(is_fresh=False)")
    result = stage.run()
    assert (result.exit_code, last_line(result)["successes"]) == (0, 1)
    (message,) = stage.listener.heard()
    assert message["Subject"].endswith("succeeded, but a file is overdue")


def test_a_full_refresh_is_passed_on() -> None:
    command = module.daily_command("exports", "", Path("s.json"), full_refresh=True)
    assert command[-1] == "--full-refresh"


@pytest.mark.parametrize("code", [1, 2])
def test_a_failure_is_told_with_the_end_of_the_log(stage: Stage, code: int) -> None:
    stage.daily(f"print('first'); print('the cause', file=sys.stderr); sys.exit({code})")
    result = stage.run()
    assert result.exit_code == code
    assert last_line(result)["failures"] == 1
    (message,) = stage.listener.heard()
    assert "failed" in message["Subject"]
    # Standard output and standard error come through pipes of their own, in either order.
    assert sorted(message["Message"].splitlines()[-2:]) == ["first", "the cause"]
    assert f"s3://{DOCS}/below/runs/20" in message["Message"]


def test_a_run_without_memory_is_a_failure_that_says_so(stage: Stage) -> None:
    stage.daily("import os; os.kill(os.getpid(), 9)")
    result = stage.run()
    assert result.exit_code == 1
    assert "more memory than the task has" in stage.listener.heard()[0]["Message"]


def test_a_run_that_ends_with_an_unknown_code_has_failed(stage: Stage) -> None:
    stage.daily("sys.exit(77)")
    assert stage.run().exit_code == 1
    assert "unknown exit code 77" in stage.listener.heard()[0]["Message"]


def test_a_run_that_hangs_is_stopped(stage: Stage) -> None:
    stage.daily("print('waiting', flush=True); time.sleep(600)")
    started = time.monotonic()
    result = stage.run("--time-limit", "0.02")
    assert time.monotonic() - started < 60
    assert result.exit_code == 1
    message = stage.listener.heard()[0]["Message"]
    assert "time limit of 0.02 minutes" in message
    assert "waiting" in message


def test_what_the_daily_run_could_not_land_is_in_the_summary_and_the_message(stage: Stage) -> None:
    problem = "a.csv: refused: the file is empty."
    stage.daily(f"""
        note(problems=["{problem}"], ended_at="now", is_published=False, landed_not_published=["b.csv"],
            taken_back={{"c.csv": {{"rows": 4, "orders": 0}}}}); sys.exit(1)""")
    assert last_line(stage.run())["problems"] == [problem]
    (message,) = stage.listener.heard()
    told = [problem, "Nothing was published", "Landed, but not published: b.csv.", "from c.csv: rows 4."]
    assert [line for line in told if line not in message["Message"]] == []


def test_what_the_daily_run_prints_is_no_line_that_alarms_read(stage: Stage) -> None:
    forged = json.dumps({"event": "morning_finished", "failures": 0})
    problem = f"x\n{forged}.csv: refused"
    stage.daily(f"""
        note(problems=[{json.dumps(problem)}])
        print({forged!r}); print(" " + {forged!r}); print("a\\r" + {forged!r}); print(chr(27) + "[2J")
        sys.exit(1)""")
    result = stage.run()
    assert [line for line in result.output.splitlines() if line.lstrip().startswith("{")] == [
        result.output.splitlines()[-1]
    ]
    assert last_line(result)["failures"] == 1
    (message,) = (one["Message"] for one in stage.listener.heard())
    assert "\x1b" not in message
    assert f"\nx\n    {forged}.csv: refused\n" in message


def test_half_a_summary_is_no_summary(stage: Stage) -> None:
    stage.daily("""pathlib.Path(summary).write_text('{"rows_landed": 3, "rows'); sys.exit(1)""")
    assert stage.run().exit_code == 1
    assert json.loads(stage.published("runs/latest.json"))["summary"] == {}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sent_once_and_by_a_run_that_published(stage: Stage, name: str) -> None:
    page = PAGES[name]
    page.write_text("old")
    stage.daily("sys.exit(1)")
    stage.run()
    assert not stage.server.requests("PUT", name)
    stage.daily("note(is_published=True)")
    stage.run()
    stage.run()
    assert len(stage.server.requests("PUT", name)) == 1
    page.write_text("another page")
    stage.run()
    assert stage.published(name) == b"another page"


def test_a_report_that_could_not_be_written_is_told_beside_the_publication(stage: Stage) -> None:
    stage.daily("""
        note(ended_at="now", is_published=True, failed_step="report", problems=["the disk is full"])
        sys.exit(1)""")
    assert stage.run().exit_code == 1
    (message,) = stage.listener.heard()
    told = ["The marts were published.", "It failed at the step report.", "the disk is full"]
    assert [line for line in told if line not in message["Message"]] == []


def test_a_page_that_could_not_be_sent_holds_back_no_other_and_is_sent_by_the_next_run(stage: Stage) -> None:
    Path("target/static_index.html").write_text("the page")
    Path("target/report.html").write_text("the report")
    stage.daily("note(is_published=True)")
    stage.server.faults.answer(403, method="PUT", key_contains="/index.html", code="AccessDenied")
    result = stage.run()
    assert result.exit_code == 1
    assert json.loads(stage.published("runs/latest.json"))["exit_code"] == 1
    assert stage.published("report.html") == b"the report"
    stage.server.faults.clear()
    assert stage.run().exit_code == 0
    assert stage.published("index.html") == b"the page"


FAILURES = [
    {"name": "no/key twice", "sql": "select 1"},
    {"name": "a_model", "sql": ""},
]


def test_what_a_failure_can_be_looked_into_with_is_beside_the_summary(stage: Stage) -> None:
    stage.daily(f"""
        results = pathlib.Path("target/next/run_results.json")
        results.parent.mkdir(exist_ok=True)
        results.write_text("what dbt said")
        note(failures={FAILURES}, failed_step="build"); sys.exit(1)""")
    facts = last_line(stage.run())
    (message,) = stage.listener.heard()
    summary = json.loads(stage.published("runs/latest.json"))
    place = summary["evidence"]
    assert facts["evidence"] == place
    assert f"Its summary: {place.removesuffix('/')}.json" in message["Message"]
    assert f"{place} (run_results.json, no_key_twice.sql)" in message["Message"]
    assert "It failed at the step build." in message["Message"]
    folder = place.partition("/below/")[2]
    assert stage.published(f"{folder}run_results.json") == b"what dbt said"
    assert stage.published(f"{folder}no_key_twice.sql") == b"select 1\n"


def test_what_dbt_said_of_an_earlier_build_is_no_evidence(stage: Stage) -> None:
    results = Path("target/next/run_results.json")
    results.parent.mkdir()
    results.write_text("old")
    os.utime(results, (0, 0))
    stage.daily("note(problems=['no file']); sys.exit(1)")
    assert last_line(stage.run())["evidence"] is None
    assert "Evidence" not in stage.listener.heard()[0]["Message"]


def test_a_run_that_succeeded_leaves_no_evidence(stage: Stage) -> None:
    stage.daily(f"note(is_published=True, failures={FAILURES})")
    assert last_line(stage.run())["evidence"] is None


def test_what_cannot_be_published_is_a_failure_that_is_told(stage: Stage) -> None:
    stage.daily("pass")
    stage.server.faults.answer(403, method="PUT", code="AccessDenied")
    result = stage.run()
    assert result.exit_code == 1
    assert "AccessDenied" in stage.listener.heard()[0]["Message"]


def test_when_nobody_can_be_told_the_log_says_so(stage: Stage) -> None:
    stage.daily("sys.exit(3)")
    result = stage.run("--topic", stage.listener.topic + "-of-nobody")
    assert result.exit_code == 1
    assert last_line(result)["failures"] == 1
    assert "Nobody could be told" in last_line(result)["problems"][0]


def test_without_places_nothing_is_sent(stage: Stage) -> None:
    stage.daily("sys.exit(1)")
    assert CliRunner().invoke(main, ["run-scheduled", "exports"]).exit_code == 1
    assert stage.server.requests("PUT", "/below/") == []
    assert stage.listener.heard() == []


def test_a_wrong_address_is_refused_before_anything_runs(stage: Stage) -> None:
    stage.daily("raise SystemExit('it ran')")
    result = CliRunner().invoke(main, ["run-scheduled", "exports", "--publish-to", "docs"])
    assert (result.exit_code, "it ran" in result.output) == (2, False)


def test_what_the_run_started_is_stopped_with_it() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    started = time.monotonic()
    ended = Supervisor(1, print, grace=5).run([sys.executable, "-c", code])
    assert time.monotonic() - started < 60
    assert "time limit" in ended.why


def test_a_run_that_will_not_end_is_ended() -> None:
    code = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    ended = Supervisor(2, print, grace=1).run([sys.executable, "-c", code])
    assert ended.code == -signal.SIGKILL


def test_stopping_the_task_stops_the_run() -> None:
    stop = threading.Timer(1, os.kill, [os.getpid(), signal.SIGTERM])
    stop.start()
    ended = Supervisor(600, print).run([sys.executable, "-c", "import time; time.sleep(600)"])
    assert "SIGTERM" in ended.why


def test_ctrl_c_ends_the_daily_run_too() -> None:
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    parent = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from functools import partial; from sales_pipeline.scheduled.supervisor import Supervisor\n"
        f"Supervisor(600, partial(print, flush=True)).run([sys.executable, '-c', {child!r}])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        daily_run = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(daily_run, 0)
