"""`./samenspel up`: from whatever is there to a running instance."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launcher import detached, disk, leftovers, ports, state
from launcher.console import Console
from launcher.environments import Environments, World
from launcher.failure import Failure
from launcher.layout import Layout
from launcher.service import Ready, serve
from launcher.training import Trainer
from launcher.variables import Plan

EXAMPLE_MUNICIPALITY = "GM0344"  # Utrecht, one of the demonstration


def default_port(environ: Mapping[str, str]) -> int:
    """What `--port` is when it is not given."""
    chosen = environ.get("SAMENSPEL_PORT") or str(ports.DEFAULT)
    if not chosen.isdigit():
        raise Failure(f"SAMENSPEL_PORT must be a number and is {chosen!r}.")
    return int(chosen)


def default_replicas(environ: Mapping[str, str]) -> int:
    """What `--rasa` is when it is not given."""
    chosen = environ.get("SAMENSPEL_RASA_REPLICAS") or "1"
    if not chosen.isdigit():
        raise Failure(f"SAMENSPEL_RASA_REPLICAS must be a number and is {chosen!r}.")
    return int(chosen)


@dataclass(frozen=True)
class Up:
    """Everything that `up` needs to know."""

    layout: Layout
    environ: Mapping[str, str]
    console: Console

    def __call__(self, *, port: int | None, rasa: int | None, detach: bool) -> int:
        """Set up what is missing, train when needed, start; returns the exit code."""
        chosen = ports.Ports(
            port if port is not None else default_port(self.environ),
            rasa if rasa is not None else default_replicas(self.environ),
        )
        self.layout.make()
        if state.is_running(self.layout):
            return self._already_running()
        if cleared := leftovers.clear_crashed_run(self.layout):
            self.console.say(f"Cleared {cleared} process(es) of a run that was cut off.")
        ports.require_free(chosen)
        Environments(self.layout, self.console, self.environ).ensure(World.APP, World.RASA)
        model = self._model()
        disk.require(self.layout.var, disk.RUNNING_GB, purpose="running")
        self.console.say("Starting Samenspel")
        if detach:
            ready = detached.start(self.layout, chosen, model, self.environ, report=self._progress)
            self._welcome(ready, stop_with="./samenspel down")
            return 0
        plan = Plan(self.layout, chosen, model, secrets.token_hex(12), self.environ)
        serve(plan, report=self._progress, on_ready=lambda ready: self._welcome(ready, stop_with="Ctrl-C"))
        self.console.say("Samenspel has stopped.")
        return 0

    def _already_running(self) -> int:
        running = state.read(self.layout.state_file)
        self.console.say(f"Samenspel is already running: {running.url if running else 'it is just starting'}")
        trainer = Trainer(self.layout, self.console, self.environ)
        if running and Path(running.model) != trainer.path_now():
            self.console.say("Its language model is not that of the present files; for a new one: down, then up.")
        return 0

    def _model(self) -> Path:
        """The model of the present sources; when it cannot be trained, the one that worked before."""
        trainer = Trainer(self.layout, self.console, self.environ)
        try:
            return trainer.ensure()
        except Failure as failure:
            old = trainer.current()
            if old is None:
                raise
            for line in (failure.message, *failure.details):
                self.console.say(line)
            self.console.say(f"Going on with the previous model, {old.name}.")
            return old

    def _progress(self, line: str) -> None:
        """Starting goes on when nobody reads along any more (`up | head`)."""
        with suppress(BrokenPipeError):
            self.console.say(line)

    def _welcome(self, ready: Ready, *, stop_with: str) -> None:
        """Where to go now, and the passwords that are shown this once."""
        say, url = self.console.say, ready.url.rstrip("/")
        say()
        say("Samenspel is running.")
        if ready.accounts:  # only a demonstration has either
            say(f"  Example page with the widget   {url}/")
        say(f"  Chat as a resident of Utrecht  {url}/chat/{EXAMPLE_MUNICIPALITY}")
        say(f"  Desk of the griffie            {url}/griffie")
        new = [account for account in ready.accounts if account.get("password")]
        if new:
            say("Demonstration accounts for the desk; these passwords are shown only this once:")
        elif ready.accounts:
            say("Demonstration accounts for the desk (passwords were shown once; lost them: ./samenspel reset):")
        for account in ready.accounts:
            where = ", ".join(account.get("municipalities", []))
            say(f"  {account['email']}  {account.get('password') or ''}  ({where})".replace("    ", "  "))
        say(f"Stop with {stop_with}")
        say()
