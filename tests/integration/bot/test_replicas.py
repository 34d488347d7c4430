"""A gateway before several replicas of Rasa: each conversation at one, and on at another when that one goes."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from bot import replicas as replicas_module
from bot.gateway import Gateway
from bot.rasa import RasaClient
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.services import conversations
from participation.settings import Settings
from tests.integration.bot.conftest import (
    SECRET,
    TIMEOUT,
    Behaviour,
    RasaDouble,
    always,
    hurry,
    listening,
    said,
    text_of,
)


def speaks(name: str) -> Behaviour:
    async def answer(turn: dict[str, Any]) -> tuple[int, bytes]:
        return 200, said(f"{name}: {turn['tekst']}")

    return answer


async def dies(_: dict[str, Any]) -> tuple[int, bytes]:
    raise ConnectionError


async def hangs(_: dict[str, Any]) -> tuple[int, bytes]:
    await asyncio.sleep(TIMEOUT + 0.3)
    return 200, said("te laat")


@pytest.fixture
async def both() -> AsyncIterator[list[RasaDouble]]:
    async with listening(RasaDouble(speaks("een"))) as one, listening(RasaDouble(speaks("twee"))) as two:
        yield [one, two]


Start = Callable[[str], Awaitable[Gateway]]


@pytest.fixture
async def start(database: Database, database_url: str, now: datetime) -> AsyncIterator[Start]:
    """Start a gateway before these addresses, as in a process of its own."""
    async with contextlib.AsyncExitStack() as stack:

        async def begin(addresses: str) -> Gateway:
            settings = Settings(demo=True, database_url=database_url, rasa_url=addresses, rasa_secret=SECRET)
            client = RasaClient(settings)
            stack.push_async_callback(client.close)
            return Gateway(database, settings, client, clock=lambda: now)

        yield begin


@pytest.fixture
async def gateway(start: Start, both: list[RasaDouble]) -> Gateway:
    return await start(" ".join(one.url for one in both))


async def says(gateway: Gateway, where: Opened, text: str, message_id: str = "") -> list[str]:
    return text_of(await gateway.handle(Turn(where.conversation_id, message_id or uuid.uuid4().hex, text=text)))


async def placed(gateway: Gateway, both: list[RasaDouble], at: int = 0) -> tuple[Opened, RasaDouble, RasaDouble]:
    """A conversation, the replica that has it, and the other."""
    for _ in range(40):
        opened = await gateway.visits.open(channel="web")
        before = len(both[at].turns)
        await says(gateway, opened, "hallo")
        if len(both[at].turns) > before:
            return opened, both[at], both[1 - at]
    raise AssertionError("forty conversations never came there")


async def test_a_conversation_stays_at_one_replica_and_both_have_some(
    gateway: Gateway, start: Start, both: list[RasaDouble]
) -> None:
    """Also when two gateways take its turns by turns."""
    other = await start(" ".join(one.url for one in reversed(both)))
    for _ in range(12):
        opened = await gateway.visits.open(channel="web")
        for number in range(4):
            await says((gateway, other)[number % 2], opened, f"bericht {number}")
    heard = [{turn["gesprek"] for turn in one.turns} for one in both]
    assert heard[0] & heard[1] == set()
    assert (len(heard[0] | heard[1]), all(heard)) == (12, True)


@pytest.mark.parametrize("fault", [dies, always(500, b'{"fout": "rasa"}')], ids=["dies", "error"])
async def test_a_turn_that_breaks_off_is_answered_once_by_the_other(
    gateway: Gateway, both: list[RasaDouble], fault: Behaviour
) -> None:
    opened, broken, other = await placed(gateway, both)
    broken.behaviour, before = fault, (len(broken.turns), len(other.turns))
    assert await says(gateway, opened, "Wat doet de raad?", "een") == ["twee: Wat doet de raad?"]
    assert await says(gateway, opened, "Wat doet de raad?", "een") == ["twee: Wat doet de raad?"]
    first, again = broken.turns[-1], other.turns[-1]
    assert (first.pop("herhaald"), again.pop("herhaald")) == (False, True)
    assert first == again, "a turn keeps its id, by which Rasa knows whether it did it"
    assert await says(gateway, opened, "En nu?") == ["twee: En nu?"]
    assert (len(broken.turns), len(other.turns)) == (before[0] + 1, before[1] + 2), "the broken one is left out"
    assert other.turns[-1]["herhaald"] is False
    counted = gateway._answering._rasa._metrics.registry.get_sample_value
    states = [counted("samenspel_rasa_replicas", {"state": state}) for state in ("werkt", "overgeslagen")]
    assert states == [1, 1]
    kind = "RemoteProtocolError" if fault is dies else "HTTPStatusError"
    assert counted("samenspel_rasa_replies_total", {"replica": broken.url, "outcome": kind}) == 1
    answered = {"replica": other.url, "outcome": "antwoord"}
    assert counted("samenspel_rasa_replies_total", answered) == before[1] + 2


async def test_a_replica_that_is_not_there_costs_nobody_a_turn(start: Start, both: list[RasaDouble]) -> None:
    gateway = await start(f"{both[0].url} http://127.0.0.1:9")
    for number in range(12):
        opened = await gateway.visits.open(channel="web")
        assert await says(gateway, opened, f"bericht {number}") == [f"een: bericht {number}"]
    assert [turn["herhaald"] for turn in both[0].turns] == [False] * 12, "nobody else can have done them"


async def test_a_turn_that_no_replica_can_do_takes_none_of_them_out(gateway: Gateway, both: list[RasaDouble]) -> None:
    """One message that makes Rasa fail must not stop the conversations of others."""
    opened, mine, other = await placed(gateway, both)
    before = len(mine.turns) + len(other.turns)
    for one in both:
        one.behaviour = always(500, b"")
    assert await says(gateway, opened, "kapot") == [content.text("fout")]
    assert len(mine.turns) + len(other.turns) == before + 2
    mine.behaviour = speaks("een")
    assert await says(gateway, opened, "heel") == ["een: heel"]


async def test_a_turn_that_takes_too_long_is_asked_nowhere_else_and_the_next_one_is(
    gateway: Gateway, both: list[RasaDouble]
) -> None:
    opened, slow, other = await placed(gateway, both)
    hurry(gateway)
    slow.behaviour, before = hangs, len(other.turns)
    assert await says(gateway, opened, "langzaam") == [content.text("fout")]
    assert len(other.turns) == before, "the slow one may be at it still"
    assert await says(gateway, opened, "snel") == ["twee: snel"]


async def test_a_replica_that_works_again_gets_its_conversations_back(
    gateway: Gateway, both: list[RasaDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas_module, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(replicas_module, "LEFT_OUT_AT_LEAST", 0.05)
    opened, broken, _ = await placed(gateway, both)
    broken.behaviour = dies
    assert await says(gateway, opened, "kapot") == ["twee: kapot"]
    broken.behaviour = speaks("een")
    for _ in range(20):
        await asyncio.sleep(0.06)
        [answer] = await says(gateway, opened, "heel")
        if answer == "een: heel":
            return
    raise AssertionError("it never came back")


async def test_a_new_model_beside_the_old_takes_over_without_a_turn_lost(
    start: Start, both: list[RasaDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one, both, and then the new one alone, while residents go on: as Compose and Kubernetes deploy."""
    monkeypatch.setattr(replicas_module, "LOOK_EVERY", 0.0)
    old, new = both
    gateway = await start(old.url)
    chats = [await gateway.visits.open(channel="web") for _ in range(10)]
    heard: list[set[str]] = []
    for addresses in ([old.url], [old.url, new.url], [new.url]):
        gateway._answering._rasa._replicas._addresses = addresses
        await says(gateway, chats[0], "kijk om")
        await asyncio.sleep(0.05)
        answers = await asyncio.gather(*(says(gateway, one, f"vraag {number}") for number, one in enumerate(chats)))
        assert [answer.partition(": ")[2] for [answer] in answers] == [f"vraag {number}" for number in range(10)]
        heard.append({answer.partition(": ")[0] for [answer] in answers})
    assert heard == [{"een"}, {"een", "twee"}, {"twee"}]


async def test_a_turn_of_a_gateway_that_was_killed_is_asked_as_one_that_may_be_done(
    gateway: Gateway, both: list[RasaDouble], database: Database, now: datetime
) -> None:
    opened, mine, _ = await placed(gateway, both)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await conversations.receive(
            session, conversation_id=opened.conversation_id, external_id="een", body={"tekst": "nog eens"}, now=now
        )
    assert await says(gateway, opened, "nog eens", "een") == ["een: nog eens"]
    assert [turn["herhaald"] for turn in mine.turns][-2:] == [False, True]
