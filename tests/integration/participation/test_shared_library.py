"""The library that municipalities share: offered as it was in the chat, taken over as a draft, never more than that."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    AnswerDraft,
    AnswerOverride,
    AnswerVersion,
    AuditEvent,
    Clerk,
    ClerkRole,
    LocalFact,
    Offer,
    OfferUse,
    OfferVersion,
    OwnQuestion,
)
from participation.models.offer import ANSWER, OWN_QUESTION
from participation.offer_faults import (
    DraftInTheWay,
    LooksAlike,
    NothingNew,
    NothingToOffer,
    OfferUnknown,
    PersonalDataFound,
    TextChanged,
)
from participation.services import adoptions, answers, answers_writing, clerks, offers, offers_found, own_questions
from participation.services.adoptions import Adoption
from participation.services.answers import OwnText
from participation.services.offers_found import User
from participation.services.own_questions import Text
from tests.integration.conftest import empty_log
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT

TOPIC = "inspreken"
SPEAKING_ASKED = "Hoe kan ik inspreken bij de raad?"
TODAY = date(2026, 11, 23)
SPEAKING = OwnText(
    "U kunt bij de raad van {gemeente} vijf minuten inspreken. Meld u aan via {griffie_email}.",
    "U hoeft geen lid van een partij te zijn.",
    "Verordening op de raad",
    "https://raad.example/verordening",
    date(2026, 11, 20),
)
KERMIS = Text(
    "Wanneer is de kermis?",
    ("Op welke dagen is de kermis?", "Hoe lang blijft de kermis?", "Komt de kermis dit jaar?"),
    "De kermis van {gemeente} is in mei.",
    "",
    "Kermis",
    "https://kermis.example/",
    date(2026, 11, 20),
)
NUENEN = "GM0820"


@pytest.fixture(autouse=True)
async def nothing_kept(database_url: str, database: Database) -> AsyncIterator[None]:
    """Each test begins with an empty library, and without texts or facts."""
    yield
    owner = Database(database_url)  # versions are out of reach of the application
    tables = (AnswerDraft, AnswerOverride, AnswerVersion, OwnQuestion, OfferUse, OfferVersion, Offer)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        for table in (*tables, LocalFact, ClerkRole):
            await session.execute(delete(table))
        await empty_log(session)
    await owner.close()


class Griffie:
    """Two people of a municipality, and what they do; each step in a transaction of its own."""

    def __init__(self, database: Database, code: str, writer: Clerk, checker: Clerk, now: datetime) -> None:
        self.database, self.code, self.writer, self.checker, self.now = database, code, writer, checker, now

    async def answers(self, own: OwnText = SPEAKING, topic: str = TOPIC) -> None:
        """Put an own answer in the chat."""
        async with self.database.session(self.code) as session:
            draft = await session.get(AnswerDraft, (self.code, topic))
            await answers_writing.save(
                session,
                municipality_code=self.code,
                topic=topic,
                text=own,
                revision=draft.revision if draft else 0,
                for_review=True,
                clerk=self.writer,
                now=self.now,
            )
        await self.publishes(topic)

    async def publishes(self, topic: str = TOPIC, clerk: Clerk | None = None) -> None:
        """Publish what is up for review."""
        async with self.database.session(self.code) as session:
            draft = await session.get_one(AnswerDraft, (self.code, topic))
            await answers_writing.publish(
                session,
                municipality_code=self.code,
                topic=topic,
                revision=draft.revision,
                note="",
                clerk=clerk or self.checker,
                now=self.now,
            )

    async def restores(self, number: int | None, topic: str = TOPIC) -> None:
        """Put an earlier version back, or the national text."""
        async with self.database.session(self.code) as session:
            await answers_writing.restore(
                session, municipality_code=self.code, topic=topic, number=number, clerk=self.checker, now=self.now
            )

    async def asks(
        self, typed: Text = KERMIS, *, publish: bool = True, question: OwnQuestion | None = None
    ) -> OwnQuestion:
        """Add or change an own question."""
        async with self.database.session(self.code) as session:
            if question is not None:
                question = await own_questions.get(session, municipality_code=self.code, question_id=question.id)
            return await own_questions.save(
                session,
                municipality_code=self.code,
                question=question,
                text=typed,
                publish=publish,
                clerk=self.writer,
                now=self.now,
            )

    async def switches(self, question_id: str, *, on: bool) -> None:
        """Put an own question into the chat, or take it out."""
        async with self.database.session(self.code) as session:
            row = await own_questions.get(session, municipality_code=self.code, question_id=uuid.UUID(question_id))
            await own_questions.switch(session, question=row, on=on, clerk=self.checker, now=self.now)

    async def question(self, question_id: str) -> OwnQuestion:
        """Look at an own question."""
        async with self.database.session(self.code) as session:
            return await own_questions.get(session, municipality_code=self.code, question_id=uuid.UUID(question_id))

    async def offers(self, kind: str = ANSWER, subject: str = TOPIC, *, checked: bool = False) -> uuid.UUID:
        """Offer what is in the chat now."""
        async with self.database.session(self.code) as session:
            found = await offers.in_chat(session, municipality_code=self.code, kind=kind, subject=subject)
            offer = await offers.offer(
                session,
                municipality_code=self.code,
                kind=kind,
                subject=subject,
                fingerprint=found.words.fingerprint,
                checked=checked,
                clerk=self.checker,
                now=self.now,
            )
            return offer.id

    async def withdraws(self, offer_id: uuid.UUID) -> None:
        """Take an offer back."""
        async with self.database.session(self.code) as session:
            await offers.withdraw(
                session, municipality_code=self.code, offer_id=offer_id, clerk=self.checker, now=self.now
            )

    async def adopts(
        self, offer_id: uuid.UUID, *, publish: bool = False, anyway: bool = False, fingerprint: str = ""
    ) -> str:
        """Take over the newest version."""
        async with self.database.session(self.code) as session:
            if not fingerprint:
                found = await offers_found.get(session, offer_id=offer_id)
                fingerprint = offers.words_of(found.version).fingerprint
            return await adoptions.adopt(
                session,
                municipality_code=self.code,
                offer_id=offer_id,
                fingerprint=fingerprint,
                clerk=self.writer,
                now=self.now,
                publish=publish,
                anyway=anyway,
            )

    async def lets_go(self, offer_id: uuid.UUID) -> None:
        """Break the link."""
        async with self.database.session(self.code) as session:
            await adoptions.let_go(
                session, municipality_code=self.code, offer_id=offer_id, clerk=self.writer, now=self.now
            )

    async def adopted(self) -> list[Adoption]:
        """What they took over."""
        async with self.database.session(self.code) as session:
            return list(await adoptions.of_municipality(session, municipality_code=self.code))

    async def finds(self, typed: str = "", kind: str | None = None) -> list[str]:
        """The questions that a search shows."""
        async with self.database.session(self.code) as session:
            page = await offers_found.search(session, typed=typed, kind=kind, limit=25, offset=0)
        assert page.total == len(page.rows)
        return [row.version.question for row in page.rows]

    async def users(self, offer_id: uuid.UUID) -> list[User]:
        """Who they see using an offer."""
        async with self.database.session(self.code) as session:
            return list(await offers_found.users(session, offer_id=offer_id))

    async def draft(self, topic: str = TOPIC) -> AnswerDraft | None:
        """Look at the draft."""
        async with self.database.session(self.code) as session:
            return await session.get(AnswerDraft, (self.code, topic))

    async def puts_up_for_review(self, topic: str = TOPIC, **changed: str) -> None:
        """Save the draft as it is, or changed, and ask for a second person."""
        draft = await self.draft(topic)
        assert draft is not None
        own = OwnText(draft.short, draft.more, draft.source_name, draft.source_url, draft.checked_on)
        async with self.database.session(self.code) as session:
            await answers_writing.save(
                session,
                municipality_code=self.code,
                topic=topic,
                text=replace(own, **changed),  # type: ignore[arg-type]
                revision=draft.revision,
                for_review=True,
                clerk=self.writer,
                now=self.now,
            )

    async def chat_says(self, topic: str = TOPIC) -> str:
        """What residents get."""
        async with self.database.session(EVERY_MUNICIPALITY) as session:
            return (await answers.find(session, topic=topic, municipality_code=self.code, today=TODAY)).text


@pytest.fixture
def griffie_of(database: Database, now: datetime) -> Callable[[str], Awaitable[Griffie]]:
    async def hired(code: str) -> Griffie:
        people = []
        async with database.session(code) as session:
            for name in ("Anna", "Bram"):
                email = f"{uuid.uuid4().hex}@gemeente.example"
                made, _ = await clerks.create_clerk(session, email=email, name=name, roles={code: "griffier"}, now=now)
                people.append(made)
        return Griffie(database, code, *people, now)

    return hired


@pytest.fixture
async def utrecht(griffie_of: Callable[[str], Awaitable[Griffie]]) -> Griffie:
    return await griffie_of(UTRECHT)


@pytest.fixture
async def amersfoort(griffie_of: Callable[[str], Awaitable[Griffie]]) -> Griffie:
    return await griffie_of(AMERSFOORT)


async def test_an_answer_arrives_as_a_draft_and_speaks_with_the_adopters_own_facts(
    database: Database, utrecht: Griffie, amersfoort: Griffie
) -> None:
    national = await amersfoort.chat_says()
    await utrecht.answers()
    offer_id = await utrecht.offers()
    assert await amersfoort.finds() == [SPEAKING_ASKED]
    assert await amersfoort.adopts(offer_id) == TOPIC
    draft = await amersfoort.draft()
    assert draft is not None
    assert (draft.state, draft.edited_by, draft.short) == ("concept", amersfoort.writer.id, SPEAKING.short)
    assert (draft.checked_on, draft.offer_id, draft.offer_number) == (date(2026, 11, 20), offer_id, 1)
    assert (await amersfoort.chat_says(), await utrecht.users(offer_id)) == (national, [])
    async with database.session(AMERSFOORT) as session:
        session.add(
            LocalFact(
                municipality_code=AMERSFOORT,
                name="griffie_email",
                value="griffie@amersfoort.example",
                source="test",
                checked_on=TODAY,
            )
        )
    await amersfoort.puts_up_for_review()
    with pytest.raises(answers_writing.SecondPersonNeeded):
        await amersfoort.publishes(clerk=amersfoort.writer)
    await amersfoort.publishes()
    assert await amersfoort.chat_says() == (
        "U kunt bij de raad van Amersfoort vijf minuten inspreken. Meld u aan via griffie@amersfoort.example."
        "\n\nNagekeken op 20 november 2026."
    )
    assert await utrecht.users(offer_id) == [User("Amersfoort", 1)]


async def test_an_own_question_arrives_outside_the_chat_and_is_used_when_a_griffier_puts_it_there(
    database: Database, utrecht: Griffie, amersfoort: Griffie
) -> None:
    asked = await utrecht.asks()
    offer_id = await utrecht.offers(OWN_QUESTION, str(asked.id))
    taken = await amersfoort.adopts(offer_id)
    kept = await amersfoort.question(taken)
    assert (kept.is_published, kept.ways, kept.short) == (False, KERMIS.all_ways, KERMIS.short)
    assert kept.checked_on == KERMIS.checked_on
    assert await utrecht.users(offer_id) == []
    await amersfoort.switches(taken, on=True)
    assert await utrecht.users(offer_id) == [User("Amersfoort", 1)]
    reply = await own_questions.answer(
        database, municipality_code=AMERSFOORT, text="op welke dag is de kermis", today=TODAY
    )
    assert reply is not None
    assert reply.text == "De kermis van Amersfoort is in mei.\n\nNagekeken op 20 november 2026."
    await amersfoort.switches(taken, on=False)
    assert await utrecht.users(offer_id) == []
    async with database.session(AMERSFOORT) as session:
        row = await own_questions.get(session, municipality_code=AMERSFOORT, question_id=kept.id)
        row.is_published = True
        await own_questions.remove(session, question=row, clerk=amersfoort.writer, now=amersfoort.now)
    assert (await utrecht.users(offer_id), await amersfoort.adopted()) == ([], [])


async def test_only_what_residents_get_can_be_offered(database: Database, utrecht: Griffie) -> None:
    hidden = await utrecht.asks(publish=False)
    async with database.session(UTRECHT) as session:
        await answers_writing.save(
            session,
            municipality_code=UTRECHT,
            topic=TOPIC,
            text=SPEAKING,
            revision=0,
            for_review=True,
            clerk=utrecht.writer,
            now=utrecht.now,
        )
    for kind, subject in (
        (ANSWER, TOPIC),
        (OWN_QUESTION, str(hidden.id)),
        (OWN_QUESTION, "geen-id"),
        (ANSWER, "bestaat_niet"),
        ("verslag", TOPIC),
    ):
        with pytest.raises(NothingToOffer):
            await utrecht.offers(kind, subject)
    await utrecht.publishes()
    await utrecht.offers()


async def test_others_see_the_frozen_text_and_no_draft_of_the_next(utrecht: Griffie, amersfoort: Griffie) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    await utrecht.answers(replace(SPEAKING, short="U kunt tien minuten inspreken."))
    async with amersfoort.database.session(AMERSFOORT) as session:
        found = await offers_found.get(session, offer_id=offer_id)
        seen = await offers_found.versions(session, offer_id=offer_id)
    assert (found.by, found.version.short, [one.number for one in seen]) == ("Utrecht", SPEAKING.short, [1])


async def test_a_newer_version_is_told_and_taken_over_as_a_new_draft(utrecht: Griffie, amersfoort: Griffie) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    with pytest.raises(NothingNew):
        await utrecht.offers()
    await amersfoort.adopts(offer_id)
    await amersfoort.puts_up_for_review(short="Bij ons kunt u vijf minuten inspreken.")
    await amersfoort.publishes()
    assert [one.has_newer for one in await amersfoort.adopted()] == [False]
    await utrecht.answers(replace(SPEAKING, short="U kunt tien minuten inspreken."))
    assert await utrecht.offers() == offer_id
    [before] = await amersfoort.adopted()
    assert (before.number, before.offer.newest, before.has_newer, before.in_chat) == (1, 2, True, True)
    async with amersfoort.database.session(AMERSFOORT) as session:
        assert await adoptions.is_changed_here(session, before)
    await amersfoort.adopts(offer_id)
    [after] = await amersfoort.adopted()
    assert (after.number, after.has_newer, after.in_chat, after.words.short) == (
        2,
        False,
        True,
        "U kunt tien minuten inspreken.",
    )
    assert (await amersfoort.chat_says()).startswith("Bij ons kunt u vijf minuten inspreken.")
    assert await utrecht.users(offer_id) == [User("Amersfoort", 1)]
    await amersfoort.puts_up_for_review()
    await amersfoort.publishes()
    assert await utrecht.users(offer_id) == [User("Amersfoort", 2)]


async def test_a_newer_version_of_a_question_stays_in_the_chat_only_for_who_may_publish(
    utrecht: Griffie, amersfoort: Griffie
) -> None:
    asked = await utrecht.asks()
    offer_id = await utrecht.offers(OWN_QUESTION, str(asked.id))
    taken = await amersfoort.adopts(offer_id)
    await amersfoort.switches(taken, on=True)
    for short, publish in (("In juni.", True), ("In juli.", False)):
        await utrecht.asks(replace(KERMIS, short=short), question=asked)
        await utrecht.offers(OWN_QUESTION, str(asked.id))
        assert await amersfoort.adopts(offer_id, publish=publish) == taken
        kept = await amersfoort.question(taken)
        assert (kept.short, kept.is_published) == (short, publish)
    assert await utrecht.users(offer_id) == []


async def test_who_never_had_it_in_the_chat_does_not_put_it_there_by_taking_it_over(
    utrecht: Griffie, amersfoort: Griffie
) -> None:
    asked = await utrecht.asks()
    offer_id = await utrecht.offers(OWN_QUESTION, str(asked.id))
    taken = await amersfoort.adopts(offer_id, publish=True)
    assert (await amersfoort.question(taken)).is_published is False


async def test_going_back_to_another_text_ends_the_use_and_coming_back_begins_it_again(
    utrecht: Griffie, amersfoort: Griffie
) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    await amersfoort.answers(replace(SPEAKING, short="Van onszelf."))
    await amersfoort.adopts(offer_id)
    await amersfoort.puts_up_for_review()
    await amersfoort.publishes()
    for number, users in ((1, []), (2, [User("Amersfoort", 1)]), (None, [])):
        await amersfoort.restores(number)
        assert await utrecht.users(offer_id) == users


async def test_withdrawing_hides_the_text_and_tells_who_took_it_over(
    utrecht: Griffie, amersfoort: Griffie, griffie_of: Callable[[str], Awaitable[Griffie]]
) -> None:
    nuenen = await griffie_of(NUENEN)
    await utrecht.answers()
    offer_id = await utrecht.offers()
    await amersfoort.adopts(offer_id)
    await amersfoort.puts_up_for_review()
    await amersfoort.publishes()
    said = await amersfoort.chat_says()
    with pytest.raises(OfferUnknown):
        await amersfoort.withdraws(offer_id)
    await utrecht.withdraws(offer_id)
    [told] = await amersfoort.adopted()
    assert (told.is_withdrawn, told.is_news, told.has_newer, told.words.short) == (True, True, False, SPEAKING.short)
    assert await amersfoort.chat_says() == said
    assert (await amersfoort.finds(), await nuenen.finds()) == ([], [])
    for other in (amersfoort, nuenen):
        async with other.database.session(other.code) as session:
            assert list(await session.scalars(select(OfferVersion))) == []
        with pytest.raises(OfferUnknown):
            await other.adopts(offer_id)
    with pytest.raises(OfferUnknown):
        await utrecht.withdraws(offer_id)
    assert await utrecht.offers() == offer_id
    [told] = await amersfoort.adopted()
    assert (told.is_withdrawn, told.has_newer) == (False, True)


async def test_letting_go_keeps_the_text_and_breaks_the_link(utrecht: Griffie, amersfoort: Griffie) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    with pytest.raises(OfferUnknown):
        await amersfoort.lets_go(offer_id)
    await amersfoort.adopts(offer_id)
    await amersfoort.puts_up_for_review()
    await amersfoort.publishes()
    said = await amersfoort.chat_says()
    await amersfoort.lets_go(offer_id)
    assert (await amersfoort.adopted(), await utrecht.users(offer_id), await amersfoort.chat_says()) == ([], [], said)


async def test_what_was_not_on_the_page_is_neither_offered_nor_taken_over(
    utrecht: Griffie, amersfoort: Griffie
) -> None:
    await utrecht.answers()
    async with utrecht.database.session(UTRECHT) as session:
        seen = await offers.in_chat(session, municipality_code=UTRECHT, kind=ANSWER, subject=TOPIC)
    await utrecht.answers(replace(SPEAKING, short="Iets anders."))
    with pytest.raises(TextChanged):
        async with utrecht.database.session(UTRECHT) as session:
            await offers.offer(
                session,
                municipality_code=UTRECHT,
                kind=ANSWER,
                subject=TOPIC,
                fingerprint=seen.words.fingerprint,
                checked=True,
                clerk=utrecht.checker,
                now=utrecht.now,
            )
    offer_id = await utrecht.offers()
    with pytest.raises(TextChanged):
        await amersfoort.adopts(offer_id, fingerprint=seen.words.fingerprint)
    assert await amersfoort.adopted() == []


async def test_a_draft_that_somebody_worked_on_is_not_thrown_away(utrecht: Griffie, amersfoort: Griffie) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    await amersfoort.adopts(offer_id)
    await utrecht.answers(replace(SPEAKING, short="U kunt tien minuten inspreken."))
    await utrecht.offers()
    await amersfoort.adopts(offer_id)
    draft = await amersfoort.draft()
    assert draft is not None
    assert (draft.short, draft.offer_number) == ("U kunt tien minuten inspreken.", 2)
    await amersfoort.puts_up_for_review(short="U kunt hier twaalf minuten inspreken.")
    with pytest.raises(DraftInTheWay):
        await amersfoort.adopts(offer_id)
    await amersfoort.publishes()
    await amersfoort.adopts(offer_id)


async def test_a_question_that_the_chat_knows_is_taken_over_only_when_that_is_meant(
    utrecht: Griffie, amersfoort: Griffie
) -> None:
    asked = await utrecht.asks(replace(KERMIS, question="Wat doet de gemeenteraad?"))
    offer_id = await utrecht.offers(OWN_QUESTION, str(asked.id))
    with pytest.raises(LooksAlike) as refused:
        await amersfoort.adopts(offer_id)
    assert (refused.value.questions[0], await amersfoort.adopted()) == ("Wat doet de gemeenteraad?", [])
    await amersfoort.adopts(offer_id, anyway=True)
    assert len(await amersfoort.adopted()) == 1


async def test_data_of_persons_is_not_offered_before_somebody_has_looked(utrecht: Griffie) -> None:
    await utrecht.answers(replace(SPEAKING, short="Mail fatima@post.example of bel 06 12345678."))
    with pytest.raises(PersonalDataFound) as refused:
        await utrecht.offers()
    assert refused.value.found == ("fatima@post.example", "06 12345678")
    assert await utrecht.finds() == []
    await utrecht.offers(checked=True)
    assert len(await utrecht.finds()) == 1


async def test_a_text_of_another_municipality_is_offered_again_only_when_it_was_changed(
    utrecht: Griffie, amersfoort: Griffie
) -> None:
    await utrecht.answers()
    await amersfoort.adopts(await utrecht.offers())
    await amersfoort.puts_up_for_review()
    await amersfoort.publishes()
    with pytest.raises(NothingNew):
        await amersfoort.offers()
    await amersfoort.answers(replace(SPEAKING, short="U kunt hier tien minuten inspreken."))
    await amersfoort.offers()
    assert len(await utrecht.finds()) == 2


async def test_ones_own_offer_can_not_be_taken_over(utrecht: Griffie) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    with pytest.raises(OfferUnknown):
        await utrecht.adopts(offer_id)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("terras", True),
        ("TERRASSEN OF TERRAS", True),
        ("hoe zit het met een terras", True),
        ("huizen", True),
        ("vergunning", True),
        ("vergunningen", True),
        ("parkeer", True),
        ("zwembad", False),
        ("het", False),
        ("!?", False),
        ("100%", False),
        ("'; DROP TABLE offer; --", False),
        ("", True),
    ],
)
async def test_searching_knows_dutch(utrecht: Griffie, amersfoort: Griffie, typed: str, found: bool) -> None:
    await utrecht.answers(replace(SPEAKING, more="Praat over een terras, uw huis of een parkeervergunning."))
    await utrecht.offers()
    assert await amersfoort.finds(typed) == ([SPEAKING_ASKED] if found else [])


async def test_what_holds_most_of_the_words_comes_first(utrecht: Griffie, amersfoort: Griffie) -> None:
    await utrecht.answers()
    await utrecht.offers()
    asked = await utrecht.asks(replace(KERMIS, more="Inspreken over de kermis kan in april bij de raad."))
    await utrecht.offers(OWN_QUESTION, str(asked.id))
    assert await amersfoort.finds("inspreken kermis") == ["Wanneer is de kermis?", SPEAKING_ASKED]
    assert await amersfoort.finds("inspreken kermis", ANSWER) == [SPEAKING_ASKED]
    assert await amersfoort.finds("minuten") == [SPEAKING_ASKED]


async def test_each_step_is_recorded_where_it_was_taken(utrecht: Griffie, amersfoort: Griffie) -> None:
    await utrecht.answers()
    offer_id = await utrecht.offers()
    await amersfoort.adopts(offer_id)
    await amersfoort.lets_go(offer_id)
    await utrecht.withdraws(offer_id)

    async def steps(of: Griffie) -> list[str]:
        async with of.database.session(of.code) as session:
            rows = select(AuditEvent.action).where(AuditEvent.record == str(offer_id)).order_by(AuditEvent.id)
            return list(await session.scalars(rows))

    assert await steps(utrecht) == ["bibliotheek.aangeboden", "bibliotheek.ingetrokken"]
    assert await steps(amersfoort) == ["bibliotheek.overgenomen", "bibliotheek.losgelaten"]


async def test_the_database_lets_nobody_write_in_anothers_part_of_the_library(
    database: Database, utrecht: Griffie, amersfoort: Griffie
) -> None:
    """There is something to write in: Utrecht's own rows, which Amersfoort can read."""
    await utrecht.answers()
    offer_id = await utrecht.offers()
    await amersfoort.adopts(offer_id)
    await amersfoort.puts_up_for_review()
    await amersfoort.publishes()
    key = {"id": offer_id}
    async with database.session(NUENEN) as session:
        for table in (Offer, OfferVersion, OfferUse):
            assert len(list(await session.scalars(select(table)))) == 1
        changed = [
            (await session.execute(text(statement), key)).rowcount  # type: ignore[attr-defined]
            for statement in (
                "UPDATE offer SET withdrawn_at = now() WHERE id = :id",
                "DELETE FROM offer_use WHERE offer_id = :id",
                "UPDATE offer_use SET number = 9 WHERE offer_id = :id",
                "DELETE FROM offer WHERE id = :id",
            )
        ]
    assert changed == [0, 0, 0, 0]
    version = (
        "INSERT INTO offer_version (offer_id, number, municipality_code, question, ways, short, source_name, "
        "source_url, checked_on, search_text, offered_at) "
        "VALUES (:id, 2, '{}', 'x', '[]', 'x', 'x', 'x', now(), 'x', now())"
    )
    refused = (
        (NUENEN, version.format(UTRECHT), ProgrammingError, "row-level security"),
        (NUENEN, version.format(NUENEN), IntegrityError, "fk_offer_version_offer_id_offer"),
        (
            NUENEN,
            "INSERT INTO offer_use VALUES (:id, 'GM0307', 1, now())",
            ProgrammingError,
            "row-level security",
        ),
        (UTRECHT, "UPDATE offer_version SET short = 'x' WHERE offer_id = :id", ProgrammingError, "permission denied"),
        (UTRECHT, "DELETE FROM offer_version WHERE offer_id = :id", ProgrammingError, "permission denied"),
    )
    for scope, statement, fault, why in refused:
        with pytest.raises(fault, match=why):
            async with database.session(scope) as session:
                await session.execute(text(statement), key)


