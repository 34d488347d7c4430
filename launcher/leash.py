"""Runs a command that cannot outlive its parent: `python -I -S leash.py PARENT_PID COMMAND...`.

A separate program and not a `preexec_fn`, because that is unsafe in a process with threads. Linux sends the signal when
the parent is gone, also after `kill -9`; macOS has no such call, there the next `up` clears what is left.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before the call above
            sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606  (no shell, on purpose)
    except OSError as error:
        sys.exit(f"cannot start {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
