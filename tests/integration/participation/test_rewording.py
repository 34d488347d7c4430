"""Residents put other words in the place of what they passed on: these are read, and those of before are gone."""

import json
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ChangedMeanwhile, ContributionUnknown, TextMissing, TransitionNotAllowed
from participation.insight import subjects
from participation.models import (
    Clerk,
    Contribution,
    ContributionCheck,
    ContributionFlag,
    ContributionLikeness,
    ContributionSorting,
    Message,
    WorklistItem,
    WorklistWord,
)
from participation.models.consent import SHARE
from participation.models.contribution import STATUSES
from participation.privacy.masking_decisions import Decisions
from participation.services import (
    assigning,
    checking,
    consents,
    contributions,
    conversations,
    history,
    masking,
    notes,
    own_contributions,
    rewording,
    signals,
    sorting,
)
from tests.integration.participation.conftest import UTRECHT, Contribute
from tests.integration.participation.test_own_contributions import give_status
from tests.integration.participation.test_worklist_reactions import views_of
from tests.traces import make_tracker, traces, write_tracker

OLD = "De lantaarn bij het winterkoninkje brandt al weken niet."
NEW = "De lantaarn bij de ijsvogelbrug brandt al weken niet. Bel mij op 06-24681357."
LATER = timedelta(minutes=1)


async def reword(
    database: Database,
    contribution: Contribution,
    now: datetime,
    text: str = NEW,
    *,
    seen: datetime | None = None,
    by: uuid.UUID | None = None,
) -> None:
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await rewording.reword(
            session,
            resident_id=by or contribution.resident_id,
            contribution_id=contribution.id,
            text=text,
            seen=seen,
            now=now,
        )


async def as_kept(database: Database, contribution: Contribution) -> Contribution:
    async with database.session(UTRECHT) as session:
        return await session.get_one(Contribution, contribution.id)


async def test_the_new_words_are_masked_and_the_old_are_in_no_column_of_any_table(
    database: Database, database_url: str, contribute: Contribute, now: datetime
) -> None:
    """In the conversation too; what was said there with words that stay is not touched."""
    contribution = await contribute(text=OLD)
    make_tracker(database_url)
    said = (OLD, "Wat doet de gemeenteraad?", NEW, f"Dit komt in de plaats van uw tekst:\n\n„{NEW}”\n\nKlopt dit?")
    for typed in said:
        event = {"event": "user", "text": typed, "parse_data": {"text": typed}}
        assert contribution.conversation_id
        async with database.session(EVERY_MUNICIPALITY) as session:
            await conversations.receive(
                session,
                conversation_id=contribution.conversation_id,
                external_id=uuid.uuid4().hex,
                body={"tekst": typed},
                now=now,
            )
        write_tracker(database_url, sender=contribution.conversation_id, at=now.timestamp(), data=json.dumps(event))
    needles = {"old": "winterkoninkje", "new": "ijsvogelbrug"}
    assert traces(database_url, needles)["old"] >= {"public.contribution.text", "public.message.body"}
    before = await as_kept(database, contribution)
    await reword(database, contribution, now + LATER)
    assert traces(database_url, needles).keys() == {"new"}
    kept = await as_kept(database, contribution)
    assert (kept.text, kept.changed_at, kept.created_at) == (NEW, now + LATER, before.created_at)
    assert (kept.reference, kept.draft, kept.code_hash) == (before.reference, before.draft, before.code_hash)
    assert ("06-24681357" in kept.readable_text, "ijsvogelbrug" in kept.readable_text) == (False, True)
    async with database.session(EVERY_MUNICIPALITY) as session:
        bodies = await session.scalars(
            select(Message.body).where(Message.conversation_id == contribution.conversation_id).order_by(Message.id)
        )
        assert [body["tekst"] for body in bodies] == ["[ingetrokken]", *said[1:]]


