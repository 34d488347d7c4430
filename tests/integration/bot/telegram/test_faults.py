"""When Telegram, the network, Rasa or this process fails: nothing is lost, and nothing comes twice that need not."""

import asyncio
import logging
import uuid
from datetime import timedelta

import pytest
from limits import parse
from sqlalchemy import delete, update
from telegram import Update

from bot.gateway import Gateway
from bot.telegram.api import quiet_logs
from bot.telegram.inbox import Inbox
from bot.telegram.process import HANDLERS
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import ChatAddress, Contribution, Conversation, Incoming, Message, Outgoing
from participation.privacy.retention import erase_expired
from participation.services import clerks, contributions, delivery
from participation.services.contributions import Draft
from participation.services.incoming import HOLDS_UP, LONGEST_WAIT
from participation.settings import Settings
from tests.bot_api import Fault, Person, TelegramDouble
from tests.integration.bot.conftest import UTRECHT, RasaDouble, echo, said
from tests.integration.bot.telegram.conftest import Running, clock, rows, until


async def griffie_answers(database: Database, conversation_id: uuid.UUID, text: str) -> None:
    """What the worker does with a text that the griffie wrote to this resident."""
    now = clock()
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, conversation_id)
        draft = Draft(uuid.uuid4(), "De lamp is stuk.", conversation.resident_id, conversation.id, "telegram")
        contribution = await contributions.log_contribution(session, municipality_code=UTRECHT, draft=draft, now=now)
        clerk, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )
        entry = await contributions.reply(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            text=text,
            clerk=clerk,
            submission=uuid.uuid4(),
            now=now,
        )
    async with database.session(EVERY_MUNICIPALITY) as session:
        await delivery.deliver(session, entry_id=entry.id, now=now)


@pytest.fixture
async def conversation(person: Person, rasa: RasaDouble, running: Running) -> uuid.UUID:
    """A conversation that was begun while the process ran."""
    async with running():
        await person.says("Hallo", 2)
    return uuid.UUID(rasa.turns[-1]["gesprek"])


async def test_the_griffies_answer_is_pushed_at_once(
    person: Person, conversation: uuid.UUID, running: Running, database: Database
) -> None:
    async with running():
        await griffie_answers(database, conversation, "Wij komen <donderdag> kijken.")
        [pushed] = await person.hears(seconds=3)
    assert pushed.text.endswith("\n\nWij komen <donderdag> kijken.")


async def test_what_was_written_while_the_process_was_away_comes_once(
    person: Person, conversation: uuid.UUID, running: Running, database: Database
) -> None:
    await griffie_answers(database, conversation, "Een")
    async with running():
        await person.hears()
    async with running():
        await griffie_answers(database, conversation, "Twee")
        await person.hears()
    assert [message.text.split("\n\n")[-1] for message in person.chat[-2:]] == ["Een", "Twee"]


async def test_updates_that_came_while_the_process_was_away_are_answered(
    person: Person, conversation: uuid.UUID, running: Running
) -> None:
    await person.sends(text="Is daar iemand?")
    async with running():
        [answer] = await person.hears()
    assert answer.text == "Gehoord: Is daar iemand?"


async def test_a_restart_in_the_middle_of_a_turn_answers_once(
    person: Person, conversation: uuid.UUID, running: Running, rasa: RasaDouble
) -> None:
    begun = asyncio.Event()

    async def slowly(turn: dict[str, object]) -> tuple[int, bytes]:
        begun.set()
        await asyncio.sleep(0.2)
        return await echo(turn)

    rasa.behaviour = slowly
    async with running():
        await person.sends(text="Precies nu")
        await begun.wait()
    async with running():
        await person.hears()
        [after] = await person.says("En nu?")
    assert [message.text for message in person.chat[-2:]] == ["Gehoord: Precies nu", after.text]


async def test_a_restart_halfway_a_long_message_goes_on_with_the_next_piece(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, database: Database
) -> None:
    story = " ".join(f"Zin nummer {number} van een lang verhaal." for number in range(200))
    await griffie_answers(database, conversation, "Kort")
    async with running():
        await person.hears()
    async with database.session(EVERY_MUNICIPALITY) as session:
        newest = max(one.id for one in await rows(database, Message, Message.conversation_id == conversation))
        await session.execute(
            update(Message).where(Message.id == newest).values(body={"tekst": story, "soort": "griffie"})
        )
        await session.execute(update(Outgoing).where(Outgoing.message_id == newest).values(done_at=None, parts_sent=1))
    async with running():
        [rest] = await person.hears()
    assert (story.endswith(rest.text), story.startswith(rest.text)) == (True, False)


