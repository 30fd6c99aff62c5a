"""The templates are clean, and each rule finds what breaks it."""

import subprocess
import sys
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from textwrap import dedent, indent
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deployment.rules import check_template, read_template, statements
from sales_loader.sources.s3 import parse_location
from sales_pipeline.scheduled.notifications import publish_evidence, publish_page, publish_summary
from sales_pipeline.scheduled.scheduled_run import PAGES

DEPLOY = Path(__file__).parents[3] / "deploy"
TEMPLATES = [DEPLOY / "data.yml", DEPLOY / "compute.yml"]

BUCKET = """\
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketEncryption: {}
      LifecycleConfiguration: {}
      VersioningConfiguration: {Status: Enabled}
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
"""
TLS = """\
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Thing
      PolicyDocument:
        Statement:
          - {Effect: Deny, Principal: "*", Action: s3:*, Condition: {Bool: {aws:SecureTransport: "false"}}}
"""


def template(folder: Path, **resources: str) -> Path:
    """A template file of some resources, each given as the text below its name."""
    path = folder / "template.yml"
    path.write_text("Resources:\n" + "".join(f"  {name}:\n{text}" for name, text in resources.items()))
    return path


def role(statement: str) -> str:
    """A role whose policy is one statement."""
    policy = indent(dedent(statement).strip(), " " * 14).lstrip()
    return f"""\
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: one
          PolicyDocument:
            Statement:
            - {policy}
"""


def messages(path: Path) -> list[str]:
    return [finding.message for finding in check_template(path)]


def test_cfn_lint_has_nothing_to_say() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), *map(str, TEMPLATES)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_the_templates_hold_to_every_rule(path: Path) -> None:
    assert [str(finding) for finding in check_template(path)] == []


def test_every_role_has_statements_that_the_rules_see() -> None:
    """A walk that finds nothing would find nothing wrong either."""
    seen = {
        name: sum(1 for _ in statements(resource["Properties"]))
        for path in TEMPLATES
        for name, resource in read_template(path)["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    # Each has one statement more than it grants: who may take it.
    assert seen == {"CopyRole": 7, "ExecutionRole": 5, "TaskRole": 12, "SchedulerRole": 4}


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("{Effect: Allow, Action: s3:*, Resource: !GetAtt B.Arn}", "the action s3:* has a wildcard"),
        ("{Effect: Allow, Action: [s3:Get*], Resource: !GetAtt B.Arn}", "the action s3:Get* has a wildcard"),
        ("{Effect: Allow, Action: '*', Resource: !GetAtt B.Arn}", "the action * has a wildcard"),
        ("{Effect: Allow, Action: s3:GetObject, Resource: '*'}", "s3:GetObject may be used on everything"),
        (
            "{Effect: Allow, Action: sns:Publish, Resource: !Sub 'arn:aws:sns:${R}:${A}:*'}",
            "leaves open what",
        ),
        ("{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${B.Arn}/*'}", "leaves open what it is"),
        (
            "{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::*/landing/*'}",
            "leaves open what it is",
        ),
        (
            "{Effect: Allow, Action: ecr:BatchGetImage, Resource: 'arn:aws:ecr:r:1:repository/*'}",
            "leaves open",
        ),
        (
            "{Effect: Allow, Action: [ecr:GetAuthorizationToken, s3:GetObject], Resource: '*'}",
            "s3:GetObject may",
        ),
        ("{Effect: Allow, Action: s3:GetObject}", "on no resource"),
        ("{Effect: Allow, NotAction: s3:GetObject, Resource: !GetAtt B.Arn}", "allows all but something"),
        (
            "{Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: !GetAtt B.Arn}",
            "anybody is allowed",
        ),
        ("{Effect: Allow, Principal: {AWS: ['*']}, Action: s3:GetObject, Resource: x}", "anybody is allowed"),
        ("!If [C, {Effect: Allow, Action: s3:*, Resource: x}, !Ref AWS::NoValue]", "the action s3:* has"),
    ],
)
def test_a_wide_policy_is_found(tmp_path: Path, statement: str, complaint: str) -> None:
    assert any(complaint in message for message in messages(template(tmp_path, Thing=role(statement))))


