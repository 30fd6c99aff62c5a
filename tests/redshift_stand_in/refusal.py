"""The error with which the stand-in answers a statement that it does not run."""

SYNTAX_ERROR = "42601"
NOT_SUPPORTED = "0A000"
NO_SUCH_FUNCTION = "42883"


class Refusal(Exception):  # noqa: N818 - what Redshift does, not what went wrong
    """Redshift refuses the statement, or the stand-in does not know it.

    Attributes:
        message: what Redshift says.
        detail: why, in the stand-in's words.
        code: the SQLSTATE.
    """

    def __init__(self, message: str, detail: str = "", code: str = NOT_SUPPORTED) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.code = code


def syntax_error(word: str, detail: str) -> Refusal:
    """What Redshift's grammar does not have."""
    return Refusal(f'syntax error at or near "{word}"', detail, SYNTAX_ERROR)


def unknown(what: str) -> Refusal:
    """What Redshift may well have and the stand-in does not: it says so and guesses nothing."""
    return Refusal(f"the stand-in does not know {what}", "See tests/redshift_stand_in/README.md.")
