"""CloudFormation stacks: showing what would change, changing, deleting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, WaiterError

from sales_loader.errors import LoaderError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudformation.type_defs import StackTypeDef, WaiterConfigTypeDef

_POLL: "WaiterConfigTypeDef" = {"Delay": 5, "MaxAttempts": 720}  # an hour: a workgroup takes minutes
_NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")
_NOT_YET_MADE = "REVIEW_IN_PROGRESS"  # status of a stack that consists of a change set only
_NEVER_MADE = "ROLLBACK_COMPLETE"


@dataclass(frozen=True)
class Change:
    """One thing that a change set does to one resource.

    Attributes:
        action: ``Add``, ``Modify``, ``Remove`` and so on.
        kind: type of the resource.
        name: its name in the template.
        replacement: whether it is replaced: ``True``, ``False``, ``Conditional`` or empty.
    """

    action: str
    kind: str
    name: str
    replacement: str

    def __str__(self) -> str:
        replaced = {"True": ", replaced", "Conditional": ", perhaps replaced"}.get(self.replacement, "")
        return f"{self.action:<7} {self.kind:<38} {self.name}{replaced}"


class Stacks:
    """Stacks of one account and region.

    Args:
        client: of CloudFormation.
        say: called with each line that the operator should read.
    """

    def __init__(self, client: "CloudFormationClient", say: Callable[[str], None]) -> None:
        self._client = client
        self._say = say

    def outputs(self, name: str) -> dict[str, str] | None:
        """Outputs of a stack by name; None when there is no such stack yet."""
        stack = self._find(name)
        if stack is None or stack["StackStatus"] == _NOT_YET_MADE:
            return None
        return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}

    def change(
        self, name: str, template: Path, parameters: Mapping[str, str], *, dry_run: bool
    ) -> list[Change]:
        """Create or update a stack from its template; returns what changes.

        Args:
            name: name of the stack.
            template: its template.
            parameters: its parameters; those left out take the template's defaults.
            dry_run: change nothing.

        Raises:
            LoaderError: CloudFormation refuses, or something could not be made; what was done is taken back.
        """
        self._clear_away(name)
        is_new = self.outputs(name) is None
        change_set = f"change-{int(time())}"
        self._client.create_change_set(
            StackName=name,
            ChangeSetName=change_set,
            ChangeSetType="CREATE" if is_new else "UPDATE",
            TemplateBody=template.read_text(encoding="utf-8"),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        changes = self._await_changes(name, change_set)
        for change in changes:
            self._say(f"  {name}: {change}")
        if dry_run or not changes:
            self._say(f"  {name}: {'these changes were not made' if changes else 'nothing to change'}")
            self._forget(name, change_set, is_new=is_new)
            return changes
        self._client.execute_change_set(StackName=name, ChangeSetName=change_set)
        self._await_stack(name, "stack_create_complete" if is_new else "stack_update_complete")
        return changes

    def protect(self, name: str) -> None:
        """Keep a stack from being deleted by a mistaken command."""
        self._client.update_termination_protection(StackName=name, EnableTerminationProtection=True)

    def delete(self, name: str) -> None:
        """Delete a stack; what its template says to retain stays.

        Raises:
            LoaderError: something could not be deleted.
        """
        self._client.delete_stack(StackName=name)
        self._await_stack(name, "stack_delete_complete")

    def _clear_away(self, name: str) -> None:
        """Remove a stack that could not be created; it is empty and cannot be updated."""
        stack = self._find(name)
        if stack is not None and stack["StackStatus"] == _NEVER_MADE:
            self._say(f"  {name}: removing what is left of an attempt that failed")
            self.delete(name)

    def _find(self, name: str) -> "StackTypeDef | None":
        try:
            return self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def _await_changes(self, name: str, change_set: str) -> list[Change]:
        waiter = self._client.get_waiter("change_set_create_complete")
        try:
            waiter.wait(StackName=name, ChangeSetName=change_set, WaiterConfig=_POLL)
        except WaiterError:
            found = self._client.describe_change_set(StackName=name, ChangeSetName=change_set)
            reason = found.get("StatusReason", "")
            if any(text in reason for text in _NOTHING_TO_DO):
                return []
            raise LoaderError(f"CloudFormation cannot change {name}: {reason}") from None
        pages = self._client.get_paginator("describe_change_set").paginate(
            StackName=name, ChangeSetName=change_set
        )
        return [
            Change(
                change.get("Action", ""),
                change.get("ResourceType", ""),
                change.get("LogicalResourceId", ""),
                change.get("Replacement", ""),
            )
            for page in pages
            for entry in page["Changes"]
            for change in [entry.get("ResourceChange", {})]
        ]

    def _forget(self, name: str, change_set: str, *, is_new: bool) -> None:
        if is_new:
            self._client.delete_stack(StackName=name)  # it has nothing but the change set
        else:
            self._client.delete_change_set(StackName=name, ChangeSetName=change_set)

    def _await_stack(self, name: str, state: str) -> None:
        try:
            self._client.get_waiter(state).wait(StackName=name, WaiterConfig=_POLL)  # type: ignore[call-overload]
        except WaiterError:
            events = self._client.describe_stack_events(StackName=name)["StackEvents"]
            reasons = [
                f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', 'no reason given')}"
                for event in events
                if event.get("ResourceStatus", "").endswith("_FAILED")
            ]
            # The newest event comes first, the cause last.
            raise LoaderError(
                f"The stack {name} could not be brought to what its template says. The cause: "
                f"{reasons[-1] if reasons else 'see its events'}."
            ) from None
