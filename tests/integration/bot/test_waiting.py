"""Nobody waits long, whatever else goes on: an answer in time, or an honest message, and help at once."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Message
from participation.services import conversations
from tests.integration.bot.conftest import (
    UTRECHT,
    RasaDouble,
    button,
    contributions_of,
    echo,
    hurry,
    said,
    text_of,
)

IN_DANGER = "ik wil niet meer leven"
OVER = content.text("knop_griffie")
STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."


class Hanging:
    """Rasa says nothing until it may."""

    def __init__(self) -> None:
        self.asked, self.may = asyncio.Event(), asyncio.Event()

    async def __call__(self, _: dict[str, Any]) -> tuple[int, bytes]:
        self.asked.set()
        await self.may.wait()
        return 200, said("Eindelijk")


@pytest.fixture
async def hanging(rasa: RasaDouble) -> AsyncIterator[Hanging]:
    """Until the test is over, if it does not say before that Rasa may."""
    rasa.behaviour = behaviour = Hanging()
    yield behaviour
    behaviour.may.set()
    await asyncio.sleep(0.05)


async def say(gateway: Gateway, conversation: Opened, text: str, message_id: str | None = None) -> list[Message]:
    return await gateway.handle(Turn(conversation.conversation_id, message_id or uuid.uuid4().hex, text=text))


def offers_to_leave_the_words(answers: list[list[Message]]) -> bool:
    return all(OVER in [one["titel"] for one in answer.body["knoppen"]] for [answer] in answers)


async def test_somebody_in_danger_does_not_wait_for_what_they_said_before(
    gateway: Gateway, opened: Opened, hanging: Hanging
) -> None:
    before = asyncio.create_task(say(gateway, opened, "Wat doet de raad?"))
    await hanging.asked.wait()
    [help_] = await say(gateway, opened, IN_DANGER, "nood")
    [again] = await say(gateway, opened, IN_DANGER, "nood")
    assert (help_.body["soort"], again.id, before.done()) == ("nood", help_.id, False)
    hanging.may.set()
    await before
    history = text_of((await gateway.visits.current(opened.conversation_id)).messages)[1:]
    assert history == ["Wat doet de raad?", IN_DANGER, help_.body["tekst"], "Eindelijk"]


async def test_help_that_is_asked_many_times_at_once_is_given_once(gateway: Gateway, opened: Opened) -> None:
    answers = await asyncio.gather(*(say(gateway, opened, IN_DANGER, "nood") for _ in range(6)))
    assert len({tuple(message.id for message in messages) for messages in answers}) == 1
    assert len((await gateway.visits.current(opened.conversation_id)).messages) == 3


@pytest.mark.parametrize("in_one_conversation", [True, False])
async def test_who_waits_for_others_waits_no_longer_for_that(
    gateway: Gateway, rasa: RasaDouble, hanging: Hanging, in_one_conversation: bool
) -> None:
    """Rasa hangs: the first waits for Rasa, and all others for the first."""
    gateway._room._places = asyncio.Semaphore(1)
    known = [await gateway.visits.open(channel="web", municipality_code=UTRECHT) for _ in range(6)]
    hurry(gateway)
    people = [known[0]] * 6 if in_one_conversation else known
    answers = await asyncio.gather(*(say(gateway, one, STORY) for one in people))
    assert offers_to_leave_the_words(answers)
    assert len(rasa.turns) <= 1


async def test_who_waits_in_vain_for_another_process_hears_so_and_can_leave_the_words(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.LATE_SECONDS", 0.1)
    hurry(gateway)
    async with database.alone(conversations.lock_of_turns(opened.conversation_id), EVERY_MUNICIPALITY):
        [busy] = await say(gateway, opened, STORY)
    assert (busy.body["tekst"], rasa.turns) == (content.text("druk"), [])
    gateway._settings = gateway._settings.model_copy(update={"rasa_timeout": 8.0})
    await gateway.handle(Turn(opened.conversation_id, "over", choice=button(busy, OVER)))
    assert await contributions_of(database, opened) == [(STORY, UTRECHT)]


async def test_what_waited_too_long_at_the_channel_is_told_so_at_once(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    [busy] = await gateway.handle(Turn(opened.conversation_id, "een", text=STORY, waited=8.0))
    assert (busy.body["tekst"], rasa.turns) == (content.text("druk"), [])


async def test_a_fault_of_our_own_is_told_and_the_words_can_be_handed_over(
    gateway: Gateway,
    opened: Opened,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(STORY)

    monkeypatch.setattr("bot.verdict.with_question", broken)
    [sorry] = await say(gateway, opened, STORY)
    assert sorry.body["tekst"] == content.text("fout")
    logged = [record.getMessage().partition(" at ")[0] for record in caplog.records if record.name == "bot.gateway"]
    assert (logged, STORY in caplog.text) == (["A turn failed: RuntimeError"], False)
    await gateway.handle(Turn(opened.conversation_id, "over", choice=button(sorry, OVER)))
    assert await contributions_of(database, opened) == [(STORY, UTRECHT)]


async def test_a_database_that_is_away_for_a_moment_is_the_channels_to_try_again(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception())

    rasa.behaviour = echo
    with monkeypatch.context() as patched:
        patched.setattr("bot.not_here.after", away)
        with pytest.raises(OperationalError):
            await say(gateway, opened, STORY, "een")
    assert text_of(await say(gateway, opened, STORY, "een")) == [f"Gehoord: {STORY}"]
