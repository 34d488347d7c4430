"""Own answers from draft to in force: who may, what residents see when, and what is kept."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from participation import content
from participation.answer_faults import (
    DraftChanged,
    DraftMissing,
    FieldsFaulty,
    NoteMissing,
    SecondPersonNeeded,
    TopicUnknown,
    VersionUnknown,
)
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AnswerDraft, AnswerOverride, AnswerVersion, AuditEvent, Clerk, ClerkRole, LocalFact
from participation.services import answers, answers_overview, answers_writing, clerks
from participation.services.answers import OwnText
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT

TOPIC = "raad_samenstelling"
TODAY = date(2026, 11, 23)
TEXT = OwnText("De raad van {gemeente} telt velen.", "Meer daarover.", "Utrecht", "https://utrecht.example/raad", TODAY)
Hire = Callable[..., Awaitable[Clerk]]


@pytest.fixture(autouse=True)
async def _nothing_written(database_url: str, database: Database) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        for model in (AnswerDraft, AnswerOverride, LocalFact, ClerkRole):
            await session.execute(delete(model))
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(AnswerVersion))
    await owner.close()


@pytest.fixture
def hire(database: Database, now: datetime) -> Hire:
    async def hired(role: str = "griffier", code: str = UTRECHT) -> Clerk:
        email = f"{uuid.uuid4().hex}@gemeente.example"
        async with database.session(code) as session:
            made, _ = await clerks.create_clerk(session, email=email, name="Anna", roles={code: role}, now=now)
        return made

    return hired


class Desk:
    """What people do, each in a transaction of its own."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now = database, now

    async def save(self, clerk: Clerk, own: OwnText = TEXT, revision: int = 0, *, for_review: bool = False) -> None:
        async with self.database.session(UTRECHT) as session:
            await answers_writing.save(
                session,
                municipality_code=UTRECHT,
                topic=TOPIC,
                text=own,
                revision=revision,
                for_review=for_review,
                clerk=clerk,
                now=self.now,
            )

    async def publish(self, clerk: Clerk, revision: int = 1, note: str = "") -> None:
        async with self.database.session(UTRECHT) as session:
            await answers_writing.publish(
                session,
                municipality_code=UTRECHT,
                topic=TOPIC,
                revision=revision,
                note=note,
                clerk=clerk,
                now=self.now,
            )

    async def restore(self, clerk: Clerk, number: int | None) -> None:
        async with self.database.session(UTRECHT) as session:
            await answers_writing.restore(
                session, municipality_code=UTRECHT, topic=TOPIC, number=number, clerk=clerk, now=self.now
            )

    async def chat(self, code: str | None = UTRECHT) -> str:
        async with self.database.session(EVERY_MUNICIPALITY) as session:
            return (await answers.find(session, topic=TOPIC, municipality_code=code, today=TODAY)).text

    async def versions(self) -> list[AnswerVersion]:
        async with self.database.session(UTRECHT) as session:
            return list(await session.scalars(select(AnswerVersion).order_by(AnswerVersion.number)))


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return Desk(database, now)


async def test_a_text_is_in_the_chat_right_after_publishing_and_not_before(
    desk: Desk, hire: Hire, database_url: str
) -> None:
    """Also in another process: a second engine stands for it."""
    writer, checker = await hire("medewerker"), await hire()
    elsewhere = Desk(Database(database_url, become_app_role=True), desk.now)
    before = await desk.chat()
    assert "telt velen" not in before
    await desk.save(writer, for_review=False)
    assert (await desk.chat(), await elsewhere.chat()) == (before, before)
    await desk.save(writer, revision=1, for_review=True)
    assert (await desk.chat(), await elsewhere.chat()) == (before, before)
    await desk.publish(checker, 2)
    shown = "De raad van Utrecht telt velen.\n\nNagekeken op 23 november 2026."
    assert (await desk.chat(), await elsewhere.chat()) == (shown, shown)
    assert "telt velen" not in await desk.chat(AMERSFOORT)
    assert "telt velen" not in await desk.chat(None)
    await elsewhere.database.close()


async def test_a_published_text_brings_its_own_source_and_date(desk: Desk, hire: Hire, database: Database) -> None:
    await desk.save(await hire("medewerker"), replace(TEXT, checked_on=date(2026, 10, 1)), for_review=True)
    await desk.publish(await hire())
    async with database.session(EVERY_MUNICIPALITY) as session:
        reply = await answers.find(session, topic=TOPIC, municipality_code=UTRECHT, today=TODAY)
    assert [(link.title, link.url) for link in reply.links] == [("Utrecht", "https://utrecht.example/raad")]
    assert reply.text.endswith("Nagekeken op 1 oktober 2026.")


