"""What can go wrong in the offline cloud, each with a message for the person who typed the command.

Leaves out programming errors: those keep their traceback.
"""

EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_CHANGES = 2
EXIT_DANGERS = 3
EXIT_INTERRUPTED = 130


class OfflineError(Exception):
    """Something the user can act on. `str(error)` is complete: what happened, why, what to do."""

    exit_code: int = EXIT_FAILURE


class UnknownStackError(OfflineError):
    """No `stacks/Pulumi.<stack>.yaml` has that name."""

    exit_code = EXIT_USAGE


class UsageError(OfflineError):
    """The command line asks for something that does not exist."""

    exit_code = EXIT_USAGE


class BusyError(OfflineError):
    """Another live process holds the stack."""


class MissingToolError(OfflineError):
    """A program is needed and could not be found, downloaded or built."""


class ProgramError(OfflineError):
    """`__main__.py` raised. `trace` is its whole traceback, shown only with `--debug`."""

    def __init__(self, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.trace = trace


class EngineError(OfflineError):
    """The engine or a provider refused the deployment."""


class ProtectedError(OfflineError):
    """A destroy or a change would delete protected resources."""


class UnexpectedChangesError(OfflineError):
    """`preview --expect-no-changes` found changes."""


class RevisionError(OfflineError):
    """`diff` was asked for a revision that is not there, or one that can't be deployed."""


class DifferencesError(OfflineError):
    """`diff` found changes, and nothing dangerous that nobody accepted."""

    exit_code = EXIT_CHANGES


class DangersError(OfflineError):
    """`diff` found dangers that nobody accepted."""

    exit_code = EXIT_DANGERS


class ImagesError(OfflineError):
    """`images` found some that are not as they should be."""


class IsolationError(OfflineError):
    """Environments are not apart."""


class InterruptedRunError(OfflineError):
    """Ctrl-C, or a termination signal, in the middle of a run."""

    exit_code = EXIT_INTERRUPTED