async def test_the_same_update_twice_is_one_turn(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, rasa: RasaDouble
) -> None:
    """As when Telegram did not hear that we had it, and as when it gives the message a new update."""
    async with running():
        update = await person.sends(text="Eén keer")
        await person.hears()
        telegram.updates.append(update)
        await telegram.add("message", update["message"])
        await person.says("Klaar")
    assert [turn["tekst"] for turn in rasa.turns] == ["Hallo", "Eén keer", "Klaar"]


async def test_a_flood_limit_is_waited_for_and_nothing_is_lost(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble
) -> None:
    async with running():
        telegram.faults["sendMessage"] = [Fault(429, {"retry_after": 2})]
        await person.sends(text="Druk")
        await telegram.until(lambda: len(telegram.asked("sendMessage")) == 3)
        limited = asyncio.get_running_loop().time()
        [answer] = await person.hears()
        waited = asyncio.get_running_loop().time() - limited
    assert answer.text == "Gehoord: Druk"
    assert 1.9 <= waited < 5


@pytest.mark.parametrize("fault", [Fault(500), Fault(502), Fault(refused=True)], ids=["500", "502", "broken"])
async def test_a_fault_of_telegram_is_tried_again_and_order_is_kept(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, fault: Fault
) -> None:
    async with running():
        telegram.faults["sendMessage"] = [fault, fault]
        await person.sends(text="Een")
        await person.sends(text="Twee")
        heard = await person.hears(2)
    assert [message.text for message in heard] == ["Gehoord: Een", "Gehoord: Twee"]


async def test_a_lost_answer_repeats_rather_than_loses(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble
) -> None:
    """The Bot API can not be asked whether a message arrived."""
    async with running():
        telegram.faults["sendMessage"] = [Fault(lost=True)]
        await person.sends(text="Een")
        heard = await person.hears(2)
        [after] = await person.says("Twee")
    assert [message.text for message in (*heard, after)] == ["Gehoord: Een", "Gehoord: Een", "Gehoord: Twee"]


async def test_a_slow_telegram_delays_nobody_else(
    person: Person, another: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble
) -> None:
    async with running():
        telegram.faults["sendMessage"] = [Fault(delay=3)]
        await person.sends(text="Langzaam")
        await telegram.until(lambda: not telegram.faults["sendMessage"])
        await another.says("Snel", 2)
        assert len(person.chat) == person.seen
        await person.hears()


async def test_starting_without_a_network_waits_for_it(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble
) -> None:
    port = telegram.port
    await telegram.stop()
    async with running():
        await asyncio.sleep(0.5)
        await telegram.start(port)
        [answer] = await person.says("Daar ben ik weer")
    assert answer.text == "Gehoord: Daar ben ik weer"


async def test_a_network_that_goes_away_and_comes_back_loses_nothing(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, database: Database
) -> None:
    port = telegram.port
    async with running():
        await person.says("Nog wel")
        await telegram.stop()
        await griffie_answers(database, conversation, "In de stilte geschreven")
        await asyncio.sleep(1)
        await telegram.start(port)
        await person.sends(text="Weer terug")
        heard = await person.hears(2, seconds=20)
    assert sorted(message.text.split("\n\n")[-1] for message in heard) == [
        "Gehoord: Weer terug",
        "In de stilte geschreven",
    ]


@pytest.mark.parametrize("hears_of_it", [True, False], ids=["told", "403"])
async def test_messages_wait_for_who_blocked_the_bot(
    person: Person,
    another: Person,
    conversation: uuid.UUID,
    running: Running,
    telegram: TelegramDouble,
    database: Database,
    hears_of_it: bool,
) -> None:
    async def blocked() -> bool:
        [address] = await rows(database, ChatAddress, ChatAddress.conversation_id == conversation)
        return address.blocked_at is not None

    async with running():
        if hears_of_it:
            await person.membership("kicked")
            await until(blocked)
        else:
            telegram.blocked.add(person.id)
        await griffie_answers(database, conversation, "Voor later")
        await until(blocked)
        await another.says("Hallo", 2)
        assert len(person.chat) == person.seen
        await person.membership("member")
        [pushed] = await person.hears()
    assert pushed.text.endswith("Voor later")


async def test_a_message_that_telegram_refuses_for_good_holds_up_no_other(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, database: Database
) -> None:
    async with running():
        telegram.faults["sendMessage"] = [Fault(400)]
        await person.sends(text="Dit komt niet aan")
        [answer] = await person.says("Dit wel")
    assert answer.text == "Gehoord: Dit wel"
    given_up = await rows(database, Outgoing, Outgoing.conversation_id == conversation, Outgoing.given_up)
    assert len(given_up) == 1