async def test_who_edited_last_does_not_publish_while_somebody_else_can(desk: Desk, hire: Hire) -> None:
    first, second = await hire(), await hire()
    await desk.save(first, for_review=True)
    with pytest.raises(SecondPersonNeeded):
        await desk.publish(first, note="zelf gelezen")
    await desk.save(second, revision=1, for_review=True)
    with pytest.raises(SecondPersonNeeded):
        await desk.publish(second, 2, note="zelf gelezen")
    assert "telt velen" not in await desk.chat()
    await desk.publish(first, 2)
    assert "telt velen" in await desk.chat()


async def test_the_only_one_who_can_publish_says_how_it_was_checked(desk: Desk, hire: Hire, database: Database) -> None:
    """Somebody who only writes is no second person, nor is the griffier of another municipality."""
    only = await hire()
    await hire("medewerker")
    await hire(code=AMERSFOORT)
    await desk.save(only, for_review=True)
    with pytest.raises(NoteMissing):
        await desk.publish(only, note="  ")
    await desk.publish(only, note=" De wethouder \n las mee. ")
    assert "telt velen" in await desk.chat()
    assert [one.note for one in await desk.versions()] == ["De wethouder las mee."]
    async with database.session(UTRECHT) as session:
        event = await session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
    assert event is not None
    assert (event.action, event.record, event.clerk_id) == ("antwoord.gepubliceerd", TOPIC, only.id)
    assert event.details == {"versie": 1, "alleen": True, "toelichting": "De wethouder las mee."}


async def test_a_draft_that_is_not_up_for_review_is_not_published(desk: Desk, hire: Hire) -> None:
    writer, checker = await hire("medewerker"), await hire()
    with pytest.raises(DraftMissing):
        await desk.publish(checker, 0)
    await desk.save(writer)
    with pytest.raises(DraftMissing):
        await desk.publish(checker)


async def test_what_was_read_is_what_is_published_and_nobody_overwrites_a_colleague(desk: Desk, hire: Hire) -> None:
    writer, checker = await hire("medewerker"), await hire()
    await desk.save(writer, for_review=True)
    await desk.save(writer, replace(TEXT, short="Stiekem anders."), revision=1, for_review=True)
    with pytest.raises(DraftChanged):
        await desk.publish(checker, 1)
    for late in (0, 1, 3):
        with pytest.raises(DraftChanged):
            await desk.save(checker, revision=late)
    await desk.publish(checker, 2)
    assert "Stiekem anders." in await desk.chat()
    with pytest.raises(DraftChanged):
        await desk.publish(checker, 2)


async def test_sending_back_keeps_the_writer_and_a_discarded_draft_is_gone(
    desk: Desk, hire: Hire, database: Database
) -> None:
    writer, checker = await hire(), await hire()
    await desk.save(writer, for_review=True)
    async with database.session(UTRECHT) as session:
        await answers_writing.send_back(
            session, municipality_code=UTRECHT, topic=TOPIC, revision=1, clerk=checker, now=desk.now
        )
    with pytest.raises(DraftMissing):
        await desk.publish(checker, 2)
    await desk.save(checker, revision=2, for_review=True)
    async with database.session(UTRECHT) as session:
        await answers_writing.discard(
            session, municipality_code=UTRECHT, topic=TOPIC, revision=3, clerk=checker, now=desk.now
        )
        written = await answers_writing.of_topic(session, municipality_code=UTRECHT, topic=TOPIC)
    assert (written.draft, written.live, written.versions) == (None, None, [])


async def test_an_earlier_version_comes_back_and_so_does_the_national_text(desk: Desk, hire: Hire) -> None:
    writer, checker = await hire("medewerker"), await hire()
    national = await desk.chat()
    for short in ("De eerste.", "De tweede."):
        await desk.save(writer, replace(TEXT, short=short), for_review=True)
        await desk.publish(checker)
    assert (await desk.chat()).startswith("De tweede.")
    await desk.restore(checker, 1)
    assert (await desk.chat()).startswith("De eerste.")
    await desk.restore(checker, None)
    assert await desk.chat() == national
    await desk.restore(checker, None)
    with pytest.raises(VersionUnknown):
        await desk.restore(checker, 4)
    await desk.restore(checker, 2)
    assert (await desk.chat()).startswith("De tweede.")
    told = [(one.number, one.short, one.restored_from, one.written_by) for one in await desk.versions()]
    assert told == [
        (1, "De eerste.", None, writer.id),
        (2, "De tweede.", None, writer.id),
        (3, "De eerste.", 1, writer.id),
        (4, None, None, None),
        (5, "De tweede.", 2, writer.id),
    ]


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"short": ""}, {"short": "leeg"}),
        ({"short": "dag " * 61}, {"short": "te_lang"}),
        ({"short": "a" * 1001}, {"short": "te_lang"}),
        ({"more": "dag " * 151}, {"more": "te_lang"}),
        ({"short": "Het is {onbekend}."}, {"short": "feit"}),
        ({"more": "Het is {zetels"}, {"more": "accolade"}),
        ({"source_url": "javascript:alert(1)"}, {"source_url": "adres"}),
        ({"source_name": "b" * 121}, {"source_name": "te_lang"}),
        ({"source_name": "", "source_url": ""}, {"source_name": "leeg", "source_url": "leeg"}),
        ({"checked_on": TODAY + timedelta(days=1)}, {"checked_on": "toekomst"}),
    ],
)
async def test_what_is_wrong_is_named_by_field_and_not_kept(
    desk: Desk, hire: Hire, changed: dict[str, object], faults: dict[str, str]
) -> None:
    clerk = await hire()
    with pytest.raises(FieldsFaulty) as raised:
        await desk.save(clerk, replace(TEXT, **changed), for_review=True)  # type: ignore[arg-type]
    assert raised.value.faults == faults
    await desk.save(clerk)


