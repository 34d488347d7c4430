"""All processes together open no more connections than the database takes, also while a new version comes up."""

import re
from typing import Any

from participation.database.connections import MOST
from tests.unit.containers.conftest import ROOT
from tests.unit.containers.test_kubernetes import filled_in, of_kind

KEPT_FOR_SUPERUSERS = 3
"""superuser_reserved_connections, as PostgreSQL has it by itself."""


def room(command: list[str]) -> int:
    """The connections that a server started so has for us."""
    (found,) = re.findall(r"max_connections=(\d+)", " ".join(command))
    return int(found) - KEPT_FOR_SUPERUSERS


def at_once(deployment: dict[str, Any]) -> int:
    """How many of a deployment run at the same moment while it is replaced."""
    strategy = deployment["spec"]["strategy"]
    return int(deployment["spec"]["replicas"]) + int(strategy.get("rollingUpdate", {}).get("maxSurge", 0))


def test_the_database_of_compose_has_room_for_all_of_them(services: dict[str, dict[str, Any]]) -> None:
    users = {name: service["deploy"].get("replicas", 1) for name, service in services.items() if name in MOST}
    assert users.keys() == MOST.keys()
    opened = sum(MOST[name] * int(filled_in(replicas)) for name, replicas in users.items())
    assert opened <= room(services["database"]["command"])


def test_the_database_of_kubernetes_has_room_for_all_of_them_twice_where_they_overlap() -> None:
    deployments = of_kind("Deployment")
    assert deployments.keys() <= MOST.keys()
    opened = sum(MOST[name] * at_once(one) for name, one in deployments.items()) + MOST["prepare"]
    (container,) = of_kind("StatefulSet")["database"]["spec"]["template"]["spec"]["containers"]
    assert opened <= room(container["args"])


def test_the_page_about_capacity_says_how_many_they_are() -> None:
    page = (ROOT / "docs" / "capaciteit.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| (\d+) \|$", page.partition("## Verbindingen met PostgreSQL")[2], re.MULTILINE)
    assert {name: int(most) for name, most in shown} == MOST
