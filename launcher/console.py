"""What the user sees while something takes long: one line per step, with elapsed seconds."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

STILL_BUSY_SECONDS = 20.0


def elapsed(seconds: float) -> str:
    """'0.4 s', '12 s', '3 min 20 s'."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Console:
    """Writes lines, and keeps a running step alive: in place on a terminal, as a line now and then elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdout
        self._terminal = self._stream.isatty()

    def say(self, line: str = "") -> None:
        print(line, file=self._stream, flush=True)

    @contextmanager
    def step(self, text: str, *, closing: bool = True) -> Iterator[None]:
        """Announce `text`, count the seconds, and close with the time it took or with 'failed'.

        With `closing=False` the caller says how it ended.
        """
        started = time.monotonic()
        done = threading.Event()
        self._write(f"{text} ..." if self._terminal else f"{text} ...\n")
        ticker = threading.Thread(target=self._tick, args=(text, started, done), daemon=True)
        ticker.start()
        outcome = "failed after"
        try:
            yield
            outcome = "done in"
        finally:
            done.set()
            ticker.join()
            start_of_line = "\r\x1b[K" if self._terminal else ""
            took = elapsed(time.monotonic() - started)
            self._write(start_of_line + (f"{text}: {outcome} {took}\n" if closing else ""))

    def _tick(self, text: str, started: float, done: threading.Event) -> None:
        while not done.wait(1.0 if self._terminal else STILL_BUSY_SECONDS):
            passed = elapsed(time.monotonic() - started)
            self._write(f"\r\x1b[K{text} ... {passed}" if self._terminal else f"  {text}: {passed} so far\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
