"""Whoever deploys into a made-up account, and what the roles may do that were made there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from deployment.__main__ import main
from deployment.rules import statements

from .account import Account, account

TAG = "0123456789ab"


@dataclass(frozen=True)
class Operator:
    """Who deploys into the account, with settings of their own."""

    account: Account
    settings: Path

    def run(self, *arguments: str) -> Result:
        """Run ``python -m deployment``."""
        options = ["--settings", str(self.settings), "--templates", str(self.account.templates.data.parent)]
        return CliRunner().invoke(main, [*options, *arguments], env=self.account.environment)


@contextmanager
def operating(folder: Path, **chosen: object) -> Iterator[Operator]:
    """An account with nothing in it yet.

    Args:
        folder: for the templates and the settings.
        chosen: settings beside those that every deployment needs.
    """
    with pytest.MonkeyPatch.context() as monkeypatch, account(folder) as made:
        settings = folder / "settings.yml"
        needed = {**made.network(), "AlertEmail": "operator@example.com"}
        settings.write_text(yaml.safe_dump({**needed, **chosen}), encoding="utf-8")
        # The image is there already; moto protects no stack, and has neither the database nor its limits.
        monkeypatch.setattr("deployment.stacks.Stacks.protect", lambda *_: None)
        monkeypatch.setattr("deployment.image.is_pushed", lambda *_: True)
        monkeypatch.setattr("deployment.__main__._open_database", lambda *_: None)
        yield Operator(made, settings)


def granted(made: Account, role: str, service: str) -> list[tuple[str, str]]:
    """Actions of a service that a role may take, each with what on: a bucket, bucket and key, or an ARN."""
    client = made.client("iam")
    (name,) = client.list_role_policies(RoleName=role)["PolicyNames"]
    text = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    # moto tells what CloudFormation made as Python writes it, which is YAML too
    return [
        (action, target.rpartition(":::")[2])
        for statement in statements(yaml.safe_load(text))
        for action in _listed(statement["Action"])
        for target in _listed(statement["Resource"])
        if action.startswith(f"{service}:")
    ]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
