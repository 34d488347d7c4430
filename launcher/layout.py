"""Where everything lives: one place that knows the folders of the repository and of an instance."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Layout:
    """The folders of one instance. Models are shared by all instances of a clone, the rest is its own."""

    root: Path
    var: Path

    @classmethod
    def of(cls, environ: Mapping[str, str], root: Path = REPOSITORY) -> "Layout":
        """Read `SAMENSPEL_VAR`; empty is the default, and a relative path counts from the root of the repository."""
        return cls(root=root, var=Path(os.path.normpath(root / (environ.get("SAMENSPEL_VAR") or "var"))))

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def database_file(self) -> Path:
        return self.run / "database.json"

    @property
    def state_file(self) -> Path:
        return self.run / "supervisor.json"

    @property
    def lock_file(self) -> Path:
        return self.run / "supervisor.lock"

    @property
    def keys_file(self) -> Path:
        return self.var / "geheimen.json"

    @property
    def tests(self) -> Path:
        return self.var / "test"

    @property
    def models(self) -> Path:
        return self.root / "var" / "models"

    @property
    def setup_lock(self) -> Path:
        return self.root / "var" / "setup.lock"

    @property
    def app_python(self) -> Path:
        return self.root / ".venv-app" / "bin" / "python"

    @property
    def rasa_python(self) -> Path:
        return self.root / ".venv-rasa" / "bin" / "python"

    def make(self) -> None:
        """Make the folders that every instance needs."""
        for folder in (self.run, self.logs, self.models):
            folder.mkdir(parents=True, exist_ok=True)
