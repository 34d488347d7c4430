"""Correcting a mask: what was hidden for nothing becomes readable for all at the desk, what was missed gets hidden.

A correction holds for one contribution and for all that its resident adds to it. What was made of the text before
follows: the worker makes by what it is compared anew, and the database the words by which it is found.
"""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import (
    MaskKindUnknown,
    ReasonMissing,
    ReasonTooLong,
    TextMissing,
    TextTooLong,
    WordsNotHidden,
    WordsNotReadable,
)
from participation.insight import subjects
from participation.language import near_copies
from participation.models import (
    Clerk,
    Contribution,
    ContributionCheck,
    ContributionEntry,
    ContributionIntake,
    MaskCorrection,
)
from participation.models.contribution import FROM_RESIDENT, WITHDRAWN
from participation.privacy import report_edits
from participation.privacy.masking import found, with_marks
from participation.privacy.masking_decisions import Decisions, decided, places_of
from participation.privacy.masking_spans import MARKS, Span
from participation.privacy.word_patterns import key_of
from participation.services import audit, mask_decisions, mask_lessons, statuses
from participation.services.masking import MAX_REASON_CHARACTERS

MAX_WORDS_CHARACTERS = 200

Text = Contribution | ContributionEntry


async def pieces(session: AsyncSession, *, contribution_id: uuid.UUID, text: str) -> Sequence[tuple[str, str]]:
    """Return what is hidden in a text that was revealed: the words and the kind of each piece, once."""
    decisions = await mask_decisions.of_contribution(session, contribution_id)
    spans = decided(text, await asyncio.to_thread(found, text), decisions)
    return list({key_of(text[start:end]): (text[start:end], kind) for start, end, kind in spans}.values())


async def hide(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    words: str,
    kind: str,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Hide words wherever they stand in a contribution and in what was added to it.

    The words are not in the log: they are personal data, and the log is not erased with the contribution.

    Raises:
        ContributionUnknown: not in this municipality.
        TextMissing, TextTooLong, MaskKindUnknown: nothing was hidden.
        WordsNotReadable: they are not there, or hidden already.
    """
    words = " ".join(words.split())
    if not key_of(words):
        raise TextMissing
    if len(words) > MAX_WORDS_CHARACTERS:
        raise TextTooLong
    if kind not in MARKS:
        raise MaskKindUnknown
    thread = await _Thread.lock(session, municipality_code, contribution_id)
    if not any(thread.is_readable(text, place) for text in thread.texts for place in places_of(text.text, words)):
        raise WordsNotReadable
    await _put(session, thread, MaskCorrection(words=words, hidden_as=kind), clerk=clerk, now=now)
    await report_edits.hide(session, contribution_id=contribution_id, words=words, kind=kind)
    await audit.record(
        session,
        action="inbreng.verborgen",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"soort": kind},
        now=now,
    )


async def show(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    words: str,
    reason: str,
    clerk: Clerk,
    now: datetime,
    lesson: str | None = None,
) -> None:
    """Let all at the desk read a piece that was hidden, wherever it stands in a contribution and what was added to it.

    Args:
        words: all of the piece, as `pieces` gives it.
        lesson: by what the words are public, where they stay readable in all later texts of the municipality.

    Raises:
        ContributionUnknown: not in this municipality.
        ReasonMissing, ReasonTooLong: nothing was shown.
        WordsNotHidden: there is no such piece, or no longer.
        LessonNotAllowed: they may be shown here and not in later texts; nothing was shown.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if len(reason) > MAX_REASON_CHARACTERS:
        raise ReasonTooLong
    thread = await _Thread.lock(session, municipality_code, contribution_id)
    kinds = thread.kinds_of(words)
    if not kinds:
        raise WordsNotHidden
    if lesson is not None:
        await mask_lessons.teach(
            session,
            municipality_code=municipality_code,
            words=words,
            kind=lesson,
            masked_as=kinds,
            clerk=clerk,
            now=now,
        )
    await _put(session, thread, MaskCorrection(words=words, hidden_as=None), clerk=clerk, now=now)
    await audit.record(
        session,
        action="inbreng.leesbaar",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"soort": sorted(kinds)},
        words=reason,
        now=now,
    )


