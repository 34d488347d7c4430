"""What the griffie publishes is in the chat at once, though desk and chat answer from different processes.

At once is stricter than within some seconds: the very first question after it gets the new answer.
"""

import re
from collections.abc import AsyncIterator

import pytest

from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance

CODE, ELSEWHERE = "GM0307", "GM0344"
"""The first has one griffier in the demonstration, who may publish alone."""

ANSWER_PAGE = f"/griffie/{CODE}/antwoorden/griffie"
QUESTION_PAGE = f"/griffie/{CODE}/eigen-vragen"
ASKED = "Wat doet de griffie?"
OWN = "Hoe laat begint de lampionnenoptocht?"
WAYS = (
    "Wanneer is de lampionnenoptocht?",
    "Lampionnenoptocht, hoe laat?",
    "Is er dit jaar weer een optocht met lampionnen?",
)


def text(number: int) -> str:
    """A text that nothing else says."""
    return f"Dit is de tekst van de proef met nummer {number}."


@pytest.fixture
async def desk(desks) -> AsyncIterator[Clerk]:
    """The griffier, who leaves the answers as they were."""
    clerk: Clerk = await desks(CODE)
    yield clerk
    await clerk.submit(ANSWER_PAGE, to=f"{ANSWER_PAGE}/terugzetten", nummer="landelijk")
    for question in re.findall(rf'href="({QUESTION_PAGE}/[0-9a-f-]{{36}})"', await clerk.read(QUESTION_PAGE)):
        await clerk.submit(question, to=f"{question}/weg", zeker="ja")


async def publish(desk: Clerk, words: str) -> None:
    """Write, put up for review and publish."""
    page = await desk.submit(
        ANSWER_PAGE,
        tekst=words,
        bron="Proef",
        bron_adres="https://amersfoort.example/griffie",
        nagekeken="2026-01-02",
        stap="voorleggen",
    )
    assert "De tekst staat klaar voor controle door een collega." in page.text
    page = await desk.submit(ANSWER_PAGE, to=f"{ANSWER_PAGE}/publiceren", toelichting="De wet gelezen.")
    assert "De tekst staat nu in de chat." in page.text


async def test_the_first_question_after_publishing_gets_the_new_text(desk: Clerk, opens, instance: Instance):
    """Each text is asked for before and after, so that every process has held the old one."""
    assert instance.pid("web") != instance.pid("actions")
    resident = await opens(CODE)
    for number in range(3):
        [before] = await resident.says(ASKED)
        assert text(number) not in before["tekst"]
        await publish(desk, text(number))
        [after] = await resident.says(ASKED)
        assert after["tekst"].startswith(text(number))
        assert text(number) in await desk.read(ANSWER_PAGE)
    [elsewhere] = await (await opens(ELSEWHERE)).says(ASKED)
    assert "van de proef" not in elsewhere["tekst"]


async def test_an_own_question_is_answered_from_the_first_time_it_is_asked(desk: Clerk, opens):
    resident = await opens(CODE)
    [before] = await resident.says(OWN)
    assert "van de proef" not in before["tekst"]
    fields = {
        "vraag": OWN,
        "manieren": "\n".join(WAYS),
        "kort": text(7),
        "bron": "Proef",
        "bron_adres": "https://amersfoort.example/optocht",
        "nagekeken": "2026-01-02",
        "in_chat": "ja",
        "toch": "ja",
    }
    page = await desk.submit(f"{QUESTION_PAGE}/nieuw", **fields)
    assert page.url.path == QUESTION_PAGE
    [after] = await resident.says(OWN)
    assert after["tekst"].startswith(text(7))
    [question] = re.findall(rf'href="({QUESTION_PAGE}/[0-9a-f-]{{36}})"', await desk.read(QUESTION_PAGE))
    await desk.submit(question, to=f"{question}/stand", aan="nee")
    [gone] = await resident.says(OWN)
    assert "van de proef" not in gone["tekst"]
