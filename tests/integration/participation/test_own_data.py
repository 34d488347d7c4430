"""A resident sees what is kept of them and has it erased: all of it, and nothing of anybody else."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, or_, select, text

from participation.campaigns.outcome import QUOTES
from participation.campaigns.suppression import DESK, PUBLIC
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ResidentUnknown
from participation.insight import subjects
from participation.models import (
    AuditEvent,
    Base,
    CampaignOutcome,
    Clerk,
    CodeAttempt,
    Contribution,
    Conversation,
    Incoming,
    Participant,
    Resident,
)
from participation.models.campaign_outcome import EVERYWHERE
from participation.models.consent import CONTACT
from participation.privacy import own_data, shredders
from participation.privacy.masking_decisions import Decisions
from participation.services import (
    alike,
    bundles,
    checking,
    consents,
    contributions,
    conversations,
    incoming,
    mask_correcting,
    masking,
    notes,
    outgoing,
    own_contributions,
    reply_verdicts,
    sorting,
    unsure,
    verdicts,
)
from participation.services.contributions import Draft
from tests.integration.participation.conftest import (
    OTHERS_WORDS,
    UTRECHT,
    Converse,
    campaign_with,
    counted_with,
    papers,
)
from tests.traces import make_tracker, traces, write_tracker

SECRET_WORDS = "kwikstaartnest"
PHONE = "06-24681357"
OPEN_TEXT = f"Achter het {SECRET_WORDS} ligt een sloot vol vuil."
TAKEN_UP_TEXT = f"De stoep is stuk. Bel mij op {PHONE}."
ADDED_TEXT = f"Bij het {SECRET_WORDS} maak ik jullie nog eens af."


@dataclass(frozen=True)
class Someone:
    """A resident of whom every kind of data is kept, with what they passed on."""

    conversation: Conversation
    resident: Resident
    opened: Contribution
    taken_up: Contribution
    participant: Participant

    @property
    def marks(self) -> dict[str, str | bytes]:
        """By what they could be found."""
        return {
            "words": SECRET_WORDS,
            "phone": PHONE,
            "pseudonym": self.resident.pseudonym,
            "resident": str(self.resident.id),
            "conversation": str(self.conversation.id),
        }


@pytest.fixture
async def someone(database: Database, database_url: str, converse: Converse, clerk: Clerk, now: datetime) -> Someone:
    """Talked, pressed, judged, passed on two things; the council took up the second."""
    conversation = await converse()
    make_tracker(database_url)
    write_tracker(
        database_url, sender=conversation.id, at=now.timestamp(), data=json.dumps({"text": f"in het {SECRET_WORDS}"})
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        resident = await session.get_one(Resident, conversation.resident_id)
        await outgoing.remember_address(session, conversation_id=conversation.id, sealed=b"dicht", now=now)
        asked = await conversations.receive(
            session, conversation_id=conversation.id, external_id=uuid.uuid4().hex, body={"tekst": OPEN_TEXT}, now=now
        )
        button = {"titel": "Ja", "betekenis": {"intent": "inbreng_doen", "tekst": OPEN_TEXT}}
        await conversations.answer(
            session,
            conversation_id=conversation.id,
            replies=[{"tekst": f"Dit geef ik door: {OPEN_TEXT}", "knoppen": [button]}],
            in_reply_to=asked.message.id,
            now=now,
        )
        for handled in (False, True):
            received = incoming.Update("telegram", uuid.uuid4().int % 2**62, resident.pseudonym, b"x", urgent=False)
            await incoming.store(session, received, now=now)
            if handled:
                incoming.finish(await session.get_one(Incoming, ("telegram", received.id)), now=now)
        await verdicts.give(
            session,
            conversation_id=conversation.id,
            turn_id=asked.message.id,
            municipality_code=UTRECHT,
            topic="raad_wat_is",
            verdict="ja",
            reason=None,
            now=now,
        )
        passed_on = [
            await contributions.log_contribution(
                session,
                municipality_code=UTRECHT,
                draft=Draft(
                    uuid.uuid5(conversation.id, told), told, conversation.resident_id, conversation.id, "telegram"
                ),
                now=now,
            )
            for told in (OPEN_TEXT, TAKEN_UP_TEXT)
        ]
    await unsure.remember(
        database,
        conversation_id=conversation.id,
        municipality_code=UTRECHT,
        text=f"hoe zit dat met het {SECRET_WORDS}",
        now=now,
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.add(
            session,
            resident_id=resident.id,
            contribution_id=passed_on[0].id,
            text=ADDED_TEXT,
            submission=uuid.uuid4(),
            now=now + timedelta(minutes=1),
        )
        for contribution in passed_on:
            await consents.give(
                session,
                resident_id=resident.id,
                municipality_code=UTRECHT,
                purpose=CONTACT,
                channel="telegram",
                now=now,
                contribution_id=contribution.id,
                detail=PHONE,
            )
        while await checking.check_waiting(session, now=now):
            pass
        await checking.check_additions(session, now=now)
    async with database.session(UTRECHT) as session:
        for contribution in passed_on:
            await sorting.correct(
                session,
                municipality_code=UTRECHT,
                contribution_id=contribution.id,
                kind="zorg",
                theme="overig",
                clerk=clerk,
                now=now,
            )
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=passed_on[1].id,
            status="in_behandeling",
            clerk=clerk,
            now=now,
        )
        entry = await contributions.reply(
            session,
            municipality_code=UTRECHT,
            contribution_id=passed_on[1].id,
            text="Wij kijken ernaar.",
            clerk=clerk,
            submission=uuid.uuid4(),
            now=now,
        )
        await bundles.make(
            session, municipality_code=UTRECHT, contribution_id=passed_on[1].id, name="Stoepen", clerk=clerk, now=now
        )
        await papers(session, passed_on[1], clerk=clerk, now=now)
        await notes.write(
            session,
            municipality_code=UTRECHT,
            contribution_id=passed_on[1].id,
            text=f"Gebeld over het {SECRET_WORDS}.",
            clerk=clerk,
            submission=uuid.uuid4(),
            now=now,
        )
        await mask_correcting.show(
            session,
            municipality_code=UTRECHT,
            contribution_id=passed_on[1].id,
            words=PHONE,
            reason=f"Voor wie over het {SECRET_WORDS} belt.",
            clerk=clerk,
            now=now,
        )
    async with database.session(EVERY_MUNICIPALITY) as session:
        await reply_verdicts.give(session, resident_id=resident.id, entry_id=entry.id, verdict="ja", now=now)
        for contribution in passed_on:
            await alike.remember(session, contribution)
        await subjects.keep(
            session,
            municipality_code=UTRECHT,
            found=[("geheim", [contribution.id for contribution in passed_on])],
            texts=2,
            now=now,
        )
        session.add(CodeAttempt(resident_id=resident.id, reference_hash=b"x", created_at=now))
        participant = await campaign_with(session, conversation, clerk=clerk, words=SECRET_WORDS, now=now)
    return Someone(conversation, resident, passed_on[0], passed_on[1], participant)


async def erase(database: Database, someone: Someone, now: datetime) -> dict[str, int]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await own_data.erase(session, resident_id=someone.resident.id, now=now)


def referring(targets: Iterable[str]) -> set[str]:
    """The tables that refer to these, directly or through others, and these themselves."""
    found = set(targets)
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


def test_every_table_with_resident_data_can_be_shown_and_erased() -> None:
    """A new table that refers to a resident, a conversation or a contribution fails here until somebody erases it."""
    kept = referring({"resident", "conversation", "contribution"}) | {"incoming", "rasa.events"}
    erased = [table for kind in shredders.KINDS for table in kind.tables]
    assert len(erased) == len(set(erased))
    assert set(erased) | shredders.NOT_ERASED.keys() == kept
    assert set(erased) & shredders.NOT_ERASED.keys() == set()


async def test_after_erasing_no_column_of_any_table_holds_a_trace(
    database: Database, database_url: str, someone: Someone, now: datetime
) -> None:
    """There is something to find: before, every mark stands in several tables."""
    before = traces(database_url, someone.marks)
    assert before["words"] >= {
        "public.contribution.text",
        "public.contribution.masked_text",
        "public.contribution_entry.text",
        "public.contribution_entry.masked_text",
        "public.contribution_note.text",
        "public.message.body",
        "public.choice.meaning",
        "public.unsure_question.masked_text",
        "public.statement.text",
        "public.campaign_answer.words",
        "public.campaign_outcome.content",
        "rasa.events.data",
    }
    assert before["phone"] == {
        "public.contribution.text",
        "public.contribution.masked_text",
        "public.mask_correction.words",
        "public.consent_detail.value",
    }
    assert before["pseudonym"] == {"public.resident.pseudonym", "public.incoming.sender"}
    assert before["conversation"] >= {"public.contribution.conversation_id", "rasa.events.sender_id"}
    assert before.keys() == someone.marks.keys()
    await erase(database, someone, now)
    assert traces(database_url, someone.marks) == {}


async def test_words_go_out_of_the_outcome_of_a_campaign_and_those_of_others_stay(
    database: Database, someone: Someone, now: datetime
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        before = await session.get_one(CampaignOutcome, (someone.participant.campaign_id, EVERYWHERE))
    assert before.content == counted_with(SECRET_WORDS)
    await erase(database, someone, now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        after = await session.get_one(CampaignOutcome, (someone.participant.campaign_id, EVERYWHERE))
    subject = {"woorden": "bankje", "aantal": 12, "citaten": [OTHERS_WORDS]}
    assert [after.content[reader]["onderdelen"][0]["onderwerpen"] for reader in (DESK, PUBLIC)] == [[subject]] * 2
    assert after.content[QUOTES] == [OTHERS_WORDS]


async def test_there_is_something_of_every_kind_to_erase(database: Database, someone: Someone) -> None:
    """Without this the search for traces could miss a table because the resident of these tests has nothing in it."""
    theirs: dict[str, list[Any]] = {
        "resident_id": [someone.resident.id],
        "conversation_id": [someone.conversation.id],
        "contribution_id": [someone.opened.id, someone.taken_up.id],
        "participant_id": [someone.participant.id],
    }
    tables = {table for kind in shredders.KINDS for table in kind.tables} - {"rasa.events"}
    async with database.session(EVERY_MUNICIPALITY) as session:
        empty = set()
        for name in tables:
            table = Base.metadata.tables[name]
            of_this = [table.c[column].in_(values) for column, values in theirs.items() if column in table.c]
            if name in {"resident", "contribution"}:
                of_this.append(table.c.id.in_(theirs[f"{name}_id"]))
            if name == "incoming":
                of_this.append(table.c.sender == someone.resident.pseudonym)
            assert of_this, f"how is a row of {name} known to be of this resident?"
            if not await session.scalar(select(func.count()).select_from(table).where(or_(*of_this))):
                empty.add(name)
        tracked = text("SELECT count(*) FROM rasa.events WHERE sender_id = :sender")
        assert await session.scalar(tracked, {"sender": str(someone.conversation.id)}) == 1
    assert empty == {"contribution_intake"}, "what the desk entered has no resident"


async def test_what_the_council_took_up_stays_without_personal_data_and_without_its_resident(
    database: Database, someone: Someone, now: datetime
) -> None:
    await erase(database, someone, now)
    async with database.session(UTRECHT) as session:
        assert await session.get(Contribution, someone.opened.id) is None
        kept = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=someone.taken_up.id
        )
        log = (
            await session.scalars(
                select(AuditEvent.action)
                .where(
                    AuditEvent.record.in_([str(someone.opened.id), str(someone.taken_up.id)]),
                    AuditEvent.clerk_id.is_(None),
                )
                .order_by(AuditEvent.action)
            )
        ).all()
    row = kept.contribution
    assert (row.resident_id, row.conversation_id, row.reference) == (None, None, someone.taken_up.reference)
    assert row.draft != someone.taken_up.draft
    assert (row.text, row.masked_text) == (someone.taken_up.masked_text, someone.taken_up.masked_text)
    assert "De stoep is stuk." in row.text
    assert [status.status for status in kept.statuses] == ["ontvangen", "in_behandeling", "gebundeld"]
    assert [entry.text for entry in kept.entries] == ["Wij kijken ernaar."]
    assert (row.kind, row.theme) == ("zorg", "overig")
    assert log == ["inbreng.aanvulling", "inbreng.gewist", "inbreng.losgemaakt"]


@pytest.mark.parametrize("can_be_masked", [True, False])
async def test_a_text_that_was_not_masked_yet_is_masked_now_or_erased(
    database: Database, someone: Someone, now: datetime, monkeypatch: pytest.MonkeyPatch, can_be_masked: bool
) -> None:
    async with database.session(UTRECHT) as session:
        row = await session.get_one(Contribution, someone.taken_up.id)
        row.masked_text = row.masked_at = None
    if not can_be_masked:

        async def fail(text: str, _: Decisions) -> str:
            raise RuntimeError(text)

        monkeypatch.setattr(masking, "masked", fail)
    await erase(database, someone, now)
    async with database.session(UTRECHT) as session:
        row = await session.get_one(Contribution, someone.taken_up.id)
    masked = someone.taken_up.masked_text if can_be_masked else "[gewist]"
    assert (row.text, row.masked_text, row.masked_at) == (masked, masked, now)


async def test_others_keep_everything(
    database: Database, database_url: str, someone: Someone, converse: Converse, now: datetime
) -> None:
    other = await converse()
    write_tracker(database_url, sender=other.id, at=now.timestamp(), data="{}")
    async with database.session(EVERY_MUNICIPALITY) as session:
        theirs = await contributions.log_contribution(
            session,
            municipality_code=UTRECHT,
            draft=Draft(uuid.uuid4(), "Een ander verhaal.", other.resident_id, other.id, "web"),
            now=now,
        )
        before = await own_data.export(session, resident_id=other.resident_id)
    await erase(database, someone, now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await own_data.export(session, resident_id=other.resident_id) == before
    assert [row["nummer"] for row in before["inbreng"]] == [theirs.reference]
    assert len(before["geheugen"]) == 1


async def test_the_download_has_everything_in_words(database: Database, someone: Someone, now: datetime) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = await own_data.export(session, resident_id=someone.resident.id)
    assert json.loads(json.dumps(kept)) == kept
    assert {name: len(rows) for name, rows in kept.items() if rows} == {
        "in_stukken": 1,
        "inbreng": 2,
        "indeling": 2,
        "signalen": 1,
        "toestemmingen": 2,
        "peilingen": 1,
        "proeven": 1,
        "stellingen": 2,
        "onderwerpen": 1,
        "campagneberichten": 1,
        "samengevoegd": 2,
        "hielp": 1,
        "pogingen": 1,
        "berichten": 2,
        "oordelen": 1,
        "onduidelijk": 1,
        "geheugen": 1,
        "adres": 1,
        "onderweg": 1,
        "gesprekken": 1,
        "pseudoniem": 1,
    }
    assert [row["tekst"] for row in kept["inbreng"]] == [OPEN_TEXT, TAKEN_UP_TEXT]
    assert [row["tekst_voor_de_griffie"] for row in kept["inbreng"]] == [
        someone.opened.masked_text,
        TAKEN_UP_TEXT,
    ]
    assert [row["verbeterde_maskers"] for row in kept["inbreng"]] == [
        [],
        [{"tijd": now.isoformat(), "woorden": PHONE, "gedaan": "leesbaar gemaakt", "soort": None}],
    ]
    assert [row["status"] for row in kept["inbreng"][1]["verloop"]] == ["ontvangen", "in_behandeling", "gebundeld"]
    assert [row["samengevoegd_sinds"] for row in kept["samengevoegd"]] == [None, now.isoformat()]
    assert [(row["van"], row["tekst"]) for row in kept["inbreng"][1]["berichten"]] == [
        ("griffie", "Wij kijken ernaar.")
    ]
    assert [(row["van"], row["knoppen"]) for row in kept["berichten"]] == [("inwoner", []), ("bot", ["Ja"])]
    assert "Anna" not in json.dumps(kept)


async def test_who_is_erased_is_unknown(database: Database, someone: Someone, now: datetime) -> None:
    first = await erase(database, someone, now)
    assert (first["inbreng"], first["gesprekken"], first["pseudoniem"]) == (2, 1, 1)
    with pytest.raises(ResidentUnknown):
        await erase(database, someone, now)


async def test_a_handled_update_no_longer_tells_who_sent_it(database: Database, someone: Someone) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = (await session.scalars(select(Incoming).where(Incoming.handled_at.is_not(None)))).all()
    assert {(row.sender, row.body) for row in rows} == {(incoming.NOBODY, None)}