async def test_without_a_municipality_the_library_is_closed(database: Database, utrecht: Griffie) -> None:
    """Neither a visitor without a municipality nor a forgotten scope reads it."""
    await utrecht.answers()
    offer_id = await utrecht.offers()
    async with database.session(UTRECHT) as session:
        session.add(OfferUse(offer_id=offer_id, municipality_code=UTRECHT, number=1, since=utrecht.now))
    for table in ("offer", "offer_version", "offer_use"):
        counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608
        async with database.session("") as session:
            assert await session.scalar(counted) == 0
        async with database.engine.connect() as connection:
            assert await connection.scalar(counted) == 0
        async with database.session(AMERSFOORT) as session:
            assert await session.scalar(counted) == 1


async def test_the_library_holds_no_person(database: Database) -> None:
    """What every municipality can read names municipalities and no clerks."""
    for table in (Offer, OfferVersion, OfferUse):
        assert {key.column.table.name for key in table.__table__.foreign_keys} <= {"municipality", "offer"}


async def test_an_own_question_with_an_unknown_fact_leaves_that_sentence_out(
    database: Database, utrecht: Griffie
) -> None:
    await utrecht.asks(
        replace(KERMIS, short="De kermis is in mei. Bel {griffie_telefoon}.", more="Mail {griffie_email}.")
    )

    async def said(today: date = TODAY) -> tuple[str, str | None] | None:
        asked = "op welke dag is de kermis"
        reply = await own_questions.answer(database, municipality_code=UTRECHT, text=asked, today=today)
        return (reply.text.partition("\n")[0], reply.more) if reply else None

    assert await said() == ("De kermis is in mei.", None)
    async with database.session(UTRECHT) as session:
        for name, value in (("griffie_telefoon", "030 123"), ("griffie_email", "griffie@utrecht.example")):
            session.add(
                LocalFact(
                    municipality_code=UTRECHT,
                    name=name,
                    value=value,
                    source="test",
                    checked_on=TODAY,
                    valid_until=TODAY,
                )
            )
    assert await said() == ("De kermis is in mei. Bel 030 123.", "Mail griffie@utrecht.example.")
    assert await said(TODAY + timedelta(days=1)) == ("De kermis is in mei.", None)


async def test_an_own_question_of_which_nothing_is_left_is_not_answered(database: Database, utrecht: Griffie) -> None:
    await utrecht.asks(replace(KERMIS, short="Bel {griffie_telefoon}."))
    asked = "op welke dag is de kermis"
    assert await own_questions.answer(database, municipality_code=UTRECHT, text=asked, today=TODAY) is None


@pytest.mark.parametrize(("short", "code"), [("Bel {burgervader}.", "feit"), ("Bel {griffie_telefoon.", "accolade")])
async def test_an_own_question_takes_only_names_that_are_known(utrecht: Griffie, short: str, code: str) -> None:
    with pytest.raises(own_questions.OwnQuestionFaulty) as refused:
        await utrecht.asks(replace(KERMIS, short=short))
    assert refused.value.faults == {"kort": code}
