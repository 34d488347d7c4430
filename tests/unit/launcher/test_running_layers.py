"""`./samenspel test` on a miniature clone: real pytest runs, a second instance, and its end in every case."""

import io
import json
import re
import signal
import subprocess
import sys
import time

import pytest

from launcher import chromium
from launcher.console import Console
from launcher.layers import ONLY_BY_NAME, Layers
from launcher.processes import is_alive
from launcher.testing import chosen
from tests.unit.launcher.conftest import Clone

E2E = """
import json, os, pathlib, urllib.request

def test_the_instance_is_told_about():
    assert urllib.request.urlopen(os.environ["SAMENSPEL_TEST_URL"] + "/").status == 200
    accounts = json.loads(os.environ["SAMENSPEL_TEST_ACCOUNTS"])
    assert [(account["email"], account["password"]) for account in accounts] == [("a@voorbeeld.nl", "eenmalig")]
    state = pathlib.Path(os.environ["SAMENSPEL_TEST_STATE"], "supervisor.json")
    pids = json.loads(state.read_text())["parts"]
    pathlib.Path("noted-{layer}.json").write_text(json.dumps([part["pid"] for part in pids.values() if part["pid"]]))
    {more}
"""


def write_test(clone: Clone, layer: str, text: str) -> None:
    folder = clone.layout.root / "tests" / layer
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"test_{layer}.py").write_text(text)


def noted(clone: Clone, layer: str) -> list[int]:
    return list(json.loads((clone.layout.root / f"noted-{layer}.json").read_text()))


def lines(output: str) -> list[str]:
    """The lines of results, without how long things took."""
    return [line.partition(" in ")[0] for line in output.splitlines() if "passed" in line and " so far" not in line]


@pytest.fixture
def with_browser(clone: Clone) -> dict[str, str]:
    """A Chromium that only knows its version, first on PATH."""
    path = clone.layout.root / "bin" / "chromium"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\necho Chromium 1\n")
    path.chmod(0o755)
    return {**clone.environ, "PATH": f"{path.parent}:{clone.environ['PATH']}"}


