"""The operator's settings: the parameters of both stacks, in one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deployment.rules import read_template
from sales_loader.errors import UsageError

_DAILY_RPU_HOURS = "DailyRpuHours"  # CloudFormation has no resource for it
# What one stack passes to the other, and what a command finds out.
_FOUND_OUT = frozenset(
    {"CardHashKeyArn", "CopyRoleArn", "DataBucket", "DocsBucket", "ImageTag", "RepositoryName"}
)


@dataclass(frozen=True)
class Templates:
    """The templates of the two stacks, in the order of their deployment."""

    data: Path
    compute: Path

    @classmethod
    def below(cls, folder: Path) -> "Templates":
        """The templates in a folder."""
        return cls(folder / "data.yml", folder / "compute.yml")


@dataclass(frozen=True)
class Settings:
    """The content of the settings file.

    Attributes:
        deployment: name that everything begins with.
        values: parameters of the templates by name, as text.
        daily_rpu_hours: most processing-unit hours of Redshift Serverless a day; None for no limit.
    """

    deployment: str
    values: Mapping[str, str]
    daily_rpu_hours: int | None

    @property
    def existing_cluster(self) -> str:
        """Identifier of a provisioned cluster, or empty for Redshift Serverless."""
        return self.values.get("ExistingCluster", "")

    @property
    def database(self) -> str:
        """Name of the database."""
        return self.values.get("Database", "sales")

    @property
    def data_stack(self) -> str:
        """Name of the stack that outlives the others."""
        return f"{self.deployment}-data"

    @property
    def compute_stack(self) -> str:
        """Name of the stack that may be deleted and made again."""
        return f"{self.deployment}-compute"

    def parameters(self, template: Path, found_out: Mapping[str, str]) -> dict[str, str]:
        """Parameters of a template that are known.

        Args:
            template: the template.
            found_out: what is not chosen but known from elsewhere; the rest of it is left out.
        """
        known = {**self.values, **found_out}
        return {name: known[name] for name in read_template(template)["Parameters"] if name in known}


def read_settings(path: Path, templates: Templates) -> Settings:
    """The settings in a file.

    Raises:
        UsageError: the file is not there or not YAML, or names what no template knows, or lacks something.
    """
    if not path.exists():
        raise UsageError(f"{path} is not there. Copy deploy/settings.example.yml to it and fill it in.")
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {error}.") from None
    if not isinstance(given, dict):
        raise UsageError(f"{path} must hold a mapping of parameters, as deploy/settings.example.yml does.")
    hours = given.pop(_DAILY_RPU_HOURS, None)
    known = _parameters(templates)
    _refuse(path, set(given) - set(known), "names what no template knows")
    needed = {name for name, parameter in known.items() if "Default" not in parameter}
    _refuse(path, needed - set(given) - _FOUND_OUT, "lacks")
    _refuse(path, set(given) & _FOUND_OUT, "must leave to the command")
    if hours is not None and not (isinstance(hours, int) and hours > 0):
        raise UsageError(f"{path}: {_DAILY_RPU_HOURS} is {hours!r}; expected a whole number above 0.")
    values = {name: _text(value) for name, value in given.items()}
    return Settings(values.get("Deployment", str(known["Deployment"]["Default"])), values, hours)


def _parameters(templates: Templates) -> dict[str, Mapping[str, Any]]:
    return {
        name: parameter
        for template in (templates.data, templates.compute)
        for name, parameter in read_template(template)["Parameters"].items()
    }


def _refuse(path: Path, names: set[str], fault: str) -> None:
    if names:
        raise UsageError(f"{path} {fault}: {', '.join(sorted(names))}. See deploy/settings.example.yml.")


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value)