@pytest.mark.parametrize(
    "statement",
    [
        "{Effect: Allow, Action: ecr:GetAuthorizationToken, Resource: '*'}",
        "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${B.Arn}/landing/*'}",
        "{Effect: Allow, Action: s3:GetObject, Resource: !Sub 'arn:${P}:s3:::${B}/landing/*'}",
        "{Effect: Allow, Action: logs:PutLogEvents, Resource: 'arn:a:logs:r:1:log-group:g:log-stream:*'}",
        "{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}",
        "{Effect: Deny, Principal: '*', Action: s3:*, Resource: '*'}",
    ],
)
def test_a_narrow_policy_passes(tmp_path: Path, statement: str) -> None:
    assert messages(template(tmp_path, Thing=role(statement))) == []


@pytest.mark.parametrize(
    ("line", "other", "complaint"),
    [
        ("      BucketEncryption: {}\n", "", "not encrypted"),
        ("BlockPublicPolicy: true", "BlockPublicPolicy: false", "may be made public; set BlockPublicPolicy"),
        ("Status: Enabled", "Status: Suspended", "a replaced object is lost"),
        ("      LifecycleConfiguration: {}\n", "", "old versions are kept for ever"),
        ("    DeletionPolicy: Retain\n", "", "set DeletionPolicy to Retain"),
        ("    UpdateReplacePolicy: Retain\n", "", "set UpdateReplacePolicy to Retain"),
    ],
)
def test_an_open_bucket_is_found(tmp_path: Path, line: str, other: str, complaint: str) -> None:
    assert messages(template(tmp_path, Thing=BUCKET, Policy=TLS)) == []
    assert line in BUCKET
    (message,) = messages(template(tmp_path, Thing=BUCKET.replace(line, other), Policy=TLS))
    assert complaint in message


def test_a_bucket_that_may_be_used_without_tls_is_found(tmp_path: Path) -> None:
    (message,) = messages(template(tmp_path, Thing=BUCKET))
    assert "without TLS" in message


def test_a_log_group_without_retention_is_found(tmp_path: Path) -> None:
    (message,) = messages(template(tmp_path, Thing="    Type: AWS::Logs::LogGroup\n"))
    assert "set RetentionInDays" in message


@pytest.mark.parametrize(
    "kind", ["SecretsManager::Secret", "ECR::Repository", "RedshiftServerless::Namespace"]
)
def test_data_that_would_be_deleted_is_found(tmp_path: Path, kind: str) -> None:
    found = messages(template(tmp_path, Thing=f"    Type: AWS::{kind}\n"))
    assert len([message for message in found if "to Retain" in message]) == 2


def test_a_written_password_is_found(tmp_path: Path) -> None:
    text = "    Type: AWS::SecretsManager::Secret\n    Properties: {SecretString: x}\n"
    assert any("is given SecretString" in message for message in messages(template(tmp_path, Thing=text)))


@pytest.mark.parametrize(
    ("key", "is_found"),
    [("", True), ("alias/aws/sns", True), ("!GetAtt Key.Arn", False), ("!Ref Key", False)],
)
def test_a_topic_that_alarms_cannot_publish_to_encrypted_is_found(
    tmp_path: Path, key: str, is_found: bool
) -> None:
    text = "    Type: AWS::SNS::Topic\n" + (f"    Properties: {{KmsMasterKeyId: {key}}}\n" if key else "")
    assert bool(messages(template(tmp_path, Thing=text))) is is_found