@pytest.mark.parametrize("how", ["typed", "on the map"])
async def test_when_rasa_is_away_the_resident_gets_the_apology_and_can_hand_the_words_over(
    person: Person, conversation: uuid.UUID, running: Running, rasa: RasaDouble, database: Database, how: str
) -> None:
    async def gone(_: dict[str, object]) -> tuple[int, bytes]:
        return 503, b""

    rasa.behaviour = gone
    async with running():
        [sorry] = await person.says("De speeltuin is dicht en dat is jammer.")
        assert sorry.text == content.text("fout")
        [asked] = await person.presses(content.text("knop_griffie"))
        assert asked.text == content.text("inbreng_gemeente_vraag")
        if how == "typed":
            [done] = await person.says("Utrecht")
        else:
            await person.sends(location={"latitude": 52.0907, "longitude": 5.1214})
            await person.hears()
            [done] = await person.presses("Utrecht (Utrecht)")
    [kept] = await rows(database, Contribution, Contribution.conversation_id == conversation)
    assert (kept.text, kept.channel, kept.reference in done.text) == (
        "De speeltuin is dicht en dat is jammer.",
        "telegram",
        True,
    )


async def test_a_fault_of_our_own_is_tried_again(
    person: Person, conversation: uuid.UUID, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, failures = Gateway.handle, [RuntimeError("het geheim van Sanne")]

    async def failing(self: Gateway, turn: object) -> object:
        if failures:
            raise failures.pop()
        return await whole(self, turn)  # type: ignore[arg-type]

    monkeypatch.setattr(Gateway, "handle", failing)
    async with running():
        [answer] = await person.says("Nog een keer")
    assert (answer.text, failures) == ("Gehoord: Nog een keer", [])


async def test_somebody_in_danger_waits_for_nobody(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, rasa: RasaDouble
) -> None:
    """More people than there are hands wait for Rasa, who does not answer."""
    release = asyncio.Event()

    async def silent(_: dict[str, object]) -> tuple[int, bytes]:
        await release.wait()
        return 200, said("Eindelijk")

    rasa.behaviour = silent
    others = [Person(telegram, 900_000 + number) for number in range(30)]
    async with running(rasa_timeout=20.0):
        for other in others:
            await other.sends(text="Wat doet de raad?")
        await telegram.until(lambda: len(rasa.turns) >= 1 + HANDLERS)
        begun = asyncio.get_running_loop().time()
        [answer] = await person.says("ik wil niet meer leven")
        took = asyncio.get_running_loop().time() - begun
        release.set()
        await telegram.until(lambda: all(other.chat for other in others), 30)
    assert "113" in answer.text
    assert took < 10


async def test_with_rasa_hanging_everybody_hears_something_in_time(
    person: Person, conversation: uuid.UUID, running: Running, telegram: TelegramDouble, rasa: RasaDouble
) -> None:
    """More people than there are hands: who waited in the inbox for one of those is told so, and does not wait anew."""

    async def silent(_: dict[str, object]) -> tuple[int, bytes]:
        await asyncio.sleep(3)
        return 200, said("Te laat")

    rasa.behaviour = silent
    others = [Person(telegram, 910_000 + number) for number in range(4 * HANDLERS)]
    async with running(rasa_timeout=1.0):
        for other in others:
            await other.sends(text="Wat doet de raad?")
        await telegram.until(lambda: all(len(other.chat) == 2 for other in others), 60)
    told = [other.chat[-1].text for other in others]
    assert {*told} <= {content.text("fout"), content.text("druk")}
    assert told.count(content.text("druk")) >= HANDLERS
    assert len(rasa.turns) < 3 * HANDLERS


async def test_who_sends_too_much_waits_and_is_heard_later_or_in_danger_at_once(
    person: Person,
    conversation: uuid.UUID,
    running: Running,
    telegram: TelegramDouble,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.limits.TURNS", parse("1/hour"))
    async with running():
        await person.says("Een")
        await person.sends(text="Twee")
        [help_] = await person.says("ik wil niet meer leven")
        assert "113" in help_.text
        monkeypatch.setattr("bot.limits.TURNS", parse("60/minute"))
        [waiting] = await rows(database, Incoming, Incoming.handled_at.is_(None))
        assert waiting.attempts == 0
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(update(Incoming).where(Incoming.handled_at.is_(None)).values(due_at=clock()))
        await person.sends(text="Drie")
        heard = await person.hears(2)
    assert [one.text for one in heard] == ["Gehoord: Twee", "Gehoord: Drie"]


async def test_an_update_that_keeps_failing_is_kept_and_holds_up_those_behind_it_for_a_while(
    person: Person, settings: Settings, database: Database
) -> None:
    moment, handled = clock(), list[str]()
    inbox = Inbox(database, settings, clock=lambda: moment)

    async def failing(update: Update, _: float) -> None:
        assert update.message
        if update.message.text == "Een":
            raise RuntimeError
        handled.append(update.message.text or "")

    first = {"update_id": person.telegram.number(), "message": person.message(text="Een")}
    second = {"update_id": person.telegram.number(), "message": person.message(text="Twee")}
    for one in (first, second):
        await inbox.receive(Update.de_json(one, None))
    for _ in range(HOLDS_UP):
        assert "Twee" not in handled
        while await inbox.handle_next(failing):
            pass
        moment += LONGEST_WAIT
    assert handled[-1] == "Twee"
    [kept] = await rows(database, Incoming, Incoming.update_id == first["update_id"])
    assert (kept.handled_at, kept.body is None, kept.attempts) == (None, False, HOLDS_UP)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Incoming).where(Incoming.update_id == first["update_id"]))


