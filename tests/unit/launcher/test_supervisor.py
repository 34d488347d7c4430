"""Starting in order, restarting with growing delays, giving up at the start, and stopping whole groups."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.child import Child, State
from launcher.failure import Failure
from launcher.health import Check
from launcher.parts import Part
from launcher.processes import is_alive
from launcher.rotation import RotatingLog
from launcher.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"


def part(
    name: str, code: str, healthy: Check | None = lambda: True, *, needs: tuple[str, ...] = (), start: float = 10.0
) -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-c", code),
        environment=lambda: dict(os.environ),
        healthy=healthy,
        needs=needs,
        start_seconds=start,
    )


class Run:
    """A supervisor with notes of what it reported."""

    def __init__(self, folder: Path, *parts: Part) -> None:
        self.lines: list[str] = []
        self.supervisor = Supervisor(parts, root=folder, logs=folder / "logs", report=self.lines.append)

    def child(self, name: str) -> Child:
        return next(child for child in self.supervisor.children if child.part.name == name)

    def pid(self, name: str) -> int:
        pid = self.child(name).pid
        assert pid is not None
        return pid

    def watch_until(self, condition: Callable[[], bool], seconds: float = 10.0) -> bool:
        until = time.monotonic() + seconds
        while not condition() and time.monotonic() < until:
            self.supervisor._tick()
            time.sleep(0.02)
        return condition()


def test_a_part_starts_only_when_what_it_needs_is_good(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    first = part(
        "first", f"import pathlib, time; time.sleep(0.3); pathlib.Path({str(ready)!r}).touch(); {SLEEP}", ready.exists
    )
    once = part("once", f"import os; assert os.path.exists({str(ready)!r})", None, needs=("first",))
    last = part("last", SLEEP, needs=("first", "once"))
    run = Run(tmp_path, first, once, last)
    assert run.supervisor.start() is True
    spawned = [child.spawned for child in run.supervisor.children]
    assert spawned == sorted(spawned)
    assert [child.state for child in run.supervisor.children] == [State.HEALTHY, State.DONE, State.HEALTHY]
    run.supervisor.stop()


def test_stopping_ends_grandchildren_and_the_stubborn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.supervisor.STOP_PATIENCE", 0.5)
    note = tmp_path / "grandchild"
    code = (
        "import pathlib, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); time.sleep(600)"
    )
    run = Run(tmp_path, part("stubborn", code, lambda: note.exists() and note.read_text() != ""))
    run.supervisor.start()
    pids = [run.pid("stubborn"), int(note.read_text())]
    assert all(is_alive(pid) for pid in pids)
    run.supervisor.stop()
    assert not is_alive(pids[0])
    until = time.monotonic() + 5
    while is_alive(pids[1]) and time.monotonic() < until:  # killed too, but its end is not ours to wait for
        time.sleep(0.01)
    assert not is_alive(pids[1])


def test_parts_stop_before_what_they_need_and_what_finishes_their_work(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, time\n"
        "def leave(*_):\n"
        "    time.sleep({delay})\n"
        "    open({order!r}, 'a').write('{name} ')\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "open({order!r} + '{name}', 'w').close()\n"
        "time.sleep(600)\n"
    )

    def named(name: str, delay: float, *needs: str, stops_after: tuple[str, ...] = ()) -> Part:
        up = Path(f"{order}{name}")
        made = part(name, code.format(name=name, delay=delay, order=str(order)), up.exists, needs=needs)
        return replace(made, stops_after=stops_after)

    asked = named("rasa", 0, "database", stops_after=("web", "a part that is not there"))
    run = Run(tmp_path, named("database", 0), asked, named("web", 0.3, "database"))
    run.supervisor.start()
    run.supervisor.stop()
    assert order.read_text() == "web rasa database "


def test_a_part_is_asked_to_stop_once(tmp_path: Path) -> None:
    """Some servers take a second signal as a wish to skip their orderly end."""
    asked, up = tmp_path / "asked", tmp_path / "up"
    code = (
        "import signal, time\n"
        f"signal.signal(signal.SIGTERM, lambda *_: open({str(asked)!r}, 'a').write('x'))\n"
        f"open({str(up)!r}, 'w').close()\n"
        f"while not __import__('os').path.exists({str(asked)!r}): time.sleep(0.05)\n"
        "time.sleep(0.3)\n"
    )
    run = Run(tmp_path, part("web", code, up.exists))
    run.supervisor.start()
    run.supervisor.stop()
    assert asked.read_text() == "x"


def test_delays_between_restarts_grow(tmp_path: Path) -> None:
    child = Child(part("weak", "pass"), root=tmp_path, logs=tmp_path)
    delays = []
    for _ in range(9):
        child.ended(now=100.0)
        delays.append(child.next_start - 100.0)
    child.close()
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert (child.restarts, child.state) == (9, State.RESTARTING)


def test_of_a_kind_one_is_started_again_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All at once each would take as long as together, and nobody is helped meanwhile."""
    ready = {"one": True, "two": True}
    parts = [replace(part(name, SLEEP, lambda name=name: ready[name]), kind="twin") for name in ready]
    run = Run(tmp_path, *parts)
    assert run.supervisor.start() is True
    ready.update(one=False, two=False)
    for name in ready:
        os.kill(run.pid(name), signal.SIGKILL)
    assert run.watch_until(lambda: run.child("one").state is State.STARTING)
    run.watch_until(lambda: False, seconds=1.5)
    assert [run.child(name).state for name in ready] == [State.STARTING, State.RESTARTING]
    ready["one"] = True
    assert run.watch_until(lambda: run.child("two").state is State.STARTING)
    ready["one"] = False
    os.kill(run.pid("one"), signal.SIGKILL)
    monkeypatch.setattr("launcher.supervisor.HEAD_START", 0.0)
    assert run.watch_until(lambda: run.child("one").state is State.STARTING), "nobody is waited for without end"
    run.supervisor.stop()


