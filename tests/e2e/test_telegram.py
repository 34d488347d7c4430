"""A resident in Telegram, from a question to the griffie's answer in the same chat.

The telegram part is started beside the instance, as the launcher would start it when there is a token. Only Telegram
itself is doubled.
"""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.layout import REPOSITORY, Layout
from launcher.parts import parts
from launcher.ports import Ports
from launcher.variables import Plan
from participation import content
from tests.bot_api import TOKEN, Person, TelegramDouble
from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance
from tests.e2e.resident import REFERENCE, UNDERSTOOD, reading_back

CONCERN = "Op de Biltstraat rijden auto's veel te hard. Mijn kinderen durven daar niet over te steken."
ANSWER = "Dank u wel. De raad praat hier <donderdag> over."
BUSES = "Er rijden bij ons te weinig bussen. Mijn moeder komt de wijk bijna niet meer uit."
PATIENCE = 30.0

numbers = itertools.count(4_700_001)

CONTRIBUTION = "SELECT id, municipality_code, text, channel FROM contribution WHERE reference = %s"


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    """The Bot API, as long as the test runs."""
    double = TelegramDouble()
    await double.start()
    yield double
    await double.stop()


@contextmanager
def telegram_part(instance: Instance, telegram: TelegramDouble, log: Path) -> Iterator[None]:
    """The part, with what the launcher gives it."""
    run = json.loads((instance.state / "supervisor.json").read_text())
    own = {name: value for name, value in os.environ.items() if not name.startswith("SAMENSPEL_")}
    own |= {"SAMENSPEL_TELEGRAM_TOKEN": TOKEN, "SAMENSPEL_TELEGRAM_API_URL": telegram.url}
    layout = Layout(REPOSITORY, instance.state.parent)
    part = parts(Plan(layout, Ports(run["port"]), Path(run["model"]), uuid.uuid4().hex, own))[-1]
    assert part.name == "telegram"
    with log.open("ab") as output:
        process = subprocess.Popen(
            part.command, cwd=REPOSITORY, env=dict(part.environment()), stdout=output, stderr=output
        )
    try:
        yield
        assert process.poll() is None, log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


async def test_from_a_question_to_the_griffies_answer(
    instance: Instance, telegram: TelegramDouble, desks, tmp_path: Path
) -> None:
    person, log = Person(telegram, next(numbers)), tmp_path / "telegram.log"
    with telegram_part(instance, telegram, log):
        await person.sends(text="/start")
        welcome, question = await person.hears(2, PATIENCE)
        assert welcome.titles == ["Wat doet de gemeenteraad?", "Ik wil iets doorgeven", "Wat kunt u voor mij doen?"]
        assert question.text == "In welke gemeente woont u? U mag ook uw woonplaats of postcode typen."
        [chosen] = await person.says("Utrecht")
        assert chosen.text == "Goed, het gaat over de gemeente Utrecht. Wat wilt u weten of doorgeven?"

        [answer] = await person.says("wat doet de gemeenteraad eigenlijk?")
        assert answer.text.startswith("De gemeenteraad is het hoogste bestuur van de gemeente.")
        assert "Meer uitleg:\nDe raad heeft drie taken:" in answer.text
        assert '<a href="https://wetten.overheid.nl/BWBR0001840">Bron: ' in answer.html

        await person.presses("Ik wil iets doorgeven")
        [read_back] = await person.says(CONCERN)
        assert UNDERSTOOD.sub("", read_back.text) == reading_back("Utrecht", CONCERN)
        confirmed, _ = await person.presses("Ja, geef dit door", 2)
        [reference] = REFERENCE.findall(confirmed.text)
        await telegram.until(lambda: read_back.titles == ["✓ Ja, geef dit door"])
        [row] = await instance.rows(CONTRIBUTION, reference)
        assert (row["municipality_code"], row["text"], row["channel"]) == ("GM0344", CONCERN, "telegram")

        desk: Clerk = await desks("GM0344")
        await desk.submit(desk.address(row["id"]), to=f"{desk.address(row['id'])}/antwoord", tekst=ANSWER)
        [pushed] = await person.hears(1, PATIENCE)
        assert pushed.text == f"Antwoord van de griffie van Utrecht op uw inbreng {reference}:\n\n{ANSWER}"
    assert [line for line in log.read_text().splitlines() if TOKEN in line or "Biltstraat" in line] == []


