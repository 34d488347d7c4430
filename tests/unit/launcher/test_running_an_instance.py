"""From `up` to `down` through the command line, with stand-ins for the programs of the product."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from launcher.processes import is_alive
from tests.unit.launcher.conftest import Clone


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_up_starts_all_parts_and_down_leaves_no_process(clone: Clone) -> None:
    up = clone.call("up", "--detach", "--rasa", "2")
    assert up.returncode == 0, up.stderr + up.stdout
    url = f"http://localhost:{clone.ports.web}"
    for address in (f"{url}/\n", f"{url}/chat/GM0344\n", f"{url}/griffie\n"):
        assert address in up.stdout

    status = clone.status()
    assert (status["running"], status["healthy"], status["url"]) == (True, True, url)
    parts = status["parts"]
    assert isinstance(parts, dict)
    assert {name: part["state"] for name, part in parts.items()} == {
        "database": "healthy",
        "prepare": "done",
        "rasa": "healthy",
        "rasa-2": "healthy",
        "actions": "healthy",
        "web": "healthy",
        "worker": "healthy",
    }
    pids = clone.pids()
    assert sorted(pids) == ["actions", "database", "postgres", "rasa", "rasa-2", "supervisor", "web", "worker"]
    assert all(is_alive(pid) for pid in pids.values())

    assert clone.call("down").returncode == 0
    assert [name for name, pid in pids.items() if is_alive(pid)] == []
    assert clone.call("status").returncode == 3


def test_the_one_time_password_is_shown_and_nowhere_on_disk(clone: Clone) -> None:
    up = clone.call("up", "--detach")
    assert "a@voorbeeld.nl  eenmalig  (GM0344)" in up.stdout
    files = [path for path in clone.layout.var.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"eenmalig" in path.read_bytes()] == []


def test_up_on_a_running_instance_says_so_and_succeeds(clone: Clone) -> None:
    clone.call("up", "--detach")
    before = clone.pids()
    again = clone.call("up", "--detach")
    expected = f"Samenspel is already running: http://localhost:{clone.ports.web}\n"
    assert (again.returncode, again.stdout) == (0, expected)
    assert clone.pids() == before


def test_a_killed_part_comes_back(clone: Clone) -> None:
    clone.call("up", "--detach")
    before = clone.pids()
    os.kill(before["rasa"], signal.SIGKILL)

    def back() -> bool:
        status = clone.status()
        parts = status["parts"]
        return isinstance(parts, dict) and parts["rasa"]["restarts"] == 1 and status["healthy"] is True

    assert wait_until(back)
    after = clone.pids()
    assert after.pop("rasa") != before.pop("rasa")
    assert after == before


def test_a_killed_database_guardian_leaves_nothing_behind_at_down(clone: Clone) -> None:
    clone.call("up", "--detach")
    pids = clone.pids()
    os.kill(pids["database"], signal.SIGKILL)
    wait_until(lambda: clone.status()["healthy"] is True)
    clone.call("down")
    assert [name for name, pid in pids.items() if is_alive(pid)] == []


def test_the_parts_die_with_a_supervisor_that_is_killed(clone: Clone) -> None:
    clone.call("up", "--detach")
    pids = clone.pids()
    os.kill(pids["supervisor"], signal.SIGKILL)
    if sys.platform == "linux":
        assert wait_until(lambda: not any(is_alive(pid) for pid in pids.values()))
    assert clone.call("status").returncode == 3

    assert clone.call("up", "--detach").returncode == 0
    assert [name for name, pid in pids.items() if is_alive(pid)] == []


def test_in_the_foreground_ctrl_c_stops_everything(clone: Clone) -> None:
    command = [sys.executable, str(clone.layout.root / "samenspel"), "up"]
    with subprocess.Popen(command, env=clone.environ, stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        lines = []
        for line in up.stdout:
            lines.append(line)
            if line.startswith("Stop with"):
                break
        pids = clone.pids()
        up.send_signal(signal.SIGINT)
        rest = up.stdout.read()
    assert lines[-1] == "Stop with Ctrl-C\n"
    assert (up.returncode, rest.splitlines()[-1]) == (0, "Samenspel has stopped.")
    assert [name for name, pid in pids.items() if is_alive(pid)] == []


def test_a_part_that_cannot_start_fails_with_its_last_lines_and_stops_the_rest(clone: Clone) -> None:
    (clone.layout.root / "participation/database/prepare.py").write_text("raise SystemExit('no such role')")
    up = clone.call("up", "--detach")
    log = clone.layout.logs / "prepare.log"
    assert up.returncode == 1
    assert up.stderr.splitlines() == [
        f"samenspel: Starting prepare failed. The last lines follow; the full log is {log}",
        "  no such role",
    ]
    assert clone.status()["running"] is False
    assert not is_alive(int((clone.layout.postgres / "postmaster.pid").read_text()))


def test_a_port_in_use_is_one_clear_line(clone: Clone) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", clone.ports.rasa))
        other.listen()
        up = clone.call("up", "--detach")
    assert up.returncode == 1
    assert up.stderr == (
        f"samenspel: Port {clone.ports.rasa} is in use by another program (rasa). "
        "Stop that program or choose another port: ./samenspel up --port N\n"
    )


def test_down_without_an_instance_succeeds(clone: Clone) -> None:
    down = clone.call("down")
    assert (down.returncode, down.stdout) == (0, "Samenspel is not running.\n")


def test_reset_removes_the_data_and_keeps_the_models(clone: Clone) -> None:
    clone.call("up", "--detach")
    pids = clone.pids()
    assert clone.call("reset").returncode == 1  # no terminal to ask on
    assert is_alive(pids["web"])

    assert clone.call("reset", "--yes").returncode == 0
    assert [path.name for path in clone.layout.var.iterdir()] == ["models"]
    assert [name for name, pid in pids.items() if is_alive(pid)] == []
    assert clone.call("reset", "--yes", "--all").returncode == 0
    assert list(clone.layout.var.iterdir()) == []
