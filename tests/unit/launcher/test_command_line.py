"""The command line as a user meets it: help, mistakes, an old Python, and arguments that are passed on."""

import errno
import io
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import cli, locks, ports
from launcher.console import Console, elapsed
from launcher.failure import DISK_FULL, Failure
from launcher.layout import REPOSITORY, Layout
from launcher.reset import refuse_dangerous
from tests.unit.launcher.conftest import Clone

COMMANDS = [
    *("up", "down", "status", "logs", "test", "train", "evaluate", "chat"),
    *("mask", "retention", "audit", "backup", "restore", "packages", "papers", "bench", "doctor", "reset"),
]


def test_help_names_every_command(clone: Clone) -> None:
    answer = clone.call("--help")
    assert answer.returncode == 0
    assert [line.split()[0] for line in answer.stdout.splitlines() if line.startswith("    ") and line[4] != " "] == (
        COMMANDS
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(clone: Clone, command: str) -> None:
    answer = clone.call(command, "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"usage: ./samenspel {command}")
    assert len(answer.stdout.splitlines()) > 2


def test_arguments_of_chat_are_passed_on_as_they_are(clone: Clone) -> None:
    folder = clone.layout.root / "bot"
    folder.mkdir()
    (folder / "terminal.py").write_text(
        "import os, sys; print(sys.argv[1:], os.environ['SAMENSPEL_PUBLIC_URL']); sys.exit(7)"
    )
    arguments = ["--gemeente", "GM0344", "Wat doet -- de raad?", "--json"]
    refused = clone.call("chat", *arguments)
    assert (refused.returncode, refused.stderr) == (
        1,
        "samenspel: Samenspel is not running. Start it with: ./samenspel up --detach\n",
    )
    clone.call("up", "--detach")
    answer = clone.call("chat", *arguments)
    assert (answer.returncode, answer.stdout) == (7, f"{arguments} http://localhost:{clone.ports.web}\n")


def test_evaluate_passes_the_model_on(clone: Clone) -> None:
    folder = clone.layout.root / "nlu" / "components"
    folder.mkdir(parents=True)
    clone.layout.models.joinpath("m.tar.gz").touch()
    (folder / "evaluation.py").write_text("import sys; print(sys.argv[1:])")
    given = ["--model", str(clone.layout.models / "m.tar.gz"), "--json"]
    assert clone.call("evaluate", *given).stdout == f"{given}\n"


def test_arguments_of_mask_are_passed_on_and_nothing_has_to_run(clone: Clone) -> None:
    folder = clone.layout.root / "participation" / "privacy"
    folder.mkdir(parents=True)
    (folder / "masking_lines.py").write_text("import sys; print(sys.argv[1:]); sys.exit(2)")
    answer = clone.call("mask", "geen bestand.txt")
    assert (answer.returncode, answer.stdout) == (2, "['geen bestand.txt']\n")


def test_retention_works_in_the_database_of_the_running_instance_or_in_ones_own(clone: Clone) -> None:
    folder = clone.layout.root / "participation" / "privacy"
    folder.mkdir(parents=True)
    (folder / "retention_round.py").write_text(
        "import os, sys; print(sys.argv[1:], os.environ['SAMENSPEL_DATABASE_URL'])"
    )
    refused = clone.call("retention", "--dry-run")
    assert (refused.returncode, refused.stderr) == (
        1,
        "samenspel: Samenspel is not running. Start it with: ./samenspel up --detach\n",
    )
    own = clone.call(
        "retention", "--dry-run", environ=dict(clone.environ) | {"SAMENSPEL_DATABASE_URL": "postgresql://elders/x"}
    )
    assert (own.returncode, own.stdout) == (0, "['--dry-run'] postgresql://elders/x\n")
    clone.call("up", "--detach")
    running = clone.call("retention", "--dry-run")
    url = json.loads(clone.layout.database_file.read_text())["url"]
    assert (running.returncode, running.stdout) == (0, f"['--dry-run'] {url}\n")


def test_a_back_up_is_made_with_the_key_there_is_and_put_back_only_when_nothing_runs(clone: Clone) -> None:
    folder = clone.layout.root / "participation" / "operations"
    folder.mkdir(parents=True)
    told = "'SAMENSPEL_DATABASE_URL', 'SAMENSPEL_PSEUDONYM_KEY'"
    for name in ("backup.py", "restore.py"):
        (folder / name).write_text(f"import os, sys; print(sys.argv[1:], [os.environ.get(name) for name in ({told})])")
    nothing = clone.call("backup", "kopie")
    assert nothing.stderr == "samenspel: There is no database here yet. Make one with: ./samenspel up\n"
    fresh = clone.call("restore", "een.age")
    assert fresh.stderr == f"samenspel: The secrets of this installation are not here yet: {clone.layout.keys_file}\n"
    assert not clone.layout.keys_file.exists()  # a new key would not know the residents
    embedded = ["--embedded", str(clone.layout.postgres)]
    assert clone.call("backup", "--new-key", "k").stdout == f"{['--new-key', 'k', *embedded]} [None, None]\n"
    clone.call("up", "--detach")
    url = json.loads(clone.layout.database_file.read_text())["url"]
    key = json.loads(clone.layout.keys_file.read_text())["PSEUDONYM_KEY"]
    assert clone.call("backup", "kopie").stdout == f"['kopie'] ['{url}', '{key}']\n"
    refused = clone.call("restore", "een.age")
    assert (refused.returncode, refused.stderr) == (
        1,
        "samenspel: Samenspel is running. Stop it first with: ./samenspel down\n",
    )
    own = dict(clone.environ) | {"SAMENSPEL_DATABASE_URL": "postgresql://elders/x", "SAMENSPEL_PSEUDONYM_KEY": "k"}
    clone.call("down")
    assert clone.call("restore", "een.age", environ=own).stdout == "['een.age'] ['postgresql://elders/x', 'k']\n"


def test_an_unknown_bench_lists_those_that_exist(clone: Clone) -> None:
    folder = clone.layout.root / "bench"
    folder.mkdir()
    for name in ("__init__.py", "turns.py", "memory.py"):
        (folder / name).write_text("print('measured')")
    answer = clone.call("bench", "speed")
    assert (answer.returncode, answer.stderr) == (
        1,
        "samenspel: There is no bench 'speed'. There are: memory, turns.\n",
    )
    assert clone.call("bench", "turns").stdout == "measured\n" * 2  # the package, then the module


def test_a_bench_asks_for_no_more_environments_than_it_needs(clone: Clone) -> None:
    """Without the Rasa environment, and without a Python 3.10 to make it with, only the comparison can not run."""
    folder = clone.layout.root / "bench"
    folder.mkdir()
    for name in ("turns.py", "nlu.py"):
        (folder / name).write_text("print('measured')")
    assert clone.call("bench", "nlu").stdout == "measured\n"
    shutil.rmtree(clone.layout.root / ".venv-rasa")
    environ = clone.environ | {"SAMENSPEL_PYTHON310": str(clone.layout.root / "nowhere")}
    assert clone.call("bench", "turns", environ=environ).stdout == "measured\n"
    refused = clone.call("bench", "nlu", environ=environ)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "SAMENSPEL_PYTHON310" in refused.stderr


def test_an_unknown_log_lists_those_that_exist(clone: Clone) -> None:
    (clone.layout.logs / "web.log").write_text("een\ntwee\ndrie\n")
    assert clone.call("logs", "web", "-n", "2").stdout == "twee\ndrie\n"
    answer = clone.call("logs", "wbe")
    assert (answer.returncode, answer.stderr) == (1, "samenspel: There is no log 'wbe'. There are: web.\n")


def test_status_without_an_instance_is_json_too(clone: Clone) -> None:
    answer = clone.call("status", "--json")
    assert answer.returncode == 3
    assert clone.status() == {"running": False, "healthy": False, "parts": {}, "url": None}


def test_train_is_done_at_once_when_nothing_changed(clone: Clone) -> None:
    answer = clone.call("train")
    assert answer.returncode == 0
    assert answer.stdout.startswith("The language model is up to date: ")


def test_an_old_python_gets_one_clear_line_or_a_newer_one(tmp_path: Path) -> None:
    """The start is read by a Python that says it is 3.9, with and without a newer one around."""
    shutil.copy(REPOSITORY / "samenspel", tmp_path)
    start = tmp_path / "samenspel"
    old = f"import sys; sys.version_info = (3, 9, 2); sys.argv = ['x', 'up']; __file__ = {str(start)!r};"
    command = [sys.executable, "-c", f"{old} exec(open({str(start)!r}).read())"]
    environ = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "PYENV_ROOT": str(tmp_path)}
    alone = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (alone.returncode, alone.stdout) == (1, "")
    assert alone.stderr.startswith("samenspel: needs Python 3.11 or newer and found only 3.9; install ")
    assert alone.stderr.count("\n") == 1

    newer = tmp_path / "versions/3.12.1/bin/python3.12"
    newer.parent.mkdir(parents=True)
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "newer runs $2"\n')
    newer.chmod(0o755)
    found = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "newer runs up\n")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_anywhere_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    def full(*_: object) -> int:
        raise OSError(number, "No space left on device", "var/run/x")

    monkeypatch.setattr(cli, "run", full)
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    assert cli.main(["up"]) == 1
    assert capsys.readouterr().err == f"samenspel: {DISK_FULL}\n"


