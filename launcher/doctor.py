"""`./samenspel doctor`: everything that has to be right on this machine, one line each."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from launcher import chromium, disk, ports, state
from launcher.commands import ask
from launcher.console import Console
from launcher.environments import Environments, World
from launcher.failure import Failure
from launcher.layout import Layout
from launcher.training import Trainer
from launcher.variables import base

CONNECT = "import os, psycopg; psycopg.connect(os.environ['SAMENSPEL_DATABASE_URL'], connect_timeout=5).close()"


class Mark(StrEnum):
    """How a line starts: in order, worth knowing, or in the way of working."""

    FINE = "ok  "
    NOTE = "note"
    PROBLEM = "!!  "


Line = tuple[Mark, str]


@dataclass(frozen=True)
class Doctor:
    """Looks, changes nothing."""

    layout: Layout
    environ: Mapping[str, str]
    console: Console

    def __call__(self, port: int) -> int:
        """Print all lines; exit code 1 when something is in the way."""
        lines = 0
        problems = 0
        for mark, text in self.look(port):
            self.console.say(f"{mark}  {text}")
            lines += 1
            problems += mark is Mark.PROBLEM
        self.console.say(f"{lines} checks, {problems} problem(s)")
        return 1 if problems else 0

    def look(self, port: int) -> Iterator[Line]:
        """One line per subject."""
        yield Mark.FINE, f"Launcher: Python {sys.version.split()[0]} ({sys.executable})"
        for world in World:
            yield from self._world(world)
        yield self._says(World.RASA, "Dutch language model (spaCy)", "nlu.components.spacy_model", Mark.PROBLEM)
        for world in World:
            subject = f"Sentence encoder in {world.folder}"
            yield self._says(world, subject, "participation.language.encoder", Mark.NOTE)
        yield self._model()
        yield self._running()
        yield self._database()
        yield from self._ports(ports.Ports(port))
        yield self._disk()
        yield self._chromium()

    def _world(self, world: World) -> Iterator[Line]:
        environments = Environments(self.layout, self.console, self.environ)
        python = environments.python(world)
        if python.exists():
            _, version = ask([str(python), "--version"])
            if environments.is_ready(world):
                yield Mark.FINE, f"{world.folder}: {version}, installed as the requirements say"
            else:
                yield Mark.NOTE, f"{world.folder}: {version}, not up to date; 'up' and 'test' install what is missing"
            return
        try:
            yield (
                Mark.NOTE,
                f"{world.folder}: not made yet; 'up' makes it with {environments.find(world, self.environ)}",
            )
        except Failure as failure:
            yield Mark.PROBLEM, f"{world.folder}: {failure.message}"

    def _says(self, world: World, subject: str, module: str, when_missing: Mark) -> Line:
        """Let the module that knows say it in its one line."""
        python = self.layout.root / world.folder / "bin" / "python"
        if not python.exists():
            return Mark.NOTE, f"{subject}: unknown until {world.folder} is made"
        command = [str(python), "-m", module]
        code, answer = ask(command, timeout=120, cwd=self.layout.root, env=base(self.layout, self.environ))
        last = answer.splitlines()[-1] if answer else f"no answer (exit code {code})"
        return (Mark.FINE if code == 0 else when_missing), f"{subject}: {last}"

    def _model(self) -> Line:
        trainer = Trainer(self.layout, self.console, self.environ)
        current = trainer.current()
        if current is None:
            return Mark.NOTE, "Language model: none yet; 'up' and 'train' make one"
        if trainer.is_current():
            return Mark.FINE, f"Language model: {current.name}, made from the present files"
        return (
            Mark.NOTE,
            f"Language model: {current.name}, older than the present files; 'up' and 'train' make a new one",
        )

    def _running(self) -> Line:
        summary = state.summary(self.layout)
        if not summary["running"]:
            return Mark.FINE, "Instance: not running"
        if summary["healthy"]:
            return Mark.FINE, f"Instance: running and healthy, {summary['url']}"
        return Mark.PROBLEM, "Instance: running, but not healthy; see ./samenspel status"

    def _database(self) -> Line:
        url = self.environ.get("SAMENSPEL_DATABASE_URL")
        name = "the one in SAMENSPEL_DATABASE_URL" if url else "embedded PostgreSQL"
        if not url and not state.is_running(self.layout):
            return Mark.FINE, f"Database: {name}, starts with 'up'"
        if not self.layout.app_python.exists():
            return Mark.NOTE, f"Database: {name}, cannot be tried until .venv-app is made"
        try:
            url = url or str(json.loads(self.layout.database_file.read_text())["url"])
        except (OSError, ValueError, KeyError):
            return Mark.PROBLEM, f"Database: {name} does not say where it is; see ./samenspel logs database"
        environ = base(self.layout, self.environ) | {"SAMENSPEL_DATABASE_URL": url}
        code, answer = ask([str(self.layout.app_python), "-c", CONNECT], env=environ)
        if code == 0:
            return Mark.FINE, f"Database: {name}, reachable"
        return Mark.PROBLEM, f"Database: {name} is not reachable: {answer.splitlines()[-1] if answer else 'no answer'}"

    def _ports(self, wanted: ports.Ports) -> Iterator[Line]:
        if state.is_running(self.layout):
            return
        for name, port in wanted.all().items():
            trouble = ports.problem(port)
            yield (Mark.PROBLEM, f"{trouble} ({name}); use --port") if trouble else (Mark.FINE, f"Port {port}: free")

    def _disk(self) -> Line:
        free = disk.free_gb(self.layout.root)
        made = all((self.layout.root / world.folder).exists() for world in World)
        needed = disk.LATER_SETUP_GB if made else disk.FIRST_SETUP_GB
        mark = Mark.FINE if free >= needed else Mark.PROBLEM
        return mark, f"Disk: {free:.0f} GB free, {needed:g} GB is wanted"

    def _chromium(self) -> Line:
        if path := chromium.find(self.environ):
            return Mark.FINE, f"Chromium for the browser tests: {path}"
        how = "'test' installs it" if chromium.may_install(self.environ) else f"install it with: {chromium.advice()}"
        return Mark.NOTE, f"Chromium for the browser tests: not found; {how}"
