"""The whole of it in a made-up account: deployed, a good daily run, a daily run with a broken file."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from subprocess import CompletedProcess
from typing import Any

import pytest
from click.testing import CliRunner

from deployment.rules import read_template
from sales_pipeline.cli import main as sales_loader
from tests.python.reference import KEYS
from tests.python.support.listening import Listener
from tests.redshift_stand_in.s3 import S3Request
from tests.redshift_stand_in.stand_in import BUCKET as STAND_IN_BUCKET

from .account import NAME, TEMPLATES, Account, unknown_kinds
from .image import Image
from .operating import TAG, Operator, granted, operating

ACTIONS = {
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "PUT": "s3:PutObject",
    "DELETE": "s3:DeleteObject",
    "POST": "s3:DeleteObject",
}


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    with operating(tmp_path_factory.mktemp("account"), MartsExport="ENABLED") as made:
        yield made


@pytest.fixture(scope="module")
def deployed(operator: Operator) -> Operator:
    result = operator.run("deploy", "--image-tag", TAG)
    assert result.exit_code == 0, result.output
    operator.account.prepare_database()
    return operator


def test_a_dry_run_shows_what_would_be_made_and_makes_nothing(operator: Operator) -> None:
    result = operator.run("deploy", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "Add     AWS::S3::Bucket" in result.output
    assert "these changes were not made" in result.output
    assert "can be shown once" in result.output
    buckets = operator.account.client("s3").list_buckets()["Buckets"]
    assert [bucket["Name"] for bucket in buckets] == [STAND_IN_BUCKET]


def test_what_could_not_be_deployed_here() -> None:
    unknown = unknown_kinds(read_template(TEMPLATES.data)) | unknown_kinds(read_template(TEMPLATES.compute))
    assert unknown == {
        "AWS::CloudWatch::Alarm",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::Logs::MetricFilter",
        "AWS::RedshiftServerless::Namespace",
        "AWS::RedshiftServerless::Workgroup",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::Scheduler::Schedule",
        "AWS::Scheduler::ScheduleGroup",
        "AWS::SecretsManager::Secret",
    }


def test_the_buckets_are_there_and_encrypted(deployed: Operator) -> None:
    client = deployed.account.client("s3")
    outputs = deployed.account.outputs("data")
    for bucket in (outputs["DataBucket"], outputs["DocsBucket"]):
        assert client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]


def test_the_log_ends_and_the_task_is_small_and_shut(deployed: Operator) -> None:
    (group,) = deployed.account.client("logs").describe_log_groups()["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == (f"/{NAME}/morning", 90)
    container = deployed.account.container()
    assert container["image"].endswith(f"/{NAME}:{TAG}")
    assert container["readonlyRootFilesystem"] is True
    assert "CARD_HASH_KEY" not in {one["name"] for one in container["environment"]}


def test_the_task_mounts_what_the_image_declares(deployed: Operator, image: Image) -> None:
    mounted = {point["containerPath"] for point in deployed.account.container()["mountPoints"]}
    assert mounted == set(image.volumes)


def test_deploying_again_changes_nothing(deployed: Operator) -> None:
    result = deployed.run("deploy", "--image-tag", TAG)
    assert result.exit_code == 0, result.output
    assert result.output.count("nothing to change") == 2


@dataclass(frozen=True)
class Ran:
    """What a daily run left."""

    process: CompletedProcess[str]
    facts: Mapping[str, Any]
    published: Mapping[str, Any]
    page: bytes
    report: bytes
    export: Mapping[str, Any]
    messages: list[dict[str, str]]
    files_before: set[str]
    files_after: set[str]
    requests: list[S3Request]


@pytest.fixture(scope="module")
def daily_runs(deployed: Operator, image: Image, tmp_path_factory: pytest.TempPathFactory) -> list[Ran]:
    """A good daily run, then one whose new file is cut off in the middle of its archive."""
    made = deployed.account
    bucket = made.outputs("data")["DataBucket"]
    folder = tmp_path_factory.mktemp("files")
    arguments = ["generate", "--lines", "600", "--days", "30", "--out", str(folder)]
    assert CliRunner().invoke(sales_loader, arguments).exit_code == 0
    listener = made.listener()
    client = made.client("s3")
    for path in folder.glob("*.csv"):
        client.upload_file(str(path), bucket, f"landing/{path.name}")
    good = daily_run(made, image, listener)
    whole = gzip.compress((folder / "order_items.csv").read_bytes())
    client.put_object(Bucket=bucket, Key="landing/broken.csv.gz", Body=whole[: len(whole) // 2])
    return [good, daily_run(made, image, listener)]


def daily_run(made: Account, image: Image, listener: Listener) -> Ran:
    """Do what the schedule does: run the image's command with what the task definition gives it."""
    before, asked = image.files(), len(made.warehouse.s3.requests())
    process = image.run(image.command, made.task_environment())
    requests = made.warehouse.s3.requests()[asked:]
    client, docs = made.client("s3"), made.outputs("data")["DocsBucket"]
    return Ran(
        process,
        json.loads(process.stdout.splitlines()[-1]),
        json.loads(client.get_object(Bucket=docs, Key="runs/latest.json")["Body"].read()),
        client.get_object(Bucket=docs, Key="index.html")["Body"].read(),
        client.get_object(Bucket=docs, Key="report.html")["Body"].read(),
        json.loads(client.get_object(Bucket=docs, Key="export/latest.json")["Body"].read()),
        listener.heard(),
        before,
        image.files(),
        requests,
    )


