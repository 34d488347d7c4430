"""The instance that is broken on purpose: all parts and two replicas of Rasa, with doubles only of what is outside.

Its database lives on a small file system of its own where this machine allows that, so that the disk can be filled.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import detached, ports
from launcher.console import Console
from launcher.down import down
from launcher.layout import REPOSITORY, Layout
from launcher.parts import Part, parts
from launcher.ports import Ports
from launcher.variables import Plan, base
from tests.e2e.instance import Instance

REPLICAS = 2
DISK = "900m"
"""An empty instance takes some 200 MB of it."""


@dataclass(frozen=True)
class World:
    """The instance, and how to get at its processes."""

    instance: Instance
    layout: Layout
    ports: Ports
    environ: Mapping[str, str]
    small_disk: bool

    @property
    def rasas(self) -> list[str]:
        """The names of the replicas."""
        return list(self.ports.rasas)

    def signal(self, number: int, *names: str) -> None:
        """Send a signal to all processes of parts."""
        for name in names:
            os.killpg(self.instance.pid(name), number)

    @property
    def postmaster(self) -> int:
        """The database server itself: a guardian starts it and looks after it."""
        return int((self.layout.postgres / "postmaster.pid").read_text().splitlines()[0])

    def part(self, name: str, run_id: str) -> Part:
        """A part as the launcher would start it, for one more of it beside the instance."""
        model = Path(os.environ["SAMENSPEL_TEST_MODEL"])
        return {part.name: part for part in parts(Plan(self.layout, self.ports, model, run_id, self.environ))}[name]


@contextlib.contextmanager
def running(name: str, extra: Mapping[str, str], *, replicas: int = REPLICAS) -> Iterator[World]:
    """Start an instance with these settings; it is gone afterwards, and so is its disk."""
    outer = Layout.of(os.environ)
    layout = Layout(root=REPOSITORY, var=outer.var / name)
    if layout.run.exists():
        down(layout, Console())
    _unmount(layout.postgres)
    shutil.rmtree(layout.var, ignore_errors=True)
    layout.make()
    environ = {**base(outer, os.environ), "SAMENSPEL_DEMO": "true", "SAMENSPEL_LINK_CHECK": "false", **extra}
    chosen = Ports(ports.find_free().web, replicas)
    model = Path(os.environ["SAMENSPEL_TEST_MODEL"])
    try:
        small = _mounted(layout.postgres)
        with warnings.catch_warnings():  # its process is let go of, and stopped by `down`
            warnings.simplefilter("ignore", ResourceWarning)
            ready = detached.start(layout, chosen, model, environ, report=lambda line: None, outlive=False)
        instance = Instance(url=ready.url, state=layout.run, accounts=ready.accounts)
        yield World(instance, layout, chosen, environ, small)
    finally:
        with contextlib.suppress(KeyError, OSError, TypeError):  # what a drill froze and did not thaw could not stop
            for part in ("rasa", "rasa-2", "worker", "actions"):
                os.killpg(Instance(url="", state=layout.run, accounts=[]).pid(part), signal.SIGCONT)
        down(layout, Console())
        _unmount(layout.postgres)


def _mounted(folder: Path) -> bool:
    """Whether a small file system could be put there: it takes Linux and the rights of root."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _unmount(folder: Path) -> None:
    if os.path.ismount(folder):
        subprocess.run(["umount", "-l", str(folder)], check=True)
