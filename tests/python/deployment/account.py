"""An AWS account for tests: moto's, where CloudFormation makes what moto knows, and the stand-in of Redshift.

What moto's CloudFormation does not know is taken out of the templates, and what refers to it is given what
the account has in its place: a secret made as the template asks, the address of the stand-in.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.cloudformation.models import ChangeSet
from moto.cloudformation.parsing import get_model_map

from deployment.database import steps, user_of
from deployment.rules import read_template
from deployment.settings import Templates
from tests.python.support.listening import Listener
from tests.redshift_stand_in import StandIn
from tests.redshift_stand_in.aws import AwsServer, Endpoint
from tests.redshift_stand_in.local_server import FAKE_CREDENTIALS, REGION
from tests.redshift_stand_in.postgres import DATABASE

from .image import PROJECT

if TYPE_CHECKING:
    from types_boto3_ecs.type_defs import ContainerDefinitionOutputTypeDef

NAME = "franchise-sales"
TEMPLATES = Templates.below(PROJECT / "deploy")
_PASSWORD = "temporary"
# What differs from a real account: where things are, and that nothing is encrypted on the way.
_HERE_ONLY = ("REDSHIFT_HOST", "REDSHIFT_PORT", "REDSHIFT_SSLMODE")


@dataclass(frozen=True)
class Account:
    """The account with its services running.

    Attributes:
        warehouse: the stand-in of Redshift, whose S3 server answers for every service that moto has.
        iam: answers for signing in to Redshift.
        templates: the templates, with nothing that moto does not know.
    """

    warehouse: StandIn
    iam: AwsServer
    templates: Templates

    @property
    def environment(self) -> dict[str, str]:
        """Variables by which boto3 finds the account."""
        return {
            "AWS_ENDPOINT_URL": self.warehouse.s3.endpoint,
            **self.warehouse.s3.environment,
            **self.iam.environment,
        }

    def client(self, service: str) -> Any:
        """A client of a service."""
        return boto3.session.Session().client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.warehouse.s3.endpoint,
            region_name=REGION,
            aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def outputs(self, stack: str) -> dict[str, str]:
        """Outputs of a stack by name."""
        found = self.client("cloudformation").describe_stacks(StackName=f"{NAME}-{stack}")["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}

    def network(self) -> dict[str, object]:
        """A VPC and three of its subnets, as settings."""
        client = self.client("ec2")
        subnets = client.describe_subnets()["Subnets"][:3]
        return {"VpcId": subnets[0]["VpcId"], "SubnetIds": [subnet["SubnetId"] for subnet in subnets]}

    def container(self) -> "ContainerDefinitionOutputTypeDef":
        """The container of the task that the schedule would start."""
        found = self.client("ecs").describe_task_definition(taskDefinition=NAME)["taskDefinition"]
        (container,) = found["containerDefinitions"]
        return container  # type: ignore[no-any-return]

    def task_environment(self) -> dict[str, str]:
        """What ECS gives the task: its variables, its secrets, and the account itself."""
        container = self.container()
        secrets = self.client("secretsmanager")
        known = self.warehouse.environment()
        return {
            **{one["name"]: one["value"] for one in container["environment"]},
            **{
                one["name"]: secrets.get_secret_value(SecretId=one["valueFrom"])["SecretString"]
                for one in container["secrets"]
            },
            **self.environment,
            **{name: known[name] for name in _HERE_ONLY},
        }

    def listener(self) -> Listener:
        """Whoever subscribes to the alerts."""
        return Listener(self.client, self.outputs("compute")["TopicArn"])

    def prepare_database(self) -> None:
        """Do what deploying does over the Data API, and let COPY take the role that was made."""
        self.warehouse.faults.allowed_roles.add(self.outputs("data")["CopyRoleArn"])
        self.warehouse.add_login(self.iam.user, _PASSWORD)
        statements = [step.statement for step in steps(self.outputs("compute")["TaskRoleName"], DATABASE)]
        assert statements.pop(0).startswith("create user")  # signing in was let above
        with closing(self.warehouse.connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for statement in statements:
                if "schema" in statement:  # only an administrator may make one for another user
                    self.warehouse.query(statement.replace("to role", "to"))
                else:
                    cursor.execute(statement)


@contextmanager
def account(folder: Path) -> Iterator[Account]:
    """An account with nothing in it but a secret.

    Args:
        folder: for the templates.
    """
    with ExitStack() as running:
        running.enter_context(_outputs_of_change_sets())
        warehouse = running.enter_context(StandIn())
        warehouse.reset()  # all servers of a process share what moto keeps, that of earlier tests too
        address = warehouse.environment()
        endpoint = Endpoint(address["REDSHIFT_HOST"], int(address["REDSHIFT_PORT"]))
        user = user_of(f"{NAME}-task")
        iam = running.enter_context(AwsServer(workgroups={NAME: endpoint}, user=user, password=_PASSWORD))
        made = Account(warehouse, iam, Templates.below(folder))
        instead = {
            "CardHashKey": _secret(made),
            "Workgroup": NAME,
            "Workgroup.Workgroup.WorkgroupArn": f"arn:aws:redshift-serverless:{REGION}:1:workgroup/1",
            "Workgroup.Workgroup.Endpoint.Address": endpoint.address,
            "ScheduleGroup": NAME,
            "ScheduleGroup.Arn": f"arn:aws:scheduler:{REGION}:123456789012:schedule-group/{NAME}",
        }
        for path in (TEMPLATES.data, TEMPLATES.compute):
            text = json.dumps(known_part(read_template(path), instead))
            (folder / path.name).write_text(text, encoding="utf-8")
        yield made


@contextmanager
def _outputs_of_change_sets() -> Iterator[None]:
    """Let moto tell the outputs of a stack that a change set made; it tells those of the empty one before."""
    apply = ChangeSet.apply

    def apply_and_tell(change_set: ChangeSet) -> None:
        apply(change_set)
        change_set.stack.template_dict = change_set.template_dict
        change_set.stack.output_map = change_set.stack._create_output_map()

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ChangeSet, "apply", apply_and_tell)
        yield


def unknown_kinds(template: Mapping[str, Any]) -> set[str]:
    """Types of resources that moto's CloudFormation does not know."""
    return {one["Type"] for one in template["Resources"].values()} - set(get_model_map())


def known_part(template: Mapping[str, Any], instead: Mapping[str, str]) -> dict[str, Any]:
    """A template with what moto knows, and something instead of what it does not know.

    Args:
        template: as it is.
        instead: what stands for a resource, by its name, and for its attributes, by name and attribute.
    """
    unknown = unknown_kinds(template)
    resources = {
        name: resource for name, resource in template["Resources"].items() if resource["Type"] not in unknown
    }
    return {
        **template,
        "Resources": _replaced(resources, instead),
        "Outputs": _replaced(template["Outputs"], instead),
    }


def _replaced(value: Any, instead: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_replaced(one, instead) for one in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("Ref") in instead:
        return instead[value["Ref"]]
    attribute = value.get("Fn::GetAtt")
    if attribute and ".".join(attribute) in instead:
        return instead[".".join(attribute)]
    return {name: _replaced(one, instead) for name, one in value.items()}


def _secret(made: Account) -> str:
    """A secret as the template asks for it; its ARN."""
    wanted = read_template(TEMPLATES.data)["Resources"]["CardHashKey"]["Properties"]["GenerateSecretString"]
    client = made.client("secretsmanager")
    text = client.get_random_password(**wanted)["RandomPassword"]
    return str(client.create_secret(Name=f"{NAME}/card-hash-key", SecretString=text)["ARN"])