@pytest.mark.parametrize("status", STATUSES)
async def test_the_words_may_be_changed_until_they_lie_with_others_or_it_is_closed(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, status: str
) -> None:
    contribution = await contribute(text=OLD)
    await give_status(database, contribution, clerk, now, status)
    if status in {"doorgezonden", "ingepland", "afgehandeld", "geannuleerd"}:
        with pytest.raises(TransitionNotAllowed):
            await reword(database, contribution, now)
    else:
        await reword(database, contribution, now)
    async with database.session(UTRECHT) as session:
        kept = await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )
    assert kept.status == status
    assert kept.contribution.text == (NEW if rewording.can_reword(status) else OLD)


async def test_only_ones_own_words_can_be_changed_and_not_into_nothing(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    theirs, mine = await contribute(text=OLD), await contribute()
    with pytest.raises(ContributionUnknown):
        await reword(database, theirs, now, by=mine.resident_id)
    with pytest.raises(TextMissing):
        await reword(database, theirs, now, " \n")
    assert (await as_kept(database, theirs)).text == OLD


async def test_a_second_yes_changes_nothing_and_an_earlier_one_is_refused(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    contribution = await contribute(text=OLD)
    for minutes in (1, 2):
        await reword(database, contribution, now + minutes * LATER)
    assert (await as_kept(database, contribution)).changed_at == now + LATER
    with pytest.raises(ChangedMeanwhile):
        await reword(database, contribution, now, "Wat ik eerst wilde zeggen.")
    with pytest.raises(ChangedMeanwhile):
        await reword(database, contribution, now, "[ingetrokken]", seen=now + LATER)
    await reword(database, contribution, now + 3 * LATER, "Nog anders.", seen=now + LATER)
    assert (await as_kept(database, contribution)).text == "Nog anders."


@pytest.mark.parametrize("by_clerk", [False, True])
async def test_the_computer_sorts_anew_and_what_a_clerk_chose_stays(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, by_clerk: bool
) -> None:
    contribution = await contribute(text=OLD)
    sorted_as = {"kind": "zorg", "theme": "verkeer", "municipality_code": UTRECHT, "created_at": now}
    async with database.session(UTRECHT) as session:
        session.add(ContributionSorting(contribution_id=contribution.id, **sorted_as))
        kept = await session.get_one(Contribution, contribution.id)
        kept.kind, kept.theme = "zorg", "verkeer"
        if by_clerk:
            about = {"municipality_code": UTRECHT, "contribution_id": contribution.id, "clerk": clerk, "now": now}
            await sorting.correct(session, kind="idee", theme="groen", **about)
    await reword(database, contribution, now)
    kept = await as_kept(database, contribution)
    assert (kept.kind, kept.theme) == (("idee", "groen") if by_clerk else (None, None))
    async with database.session(UTRECHT) as session:
        assert (contribution.id in [row.id for row in await sorting.unsorted(session)]) is not by_clerk


async def test_what_was_made_of_the_old_words_goes_and_the_worker_makes_it_anew(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    appeal = "Beste raad, het windpark bij ons dorp moet van tafel. Stem op 12 december tegen, namens alle bewoners"
    first, second, third = [await contribute(text=appeal, at=now + minutes * LATER) for minutes in range(3)]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await checking.check_waiting(session, now=now)
        about = {"contribution_id": first.id, "municipality_code": UTRECHT, "created_at": now}
        session.add(ContributionLikeness(**about, embedding=b"x"))
        session.add(ContributionFlag(**about, kind="strafbaar", seen_at=now))
        session.add(ContributionFlag(**about, kind="noodgeval"))
        await subjects.keep(session, municipality_code=UTRECHT, found=[("windpark", [first.id])], texts=1, now=now)
    await reword(database, first, now, "Als dit doorgaat dan maak ik die wethouder af, dat beloof ik.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await session.get(ContributionLikeness, first.id) is None
        last = await subjects.last_round(session, municipality_code=UTRECHT)
        assert (last and last.asked_at) == now, "the names of subjects may be made of the words of before"
        while await checking.check_waiting(session, now=now):
            pass
        checks = await session.scalars(select(ContributionCheck).order_by(ContributionCheck.received_at))
        groups = {one.contribution_id: one.group_id for one in checks}
    assert [groups[one.id] for one in (first, second, third)] == [first.id, second.id, second.id]
    async with database.session(UTRECHT) as session:
        flags = await signals.of_contribution(session, municipality_code=UTRECHT, contribution_id=first.id)
    assert {(flag.kind, flag.seen_at) for flag in flags} == {("noodgeval", None), ("bedreiging", None)}


@pytest.mark.parametrize("view", ["nieuw", "mij"])
async def test_who_handles_it_finds_it_back_in_the_list_by_its_new_words(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, view: str
) -> None:
    contribution = await contribute(text=OLD)
    about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        if view == "mij":
            await assigning.assign(session, contribution_ids=[contribution.id], assignee_id=clerk.id, **about)
        await notes.write(session, contribution_id=contribution.id, text="Gelezen.", submission=uuid.uuid4(), **about)
        item = await session.get_one(WorklistItem, contribution.id)
        item.place, item.is_placed = "Binnenstad", True
    await reword(database, contribution, now + LATER)
    assert await views_of(database, contribution, clerk, now) == {view}
    async with database.session(UTRECHT) as session:
        item = await session.get_one(WorklistItem, contribution.id)
        words = select(WorklistWord.word).where(WorklistWord.contribution_id == contribution.id)
        found = set(await session.scalars(words))
        of_this = {"municipality_code": UTRECHT, "contribution_id": contribution.id}
        *_, told = await history.events(session, **of_this)
        [note] = await notes.of_contribution(session, **of_this)
    assert (item.reacted_at, item.place, item.is_placed) == (now + LATER, None, False)
    assert ("ijsvogelbrug" in found, "winterkonink" in str(found)) == (True, False)
    assert (told.action, told.details, told.clerk_id) == ("inbreng.gewijzigd", {"tekens": len(NEW)}, None)
    assert note.text == "Gelezen."


async def test_what_could_not_be_masked_at_once_is_hidden_until_it_is(
    database: Database, contribute: Contribute, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contribution = await contribute(text=OLD)

    async def hidden(_: str, *, decisions: Decisions, now: datetime) -> masking.Readable:
        return masking.Readable("[nog niet leesbaar gemaakt]", None)

    monkeypatch.setattr(masking, "readable", hidden)
    later = now + 60 * LATER
    await reword(database, contribution, later)
    kept = await as_kept(database, contribution)
    assert (kept.readable_text, kept.masked_at) == ("[nog niet leesbaar gemaakt]", None)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await checking.check_waiting(session, now=later)
        assert await session.get(ContributionCheck, contribution.id) is None, "near copies are sought in masked texts"
        await masking.mask_waiting(session, now=later)
        await checking.check_waiting(session, now=later)
        assert (await session.get_one(ContributionCheck, contribution.id)).signature is not None
    assert "ijsvogelbrug" in (await as_kept(database, contribution)).readable_text


@pytest.mark.parametrize(("text", "may_read"), [(NEW, True), ("Ik ben 9 jaar en de lamp bij school is stuk.", False)])
async def test_consent_stays_unless_the_new_words_are_those_of_a_child(
    database: Database, contribute: Contribute, now: datetime, text: str, may_read: bool
) -> None:
    contribution = await contribute(text=OLD)
    assert contribution.resident_id
    about = {"resident_id": contribution.resident_id, "channel": "web", "contribution_id": contribution.id}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.give(session, municipality_code=UTRECHT, purpose=SHARE, now=now, **about)
    await reword(database, contribution, now, text)
    async with database.session(UTRECHT) as session:
        assert (contribution.id in set(await session.scalars(consents.readable_by_council(UTRECHT)))) is may_read


async def test_what_was_changed_can_be_withdrawn(
    database: Database, database_url: str, contribute: Contribute, now: datetime
) -> None:
    contribution = await contribute(text=OLD)
    await reword(database, contribution, now)
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=now
        )
    assert (await as_kept(database, contribution)).text == "[ingetrokken]"
