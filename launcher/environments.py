"""The two virtual environments: made once, installed by hash, left alone while their requirements stay the same."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from launcher import disk, pythons
from launcher.commands import ask, last_lines, run_logged
from launcher.console import Console
from launcher.failure import Failure, command_failure
from launcher.layout import Layout
from launcher.locks import one_at_a_time
from launcher.registry import environment_for_uv

UV_REQUIREMENTS = "requirements/uv.txt"
STAMP = ".samenspel.json"


class World(Enum):
    """The two worlds and, per purpose, what is installed in them: the tests' list holds the other one."""

    APP = ("app", ".venv-app", "requirements/app.txt", "requirements/dev.txt")
    RASA = ("rasa", ".venv-rasa", "requirements/rasa.txt", "requirements/rasa-dev.txt")

    def __init__(self, title: str, folder: str, to_run: str, to_test: str) -> None:
        self.title = title
        self.folder = folder
        self.to_run = to_run
        self.to_test = to_test


def find_python(world: World, environ: Mapping[str, str]) -> pythons.Python:
    """The interpreter to make this world's environment with."""
    return pythons.find_app_python(environ) if world is World.APP else pythons.find_rasa_python(environ)


def digest(path: Path) -> str:
    """Hash of a requirements file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Environments:
    """Makes and completes the environments of one clone."""

    layout: Layout
    console: Console
    environ: Mapping[str, str]
    find: Callable[[World, Mapping[str, str]], pythons.Python] = field(default=find_python)

    def ensure(self, *worlds: World, tests: bool = False) -> None:
        """Make sure that these worlds have what is needed to run, or to test; quick when they have."""
        if all(self.is_ready(world, tests=tests) for world in worlds):
            return
        with one_at_a_time(self.layout.setup_lock, what="installing", console=self.console):
            todo = [world for world in worlds if not self.is_ready(world, tests=tests)]
            missing = [world for world in todo if not self.python(world).exists()]
            found = {world: self.find(world, self.environ) for world in missing}  # all complaints before any work
            if todo:
                needed = disk.FIRST_SETUP_GB if missing else disk.LATER_SETUP_GB
                disk.require(self.layout.root, needed, purpose="installing")
            if World.APP in found:
                self._make(World.APP, found[World.APP])
            for world in todo:
                if world is World.RASA and world in found:
                    self._make(world, found[world])
                self._install(world, tests=tests)

    def python(self, world: World) -> Path:
        """The environment's interpreter, there or not."""
        return self.layout.root / world.folder / "bin" / "python"

    def is_ready(self, world: World, *, tests: bool = False) -> bool:
        """Whether what is installed is what the requirements file says now."""
        wanted = world.to_test if tests else world.to_run
        installed = self._stamp(world).get(wanted)
        return self.python(world).exists() and installed == digest(self.layout.root / wanted)

    def _stamp(self, world: World) -> dict[str, str]:
        try:
            stamp = json.loads((self.layout.root / world.folder / STAMP).read_text())
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _log(self, name: str) -> Path:
        return self.layout.root / "var" / "logs" / f"{name}.log"

    def _run(self, what: str, name: str, command: list[str]) -> None:
        log = self._log(name)
        environ = environment_for_uv(self.environ)
        with self.console.step(what):
            if run_logged(command, log=log, cwd=self.layout.root, env=environ) != 0:
                raise command_failure(what, tail=last_lines(log, 12), log=str(log))

    def _make(self, world: World, python: pythons.Python) -> None:
        self.console.say(f"The {world.title} environment uses {python}")
        folder = self.layout.root / world.folder
        if folder.exists():  # without a working interpreter, so it is of no use to anyone
            shutil.rmtree(folder)
        # Only the app environment can come before uv: uv may have to be installed in it.
        uv = self._uv_on_path() if world is World.APP else str(self._uv())
        if uv:
            command = [uv, "venv", "--quiet", "--python", str(python.path), str(folder)]
        else:
            if ask([str(python.path), "-c", "import ensurepip, venv"])[0] != 0:
                version = f"{python.version[0]}.{python.version[1]}"
                raise Failure(
                    f"{python} cannot make virtual environments; install python{version}-venv "
                    f"('apt install python{version}-venv') or uv."
                )
            command = [str(python.path), "-m", "venv", str(folder)]
        self._run(f"Making {world.folder}", f"install-{world.title}", command)

    def _uv_on_path(self) -> str | None:
        return shutil.which("uv", path=self.environ.get("PATH"))

    def _own_uv(self) -> Path:
        return self.layout.root / World.APP.folder / "bin" / "uv"

    def _uv(self) -> Path:
        """The uv on PATH, or our own, installed by hash into the app environment."""
        if found := self._uv_on_path():
            return Path(found)
        if os.access(self._own_uv(), os.X_OK):
            return self._own_uv()
        python = str(self.python(World.APP))
        if not self.python(World.APP).exists():  # only the Rasa world was asked for
            self._make(World.APP, self.find(World.APP, self.environ))
        if ask([python, "-m", "pip", "--version"])[0] != 0:
            self._run("Adding pip", "install-pip", [python, "-m", "ensurepip"])
        requirements = str(self.layout.root / UV_REQUIREMENTS)
        pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", requirements]
        self._run("Installing uv", "install-uv", pip)
        return self._own_uv()

    def _install(self, world: World, *, tests: bool) -> None:
        """Make the environment exactly what its requirements file says.

        Byte code is made at once: TensorFlow starts 7 s faster with it, also where Python may not write any.
        """
        uv = self._uv()
        wanted = world.to_test if tests else world.to_run
        files = [wanted] + ([UV_REQUIREMENTS] if world is World.APP and uv == self._own_uv() else [])
        sync = [str(uv), "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", str(self.python(world))]
        stamp = self.layout.root / world.folder / STAMP
        stamp.unlink(missing_ok=True)
        self._run(f"Installing the {world.title} environment", f"install-{world.title}", [*sync, *files])
        covered = {world.to_run, wanted}
        stamp.write_text(json.dumps({name: digest(self.layout.root / name) for name in sorted(covered)}))
