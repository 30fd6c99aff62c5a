"""S3 for tests: moto's server, with faults in front of it that a test arranges and counts.

Moto serves every service of AWS on one port, so AWS_ENDPOINT_URL_SECRETS_MANAGER may point here too; faults
and counts are for S3 alone. Moto keeps its objects in the process: two servers at a time show the same ones.
"""

from __future__ import annotations

import hashlib
import html
import re
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from .local_server import FAKE_CREDENTIALS, REGION, LocalServer

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_Forward = Callable[[], Response]
_READ = frozenset({"GET", "HEAD"})
_MESSAGES = {
    "AccessDenied": "Access Denied",
    "ExpiredToken": "The provided token has expired.",
    "InternalError": "We encountered an internal error. Please try again.",
    "NoSuchKey": "The specified key does not exist.",
    "SlowDown": "Please reduce your request rate.",
}


class S3Request(NamedTuple):
    """A request that arrived; ``key`` is the object's address without the scheme, ``bucket/key``."""

    method: str
    key: str


class S3Server(LocalServer):
    """An S3 on a free port of 127.0.0.1, from entering the context to leaving it."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._requests: list[S3Request] = []
        self._clients: dict[int, S3Client] = {}
        self._making_clients = threading.Lock()
        self.faults = S3Faults()
        super().__init__(Request.application(self._answer))

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program that uses boto3 finds this server, with made-up credentials."""
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            **FAKE_CREDENTIALS,
        }

    def client(self, max_attempts: int = 3) -> S3Client:
        """Give a client of this server, the same one each time: making one takes a while.

        A request that meets a status of 5xx is tried ``max_attempts`` times in all. Botocore waits up to one
        second before the second attempt and up to two before the third: a test of a fault that lasts does not
        need the waiting and asks for one attempt.
        """
        with self._making_clients:
            if max_attempts not in self._clients:
                self._clients[max_attempts] = self._new_client(max_attempts)
            return self._clients[max_attempts]

    def _new_client(self, max_attempts: int) -> S3Client:
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": max_attempts, "mode": "standard"}),
        )

    def requests(self, method: str | None = None, key_contains: str = "") -> list[S3Request]:
        """The S3 requests that arrived since the start or the last reset, in their order."""
        found = list(self._requests)
        return [each for each in found if method in (None, each.method) and key_contains in each.key]

    def reset(self) -> None:
        """Forget every bucket, every secret, every fault and every request."""
        self.faults.clear()
        Client(self._moto).post("/moto-api/reset")
        self._requests.clear()

    def _answer(self, request: Request) -> Response:
        def forward() -> Response:
            return Response.from_app(self._moto, request.environ, buffered=True)

        if "/s3/aws4_request" not in request.headers.get("Authorization", ""):
            return forward()
        self._requests.append(S3Request(request.method, _key(request)))
        return self.faults.respond(request, forward)


@dataclass(eq=False)
class S3Fault:
    """A fault that a test arranged; ``met`` counts the requests that it hit."""

    methods: frozenset[str] | None
    key_contains: str
    times: int | None
    respond: Callable[[Request, _Forward], Response]
    of_objects: bool = True  # a listing names none
    met: int = 0

    def hits(self, method: str, key: str) -> bool:
        """Whether a request is to be hit, counting it if so."""
        if self.methods is not None and method not in self.methods:
            return False
        if self.key_contains not in key or self.met == self.times:
            return False
        if self.of_objects and not _name(key):
            return False
        self.met += 1
        return True


