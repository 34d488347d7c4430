"""Two versions of the program on one database, each with all its own processes."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from participation.database.embedded import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
KEPT = ("SAMENSPEL_PYTHON310",)
SHARED = (".venv-app", ".venv-rasa", "var/models", "var/cache")
"""Of the clone: packages, which both must want in the same versions, and models, each found by its fingerprint."""
KEYS = "geheimen.json"
DRAIN_SECONDS = "3"
"""How long a web process that was told to stop says so before it takes no more."""


class VersionsDiffer(Exception):
    """The two can not share their packages."""


@dataclass(frozen=True)
class Version:
    """One of the two.

    Args:
        root: the folder with its code.
        var: the folder with its data, beside the database.
    """

    root: Path
    var: Path
    port: int
    database_url: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Bring the database to what it expects, start all its processes, and wait until they are healthy.

        Raises:
            subprocess.CalledProcessError: why stands on stderr.
        """
        self._call("up", "--detach", "--port", str(self.port))

    def stop(self) -> None:
        """Stop it, as on a machine that is taken out of service."""
        self._call("down")

    def _call(self, *arguments: str) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SAMENSPEL_")}
        environ |= {name: os.environ[name] for name in KEPT if name in os.environ}
        environ |= {
            "SAMENSPEL_VAR": str(self.var),
            "SAMENSPEL_DATABASE_URL": self.database_url,
            "SAMENSPEL_DEMO": "true",
            "SAMENSPEL_LINK_CHECK": "false",
            "SAMENSPEL_DRAIN_SECONDS": DRAIN_SECONDS,
        }
        command = (sys.executable, str(self.root / "samenspel"), *arguments)
        subprocess.run(command, cwd=self.root, env=environ, stdout=sys.stderr, check=True)  # noqa: S603  (our own)


@contextlib.contextmanager
def two_versions(folder: Path, revision: str, *, ports: tuple[int, int]) -> Iterator[tuple[Version, Version]]:
    """Give the version of a revision and this one, on an empty database; stop them and remove all afterwards.

    Raises:
        VersionsDiffer: they want other packages.
        subprocess.CalledProcessError: there is no such revision.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before = folder / "code"
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        _git("worktree", "prune")
        _git("worktree", "add", "--detach", str(before), revision)
        stack.callback(_git, "worktree", "remove", "--force", str(before))
        if _packages(before) != _packages(ROOT):
            raise VersionsDiffer
        (before / "var").mkdir()
        for shared in SHARED:
            (before / shared).symlink_to(ROOT / shared)
        url = stack.enter_context(EmbeddedPostgres(folder / "postgres")).url
        old = Version(before, folder / "oud", ports[0], url)
        new = Version(ROOT, folder / "nieuw", ports[1], url)
        for version in (old, new):
            version.var.mkdir()
            stack.callback(_quietly_stopped, version)
        yield old, new


def share_keys(old: Version, new: Version) -> None:
    """Give the new version the secrets of the old one: all processes of an installation have the same."""
    shutil.copy(old.var / KEYS, new.var / KEYS)


def _packages(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (root / "requirements").glob("*.txt")}


def _git(*arguments: str) -> None:
    subprocess.run(("git", "-C", str(ROOT), *arguments), stdout=sys.stderr, check=True)  # noqa: S603,S607  (our clone)


def _quietly_stopped(version: Version) -> None:
    with contextlib.suppress(subprocess.CalledProcessError):
        version.stop()
