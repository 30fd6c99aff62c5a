"""The database user of the daily run, and the usage limit of Redshift Serverless."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING

from sales_loader.errors import LoaderError

if TYPE_CHECKING:
    from types_boto3_redshift_data import RedshiftDataAPIServiceClient
    from types_boto3_redshift_serverless import RedshiftServerlessClient

_DONE = ("FINISHED", "FAILED", "ABORTED")
_POLL_SECONDS = 2.0
READERS = "bi"


@dataclass(frozen=True)
class Step:
    """A statement, and the query that finds a row where it was run; empty for one that may be repeated."""

    statement: str
    already: str = ""


def user_of(role: str) -> str:
    """The database user of an IAM role on Redshift."""
    return f"IAMR:{role}"


def steps(role: str, database: str) -> Iterator[Step]:
    """The steps that let a role build the warehouse and readers read the marts, each run once.

    Args:
        role: name of the IAM role of the daily run.
        database: name of the database.
    """
    user = user_of(role)
    yield Step(f'create user "{user}" password disable', f"select 1 from pg_user where usename = '{user}'")
    yield Step(f"create role {READERS}", f"select 1 from svv_roles where role_name = '{READERS}'")
    # What Redshift allows everybody: tables in schema public, and temporary ones.
    yield Step("revoke create on schema public from public")
    yield Step(f"revoke temporary on database {database} from public")
    yield Step(f'grant create, temporary on database {database} to "{user}"')
    yield Step(f'grant select on svv_table_info to "{user}"')  # sizes of the tables, for the docs page
    yield Step(f'create schema if not exists marts authorization "{user}"')
    yield Step(f"grant usage on schema marts to role {READERS}")
    # Publication creates a mart's table again when its columns change, and must not lose its readers' grants.
    yield Step(
        f'alter default privileges for user "{user}" in schema marts grant select on tables to role {READERS}'
    )


def script(role: str, database: str) -> str:
    """The steps as SQL for an administrator."""
    return "".join(f"{step.statement};\n" for step in steps(role, database))


class Administrator:
    """Runs statements as the administrator of a workgroup, over the Data API.

    Args:
        client: of the Data API.
        serverless: of Redshift Serverless.
        name: of the workgroup and of its namespace.
        database: name of the database.
        pause: waits a number of seconds.
    """

    def __init__(
        self,
        client: "RedshiftDataAPIServiceClient",
        serverless: "RedshiftServerlessClient",
        name: str,
        database: str,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self._client = client
        self._serverless = serverless
        self._name = name
        self._database = database
        self._pause = pause

    def prepare(self, role: str) -> None:
        """Run the steps that have not run yet.

        Raises:
            LoaderError: Redshift refuses a statement.
        """
        secret = self._serverless.get_namespace(namespaceName=self._name)["namespace"][
            "adminPasswordSecretArn"
        ]
        for step in steps(role, self._database):
            if not (step.already and self._run(step.already, secret)):
                self._run(step.statement, secret)

    def limit(self, hours: int | None) -> None:
        """Let the workgroup take no more queries for the rest of a day once it has used its hours.

        Args:
            hours: processing-unit hours a day; None leaves the limit unchanged.
        """
        if hours is None:
            return
        workgroup = self._serverless.get_workgroup(workgroupName=self._name)["workgroup"]["workgroupArn"]
        found = self._serverless.list_usage_limits(resourceArn=workgroup, usageType="serverless-compute")
        for limit in found["usageLimits"]:
            if limit.get("period") == "daily":
                self._serverless.update_usage_limit(
                    usageLimitId=limit["usageLimitId"], amount=hours, breachAction="deactivate"
                )
                return
        self._serverless.create_usage_limit(
            resourceArn=workgroup,
            usageType="serverless-compute",
            period="daily",
            amount=hours,
            breachAction="deactivate",
        )

    def _run(self, statement: str, secret: str) -> bool:
        """Run a statement; returns whether it found a row."""
        started = self._client.execute_statement(
            WorkgroupName=self._name, Database=self._database, SecretArn=secret, Sql=statement
        )
        while True:
            found = self._client.describe_statement(Id=started["Id"])
            if found["Status"] in _DONE:
                break
            self._pause(_POLL_SECONDS)
        if found["Status"] != "FINISHED":
            raise LoaderError(f"Redshift refused {statement!r}: {found.get('Error', found['Status'])}.")
        return found.get("ResultRows", 0) > 0
