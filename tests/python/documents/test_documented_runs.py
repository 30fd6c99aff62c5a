"""Each documented command that can run here runs as printed, in order, in a shell that knows nothing."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.redshift_stand_in.stand_in import StandIn

from .clean_shell import PROJECT, clean_copy, run_in_clean_shell
from .test_documented_commands import BLOCK, DOCUMENTS

_GENERATE = ".venv/bin/sales-loader generate --lines 300 --days 36 --split-by-day --out exports"
# How a line begins, and why it does not run here; the first that fits counts.
NOT_HERE = {
    "make test-value": "it fits another model to many dates, for minutes",
    "make test": "it is what runs this",
    "make lint": "the tests begin with it",
    "make bench": "it takes 20 minutes alone on a machine",
    "sudo ": "it changes the machine; the units themselves run in test_schedules.py",
    "make deploy": "it needs an account; deploy/test_account.py has a made-up one",
    "make morning": "it needs an account, as make deploy does",
    "make run-scheduled": "it needs an account, as make deploy does",
    ".venv/bin/python -m deployment run": "it needs a task that runs on AWS",
    "aws ": "it needs an account and the command line of AWS",
    "openssl ": "it writes a secret into an account",
    "datacontract ": "it is another program, installed by whoever wants it",
}
RUNS_HERE = ("make deploy-check",)


def blocks(document: str) -> list[list[str]]:
    """The lines of each fenced block, as one would paste them."""
    found = BLOCK.findall((PROJECT / document).read_text(encoding="utf-8"))
    joined = (block.replace("\\\n", " ").splitlines() for block in found)
    return [[line for line in block if not line.lstrip().startswith("#")] for block in joined]


def why_not(line: str) -> str | None:
    """Why a line does not run here."""
    if line.startswith(RUNS_HERE):
        return None
    return next((reason for start, reason in NOT_HERE.items() if line.startswith(start)), None)


def succeed(copy: Path, command: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command, which must succeed."""
    ended = run_in_clean_shell(copy, command, environment)
    assert ended.returncode == 0, f"{command}\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"


def new_exports(copy: Path) -> None:
    """Files of one's own, and no warehouse yet."""
    succeed(copy, f"rm -rf exports warehouse.duckdb* && {_GENERATE}")


def exports_in_euro(copy: Path) -> None:
    """Files of a company that the line's variables fit, and no warehouse yet."""
    new_exports(copy)
    for path in (copy / "exports").rglob("order_items.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace(",USD,", ",EUR,"), encoding="utf-8")


def files_landed(copy: Path) -> None:
    """Files of one's own that have landed, and no marts yet."""
    new_exports(copy)
    succeed(copy, ".venv/bin/sales-loader load exports")


def a_first_daily_run(copy: Path) -> None:
    """Marts that a daily run has published."""
    new_exports(copy)
    succeed(copy, ".venv/bin/sales-loader daily exports")


# What a reader has before a line, where the lines before do not lead to it.
BEFORE: Mapping[str, Callable[[Path], None]] = {
    "make build DATA=exports VARS=": exports_in_euro,
    "make build DATA=exports": new_exports,
    "make daily DATA=exports": new_exports,
    "make export": a_first_daily_run,
    ".venv/bin/dbt build": files_landed,
    ".venv/bin/dbt test --select fct_orders": a_first_daily_run,
}


@pytest.fixture
def redshift() -> Iterator[StandIn]:
    """The stand-in, and a bucket with files of one's own."""
    with StandIn() as stand_in:
        yield stand_in


def send_exports(copy: Path, stand_in: StandIn) -> None:
    client = stand_in.s3.client()
    client.create_bucket(Bucket="bucket")
    for path in (copy / "exports").rglob("*.csv"):
        client.upload_file(str(path), "bucket", path.relative_to(copy).as_posix())


# The README builds again and again, each time as a new user would; an export needs a whole build.
_LONG = ("README.md", "docs/connect.md")


@pytest.mark.parametrize(
    "document",
    [pytest.param(one, marks=pytest.mark.thorough if one in _LONG else ()) for one in DOCUMENTS],
)
def test_the_commands_run_as_printed(document: str, tmp_path: Path, redshift: StandIn) -> None:
    copy = clean_copy(tmp_path)
    for block in blocks(document):
        exports = [line for line in block if line.startswith("export ")]
        environment = redshift.environment() if exports else {}
        if exports:
            send_exports(copy, redshift)
        for line in block:
            if line in exports or why_not(line):
                continue
            if before := max((start for start in BEFORE if line.startswith(start)), key=len, default=""):
                BEFORE[before](copy)
            succeed(copy, "\n".join([*exports, line]), environment)


def test_every_reason_not_to_run_a_command_is_of_a_command() -> None:
    printed = [line for document in DOCUMENTS for block in blocks(document) for line in block]
    assert {reason for line in printed if (reason := why_not(line))} == set(NOT_HERE.values())
    for start in (*BEFORE, *RUNS_HERE):
        assert any(line.startswith(start) for line in printed), start
