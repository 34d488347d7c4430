"""`./samenspel down`: stop, and look whether everything is really gone."""

import os
import signal
import time

from launcher import leftovers, state
from launcher.console import Console
from launcher.failure import Failure
from launcher.layout import Layout
from launcher.processes import is_alive

PATIENCE_SECONDS = 60.0


def down(layout: Layout, console: Console) -> int:
    """Stop the instance; returns 0 when none of its processes is left, also when it was not running."""
    was_running = state.is_running(layout)
    run = state.read(layout.state_file)
    if was_running:
        _end_supervisor(layout, run, console)
    cleared = leftovers.sweep(layout, run.run_id if run else None)
    if left := leftovers.remaining(layout, run.run_id if run else None):
        raise Failure(f"These processes could not be stopped: {', '.join(map(str, left))}")
    layout.state_file.unlink(missing_ok=True)
    if was_running:
        console.say("Samenspel has stopped.")
    elif cleared:
        console.say(f"Samenspel was cut off earlier; {cleared} process(es) that were left have been stopped.")
    else:
        console.say("Samenspel is not running.")
    return 0


def _end_supervisor(layout: Layout, run: state.RunState | None, console: Console) -> None:
    """Ask the supervisor to stop and wait; kill it when it does not listen."""
    until = time.monotonic() + 5.0
    while run is None and time.monotonic() < until:  # it holds the lock but has not written its state yet
        time.sleep(0.1)
        run = state.read(layout.state_file)
    if run is None:
        if state.is_running(layout):
            raise Failure("A supervisor is running but does not say who it is; try again in a moment.")
        return
    with console.step("Stopping Samenspel"):
        os.kill(run.pid, signal.SIGTERM)
        until = time.monotonic() + PATIENCE_SECONDS
        # It lets go of its lock a moment before it is gone.
        while (state.is_running(layout) or is_alive(run.pid)) and time.monotonic() < until:
            time.sleep(0.1)
        if state.is_running(layout) and is_alive(run.pid):
            os.kill(run.pid, signal.SIGKILL)
            time.sleep(0.5)
