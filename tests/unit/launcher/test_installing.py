"""Environments: left alone when they are right, completed when they are not, and clear when that fails."""

import io
import json
import sys
from pathlib import Path

import pytest

from launcher import disk, registry
from launcher.console import Console
from launcher.environments import STAMP, Environments, World, digest
from launcher.failure import Failure
from launcher.layout import Layout
from launcher.pythons import Python

UV = """#!/bin/sh
echo "$@" >> "{calls}"
if [ "$1" = venv ]; then
    for folder; do :; done
    mkdir -p "$folder/bin" && ln -s "{python}" "$folder/bin/python"
fi
{also}
"""


class Machine:
    """A clone without environments, and a uv that notes how it is called."""

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder, folder / "var")
        self.calls_file = folder / "calls"
        self.output = io.StringIO()
        (folder / "requirements").mkdir()
        for name in ("app", "dev", "rasa", "rasa-dev", "uv"):
            (folder / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
        self.searched: list[World] = []
        self.uv()

    def uv(self, also: str = "") -> None:
        path = self.layout.root / "bin" / "uv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(UV.format(calls=self.calls_file, python=sys.executable, also=also))
        path.chmod(0o755)

    def environments(self) -> Environments:
        def find(world: World, _environ: object) -> Python:
            self.searched.append(world)
            return Python(Path(sys.executable), sys.version_info[:3])

        environ = {"PATH": f"{self.layout.root}/bin:/usr/bin:/bin", "UV_DEFAULT_INDEX": "of the user"}
        return Environments(self.layout, Console(self.output), environ, find)

    def calls(self) -> list[str]:
        """How uv was called since the last time."""
        calls = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return [call.replace(f"{self.layout.root}/", "") for call in calls]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


SYNC = "pip sync --require-hashes --compile-bytecode --python"


def test_both_are_made_and_installed_by_hash_once(machine: Machine) -> None:
    machine.environments().ensure(World.APP, World.RASA)
    assert machine.calls() == [
        f"venv --quiet --python {sys.executable} .venv-app",
        f"{SYNC} .venv-app/bin/python requirements/app.txt",
        f"venv --quiet --python {sys.executable} .venv-rasa",
        f"{SYNC} .venv-rasa/bin/python requirements/rasa.txt",
    ]
    machine.environments().ensure(World.APP, World.RASA)
    assert machine.calls() == []
    assert machine.searched == [World.APP, World.RASA]


def test_the_tests_list_serves_for_running_too(machine: Machine) -> None:
    machine.environments().ensure(World.APP, tests=True)
    assert machine.calls()[-1] == f"{SYNC} .venv-app/bin/python requirements/dev.txt"
    machine.environments().ensure(World.APP)
    assert machine.calls() == []


def test_changed_requirements_are_installed_again(machine: Machine) -> None:
    machine.environments().ensure(World.APP)
    machine.calls()
    (machine.layout.root / "requirements/app.txt").write_text("app==2\n")
    machine.environments().ensure(World.APP)
    assert machine.calls() == [f"{SYNC} .venv-app/bin/python requirements/app.txt"]


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.environments().ensure(World.APP)
    machine.calls()
    python = machine.layout.app_python
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    machine.environments().ensure(World.APP)
    assert machine.calls()[0] == f"venv --quiet --python {sys.executable} .venv-app"


def test_a_failed_install_shows_the_last_lines_and_is_tried_again(machine: Machine) -> None:
    machine.uv(also='[ "$1" = venv ] || { echo "hash mismatch for rasa"; exit 2; }')
    with pytest.raises(Failure) as failure:
        machine.environments().ensure(World.APP)
    log = machine.layout.root / "var/logs/install-app.log"
    assert failure.value.message == (
        f"Installing the app environment failed. The last lines follow; the full log is {log}"
    )
    assert failure.value.details == ["hash mismatch for rasa"]
    machine.uv()
    machine.calls()
    machine.environments().ensure(World.APP)
    assert machine.calls() == [f"{SYNC} .venv-app/bin/python requirements/app.txt"]


def test_a_disk_that_fills_up_while_installing_is_named(machine: Machine) -> None:
    machine.uv(also='[ "$1" = venv ] || { echo "failed to write: No space left on device (os error 28)"; exit 2; }')
    with pytest.raises(Failure, match=r"^The disk is full\."):
        machine.environments().ensure(World.APP)


def test_too_little_space_is_noticed_before_anything_is_made(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_gb", lambda folder: 3.21)
    with pytest.raises(Failure) as failure:
        machine.environments().ensure(World.APP, World.RASA)
    expected = f"Not enough disk space in {machine.layout.root}: installing needs 6 GB, 3.2 GB is free."
    assert failure.value.message == expected
    assert not (machine.layout.root / ".venv-app").exists()


def test_a_missing_python_is_noticed_before_anything_is_made(machine: Machine) -> None:
    environments = machine.environments()

    def find(world: World, _environ: object) -> Python:
        if world is World.RASA:
            raise Failure("no 3.10")
        return Python(Path(sys.executable), sys.version_info[:3])

    environments.find = find
    with pytest.raises(Failure, match=r"^no 3\.10$"):
        environments.ensure(World.APP, World.RASA)
    assert machine.calls() == []


def test_an_unreadable_stamp_counts_as_none(machine: Machine) -> None:
    machine.environments().ensure(World.APP)
    stamp = machine.layout.root / ".venv-app" / STAMP
    assert json.loads(stamp.read_text()) == {
        "requirements/app.txt": digest(machine.layout.root / "requirements/app.txt")
    }
    stamp.write_text("{")
    assert machine.environments().is_ready(World.APP) is False


def test_uv_gets_the_index_and_certificate_that_pip_has() -> None:
    pip = {"PIP_INDEX_URL": "https://mirror.voorbeeld.nl/simple", "PIP_CERT": "/ca.pem", "PIP_DEFAULT_TIMEOUT": "90"}
    assert registry.environment_for_uv(pip) == {
        **pip,
        "UV_DEFAULT_INDEX": "https://mirror.voorbeeld.nl/simple",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_HTTP_TIMEOUT": "90",
    }


def test_uv_keeps_its_own_settings() -> None:
    own = {"UV_DEFAULT_INDEX": "a", "SSL_CERT_FILE": "b", "UV_HTTP_TIMEOUT": "9"}
    pip = {"PIP_INDEX_URL": "x", "PIP_CERT": "y"}
    assert registry.environment_for_uv({**own, **pip}) == {**own, **pip}
