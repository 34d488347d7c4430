"""Signs that answers are not each of one person: shown to people at the desk, who decide, never acted upon by itself.

A municipality looks at its own participants. Who is set aside does not count, and can be put back; the reason stays in
the history. A sign is about at least five people: fewer could be found by counting before and after. Of a published
outcome everybody keeps a copy, and in the difference no number is hidden: from then on the count stays as it is.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events
from participation.campaigns.faults import OutcomePublished, ReasonMissing, SignUnknown
from participation.models import Campaign, CampaignEvent, Clerk, Participant

FAST, SAME_WORDS, SAME_VOTES, BURST = "snel", "zelfde_woorden", "zelfde_stemmen", "golf"
FEWEST = 5
_SECONDS = 1.0
"""Median time between two votes of one participant under which nobody reads what they vote on."""

_VOTES = 10
"""Votes from which speed and sameness tell something."""

_BURST, _TIMES_USUAL = 30, 8
"""Participants in one hour by one way in, and how many times the usual hour that has to be."""

LONGEST_REASON = 500
ASIDE, BACK = "opzij_gezet", "teruggezet"


@dataclass(frozen=True)
class Sign:
    """What is seen, and of how many participants. `detail` is the place and hour of a burst, or how often."""

    kind: str
    key: str
    people: tuple[uuid.UUID, ...]
    detail: str


@dataclass(frozen=True)
class SetAside:
    """Participants who were set aside together."""

    moment: datetime
    people: int
    reason: str
    kind: str


_FAST = """
    SELECT participant_id FROM (
        SELECT v.participant_id, extract(epoch FROM v.cast_at - lag(v.cast_at) OVER (
            PARTITION BY v.participant_id ORDER BY v.cast_at)) AS gap
        FROM vote v JOIN participant p ON p.id = v.participant_id
        WHERE v.campaign_id = :campaign AND p.municipality_code = :code AND p.aside_at IS NULL AND v.value IS NOT NULL
    ) gaps WHERE gap IS NOT NULL GROUP BY participant_id
    HAVING count(*) >= :votes - 1 AND percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) < :seconds
    ORDER BY participant_id
"""
_SAME_WORDS = """
    SELECT md5(lower(regexp_replace(a.words, '\\W+', ' ', 'g'))) AS key, array_agg(DISTINCT p.id) AS people
    FROM campaign_answer a JOIN participant p ON p.id = a.participant_id
    WHERE a.campaign_id = :campaign AND p.municipality_code = :code AND p.aside_at IS NULL
        AND char_length(a.words) >= 25
    GROUP BY 1 HAVING count(DISTINCT p.id) >= :fewest ORDER BY 1
"""
_SAME_VOTES = """
    WITH shares AS (
        SELECT statement_id, value, ln(count(*)::float / sum(count(*)) OVER (PARTITION BY statement_id)) AS chance
        FROM vote WHERE campaign_id = :campaign AND municipality_code = :code AND value IS NOT NULL
        GROUP BY statement_id, value
    ), patterns AS (
        SELECT p.id, md5(string_agg(v.statement_id || ':' || v.value, ',' ORDER BY v.statement_id)) AS key,
            exp(sum(s.chance)) AS chance
        FROM vote v JOIN participant p ON p.id = v.participant_id
        JOIN shares s ON s.statement_id = v.statement_id AND s.value = v.value
        WHERE v.campaign_id = :campaign AND p.municipality_code = :code AND p.aside_at IS NULL
        GROUP BY p.id HAVING count(*) >= :votes
    )
    SELECT key, array_agg(id) AS people FROM patterns GROUP BY key
    HAVING count(*) >= :fewest AND count(*) >= 10 * max(chance) * (SELECT count(*) FROM patterns) ORDER BY key
"""
_BURSTS = """
    WITH hours AS (
        SELECT date_trunc('hour', started_at) AS hour, channel, coalesce(place, '') AS place, count(*) AS number,
            array_agg(id) AS people
        FROM participant WHERE campaign_id = :campaign AND municipality_code = :code AND aside_at IS NULL
        GROUP BY 1, 2, 3
    )
    SELECT hour, channel, place, people FROM hours
    WHERE number >= :burst AND number >= :times * (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY number) FROM hours
    ) ORDER BY hour
