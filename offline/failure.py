"""What a failed call of the CLI means for the person who typed the command."""

from offline.command import CommandLine, Result
from offline.errors import EngineError, InterruptedRunError, OfflineError
from offline.observer import Observer
from offline.program import InlineProgram


def require(result: Result) -> None:
    """Refuse a call that failed.

    Raises:
        EngineError: in the CLI's own words.
    """
    if result.code != 0:
        raise _in_its_own_words(result)


def explained(command: CommandLine, program: InlineProgram, observer: Observer, result: Result) -> OfflineError:
    """The failure of a run: stopped by hand, an exception of the program, or a refusal of the engine or a provider."""
    if command.killed:
        return InterruptedRunError("Stopped at once: the state is as it was before. Run the same command again.")
    if command.interrupted:
        return InterruptedRunError(
            "Stopped. The state holds what was done so far; run the same command again to continue."
        )
    if program.failure is None and observer.program_report:
        # The SDK's clearing up after the exception failed in turn, so that its answer held no word of it.
        program.note(observer.program_report)
    failure, refused = program.failure, observer.error()
    if failure is not None and (refused is None or str(failure) in str(refused)):
        return failure
    return refused or _in_its_own_words(result)


def _in_its_own_words(result: Result) -> EngineError:
    return EngineError(result.errors.strip() or result.output.strip())