def test_layers_count_what_ran_and_the_instance_is_shared_and_stopped(
    clone: Clone, with_browser: dict[str, str]
) -> None:
    write_test(clone, "e2e", E2E.format(layer="e2e", more=""))
    more = "assert os.environ['SAMENSPEL_CHROMIUM'].endswith('/bin/chromium')"
    write_test(clone, "browser", E2E.format(layer="browser", more=more))
    script = (
        "import os; from launcher.console import Console; from launcher.layout import Layout;"
        "from launcher.testing import test; import launcher.testing as testing;"
        "testing.ALL = ('e2e', 'browser');"
        "raise SystemExit(test(Layout.of(os.environ), os.environ, Console(), layer=None, fast=False))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=clone.layout.root,
        env=with_browser,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert lines(run.stdout) == ["e2e: 1 passed", "browser: 1 passed", "2 passed, 0 failed"]
    assert noted(clone, "e2e") == noted(clone, "browser")
    assert [pid for pid in noted(clone, "e2e") if is_alive(pid)] == []


def test_a_failing_layer_fails_the_command_and_still_stops_the_instance(clone: Clone) -> None:
    write_test(clone, "e2e", E2E.format(layer="e2e", more="assert 'the answer' == 'another'"))
    run = clone.call("test", "e2e")
    assert run.returncode == 1
    assert lines(run.stdout)[-2:] == ["e2e: 0 passed, 1 failed", "0 passed, 1 failed"]
    assert "assert 'the answer' == 'another'" in run.stdout
    assert [pid for pid in noted(clone, "e2e") if is_alive(pid)] == []


UNSTEADY = """
import pathlib

def test_right(): pass

def test_unsteady():
    before = pathlib.Path("before")
    was_there = before.exists()
    before.touch()
    assert was_there, "the machine was busy"
"""


def test_what_fails_once_in_a_layer_with_clocks_is_run_again_and_named(clone: Clone) -> None:
    write_test(clone, "e2e", UNSTEADY)
    run = clone.call("test", "e2e")
    assert run.returncode == 0
    assert lines(run.stdout)[-2:] == ["e2e: 2 passed", "2 passed, 0 failed (1 passed only when run again)"]
    assert "(passed only when run again: tests/e2e/test_e2e.py::test_unsteady)" in run.stdout
    assert "the machine was busy" in run.stdout


def test_what_fails_once_in_a_layer_without_clocks_has_failed(clone: Clone) -> None:
    write_test(clone, "unit", UNSTEADY)
    run = clone.call("test", "unit")
    assert (run.returncode, lines(run.stdout)[-1]) == (1, "1 passed, 1 failed")


def test_many_failures_are_not_run_again(clone: Clone) -> None:
    more = "".join(f"\n\ndef test_{number}(): test_unsteady()" for number in range(3))
    write_test(clone, "e2e", UNSTEADY.replace("before.touch()", "") + more)
    run = clone.call("test", "e2e")
    assert (run.returncode, lines(run.stdout)[-1]) == (1, "1 passed, 4 failed")
    assert not list(clone.layout.tests.glob("e2e-again*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_stops_its_tests_and_its_instance(clone: Clone, number: signal.Signals) -> None:
    if number == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux tells a process that its parent was killed")
    write_test(clone, "e2e", E2E.format(layer="e2e", more="import time; time.sleep(600)"))
    note = clone.layout.root / "noted-e2e.json"
    command = [sys.executable, str(clone.layout.root / "samenspel"), "test", "e2e"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored, and that is inherited
    with subprocess.Popen(command, env=clone.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        until = time.monotonic() + 30
        while not (note.exists() and note.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        run.send_signal(number)
    assert run.returncode == (-9 if number == signal.SIGKILL else 130)
    pids = noted(clone, "e2e")
    until = time.monotonic() + 10
    while any(is_alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    assert [pid for pid in pids if is_alive(pid)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def helper(): pass", "unit: 0 passed, 1 failed"),
        ("raise RuntimeError", "unit: 0 passed, [1-9][0-9]* failed"),  # in each of the processes beside each other
        ("import pytest\n@pytest.mark.skip\ndef test_a(): pass\ndef test_b(): pass", "unit: 1 passed, 1 skipped"),
        ("import os\ndef test_a(): pass\ndef test_b(): os._exit(0)", "unit: [01] passed, [1-9][0-9]* failed"),
    ],
    ids=["no test", "not importable", "a skip", "dies"],
)
def test_nothing_is_silent(clone: Clone, text: str, expected: str) -> None:
    write_test(clone, "unit", text)
    run = clone.call("test", "unit")
    assert re.match(expected, lines(run.stdout)[-2])
    assert run.returncode == int("failed" in expected)


def test_the_users_settings_do_not_reach_the_tests(clone: Clone) -> None:
    text = "import os\ndef test_a():\n    assert not [n for n in os.environ if 'DATABASE' in n or 'TOKEN' in n]\n"
    write_test(clone, "unit", text + "    assert os.environ['SAMENSPEL_VAR'].endswith('/var/test/unit')\n")
    own = {"SAMENSPEL_DATABASE_URL": "postgresql://production", "SAMENSPEL_TELEGRAM_TOKEN": "x"}
    assert clone.call("test", "unit", environ={**clone.environ, **own}).returncode == 0


def test_language_and_dialogue_run_in_the_rasa_world(clone: Clone) -> None:
    model = next(clone.layout.models.glob("*.tar.gz"))
    write_test(
        clone, "nlu", f"import os\ndef test_a():\n    assert os.environ['SAMENSPEL_TEST_MODEL'] == {str(model)!r}\n"
    )
    assert lines(clone.call("test", "nlu").stdout) == ["nlu: 2 passed", "2 passed, 0 failed"]  # Rasa's check is one
    stories = clone.layout.root / "tests" / "dialogue" / "test_raad.yml"
    stories.parent.mkdir()
    stories.write_text("stories:\n- story: een\n- story: twee\n")
    assert lines(clone.call("test", "dialogue").stdout) == ["dialogue: 2 passed", "2 passed, 0 failed"]
    stories.write_text(stories.read_text() + "- story: drie\n")
    run = clone.call("test", "dialogue")
    assert (run.returncode, lines(run.stdout)[-1]) == (1, "2 passed, 1 failed")


def test_without_chromium_the_browser_layer_fails_with_the_command_to_run(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(chromium, "find", lambda environ: None)
    monkeypatch.setattr(chromium, "may_install", lambda environ: False)
    outcome = Layers(clone.layout, clone.environ, Console(io.StringIO())).run("browser")
    assert not outcome.ok
    assert outcome.trouble == f"Chromium was not found; install it with: {chromium.advice()}"


def test_the_drills_are_held_only_when_they_are_asked_for() -> None:
    every_time = {*chosen(None, fast=False), *chosen(None, fast=True)}
    assert (every_time & set(ONLY_BY_NAME), chosen("faults", fast=False)) == (set(), ("faults",))
