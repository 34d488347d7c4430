"""A griffier corrects a mask, for one contribution and what is added to it; all that was made of the text follows."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import (
    ContributionUnknown,
    LessonNotAllowed,
    LessonUnknown,
    MaskKindUnknown,
    ReasonMissing,
    ReasonTooLong,
    TextMissing,
    TextTooLong,
    WordsNotHidden,
    WordsNotReadable,
)
from participation.insight import subjects
from participation.models import (
    AuditEvent,
    AuditWords,
    Clerk,
    Contribution,
    ContributionCheck,
    ContributionEntry,
    ContributionLikeness,
    MaskCorrection,
    ReportDraft,
    SubjectMember,
    WorklistItem,
    WorklistWord,
)
from participation.models.contribution import NOT_YET_READABLE
from participation.privacy import own_data
from participation.privacy.sealing import Sealer
from participation.services import (
    alike,
    checking,
    contributions,
    mask_correcting,
    mask_decisions,
    mask_lessons,
    masking,
    on_behalf,
    own_contributions,
    placing,
    rewording,
    statuses,
)
from participation.services.on_behalf import SEALED_FOR, Told
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute

SAID = "Achter Theo Thijssen is de stoep kapot. Volgens Oortgiese al maanden, bel 06-24681357."
MASKED = "Achter [naam] is de stoep kapot. Volgens Oortgiese al maanden, bel [telefoonnummer]."
SHOWN = MASKED.replace("[naam]", "Theo Thijssen")
HIDDEN = MASKED.replace("Oortgiese", "[naam]")

Correct = Callable[..., Awaitable[None]]


@pytest.fixture
def hide(database: Database, clerk: Clerk, now: datetime) -> Correct:
    """Hide a name that the rules miss."""

    async def done(contribution: Contribution, **changed: Any) -> None:
        given = {"municipality_code": UTRECHT, "words": "Oortgiese", "kind": "persoon"} | changed
        async with database.session(given["municipality_code"]) as session:
            await mask_correcting.hide(session, contribution_id=contribution.id, clerk=clerk, now=now, **given)

    return done


@pytest.fixture
def show(database: Database, clerk: Clerk, now: datetime) -> Correct:
    """Show a school that the rules take for a person."""

    async def done(contribution: Contribution, **changed: Any) -> None:
        given = {"municipality_code": UTRECHT, "words": "Theo Thijssen", "reason": "Dat is een school."} | changed
        async with database.session(given["municipality_code"]) as session:
            await mask_correcting.show(session, contribution_id=contribution.id, clerk=clerk, now=now, **given)

    return done


@pytest.fixture
async def nothing_taught(database: Database) -> None:
    """What other tests taught is forgotten."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("DELETE FROM mask_lesson"))


async def read(database: Database, contribution: Contribution) -> str:
    async with database.session(UTRECHT) as session:
        return (await session.get_one(Contribution, contribution.id)).readable_text


async def logged(database: Database, record: object, action: str) -> list[tuple[Any, ...]]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.execute(
            select(AuditEvent.clerk_id, AuditEvent.details, AuditWords.text)
            .outerjoin(AuditWords, AuditWords.event_id == AuditEvent.id)
            .where(AuditEvent.record == str(record), AuditEvent.action == action)
        )
        return [tuple(row) for row in found]


async def add(database: Database, contribution: Contribution, words: str, now: datetime) -> str:
    submission = uuid.uuid4()
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.add(
            session,
            resident_id=contribution.resident_id,
            contribution_id=contribution.id,
            text=words,
            submission=submission,
            now=now,
        )
        entry = await session.scalar(select(ContributionEntry).where(ContributionEntry.submission == submission))
    assert entry
    return entry.readable_text


