"""Signing in to Redshift: who connects, with which password, where to."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sales_loader.aws import Aws
from sales_loader.errors import WarehouseUnavailableError
from sales_loader.warehouses.redshift.settings import SIGN_IN, RedshiftSettings, default_port

_LIFETIME_SECONDS = 3600  # the longest that AWS gives; a build after the load signs in with the same


@dataclass(frozen=True, repr=False)
class SignIn:
    """What a connection needs; the password is never shown.

    Attributes:
        host: host name.
        port: port.
        user: database user; temporary ones begin with ``IAM:`` or ``IAMR:``.
        password: password, perhaps temporary.
        database: database name.
        ssl_mode: as in ``RedshiftSettings``.
    """

    host: str
    port: int
    user: str
    password: str
    database: str
    ssl_mode: str

    def __repr__(self) -> str:
        return f"SignIn({self.user}@{self.host}:{self.port}/{self.database})"


def sign_in(settings: RedshiftSettings, aws: Aws) -> SignIn:
    """Get user, password and address in the way that the settings choose.

    Raises:
        WarehouseUnavailableError: AWS refuses, or a secret does not hold what is needed.
    """
    ways: dict[str, Callable[[RedshiftSettings, Aws], SignIn]] = {
        "REDSHIFT_PASSWORD": _with_password,
        "REDSHIFT_SECRET": _with_secret,
        "REDSHIFT_CLUSTER": _with_cluster,
        "REDSHIFT_WORKGROUP": _with_workgroup,
    }
    try:
        return ways[settings.sign_in](settings, aws)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "an unknown error")
        raise WarehouseUnavailableError(
            f"Signing in to Redshift with {settings.sign_in}={settings.value}: AWS answered {code} to "
            f"{error.operation_name}. Check the name and that the AWS identity in use may do this."
        ) from None
    except BotoCoreError as error:
        raise WarehouseUnavailableError(
            f"Signing in to Redshift with {settings.sign_in}={settings.value}: {error}. "
            "Check the AWS credentials and the region."
        ) from None


def dbt_environment(signed_in: SignIn) -> dict[str, str]:
    """Variables of ``profiles.yml.example`` that make dbt sign in the same way, and in no other."""
    return {
        **dict.fromkeys(SIGN_IN, ""),
        "REDSHIFT_METHOD": "database",
        "REDSHIFT_HOST": signed_in.host,
        "REDSHIFT_PORT": str(signed_in.port),
        "REDSHIFT_DATABASE": signed_in.database,
        "REDSHIFT_USER": signed_in.user,
        "REDSHIFT_PASSWORD": signed_in.password,
        "REDSHIFT_SSLMODE": signed_in.ssl_mode,
    }


def _with_password(settings: RedshiftSettings, _: Aws) -> SignIn:
    return _found(settings, settings.user, settings.value)


def _with_secret(settings: RedshiftSettings, aws: Aws) -> SignIn:
    text = aws.secrets().get_secret_value(SecretId=settings.value).get("SecretString", "")
    try:
        secret: dict[str, Any] = dict(json.loads(text))
        user, password = str(secret["username"]), str(secret["password"])
        host, port = str(secret.get("host") or ""), int(secret.get("port") or 0)
    except (ValueError, KeyError, TypeError):
        raise WarehouseUnavailableError(
            f"The secret {settings.value} is not as expected: a JSON object with username and password, "
            "and host and port unless REDSHIFT_HOST is set."
        ) from None
    return _found(settings, user, password, host, port)


def _with_cluster(settings: RedshiftSettings, aws: Aws) -> SignIn:
    client = aws.redshift()
    given = client.get_cluster_credentials_with_iam(
        ClusterIdentifier=settings.value, DbName=settings.database, DurationSeconds=_LIFETIME_SECONDS
    )
    host, port = "", 0
    if not settings.host:
        cluster = client.describe_clusters(ClusterIdentifier=settings.value)["Clusters"][0]
        endpoint = cluster.get("Endpoint", {})
        host, port = endpoint.get("Address", ""), endpoint.get("Port", 0)
    return _found(settings, given["DbUser"], given["DbPassword"], host, port)


def _with_workgroup(settings: RedshiftSettings, aws: Aws) -> SignIn:
    client = aws.serverless()
    given = client.get_credentials(
        workgroupName=settings.value, dbName=settings.database, durationSeconds=_LIFETIME_SECONDS
    )
    host, port = "", 0
    if not settings.host:
        endpoint = client.get_workgroup(workgroupName=settings.value)["workgroup"].get("endpoint", {})
        host, port = endpoint.get("address", ""), endpoint.get("port", 0)
    return _found(settings, given["dbUser"], given["dbPassword"], host, port)


def _found(settings: RedshiftSettings, user: str, password: str, host: str = "", port: int = 0) -> SignIn:
    host = settings.host or host
    if not host:
        raise WarehouseUnavailableError(
            f"{settings.sign_in}={settings.value} tells no address of Redshift. Set REDSHIFT_HOST."
        )
    port = settings.port or port or default_port(settings)
    return SignIn(host, port, user, password, settings.database, settings.ssl_mode)
