"""The failures that a user can act on."""


class LoaderError(Exception):
    """A command cannot go on; its message says what is wrong and what to do."""


class RefusedFileError(LoaderError):
    """One file cannot be loaded; nothing of it lands, other files still can."""


class LoadedMeanwhileError(LoaderError):
    """Another process has loaded a file of this name since the ledger was read."""

    def __init__(self) -> None:
        super().__init__("another process loaded a file of this name meanwhile. Run the same command again.")


class WarehouseUnavailableError(LoaderError):
    """The warehouse cannot be opened, so no file of the command can land."""


class UsageError(LoaderError):
    """The command was called in a way that can never work."""
