"""Every mart computed a second time in plain Python, to hold the SQL models against.

It follows the description of the marts, not the models: where the two disagree, one of them is wrong.
"""

from .comparing import Difference, compare
from .inputs import (
    DateDim,
    LoadFile,
    LocationSeed,
    OrderItem,
    OrderItemOption,
    RawTables,
    RejectedRow,
    Seeds,
    Settings,
    read_raw,
    read_seeds,
)
from .tables import KEYS, compute

__all__ = [
    "KEYS",
    "DateDim",
    "Difference",
    "LoadFile",
    "LocationSeed",
    "OrderItem",
    "OrderItemOption",
    "RawTables",
    "RejectedRow",
    "Seeds",
    "Settings",
    "compare",
    "compute",
    "read_raw",
    "read_seeds",
]
