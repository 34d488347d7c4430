"""Keeps the parts of an instance running: in order, watched, restarted when they die, and stopped without a trace."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from launcher.child import Child, State
from launcher.commands import last_lines
from launcher.console import elapsed
from launcher.failure import Failure, command_failure
from launcher.parts import Part

TICK_SECONDS = 0.1
CHECK_WHILE_STARTING, CHECK_WHILE_HEALTHY = 0.3, 3.0
MOST_CRASHES_AT_START = 3
STOP_PATIENCE = 28.0
"""Web may say for 15 seconds that it is not ready, and then has ten to finish its turns."""
REPORT_EVERY = 10.0
HEAD_START = 45.0
"""For so many seconds the next of a kind waits for the one before it; longer than that it may never be ready."""

Publish = Callable[[Sequence[Child]], None]


class Supervisor:
    """Runs a table of parts. One thread: all starts, checks and stops happen in `start`, `watch` and `stop`."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        root: Path,
        logs: Path,
        report: Callable[[str], None] = lambda line: None,
        publish: Publish = lambda children: None,
    ) -> None:
        self.children = [Child(part, root=root, logs=logs) for part in parts]
        self._by_name = {child.part.name: child for child in self.children}
        self._logs = logs
        self._report = report
        self._publish = publish
        self._published: list[tuple[object, ...]] = []
        self._started = False
        self._asked_to_stop = False

    @property
    def healthy(self) -> bool:
        return all(child.good for child in self.children)

    @property
    def asked_to_stop(self) -> bool:
        return self._asked_to_stop

    def ask_to_stop(self, *_: object) -> None:
        """End `start` or `watch` soon; fit for a signal handler."""
        self._asked_to_stop = True

    def start(self) -> bool:
        """Start everything, and return when all is healthy; False when asked to stop before that.

        Raises:
            Failure: a part cannot start; the caller stops the rest.
        """
        began = next_report = time.monotonic()
        next_report += REPORT_EVERY
        while not self._asked_to_stop:
            self._tick()
            if self.healthy:
                self._started = True
                return True
            now = time.monotonic()
            if now >= next_report:
                next_report = now + REPORT_EVERY
                waiting = ", ".join(child.part.name for child in self.children if not child.good)
                self._report(f"  waiting for {waiting}: {elapsed(now - began)} so far")
            time.sleep(TICK_SECONDS)
        return False

    def watch(self) -> None:
        """Keep everything running until asked to stop."""
        while not self._asked_to_stop:
            self._tick()
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Stop everything, those that others need last; returns when every process and its group is gone."""
        remaining = list(self.children)
        while remaining:
            needed = {name for child in remaining for name in child.part.needs}
            left = {child.part.name for child in remaining}
            leaves = [
                child
                for child in remaining
                if child.part.name not in needed and left.isdisjoint(child.part.stops_after)
            ]
            for child in leaves:
                child.signal(signal.SIGTERM)
            until = time.monotonic() + STOP_PATIENCE
            for child in leaves:
                child.stop(max(0.0, until - time.monotonic()))
            remaining = [child for child in remaining if child not in leaves]
            self._publish_changes()
        for child in self.children:
            child.close()

    def _tick(self) -> None:
        for child in self.children:
            now = time.monotonic()
            if child.state in (State.WAITING, State.RESTARTING):
                self._start_when_possible(child, now)
            elif (code := child.exit_code()) is not None:
                self._ended(child, code, now)
            elif child.state in (State.STARTING, State.HEALTHY, State.UNHEALTHY):
                self._check(child, now)
        self._publish_changes()

    def _start_when_possible(self, child: Child, now: float) -> None:
        ready = all(self._by_name[name].good for name in child.part.needs)
        if not ready or now < child.next_start or self._one_like_it_begins(child, now):
            return
        try:
            child.start()
        except OSError as error:  # a full disk, or a database that went away this very moment
            self._report(f"  {child.part.name} cannot be started now: {error}")
            self._crashed(child, now)

    def _one_like_it_begins(self, child: Child, now: float) -> bool:
        """Whether another of its kind is just being started again; at the very start all go at once."""
        return self._started and any(
            other.part.kind == child.part.kind and other.state is State.STARTING and now - other.spawned < HEAD_START
            for other in self.children
            if child.part.kind is not None and other is not child
        )

    def _ended(self, child: Child, code: int, now: float) -> None:
        if child.part.one_shot:
            child.finished(code)
            if code != 0:
                raise self._failure(child)
            self._report(f"  {child.part.name}: done in {elapsed(now - child.spawned)}")
            return
        self._report(f"  {child.part.name} stopped (exit code {code}) and is started again")
        self._crashed(child, now)

    def _crashed(self, child: Child, now: float) -> None:
        child.ended(now)
        if not self._started and child.crashes >= MOST_CRASHES_AT_START:
            raise self._failure(child)

    def _check(self, child: Child, now: float) -> None:
        if child.part.healthy is None or now < child.next_check:
            if child.part.healthy is None and child.hangs(now):
                raise self._failure(child)
            return
        name, was_healthy, ever_healthy = child.part.name, child.good, child.last_healthy is not None
        well = child.part.healthy()
        now = time.monotonic()
        child.saw(healthy=well, now=now)
        child.next_check = now + (CHECK_WHILE_HEALTHY if well else CHECK_WHILE_STARTING)
        if child.good and not was_healthy:
            self._report(
                f"  {name} answers again" if ever_healthy else f"  {name}: ready in {elapsed(now - child.spawned)}"
            )
        elif was_healthy and not child.good:
            self._report(f"  {name} does not answer")
        if not well and child.hangs(now):
            if not self._started and not ever_healthy:
                raise self._failure(child)
            self._report(f"  {name} does not answer and is started again")
            child.signal(signal.SIGTERM)
            child.stop(patience=5.0)
            self._crashed(child, now)

    def _failure(self, child: Child) -> Failure:
        log = self._logs / f"{child.part.name}.log"
        return command_failure(f"Starting {child.part.name}", tail=last_lines(log, 12), log=str(log))

    def _publish_changes(self) -> None:
        """Tell the world only when something changed."""
        now = [(child.state, child.pid, child.restarts) for child in self.children]
        if now != self._published:
            self._published = list(now)
            self._publish(self.children)