class S3Faults:
    """What goes wrong between a client and S3. Of several faults that match, the oldest one is met."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[S3Fault] = []
        self._lost: list[str] = []

    def answer(
        self,
        status: int,
        times: int | None = None,
        method: str | None = None,
        key_contains: str = "",
        code: str = "InternalError",
    ) -> S3Fault:
        """Answer requests with an error instead of doing what they ask.

        Args:
            status: the HTTP status.
            times: how many requests are hit, None for all.
            method: such as ``PUT``; None for any.
            key_contains: a part of ``bucket/key``.
            code: S3's name of the error, such as ``SlowDown``, ``ExpiredToken`` or ``AccessDenied``.
        """

        def respond(request: Request, _: _Forward) -> Response:
            # Unread, the body of an upload would break the connection before the client sees the answer.
            request.get_data(cache=False)
            return _error(status, code)

        methods = frozenset({method}) if method else None
        return self._add(S3Fault(methods, key_contains, times, respond, of_objects=False))

    def lose(self, key_contains: str) -> S3Fault:
        """Let objects vanish after they were put: no GET, no HEAD and no listing finds them."""

        def respond(_: Request, __: _Forward) -> Response:
            return _error(404, "NoSuchKey")

        with self._lock:
            self._lost.append(key_contains)
        return self._add(S3Fault(_READ, key_contains, None, respond))

    def cut(self, key_contains: str, keep: int | float) -> S3Fault:
        """Let objects be as if only their beginning had been stored; a listing tells the full size still.

        Args:
            key_contains: a part of ``bucket/key``.
            keep: how many bytes are left, or as a fraction which part of them.
        """

        def respond(request: Request, forward: _Forward) -> Response:
            return _shortened(request, forward, keep)

        return self._add(S3Fault(_READ, key_contains, None, respond))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._faults.clear()
            self._lost.clear()

    def respond(self, request: Request, forward: _Forward) -> Response:
        """Answer a request, by the fault that it meets or by what is behind."""
        key = _key(request)
        with self._lock:
            fault = next((fault for fault in self._faults if fault.hits(request.method, key)), None)
            lost = list(self._lost)
        if fault is not None:
            return fault.respond(request, forward)
        response = forward()
        if lost and not _name(key):
            _hide(response, key.rstrip("/"), lost)
        return response

    def _add(self, fault: S3Fault) -> S3Fault:
        with self._lock:
            self._faults.append(fault)
        return fault


def _key(request: Request) -> str:
    return request.path.lstrip("/")


def _name(key: str) -> str:
    return key.partition("/")[2]


def _error(status: int, code: str) -> Response:
    message = _MESSAGES.get(code, code)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Error><Code>{code}</Code><Message>{message}</Message>"
        "<RequestId>STANDIN</RequestId><HostId>STANDIN</HostId></Error>"
    )
    return Response(body, status, content_type="application/xml", headers={"x-amz-request-id": "STANDIN"})


def _shortened(request: Request, forward: _Forward, keep: int | float) -> Response:
    method = request.environ["REQUEST_METHOD"]
    request.environ["REQUEST_METHOD"] = "GET"
    request.environ.pop("HTTP_RANGE", None)
    response = forward()
    request.environ["REQUEST_METHOD"] = method
    if response.status_code != 200:
        return response
    body = response.get_data()
    body = body[: keep if isinstance(keep, int) else int(len(body) * keep)]
    response.set_data(body)
    response.headers["ETag"] = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    for name in [name for name, _ in response.headers if name.lower().startswith("x-amz-checksum")]:
        del response.headers[name]
    return response


def _hide(listing: Response, bucket: str, lost: list[str]) -> None:
    hidden = 0

    def visible(item: re.Match[str]) -> str:
        nonlocal hidden
        key = f"{bucket}/{urllib.parse.unquote(html.unescape(item.group(1)))}"
        gone = any(part in key for part in lost)
        hidden += gone
        return "" if gone else item.group()

    text = re.sub(r"<Contents>\s*<Key>(.*?)</Key>.*?</Contents>", visible, listing.get_data(True), flags=re.S)
    count = re.compile(r"(?<=<KeyCount>)\d+(?=</KeyCount>)")
    listing.set_data(count.sub(lambda match: str(int(match.group()) - hidden), text))