async def mask_again(database: Database, contribution: Contribution, now: datetime) -> None:
    """As a new version of the rules would."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        row = await session.get_one(Contribution, contribution.id)
        row.masked_text, row.masked_at = NOT_YET_READABLE, None
    async with database.session(EVERY_MUNICIPALITY) as session:
        await masking.mask_waiting(session, now=now)


async def test_a_missed_name_is_hidden_here_and_in_all_that_is_added(
    database: Database, contribute: Contribute, hide: Correct, clerk: Clerk, now: datetime
) -> None:
    contribution, other = await contribute(text=SAID), await contribute(text=SAID)
    assert await add(database, contribution, "Vraag OORTGIESE maar.", now) == "Vraag OORTGIESE maar."
    await hide(contribution)
    assert [await read(database, one) for one in (contribution, other)] == [HIDDEN, MASKED]
    async with database.session(UTRECHT) as session:
        [entry] = await session.scalars(
            select(ContributionEntry).where(ContributionEntry.contribution_id == contribution.id)
        )
    assert (entry.readable_text, entry.text) == ("Vraag [naam] maar.", "Vraag OORTGIESE maar.")
    assert await add(database, contribution, "En Oortgiese lacht.", now) == "En [naam] lacht."
    assert await logged(database, contribution.id, "inbreng.verborgen") == [(clerk.id, {"soort": "persoon"}, None)]


async def test_what_was_hidden_for_nothing_becomes_readable_and_the_reason_is_kept(
    database: Database, contribute: Contribute, show: Correct, clerk: Clerk, now: datetime
) -> None:
    contribution, other = await contribute(text=SAID), await contribute(text=SAID)
    await show(contribution)
    assert [await read(database, one) for one in (contribution, other)] == [SHOWN, MASKED]
    assert await add(database, contribution, "Theo Thijssen is dicht.", now) == "Theo Thijssen is dicht."
    assert await logged(database, contribution.id, "inbreng.leesbaar") == [
        (clerk.id, {"soort": ["persoon"]}, "Dat is een school.")
    ]


async def test_masking_again_keeps_both_corrections(
    database: Database, contribute: Contribute, hide: Correct, show: Correct, now: datetime
) -> None:
    contribution = await contribute(text=SAID)
    await hide(contribution)
    await show(contribution)
    both = HIDDEN.replace("Achter [naam]", "Achter Theo Thijssen")
    assert await read(database, contribution) == both
    await mask_again(database, contribution, now + timedelta(days=1))
    assert await read(database, contribution) == both


async def test_a_correction_is_taken_back_by_the_other(
    database: Database, contribute: Contribute, hide: Correct, show: Correct
) -> None:
    contribution = await contribute(text=SAID)
    await hide(contribution, words="Volgens Oortgiese")
    await show(contribution, words="Volgens Oortgiese")
    await show(contribution)
    await hide(contribution, words="theo thijssen")
    assert await read(database, contribution) == MASKED
    async with database.session(UTRECHT) as session:
        rows = await session.scalars(
            select(MaskCorrection).where(MaskCorrection.contribution_id == contribution.id).order_by("hidden_as")
        )
        assert [(row.words, row.hidden_as) for row in rows] == [
            ("theo thijssen", "persoon"),
            ("Volgens Oortgiese", None),
        ]


async def test_a_longer_name_becomes_readable_and_what_was_hidden_of_it_stays_hidden_elsewhere(
    database: Database, contribute: Contribute, hide: Correct, show: Correct
) -> None:
    contribution = await contribute(text="Volgens Oortgiese mag het. Ineke Oortgiese beslist.")
    await hide(contribution)
    assert await read(database, contribution) == "Volgens [naam] mag het. [naam] beslist."
    await show(contribution, words="Ineke Oortgiese")
    assert await read(database, contribution) == "Volgens [naam] mag het. Ineke Oortgiese beslist."
    await hide(contribution)
    assert await read(database, contribution) == "Volgens [naam] mag het. Ineke [naam] beslist."


async def test_in_what_was_cut_loose_a_missed_name_goes_for_good(
    database: Database, contribute: Contribute, hide: Correct, clerk: Clerk, now: datetime
) -> None:
    """No text but the masked one is kept of it, so hiding does not bring one back."""
    contribution = await contribute(text=SAID)
    await add(database, contribution, "Vraag Oortgiese maar.", now)
    async with database.session(UTRECHT) as session:
        about = {"municipality_code": UTRECHT, "contribution_id": contribution.id, "clerk": clerk, "now": now}
        await contributions.change_status(session, status="in_behandeling", **about)
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_data.erase(session, resident_id=contribution.resident_id, now=now)
    assert await stored(database, contribution) == [(MASKED, MASKED), ("Vraag Oortgiese maar.",) * 2]
    await hide(contribution)
    assert await stored(database, contribution) == [(HIDDEN, HIDDEN), ("Vraag [naam] maar.",) * 2]
    async with database.session(UTRECHT) as session:
        assert await mask_decisions.corrections(session, contribution.id) == []


async def test_of_what_the_desk_entered_all_words_are_kept_when_some_are_hidden(
    database: Database, hide: Correct, clerk: Clerk, now: datetime
) -> None:
    """It has no resident either, and was not cut loose from one."""
    told, sealer = Told(text=SAID, channel="telefoon", received_on=now.date()), Sealer("sleutel", purpose=SEALED_FOR)
    about = {"municipality_code": UTRECHT, "submission": uuid.uuid4(), "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        contribution = await on_behalf.enter(session, told=told, sealer=sealer, **about)
    await hide(contribution)
    assert await stored(database, contribution) == [(SAID, HIDDEN)]


async def stored(database: Database, contribution: Contribution) -> list[tuple[str, str]]:
    """Each text of the resident, whole and as the desk reads it."""
    async with database.session(UTRECHT) as session:
        found = [await session.get_one(Contribution, contribution.id)]
        entries = select(ContributionEntry).where(ContributionEntry.contribution_id == contribution.id)
        return [(one.text, one.readable_text) for one in (*found, *await session.scalars(entries))]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"words": " . "}, TextMissing),
        ({"words": "x" * 201}, TextTooLong),
        ({"kind": "geheim"}, MaskKindUnknown),
        ({"words": "Pietersen"}, WordsNotReadable),
        ({"words": "Oortgies"}, WordsNotReadable),
        ({"words": "Theo Thijssen"}, WordsNotReadable),
        ({"municipality_code": AMERSFOORT}, ContributionUnknown),
    ],
)
async def test_what_can_not_be_hidden_changes_nothing(
    database: Database, contribute: Contribute, hide: Correct, changed: dict[str, str], error: type[Exception]
) -> None:
    contribution = await contribute(text=SAID)
    with pytest.raises(error):
        await hide(contribution, **changed)
    assert await read(database, contribution) == MASKED
    assert await logged(database, contribution.id, "inbreng.verborgen") == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"reason": "x" * 501}, ReasonTooLong),
        ({"words": "Thijssen"}, WordsNotHidden),
        ({"words": ""}, WordsNotHidden),
        ({"words": "Oortgiese"}, WordsNotHidden),
        ({"municipality_code": AMERSFOORT}, ContributionUnknown),
        ({"words": "06-24681357", "lesson": "plaats"}, LessonNotAllowed),
        ({"words": "06-24681357", "lesson": "ambt"}, LessonNotAllowed),
        ({"lesson": "vriend"}, LessonNotAllowed),
    ],
)
async def test_what_can_not_be_shown_changes_nothing(
    database: Database, contribute: Contribute, show: Correct, changed: dict[str, str], error: type[Exception]
) -> None:
    contribution = await contribute(text=SAID)
    with pytest.raises(error):
        await show(contribution, **changed)
    assert await read(database, contribution) == MASKED
    assert await logged(database, contribution.id, "inbreng.leesbaar") == []


async def test_a_number_is_shown_in_this_contribution_only(
    database: Database, contribute: Contribute, show: Correct
) -> None:
    contribution = await contribute(text=SAID)
    await show(contribution, words="06-24681357", reason="Het is het nummer van de school.")
    assert await read(database, contribution) == MASKED.replace("[telefoonnummer]", "06-24681357")
    assert await read(database, await contribute(text=SAID)) == MASKED


async def test_what_was_made_of_the_text_follows(
    database: Database, contribute: Contribute, hide: Correct, clerk: Clerk, now: datetime
) -> None:
    """The words by which it is found, its place, its likeness, its near copies, its subject, and drafts of papers."""
    contribution = await contribute(text=f"{SAID} In Overvecht.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        row = await session.get_one(Contribution, contribution.id)
        assert await alike.remember(session, row)
        await subjects.keep(session, municipality_code=UTRECHT, found=[("stoep", [row.id])], texts=1, now=now)
        while await checking.check_waiting(session, now=now):
            pass
        while await placing.place_waiting(session):
            pass
        paper = {"kind": "stukken", "scope": {}, "found": {}, "state": "klaar", "done": 100}
        edit = {"weg": False, "onderwerp": "De stoep van Oortgiese", "voorstel": "Bel oortgiese"}
        draft = ReportDraft(
            municipality_code=UTRECHT,
            edits={"stukken": {str(row.id): edit}},
            made_by=clerk.id,
            made_at=now,
            changed_at=now,
            **paper,
        )
        session.add(draft)
    before = await made_of(database, contribution)
    assert (before["words"] & {"oortgies", "stoep"}, before["place"]) == ({"oortgies", "stoep"}, "Overvecht")
    assert (before["likeness"], before["subject"], before["asked"]) == (True, True, False)
    await hide(contribution)
    after = await made_of(database, contribution)
    assert after["words"] == before["words"] - {"oortgies"}
    assert (after["likeness"], after["subject"], after["asked"], after["is_placed"]) == (False, False, True, False)
    assert after["signature"] != before["signature"]
    async with database.session(UTRECHT) as session:
        kept = (await session.get_one(ReportDraft, draft.id)).edits["stukken"][str(contribution.id)]
    assert kept == {"weg": False, "onderwerp": "De stoep van [naam]", "voorstel": "Bel [naam]"}


async def made_of(database: Database, contribution: Contribution) -> dict[str, Any]:
    async with database.session(UTRECHT) as session:
        found = await session.scalars(select(WorklistWord.word).where(WorklistWord.contribution_id == contribution.id))
        item = await session.get_one(WorklistItem, contribution.id)
        check = await session.get_one(ContributionCheck, contribution.id)
        last = await subjects.last_round(session, municipality_code=UTRECHT)
        return {
            "words": set(found),
            "place": item.place,
            "is_placed": item.is_placed,
            "likeness": await session.get(ContributionLikeness, contribution.id) is not None,
            "subject": await session.get(SubjectMember, contribution.id) is not None,
            "asked": bool(last and last.asked_at),
            "signature": check.signature,
        }


async def test_an_addition_that_comes_in_while_something_is_hidden_stays_hidden_until_it_is_masked_by_that(
    database: Database, contribute: Contribute, hide: Correct, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contribution = await contribute(text=SAID)
    lock = statuses.lock

    async def after_the_clerk(*given: Any, **named: Any) -> statuses.Locked:
        monkeypatch.setattr(statuses, "lock", lock)
        await hide(contribution)
        return await lock(*given, **named)

    monkeypatch.setattr(statuses, "lock", after_the_clerk)
    assert await add(database, contribution, "Oortgiese lacht.", now) == NOT_YET_READABLE
    async with database.session(EVERY_MUNICIPALITY) as session:
        await masking.mask_waiting_additions(session, now=now)
        entries = await session.scalars(
            select(ContributionEntry).where(ContributionEntry.contribution_id == contribution.id)
        )
        assert [entry.readable_text for entry in entries] == ["[naam] lacht."]


async def test_the_words_of_a_correction_and_the_reasons_go_with_what_the_resident_withdraws(
    database: Database, contribute: Contribute, hide: Correct, show: Correct, clerk: Clerk, now: datetime
) -> None:
    """That a clerk read it all and showed a piece is still in the log."""
    contribution = await contribute(text=SAID)
    await hide(contribution)
    await give_reasons(database, contribution, show, clerk, now)
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert len(await mask_decisions.corrections(session, contribution.id)) == 2
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=now
        )
        assert await mask_decisions.corrections(session, contribution.id) == []
    assert await reasons(database, contribution) == [None, None]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Theo Thijssen is dicht.", ["Omdat Oortgiese belde.", "Dat is een school."]),
        ("De stoep is stuk.", [None, None]),
    ],
)
async def test_the_reasons_go_when_other_words_no_longer_say_what_was_corrected(
    database: Database,
    contribute: Contribute,
    show: Correct,
    clerk: Clerk,
    now: datetime,
    said: str,
    left: list[str | None],
) -> None:
    contribution = await contribute(text=SAID)
    await give_reasons(database, contribution, show, clerk, now)
    assert contribution.resident_id
    about = {"resident_id": contribution.resident_id, "contribution_id": contribution.id}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await rewording.reword(session, text=said, seen=None, now=now, **about)
    assert await reasons(database, contribution) == left


async def give_reasons(
    database: Database, contribution: Contribution, show: Correct, clerk: Clerk, now: datetime
) -> None:
    """Read it all, and show a piece."""
    about = {"municipality_code": UTRECHT, "contribution_id": contribution.id, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        await masking.reveal_original(session, reason="Omdat Oortgiese belde.", **about)
    await show(contribution)
    assert await reasons(database, contribution) == ["Omdat Oortgiese belde.", "Dat is een school."]


async def reasons(database: Database, contribution: Contribution) -> list[str | None]:
    """What the log still has of the reasons to read it all and to show a piece, in that order."""
    actions = ("inbreng.origineel", "inbreng.leesbaar")
    return [words for action in actions for _, _, words in await logged(database, contribution.id, action)]


async def test_corrections_hold_for_other_words_in_its_place_as_long_as_these_say_the_same(
    database: Database, contribute: Contribute, hide: Correct, show: Correct, now: datetime
) -> None:
    contribution = await contribute(text=SAID)
    await hide(contribution)
    await show(contribution)
    assert contribution.resident_id
    about = {"resident_id": contribution.resident_id, "contribution_id": contribution.id}
    seen = None
    for said, read_at_desk, kept in (
        ("Oortgiese sloopte de stoep.", "[naam] sloopte de stoep.", ["Oortgiese"]),
        ("De stoep is stuk.", "De stoep is stuk.", []),
    ):
        async with database.session(EVERY_MUNICIPALITY) as session:
            changed = await rewording.reword(session, text=said, seen=seen, now=now, **about)
            corrections = await mask_decisions.corrections(session, contribution.id)
        seen = changed.changed_at
        assert (changed.readable_text, [one.words for one in corrections]) == (read_at_desk, kept)


@pytest.mark.usefixtures("nothing_taught")
async def test_what_was_taught_stays_readable_in_later_texts_of_this_municipality_until_it_is_forgotten(
    database: Database, contribute: Contribute, show: Correct, clerk: Clerk, now: datetime
) -> None:
    earlier, corrected = await contribute(text=SAID), await contribute(text=SAID)
    await show(corrected, lesson="plaats")
    later, elsewhere = await contribute(text=SAID), await contribute(text=SAID, code=AMERSFOORT)
    assert [await read(database, one) for one in (earlier, corrected, later)] == [MASKED, SHOWN, SHOWN]
    async with database.session(AMERSFOORT) as session:
        assert (await session.get_one(Contribution, elsewhere.id)).readable_text == MASKED
        assert await mask_lessons.all_of(session, municipality_code=AMERSFOORT) == []
    about = {"clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        [lesson] = await mask_lessons.all_of(session, municipality_code=UTRECHT)
    assert (lesson.words, lesson.kind, lesson.who, lesson.at) == ("Theo Thijssen", "plaats", clerk.name, now)
    assert await logged(database, lesson.id, "masker.geleerd") == [(clerk.id, {"soort": "plaats"}, None)]
    for code in (AMERSFOORT, UTRECHT):
        async with database.session(code) as session:
            forgetting = mask_lessons.forget(session, municipality_code=code, lesson_id=lesson.id, **about)
            if code == UTRECHT:
                await forgetting
                continue
            with pytest.raises(LessonUnknown):
                await forgetting
    assert await logged(database, lesson.id, "masker.vergeten") == [(clerk.id, {"soort": "plaats"}, None)]
    assert [await read(database, one) for one in (later, await contribute(text=SAID))] == [SHOWN, MASKED]


@pytest.mark.usefixtures("nothing_taught")
@pytest.mark.parametrize(
    ("words", "kind", "masked_as", "allowed"),
    [
        ("Marie Dijkstra", "ambt", {"persoon"}, True),
        ("Kwibushof", "plaats", {"persoon"}, True),
        ("Markt 1", "plaats", {"adres"}, True),
        ("Markt 1", "ambt", {"adres"}, False),
        ("Dijkstra", "ambt", {"persoon"}, False),
        ("de Vries", "plaats", {"persoon"}, False),
        ("Sanne", "plaats", {"persoon"}, False),
        ("Markt 1", "plaats", {"adres", "postcode"}, False),
        ("12-ABC-3", "plaats", {"kenteken"}, False),
    ],
)
async def test_a_name_that_can_be_anyones_and_a_number_are_not_taught(
    database: Database, clerk: Clerk, now: datetime, words: str, kind: str, masked_as: set[str], allowed: bool
) -> None:
    about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        teaching = mask_lessons.teach(session, words=words, kind=kind, masked_as=masked_as, **about)
        if allowed:
            await teaching
        else:
            with pytest.raises(LessonNotAllowed):
                await teaching
        taught = await mask_lessons.all_of(session, municipality_code=UTRECHT)
    assert [lesson.words for lesson in taught] == [words] * allowed
