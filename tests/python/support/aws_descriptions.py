"""boto3's descriptions of AWS, read once in a process: half of making a client, which each command does."""

from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader


def read_once() -> None:
    """Have each file read at its first use only, from now on in this process and its forks."""
    loading: Any = JSONFileLoader
    read = JSONFileLoader().load_file

    @cache
    def remembered(path: str) -> Any:
        return read(path)

    loading.load_file = staticmethod(remembered)
