"""The papers of account: up to date, and nothing in them that is not there."""

import json
import re
from pathlib import Path

import pytest

from papers import facts, threats
from papers.writing import PAPERS, written
from participation.consent_texts import consent_texts

ROOT = facts.ROOT
IN_THE_REPOSITORY = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)`")
MADE_LATER = {"var/sbom"}

ROWS = [(flow.name, one) for flow in threats.flows() for one in flow.threats]


def named(test: str) -> bool:
    """Whether a file has a test of this name."""
    path, _, name = test.partition("::")
    file = ROOT / path
    return file.exists() and re.search(rf"^(?:async )?def {name}\(", file.read_text(encoding="utf-8"), re.M) is not None


@pytest.mark.parametrize(("flow", "threat"), ROWS, ids=lambda one: getattr(one, "wat", one)[:50])
def test_every_threat_has_a_measure_and_a_test_that_exist_or_says_that_it_is_open(
    flow: str, threat: threats.Threat
) -> None:
    assert threat.soort in threats.KINDS
    if threat.open:
        assert threat.toets == ""
    else:
        assert threat.maatregel
        assert named(threat.toets), threat.toets
    if threat.bestand:
        assert (ROOT / threat.bestand).is_file(), threat.bestand


def test_the_table_speaks_of_every_flow_and_every_kind_of_threat() -> None:
    assert [flow.name for flow in threats.flows()] == [
        "Inwoner en web",
        "Inwoner en Telegram",
        "Eigen kanaal",
        "Gateway, Rasa en acties",
        "Bureau van de griffie",
        "Worker en de buitenwereld",
        "Database",
        "Reservekopie",
        "Beheerder",
        "Toelevering",
    ]
    assert {one.soort for _, one in ROWS} == set(threats.KINDS)


@pytest.mark.parametrize("place", PAPERS.values(), ids=lambda place: place.name)
def test_what_is_in_the_repository_is_what_the_code_would_write_now(place: Path) -> None:
    """When not: ./samenspel papers."""
    assert place.read_text(encoding="utf-8") == written()[place]


@pytest.mark.parametrize("place", PAPERS.values(), ids=lambda place: place.name)
def test_files_that_a_paper_names_exist(place: Path) -> None:
    found = set(IN_THE_REPOSITORY.findall(place.read_text(encoding="utf-8"))) - MADE_LATER
    assert [path for path in sorted(found) if not (ROOT / path).exists()] == []


def test_every_consent_that_is_asked_is_told_of() -> None:
    assert set(facts.PURPOSES) == set(consent_texts())


def test_what_the_software_can_not_know_is_left_to_the_municipality() -> None:
    """Who is responsible, on what ground, and who signs: nothing is made up."""
    for name in ("dpia.md", "verwerkingsregister.md", "algoritmeregister.md", "toegankelijkheid.md"):
        assert facts.TO_FILL_IN in written()[PAPERS[name]], name


@pytest.mark.parametrize(
    ("rules", "said"),
    [({}, "vond\ngeen fouten."), ({"label": 2, "color-contrast": 1}, "regels: color-contrast, label.")],
)
def test_the_statement_tells_what_axe_found_the_last_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rules: dict[str, int], said: str
) -> None:
    kept = tmp_path / "toegankelijkheid.json"
    kept.write_text(json.dumps({"datum": "27-11-2026", "bestanden": {"test_a.py": 3, "test_b.py": 2}, "regels": rules}))
    look = facts.last_look(kept)
    monkeypatch.setattr(facts, "last_look", lambda: look)
    paper = written()[PAPERS["toegankelijkheid.md"]]
    assert "op 27-11-2026, keek axe 5 keer naar" in paper
    assert said in paper
