"""A conversation in Telegram: coming in, commands, buttons, the municipality, and what is kept of whom."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.telegram.commands import COMMANDS
from participation import content
from participation.campaigns import trials
from participation.campaigns.texts import text as words_of
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    CampaignTrial,
    ChatAddress,
    Conversation,
    Incoming,
    Message,
    Outgoing,
    Participant,
    Resident,
)
from participation.services import deep_links
from participation.services.incoming import NOBODY
from tests.bot_api import Person, TelegramDouble
from tests.integration.bot.conftest import UTRECHT, RasaDouble, said
from tests.integration.bot.telegram.conftest import clock, rows, until
from tests.integration.campaign_maker import Ask, make

pytestmark = pytest.mark.usefixtures("process")

ASKS_PLACE = content.text("gemeente_vraag")
WELCOME = "Welkom bij Samenspel van {}. U praat met een computer."

Link = Callable[..., Awaitable[str]]


@pytest.fixture
def link(database: Database) -> Link:
    """Make a deep link."""

    async def made(code: str = UTRECHT, campaign: str | None = None, place: str | None = None) -> str:
        async with database.session(EVERY_MUNICIPALITY) as session:
            found = await deep_links.make(session, municipality_code=code, campaign=campaign, place=place, now=clock())
        return found.id

    return made


async def conversation_of(database: Database, rasa: RasaDouble) -> Conversation:
    """The conversation of the last turn that Rasa got."""
    [found] = await rows(database, Conversation, Conversation.id == rasa.turns[-1]["gesprek"])
    return found


async def test_without_a_link_the_bot_says_who_it_is_and_asks_for_the_municipality(
    person: Person, rasa: RasaDouble
) -> None:
    welcome, question = await person.says("/start", 2)
    assert welcome.text.splitlines()[0] == WELCOME.format("uw gemeente")
    assert welcome.titles == [content.text(f"knop_{name}") for name in ("raad", "inbreng", "wat_kun_je")]
    assert (question.text, rasa.turns) == (ASKS_PLACE, [])
    await person.says("Utrecht")
    assert (rasa.turns[-1]["tekst"], rasa.turns[-1]["keuze"]) == (
        "Utrecht",
        {"intent": "gemeente_kiezen", "getypt": True},
    )


async def test_a_link_brings_its_municipality_campaign_and_place(
    person: Person, rasa: RasaDouble, database: Database, link: Link
) -> None:
    [welcome] = await person.says(f"/start {await link(campaign='fietsen', place='bibliotheek')}")
    assert welcome.text.splitlines()[0] == WELCOME.format("Utrecht")
    await person.says("Hallo")
    assert rasa.turns[-1]["metadata"]["gemeente"] == UTRECHT
    kept = await conversation_of(database, rasa)
    assert (kept.campaign, kept.place, kept.channel) == ("fietsen", "bibliotheek", "telegram")


async def test_a_second_link_moves_the_same_conversation(
    person: Person, rasa: RasaDouble, database: Database, link: Link
) -> None:
    await person.says(f"/start {await link()}")
    await person.says("Hallo")
    first = await conversation_of(database, rasa)
    [welcome] = await person.says(f"/start {await link('GM0307')}")
    assert welcome.text.splitlines()[0] == WELCOME.format("Amersfoort")
    await person.says("Hallo")
    second = await conversation_of(database, rasa)
    assert (second.id, first.municipality_code, second.municipality_code) == (first.id, UTRECHT, "GM0307")


@pytest.mark.parametrize("payload", ["verzonnen", "GM0344", "x" * 64])
async def test_a_link_that_is_not_ours_says_so_and_begins_all_the_same(person: Person, payload: str) -> None:
    unknown, welcome, question = await person.says(f"/start {payload}", 3)
    assert unknown.text == content.text("telegram_link_onbekend")
    assert (welcome.text.splitlines()[0], question.text) == (WELCOME.format("uw gemeente"), ASKS_PLACE)


async def test_who_begins_without_start_hears_who_is_talking_first(person: Person) -> None:
    welcome, answer = await person.says("Wat doet de raad?", 2)
    assert (welcome.text.splitlines()[0], answer.text) == (WELCOME.format("uw gemeente"), "Gehoord: Wat doet de raad?")
    [again] = await person.says("En het college?")
    assert again.text == "Gehoord: En het college?"


async def test_each_chat_is_one_conversation_of_its_own(
    person: Person, another: Person, rasa: RasaDouble, database: Database
) -> None:
    await person.says("Een", 2)
    await another.says("Twee", 2)
    await person.says("Drie")
    used = [turn["gesprek"] for turn in rasa.turns]
    assert (used[0] == used[2], used[0] == used[1]) == (True, False)


async def test_the_first_messages_at_once_open_one_conversation(person: Person, rasa: RasaDouble) -> None:
    for number in range(5):
        await person.sends(text=f"bericht {number}")
    heard = await person.hears(6)
    assert [message.text for message in heard[1:]] == [f"Gehoord: bericht {number}" for number in range(5)]
    assert len({turn["gesprek"] for turn in rasa.turns}) == 1


async def test_the_menu_is_set_in_dutch(telegram: TelegramDouble) -> None:
    await telegram.until(lambda: telegram.asked("setMyCommands"))
    menu = telegram.asked("setMyCommands")[0]["commands"]
    assert [command["command"] for command in menu] == ["help", "stop", "privacy", "mijngegevens", "verwijder", "taal"]
    assert menu[0]["description"] == "Wat kan ik hier doen?"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_a_command_means_what_its_button_would(person: Person, rasa: RasaDouble, command: object) -> None:
    name, intent = command.name, command.intent  # type: ignore[attr-defined]
    await person.says(f"/{name}", 2)
    assert rasa.turns[-1]["keuze"] == {"intent": intent}
    await person.says(f"/{name.upper()}@samenspel_proefbot")
    assert rasa.turns[-1]["keuze"] == {"intent": intent}


@pytest.mark.parametrize(
    "typed",
    ['/inbreng_doen{"x":1}', '/help{"x":1}', "/inbreng_doen", "/restart", "/help mij", "/vraag/raad_wat_is", "/"],
)
async def test_a_typed_payload_stays_text(person: Person, rasa: RasaDouble, typed: str) -> None:
    await person.says(typed, 2)
    assert (rasa.turns[-1]["tekst"], rasa.turns[-1]["keuze"], rasa.turns[-1]["metadata"]["keuze"]) == (
        typed,
        None,
        None,
    )


async def test_a_failed_command_can_be_tried_again(person: Person, rasa: RasaDouble) -> None:
    healthy = rasa.behaviour

    async def broken(_: dict[str, object]) -> tuple[int, bytes]:
        return 500, b""

    await person.says("Hallo", 2)
    rasa.behaviour = broken
    [sorry] = await person.says("/mijngegevens")
    assert sorry.titles == [content.text("knop_opnieuw")]
    rasa.behaviour = healthy
    await person.presses(content.text("knop_opnieuw"))
    assert rasa.turns[-1]["keuze"] == {"intent": "mijn_gegevens"}


async def test_a_button_is_answered_ticked_and_carried_out_once(
    person: Person, telegram: TelegramDouble, rasa: RasaDouble
) -> None:
    [welcome, _] = await person.says("/start", 2)
    assert all(len(button["callback_data"]) == 22 for row in welcome.keyboard for button in row)
    title = content.text("knop_raad")
    pressed = person.press(title)
    await telegram.add("callback_query", pressed)
    await telegram.add("callback_query", {**pressed, "id": "een-tweede-keer"})
    await person.hears()
    await telegram.until(lambda: len(telegram.asked("answerCallbackQuery")) == 2)
    await telegram.until(lambda: welcome.titles == [f"✓ {title}"])
    assert [turn["keuze"] for turn in rasa.turns] == [{"intent": "vraag/raad_wat_is"}]
    await telegram.add("callback_query", person.press(f"✓ {title}"))
    await telegram.until(lambda: len(telegram.asked("answerCallbackQuery")) == 3)
    assert telegram.asked("answerCallbackQuery")[-1]["text"] == content.text("telegram_al_gekozen")
    assert len(rasa.turns) == 1


@pytest.mark.parametrize("earlier", [[], ["Hallo"]], ids=["about the press", "about an earlier message"])
async def test_a_press_is_acknowledged_while_rasa_still_thinks(
    person: Person, telegram: TelegramDouble, rasa: RasaDouble, earlier: list[str]
) -> None:
    await person.says("/start", 2)
    thinking = asyncio.Event()

    async def slowly(turn: dict[str, object]) -> tuple[int, bytes]:
        await asyncio.wait_for(thinking.wait(), 10)
        return 200, said("Klaar")

    rasa.behaviour = slowly
    pressed = person.press(content.text("knop_raad"))
    for text in earlier:
        await person.sends(text=text)
    await telegram.add("callback_query", pressed)
    await telegram.until(lambda: telegram.asked("answerCallbackQuery"))
    assert len(person.chat) == 2
    thinking.set()
    assert len(await person.hears(1 + len(earlier))) == 1 + len(earlier)


async def test_a_button_of_somebody_else_does_nothing(person: Person, another: Person, rasa: RasaDouble) -> None:
    await person.says("/start", 2)
    await another.says("/start", 2)
    stolen = person.press(content.text("knop_raad"))["data"]
    await another.telegram.add("callback_query", {**another.press(content.text("knop_raad")), "data": stolen})
    [refusal] = await another.hears()
    assert (refusal.text, rasa.turns) == (content.text("knop_verlopen"), [])


async def test_the_database_knows_neither_who_they_are_nor_where_they_are(
    person: Person, rasa: RasaDouble, database: Database
) -> None:
    """There is something to find: the resident, the address and the update are there."""
    await person.says("Hallo", 2)
    conversation = await conversation_of(database, rasa)

    async def handled() -> bool:
        return all(one.handled_at for one in await rows(database, Incoming))

    await until(handled)
    assert len(await rows(database, Resident, Resident.id == conversation.resident_id)) == 1
    [address] = await rows(database, ChatAddress, ChatAddress.conversation_id == conversation.id)
    updates = await rows(database, Incoming)
    assert {(one.body, one.sender, bool(one.handled_at)) for one in updates} == {(None, NOBODY, True)}
    told = [
        str(vars(row))
        for model in (Resident, ChatAddress, Conversation, Message)
        for row in await rows(database, model)
    ]
    assert [text for text in told if str(person.id) in text or "Sanne" in text] == []
    assert str(person.id).encode() not in address.sealed


async def test_a_conversation_of_the_web_is_pushed_nowhere(gateway, database: Database) -> None:
    opened = await gateway.visits.open(channel="web", municipality_code=UTRECHT)
    assert opened.messages
    assert await rows(database, Outgoing, Outgoing.conversation_id == opened.conversation_id) == []


async def test_a_campaign_is_tried_by_a_link_before_it_starts_and_plain_start_is_as_ever_once_that_is_over(
    person: Person, database: Database
) -> None:
    asked = Ask("schaal", rules={"lowest": 1, "highest": 3, "low_text": "slecht", "high_text": "goed"})
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, asked, now=clock(), state="klaar", opens_at=clock() + timedelta(days=2))
        trial = await trials.make(session, campaign, clerk=None, now=clock())
    welcome, notice, offer = await person.says(f"/start {trial.id}", 3)
    assert welcome.text.splitlines()[0] == WELCOME.format("Utrecht")
    assert "Dit is een proef van de peiling" in notice.text
    assert offer.titles == ["Ik doe mee", "Nu niet"]
    [question] = await person.presses("Ik doe mee")
    assert question.titles == ["1", "2", "3", "Overslaan", "Stoppen"]
    await person.presses("2", 2)
    gone, end = await person.says("stop", 2)
    assert (gone.text, end.text) == (words_of("gestopt").strip(), words_of("proef_einde").strip())
    assert await rows(database, Participant, Participant.campaign_id == campaign.id) == []
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(CampaignTrial).where(CampaignTrial.id == trial.id).values(until=clock()))
        await trials.erase_over(session, now=clock())
    assert len(await person.says("/start")) == 1
    unknown, _ = await person.says(f"/start {trial.id}", 2)
    assert unknown.text == content.text("telegram_link_onbekend")
