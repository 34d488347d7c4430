"""The list of packages and the check for known weaknesses, with the real programs and a double of the register."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from supply import __main__ as command
from supply import locked, sbom, weaknesses

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9/"
HASH = f"    --hash=sha256:{'0' * 64}\n"


@pytest.mark.parametrize("world", locked.WORLDS)
def test_every_package_of_a_world_gets_into_the_list_with_its_hashes(world: str) -> None:
    packages = locked.read(locked.WORLDS[world])
    listed = [sbom.component(one) for one in packages]
    assert [(one.name, one.version) for one in listed] == [(one.name, one.version) for one in packages]
    assert all(next(iter(one.external_references)).hashes for one in listed)
    assert len({one.bom_ref.value for one in listed}) == len(packages) > 100


def test_the_list_fits_the_standard() -> None:
    """A small one: the schema takes seconds for the whole, and `packages list` looks at that itself."""
    told = json.loads(sbom.made("app", locked.read(locked.WORLDS["app"])[:12], version="0.1.0", now=NOW))
    assert (told["bomFormat"], told["specVersion"], len(told["components"])) == ("CycloneDX", "1.6", 12)
    assert told["metadata"]["component"]["name"] == "samenspel-app"


def test_what_does_not_fit_the_standard_is_refused() -> None:
    with pytest.raises(sbom.ListInvalid):
        sbom.check('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "zonder soort"}]}')


@pytest.mark.parametrize(
    "text",
    ["jinja2>=3\n", "jinja2==3.1.6\n", f"jinja2==3.1.6 \\\n{HASH}ujson==5.0\n", HASH, "git+https://kwaad.example/x\n"],
    ids=["no version", "no hash", "one without a hash", "a hash of nothing", "an address"],
)
def test_what_could_be_installed_without_a_hash_is_found(tmp_path: Path, text: str) -> None:
    lock = tmp_path / "app.txt"
    lock.write_text(text)
    with pytest.raises(locked.LockBroken):
        locked.read(lock)


@pytest.fixture
def register() -> Iterator[str]:
    """A register that knows one weakness of one package."""

    class Register(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            weak = {
                "id": "GHSA-verzonnen",
                "summary": "Verzonnen",
                "affected": [{"package": asked["package"], "ranges": [], "versions": ["5.0.0"]}],
            }
            body = json.dumps({"vulns": [weak]} if asked["package"]["name"] == "ujson" else {}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Register)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    made = tmp_path / "app.txt"
    made.write_text(f"jinja2==3.1.6 \\\n{HASH}ujson==5.0.0 \\\n{HASH}")
    return made


def test_a_known_weakness_is_told(lock: Path, register: str) -> None:
    assert weaknesses.ask(lock, register=register) == [weaknesses.Weakness("ujson", "5.0.0", "GHSA-verzonnen", ())]


def test_without_a_register_nothing_is_called_safe(
    lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(locked, "WORLDS", {"app": lock})
    assert command.tell_weaknesses(NOWHERE) == command.NOT_CHECKED
    said = capsys.readouterr().out
    assert "app: NOT CHECKED, nothing is known." in said
    assert "0 new" not in said


@pytest.mark.parametrize(("world", "code"), [("app", command.WEAK), ("rasa", command.WEAK)])
def test_a_new_weakness_has_an_exit_code_of_its_own(
    lock: Path, register: str, monkeypatch: pytest.MonkeyPatch, world: str, code: int
) -> None:
    monkeypatch.setattr(locked, "WORLDS", {world: lock})
    assert command.tell_weaknesses(register) == code


def test_an_accepted_one_is_told_and_is_not_new(
    lock: Path, register: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(locked, "WORLDS", {"rasa": lock})
    row = weaknesses.Accepted("ujson", "rasa", "x", "y", "z")
    monkeypatch.setattr(weaknesses, "accepted", lambda: [row])
    assert command.tell_weaknesses(register) == command.FINE
    assert "rasa: accepted ujson 5.0.0 GHSA-verzonnen" in capsys.readouterr().out


def test_every_accepted_package_is_still_there_and_contained_by_something_that_exists() -> None:
    """A package that is gone must not leave a hole in the check."""
    pinned = {world: {one.name for one in locked.read(path)} for world, path in locked.WORLDS.items()}
    rows = weaknesses.accepted()
    assert [one.pakket for one in rows if one.pakket not in pinned[one.wereld]] == []
    assert [one.bestand for one in rows if not (locked.ROOT / one.bestand).exists()] == []
    assert {one.wereld for one in rows} == {"rasa"}