class _Thread:
    """The texts of a resident in one contribution, with what the rules find in them and what people decided."""

    def __init__(self, contribution: Contribution, texts: Sequence[Text], decisions: Decisions) -> None:
        self.contribution = contribution
        self.texts = texts
        self.decisions = decisions
        self._found: dict[uuid.UUID, tuple[Span, ...]] = {}

    @classmethod
    async def lock(cls, session: AsyncSession, municipality_code: str, contribution_id: uuid.UUID) -> "_Thread":
        """Read them; nobody adds a text meanwhile."""
        locked = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
        entries = await session.scalars(
            select(ContributionEntry)
            .where(ContributionEntry.contribution_id == contribution_id, ContributionEntry.kind.in_(FROM_RESIDENT))
            .with_for_update()
        )
        texts = [text for text in (locked.contribution, *entries) if text.text != WITHDRAWN]
        decisions = await mask_decisions.of_contribution(session, contribution_id)
        thread = cls(locked.contribution, texts, decisions)
        for text in texts:
            thread._found[text.id] = await asyncio.to_thread(found, text.text)
        return thread

    def spans(self, text: Text) -> tuple[Span, ...]:
        """What is masked in a text."""
        return decided(text.text, self._found[text.id], self.decisions)

    def is_readable(self, text: Text, place: tuple[int, int]) -> bool:
        """Whether anything of the words at this place can be read."""
        return not any(start <= place[0] and place[1] <= end for start, end, _ in self.spans(text))

    def kinds_of(self, words: str) -> set[str]:
        """As what the words of a masked piece are masked; empty when there is no such piece."""
        key = key_of(words)
        return {
            kind
            for text in self.texts
            for start, end, kind in self.spans(text)
            if key and key_of(text.text[start:end]) == key
        }


async def _put(
    session: AsyncSession, thread: _Thread, correction: MaskCorrection, *, clerk: Clerk, now: datetime
) -> None:
    """Keep a correction in the place of that of the same words, and mask the texts by what then holds.

    What was cut loose from its resident is kept without personal data: there the words themselves go, and with them
    the correction, which has them too.
    """
    contribution = thread.contribution
    rows = await mask_decisions.corrections(session, contribution.id)
    correction.id = uuid.uuid4()
    correction.contribution_id, correction.municipality_code = contribution.id, contribution.municipality_code
    correction.clerk_id = clerk.id
    # Who began earlier and had to wait corrected later.
    correction.created_at = max([now, *(row.created_at + timedelta.resolution for row in rows)])
    for row in rows:
        if key_of(row.words) == key_of(correction.words):
            await session.delete(row)
    session.add(correction)
    await session.flush()
    thread.decisions = await mask_decisions.of_contribution(session, contribution.id)
    is_loose = await _is_loose(session, contribution)
    for text in thread.texts:
        text.masked_text, text.masked_at = with_marks(text.text, thread.spans(text)), now
        if is_loose:
            text.text = text.masked_text
    if is_loose:
        await session.execute(delete(MaskCorrection).where(MaskCorrection.contribution_id == contribution.id))
    await session.flush()
    await _forget_what_was_made(session, contribution, now=now)


async def _is_loose(session: AsyncSession, contribution: Contribution) -> bool:
    """Whether it was cut loose from a resident who had everything erased. What the desk entered never had one."""
    if contribution.resident_id is not None or contribution.conversation_id is not None:
        return False
    return await session.get(ContributionIntake, contribution.id) is None


async def _forget_what_was_made(session: AsyncSession, contribution: Contribution, *, now: datetime) -> None:
    """Forget what was made of the text as it was masked before; the worker makes it anew."""
    await subjects.look_again(session, contribution, now=now)
    if check := await session.get(ContributionCheck, contribution.id):
        check.signature = await asyncio.to_thread(near_copies.signature, contribution.readable_text)
    await session.flush()
