"""Telling the council from its committees, papers by their titles, the subject of a question, and dates in Dutch."""

from datetime import UTC, date, datetime

import pytest

from desk import feed_words
from participation import council_import
from participation.council import faults
from participation.council.calendar import subject_of
from participation.council.records import is_council, kind_of, web_address
from participation.dates import day_and_time


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("Raadsvergadering", None, True),
        ("Raad", "Gemeenteraad", True),
        ("Gemeenteraad 3 december", None, True),
        ("Besluitvormende raad", None, True),
        ("Begroting", "Raad", True),
        ("Raadsvergadering", "Gemeente Utrecht", True),
        ("raadscommissie Financiën", None, False),
        ("Vergadering", "Commissie Stad en Ruimte", False),
        ("Raadsinformatieavond", None, False),
        ("Raadpleging jeugdhulp", None, False),
        ("Kinderraad", None, False),
        ("De raad informeert", None, False),
        ("College van B en W", None, False),
    ],
)
def test_the_council_is_told_from_other_meetings(name: str, body: str | None, expected: bool) -> None:
    assert is_council(name, body) is expected


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Besluitenlijst raad 5 november", "besluitenlijst"),
        ("M12 Motie meer bomen", "motie"),
        ("A3 Amendement op motie 4", "amendement"),
        ("Raadsvoorstel parkeren", "raadsvoorstel"),
        ("Raadsbrief station", "brief"),
        ("00 Commissie Flap", None),
    ],
)
def test_papers_are_known_by_their_titles(title: str, kind: str | None) -> None:
    assert kind_of(title) == kind


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Wat heeft de raad besloten over parkeren in de binnenstad?", ("parkeren", "binnenstad")),
        ("hoe stemde de vvd over de motie zonnepanelen", ("vvd", "zonnepanelen")),
        ("Wat besloot de raad en wie stemde voor?", ()),
        ("wat is er besloten", ()),
        ("🙂 !?", ()),
    ],
)
def test_the_subject_is_what_is_left_of_a_question(question: str, subject: tuple[str, ...]) -> None:
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//raad.example",
        "https://",
        "https://a@b.example",
        "https://raad.example/a b",
        "",
        None,
        3,
    ],
)
def test_only_plain_web_addresses_become_links(address: object) -> None:
    assert web_address(address) is None
    assert web_address(" https://raad.example/a?b=c ") == "https://raad.example/a?b=c"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 12, 3, 18, 30, tzinfo=UTC), "donderdag 3 december 2026 om 19.30 uur"),
        (datetime(2026, 7, 2, 17, 30, tzinfo=UTC), "donderdag 2 juli 2026 om 19.30 uur"),
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), "vandaag om 23.59 uur"),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), "dinsdag 24 november 2026 om 00.00 uur"),
    ],
)
def test_moments_are_said_in_dutch_time(moment: datetime, expected: str) -> None:
    assert day_and_time(moment, today=date(2026, 11, 23)) == expected


def test_every_fault_has_words_at_the_desk_and_on_the_command_line() -> None:
    assert set(faults.CODES) == set(feed_words.FAULTS) == set(council_import.FAULTS)
