"""A stand-in for Amazon Redshift: its wire protocol and dialect in front of a real PostgreSQL."""

from .faults import DatabaseFaults, Fault, Moment
from .stand_in import StandIn

__all__ = ["DatabaseFaults", "Fault", "Moment", "StandIn"]
