"""Starts the task outside its schedule, with the daily run or another command."""

from collections.abc import Callable, Mapping, Sequence
from time import sleep
from typing import TYPE_CHECKING

from deployment.settings import Settings
from sales_loader.errors import LoaderError

if TYPE_CHECKING:
    from types_boto3_ecs import ECSClient
    from types_boto3_ecs.type_defs import TaskOverrideTypeDef

CONTAINER = "morning"
_POLL_SECONDS = 10.0
_LOST = 1


def start(client: "ECSClient", settings: Settings, outputs: Mapping[str, str], command: Sequence[str]) -> str:
    """Start the task; returns its ARN.

    Args:
        client: client of ECS.
        settings: where it runs.
        outputs: outputs of the compute stack.
        command: what to run in place of the daily run; empty for the daily run.

    Raises:
        LoaderError: another one is running, or ECS cannot start it.
    """
    cluster = outputs["ClusterName"]
    if running := client.list_tasks(cluster=cluster, desiredStatus="RUNNING")["taskArns"]:
        raise LoaderError(
            f"{running[0]} is running: two at once would build the same tables. Wait for its end."
        )
    overrides: TaskOverrideTypeDef = (
        {"containerOverrides": [{"name": CONTAINER, "command": list(command)}]} if command else {}
    )
    started = client.run_task(
        cluster=cluster,
        taskDefinition=outputs["TaskDefinitionArn"],
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": settings.values["SubnetIds"].split(","),
                "securityGroups": [outputs["TaskSecurityGroup"]],
                "assignPublicIp": "ENABLED"
                if settings.values.get("AssignPublicIp") == "ENABLED"
                else "DISABLED",
            }
        },
        overrides=overrides,
    )
    if started["failures"]:
        reasons = ", ".join(failure.get("reason", "no reason given") for failure in started["failures"])
        raise LoaderError(f"The task could not be started: {reasons}. Run the same command again.")
    return started["tasks"][0]["taskArn"]


def await_end(
    client: "ECSClient", cluster: str, task: str, pause: Callable[[float], None] = sleep
) -> tuple[int, str]:
    """Wait until a task has ended; returns its exit code, 1 if it has none, and why it stopped."""
    while True:
        found = client.describe_tasks(cluster=cluster, tasks=[task])["tasks"][0]
        if found["lastStatus"] == "STOPPED":
            codes = [container.get("exitCode", _LOST) for container in found["containers"]]
            return codes[0] if codes else _LOST, found.get("stoppedReason", "")
        pause(_POLL_SECONDS)
