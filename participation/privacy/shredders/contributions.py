"""What a resident passed on to the council, and how it was sorted."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import (
    AuditEvent,
    AuditWords,
    Contribution,
    ContributionEntry,
    ContributionNote,
    ContributionSorting,
    ContributionStatus,
    MaskCorrection,
)
from participation.models.contribution import FROM_RESIDENT
from participation.privacy.masking_decisions import Decisions
from participation.privacy.shredders.kind import Kind, Subject, delete_rows
from participation.services import audit, mask_decisions, masking, worklist
from participation.services.contributions import latest_status

logger = logging.getLogger(__name__)

ERASABLE = frozenset({"ontvangen", "geannuleerd"})
"""Statuses in which the council has done nothing with it (any more). In any other it is part of the council's work,
which the law obliges to keep (Archiefwet 1995, article 3); then only the link to the resident goes."""

NOT_READABLE = "[gewist]"
"""Stays of a text that has to lose its personal data and can not be masked."""


class Contributions(Kind):
    """The texts, their statuses, and what the griffie and the resident wrote about them later."""

    name: ClassVar[str] = "inbreng"
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            *("contribution", "contribution_status", "contribution_entry", "contribution_note", "audit_words"),
            "mask_correction",
        }
    )

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each contribution whole, with what the griffie reads of it and all that happened to it."""
        exported = []
        for row, _ in await contributions_of(session, subject):
            statuses = await session.scalars(
                select(ContributionStatus)
                .where(ContributionStatus.contribution_id == row.id)
                .order_by(ContributionStatus.number)
            )
            entries = await session.scalars(
                select(ContributionEntry)
                .where(ContributionEntry.contribution_id == row.id)
                .order_by(ContributionEntry.created_at)
            )
            notes = await session.scalars(
                select(ContributionNote)
                .where(ContributionNote.contribution_id == row.id)
                .order_by(ContributionNote.created_at)
            )
            corrections = await mask_decisions.corrections(session, row.id)
            exported.append(
                {
                    "nummer": row.reference,
                    "gemeente": row.municipality_code,
                    "kanaal": row.channel,
                    "tijd": row.created_at.isoformat(),
                    "gewijzigd": row.changed_at.isoformat() if row.changed_at else None,
                    "tekst": row.text,
                    "tekst_voor_de_griffie": row.readable_text,
                    "soort": row.kind,
                    "thema": row.theme,
                    "verloop": [
                        {
                            "status": one.status,
                            "tijd": one.created_at.isoformat(),
                            "toelichting": one.reason,
                            "afdoening": one.disposition,
                            "waarheen": one.destination,
                            "ingepland_voor": one.planned_for.isoformat() if one.planned_for else None,
                        }
                        for one in statuses
                    ],
                    "berichten": [_entry(entry) for entry in entries],
                    "notities_van_de_griffie": [
                        {"tijd": note.created_at.isoformat(), "tekst": note.text} for note in notes
                    ],
                    "redenen_om_de_hele_tekst_te_lezen": await _reasons(session, row, "inbreng.origineel"),
                    "redenen_om_iets_leesbaar_te_maken": await _reasons(session, row, "inbreng.leesbaar"),
                    "verbeterde_maskers": [_correction(one) for one in corrections],
                }
            )
        return exported

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase what the council has not taken up; cut the rest loose from the resident, without personal data."""
        rows = await contributions_of(session, subject, lock=True)
        for row, status in rows:
            if status in ERASABLE:
                await session.execute(delete(Contribution).where(Contribution.id == row.id))
            else:
                await _cut_loose(session, row, now=now)
            await audit.record(
                session,
                action="inbreng.gewist" if status in ERASABLE else "inbreng.losgemaakt",
                clerk=None,
                municipality_code=row.municipality_code,
                record=str(row.id),
                now=now,
            )
        await session.flush()
        return len(rows)


class Sorting(Kind):
    """Kind and theme that the computer or the griffie gave a contribution. They go, or stay, with its text."""

    name: ClassVar[str] = "indeling"
    tables: ClassVar[frozenset[str]] = frozenset({"contribution_sorting"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Every sorting, with who did it and how sure the computer was."""
        rows = await session.execute(
            select(ContributionSorting, Contribution.reference)
            .join(Contribution, Contribution.id == ContributionSorting.contribution_id)
            .where(Contribution.resident_id == subject.resident_id)
            .order_by(ContributionSorting.created_at)
        )
        return [
            {
                "nummer": reference,
                "tijd": row.created_at.isoformat(),
                "door": "griffie" if row.clerk_id else "computer",
                "soort": row.kind,
                "thema": row.theme,
                "kans_soort": row.kind_probability,
                "kans_thema": row.theme_probability,
            }
            for row, reference in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase what is still tied to the resident; the rest went with its contribution, or is nobody's any more."""
        theirs = select(Contribution.id).where(Contribution.resident_id == subject.resident_id)
        return await delete_rows(
            session, delete(ContributionSorting).where(ContributionSorting.contribution_id.in_(theirs))
        )


async def contributions_of(
    session: AsyncSession, subject: Subject, *, lock: bool = False
) -> Sequence[tuple[Contribution, str]]:
    """Return the resident's contributions with the status in force, oldest first.

    Args:
        lock: keep the desk from changing a status meanwhile.
    """
    query = (
        select(Contribution).where(Contribution.resident_id == subject.resident_id).order_by(Contribution.created_at)
    )
    rows = (await session.scalars(query.with_for_update() if lock else query)).all()
    # Only now: a status that the desk was giving when we had to wait for it counts.
    latest = latest_status().where(ContributionStatus.contribution_id.in_([row.id for row in rows]))
    statuses = dict((await session.execute(latest)).all())
    return [(row, statuses[row.id]) for row in rows]


async def _cut_loose(session: AsyncSession, row: Contribution, *, now: datetime) -> None:
    row.resident_id = row.conversation_id = None
    row.draft = uuid.uuid4()  # the old one stands in the conversation
    row.code_hash = None
    decisions = await mask_decisions.of_contribution(session, row.id)
    await _keep_masked(row, decisions, now=now)
    await session.execute(delete(MaskCorrection).where(MaskCorrection.contribution_id == row.id))
    await worklist.forget_name(session, contribution_id=row.id)
    # What the griffie wrote for itself may name the resident, and nobody has masked it.
    await session.execute(delete(ContributionNote).where(ContributionNote.contribution_id == row.id))
    await session.execute(delete(AuditWords).where(AuditWords.contribution_id == row.id))
    additions = await session.scalars(
        select(ContributionEntry).where(
            ContributionEntry.contribution_id == row.id, ContributionEntry.kind.in_(FROM_RESIDENT)
        )
    )
    for addition in additions:
        await _keep_masked(addition, decisions, now=now)


async def _keep_masked(row: Contribution | ContributionEntry, decisions: Decisions, *, now: datetime) -> None:
    """What a clerk let all read may be the resident's own data, and is masked again."""
    if row.masked_at is None or decisions.hiding != decisions.corrections:
        row.masked_text = await _masked(row.text, replace(decisions, corrections=decisions.hiding))
    row.masked_at = row.masked_at or now
    row.text = row.masked_text or NOT_READABLE


async def _masked(text: str, decisions: Decisions) -> str:
    try:
        return await masking.masked(text, decisions)
    except Exception:  # whatever is wrong with masking, what has to go goes
        logger.exception("A text could not be masked and is erased")
        return NOT_READABLE


async def _reasons(session: AsyncSession, row: Contribution, action: str) -> list[dict[str, str]]:
    reasons = await session.execute(
        select(AuditEvent.created_at, AuditWords.text)
        .join(AuditWords, AuditWords.event_id == AuditEvent.id)
        .where(AuditWords.contribution_id == row.id, AuditEvent.action == action)
        .order_by(AuditEvent.id)
    )
    return [{"tijd": at.isoformat(), "tekst": reason} for at, reason in reasons]


def _correction(row: MaskCorrection) -> dict[str, Any]:
    return {
        "tijd": row.created_at.isoformat(),
        "woorden": row.words,
        "gedaan": "verborgen" if row.hidden_as else "leesbaar gemaakt",
        "soort": row.hidden_as,
    }


def _entry(row: ContributionEntry) -> dict[str, Any]:
    return {
        "van": "inwoner" if row.from_resident else "griffie",
        "soort": row.kind,
        "tijd": row.created_at.isoformat(),
        "tekst": row.text,
        "tekst_voor_de_griffie": row.readable_text,
    }
