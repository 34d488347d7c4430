"""What somebody did in campaigns, what they want to hear of them, and what they were sent."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import outcome
from participation.models import (
    Campaign,
    CampaignAnswer,
    CampaignOutcome,
    CampaignPart,
    CampaignTrial,
    CampaignTrialRun,
    Mailing,
    Participant,
    Recipient,
    Statement,
    Subscription,
    Vote,
)
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class TakenPart(Kind):
    """That they took part in a campaign, what they voted and what they answered."""

    name: ClassVar[str] = "peilingen"
    tables: ClassVar[frozenset[str]] = frozenset({"participant", "vote", "campaign_answer"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Every campaign with each vote and answer in it."""
        rows = await session.execute(
            select(Participant, Campaign.title)
            .join(Campaign, Campaign.id == Participant.campaign_id)
            .where(Participant.resident_id == subject.resident_id)
            .order_by(Participant.started_at)
        )
        return [
            {
                "peiling": title,
                "gemeente": row.municipality_code,
                "begin": row.started_at.isoformat(),
                "klaar": row.finished_at.isoformat() if row.finished_at else None,
                "plek": row.place,
                "gebied": row.area,
                "leeftijd": row.age_band,
                "wil_uitkomst": row.wants_outcome,
                "stemmen": await _votes(session, row),
                "antwoorden": await _answers(session, row),
            }
            for row, title in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them, with the votes and answers. Their words go out of outcomes too; the numbers stay as counted.

        A final report that was issued stays as it is: it is a record of the council.
        """
        theirs = Participant.resident_id == subject.resident_id
        written = await _written(session, theirs)
        count = await delete_rows(session, delete(Participant).where(theirs))
        # Behind the participants, as a count that goes on meanwhile locks them: see `recounting`.
        outcomes = await session.scalars(
            select(CampaignOutcome)
            .where(CampaignOutcome.campaign_id.in_(written))
            .order_by(CampaignOutcome.campaign_id, CampaignOutcome.about)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for row in outcomes:
            row.content = outcome.without_words(row.content, **written[row.campaign_id])
        await session.flush()
        return count


class Trials(Kind):
    """What they pressed and typed in a trial of a campaign that has not started; it counts nowhere."""

    name: ClassVar[str] = "proeven"
    tables: ClassVar[frozenset[str]] = frozenset({"campaign_trial_run"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Of which campaign, and each thing that was pressed or typed."""
        rows = await session.execute(
            select(CampaignTrialRun.given, Campaign.title)
            .join(CampaignTrial, CampaignTrial.id == CampaignTrialRun.trial_id)
            .join(Campaign, Campaign.id == CampaignTrial.campaign_id)
            .where(CampaignTrialRun.conversation_id.in_(subject.conversation_ids))
            .order_by(CampaignTrial.made_at)
        )
        return [{"peiling": title, "gegeven": given} for given, title in rows]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase it."""
        return await delete_rows(
            session, delete(CampaignTrialRun).where(CampaignTrialRun.conversation_id.in_(subject.conversation_ids))
        )


class OwnStatements(Kind):
    """Statements of their own that they put to others."""

    name: ClassVar[str] = "stellingen"
    tables: ClassVar[frozenset[str]] = frozenset({"statement"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each with its text and whether it was shown to others."""
        rows = await session.scalars(
            select(Statement).where(Statement.resident_id == subject.resident_id).order_by(Statement.created_at)
        )
        return [{"tekst": row.text, "getoond": row.state == "goed", "tijd": row.created_at.isoformat()} for row in rows]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase what nobody voted on. What others voted on stays: their votes would lose what they are about."""
        theirs = Statement.resident_id == subject.resident_id
        voted = exists(select(Vote.statement_id).where(Vote.statement_id == Statement.id, Vote.value.is_not(None)))
        count = await delete_rows(session, delete(Statement).where(theirs, or_(Statement.state != "goed", ~voted)))
        return count + await delete_rows(
            session,
            update(Statement)
            .where(theirs)
            .values(resident_id=None, text=func.coalesce(Statement.masked_text, Statement.text)),
        )


class Subscriptions(Kind):
    """Which themes and areas they want to hear about."""

    name: ClassVar[str] = "onderwerpen"
    tables: ClassVar[frozenset[str]] = frozenset({"subscription"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each theme and area, and since when."""
        rows = await session.scalars(
            select(Subscription)
            .where(Subscription.resident_id == subject.resident_id)
            .order_by(Subscription.created_at, Subscription.id)
        )
        return [
            {
                "gemeente": row.municipality_code,
                "thema": row.theme,
                "gebied": row.area,
                "sinds": row.created_at.isoformat(),
            }
            for row in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them."""
        return await delete_rows(session, delete(Subscription).where(Subscription.resident_id == subject.resident_id))


class SentAbout(Kind):
    """Messages about campaigns that were sent to them, or are still to be."""

    name: ClassVar[str] = "campagneberichten"
    tables: ClassVar[frozenset[str]] = frozenset({"recipient"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Of which campaign, and how far it is."""
        rows = await session.execute(
            select(Recipient, Campaign.title)
            .join(Mailing, Mailing.id == Recipient.mailing_id)
            .join(Campaign, Campaign.id == Mailing.campaign_id)
            .where(Recipient.resident_id == subject.resident_id)
            .order_by(Recipient.due_at)
        )
        return [
            {
                "peiling": title,
                "stand": row.state,
                "tijd": row.settled_at.isoformat() if row.settled_at else None,
            }
            for row, title in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them; what was not sent yet never will be."""
        return await delete_rows(session, delete(Recipient).where(Recipient.resident_id == subject.resident_id))


async def _written(session: AsyncSession, theirs: ColumnElement[bool]) -> dict[uuid.UUID, dict[str, list[str]]]:
    """By campaign what somebody wrote in it: words that may be quoted somewhere, and places that they typed."""
    rows = await session.execute(
        select(CampaignAnswer)
        .join(Participant, Participant.id == CampaignAnswer.participant_id)
        .where(theirs, CampaignAnswer.words.is_not(None))
    )
    found: dict[uuid.UUID, dict[str, list[str]]] = {}
    for answer in rows.scalars():
        of_campaign = found.setdefault(answer.campaign_id, {"quotes": [], "places": []})
        of_campaign["quotes"].append(answer.masked_words or "")
        if "place" in answer.value:
            of_campaign["places"].append(answer.value["place"])
    return found


async def _votes(session: AsyncSession, participant: Participant) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(Statement.masked_text, Statement.text, Vote.value, Vote.cast_at)
        .join(Vote, Vote.statement_id == Statement.id)
        .where(Vote.participant_id == participant.id)
        .order_by(Statement.number)
    )
    return [
        {"stelling": masked or text, "stem": value, "tijd": cast_at.isoformat()}
        for masked, text, value, cast_at in rows
    ]


async def _answers(session: AsyncSession, participant: Participant) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(CampaignAnswer, CampaignPart)
        .join(CampaignPart, CampaignPart.id == CampaignAnswer.part_id)
        .where(CampaignAnswer.participant_id == participant.id)
        .order_by(CampaignPart.position)
    )
    return [
        {
            "vraag": part.text,
            "antwoord": answer.value,
            "keuzes": {option["id"]: option["text"] for option in part.options},
            "woorden": answer.words,
            "mag_getoond": answer.may_quote,
            "tijd": answer.answered_at.isoformat(),
        }
        for answer, part in rows
    ]