def test_a_good_daily_run_ends_well_and_tells_nobody(daily_runs: list[Ran]) -> None:
    good = daily_runs[0]
    assert good.process.returncode == 0, good.process.stdout[-5000:]
    assert good.messages == []
    assert (good.facts["successes"], good.facts["failures"], good.facts["rejected_share"]) == (1, 0, 0.0)


def test_the_files_are_in_the_warehouse_and_in_the_marts(daily_runs: list[Ran], deployed: Operator) -> None:
    assert daily_runs
    query = deployed.account.warehouse.query
    assert query("select count(*) from raw.order_items") == [(600,)]
    assert query("select count(*) > 0 from marts.customer_lifetime_value") == [(True,)]
    owner = query("select distinct tableowner from pg_tables where schemaname in ('raw', 'marts')")
    assert owner == [(f"IAMR:{NAME}-task",)]


def test_the_docs_page_and_the_summary_are_published(daily_runs: list[Ran]) -> None:
    good = daily_runs[0]
    assert b"customer_lifetime_value" in good.page
    assert good.published["exit_code"] == 0
    assert good.published["summary"]["rows_landed"] > 600
    assert good.published["summary"]["is_published"] is True
    assert good.published["evidence"] is None


def test_report_and_export_are_published_by_each_run(daily_runs: list[Ran], deployed: Operator) -> None:
    docs = deployed.account.outputs("data")["DocsBucket"]
    for ran in daily_runs:
        assert b"<!doctype html>" in ran.report.lower()
        prefix, rows = ran.export["prefix"], ran.export["rows"]
        assert ran.published["summary"]["written"].items() >= {"export": prefix.rstrip("/")}.items()
        assert rows.keys() == KEYS.keys()
        assert rows["fct_orders"] == ran.published["summary"]["rows_of_marts"]["fct_orders"]
        folder = prefix.removeprefix(f"s3://{docs}/")
        listed = deployed.account.client("s3").list_objects_v2(Bucket=docs, Prefix=folder)["Contents"]
        assert {entry["Key"].removeprefix(folder).partition("/")[0] for entry in listed} == rows.keys()
    assert daily_runs[0].export["prefix"] < daily_runs[1].export["prefix"]


