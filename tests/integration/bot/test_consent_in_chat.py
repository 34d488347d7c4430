"""Consent: asked after a contribution is safe, kept with its proof, and withdrawn with one message."""

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import consent_questions, content
from participation.consent_texts import question, version_in_force
from participation.database import EVERY_MUNICIPALITY, Database
from participation.foreign import foreign_texts
from participation.models import Consent, ConsentDetail, Contribution, Conversation, Message
from participation.models.consent import CONTACT, NAME, SHARE
from participation.services import consents, contributions, own_contributions
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
    assert await rows(database, opened) == [(SHARE, True, 2, "web")]
    assert await holds(database, logged) == ContributionConsent(shared=True)


async def test_a_no_to_both_keeps_the_resident_anonymous(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    await says(gateway, opened, "klaar")
    [asked] = await says(gateway, opened, "liever niet")
    assert asked.body["tekst"] == question(NAME)
    [reply] = await says(gateway, opened, "nee")
    assert reply.body["tekst"] == content.text("toestemming_zonder_naam")
    assert await rows(database, opened) == [(SHARE, True, 2, "web")]


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
    assert done.body["tekst"] == content.text("toestemming_met_naam", naam="Noor de Proef")
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
    versions = [(purpose, version_in_force(purpose)) for purpose in (SHARE, CONTACT, NAME)]
    assert kept[:3] == [(purpose, True, version, "web") for purpose, version in versions]
    assert sorted(kept[3:]) == sorted((purpose, False, version, "web") for purpose, version in versions)
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


async def test_a_button_of_an_earlier_version_says_so(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    offer = {"titel": "Stuur mij berichten", "betekenis": {"poort": consent_questions.GATE, "stap": "campagne"}}
    rasa.behaviour = always(200, said("Ik kan u nog geen berichten sturen.", knoppen=[offer]))
    [offered] = await says(gateway, opened, "hou me op de hoogte")
    [told] = await presses(gateway, opened, offered, "Stuur mij berichten")
    assert told.body["tekst"] == content.text("knop_verlopen")


@pytest.mark.parametrize("doubtful", ["Kan ik mijn toestemming nog intrekken?", "kunt u mijn toestemming intrekken"])
async def test_what_may_be_taking_back_is_asked_first(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database, doubtful: str
) -> None:
    await says(gateway, opened, "klaar")
    [asked] = await says(gateway, opened, doubtful)
    assert asked.body["tekst"] == content.text("toestemming_intrekken_vraag")
    [stays] = await says(gateway, opened, "nee")
    assert stays.body["tekst"] == content.text("toestemming_blijft")
    assert await holds(database, logged) == ContributionConsent(shared=True)
    await presses(gateway, opened, asked, content.text("knop_toestemming_intrekken"))
    assert await holds(database, logged) == ContributionConsent(shared=False)


async def test_after_the_question_whether_it_is_meant_an_earlier_question_is_open_again(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    rasa.behaviour = always(200, said("Klopt dit?", soort="bevestiging", verwacht={"ja": {"intent": "vraag/klopt"}}))
    await says(gateway, opened, "De brug is te smal.")
    await says(gateway, opened, "Kan ik mijn toestemming nog intrekken?")
    await says(gateway, opened, "nee")
    await says(gateway, opened, "ja")
    assert rasa.turns[-1]["keuze"] == {"intent": "vraag/klopt"}


async def test_a_story_with_consent_in_it_is_a_story(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    draft = {"concept": str(DRAFT), "text": None, "municipality": UTRECHT, "earlier": []}
    rasa.behaviour = always(200, said("Wat wilt u vertellen?", soort="vraag", verwacht={"inbreng": draft}))
    await says(gateway, opened, "ik wil iets doorgeven")
    story = "Ik wil mijn toestemming voor de schuur van de buren intrekken"
    await says(gateway, opened, story)
    assert rasa.turns[-1]["tekst"] == story


@pytest.mark.parametrize(
    "refusal", ["liever niet", "zonder naam", "nee hoor", "hoeft niet", "weet ik niet", "Nee, dat wil ik niet.", "nee"]
)
async def test_a_refusal_is_not_a_name(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database, refusal: str
) -> None:
    await says(gateway, opened, "klaar")
    await says(gateway, opened, "nee")
    await says(gateway, opened, "ja")
    [reply] = await says(gateway, opened, refusal)
    assert reply.body["tekst"] == content.text("toestemming_zonder_naam")
    assert await details(database) == []


async def test_a_sentence_is_not_a_name_and_a_longer_one_is_heard_as_what_it_says(
    gateway: Gateway, opened: Opened, logged: Contribution, rasa: RasaDouble, database: Database
) -> None:
    await says(gateway, opened, "klaar")
    await says(gateway, opened, "nee")
    await says(gateway, opened, "ja")
    [again] = await says(gateway, opened, "er ligt hier afval")
    assert again.body["tekst"] == content.text("toestemming_naam_onduidelijk")
    story = "Bij ons in de straat rijden de auto's ook nog eens veel te hard."
    await says(gateway, opened, story)
    assert rasa.turns[-1]["tekst"] == story
    assert await details(database) == []


async def test_a_name_is_said_back_and_can_be_taken_away_again(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    await says(gateway, opened, "klaar")
    await says(gateway, opened, "nee")
    await says(gateway, opened, "ja")
    [done] = await says(gateway, opened, "Oude Gracht")
    assert done.body["tekst"] == content.text("toestemming_met_naam", naam="Oude Gracht")
    assert await details(database) == ["Oude Gracht"]
    [gone] = await presses(gateway, opened, done, content.text("knop_toch_niet"))
    assert gone.body["tekst"] == content.text("toestemming_zonder_naam")
    assert (await details(database), await holds(database, logged)) == ([], ContributionConsent(shared=True))


async def test_a_no_to_the_number_goes_on_to_the_name(gateway: Gateway, opened: Opened, logged: Contribution) -> None:
    [asked] = await says(gateway, opened, "klaar")
    await presses(gateway, opened, asked, "Ja, dat mag")
    [name] = await says(gateway, opened, "nee")
    assert name.body["tekst"] == question(NAME)


async def test_a_number_in_a_question_is_the_number(gateway: Gateway, opened: Opened, logged: Contribution) -> None:
    [asked] = await says(gateway, opened, "klaar")
    await presses(gateway, opened, asked, "Ja, dat mag")
    [name] = await says(gateway, opened, "kunt u mij bellen op 06 24 68 13 57?")
    assert name.body["tekst"] == question(NAME)


async def test_an_answered_question_is_not_open_any_more(
    gateway: Gateway, opened: Opened, logged: Contribution, rasa: RasaDouble, database: Database
) -> None:
    """What is typed next is about something else."""
    await says(gateway, opened, "klaar")
    await says(gateway, opened, "nee")
    await says(gateway, opened, "nee")
    asked = len(rasa.turns)
    await says(gateway, opened, "ok")
    assert (len(rasa.turns), rasa.turns[-1]["tekst"]) == (asked + 1, "ok")


async def test_number_and_name_go_out_of_the_conversation_when_they_are_withdrawn(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database
) -> None:
    """In the history and in the file of one's own data; what was said around them stays."""
    [asked] = await says(gateway, opened, "klaar")
    await presses(gateway, opened, asked, "Ja, dat mag")
    await says(gateway, opened, "06 24 68 13 57, na vijven")
    await says(gateway, opened, "ja")
    await says(gateway, opened, "Mijn naam is Noor de Proef")
    before = str((await gateway.visits.own_data(opened.conversation_id))["berichten"])
    assert ("06 24 68 13 57" in before, before.count("Noor de Proef")) == (True, 2)
    await says(gateway, opened, "trek mijn toestemming in")
    exported = str(await gateway.visits.own_data(opened.conversation_id))
    assert ("24 68" in exported, "Noor" in exported) == (False, False)
    texts = [message.body["tekst"] for message in (await gateway.visits.current(opened.conversation_id)).messages]
    assert "[ingetrokken], na vijven" in texts
    assert content.text("toestemming_met_naam", naam="[ingetrokken]") in texts


async def test_number_and_name_go_out_of_the_conversation_with_the_contribution(
    gateway: Gateway, opened: Opened, logged: Contribution, database: Database, now: datetime
) -> None:
    [asked] = await says(gateway, opened, "klaar")
    await presses(gateway, opened, asked, "Ja, dat mag")
    await says(gateway, opened, "0624681357")
    assert logged.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, resident_id=logged.resident_id, contribution_id=logged.id, now=now)
    assert "0624681357" not in str(await gateway.visits.own_data(opened.conversation_id))


async def handed_over(gateway: Gateway, opened: Opened, rasa: RasaDouble, text: str) -> list[Message]:
    """Rasa fails, and the words go straight to the griffie."""
    rasa.behaviour = always(500, b"{}")
    [apology] = await says(gateway, opened, text)
    return await presses(gateway, opened, apology, content.text("knop_griffie"))


async def only_contribution(database: Database, opened: Opened) -> Contribution:
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.scalars(
            select(Contribution).where(Contribution.conversation_id == opened.conversation_id)
        )
        return found.one()


@pytest.mark.parametrize(
    ("said_back", "shared"), [("Ja, naar de raad", True), ("Nee, alleen de griffie", False), (None, None)]
)
async def test_words_that_were_handed_over_are_asked_about_afterwards(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, said_back: str | None, shared: bool | None
) -> None:
    receipt, asked = await handed_over(gateway, opened, rasa, "De stoep voor de school is al weken stuk.")
    contribution = await only_contribution(database, opened)
    assert contribution.reference in receipt.body["tekst"]
    assert asked.body["tekst"] == question(SHARE)
    assert await holds(database, contribution) == ContributionConsent()
    if said_back:
        heard, then = await presses(gateway, opened, asked, said_back)
        assert heard.body["tekst"] == content.text("toestemming_gedeeld" if shared else "toestemming_niet_delen")
        assert then.body["tekst"] == question(CONTACT)
    assert await holds(database, contribution) == ContributionConsent(shared=shared)


async def test_a_child_is_asked_for_nothing(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    _, told = await handed_over(gateway, opened, rasa, "Ik ben 11 en de glijbaan op het plein is kapot.")
    assert (told.body["tekst"], told.body["knoppen"]) == (content.text("inbreng_kind"), [])
    assert await rows(database, opened) == []


async def test_a_yes_to_several_at_once_counts_for_none_when_one_of_them_tells_of_a_child(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, logged: Contribution, now: datetime
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        who = logged.resident_id
        draft = Draft(uuid.uuid4(), "Ik ben 11. De schommel is kapot.", who, opened.conversation_id, "web")
        child = await contributions.log_contribution(session, municipality_code=UTRECHT, draft=draft, now=now)
    before = await rows(database, opened)
    asked = consent_questions.share([str(child.draft), str(logged.draft)], logged.text).to_json()
    rasa.behaviour = always(200, said(asked["tekst"], soort="vraag", verwacht=asked["verwacht"]))
    await says(gateway, opened, "klaar")
    [told] = await says(gateway, opened, "ja")
    assert (told.body["tekst"], await rows(database, opened)) == (content.text("inbreng_kind"), before)


async def test_the_name_is_not_asked_for_words_that_the_council_does_not_read(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    _, asked = await handed_over(gateway, opened, rasa, "De stoep voor de school is al weken stuk.")
    await presses(gateway, opened, asked, "Nee, alleen de griffie")
    await says(gateway, opened, "ja")
    [done] = await says(gateway, opened, "06 24 68 13 57")
    assert done.body["tekst"] == content.text("toestemming_contact_gegeven")
    contribution = await only_contribution(database, opened)
    assert await holds(database, contribution) == ContributionConsent(shared=False, contact="06 24 68 13 57")


@pytest.mark.parametrize(
    ("pressed", "heard", "shared"),
    [("Ja, naar de raad", "gedeeld", True), ("Nee, alleen de griffie", "niet_delen", False)],
)
async def test_who_writes_another_language_is_asked_in_that_language_and_no_more(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, pressed: str, heard: str, shared: bool
) -> None:
    draft = {"concept": str(DRAFT), "text": None, "municipality": UTRECHT, "earlier": []}
    rasa.behaviour = always(200, said("Wat wilt u vertellen?", soort="vraag", verwacht={"inbreng": draft}))
    await says(gateway, opened, "ik wil iets doorgeven")
    story = "There are no buses in our street in the evening any more."
    receipt, asked = await handed_over(gateway, opened, rasa, story)
    contribution = await only_contribution(database, opened)
    english = foreign_texts()["en"]
    assert english["vastgelegd"].strip().format(nummer=contribution.reference) in receipt.body["tekst"]
    assert asked.body["tekst"] == question(SHARE, "en")
    assert await rows(database, opened) == []
    [done] = await presses(gateway, opened, asked, pressed)
    assert done.body["tekst"] == f"{content.text(f'toestemming_{heard}')}\n\n{english[heard]}"
    assert await holds(database, contribution) == ContributionConsent(shared=shared)
