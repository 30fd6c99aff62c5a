"""What a test lets go wrong between a client and the database."""

import threading
from dataclasses import dataclass
from enum import Enum, auto

from .refusal import Refusal


class Moment(Enum):
    """When a fault is met."""

    SIGN_IN = auto()
    COPY = auto()
    WRITE = auto()
    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()


INTERNAL_ERROR = "XX000"
INVALID_AUTHORIZATION = "28000"


@dataclass
class Fault:
    """Something that goes wrong at a moment; without an error the connection is lost.

    Attributes:
        moment: when it happens.
        times: how often it still happens; None for ever.
        error: what the client is told.
        met: how often it has happened.
    """

    moment: Moment
    times: int | None
    error: Refusal | None = None
    met: int = 0


class DatabaseFaults:
    """The faults that wait to be met, the oldest first, and the roles that COPY and UNLOAD may assume.

    Attributes:
        allowed_roles: ARNs of the roles; another one fails as it does without a trust relationship.
    """

    def __init__(self, *allowed_roles: str) -> None:
        self.allowed_roles = set(allowed_roles)
        self._always_allowed = frozenset(allowed_roles)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def check_role(self, chain: str) -> None:
        """Refuse a role, or several with commas between, of which one may not be assumed."""
        for role in chain.split(","):
            if role not in self.allowed_roles:
                user = "arn:aws:redshift:us-east-1:123456789012:dbuser:stand-in/loader"
                message = f"User {user} is not authorized to assume IAM Role {role}"
                raise Refusal(message, code=INTERNAL_ERROR)

    def drop_connection_during_copy(self, times: int | None = 1) -> Fault:
        """Lose the connection when a part of the rows has arrived."""
        return self._add(Fault(Moment.COPY, times))

    def drop_before_commit(self, times: int | None = 1) -> Fault:
        """Lose the connection when COMMIT arrives: nothing was committed."""
        return self._add(Fault(Moment.BEFORE_COMMIT, times))

    def drop_after_commit(self, times: int | None = 1) -> Fault:
        """Lose the connection when COMMIT has been done: everything was committed, and nobody is told."""
        return self._add(Fault(Moment.AFTER_COMMIT, times))

    def serialization_failure(self, times: int | None = 1, moment: Moment = Moment.BEFORE_COMMIT) -> Fault:
        """Fail with error 1023 as under SERIALIZABLE: at COMMIT, or at a write with ``Moment.WRITE``."""
        detail = (
            "Serializable isolation violation on table - 100123, "
            "transactions forming the cycle are: 2101, 2102 (pid:1073750220)"
        )
        return self._add(Fault(moment, times, Refusal("1023", detail, INTERNAL_ERROR)))

    def concurrent_transaction(self, times: int | None = 1, moment: Moment = Moment.WRITE) -> Fault:
        """Fail as under SNAPSHOT isolation, when another transaction has changed the same rows."""
        return self._add(Fault(moment, times, conflict()))

    def expired_password(self, times: int | None = 1) -> Fault:
        """Refuse to sign in, as with a temporary password that is too old."""
        error = Refusal("IAM Authentication token has expired", code=INVALID_AUTHORIZATION)
        return self._add(Fault(Moment.SIGN_IN, times, error))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._faults.clear()
            self.allowed_roles = set(self._always_allowed)

    def met(self, moment: Moment) -> Fault | None:
        """The fault to be met at a moment, which is counted; None when all is well."""
        with self._lock:
            for fault in self._faults:
                if fault.moment == moment and fault.met != fault.times:
                    fault.met += 1
                    return fault
        return None

    def _add(self, fault: Fault) -> Fault:
        with self._lock:
            self._faults.append(fault)
        return fault


def conflict() -> Refusal:
    """What Redshift says under SNAPSHOT isolation when two transactions change the same rows."""
    return Refusal("could not complete because of conflict with concurrent transaction", code=INTERNAL_ERROR)