def test_an_earlier_crash_is_forgiven_after_a_steady_minute(tmp_path: Path) -> None:
    child = Child(part("weak", "pass"), root=tmp_path, logs=tmp_path)
    for _ in range(4):
        child.ended(now=100.0)
    child.saw(healthy=True, now=110.0)
    child.ended(now=171.0)
    child.close()
    assert child.next_start - 171.0 == 0.5


def test_a_part_that_keeps_dying_at_the_start_fails_with_its_log(tmp_path: Path) -> None:
    run = Run(tmp_path, part("broken", "print('cannot import x'); raise SystemExit(4)", lambda: False))
    with pytest.raises(Failure) as failure:
        run.supervisor.start()
    run.supervisor.stop()
    log = tmp_path / "logs" / "broken.log"
    assert failure.value.message == f"Starting broken failed. The last lines follow; the full log is {log}"
    assert failure.value.details == ["cannot import x"] * 3
    assert run.child("broken").restarts == 3


def test_a_part_that_never_becomes_healthy_fails(tmp_path: Path) -> None:
    run = Run(tmp_path, part("slow", SLEEP, lambda: False, start=0.5))
    with pytest.raises(Failure):
        run.supervisor.start()
    pid = run.pid("slow")
    run.supervisor.stop()
    assert not is_alive(pid)


def test_a_full_disk_is_named_as_such(tmp_path: Path) -> None:
    run = Run(tmp_path, part("once", "raise SystemExit('OSError: [Errno 28] No space left on device')", None))
    with pytest.raises(Failure, match="The disk is full"):
        run.supervisor.start()
    run.supervisor.stop()


def test_a_part_that_hangs_after_being_healthy_is_restarted(tmp_path: Path) -> None:
    well = [True]
    hanging = Part(
        name="web",
        command=(sys.executable, "-c", SLEEP),
        environment=lambda: dict(os.environ),
        healthy=lambda: well[0],
        hangs_after=0.2,
    )
    run = Run(tmp_path, hanging)
    run.supervisor.start()
    before = run.pid("web")
    well[0] = False
    run.child("web").next_check = 0.0
    assert run.watch_until(lambda: run.child("web").restarts == 1)
    well[0] = True
    assert run.watch_until(lambda: run.child("web").good)
    assert run.pid("web") != before
    assert not is_alive(before)
    run.supervisor.stop()


def test_a_part_whose_settings_are_not_there_yet_is_tried_again(tmp_path: Path) -> None:
    address = tmp_path / "database.json"
    threading.Timer(0.7, address.touch).start()

    def environment() -> dict[str, str]:
        address.read_text()
        return dict(os.environ)

    run = Run(
        tmp_path, Part(name="web", command=(sys.executable, "-c", SLEEP), environment=environment, healthy=lambda: True)
    )
    assert run.supervisor.start() is True
    assert 1 <= run.child("web").restarts <= 2
    run.supervisor.stop()


def test_being_asked_to_stop_ends_a_start_that_hangs(tmp_path: Path) -> None:
    run = Run(tmp_path, part("slow", SLEEP, lambda: False))
    threading.Timer(0.3, run.supervisor.ask_to_stop).start()
    assert run.supervisor.start() is False
    pid = run.pid("slow")
    run.supervisor.stop()
    assert not is_alive(pid)


def test_secrets_in_the_answer_of_a_one_shot_part_stay_out_of_its_log(tmp_path: Path) -> None:
    run = Run(tmp_path, part("prepare", "print('made'); print('{\"password\": \"x\"}')", None))
    run.supervisor.start()
    run.supervisor.stop()
    assert run.child("prepare").answer == '{"password": "x"}\n'
    assert (tmp_path / "logs" / "prepare.log").read_text() == "made\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_leashed_command_dies_with_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import pathlib, subprocess, time; from launcher.commands import leashed; import sys;"
        f"child = subprocess.Popen(leashed([sys.executable, '-c', {SLEEP!r}]), process_group=0);"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    while not (note.exists() and note.read_text()):
        time.sleep(0.05)
    time.sleep(0.3)  # the leash needs a moment to be on
    child = int(note.read_text())
    assert is_alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(child)


def test_a_log_is_rotated_by_size_and_the_oldest_is_dropped(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "web.log", max_bytes=10, kept=2)
    for number in range(1, 9):
        log.write(f"line{number}\n".encode())
    log.close()
    files = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert files == {"web.log": "line8\n", "web.log.1": "line7\n", "web.log.2": "line6\n"}
