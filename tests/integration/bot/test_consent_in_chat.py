"""Consent: asked after a contribution is safe, kept with its proof, and withdrawn with one message."""

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.consent import withdraws
from bot.gateway import Gateway, Opened
from bot.turn import Turn
from participation import consent_questions, content
from participation.consent_texts import question
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Consent, ConsentDetail, Contribution, Conversation, Message
from participation.models.consent import CAMPAIGN, CONTACT, NAME, SHARE
from participation.services import consents, contributions
from participation.services.consents import ContributionConsent
from participation.services.contributions import Draft
from tests.integration.bot.conftest import AMERSFOORT, UTRECHT, RasaDouble, always, button, said

DRAFT = uuid.UUID("5b1c0f5e-7f0b-4c0e-9d3c-0a8d3c1b2a10")


@pytest.fixture
async def logged(database: Database, opened: Opened, rasa: RasaDouble, now: datetime) -> Contribution:
    """Just passed on, with the first question about consent as Rasa's actions say it."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, opened.conversation_id)
        made = await contributions.log_contribution(
            session,
            municipality_code=UTRECHT,
            draft=Draft(uuid.uuid4(), "De stoep is stuk.", conversation.resident_id, conversation.id, "web"),
            now=now,
        )
        await consents.give(
            session,
            resident_id=conversation.resident_id,
            municipality_code=UTRECHT,
            purpose=SHARE,
            channel="web",
            contribution_id=made.id,
            now=now,
        )
    reply = consent_questions.contact([str(made.draft)]).to_json()
    rasa.behaviour = always(
        200, said(reply["tekst"], soort="vraag", knoppen=reply["knoppen"], verwacht=reply["verwacht"])
    )
    return made


async def says(gateway: Gateway, opened: Opened, text: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, uuid.uuid4().hex, text=text))


async def presses(gateway: Gateway, opened: Opened, message: Message, title: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, uuid.uuid4().hex, choice=button(message, title)))


async def holds(database: Database, contribution: Contribution, code: str = UTRECHT) -> ContributionConsent:
    async with database.session(code) as session:
        return await consents.of_contribution(session, municipality_code=code, contribution_id=contribution.id)


async def rows(database: Database, opened: Opened) -> list[tuple[str, bool, int, str]]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, opened.conversation_id)
        found = await session.scalars(
            select(Consent).where(Consent.resident_id == conversation.resident_id).order_by(Consent.id)
        )
        return [(row.purpose, row.given, row.text_version, row.channel) for row in found]


async def details(database: Database) -> list[str]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return list(await session.scalars(select(ConsentDetail.value).order_by(ConsentDetail.consent_id)))


async def test_skipping_gives_nothing_and_asks_no_more(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    [asked] = await says(gateway, opened, "klaar")
    assert [one["titel"] for one in asked.body["knoppen"]] == ["Ja, dat mag", "Nee, liever niet", "Overslaan"]
    [reply] = await presses(gateway, opened, asked, "Overslaan")
    assert reply.body["tekst"] == content.text("toestemming_overgeslagen")
    assert await rows(database, opened) == [(SHARE, True, 1, "web")]
    assert await holds(database, logged) == ContributionConsent(shared=True)


async def test_a_no_to_both_keeps_the_resident_anonymous(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    await says(gateway, opened, "klaar")
    [asked] = await says(gateway, opened, "liever niet")
    assert asked.body["tekst"] == question(NAME)
    [reply] = await says(gateway, opened, "nee")
    assert reply.body["tekst"] == content.text("toestemming_zonder_naam")
    assert await rows(database, opened) == [(SHARE, True, 1, "web")]


async def test_number_and_name_are_kept_apart_and_gone_after_one_message(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    [asked] = await says(gateway, opened, "klaar")
    await presses(gateway, opened, asked, "Ja, dat mag")
    [again] = await says(gateway, opened, "bel maar")
    assert again.body["tekst"] == content.text("toestemming_contact_onduidelijk")
    [name] = await says(gateway, opened, "06 24 68 13 57, na vijven")
    assert name.body["tekst"] == question(NAME)
    await presses(gateway, opened, name, "Ja, met mijn naam")
    [done] = await says(gateway, opened, "Noor de Proef")
    assert done.body["tekst"] == content.text("toestemming_met_naam")
    assert await holds(database, logged) == ContributionConsent(
        shared=True, contact="06 24 68 13 57", name="Noor de Proef"
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert "Noor" not in str((await session.get_one(Contribution, logged.id)).masked_text)

    [gone] = await says(gateway, opened, "trek mijn toestemming in")
    lines = content.texts()["toestemming_regels"]
    told = "\n".join(lines[purpose] for purpose in (SHARE, CONTACT, NAME))
    assert gone.body["tekst"] == content.text("toestemming_ingetrokken", regels=told)
    assert await holds(database, logged) == ContributionConsent(shared=False)
    assert await details(database) == []
    kept = await rows(database, opened)
    assert kept[:3] == [(purpose, True, 1, "web") for purpose in (SHARE, CONTACT, NAME)]
    assert sorted(kept[3:]) == sorted((purpose, False, 1, "web") for purpose in (SHARE, CONTACT, NAME))
    [nothing] = await says(gateway, opened, "Ik wil mijn toestemming intrekken")
    assert nothing.body["tekst"] == content.text("toestemming_geen")


async def test_what_was_open_stays_open_when_consent_is_withdrawn(
    gateway: Gateway, opened: Opened, logged: Contribution, rasa: RasaDouble
) -> None:
    draft = {"concept": str(DRAFT), "text": "Het regent.", "municipality": UTRECHT, "earlier": []}
    rasa.behaviour = always(200, said("Klopt dit?", soort="bevestiging", verwacht={"inbreng": draft}))
    await says(gateway, opened, "Het regent.")
    await says(gateway, opened, "trek mijn toestemming in")
    await says(gateway, opened, "en verder")
    assert rasa.turns[-1]["metadata"]["concept"] == draft


async def test_another_municipality_sees_nothing_of_it(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    """There is something to see: Utrecht sees it."""
    assert (await holds(database, logged)).shared is True
    assert await holds(database, logged, AMERSFOORT) == ContributionConsent()
    async with database.session(AMERSFOORT) as session:
        assert (await session.scalars(select(Consent))).all() == []


async def test_messages_about_campaigns_are_agreed_to_on_request_only(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    offers = [one.to_json() for one in consent_questions.campaign_buttons("op_de_hoogte_blijven")]
    rasa.behaviour = always(200, said("Ik kan u nog geen berichten sturen.", knoppen=offers))
    [offered] = await says(gateway, opened, "hou me op de hoogte")
    [asked] = await presses(gateway, opened, offered, content.text("knop_campagne"))
    assert asked.body["tekst"] == question(CAMPAIGN)
    assert await rows(database, opened) == []
    [done] = await says(gateway, opened, "ja")
    assert done.body["tekst"] == content.text("campagne_ja")
    assert await rows(database, opened) == [(CAMPAIGN, True, 1, "web")]
    await says(gateway, opened, "haal mijn toestemming weg")
    assert (await rows(database, opened))[-1] == (CAMPAIGN, False, 1, "web")


@pytest.mark.parametrize(
    "text",
    [
        "trek mijn toestemming in",
        "Ik wil mijn toestemming intrekken",
        "ik geef geen toestemming meer",
        "toestemming intrekken",
        "verwijder m'n toestemming aub",
        "ik trek hierbij mijn toestemming in!",
    ],
)
def test_withdrawing_is_heard_in_many_words(text: str) -> None:
    assert withdraws(text)


@pytest.mark.parametrize(
    "text",
    [
        "De gemeente gaf geen toestemming voor onze buurttuin",
        "moet ik toestemming vragen voor een schuur?",
        "Trek de stekker uit dit plan",
        "ik wil mijn inbreng intrekken",
    ],
)
def test_other_talk_of_consent_is_not_withdrawing(text: str) -> None:
    assert not withdraws(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("noor@voorbeeld.example", "noor@voorbeeld.example"),
        ("mail naar noor@voorbeeld.example.", "noor@voorbeeld.example"),
        ("+31 6 24681357", "+31 6 24681357"),
        ("030-1234567", "030-1234567"),
        ("bel maar", None),
        ("huisnummer 12", None),
    ],
)
def test_a_number_or_an_address_is_found_in_what_was_typed(typed: str, kept: str | None) -> None:
    assert consents.contact_of(typed) == kept
