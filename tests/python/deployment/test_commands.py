"""The operator's command: what it needs to be told, what it does, and what it says when it cannot."""

import base64
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from botocore.exceptions import ClientError, WaiterError
from click.testing import CliRunner

from deployment import database, image, tasks
from deployment.__main__ import main
from deployment.settings import Settings, Templates, read_settings
from deployment.stacks import Stacks
from sales_loader.errors import LoaderError, UsageError

from .image import PROJECT

TEMPLATES = Templates.below(PROJECT / "deploy")
GIVEN = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1", "subnet-2"], "AlertEmail": "a@b.c"}
OUTPUTS = {"ClusterName": "c", "TaskDefinitionArn": "t:1", "TaskSecurityGroup": "sg-1"}


def settings(folder: Path, **changes: object) -> Settings:
    path = folder / "settings.yml"
    chosen = {name: value for name, value in {**GIVEN, **changes}.items() if value is not None}
    path.write_text(yaml.safe_dump(chosen), encoding="utf-8")
    return read_settings(path, TEMPLATES)


class Calls:
    """A client that answers what a test says and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.made: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            self.made.append((name, parameters))
            answer = self._answers.get(name, {})
            return answer(parameters) if callable(answer) else answer

        return call

    def of(self, name: str) -> list[dict[str, Any]]:
        """Parameters of the calls of a name."""
        return [parameters for made, parameters in self.made if made == name]


# Settings


def test_the_example_is_complete() -> None:
    read = read_settings(PROJECT / "deploy" / "settings.example.yml", TEMPLATES)
    assert (read.deployment, read.daily_rpu_hours, read.existing_cluster) == ("franchise-sales", 20, "")


def test_a_template_gets_its_own_parameters_only(tmp_path: Path) -> None:
    read = settings(tmp_path, OldVersionDays=30)
    assert read.parameters(TEMPLATES.data, {}) == {"OldVersionDays": "30"}
    found = {"DataBucket": "b", "CopyRoleArn": "r", "Unknown": "x"}
    assert read.parameters(TEMPLATES.compute, found) == {
        "DataBucket": "b",
        "CopyRoleArn": "r",
        "VpcId": "vpc-1",
        "SubnetIds": "subnet-1,subnet-2",
        "AlertEmail": "a@b.c",
    }


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"VpcID": "vpc-1"}, "names what no template knows: VpcID"),
        ({"VpcId": None, "AlertEmail": None}, "lacks: AlertEmail, VpcId"),
        ({"DataBucket": "b"}, "must leave to the command: DataBucket"),
        ({"DailyRpuHours": "many"}, "expected a whole number above 0"),
        ({"DailyRpuHours": 0}, "expected a whole number above 0"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        settings(tmp_path, **changes)


@pytest.mark.parametrize(("text", "complaint"), [("a: [", "is not YAML"), ("- a", "must hold a mapping")])
def test_a_file_that_is_no_settings_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "settings.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=complaint):
        read_settings(path, TEMPLATES)


def test_without_settings_the_example_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--settings", str(tmp_path / "none.yml"), "deploy"])
    assert (result.exit_code, "Copy deploy/settings.example.yml" in result.output) == (2, True)


@pytest.mark.parametrize("target", ["deploy", "run-scheduled", "destroy"])
def test_make_asks_for_settings_before_it_installs_anything(tmp_path: Path, target: str) -> None:
    shutil.copy(PROJECT / "Makefile", tmp_path)
    command = ["make", "--no-print-directory", target, "DRY_RUN=1"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("deploy/settings.yml is not there. Copy deploy/settings.example.yml to it")
    assert [path.name for path in tmp_path.iterdir()] == ["Makefile"]


@pytest.mark.parametrize("command", ["deploy", "check", "destroy", "run"])
def test_every_command_has_an_example(command: str) -> None:
    shown = CliRunner().invoke(main, [command, "--help"]).output
    assert f"python -m deployment {command}" in shown


# Stacks


def test_nothing_to_change_is_no_failure() -> None:
    said: list[str] = []
    client = _changing("The submitted information didn't contain changes.")
    changes = Stacks(cast(Any, client), said.append).change("s", TEMPLATES.data, {}, dry_run=False)
    assert changes == []
    assert said == ["  s: nothing to change"]
    assert client.of("delete_change_set")
    assert not client.of("execute_change_set")


def test_a_refused_change_is_told() -> None:
    client = _changing("Parameter VpcId does not exist")
    with pytest.raises(LoaderError, match="cannot change s: Parameter VpcId does not exist"):
        Stacks(cast(Any, client), print).change("s", TEMPLATES.data, {}, dry_run=False)


def test_the_first_failure_of_a_stack_is_told_as_its_cause() -> None:
    events = [
        {
            "LogicalResourceId": "Schedule",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": "cancelled",
        },
        {
            "LogicalResourceId": "Workgroup",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": "no subnet",
        },
        {"LogicalResourceId": "Topic", "ResourceStatus": "CREATE_COMPLETE"},
    ]
    client = _waiting_in_vain(describe_stack_events={"StackEvents": events})
    with pytest.raises(LoaderError, match="Workgroup: no subnet"):
        Stacks(cast(Any, client), print).delete("s")


def test_a_stack_that_could_never_be_made_is_made_anew() -> None:
    states = iter(["ROLLBACK_COMPLETE"])

    def describe(_: object) -> dict[str, Any]:
        state = next(states, None)
        if state is None:
            answer = {"Error": {"Code": "ValidationError", "Message": "Stack with id s does not exist"}}
            raise ClientError(cast(Any, answer), "DescribeStacks")
        return {"Stacks": [{"StackStatus": state}]}

    client = Calls(describe_stacks=describe)
    client.__dict__["get_waiter"] = lambda _: SimpleNamespace(wait=lambda **_: None)
    client.__dict__["get_paginator"] = lambda _: SimpleNamespace(paginate=lambda **_: [{"Changes": []}])
    Stacks(cast(Any, client), print).change("s", TEMPLATES.data, {}, dry_run=False)
    assert client.of("delete_stack")[0] == {"StackName": "s"}
    assert client.of("create_change_set")[0]["ChangeSetType"] == "CREATE"


def _changing(reason: str) -> Calls:
    return _waiting_in_vain(
        describe_stacks={"Stacks": [{"StackStatus": "UPDATE_COMPLETE"}]},
        describe_change_set={"StatusReason": reason},
    )


def _waiting_in_vain(**answers: Any) -> Calls:
    def fail(**_: object) -> None:
        raise WaiterError("state", "failed", {})

    client = Calls(**answers)
    client.__dict__["get_waiter"] = lambda _: SimpleNamespace(wait=fail)
    return client


# Database


def test_each_step_is_taken_once() -> None:
    there: set[str] = set()
    client = Calls(
        execute_statement=lambda asked: {"Id": asked["Sql"]},
        describe_statement=lambda asked: {
            "Status": "FINISHED",
            "ResultRows": int(_is_there(asked["Id"], there)),
        },
    )
    administrator = database.Administrator(cast(Any, client), cast(Any, _serverless()), "n", "sales")
    administrator.prepare("n-task")
    first = [asked["Sql"] for asked in client.of("execute_statement")]
    assert 'create user "IAMR:n-task" password disable' in first
    assert {asked["SecretArn"] for asked in client.of("execute_statement")} == {"the secret"}
    there |= {"pg_user", "svv_roles"}
    client.made.clear()
    administrator.prepare("n-task")
    again = [asked["Sql"] for asked in client.of("execute_statement")]
    assert not [statement for statement in again if statement.startswith(("create user", "create role"))]


def _is_there(statement: str, there: set[str]) -> bool:
    return any(f"from {name}" in statement for name in there)


def test_a_refused_statement_is_told_after_waiting_for_it() -> None:
    answers = iter(["SUBMITTED", "STARTED", "FAILED"])
    waited: list[float] = []
    client = Calls(
        execute_statement={"Id": "1"},
        describe_statement=lambda _: {"Status": next(answers), "Error": "permission denied"},
    )
    administrator = database.Administrator(
        cast(Any, client), cast(Any, _serverless()), "n", "sales", waited.append
    )
    with pytest.raises(LoaderError, match="permission denied"):
        administrator.prepare("n-task")
    assert len(waited) == 2


@pytest.mark.parametrize("there", [[], [{"usageLimitId": "1", "period": "daily"}]])
def test_the_limit_is_made_or_changed(there: list[dict[str, str]]) -> None:
    serverless = _serverless(list_usage_limits={"usageLimits": there})
    database.Administrator(cast(Any, Calls()), cast(Any, serverless), "n", "sales").limit(20)
    (asked,) = serverless.of("update_usage_limit" if there else "create_usage_limit")
    assert (asked["amount"], asked["breachAction"]) == (20, "deactivate")


def test_without_a_limit_nothing_is_asked() -> None:
    serverless = _serverless()
    database.Administrator(cast(Any, Calls()), cast(Any, serverless), "n", "sales").limit(None)
    assert serverless.made == []


def test_the_sql_for_an_administrator_ends_each_statement() -> None:
    lines = database.script("n-task", "sales").splitlines()
    assert len(lines) == len(list(database.steps("n-task", "sales")))
    assert all(line.endswith(";") for line in lines)


def _serverless(**more: Any) -> Calls:
    return Calls(
        get_namespace={"namespace": {"adminPasswordSecretArn": "the secret"}},
        get_workgroup={"workgroup": {"workgroupArn": "the workgroup"}},
        **more,
    )


# Image


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker that writes down how it was called, and what it read."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    log = tmp_path / "docker.log"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\n[ "$1" = login ] && cat >> {log}\nexit 0\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return log


def registry() -> Calls:
    token = base64.b64encode(b"AWS:the password").decode()
    return Calls(
        describe_repositories={"repositories": [{"repositoryUri": "1.dkr.example/n"}]},
        get_authorization_token={
            "authorizationData": [{"authorizationToken": token, "proxyEndpoint": "https://1.dkr.example"}]
        },
    )


def test_an_image_is_built_and_pushed_and_the_password_is_no_argument(tmp_path: Path, docker: Path) -> None:
    image.build_and_push(cast(Any, registry()), "n", "abc", tmp_path, print)
    build, login, *rest = docker.read_text(encoding="utf-8").splitlines()
    assert build == "build --platform linux/amd64 --file deploy/Dockerfile --tag 1.dkr.example/n:abc ."
    assert login == "login --username AWS --password-stdin https://1.dkr.example"
    assert "".join(rest) == "the passwordpush --quiet 1.dkr.example/n:abc"


def test_without_docker_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LoaderError, match="docker is not installed"):
        image.build_and_push(cast(Any, registry()), "n", "abc", tmp_path, print)


def test_the_tag_is_the_commit_and_needs_one(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init")
    (tmp_path / "file").write_text("1")
    git("add", "file")
    with pytest.raises(LoaderError, match="not committed"):
        image.tag_of_commit(tmp_path)
    git("commit", "-m", "one")
    assert git("rev-parse", "HEAD").startswith(image.tag_of_commit(tmp_path))
    assert len(image.tag_of_commit(tmp_path)) == 12


# Tasks


def test_a_task_runs_where_the_schedule_runs_it(tmp_path: Path) -> None:
    client = Calls(list_tasks={"taskArns": []}, run_task={"failures": [], "tasks": [{"taskArn": "task/1"}]})
    chosen = settings(tmp_path, AssignPublicIp="ENABLED")
    assert tasks.start(cast(Any, client), chosen, OUTPUTS, ["sales-loader", "status"]) == "task/1"
    (asked,) = client.of("run_task")
    assert asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "ENABLED",
    }
    assert asked["overrides"] == {
        "containerOverrides": [{"name": "morning", "command": ["sales-loader", "status"]}]
    }


def test_a_second_task_is_not_started(tmp_path: Path) -> None:
    client = Calls(list_tasks={"taskArns": ["task/0"]})
    with pytest.raises(LoaderError, match="task/0 is running"):
        tasks.start(cast(Any, client), settings(tmp_path), OUTPUTS, [])
    assert not client.of("run_task")


def test_a_task_that_cannot_start_is_told(tmp_path: Path) -> None:
    client = Calls(list_tasks={"taskArns": []}, run_task={"failures": [{"reason": "no room"}], "tasks": []})
    with pytest.raises(LoaderError, match="could not be started: no room"):
        tasks.start(cast(Any, client), settings(tmp_path), OUTPUTS, [])


@pytest.mark.parametrize(("container", "code"), [({"exitCode": 3}, 3), ({}, 1)])
def test_the_end_of_a_task_is_its_exit_code(container: dict[str, int], code: int) -> None:
    states = iter(["PENDING", "RUNNING", "STOPPED"])
    client = Calls(
        describe_tasks=lambda _: {
            "tasks": [{"lastStatus": next(states), "containers": [container], "stoppedReason": "over"}]
        }
    )
    assert tasks.await_end(cast(Any, client), "c", "task/1", lambda _: None) == (code, "over")


def test_what_aws_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks")

    settings(tmp_path)
    monkeypatch.setattr("boto3.client", refuse)
    result = CliRunner().invoke(main, ["--settings", str(tmp_path / "settings.yml"), "destroy"])
    assert result.exit_code == 1
    assert "AccessDenied" in result.output
    assert "Traceback" not in result.output
