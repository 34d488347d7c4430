"""What goes wrong on someone's machine, told in one clear line."""

import errno


class Failure(Exception):
    """Ends the command: `message` is the one line for stderr, `details` are lines that help to find the cause."""

    def __init__(self, message: str, *, details: list[str] | None = None, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.details = details or []
        self.exit_code = exit_code


DISK_FULL = "The disk is full. Free some space and run the same command again; it goes on where it stopped."
_SIGNS_OF_A_FULL_DISK = ("No space left on device", "os error 28", "Disk quota exceeded")


def is_disk_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def command_failure(what: str, *, tail: list[str], log: str) -> Failure:
    """Turn the end of a command's log into a failure; a full disk is named as such."""
    if any(sign in line for line in tail for sign in _SIGNS_OF_A_FULL_DISK):
        return Failure(DISK_FULL, details=[f"The full log is {log}"])
    return Failure(f"{what} failed. The last lines follow; the full log is {log}", details=tail)
