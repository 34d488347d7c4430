"""The supervisor in the background: a process of its own that reports to its parent until everything works.

The report goes through a pipe and not through a file, because it ends with one-time passwords.
"""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from launcher.commands import last_lines, leashed
from launcher.failure import Failure
from launcher.layout import Layout
from launcher.ports import Ports
from launcher.service import Ready, serve
from launcher.variables import Plan


def start(
    layout: Layout,
    ports: Ports,
    model: Path,
    environ: Mapping[str, str],
    *,
    report: Callable[[str], None],
    outlive: bool = True,
) -> Ready:
    """Start the background process and wait until it works.

    With `outlive=False` it stops when this process ends, however that ends: for instances that serve a test.

    Raises:
        Failure: it could not start; it has stopped again.
    """
    layout.make()
    log = layout.logs / "supervisor.log"
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "launcher.detached", "--port", str(ports.web), "--model", str(model)]
    command += ["--rasa", str(ports.rasa_replicas), "--report-to", str(writer)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command if outlive else leashed(command),
            cwd=layout.root,
            env={**environ, "SAMENSPEL_VAR": str(layout.var), "PYTHONPATH": str(layout.root)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(writer,),
        )
    os.close(writer)
    try:
        return _follow(reader, log, report)
    except BaseException:  # a failure, or Ctrl-C while waiting: leave nothing behind
        process.send_signal(signal.SIGTERM)
        process.wait()
        raise


def _follow(reader: int, log: Path, report: Callable[[str], None]) -> Ready:
    with os.fdopen(reader) as lines:
        for line in lines:
            message: dict[str, Any] = json.loads(line)
            if "line" in message:
                report(message["line"])
            elif "failure" in message:
                raise Failure(message["failure"], details=message["details"])
            elif "ready" in message:
                return Ready(**message["ready"])
    raise Failure(f"The background process stopped unexpectedly; its log is {log}", details=last_lines(log, 12))


class _Report:
    """Writes to the parent for as long as it listens, and progress to the log as well."""

    def __init__(self, descriptor: int) -> None:
        self._pipe = os.fdopen(descriptor, "w")
        self._open = True

    def tell(self, message: dict[str, Any]) -> None:
        if self._open:
            try:
                print(json.dumps(message), file=self._pipe, flush=True)
            except BrokenPipeError:
                self._open = False

    def line(self, text: str) -> None:
        print(text, flush=True)
        self.tell({"line": text})

    def ready(self, ready: Ready) -> None:
        self.tell({"ready": {"url": ready.url, "accounts": ready.accounts}})
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._pipe.close()


def main() -> int:
    """Serve in the background; only `start` calls this."""
    parser = argparse.ArgumentParser(description="Background process of ./samenspel up --detach")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--rasa", type=int, default=1)
    parser.add_argument("--report-to", type=int, required=True)
    options = parser.parse_args()
    report = _Report(options.report_to)
    layout = Layout.of(os.environ)
    plan = Plan(layout, Ports(options.port, options.rasa), options.model, secrets.token_hex(12), dict(os.environ))
    try:
        serve(plan, report=report.line, on_ready=report.ready)
    except Failure as failure:
        print(failure.message, *failure.details, sep="\n", flush=True)
        report.tell({"failure": failure.message, "details": failure.details})
        return failure.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
