"""Commands whose arguments are another program's, such as `chat`, `evaluate`, `retention`, `backup` and `bench`."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from launcher import keys, state
from launcher.console import Console
from launcher.environments import Environments, World
from launcher.failure import Failure
from launcher.layout import Layout
from launcher.models import concern_model
from launcher.training import Trainer
from launcher.variables import base

OWN_DATABASE = ("SAMENSPEL_DATABASE_URL", "SAMENSPEL_APP_DATABASE_URL")
OWN_PSEUDONYM_KEY = ("SAMENSPEL_PSEUDONYM_KEY", "SAMENSPEL_PSEUDONYM_KEY_FILE")
WITHOUT_SECRETS = {"--new-key", "--help", "-h"}
ALSO_NEEDED = {"nlu": (World.RASA,)}
"""What a measurement needs beside the app environment, in which all of them run."""

WITH_TEST_TOOLS = {"desk", "fuzz"}
"""Measurements that use a program of the tests."""


@dataclass(frozen=True)
class Passing:
    """Hands the terminal over to the program, so that Ctrl-C, pipes and exit code are its own.

    Whatever has to be said before that goes to stderr: the output may be JSON.
    """

    layout: Layout
    environ: Mapping[str, str]
    console: Console

    def chat(self, arguments: Sequence[str]) -> NoReturn:
        """Talk to the running instance."""
        run = state.read(self.layout.state_file) if state.is_running(self.layout) else None
        if run is None:
            raise Failure("Samenspel is not running. Start it with: ./samenspel up --detach")
        about = {"SAMENSPEL_PORT": str(run.port), "SAMENSPEL_PUBLIC_URL": run.url}
        self._become(self.layout.app_python, "bot.terminal", arguments, self._settings() | about)

    def evaluate(self, arguments: Sequence[str]) -> NoReturn:
        """Score the model of the present sources, trained first when needed."""
        self._ensure(World.APP, World.RASA)
        chosen: list[str] = []
        if not any(argument == "--model" or argument.startswith("--model=") for argument in arguments):
            model = Trainer(self.layout, self.console, self.environ).ensure()
            chosen = ["--model", str(model), "--concern-model", str(concern_model(model))]
        variables = base(self.layout, self.environ)
        self._become(self.layout.rasa_python, "nlu.components.evaluation", [*chosen, *arguments], variables)

    def mask(self, arguments: Sequence[str]) -> NoReturn:
        """Mask the lines of a file or of standard input; nothing has to run."""
        self._ensure(World.APP)
        self._become(self.layout.app_python, "participation.privacy.masking_lines", arguments, self._settings())

    def retention(self, arguments: Sequence[str]) -> NoReturn:
        """Look at, or do, the nightly erasing."""
        self._with_database("participation.privacy.retention_round", arguments)

    def audit(self, arguments: Sequence[str]) -> NoReturn:
        """Look at the log of the desk, or check it."""
        self._with_database("participation.audit_check", arguments)

    def backup(self, arguments: Sequence[str]) -> NoReturn:
        """Copy the database, whether Samenspel runs or not."""
        elsewhere = state.is_running(self.layout) or self.environ.get("SAMENSPEL_DATABASE_URL")
        if not elsewhere and not self.layout.postgres.exists() and "--new-key" not in arguments:
            raise Failure("There is no database here yet. Make one with: ./samenspel up")
        self._keep("participation.operations.backup", arguments)

    def restore(self, arguments: Sequence[str]) -> NoReturn:
        """Put a copy back, while nothing runs."""
        if state.is_running(self.layout) and not {"--check", "--help", "-h"}.intersection(arguments):
            raise Failure("Samenspel is running. Stop it first with: ./samenspel down")
        self._keep("participation.operations.restore", arguments)

    def _keep(self, module: str, arguments: Sequence[str]) -> NoReturn:
        """Work with the whole database as its owner; the embedded one is started for it when nothing runs.

        Whose pseudonyms are in a back-up is known by the key, so a new one is never made here.
        """
        self._ensure(World.APP)
        about: dict[str, str] = {}
        chosen: list[str] = []
        if not self.environ.get("SAMENSPEL_DATABASE_URL"):
            if state.is_running(self.layout):
                about["SAMENSPEL_DATABASE_URL"] = json.loads(self.layout.database_file.read_text())["url"]
            else:
                chosen = ["--embedded", str(self.layout.postgres)]
        if not any(self.environ.get(name) for name in OWN_PSEUDONYM_KEY):
            if self.layout.keys_file.exists():
                about["SAMENSPEL_PSEUDONYM_KEY"] = keys.load_or_make(self.layout.keys_file)["PSEUDONYM_KEY"]
            elif not WITHOUT_SECRETS.intersection(arguments):
                raise Failure(f"The secrets of this installation are not here yet: {self.layout.keys_file}")
        self._become(self.layout.app_python, module, [*arguments, *chosen], self._settings() | about, stay=True)

    def _with_database(self, module: str, arguments: Sequence[str]) -> NoReturn:
        """Work in the database of the running instance, or in one's own."""
        about: dict[str, str] = {}
        if not any(self.environ.get(name) for name in OWN_DATABASE):
            if not state.is_running(self.layout):
                raise Failure("Samenspel is not running. Start it with: ./samenspel up --detach")
            about["SAMENSPEL_DATABASE_URL"] = json.loads(self.layout.database_file.read_text())["url"]
        self._become(self.layout.app_python, module, arguments, self._settings() | about)

    def bench(self, arguments: Sequence[str]) -> NoReturn:
        """Run one measurement."""
        names = benches(self.layout.root)
        if not arguments or arguments[0] not in names:
            wrong = f"There is no bench {arguments[0]!r}." if arguments else "Which bench?"
            raise Failure(f"{wrong} There are: {', '.join(names) or 'none'}.")
        self._ensure(World.APP, *ALSO_NEEDED.get(arguments[0], ()), tests=arguments[0] in WITH_TEST_TOOLS)
        self._become(self.layout.app_python, f"bench.{arguments[0]}", arguments[1:], self._settings())

    def packages(self, arguments: Sequence[str]) -> NoReturn:
        """List what is installed, or look for known weaknesses in it."""
        self._ensure(World.APP, tests=True)
        self._become(self.layout.app_python, "supply", arguments, self._settings())

    def papers(self, arguments: Sequence[str]) -> NoReturn:
        """Write the papers by which a municipality gives account."""
        self._ensure(World.APP)
        self._become(self.layout.app_python, "papers", arguments, self._settings())

    def _ensure(self, *worlds: World, tests: bool = False) -> None:
        Environments(self.layout, self.console, self.environ).ensure(*worlds, tests=tests)

    def _settings(self) -> dict[str, str]:
        """What any program gets, and the user's own settings. These programs hold no secrets, so none are asked for."""
        own = {name: value for name, value in self.environ.items() if name.startswith("SAMENSPEL_")}
        fixed = {"SAMENSPEL_DEMO": "true", "SAMENSPEL_VAR": str(self.layout.var)}
        return base(self.layout, self.environ) | own | fixed

    def _become(
        self, python: Path, module: str, arguments: Sequence[str], variables: dict[str, str], *, stay: bool = False
    ) -> NoReturn:
        if not stay:  # what is named on the command line counts from where it was typed
            os.chdir(self.layout.root)
        sys.stdout.flush()
        safe = ["-P"] if stay else []  # no folder of that name where it was typed is taken for ours
        os.execve(python, [str(python), *safe, "-m", module, *arguments], variables)  # noqa: S606  (no shell)


def benches(root: Path) -> list[str]:
    """The measurements there are, by name."""
    modules = [path.stem for path in (root / "bench").glob("*.py")]
    packages = [path.parent.name for path in (root / "bench").glob("*/__main__.py")]
    return sorted(name for name in modules + packages if not name.startswith("_"))