async def test_an_update_that_can_not_be_read_is_skipped_and_holds_up_nobody(
    person: Person,
    conversation: uuid.UUID,
    running: Running,
    telegram: TelegramDouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    quiet_logs()
    unreadable = await telegram.add("message", {"message_id": 1, "text": "mijn diepste geheim"})
    async with running():
        for _ in range(2):
            await person.says("Hallo")
    assert unreadable not in telegram.updates
    logged = [record.getMessage() for record in caplog.records if record.name == "bot.telegram.reading"]
    assert len(logged) == 1
    assert "geheim" not in caplog.text


async def test_logs_hold_neither_words_nor_the_token(
    person: Person,
    conversation: uuid.UUID,
    running: Running,
    telegram: TelegramDouble,
    rasa: RasaDouble,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def gone(_: dict[str, object]) -> tuple[int, bytes]:
        return 500, b""

    whole, failures = Gateway.handle, [RuntimeError("mijn diepste geheim")]

    async def failing(self: Gateway, turn: object) -> object:
        if failures:
            raise failures.pop()
        return await whole(self, turn)  # type: ignore[arg-type]

    monkeypatch.setattr(Gateway, "handle", failing)
    caplog.set_level(logging.DEBUG)
    quiet_logs()
    rasa.behaviour = gone
    telegram.faults["sendMessage"] = [Fault(500), Fault(401), Fault(429, {"retry_after": 1}), Fault(lost=True)]
    telegram.faults["getUpdates"] = [Fault(401)]
    async with running():
        await asyncio.sleep(0.2)
        telegram.faults["getUpdates"].clear()
    async with running():
        await person.sends(text="mijn diepste geheim")
        await person.hears(seconds=20)
    logged = "\n".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    assert "RuntimeError" in logged
    for secret in ("geheim", "proef-van-samenspel", str(person.id), "Sanne"):
        assert secret not in logged.replace("bot.telegram", "")


async def test_everything_goes_when_the_time_of_a_conversation_is_up(
    person: Person, conversation: uuid.UUID, database: Database, running: Running
) -> None:
    async def left() -> list[int]:
        return [
            len(await rows(database, ChatAddress, ChatAddress.conversation_id == conversation)),
            len(await rows(database, Outgoing, Outgoing.conversation_id == conversation)),
            len(await rows(database, Incoming)),
        ]

    before = await left()
    assert [count > 0 for count in before] == [True, True, True]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await erase_expired(session, days=28, now=clock() + timedelta(days=3))
    assert (await left())[2] == 0
    async with database.session(EVERY_MUNICIPALITY) as session:
        await erase_expired(session, days=28, now=clock() + timedelta(days=29))
    assert await left() == [0, 0, 0]
    async with running():
        welcome, _ = await person.says("Ik ben er weer", 2)
    assert welcome.text.startswith("Welkom")


async def test_who_writes_is_heard_also_while_telegram_does_not_take_the_menu(
    telegram: TelegramDouble, person: Person, running: Running
) -> None:
    telegram.faults["setMyCommands"] = [Fault(400)] * 3
    async with running():
        await person.says("Hallo", 2)
    assert len(telegram.asked("setMyCommands")) == 1


async def test_two_processes_that_fetch_with_one_token_answer_each_message_once(
    telegram: TelegramDouble, person: Person, running: Running
) -> None:
    """Telegram ends the one's request for updates when the other asks, and may give both the same update."""
    async with running(), running():
        for number in range(6):
            await person.sends(text=f"Bericht {number}")
            await asyncio.sleep(0.4)
        await person.hears(7)
        await asyncio.sleep(1)
    assert [one.text for one in person.chat[1:]] == [f"Gehoord: Bericht {number}" for number in range(6)]
    assert telegram.conflicts
