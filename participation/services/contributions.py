"""Contributions: logging what a resident confirmed, and handling it at the desk."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM
from participation.errors import (
    ChatGone,
    ContributionUnknown,
    DispositionMissing,
    DraftIncomplete,
    TextMissing,
    TextTooLong,
    TransitionNotAllowed,
)
from participation.models import Clerk, Contribution, ContributionEntry, ContributionStatus, Municipality
from participation.services import assigning, audit, dispositions, mask_decisions, masking, statuses
from participation.services.lifecycle import (
    CLOSING,
    DISPOSITION,
    GRIFFIE,
    IN_FORM,
    MEETING,
    NOT_TAKEN_UP,
    RECIPIENT,
    TEXT,
)
from participation.services.references import next_reference
from participation.services.seen import Seen, refuse_other_status, refuse_other_words
from participation.services.statuses import Destination
from participation.text_fields import refuse_open_fields

MAX_REPLY_CHARACTERS = 4000
"""A reply fits in one Telegram message (4096) with its heading."""


@dataclass(frozen=True)
class Draft:
    """What a resident has told so far; `id` stays the same through repeated confirmations.

    Without a resident and a conversation the desk entered it for somebody.
    """

    id: uuid.UUID
    text: str
    resident_id: uuid.UUID | None
    conversation_id: uuid.UUID | None
    channel: str


@dataclass(frozen=True)
class ContributionRow:
    """One line of the work list."""

    contribution: Contribution
    status: str


@dataclass(frozen=True)
class ContributionDetail:
    """A contribution with all that happened to it, oldest first."""

    contribution: Contribution
    statuses: Sequence[ContributionStatus]
    entries: Sequence[ContributionEntry]

    @property
    def status(self) -> str:
        """The status in force."""
        return self.statuses[-1].status


async def log_contribution(
    session: AsyncSession, *, municipality_code: str | None, draft: Draft, now: datetime
) -> Contribution:
    """Store what the resident confirmed, before anyone tells them so.

    Masking happens here and not at display: what the desk can read must not depend on which page asks. It comes before
    the transaction takes its locks, and when it fails the text is hidden and logged all the same.
    Asking twice with one draft (a repeated button press, a retried delivery) returns the first contribution.

    Raises:
        DraftIncomplete: text or municipality is missing.
    """
    text = draft.text.strip()
    if not text or not municipality_code or await session.get(Municipality, municipality_code) is None:
        raise DraftIncomplete
    taught = await mask_decisions.of_municipality(session, municipality_code)
    for_desk = await masking.readable(text, decisions=taught, now=now)
    # Two confirmations at the same moment: the second waits here until the first has committed.
    await session.execute(select(func.pg_advisory_xact_lock(draft.id.int % 2**63)))
    existing = await session.scalar(select(Contribution).where(Contribution.draft == draft.id))
    if existing is not None:
        return existing
    contribution = Contribution(
        id=uuid.uuid4(),
        reference=await next_reference(session, year=now.astimezone(AMSTERDAM).year),
        municipality_code=municipality_code,
        resident_id=draft.resident_id,
        conversation_id=draft.conversation_id,
        draft=draft.id,
        text=text,
        masked_text=for_desk.text,
        masked_at=for_desk.at,
        channel=draft.channel,
        created_at=now,
    )
    session.add(contribution)
    await session.flush()
    session.add(
        ContributionStatus(
            contribution_id=contribution.id,
            municipality_code=municipality_code,
            number=1,
            status="ontvangen",
            created_at=now,
        )
    )
    await session.flush()
    return contribution


async def of_draft(session: AsyncSession, *, resident_id: uuid.UUID, draft_id: uuid.UUID) -> Contribution | None:
    """Return the resident's contribution that came from this draft, if there is one."""
    return await session.scalar(
        select(Contribution).where(Contribution.draft == draft_id, Contribution.resident_id == resident_id)
    )


def latest_status() -> Select[uuid.UUID, str]:
    """Select each contribution's id with its status in force."""
    return (
        select(ContributionStatus.contribution_id, ContributionStatus.status)
        .ext(distinct_on(ContributionStatus.contribution_id))
        .order_by(ContributionStatus.contribution_id, ContributionStatus.number.desc())
    )


async def find_contribution(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID
) -> ContributionDetail:
    """Return one contribution of this municipality.

    Raises:
        ContributionUnknown: it does not exist or belongs to another municipality; the caller can not tell which.
    """
    contribution = await _find(session, municipality_code, contribution_id)
    statuses = await session.scalars(
        select(ContributionStatus)
        .where(ContributionStatus.contribution_id == contribution_id)
        .order_by(ContributionStatus.number)
    )
    entries = await session.scalars(
        select(ContributionEntry)
        .where(ContributionEntry.contribution_id == contribution_id)
        .order_by(ContributionEntry.created_at, ContributionEntry.id)
    )
    return ContributionDetail(contribution, statuses.all(), entries.all())


