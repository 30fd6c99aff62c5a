"""Where Redshift is and how to sign in to it, from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sales_loader.errors import UsageError
from sales_loader.sources.s3 import S3Location, parse_location

_SSL_MODES = ("verify-full", "verify-ca", "disable")
_PORT = 5439
_DATABASE = "sales"
_ROLE = re.compile(r"default|(arn:[\w+=,.@:/-]+)(,arn:[\w+=,.@:/-]+)*", re.ASCII)
SIGN_IN = {
    "REDSHIFT_PASSWORD": "a password, with REDSHIFT_USER",
    "REDSHIFT_SECRET": "name or ARN of a secret in AWS Secrets Manager",
    "REDSHIFT_CLUSTER": "identifier of a provisioned cluster, with IAM",
    "REDSHIFT_WORKGROUP": "name of a Serverless workgroup, with IAM",
}


@dataclass(frozen=True)
class RedshiftSettings:
    """What the environment says.

    Attributes:
        sign_in: the one variable of ``SIGN_IN`` that is set.
        value: what it is set to; for ``REDSHIFT_PASSWORD`` the password itself.
        user: database user, for a password only.
        host: host name; empty if the sign-in provides it.
        port: port; None if the sign-in may provide it.
        database: database name.
        ssl_mode: ``verify-full``, ``verify-ca`` or ``disable``.
    """

    sign_in: str
    value: str
    user: str
    host: str
    port: int | None
    database: str
    ssl_mode: str

    def __repr__(self) -> str:
        return f"RedshiftSettings({self.sign_in}, {self.user}@{self.host}:{self.port}/{self.database})"


@dataclass(frozen=True)
class StagingSettings:
    """Where rows wait for COPY, and who may read them there.

    Attributes:
        location: bucket and prefix.
        copy_role: ARN of the role that COPY takes, or ``default``.
    """

    location: S3Location
    copy_role: str


def read_settings(environment: Mapping[str, str]) -> RedshiftSettings:
    """How to reach Redshift.

    Raises:
        UsageError: no way to sign in is given, or more than one, or a variable is missing or wrong.
    """
    given = [name for name in SIGN_IN if environment.get(name)]
    if len(given) != 1:
        raise UsageError(_sign_in_needed(given))
    sign_in = given[0]
    user, host = environment.get("REDSHIFT_USER", ""), environment.get("REDSHIFT_HOST", "")
    if sign_in == "REDSHIFT_PASSWORD" and not (user and host):
        raise UsageError(
            "Signing in to Redshift with REDSHIFT_PASSWORD needs REDSHIFT_USER and REDSHIFT_HOST."
        )
    return RedshiftSettings(
        sign_in,
        environment[sign_in],
        user,
        host,
        _port(environment.get("REDSHIFT_PORT", "")),
        environment.get("REDSHIFT_DATABASE") or _DATABASE,
        _ssl_mode(environment.get("REDSHIFT_SSLMODE") or _SSL_MODES[0]),
    )


def read_staging(environment: Mapping[str, str]) -> StagingSettings:
    """Where to stage rows for COPY.

    Raises:
        UsageError: a variable is missing or wrong.
    """
    location, role = environment.get("REDSHIFT_STAGING", ""), environment.get("REDSHIFT_COPY_ROLE", "")
    if not location:
        raise UsageError(
            "REDSHIFT_STAGING is not set; expected the S3 prefix to stage rows in, s3://bucket/prefix."
        )
    if "'" in location:
        raise UsageError("REDSHIFT_STAGING holds a quote; take a prefix without one.")
    if not _ROLE.fullmatch(role):
        raise UsageError(
            "REDSHIFT_COPY_ROLE must be the ARN of the IAM role that COPY takes to read REDSHIFT_STAGING, "
            "or 'default' for the role that is Redshift's default."
        )
    return StagingSettings(parse_location(location), role)


def default_port(settings: RedshiftSettings) -> int:
    """The port that is set, else Redshift's own."""
    return settings.port or _PORT


def _port(text: str) -> int | None:
    if text and not text.isdecimal():
        raise UsageError(f"REDSHIFT_PORT is {text!r}; expected a number such as {_PORT}.")
    return int(text) if text else None


def _ssl_mode(text: str) -> str:
    if text not in _SSL_MODES:
        raise UsageError(f"REDSHIFT_SSLMODE is {text!r}; expected one of {', '.join(_SSL_MODES)}.")
    return text


def _sign_in_needed(given: list[str]) -> str:
    ways = "; ".join(f"{name}: {meaning}" for name, meaning in SIGN_IN.items())
    if given:
        return f"{' and '.join(given)} are both set; keep the one to sign in to Redshift with. ({ways})"
    return f"No way to sign in to Redshift is set. Set one of these: {ways}."
