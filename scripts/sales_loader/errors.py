"""The failures that a user can do something about."""


class LoaderError(Exception):
    """A command cannot go on; its message says what is wrong and what to do."""


class RefusedFileError(LoaderError):
    """One file cannot be loaded; nothing of it lands, other files still can."""


class WarehouseUnavailableError(LoaderError):
    """The warehouse cannot be opened, so no file of the command can land."""


class UsageError(LoaderError):
    """The command was called in a way that can never work."""