def test_audit_logs_that_are_missing_are_named(tmp_path: Path) -> None:
    text = "    Type: AWS::RedshiftServerless::Namespace\n    Properties: {LogExports: [userlog]}\n"
    found = messages(template(tmp_path, Thing=text))
    assert any("add connectionlog, useractivitylog to LogExports" in message for message in found)


def test_whoever_publishes_may_use_the_key_of_the_topic() -> None:
    resources = read_template(DEPLOY / "compute.yml")["Resources"]
    key = resources["TopicKey"]["Properties"]["KeyPolicy"]
    users = {
        service
        for statement in statements(key)
        if {"kms:Decrypt", "kms:GenerateDataKey"} <= set(statement["Action"])
        for service in statement["Principal"].get("Service", [])
    }
    publishers = {
        statement["Principal"]["Service"]
        for statement in statements(resources["TopicPolicy"]["Properties"])
        if statement["Effect"] == "Allow"
    }
    assert users == publishers


def test_the_task_may_write_all_that_a_run_publishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    client: Any = SimpleNamespace(put_object=lambda **put: written.append(put["Key"]))
    page, docs, begun = (
        tmp_path / "page.html",
        parse_location("s3://docs"),
        datetime(2026, 6, 1, 6, tzinfo=UTC),
    )
    page.touch()
    monkeypatch.chdir(tmp_path)
    for name in PAGES:
        publish_page(client, docs.below(name), page)
    summary = publish_summary(client, docs, begun, {})
    evidence = publish_evidence(client, docs, begun, {"run_results.json": "{}", "a_key.sql": "select 1"})
    assert f"{evidence}" == f"{str(summary).removesuffix('.json')}/"
    assert len(written) == 6
    task = read_template(DEPLOY / "compute.yml")["Resources"]["TaskRole"]["Properties"]
    targets = [
        target["Fn::Sub"].rpartition("${DocsBucket}/")[2]
        for statement in statements(task)
        if "s3:PutObject" in statement["Action"] and isinstance(statement["Resource"], list)
        for target in statement["Resource"]
    ]
    assert sorted(targets) == ["index.html", "report.html", "runs/*"]
    assert [key for key in written if not any(fnmatchcase(key, target) for target in targets)] == []


def test_files_below_landing_end_unless_they_are_to_stay() -> None:
    template = read_template(DEPLOY / "data.yml")
    rules = template["Resources"]["DataBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (ends,) = [rule["Fn::If"] for rule in rules if "Fn::If" in rule]
    assert ends[0] == "LandingEnds"
    assert (ends[1]["Prefix"], ends[1]["ExpirationInDays"]) == ("landing/", {"Ref": "LandingDays"})
    assert ends[2] == {"Ref": "AWS::NoValue"}
    to_stay = {"Fn::Equals": [{"Ref": "LandingDays"}, 0]}
    assert template["Conditions"]["LandingEnds"] == {"Fn::Not": [to_stay]}


@pytest.mark.parametrize(
    ("stop", "is_told"),
    [
        ({"stopCode": "TaskFailedToStart", "containers": [{}]}, True),
        *(
            ({"stopCode": "EssentialContainerExited", "containers": [{"exitCode": code}]}, is_told)
            for code, is_told in {0: False, 1: True, 2: True, 3: False, 137: True, 143: True}.items()
        ),
    ],
)
def test_a_task_that_failed_is_told_at_once(stop: dict[str, object], is_told: bool) -> None:
    """Whether it could print its last line or not: without that line, no alarm counts a failure."""
    detail = read_template(DEPLOY / "compute.yml")["Resources"]["LostTask"]["Properties"]["EventPattern"][
        "detail"
    ]
    not_started, ended = detail["$or"]
    (code,) = ended["containers"]["exitCode"]
    containers = cast(list[dict[str, int]], stop["containers"])
    failed = [one for one in containers if one.get("exitCode", 0) not in code["anything-but"]]
    assert (stop["stopCode"] in not_started["stopCode"] or bool(failed)) is is_told
