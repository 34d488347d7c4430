"""The terugkoppeling: per point what was heard, what is decided and why, and what comes next; and where it is owed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.campaigns import events
from participation.campaigns.audience import OUTCOME
from participation.campaigns.faults import (
    CampaignChanged,
    FeedbackMissing,
    FieldsWrong,
    LastPoint,
    OutcomeNotFinal,
    OutcomeNotPublished,
)
from participation.dates import AMSTERDAM
from participation.models import (
    Campaign,
    CampaignEvent,
    CampaignFeedback,
    CampaignMunicipality,
    Clerk,
    Mailing,
    Participant,
)
from participation.shortening import shortened

FIELDS = ("heard", "decided", "because", "next_step")
LONGEST = 600
"""Characters of each text: a point fits on the screen of a phone."""

MOST_POINTS = 12
PUBLISHED = "terugkoppeling_gepubliceerd"
"""In the history of a campaign: from then on people can read what is done with it."""

MAILING = "terugkoppeling"
"""The kind of the message that tells it to who wanted to know."""


@dataclass(frozen=True)
class Debt:
    """A campaign that has ended and of which people were not told what came of it, with the days since its end.

    `published`: the page tells it, but the message to who wanted to know has not begun to leave.
    """

    campaign: Campaign
    days: int
    published: bool


async def points_of(session: AsyncSession, campaign_id: uuid.UUID) -> Sequence[CampaignFeedback]:
    """Return the points in order."""
    found = await session.scalars(
        select(CampaignFeedback).where(CampaignFeedback.campaign_id == campaign_id).order_by(CampaignFeedback.number)
    )
    return found.all()


async def save(
    session: AsyncSession,
    campaign: Campaign,
    *,
    number: int | None,
    texts: dict[str, str],
    seen: datetime | None,
    clerk: Clerk,
    now: datetime,
) -> CampaignFeedback:
    """Keep a point: an existing one by its number, or a new one at the end. All four texts are asked.

    Args:
        seen: when the point was changed last, as the page showed it; None for a new one.

    Raises:
        FieldsWrong: field to `leeg` or `lang`; `aantal` when there are enough points.
        FeedbackMissing: there is no point with this number.
        CampaignChanged: a colleague changed it meanwhile.
    """
    tidy = {name: " ".join(texts.get(name, "").split()) for name in FIELDS}
    faults = {name: "leeg" if not text else "lang" for name, text in tidy.items() if not text or len(text) > LONGEST}
    points = await points_of(session, campaign.id)
    if number is None and len(points) >= MOST_POINTS:
        faults["heard"] = "aantal"
    if faults:
        raise FieldsWrong(faults)
    if number is None:
        point = CampaignFeedback(
            campaign_id=campaign.id,
            municipality_code=campaign.municipality_code,
            number=max((one.number for one in points), default=0) + 1,
            **tidy,
            changed_by=clerk.id,
            changed_at=now,
        )
        session.add(point)
    else:
        point = await _point(points, number)
        if seen is not None and point.changed_at != seen:
            raise CampaignChanged
        for name, text in tidy.items():
            setattr(point, name, text)
        point.changed_by, point.changed_at = clerk.id, now
    await _told(session, campaign, point, "punt_geschreven", clerk, now)
    return point


async def remove(session: AsyncSession, campaign: Campaign, *, number: int, clerk: Clerk, now: datetime) -> None:
    """Take a point away.

    Raises:
        FeedbackMissing: there is none with this number.
        LastPoint: it is the only one, and people read it. It can still be changed.
    """
    points = await points_of(session, campaign.id)
    point = await _point(points, number)
    if len(points) == 1 and await published_at(session, campaign.id) is not None:
        raise LastPoint
    await session.delete(point)
    await _told(session, campaign, point, "punt_weg", clerk, now)


async def publish(
    session: AsyncSession, campaign: Campaign, *, clerk: Clerk, now: datetime
) -> Sequence[CampaignFeedback]:
    """Let everybody read it, from now on. Sending it to who wanted to know is a mailing.

    Returns the points, or none when everybody could read it already: who presses twice, or at once with a colleague,
    tells it once. The campaign has to be locked for that, as `making.led` does.

    Raises:
        OutcomeNotFinal: the campaign has not ended.
        OutcomeNotPublished: the page that shows the points is not there yet.
        FeedbackMissing: there is no point.
    """
    if campaign.state != "gesloten":
        raise OutcomeNotFinal
    if await published_at(session, campaign.id) is not None:
        return ()
    if campaign.outcome_published_at is None:
        raise OutcomeNotPublished
    points = await points_of(session, campaign.id)
    if not points:
        raise FeedbackMissing
    await events.record(session, campaign, what=PUBLISHED, clerk=clerk, now=now, detail={"punten": len(points)})
    return points


async def published_at(session: AsyncSession, campaign_id: uuid.UUID) -> datetime | None:
    """Return since when everybody can read it; None while nobody can."""
    return await session.scalar(
        select(func.min(CampaignEvent.created_at)).where(
            CampaignEvent.campaign_id == campaign_id, CampaignEvent.what == PUBLISHED
        )
    )


async def debts(session: AsyncSession, *, municipality_code: str, now: datetime) -> list[Debt]:
    """Return the campaigns of which the residents of this municipality were not told what came of it, oldest first.

    Also where another one leads: it is their answers that were asked. Who leads is told as well when it is only
    residents elsewhere who wait, whom it can not see: the worker counted them for the message.
    """
    event = CampaignEvent.campaign_id == Campaign.id
    published = exists().where(event, CampaignEvent.what == PUBLISHED)
    stop = aliased(CampaignEvent)
    stopped = exists().where(
        stop.campaign_id == Campaign.id,
        stop.what == "bericht_stoppen",
        stop.detail["bericht"].astext == CampaignEvent.detail["bericht"].astext,
    )
    sent = exists().where(
        event,
        CampaignEvent.what == "bericht_starten",
        CampaignEvent.detail["soort"].astext == MAILING,
        CampaignEvent.detail["wie"].astext == OUTCOME,
        ~stopped,
    )
    wait_here = exists().where(
        Participant.campaign_id == Campaign.id,
        Participant.municipality_code == municipality_code,
        Participant.wants_outcome.is_(True),
        Participant.resident_id.is_not(None),
    )
    wait_somewhere = exists().where(
        Mailing.campaign_id == Campaign.id,
        Mailing.kind == MAILING,
        Mailing.audience["who"].astext == OUTCOME,
        func.jsonb_path_exists(Mailing.progress, cast("$.*.geteld ? (@ > 0)", JSONPATH)),
    )
    found = await session.execute(
        select(Campaign, published)
        .join(CampaignMunicipality, CampaignMunicipality.campaign_id == Campaign.id)
        .where(
            CampaignMunicipality.municipality_code == municipality_code,
            CampaignMunicipality.agreed_at.is_not(None),
            Campaign.state == "gesloten",
            or_(~published, and_(~sent, or_(wait_here, wait_somewhere))),
        )
        .order_by(Campaign.closed_at, Campaign.id)
    )
    today = now.astimezone(AMSTERDAM).date()
    return [
        Debt(one, (today - (one.closed_at or one.made_at).astimezone(AMSTERDAM).date()).days, told)
        for one, told in found
    ]


def message(campaign: Campaign, points: Sequence[CampaignFeedback], address: str) -> str:
    """The message to who wanted to know. With much to tell it tells the beginning, and where all of it is."""
    opening = f"U deed mee aan de peiling “{campaign.title}”. Dit is ermee gedaan."
    pieces = [
        f"{number}. Wij hoorden: {point.heard}\nBesluit: {point.decided}\nWaarom: {point.because}\n"
        f"Wat nu: {point.next_step}"
        for number, point in enumerate(points, 1)
    ]
    kept: list[str] = []
    for piece in pieces:
        if sum(len(one) for one in kept) + len(piece) > _ROOM:
            break
        kept.append(piece)
    if not kept:
        first = points[0]
        kept = [f"1. Wij hoorden: {shortened(first.heard, _HALF)}\nBesluit: {shortened(first.decided, _HALF)}"]
    left = len(pieces) - len(kept)
    more = "" if left == 0 else "Er is nog 1 punt. " if left == 1 else f"Er zijn nog {left} punten. "
    return "\n\n".join([opening, *kept, f"{more}Alles staat op deze pagina: {address}"])


_ROOM = 1100
"""Characters of all points together: with what is around them, a mailing holds 1500."""

_HALF = 500
"""Characters of what was heard, and of what is decided, where the first point does not fit as a whole."""


async def _point(points: Sequence[CampaignFeedback], number: int) -> CampaignFeedback:
    for point in points:
        if point.number == number:
            return point
    raise FeedbackMissing


async def _told(
    session: AsyncSession, campaign: Campaign, point: CampaignFeedback, what: str, clerk: Clerk, now: datetime
) -> None:
    """Write it down; after publication with the words, so that everybody can see what was changed."""
    detail: dict[str, str | int] = {"nummer": point.number}
    if await published_at(session, campaign.id):
        detail |= {name: getattr(point, name) for name in FIELDS}
    await events.record(session, campaign, what=what, clerk=clerk, now=now, detail=detail)