"""


async def signs_of(session: AsyncSession, *, campaign_id: uuid.UUID, municipality_code: str) -> list[Sign]:
    """Return the signs among the participants of a municipality who still count."""
    about = {"campaign": campaign_id, "code": municipality_code}
    found = []
    fast = (await session.execute(text(_FAST), about | {"votes": _VOTES, "seconds": _SECONDS})).scalars().all()
    if len(fast) >= FEWEST:
        found.append(Sign(FAST, FAST, tuple(fast), ""))
    for kind, query in ((SAME_WORDS, _SAME_WORDS), (SAME_VOTES, _SAME_VOTES)):
        extra = {"fewest": FEWEST} | ({"votes": _VOTES} if kind == SAME_VOTES else {})
        rows = await session.execute(text(query), about | extra)
        found += [Sign(kind, f"{kind}:{key}", tuple(people), "") for key, people in rows]
    bursts = await session.execute(text(_BURSTS), about | {"burst": _BURST, "times": _TIMES_USUAL})
    found += [
        Sign(BURST, f"{BURST}:{hour.isoformat()}:{channel}:{place}", tuple(people), f"{hour.isoformat()}|{place}")
        for hour, channel, place, people in bursts
    ]
    return found


async def set_aside(
    session: AsyncSession,
    campaign: Campaign,
    *,
    municipality_code: str,
    key: str,
    reason: str,
    clerk: Clerk,
    now: datetime,
) -> int:
    """Leave the participants of a sign out of the count; returns how many.

    Raises:
        OutcomePublished: it is too late for that.
        ReasonMissing: without a reason, or with too long a one, nobody is set aside.
        SignUnknown: it is not seen any more.
    """
    await decide_alone(session, campaign)
    _assert_may_change(campaign)
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise ReasonMissing
    signs = await signs_of(session, campaign_id=campaign.id, municipality_code=municipality_code)
    sign = next((one for one in signs if one.key == key), None)
    if sign is None:
        raise SignUnknown
    await session.execute(update(Participant).where(Participant.id.in_(sign.people)).values(aside_at=now))
    detail = {"soort": sign.kind, "aantal": len(sign.people), "reden": words, "moment": now.isoformat()}
    await events.record(
        session, campaign, what=ASIDE, clerk=clerk, now=now, detail=detail, municipality_code=municipality_code
    )
    return len(sign.people)


async def put_back(
    session: AsyncSession, campaign: Campaign, *, municipality_code: str, moment: datetime, clerk: Clerk, now: datetime
) -> int:
    """Count again who was set aside at a moment; returns how many.

    Raises:
        OutcomePublished: it is too late for that.
        SignUnknown: nobody was set aside then, or they were put back.
    """
    await decide_alone(session, campaign)
    _assert_may_change(campaign)
    rows = await session.scalars(
        update(Participant)
        .where(
            Participant.campaign_id == campaign.id,
            Participant.municipality_code == municipality_code,
            Participant.aside_at == moment,
        )
        .values(aside_at=None)
        .returning(Participant.id)
    )
    count = len(rows.all())
    if not count:
        raise SignUnknown
    detail = {"aantal": count, "moment": moment.isoformat()}
    await events.record(
        session, campaign, what=BACK, clerk=clerk, now=now, detail=detail, municipality_code=municipality_code
    )
    return count


async def decide_alone(session: AsyncSession, campaign: Campaign) -> None:
    """Until the transaction ends nobody else decides who counts in a campaign, or publishes it; read it anew."""
    lock = func.hashtextextended(f"telling:{campaign.id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    await session.refresh(campaign)


def _assert_may_change(campaign: Campaign) -> None:
    if campaign.outcome_published_at is not None:
        raise OutcomePublished


async def aside(session: AsyncSession, *, campaign_id: uuid.UUID, municipality_code: str) -> Sequence[SetAside]:
    """Return who is set aside now, by the moment at which that was done."""
    rows = await session.execute(
        select(Participant.aside_at, func.count())
        .where(
            Participant.campaign_id == campaign_id,
            Participant.municipality_code == municipality_code,
            Participant.aside_at.is_not(None),
        )
        .group_by(Participant.aside_at)
        .order_by(Participant.aside_at)
    )
    told = await session.scalars(
        select(CampaignEvent).where(CampaignEvent.campaign_id == campaign_id, CampaignEvent.what == ASIDE)
    )
    reasons = {datetime.fromisoformat(one.detail["moment"]): one.detail for one in told}
    return [
        SetAside(moment, number, reasons.get(moment, {}).get("reden", ""), reasons.get(moment, {}).get("soort", ""))
        for moment, number in rows
        if moment is not None
    ]
