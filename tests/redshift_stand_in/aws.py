"""Signing in to Redshift by IAM, for tests: the four API calls that moto does not have, over HTTP.

GetClusterCredentialsWithIAM and DescribeClusters of Redshift, GetCredentials and GetWorkgroup of Redshift
Serverless, each in the protocol of its service, so that real boto3 clients can call them. Signatures must be
there but are not checked: the stand-in knows no secrets.
"""

from __future__ import annotations

import datetime
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.etree import ElementTree

from werkzeug.wrappers import Request, Response

from .local_server import FAKE_CREDENTIALS, REGION, LocalServer

_NAMESPACE = "http://redshift.amazonaws.com/doc/2012-12-01/"
_JSON = "application/x-amz-json-1.1"
_SHORTEST, _LONGEST = 900, 3600  # seconds that a password may live, by both APIs
_MESSAGES = {
    "AccessDenied": "The stand-in's user is not authorized to perform this action",
    "ExpiredToken": "The security token included in the request is expired",
    "MissingAuthenticationToken": "Request is missing Authentication Token",
}


class Endpoint(NamedTuple):
    """Where a cluster or a workgroup is listening."""

    address: str
    port: int


class Call(NamedTuple):
    """A call that arrived, with the parameters as the client named them."""

    action: str
    parameters: dict[str, Any]


class AwsServer(LocalServer):
    """Hands out one user and one password for the clusters and workgroups it was given.

    Attributes:
        user: the database user that every call answers.
        password: its password; a test that lets passwords expire sets another one.
        lifetime: how long passwords live, whatever a call asks for; None for what it asks for.
        faults: errors to answer with.
        calls: what was called, in order.
    """

    def __init__(
        self,
        *,
        clusters: Mapping[str, Endpoint] | None = None,
        workgroups: Mapping[str, Endpoint] | None = None,
        user: str = "IAM:loader",
        password: str = "temporary",
        lifetime: datetime.timedelta | None = None,
    ) -> None:
        self.clusters = dict(clusters or {})
        self.workgroups = dict(workgroups or {})
        self.user, self.password, self.lifetime = user, password, lifetime
        self.faults = AwsFaults()
        self.calls: list[Call] = []
        super().__init__(Request.application(self._answer))

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program that uses boto3 finds this server, with made-up credentials."""
        return {
            "AWS_ENDPOINT_URL_REDSHIFT": self.endpoint,
            "AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            **FAKE_CREDENTIALS,
        }

    def _answer(self, request: Request) -> Response:
        target = request.headers.get("X-Amz-Target", "")
        protocol: _Protocol = _JsonProtocol() if target else _QueryProtocol()
        call = protocol.call(request)
        self.calls.append(call)
        try:
            if "Authorization" not in request.headers:
                raise _RefusedError("MissingAuthenticationToken", 403)
            self.faults.meet(call.action)
            action = self._actions(protocol).get(call.action)
            if action is None:
                raise _RefusedError("InvalidAction", 400, f"The stand-in does not know {call.action}")
            return protocol.result(call, action(call.parameters))
        except _RefusedError as error:
            return protocol.error(error)

    def _actions(self, protocol: _Protocol) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        if isinstance(protocol, _JsonProtocol):
            return {"GetCredentials": self._get_credentials, "GetWorkgroup": self._get_workgroup}
        return {
            "GetClusterCredentialsWithIAM": self._get_cluster_credentials,
            "DescribeClusters": self._describe_clusters,
        }

    def _get_cluster_credentials(self, parameters: dict[str, Any]) -> dict[str, Any]:
        self._cluster(parameters.get("ClusterIdentifier", ""))
        expiration = self._expiration(parameters.get("DurationSeconds"), "InvalidParameterValue")
        moment = expiration.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "DbUser": self.user,
            "DbPassword": self.password,
            "Expiration": moment,
            "NextRefreshTime": moment,
        }

    def _describe_clusters(self, parameters: dict[str, Any]) -> dict[str, Any]:
        wanted = parameters.get("ClusterIdentifier")
        names = [self._cluster(wanted)] if wanted else list(self.clusters)
        return {"Clusters": [("Cluster", self._description(name)) for name in names]}

    def _description(self, name: str) -> dict[str, Any]:
        address, port = self.clusters[name]
        return {
            "ClusterIdentifier": name,
            "ClusterStatus": "available",
            "Endpoint": {"Address": address, "Port": port},
        }

    def _cluster(self, name: str) -> str:
        if name not in self.clusters:
            raise _RefusedError("ClusterNotFound", 404, f"Cluster {name} not found.")
        return name

    def _get_credentials(self, parameters: dict[str, Any]) -> dict[str, Any]:
        self._workgroup(parameters)
        expiration = self._expiration(parameters.get("durationSeconds"), "ValidationException").timestamp()
        return {
            "dbUser": self.user,
            "dbPassword": self.password,
            "expiration": expiration,
            "nextRefreshTime": expiration,
        }

    def _get_workgroup(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = self._workgroup(parameters)
        address, port = self.workgroups[name]
        endpoint = {"address": address, "port": port}
        return {"workgroup": {"workgroupName": name, "status": "AVAILABLE", "endpoint": endpoint}}

    def _workgroup(self, parameters: dict[str, Any]) -> str:
        name = str(parameters.get("workgroupName", ""))
        if name not in self.workgroups:
            raise _RefusedError("ResourceNotFoundException", 400, f"Workgroup {name} was not found.")
        return name

    def _expiration(self, asked: Any, code: str) -> datetime.datetime:
        seconds = int(asked or _SHORTEST)
        if not _SHORTEST <= seconds <= _LONGEST:
            raise _RefusedError(code, 400, f"A duration is {_SHORTEST} to {_LONGEST} seconds, not {seconds}")
        lifetime = datetime.timedelta(seconds=seconds) if self.lifetime is None else self.lifetime
        return datetime.datetime.now(datetime.UTC) + lifetime


class AwsFaults:
    """Errors that calls are answered with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[AwsFault] = []

    def answer(
        self, code: str, status: int = 403, times: int | None = None, action: str | None = None
    ) -> AwsFault:
        """Answer calls with an error.

        Args:
            code: ``AccessDenied``, ``ExpiredToken`` or another; the serverless API adds Exception to it.
            status: the HTTP status.
            times: how many calls are hit, None for all.
            action: the call to hit, None for any.
        """
        fault = AwsFault(code, status, times, action)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._faults.clear()

    def meet(self, action: str) -> None:
        """Raise the error that a call is to be answered with, if there is one."""
        with self._lock:
            for fault in self._faults:
                if fault.action in (None, action) and fault.met != fault.times:
                    fault.met += 1
                    raise _RefusedError(fault.code, fault.status)


