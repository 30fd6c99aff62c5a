"""The limits of what a compressed file may expand to: an archive can fill a disk or take hours."""

from collections.abc import Mapping
from dataclasses import dataclass

from sales_loader.errors import RefusedFileError, UsageError

MAX_GB = "ARCHIVE_MAX_GB"
MAX_RATIO = "ARCHIVE_MAX_RATIO"
_HARMLESS_BYTES = 256_000_000  # read in a second, however small the archive


@dataclass(frozen=True)
class ArchiveLimits:
    """The limits of what a compressed file may expand to.

    Attributes:
        gigabytes: size of its text, in billions of bytes.
        ratio: bytes of text for each byte of the file; not checked below 256 MB of text.
    """

    gigabytes: float = 20
    ratio: float = 100

    def check(self, text_bytes: int, stored_bytes: int) -> None:
        """Refuse a file whose text is, or may be, too large.

        Raises:
            RefusedFileError: it is.
        """
        if text_bytes > self.gigabytes * 1e9:
            found, name = f"{self.gigabytes:g} GB", MAX_GB
        elif text_bytes > max(_HARMLESS_BYTES, self.ratio * stored_bytes):
            found, name = f"{self.ratio:g} times its {stored_bytes:,} bytes", MAX_RATIO
        else:
            return
        raise RefusedFileError(
            f"it expands to more than {found}, which no sales file should. If this one is right, set {name} "
            "in the environment to more than that and run the command again."
        )


USUAL_LIMITS = ArchiveLimits()


def read_limits(environment: Mapping[str, str]) -> ArchiveLimits:
    """The limits that the environment names, else the usual ones.

    Raises:
        UsageError: one of them is no number above zero.
    """
    return ArchiveLimits(
        _number(environment, MAX_GB, USUAL_LIMITS.gigabytes),
        _number(environment, MAX_RATIO, USUAL_LIMITS.ratio),
    )


def _number(environment: Mapping[str, str], name: str, usual: float) -> float:
    text = environment.get(name) or str(usual)
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not number > 0:
        raise UsageError(f"{name} is {text!r}; expected a number above zero, such as {usual:g}.")
    return number