@pytest.mark.parametrize("var", ["/", "~", "..", "."])
def test_reset_refuses_a_folder_that_holds_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, var: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "clone"
    root.mkdir()
    layout = Layout.of({"SAMENSPEL_VAR": str(tmp_path) if var == "~" else var}, root)
    with pytest.raises(Failure, match="nothing was removed"):
        refuse_dangerous(layout)


def test_reset_refuses_a_folder_that_is_someone_elses(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(Failure, match="does not look like a folder of Samenspel"):
        refuse_dangerous(Layout(tmp_path / "clone", tmp_path / "photos"))


def test_a_relative_var_counts_from_the_repository(tmp_path: Path) -> None:
    assert Layout.of({"SAMENSPEL_VAR": "var/test/e2e"}, tmp_path).var == tmp_path / "var/test/e2e"
    assert Layout.of({}, tmp_path).var == tmp_path / "var"
    assert Layout.of({"SAMENSPEL_VAR": ""}, tmp_path).var == tmp_path / "var"  # and not among the sources
    assert Layout.of({"SAMENSPEL_VAR": "/srv/samenspel"}, tmp_path).models == tmp_path / "var/models"


def test_a_port_is_free_taken_or_impossible() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert ports.problem(port) == f"Port {port} is in use by another program"
    assert ports.problem(port) is None
    with pytest.raises(Failure, match="Port 70000 is not possible"):
        ports.Ports(70000)
    with pytest.raises(Failure, match="choose one from 1024 to 65532"):
        ports.Ports(65533, 2)
    with pytest.raises(Failure, match="0 replicas of Rasa is not possible; choose from 1 to 16"):
        ports.Ports(8000, 0)


def test_free_ports_are_three_neighbours() -> None:
    found = ports.find_free()
    assert found.all() == {"web": found.web, "rasa": found.web + 1, "actions": found.web + 2}


def test_a_lock_is_held_by_one_and_freed_when_its_holder_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "run" / "lock"
    assert locks.is_held(path) is False
    holder = locks.take(path)
    assert locks.is_held(path) is True
    with pytest.raises(locks.Taken):
        locks.take(path)
    holder.close()
    assert locks.is_held(path) is False
    locks.take(path).close()


def test_a_step_tells_how_long_it_took() -> None:
    output = io.StringIO()
    with Console(output).step("Training"):
        pass
    with pytest.raises(Failure), Console(output).step("Installing"):
        raise Failure("x")
    assert output.getvalue().splitlines() == [
        "Training ...",
        "Training: done in 0.0 s",
        "Installing ...",
        "Installing: failed after 0.0 s",
    ]
    assert [elapsed(seconds) for seconds in (0.44, 12.4, 59.7, 200)] == ["0.4 s", "12 s", "1 min 0 s", "3 min 20 s"]


def test_the_ci_script_runs_all_layers(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "samenspel").write_text("import sys; print('called with', sys.argv[1:])")
    answer = subprocess.run([tmp_path / ".ci/run"], env=dict(os.environ), capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "called with ['test']\n")
