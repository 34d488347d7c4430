"""Asking where something stands: one's own, and with the secret code what was passed on from another device."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.contribution_status import ActionInbrengOverzicht
from actions.guarded import Surroundings
from actions.turn import ActionTurn
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import TooManyAttempts
from participation.models import Clerk, CodeAttempt, Contribution, Conversation
from participation.privacy import own_data
from participation.reply import Reply
from participation.services import contributions, secret_codes
from participation.services.references import format_reference
from participation.settings import Settings
from tests.integration.participation.conftest import SOMEWHERE, UTRECHT, Contribute, Converse

Ask = Callable[..., Any]
NOBODYS = format_reference(2026, 999_999)
WRONG = "0000-0000-0000"


@pytest.fixture
def surroundings(database: Database, now: datetime) -> Surroundings:
    return Surroundings(database, Settings(demo=True), lambda: now)


@pytest.fixture
def ask(surroundings: Surroundings) -> Ask:
    """Ask in a conversation, as the gateway and Rasa hand it over."""

    async def asked(
        conversation: Conversation, text: str = "", choice: dict[str, Any] | None = None, at: datetime | None = None
    ) -> list[Reply]:
        turn = ActionTurn(
            database=surroundings.database,
            settings=surroundings.settings,
            now=at or surroundings.clock(),
            conversation_id=conversation.id,
            resident_id=conversation.resident_id,
            channel="web",
            municipality_code=UTRECHT,
            text=text,
            choice=choice,
            intent="inbreng_status",
            topic=None,
            ranking=[],
            slots={},
        )
        assert await ActionInbrengOverzicht(surroundings).handle(turn) == []
        return turn.replies

    return asked


@pytest.fixture
async def elsewhere(database: Database, contribute: Contribute, surroundings: Surroundings) -> tuple[Contribution, str]:
    """Passed on from another device, with the code that was given then."""
    contribution = await contribute(text="Een geheim verhaal.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = await session.get_one(Contribution, contribution.id)
        code = secret_codes.give(kept, key=surroundings.settings.pseudonym_key)
    return contribution, code


async def attempts(database: Database) -> int:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.scalar(select(func.count()).select_from(CodeAttempt)) or 0


async def own_chat(database: Database, contribution: Contribution) -> Conversation:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.get_one(Conversation, contribution.conversation_id)


async def test_ones_own_is_told_with_what_happened_and_what_comes_next(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, ask: Ask
) -> None:
    contribution = await contribute()
    about = {"municipality_code": UTRECHT, "contribution_id": contribution.id, "clerk": clerk}
    async with database.session(UTRECHT) as session:
        to = SOMEWHERE["ingepland"]
        await contributions.change_status(session, status="ingepland", to=to, now=now + timedelta(days=1), **about)
        await contributions.reply(
            session, text="Op 3 december.", submission=uuid.uuid4(), now=now + timedelta(days=2), **about
        )
    [told] = await ask(await own_chat(database, contribution), "hoe staat het met mijn inbreng")
    assert told.text == (
        f"Uw inbreng {contribution.reference} aan de raad van Utrecht. "
        "Uw inbreng staat op de planning voor donderdag 3 december 2026: Commissie Ruimte. "
        "U hoort hier wat eruit komt.\n\n"
        "Dit is er gebeurd:\n- 23 november 2026: ontvangen\n- 24 november 2026: ingepland\n\n"
        "De griffie schreef op 25 november 2026:\n\n„Op 3 december.”"
    )
    assert [button.title for button in told.buttons] == [content.text("knop_reageren")]


async def test_what_may_still_be_changed_has_a_button_for_that(
    database: Database, contribute: Contribute, ask: Ask
) -> None:
    contribution = await contribute()
    [told] = await ask(await own_chat(database, contribution), "hoe staat het met mijn inbreng")
    assert [button.title for button in told.buttons] == [
        content.text(f"knop_{what}") for what in ("reageren", "wijzigen")
    ]


async def test_of_several_one_is_chosen_by_button_or_by_number(
    database: Database, contribute: Contribute, ask: Ask
) -> None:
    first, second = await contribute(), await contribute()
    chat = await own_chat(database, first)
    async with database.session(EVERY_MUNICIPALITY) as session:
        (await session.get_one(Contribution, second.id)).resident_id = first.resident_id
    [listed] = await ask(chat, "hoe staat het ermee")
    assert {button.title for button in listed.buttons} == {first.reference, second.reference}
    [meaning] = [button.meaning for button in listed.buttons if button.title == second.reference]
    [pressed] = await ask(chat, second.reference, meaning)
    [typed] = await ask(chat, f"en {second.reference.lower()}?")
    assert pressed.text == typed.text
    assert (second.reference in typed.text, first.reference in typed.text) == (True, False)


async def test_who_passed_nothing_on_hears_that_and_what_to_do_on_another_device(converse: Converse, ask: Ask) -> None:
    told = await ask(await converse())
    assert [reply.text for reply in told] == [
        f"{content.text('inbreng_status_geen')}\n\n{content.text('inbreng_status_ander_apparaat')}"
    ]


@pytest.mark.parametrize("at_once", [True, False])
async def test_with_reference_and_code_another_device_hears_the_status_and_not_the_words(
    elsewhere: tuple[Contribution, str],
    converse: Converse,
    ask: Ask,
    database: Database,
    clerk: Clerk,
    now: datetime,
    at_once: bool,
) -> None:
    """Planned: whoever passed it on hears "U hoort hier wat eruit komt", which would not be true on this device."""
    contribution, code = elsewhere
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            status="ingepland",
            to=SOMEWHERE["ingepland"],
            clerk=clerk,
            now=now,
        )
    chat = await converse()
    if at_once:
        [told] = await ask(chat, f"{contribution.reference} {code}")
    else:
        [question] = await ask(chat, contribution.reference)
        assert question.text == content.text("code_vraag", nummer=contribution.reference)
        [told] = await ask(chat, code.lower().replace("-", " "), {**question.expects["woorden"], "woorden": True})
    head, _ = told.text.split("\n\n", 1)
    assert head == (
        f"Uw inbreng {contribution.reference} aan de raad van Utrecht. "
        "Uw inbreng staat op de planning voor donderdag 3 december 2026: Commissie Ruimte. "
        f"{content.text('status_elders')}"
    )
    assert ("Een geheim verhaal" in told.text, told.buttons) == (False, ())
    assert await attempts(database) == 0


async def test_a_wrong_code_and_a_reference_of_nobody_get_the_same_answer(
    elsewhere: tuple[Contribution, str], converse: Converse, ask: Ask, database: Database
) -> None:
    contribution, code = elsewhere
    before = await attempts(database)
    answers = []
    for reference, typed in ((contribution.reference, WRONG), (NOBODYS, WRONG), (NOBODYS, code)):
        chat = await converse()
        [question] = await ask(chat, f"hoe staat het met {reference}")
        [refused] = await ask(chat, typed, {**question.expects["woorden"], "woorden": True})
        answers.append(
            (question.text.replace(reference, "X"), question.kind, refused.text, refused.kind, len(refused.buttons))
        )
    assert answers == [answers[0]] * 3
    assert answers[0][2] == content.text("code_fout")
    assert await attempts(database) == before + 3


async def test_a_typing_error_in_the_reference_is_noticed_before_anything_is_looked_up(
    converse: Converse, ask: Ask, database: Database
) -> None:
    before = await attempts(database)
    [told] = await ask(await converse(), f"SP-2026-000123-X {WRONG}")
    assert told.text == content.text("nummer_klopt_niet")
    assert await attempts(database) == before


async def guess(
    database: Database, reference: str, code: str, resident_id: uuid.UUID, surroundings: Surroundings, now: datetime
) -> Contribution | None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await secret_codes.open_with(
            session,
            reference=reference,
            code=code,
            resident_id=resident_id,
            key=surroundings.settings.pseudonym_key,
            now=now,
        )


async def test_one_resident_guesses_five_times_an_hour(
    elsewhere: tuple[Contribution, str], converse: Converse, ask: Ask, now: datetime
) -> None:
    contribution, code = elsewhere
    chat = await converse()
    for number in range(5):
        [refused] = await ask(chat, f"{format_reference(2026, 500_000 + number)} {WRONG}")
        assert refused.text == content.text("code_fout")
    right = f"{contribution.reference} {code}"
    assert [reply.text for reply in await ask(chat, right)] == [content.text("code_te_vaak")]
    [later] = await ask(chat, right, at=now + timedelta(hours=1, seconds=1))
    assert contribution.reference in later.text


async def test_many_residents_at_once_guess_ten_times_at_one_reference(
    elsewhere: tuple[Contribution, str],
    converse: Converse,
    database: Database,
    surroundings: Surroundings,
    now: datetime,
) -> None:
    contribution, _ = elsewhere
    chats = [await converse() for _ in range(14)]
    done = await asyncio.gather(
        *(guess(database, contribution.reference, WRONG, chat.resident_id, surroundings, now) for chat in chats),
        return_exceptions=True,
    )
    assert [type(one) for one in done].count(TooManyAttempts) == 4
    assert [one for one in done if one is None] == [None] * 10


async def test_after_a_day_guesses_are_forgotten(
    elsewhere: tuple[Contribution, str],
    converse: Converse,
    database: Database,
    surroundings: Surroundings,
    now: datetime,
) -> None:
    chat = await converse()
    old = now - timedelta(days=1, seconds=1)
    assert await guess(database, NOBODYS, WRONG, chat.resident_id, surroundings, old) is None
    before = await attempts(database)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await secret_codes.forget(session, now=now)
    assert await attempts(database) == before - 1


async def test_after_erasing_the_code_opens_nothing_any_more(
    elsewhere: tuple[Contribution, str],
    converse: Converse,
    database: Database,
    surroundings: Surroundings,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Also of what the council took up, and which stays without its resident."""
    contribution, code = elsewhere
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            status="in_behandeling",
            clerk=clerk,
            now=now,
        )
    other = (await converse()).resident_id
    found = await guess(database, contribution.reference, code, other, surroundings, now)
    assert found is not None
    assert found.id == contribution.id
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_data.erase(session, resident_id=contribution.resident_id, now=now)
    assert await guess(database, contribution.reference, code, other, surroundings, now) is None
