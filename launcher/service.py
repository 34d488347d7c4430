"""Runs one instance from start to stop, in the process that calls it."""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from launcher import leftovers, locks, state
from launcher.child import Child
from launcher.failure import Failure
from launcher.parts import parts
from launcher.supervisor import Supervisor
from launcher.variables import Plan


@dataclass(frozen=True)
class Ready:
    """What is told once everything works; passwords are in here and nowhere on disk."""

    url: str
    accounts: list[dict[str, Any]]


def serve(plan: Plan, *, report: Callable[[str], None], on_ready: Callable[[Ready], None]) -> None:
    """Start, watch until a signal, stop. Call from the main thread.

    Raises:
        Failure: it runs already, or a part cannot start. Nothing is left running then.
    """
    layout = plan.layout
    layout.make()
    try:
        lock = locks.take(layout.lock_file)
    except locks.Taken:
        raise Failure("Samenspel is already running here; see ./samenspel status") from None
    with lock:
        leftovers.clear_crashed_run(layout)
        run = state.RunState(os.getpid(), plan.run_id, plan.url, plan.ports.web, str(plan.model))
        state.write(layout.state_file, run)

        def publish(children: Sequence[Child]) -> None:
            healthy = all(child.good for child in children)
            try:
                state.write(layout.state_file, replace(run, healthy=healthy, parts=state.parts_of(children)))
            except OSError as error:
                report(f"  the state cannot be written: {error}")

        supervisor = Supervisor(parts(plan), root=layout.root, logs=layout.logs, report=report, publish=publish)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, supervisor.ask_to_stop)
        try:
            if supervisor.start():
                on_ready(Ready(plan.url, accounts(supervisor.children)))
                supervisor.watch()
        finally:
            supervisor.stop()
            leftovers.sweep(layout, plan.run_id)
            layout.state_file.unlink(missing_ok=True)


def accounts(children: Sequence[Child]) -> list[dict[str, Any]]:
    """The demonstration accounts from the answer of `prepare`."""
    for child in children:
        if child.part.name == "prepare" and child.answer:
            try:
                found = json.loads(child.answer)["accounts"]
            except (ValueError, KeyError):
                sys.stderr.write("prepare gave an answer that cannot be read\n")
            else:
                return list(found)
    return []
