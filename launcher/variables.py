"""The environment variables that each part of an instance gets, and no more than it needs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from launcher import keys
from launcher.layout import Layout
from launcher.models import concern_model
from launcher.ports import LOOPBACK, Ports

PREFIX = "SAMENSPEL_"
RUN_ID = "SAMENSPEL_RUN_ID"  # marks every process of one run, so that `down` can find the last of them
APP_ROLE, RASA_ROLE = "samenspel_app", "samenspel_rasa"

# Rasa is old software that reads residents' words: it gets its own two secrets and its own database role.
RASA_MAY_HAVE = frozenset(
    {
        "RASA_SECRET",
        "RASA_URL",
        "RASA_PORT",
        "RASA_DATABASE_URL",
        "ACTIONS_SECRET",
        "ACTIONS_URL",
        "DEMO",
        "LOG_FORMAT",
        "VAR",
        "RUN_ID",
    }
)
ONLY_PREPARE_MAY_HAVE = frozenset({"DATABASE_URL"})
SECRETS_OF_CHANNELS = {
    "telegram": frozenset({"TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"}),
    "koppeling": frozenset({"RELAY_URL", "RELAY_SECRET"}),
}
"""Only the part of the channel gets them, and the web part, where the channel sends its messages to.

The address of a relay goes with its secret: settings with only one of the two are refused.
"""


def base(layout: Layout, environ: Mapping[str, str]) -> dict[str, str]:
    """What any process of ours gets that knows no instance: training, checks, tests. None of the user's settings."""
    result = {name: value for name, value in environ.items() if not name.startswith(PREFIX) and name != "PYTHONHOME"}
    cache = layout.root / "var" / "cache"
    result |= {
        "PYTHONPATH": str(layout.root),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",  # one message is too little work to share out; threads only wait for each other
        "OPENBLAS_NUM_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's own use of SQLAlchemy 1.4
        "RASA_CACHE_DIRECTORY": str(cache / "rasa"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "RUFF_CACHE_DIR": str(cache / "ruff"),
        "MYPY_CACHE_DIR": str(cache / "mypy"),
    }
    return result


def as_role(url: str, role: str) -> str:
    """The same database, reached as another role without a password (the embedded server trusts its socket)."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}@{host}"))


@dataclass(frozen=True)
class Plan:
    """One instance to run: where, on which ports, with which model, and what the user set."""

    layout: Layout
    ports: Ports
    model: Path
    run_id: str
    environ: Mapping[str, str] = field(repr=False)

    @property
    def embedded(self) -> bool:
        """Without a database named by the user, we bring our own."""
        return not self.environ.get("SAMENSPEL_DATABASE_URL")

    @property
    def apart(self) -> bool:
        """Whether the owner of the tables has an address of its own, which only `prepare` needs."""
        return self.embedded or bool(self.environ.get("SAMENSPEL_APP_DATABASE_URL"))

    @property
    def demo(self) -> bool:
        """A database of one's own is never filled with a demonstration unless it is asked for."""
        if chosen := self.environ.get("SAMENSPEL_DEMO"):
            return chosen.strip().lower() in {"1", "true", "yes", "on", "ja"}
        return self.embedded

    @property
    def telegram(self) -> bool:
        """Whether there is a bot to bring to Telegram."""
        return bool(self.environ.get("SAMENSPEL_TELEGRAM_TOKEN"))

    @property
    def relay(self) -> bool:
        """Whether there is a service that brings messages to a channel of its own."""
        return bool(self.environ.get("SAMENSPEL_RELAY_URL"))

    @property
    def url(self) -> str:
        return self.environ.get("SAMENSPEL_PUBLIC_URL") or f"http://localhost:{self.ports.web}"

    def _databases(self) -> dict[str, str]:
        if self.embedded:
            owner = str(json.loads(self.layout.database_file.read_text())["url"])
            return {
                "DATABASE_URL": owner,
                "APP_DATABASE_URL": as_role(owner, APP_ROLE),
                "RASA_DATABASE_URL": as_role(owner, RASA_ROLE),
            }
        # With only the owner's URL, every process takes it and steps down with SET ROLE.
        # Rasa can not do that itself: the connection does it, and keeps its tables in its own schema.
        own_role = quote(f"-c role={RASA_ROLE} -c search_path=rasa")
        given = self.environ["SAMENSPEL_DATABASE_URL"]
        return {"RASA_DATABASE_URL": f"{given}{'&' if '?' in given else '?'}options={own_role}"}

    def _settings(self) -> dict[str, str]:
        defaults = keys.load_or_make(self.layout.keys_file) | {"HOST": LOOPBACK, "PUBLIC_URL": self.url}
        chosen = {
            name.removeprefix(PREFIX): value
            for name, value in self.environ.items()
            if name.startswith(PREFIX) and value
        }
        fixed = {
            "VAR": str(self.layout.var),
            "CONCERN_MODEL": str(concern_model(self.model)),
            "DEMO": "true" if self.demo else "false",
            "PORT": str(self.ports.web),
            "RASA_PORT": str(self.ports.rasa),
            "RASA_URL": " ".join(f"http://{LOOPBACK}:{port}" for port in self.ports.rasas.values()),
            "ACTIONS_PORT": str(self.ports.actions),
            "ACTIONS_URL": f"http://{LOOPBACK}:{self.ports.actions}",
            "RUN_ID": self.run_id,
        }
        chosen.pop("RASA_REPLICAS", None)  # for the launcher, and told to the others by RASA_URL
        return defaults | self._databases() | chosen | fixed

    def variables(self, part: str) -> dict[str, str]:
        """All environment variables of one part."""
        result = base(self.layout, self.environ)
        if part == "database":  # it comes before everything else and needs to know nothing
            return result | {RUN_ID: self.run_id}
        settings = self._settings()
        if part in self.ports.rasas:
            settings = {name: value for name, value in settings.items() if name in RASA_MAY_HAVE}
        elif part != "prepare" and self.apart:
            settings = {name: value for name, value in settings.items() if name not in ONLY_PREPARE_MAY_HAVE}
        for channel, secrets in SECRETS_OF_CHANNELS.items():
            if part not in ("web", channel):
                settings = {name: value for name, value in settings.items() if name not in secrets}
        if part == "actions":  # whatever the web part listens on, this one stays inside
            settings["HOST"] = LOOPBACK
        return result | {PREFIX + name: value for name, value in settings.items()}