async def test_an_answer_that_was_written_while_the_part_was_away_comes_once(
    instance: Instance, telegram: TelegramDouble, desks, tmp_path: Path
) -> None:
    person, log = Person(telegram, next(numbers)), tmp_path / "telegram.log"
    with telegram_part(instance, telegram, log):
        await person.sends(text="De lantaarns op de Maliebaan in Utrecht doen het al weken niet en het is er donker.")
        await person.hears(2, PATIENCE)
        await person.sends(text="/start")
        await person.hears(2, PATIENCE)
        await person.says("Utrecht")
        await person.presses("Ik wil iets doorgeven")
        await person.says("De Maliebaan is te donker. Ik wil dat de raad daar meer lantaarns laat zetten.")
        confirmed, _ = await person.presses("Ja, geef dit door", 2)
    [reference] = REFERENCE.findall(confirmed.text)
    [row] = await instance.rows(CONTRIBUTION, reference)
    desk: Clerk = await desks("GM0344")
    await desk.submit(desk.address(row["id"]), to=f"{desk.address(row['id'])}/antwoord", tekst=ANSWER)
    for started in (2, 3):
        with telegram_part(instance, telegram, log):
            await telegram.until(lambda number=started: len(telegram.asked("setMyCommands")) == number, PATIENCE)
            await telegram.until(lambda: any(ANSWER in message.text for message in person.chat), PATIENCE)
            await asyncio.sleep(1)
    assert [ANSWER in message.text for message in person.chat].count(True) == 1


async def test_a_place_on_the_map_goes_with_the_contribution(
    instance: Instance, telegram: TelegramDouble, tmp_path: Path
) -> None:
    person = Person(telegram, next(numbers))
    with telegram_part(instance, telegram, tmp_path / "telegram.log"):
        await person.sends(text="/start")
        await person.hears(2, PATIENCE)
        await person.says("Utrecht")
        await person.presses("Ik wil iets doorgeven")
        await person.says(BUSES)
        await person.sends(location={"latitude": 52.1061, "longitude": 5.0149})
        notice, read_back = await person.hears(2, PATIENCE)
        assert notice.text.startswith("Dat is bij Vleuten.")
        assert "bij Vleuten" in read_back.text
        confirmed, _ = await person.presses("Ja, geef dit door", 2)
    [reference] = REFERENCE.findall(confirmed.text)
    [row] = await instance.rows(CONTRIBUTION, reference)
    assert row["text"] == f"{BUSES}\n\n{content.text('begrepen_plek')} bij Vleuten"


@pytest.mark.parametrize(
    ("command", "messages", "begins"),
    [
        ("help", 1, "Ik kan drie dingen voor u doen."),
        ("stop", 1, "Goed, "),
        ("privacy", 1, "Ik vraag niet naar uw naam."),
        ("mijngegevens", 2, "Dit bewaar ik van u."),
        ("verwijder", 1, "Ik wis dit hele gesprek."),
        ("taal", 1, "U mag gewone en korte woorden gebruiken."),
    ],
)
async def test_every_command_is_answered_also_in_the_middle_of_a_contribution(
    instance: Instance, telegram: TelegramDouble, tmp_path: Path, command: str, messages: int, begins: str
) -> None:
    person = Person(telegram, next(numbers))
    with telegram_part(instance, telegram, tmp_path / "telegram.log"):
        await person.sends(text=f"/{command}")
        _, answer, *_ = await person.hears(1 + messages, PATIENCE)
        assert answer.text.startswith(begins)
        await person.presses("Ik wil iets doorgeven")
        answer, *_ = await person.says(f"/{command}", messages)
        assert answer.text.startswith(begins)