@dataclass(eq=False)
class AwsFault:
    """A fault that a test arranged; ``met`` counts the calls that it hit."""

    code: str
    status: int
    times: int | None
    action: str | None
    met: int = field(default=0, init=False)


class _RefusedError(Exception):
    def __init__(self, code: str, status: int, message: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.message = message or _MESSAGES.get(code, code)


class _QueryProtocol:
    """Form parameters in, XML out: the older of AWS's protocols, which Redshift speaks."""

    def call(self, request: Request) -> Call:
        parameters = {name: value for name, value in request.form.items() if name != "Version"}
        return Call(parameters.pop("Action", ""), parameters)

    def result(self, call: Call, values: dict[str, Any]) -> Response:
        root = ElementTree.Element(f"{call.action}Response", xmlns=_NAMESPACE)
        _fill(ElementTree.SubElement(root, f"{call.action}Result"), values)
        _fill(ElementTree.SubElement(root, "ResponseMetadata"), {"RequestId": str(uuid.uuid4())})
        return _xml(root, 200)

    def error(self, error: _RefusedError) -> Response:
        root = ElementTree.Element("ErrorResponse", xmlns=_NAMESPACE)
        told = {"Type": "Sender", "Code": error.code, "Message": error.message}
        _fill(root, {"Error": told, "RequestId": str(uuid.uuid4())})
        return _xml(root, error.status)


class _JsonProtocol:
    """JSON in and out, the action in a header: AWS's JSON 1.1, which Redshift Serverless speaks."""

    def call(self, request: Request) -> Call:
        action = request.headers["X-Amz-Target"].removeprefix("RedshiftServerless.")
        return Call(action, json.loads(request.get_data() or b"{}"))

    def result(self, call: Call, values: dict[str, Any]) -> Response:  # noqa: ARG002 - as in the other one
        return Response(json.dumps(values), 200, content_type=_JSON)

    def error(self, error: _RefusedError) -> Response:
        code = error.code if error.code.endswith("Exception") else f"{error.code}Exception"
        body = json.dumps({"__type": code, "message": error.message})
        return Response(body, error.status, content_type=_JSON, headers={"x-amzn-ErrorType": code})


_Protocol = _QueryProtocol | _JsonProtocol


def _fill(parent: ElementTree.Element, values: dict[str, Any]) -> None:
    """Add elements: a mapping nests, a list holds pairs of a name and what is under it."""
    for name, value in values.items():
        element = ElementTree.SubElement(parent, name)
        if isinstance(value, dict):
            _fill(element, value)
        elif isinstance(value, list):
            for member, content in value:
                _fill(ElementTree.SubElement(element, member), content)
        else:
            element.text = str(value)


def _xml(root: ElementTree.Element, status: int) -> Response:
    return Response(ElementTree.tostring(root), status, content_type="text/xml")