async def _find(session: AsyncSession, municipality_code: str, contribution_id: uuid.UUID) -> Contribution:
    contribution = await session.scalar(
        select(Contribution).where(
            Contribution.id == contribution_id, Contribution.municipality_code == municipality_code
        )
    )
    if contribution is None:
        raise ContributionUnknown
    return contribution


async def change_status(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    status: str,
    clerk: Clerk,
    now: datetime,
    reason: str | None = None,
    disposition: str | None = None,
    to: Destination | None = None,
    seen: Seen | None = None,
) -> ContributionStatus:
    """Give a contribution another status; what closes it is told to the resident.

    Sending the same form twice changes nothing and returns the row of the first time. That a colleague gave the same
    status with other words is not the same: what this clerk wrote then reaches nobody, and they have to know.

    Args:
        disposition: the key of what the municipality did with it; a closing as handled needs one.
        to: where it goes; what is passed on needs one, see `passing_on`.
        seen: what the clerk had read.

    Raises:
        ContributionUnknown: not in this municipality.
        TransitionNotAllowed: the status table forbids it or asks for more than this, an explanation is missing, or a
            colleague was first.
        ChangedMeanwhile: the resident has changed the words since.
        DispositionMissing, DispositionUnknown: what was done with it is not said, or not offered here.
        DestinationMissing: where it goes is not said.
        TextTooLong: the explanation does not fit in a chat.
        FieldOpen: what the resident would read is not complete.
    """
    found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
    if found.status == status and found.given_by(clerk, reason=reason, disposition=disposition, to=to):
        return found.last
    refuse_other_words(found, seen)
    refuse_other_status(found, seen)
    change = statuses.allowed(found, status, by=GRIFFIE)
    if change.needs not in {*IN_FORM, RECIPIENT, MEETING}:
        raise TransitionNotAllowed
    text = (reason or "").strip()
    if change.needs == DISPOSITION and text:
        if not disposition:
            raise DispositionMissing
        way = await dispositions.find(session, municipality_code=municipality_code, key=disposition)
        text = f"{way.words}\n\n{text}"
    tells = change.told == TEXT and bool(text)
    if tells and len(text) > MAX_REPLY_CHARACTERS:
        raise TextTooLong
    if tells:
        refuse_open_fields(text)
    row = await statuses.advance(
        session, found, status, by=GRIFFIE, clerk=clerk, now=now, reason=reason, disposition=disposition, to=to
    )
    if tells and found.contribution.conversation_id is not None:
        session.add(_text_of(found.contribution, clerk, text, submission=uuid.uuid4(), now=now))
        await session.flush()
    return row


async def reply(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    text: str,
    clerk: Clerk,
    submission: uuid.UUID,
    now: datetime,
    seen: Seen | None = None,
) -> ContributionEntry:
    """Write a text to the resident; the worker delivers it in the chat it came from.

    Who answers what nobody had taken up or has, takes it up and has it from then on: it waits for nobody else.
    `submission` is the random id of the form: sending the form twice writes one text. `seen` is what the clerk had
    read.

    Raises:
        ContributionUnknown: not in this municipality.
        TextMissing, TextTooLong, FieldOpen: nothing was written.
        ChangedMeanwhile: the resident has changed the words since.
        ChatGone: no text can arrive any more.
    """
    text = text.strip()
    if not text:
        raise TextMissing
    if len(text) > MAX_REPLY_CHARACTERS:
        raise TextTooLong
    refuse_open_fields(text)
    found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
    existing = await session.scalar(select(ContributionEntry).where(ContributionEntry.submission == submission))
    if existing is not None:
        return existing
    refuse_other_words(found, seen)
    contribution = found.contribution
    if contribution.conversation_id is None:
        raise ChatGone
    if found.status in NOT_TAKEN_UP:
        await statuses.advance(session, found, "in_behandeling", by=GRIFFIE, clerk=clerk, now=now)
    if found.status not in CLOSING:
        await assigning.take_on(session, contribution=contribution, clerk=clerk, now=now)
    entry = _text_of(contribution, clerk, text, submission=submission, now=now)
    session.add(entry)
    await audit.record(
        session,
        action="inbreng.antwoord",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"tekens": len(text)},
        now=now,
    )
    await session.flush()
    return entry


def _text_of(
    contribution: Contribution, clerk: Clerk, text: str, *, submission: uuid.UUID, now: datetime
) -> ContributionEntry:
    return ContributionEntry(
        id=uuid.uuid4(),
        contribution_id=contribution.id,
        municipality_code=contribution.municipality_code,
        clerk_id=clerk.id,
        submission=submission,
        kind="antwoord",
        text=text,
        created_at=now,
    )


async def undelivered(session: AsyncSession, *, contribution_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the texts of one contribution that its chat does not have yet, oldest first."""
    found = await session.scalars(
        select(ContributionEntry.id)
        .where(ContributionEntry.contribution_id == contribution_id, ContributionEntry.delivered_at.is_(None))
        .order_by(ContributionEntry.created_at, ContributionEntry.id)
    )
    return found.all()