async def test_a_draft_may_still_lack_its_source(desk: Desk, hire: Hire) -> None:
    await desk.save(await hire(), replace(TEXT, source_name="", source_url=""))


async def test_an_own_text_is_filled_with_facts_and_leaves_out_what_is_unknown(database: Database) -> None:
    own = replace(TEXT, short="Er zijn {zetels} zetels. In {gemeente} zit {coalitie} erbij.", more="{coalitie}.")

    async def shown() -> tuple[str, str | None]:
        async with database.session(UTRECHT) as session:
            reply = await answers.shown(session, topic=TOPIC, municipality_code=UTRECHT, own=own, today=TODAY)
        return reply.text.split("\n\n")[0], reply.more

    answer = content.answers()[TOPIC]
    assert (await shown())[0] == answer.short.replace("{gemeente}", "Utrecht").split("\n\n")[0]
    for name, value, expected in (
        ("zetels", "{coalitie}", ("Er zijn {coalitie} zetels.", None)),
        ("coalitie", "Partij A", ("Er zijn {coalitie} zetels. In Utrecht zit Partij A erbij.", "Partij A.")),
    ):
        async with database.session(UTRECHT) as session:
            session.add(LocalFact(municipality_code=UTRECHT, name=name, value=value, source="test", checked_on=TODAY))
        assert await shown() == expected


async def test_an_unknown_topic_can_not_be_written(database: Database, hire: Hire, now: datetime) -> None:
    async with database.session(UTRECHT) as session:
        with pytest.raises(TopicUnknown):
            await answers_writing.of_topic(session, municipality_code=UTRECHT, topic="onzin")


async def test_the_overview_tells_whose_text_it_is_what_is_written_and_what_is_overdue(
    desk: Desk, hire: Hire, database: Database
) -> None:
    writer, checker = await hire("medewerker"), await hire()

    async def states(today: date = TODAY) -> dict[str, frozenset[str]]:
        async with database.session(UTRECHT) as session:
            found = await answers_overview.overview(
                session, municipality_code=UTRECHT, municipality="Utrecht", today=today
            )
        assert [one.answer.topic for one in found] == list(content.answers())
        return {one.answer.topic: one.states for one in found}

    assert (await states())[TOPIC] == {"landelijk", "feit"}
    await desk.save(writer)
    assert (await states())[TOPIC] == {"landelijk", "feit", "concept"}
    await desk.save(writer, revision=1, for_review=True)
    assert (await states())[TOPIC] == {"landelijk", "feit", "ter_controle"}
    await desk.publish(checker, 2)
    assert (await states())[TOPIC] == {"eigen"}
    assert (await states(TODAY + timedelta(days=366)))[TOPIC] == {"eigen", "nakijken"}


@pytest.mark.parametrize(
    ("checked_on", "valid_until", "expected"),
    [
        (TODAY, None, False),
        (TODAY - timedelta(days=365), None, False),
        (TODAY - timedelta(days=366), None, True),
        (TODAY - timedelta(days=9), TODAY, False),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), True),
        (TODAY, TODAY - timedelta(days=1), False),
    ],
)
def test_a_text_is_overdue_after_a_year_or_its_own_end(
    checked_on: date, valid_until: date | None, expected: bool
) -> None:
    assert answers_overview.overdue(checked_on, valid_until, TODAY) is expected


@pytest.mark.parametrize("topic", answers_writing.NUMBER_TO_CALL)
def test_an_own_text_for_an_emergency_keeps_the_number_to_call(topic: str) -> None:
    def faults(short: str) -> dict[str, str]:
        return answers_writing.faults_of(replace(TEXT, short=short), topic=topic, complete=True, today=TODAY)

    assert faults("Bel de gemeente.") == {"short": "nummer"}
    assert faults("Bel 14 030 of 1120113.") == {"short": "nummer"}
    assert faults("") == {"short": "leeg"}
    assert faults(f"Bel {answers_writing.NUMBER_TO_CALL[topic]}.") == {}
    assert faults(content.answers()[topic].short) == {}
