"""How a municipality's own answer comes about: a draft, a second pair of eyes, in force, and back again.

The table of drafts holds one text a topic. What is in force is a row of `answer_override`, which every process reads at
each question; every text that was in force stays in `answer_version`.
"""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content, roles
from participation.answer_faults import (
    DraftChanged,
    DraftMissing,
    FieldsFaulty,
    NoteMissing,
    SecondPersonNeeded,
    TopicUnknown,
    VersionUnknown,
)
from participation.council.records import web_address
from participation.dates import AMSTERDAM
from participation.language.readability import words
from participation.models import AnswerDraft, AnswerOverride, AnswerVersion, Clerk, ClerkRole
from participation.models.answers import DRAFT, IN_REVIEW
from participation.services import audit, offer_uses
from participation.services.answers import OwnText, own_text, slot_fault

MOST_WORDS = {"short": 60, "more": 150}
"""The same as for the national texts."""

LONGEST = {"short": 1000, "more": 2500, "source_name": 120}
"""Characters."""

NUMBER_TO_CALL = {"noodgeval": "112", "persoonlijke_nood": "113"}
"""Topics whose short text may change, but not lose its number."""

PUBLISHING_ROLES = roles.with_right(roles.MANAGE)


@dataclass(frozen=True)
class Written:
    """All that exists of one topic in one municipality; the newest version comes first."""

    answer: content.Answer
    live: AnswerOverride | None
    draft: AnswerDraft | None
    versions: list[AnswerVersion]


async def of_topic(session: AsyncSession, *, municipality_code: str, topic: str) -> Written:
    """Return what there is of a topic.

    Raises:
        TopicUnknown: the library has no such topic.
    """
    answer = content.answers().get(topic)
    if answer is None:
        raise TopicUnknown(topic)
    key = (municipality_code, topic)
    versions = await session.scalars(
        select(AnswerVersion)
        .where(AnswerVersion.municipality_code == municipality_code, AnswerVersion.topic == topic)
        .order_by(AnswerVersion.number.desc())
    )
    return Written(answer, await session.get(AnswerOverride, key), await session.get(AnswerDraft, key), list(versions))


def faults_of(text: OwnText, *, topic: str, complete: bool, today: date) -> dict[str, str]:
    """Return a code for each field that can not be kept; `complete` asks for what residents need as well."""
    faults = {}
    for field, value in (("more", text.more or ""), ("short", text.short)):
        if len(words(value)) > MOST_WORDS[field] or len(value) > LONGEST[field]:
            faults[field] = "te_lang"
        elif wrong := slot_fault(value):
            faults[field] = wrong
    if topic in NUMBER_TO_CALL and not re.search(rf"\b{NUMBER_TO_CALL[topic]}\b", text.short):
        faults["short"] = "nummer"
    if not text.short:
        faults["short"] = "leeg"
    if len(text.source_name) > LONGEST["source_name"]:
        faults["source_name"] = "te_lang"
    if text.source_url and web_address(text.source_url) is None:
        faults["source_url"] = "adres"
    if complete:
        faults |= {field: "leeg" for field in ("source_name", "source_url") if not getattr(text, field)}
    if text.checked_on > today:
        faults["checked_on"] = "toekomst"
    return faults


