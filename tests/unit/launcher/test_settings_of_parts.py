"""What each part is told, and above all what it is not told."""

import json
import os
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from launcher import keys
from launcher.layout import Layout
from launcher.parts import parts
from launcher.ports import Ports
from launcher.variables import Plan, as_role
from participation.settings import Settings

OWNER = "postgresql://postgres:@/postgres?host=%2Ftmp%2Fpg"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path, tmp_path / "var")
    layout.make()
    layout.database_file.write_text(json.dumps({"url": OWNER}))
    return layout


def plan(layout: Layout, **environ: str) -> Plan:
    return Plan(
        layout, Ports(8100), layout.models / "m.tar.gz", "mark", {"PATH": "/bin", "PYTHONHOME": "/x", **environ}
    )


def told(plan: Plan, part: str) -> dict[str, str]:
    """Without the keys, which are random."""
    found = {name: value for name, value in plan.variables(part).items() if name.startswith("SAMENSPEL_")}
    return {name: value for name, value in found.items() if not name.endswith(("_KEY", "_SECRET"))}


def test_rasa_gets_only_its_own_secrets_and_its_own_role(layout: Layout) -> None:
    variables = plan(layout, SAMENSPEL_TELEGRAM_TOKEN="token").variables("rasa")
    assert sorted(name for name in variables if name.startswith("SAMENSPEL_")) == [
        "SAMENSPEL_ACTIONS_SECRET",
        "SAMENSPEL_ACTIONS_URL",
        "SAMENSPEL_DEMO",
        "SAMENSPEL_RASA_DATABASE_URL",
        "SAMENSPEL_RASA_PORT",
        "SAMENSPEL_RASA_SECRET",
        "SAMENSPEL_RASA_URL",
        "SAMENSPEL_RUN_ID",
        "SAMENSPEL_VAR",
    ]
    assert variables["SAMENSPEL_RASA_DATABASE_URL"] == "postgresql://samenspel_rasa@/postgres?host=%2Ftmp%2Fpg"
    assert (variables["PYTHONPATH"], variables["RASA_TELEMETRY_ENABLED"]) == (str(layout.root), "false")
    assert "PYTHONHOME" not in variables


def test_the_web_part_gets_no_owner_of_the_embedded_database(layout: Layout) -> None:
    assert told(plan(layout), "web") == {
        "SAMENSPEL_ACTIONS_PORT": "8102",
        "SAMENSPEL_ACTIONS_URL": "http://127.0.0.1:8102",
        "SAMENSPEL_APP_DATABASE_URL": "postgresql://samenspel_app@/postgres?host=%2Ftmp%2Fpg",
        "SAMENSPEL_CONCERN_MODEL": str(layout.models / "inbreng-m"),
        "SAMENSPEL_DEMO": "true",
        "SAMENSPEL_HOST": "127.0.0.1",
        "SAMENSPEL_PORT": "8100",
        "SAMENSPEL_PUBLIC_URL": "http://localhost:8100",
        "SAMENSPEL_RASA_DATABASE_URL": "postgresql://samenspel_rasa@/postgres?host=%2Ftmp%2Fpg",
        "SAMENSPEL_RASA_PORT": "8101",
        "SAMENSPEL_RASA_URL": "http://127.0.0.1:8101",
        "SAMENSPEL_RUN_ID": "mark",
        "SAMENSPEL_VAR": str(layout.var),
    }
    assert told(plan(layout), "prepare")["SAMENSPEL_DATABASE_URL"] == OWNER


def test_with_a_database_of_ones_own_nothing_is_embedded_and_no_demonstration_is_made(layout: Layout) -> None:
    own = plan(layout, SAMENSPEL_DATABASE_URL="postgresql://u:p@db/samenspel")
    assert [part.name for part in parts(own)] == ["prepare", "rasa", "actions", "web", "worker"]
    assert "--demo" not in parts(own)[0].command
    for part in ("prepare", "web", "worker", "actions"):
        assert own.variables(part)["SAMENSPEL_DATABASE_URL"] == "postgresql://u:p@db/samenspel"
    assert own.variables("rasa")["SAMENSPEL_RASA_DATABASE_URL"] == (
        "postgresql://u:p@db/samenspel?options=-c%20role%3Dsamenspel_rasa%20-c%20search_path%3Drasa"
    )
    assert own.variables("web")["SAMENSPEL_DEMO"] == "false"


def test_each_replica_of_rasa_is_a_part_with_a_port_of_its_own_and_the_gateway_knows_all(layout: Layout) -> None:
    one = plan(layout)
    three = replace(one, ports=Ports(8100, 3), environ={**one.environ, "SAMENSPEL_RASA_REPLICAS": "3"})
    names = ["rasa", "rasa-2", "rasa-3"]
    assert [part.name for part in parts(three)][2:5] == names
    listens = [part.command[part.command.index("-p") + 1] for part in parts(three) if part.name in names]
    assert listens == ["8101", "8103", "8104"]
    assert told(three, "web")["SAMENSPEL_RASA_URL"].split() == [f"http://127.0.0.1:{port}" for port in listens]
    stops = {part.name: part.stops_after for part in parts(three) if part.stops_after}
    assert stops == dict.fromkeys(names, ("web", "telegram")) | {"actions": tuple(names)}, "turns are finished first"
    for name in names:
        assert three.variables(name) == three.variables("rasa")
        assert "SAMENSPEL_SECRET_KEY" not in three.variables(name)
    assert not any("SAMENSPEL_RASA_REPLICAS" in part.environment() for part in parts(three))


