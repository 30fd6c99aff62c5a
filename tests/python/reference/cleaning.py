"""Cleaning of texts."""

import re

WHITE_SPACE = re.compile("[ \t\r\n\f\v]+")
PASTED_URL = re.compile("https?://[^#]*#", re.IGNORECASE | re.ASCII)
NO_CATEGORY = "Uncategorised"


def clean(text: str | None) -> str | None:
    """Return the text trimmed, with runs of the six white-space characters as one space; None when blank."""
    return WHITE_SPACE.sub(" ", text or "").strip(" ") or None


def clean_id(text: str | None) -> str:
    """Return a cleaned id that the loader never lets be blank.

    Raises:
        ValueError: if it is blank all the same.
    """
    cleaned = clean(text)
    if cleaned is None:
        raise ValueError("a required id is blank; the loader should have rejected the row")
    return cleaned


def clean_category(text: str | None, corrections: dict[str, str | None]) -> str:
    """Return the category without pasted addresses and stray white space, corrected once."""
    cleaned = clean(PASTED_URL.sub("", text or ""))
    if cleaned in corrections:
        cleaned = corrections[cleaned]
    return cleaned or NO_CATEGORY