async def save(
    session: AsyncSession,
    *,
    municipality_code: str,
    topic: str,
    text: OwnText,
    revision: int,
    for_review: bool,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Keep a draft, and put it up for review when it is ready. Residents see nothing of it.

    However much it is changed, it stays a text from the shared library when the draft, or what is in force, was one.

    Args:
        revision: of the draft that was on the page; 0 when there was none.

    Raises:
        TopicUnknown: the library has no such topic.
        DraftChanged: a colleague was faster; theirs stays.
        FieldsFaulty: nothing is kept.
    """
    draft = await _draft(session, municipality_code, topic, revision)
    faults = faults_of(text, topic=topic, complete=for_review, today=_day(now))
    if faults:
        raise FieldsFaulty(faults)
    if text.offer_id is None:
        live = await session.get(AnswerOverride, (municipality_code, topic))
        began_with = draft or live
        if began_with is not None:
            text = replace(text, offer_id=began_with.offer_id, offer_number=began_with.offer_number)
    state = IN_REVIEW if for_review else DRAFT
    kept: dict[str, Any] = asdict(text) | {"state": state, "revision": revision + 1, "edited_by": clerk.id}
    if draft is None:
        session.add(AnswerDraft(municipality_code=municipality_code, topic=topic, edited_at=now, **kept))
    else:
        for field, value in (kept | {"edited_at": now}).items():
            setattr(draft, field, value)
    await _record(session, "voorgelegd" if for_review else "bewaard", municipality_code, topic, clerk, now)


async def send_back(
    session: AsyncSession, *, municipality_code: str, topic: str, revision: int, clerk: Clerk, now: datetime
) -> None:
    """Make what is up for review a draft again. The writer stays the last editor.

    Raises:
        TopicUnknown, DraftChanged: as for `save`.
        DraftMissing: nothing is up for review.
    """
    draft = await _draft(session, municipality_code, topic, revision)
    if draft is None or draft.state != IN_REVIEW:
        raise DraftMissing
    draft.state, draft.revision = DRAFT, draft.revision + 1
    await _record(session, "teruggegeven", municipality_code, topic, clerk, now)


async def discard(
    session: AsyncSession, *, municipality_code: str, topic: str, revision: int, clerk: Clerk, now: datetime
) -> None:
    """Throw the draft away; what is in force stays.

    Raises:
        TopicUnknown, DraftChanged: as for `save`.
        DraftMissing: there is no draft.
    """
    draft = await _draft(session, municipality_code, topic, revision)
    if draft is None:
        raise DraftMissing
    await session.delete(draft)
    await _record(session, "weggegooid", municipality_code, topic, clerk, now)


async def publish(
    session: AsyncSession,
    *,
    municipality_code: str,
    topic: str,
    revision: int,
    note: str,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Put what is up for review in force, by another person than who edited it last.

    Where only one person can publish there is nobody else to ask: they may, and write down how they checked it.

    Raises:
        TopicUnknown, DraftChanged: as for `save`.
        DraftMissing: nothing is up for review.
        SecondPersonNeeded, NoteMissing, FieldsFaulty: nothing is published.
    """
    draft = await _draft(session, municipality_code, topic, revision)
    if draft is None or draft.state != IN_REVIEW:
        raise DraftMissing
    text = own_text(draft)
    faults = faults_of(text, topic=topic, complete=True, today=_day(now))
    if faults:
        raise FieldsFaulty(faults)
    alone = draft.edited_by == clerk.id
    if alone and await publishers(session, municipality_code=municipality_code) > 1:
        raise SecondPersonNeeded
    note = " ".join(note.split())[:500]
    if alone and not note:
        raise NoteMissing
    number = await _put_in_force(
        session,
        municipality_code=municipality_code,
        topic=topic,
        text=text,
        clerk=clerk,
        now=now,
        written_by=draft.edited_by,
        note=note if alone else None,
    )
    await session.delete(draft)
    details: dict[str, Any] = {"versie": number} | ({"alleen": True, "toelichting": note} if alone else {})
    await _record(session, "gepubliceerd", municipality_code, topic, clerk, now, details)


async def restore(
    session: AsyncSession, *, municipality_code: str, topic: str, number: int | None, clerk: Clerk, now: datetime
) -> None:
    """Put an earlier version in force again, with its own source and date, or the national text when it is none.

    Nobody else has to look: a text that was in force has been checked, and a mistake has to go quickly.

    Raises:
        TopicUnknown: the library has no such topic.
        VersionUnknown: there is no such text.
    """
    await _lock(session, municipality_code, topic)
    written = await of_topic(session, municipality_code=municipality_code, topic=topic)
    if number is None:
        if written.live is None:
            return
        text, writer = None, None
    else:
        version = next((one for one in written.versions if one.number == number), None)
        text, writer = (_text_of(version), version.written_by) if version else (None, None)
        if text is None:
            raise VersionUnknown(number)
    new = await _put_in_force(
        session,
        municipality_code=municipality_code,
        topic=topic,
        text=text,
        clerk=clerk,
        now=now,
        written_by=writer,
        restored_from=number,
    )
    await _record(session, "teruggezet", municipality_code, topic, clerk, now, {"versie": new, "van": number})


async def publishers(session: AsyncSession, *, municipality_code: str) -> int:
    """How many people can publish here."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(ClerkRole)
            .where(ClerkRole.municipality_code == municipality_code, ClerkRole.role.in_(PUBLISHING_ROLES))
        )
        or 0
    )


async def _put_in_force(
    session: AsyncSession,
    *,
    municipality_code: str,
    topic: str,
    text: OwnText | None,
    clerk: Clerk,
    now: datetime,
    **about: Any,
) -> int:
    highest = await session.scalar(
        select(func.max(AnswerVersion.number)).where(
            AnswerVersion.municipality_code == municipality_code, AnswerVersion.topic == topic
        )
    )
    number = (highest or 0) + 1
    kept: dict[str, Any] = asdict(text) if text else {}
    whose: dict[str, Any] = {"municipality_code": municipality_code, "topic": topic, "published_at": now}
    session.add(AnswerVersion(number=number, published_by=clerk.id, **kept, **whose, **about))
    live = await session.get(AnswerOverride, (municipality_code, topic))
    await offer_uses.change(
        session,
        municipality_code=municipality_code,
        before=live.offer_id if live else None,
        after=offer_uses.taken_over(text),
        now=now,
    )
    if text:
        await session.merge(AnswerOverride(published_by=clerk.email, **kept, **whose))
    elif live:
        await session.delete(live)
    return number


async def _draft(session: AsyncSession, municipality_code: str, topic: str, revision: int) -> AnswerDraft | None:
    """The draft that was on the page; nobody else changes it in this transaction."""
    if topic not in content.answers():
        raise TopicUnknown(topic)
    await _lock(session, municipality_code, topic)
    draft = await session.get(AnswerDraft, (municipality_code, topic), populate_existing=True)
    if (draft.revision if draft else 0) != revision:
        raise DraftChanged
    return draft


async def _lock(session: AsyncSession, municipality_code: str, topic: str) -> None:
    """One change of a topic at a time, also when there is no row yet to lock."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"antwoord {municipality_code} {topic}"))))


def _text_of(version: AnswerVersion) -> OwnText | None:
    if version.short is None or version.checked_on is None:
        return None
    return OwnText(
        version.short,
        version.more,
        version.source_name or "",
        version.source_url or "",
        version.checked_on,
        version.offer_id,
        version.offer_number,
    )


def _day(now: datetime) -> date:
    return now.astimezone(AMSTERDAM).date()


async def _record(
    session: AsyncSession,
    what: str,
    municipality_code: str,
    topic: str,
    clerk: Clerk,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    await audit.record(
        session,
        action=f"antwoord.{what}",
        clerk=clerk,
        municipality_code=municipality_code,
        record=topic,
        details=details,
        now=now,
    )