@pytest.mark.parametrize(
    ("channel", "switch", "secrets"),
    [
        ("telegram", "SAMENSPEL_TELEGRAM_TOKEN", ["SAMENSPEL_TELEGRAM_TOKEN", "SAMENSPEL_TELEGRAM_WEBHOOK_SECRET"]),
        ("koppeling", "SAMENSPEL_RELAY_URL", ["SAMENSPEL_RELAY_SECRET", "SAMENSPEL_RELAY_URL"]),
    ],
)
def test_a_channel_that_is_set_up_gets_a_part_and_only_who_needs_its_secrets_gets_them(
    layout: Layout, channel: str, switch: str, secrets: list[str]
) -> None:
    own = plan(layout, **{switch: "x"} | dict.fromkeys(secrets, "x"))
    assert [part.name for part in parts(own)][-2:] == ["worker", channel]
    assert channel not in [part.name for part in parts(plan(layout, **{switch: ""}))]
    got = {part.name: sorted(set(secrets) & part.environment().keys()) for part in parts(own)}
    assert {name: found for name, found in got.items() if found} == {"web": secrets, channel: secrets}


def test_every_part_accepts_what_it_gets_when_all_channels_are_set_up(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = plan(
        layout,
        SAMENSPEL_TELEGRAM_TOKEN="1:a",
        SAMENSPEL_TELEGRAM_MODE="webhook",
        SAMENSPEL_TELEGRAM_WEBHOOK_SECRET="w" * 32,
        SAMENSPEL_RELAY_URL="https://dienst.example",
        SAMENSPEL_RELAY_SECRET="k" * 32,
    )
    accepted = []
    for part in parts(own):
        with monkeypatch.context() as patched:
            for name in [name for name in os.environ if name.startswith("SAMENSPEL_")]:
                patched.delenv(name)
            for name, value in part.environment().items():
                patched.setenv(name, value)
            if part.name not in ("database", *own.ports.rasas):  # these read their own few
                accepted.append((part.name, Settings().relay_url))
    relay = {"web": "https://dienst.example", "koppeling": "https://dienst.example"}
    names = ["prepare", "actions", "web", "worker", "telegram", "koppeling"]
    assert accepted == [(name, relay.get(name, "")) for name in names]


def test_the_telegram_part_is_well_as_long_as_it_touches_its_file(layout: Layout) -> None:
    part = parts(plan(layout, SAMENSPEL_TELEGRAM_TOKEN="1:a"))[-1]
    alive = Path(part.command[-1])
    assert part.healthy
    assert part.before_start
    part.before_start()
    assert part.healthy() is False
    alive.touch()
    assert part.healthy() is True
    os.utime(alive, (time.time() - 31, time.time() - 31))
    assert part.healthy() is False
    part.before_start()
    assert not alive.exists()


def test_of_a_database_elsewhere_only_prepare_is_its_owner_when_the_others_have_an_address_of_their_own(
    layout: Layout,
) -> None:
    own = {"SAMENSPEL_DATABASE_URL": "postgresql://eigenaar@elders/x"}
    both = {**own, "SAMENSPEL_APP_DATABASE_URL": "postgresql://app@elders/x"}
    for environ, owners in ((own, {"prepare", "web", "worker", "actions"}), (both, {"prepare"})):
        parts = {part: told(plan(layout, **environ), part) for part in ("prepare", "web", "worker", "actions")}
        assert {part for part, settings in parts.items() if "SAMENSPEL_DATABASE_URL" in settings} == owners


def test_the_users_settings_win_except_where_the_launcher_decides(layout: Layout) -> None:
    chosen = plan(
        layout,
        SAMENSPEL_HOST="192.0.2.7",
        SAMENSPEL_PUBLIC_URL="https://samenspel.voorbeeld.nl",
        SAMENSPEL_SECRET_KEY="own",
        SAMENSPEL_RASA_PORT="1",
    )
    web, actions = chosen.variables("web"), chosen.variables("actions")
    assert (web["SAMENSPEL_HOST"], actions["SAMENSPEL_HOST"]) == ("192.0.2.7", "127.0.0.1")
    assert (web["SAMENSPEL_SECRET_KEY"], web["SAMENSPEL_RASA_PORT"]) == ("own", "8101")
    assert chosen.url == "https://samenspel.voorbeeld.nl"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://postgres:@/postgres?host=/tmp/x", "postgresql://samenspel_app@/postgres?host=/tmp/x"),
        ("postgresql://postgres:p%40ss@127.0.0.1:5433/db", "postgresql://samenspel_app@127.0.0.1:5433/db"),
        ("postgresql://localhost/db", "postgresql://samenspel_app@localhost/db"),
    ],
)
def test_another_role_in_the_same_database(url: str, expected: str) -> None:
    assert as_role(url, "samenspel_app") == expected


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "geheimen.json"
    first = keys.load_or_make(path)
    assert keys.load_or_make(path) == first
    assert sorted(first) == ["ACTIONS_SECRET", "PSEUDONYM_KEY", "RASA_SECRET", "SECRET_KEY"]
    assert len(set(first.values())) == 4
    assert min(map(len, first.values())) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_came_later_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "geheimen.json"
    path.write_text(json.dumps({"PSEUDONYM_KEY": "kept"}))
    assert keys.load_or_make(path)["PSEUDONYM_KEY"] == "kept"
    assert sorted(json.loads(path.read_text())) == sorted(keys.NAMES)