def test_a_daily_run_with_a_broken_file_fails_and_says_which(daily_runs: list[Ran]) -> None:
    bad = daily_runs[1]
    assert bad.process.returncode == 1, bad.process.stdout[-5000:]
    assert (bad.facts["successes"], bad.facts["failures"]) == (0, 1)
    (message,) = bad.messages
    assert message["Subject"].endswith("failed")
    assert "broken.csv.gz" in message["Message"]
    assert bad.published["exit_code"] == 1
    assert f"{bad.published['evidence']} (run_results.json)" in message["Message"]


def test_the_broken_file_leaves_the_rest_alone(daily_runs: list[Ran], deployed: Operator) -> None:
    assert daily_runs
    query = deployed.account.warehouse.query
    assert query("select count(*) from raw.order_items") == [(600,)]
    keys = deployed.account.client("s3").list_objects_v2(
        Bucket=deployed.account.outputs("data")["DataBucket"], Prefix="staging/"
    )
    assert keys["KeyCount"] == 0


def test_the_log_holds_what_the_alarms_count(daily_runs: list[Ran]) -> None:
    resources = read_template(TEMPLATES.compute)["Resources"].values()
    filters = [one["Properties"] for one in resources if one["Type"] == "AWS::Logs::MetricFilter"]
    assert len(filters) == 3
    for ran in daily_runs:
        for wanted in filters:
            assert wanted["FilterPattern"] == f'{{ $.event = "{ran.facts["event"]}" }}'
            (counted,) = wanted["MetricTransformations"]
            assert isinstance(ran.facts[counted["MetricValue"].removeprefix("$.")], (int, float))


def test_nothing_is_written_outside_the_volumes(daily_runs: list[Ran]) -> None:
    for ran in daily_runs:
        assert ran.files_after == ran.files_before


def test_no_secret_is_in_the_log_or_in_a_message(daily_runs: list[Ran], deployed: Operator) -> None:
    secrets = {deployed.account.task_environment()["CARD_HASH_KEY"], deployed.account.iam.password}
    for ran in daily_runs:
        for text in (ran.process.stdout, json.dumps(ran.published), json.dumps(ran.messages)):
            assert not [secret for secret in secrets if secret in text]


def test_the_roles_allow_what_a_daily_run_asked_of_s3(daily_runs: list[Ran], deployed: Operator) -> None:
    """Moto lets everybody do everything: the requests are held against the policies of the two roles here."""
    allowed = [
        *granted(deployed.account, f"{NAME}-task", "s3"),
        *granted(deployed.account, f"{NAME}-copy", "s3"),
    ]
    asked = {action_of(request) for ran in daily_runs for request in ran.requests}
    assert {action for action, _ in asked} == {*ACTIONS.values(), "s3:ListBucket"}
    refused = [
        (action, key)
        for action, key in asked
        if not any(action == right and fnmatchcase(key.rstrip("/"), target) for right, target in allowed)
    ]
    assert refused == []


def action_of(request: S3Request) -> tuple[str, str]:
    """The right that a request needs, and on what; a bucket is asked to list, or by POST to delete."""
    is_object = "/" in request.key.rstrip("/")
    if is_object or request.method == "POST":
        return ACTIONS[request.method], request.key if is_object else request.key.rstrip("/") + "/staging/x"
    return "s3:ListBucket", request.key


def test_destroying_leaves_the_data(daily_runs: list[Ran], deployed: Operator) -> None:
    assert daily_runs
    assert "Nothing was deleted" in deployed.run("destroy", "--dry-run").output
    result = deployed.run("destroy", "--yes")
    assert result.exit_code == 0, result.output
    assert "nothing to delete" in deployed.run("destroy", "--yes").output
    listed = deployed.account.client("s3").list_objects_v2(
        Bucket=deployed.account.outputs("data")["DataBucket"], Prefix="landing/"
    )
    assert listed["KeyCount"] == 4
