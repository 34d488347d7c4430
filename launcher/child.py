"""One part as a process: started on a leash in its own group, its output in a log, its health remembered."""

import subprocess
import threading
import time
from enum import StrEnum
from pathlib import Path

from launcher.commands import end_group, leashed, signal_group
from launcher.parts import Part
from launcher.rotation import RotatingLog

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
UNHEALTHY_AFTER = 10.0  # a busy machine may miss a check or two
STEADY_SECONDS = 60.0  # this long healthy, and an earlier crash no longer counts


class State(StrEnum):
    """Where a part is; only HEALTHY and DONE are good."""

    WAITING = "waiting"
    STARTING = "starting"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    RESTARTING = "restarting"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Child:
    """The process of one part, over all its restarts. Times are `time.monotonic()`, except `started_at`."""

    def __init__(self, part: Part, *, root: Path, logs: Path) -> None:
        self.part = part
        self.state = State.WAITING
        self.restarts = 0
        self.started_at: float | None = None  # epoch seconds, for people
        self.answer: str | None = None  # the JSON line of a one-shot part; kept out of the log, it holds passwords
        self.next_start = 0.0
        self.next_check = 0.0
        self.spawned = 0.0
        self.last_healthy: float | None = None
        self._healthy_since: float | None = None
        self._crashes = 0
        self._root = root
        self._log = RotatingLog(logs / f"{part.name}.log")
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def good(self) -> bool:
        return self.state in (State.HEALTHY, State.DONE)

    @property
    def crashes(self) -> int:
        """Deaths since it last ran steadily."""
        return self._crashes

    def start(self) -> None:
        """Start the process; must be called from the main thread, see `leashed`."""
        if self.part.before_start is not None:
            self.part.before_start()
        self._process = subprocess.Popen(
            leashed(self.part.command),
            cwd=self._root,
            env=dict(self.part.environment()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        self.started_at = time.time()
        self.spawned = time.monotonic()
        self.last_healthy = self._healthy_since = None
        self.next_check = self.spawned
        self.state = State.STARTING
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None  # noqa: S101  (set by PIPE above)
        with process.stdout as output:
            for line in output:
                if self.part.one_shot and line.startswith(b"{"):
                    self.answer = line.decode(errors="replace")
                else:
                    self._log.write(line)

    def exit_code(self) -> int | None:
        """Of a process that ended; None while it runs or when there is none."""
        return self._process.poll() if self._process is not None else None

    def ended(self, now: float) -> None:
        """Take note of a process that is gone, and plan the next start: later after every crash."""
        self._clear()
        self._crashes = 1 if self._was_steady(now) else self._crashes + 1
        self.restarts += 1
        self.next_start = now + min(FIRST_DELAY * 2 ** (self._crashes - 1), LONGEST_DELAY)
        self.state = State.RESTARTING

    def finished(self, code: int) -> None:
        """Take note of a one-shot part that ended."""
        self._clear()
        self.state = State.DONE if code == 0 else State.FAILED

    def _was_steady(self, now: float) -> bool:
        return self._healthy_since is not None and now - self._healthy_since > STEADY_SECONDS

    def _clear(self) -> None:
        """Nothing of the old process may live on next to a new one."""
        process, self._process = self._process, None
        if process is not None:
            end_group(process, patience=0.0)
        if self._reader is not None:
            self._reader.join(2.0)  # a grandchild that kept the pipe open must not hold us up

    def saw(self, *, healthy: bool, now: float) -> None:
        """Take note of a health check."""
        if healthy:
            self.last_healthy = now
            self._healthy_since = self._healthy_since or now
            self.state = State.HEALTHY
        elif self.last_healthy is not None and now - self.last_healthy > UNHEALTHY_AFTER:
            self._healthy_since = None
            self.state = State.UNHEALTHY

    def hangs(self, now: float) -> bool:
        """Whether it lives but has not been well for too long."""
        if self.last_healthy is None:
            return now - self.spawned > self.part.start_seconds
        return self.part.hangs_after is not None and now - self.last_healthy > self.part.hangs_after

    def signal(self, number: int) -> None:
        if self._process is not None:
            signal_group(self._process, number)

    def stop(self, patience: float) -> None:
        """Wait for a process that was signalled, kill it when it takes too long, and its group with it."""
        if self._process is not None:
            end_group(self._process, patience=patience)
            self._process = None
        if self.state not in (State.DONE, State.FAILED):
            self.state = State.STOPPED

    def close(self) -> None:
        self._log.close()
