"""Making a campaign, and writing what it is about while it is a draft."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events
from participation.campaigns.faults import CampaignChanged, CampaignFixed, CampaignUnknown, FieldsWrong
from participation.campaigns.states import EDITABLE
from participation.language.themes import themes
from participation.models import Campaign, CampaignMunicipality, Clerk
from participation.models.campaign import LEVELS

LONGEST: Mapping[str, int] = {
    "title": 80,
    "why": 600,
    "intro": 400,
    "thanks": 400,
    "phase": 200,
    "decides": 120,
    "official": 120,
    "portfolio_holder": 120,
}
"""Characters of each text; what residents get in the chat fits on the screen of a phone."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""For addresses that people copy from a poster: no letters that look like a number."""

PUBLIC_ID_LENGTH = 8
"""31^8 is over 8 * 10^11: nobody finds a draft by trying."""


@dataclass(frozen=True)
class Texts:
    """All that can be written about a campaign beside what it asks."""

    title: str
    why: str = ""
    intro: str = ""
    thanks: str = ""
    theme: str | None = None
    level: str = "raadplegen"
    phase: str = ""
    decides: str = ""
    official: str = ""
    portfolio_holder: str = ""
    asks_age: bool = False
    asks_area: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None


async def find(session: AsyncSession, *, municipality_code: str, campaign_id: uuid.UUID) -> Campaign:
    """Return a campaign that a municipality leads or was asked for.

    Raises:
        CampaignUnknown: it is neither.
    """
    found = await session.scalars(
        select(Campaign)
        .join(CampaignMunicipality, CampaignMunicipality.campaign_id == Campaign.id)
        .where(Campaign.id == campaign_id, CampaignMunicipality.municipality_code == municipality_code)
    )
    campaign = found.one_or_none()
    if campaign is None:
        raise CampaignUnknown
    return campaign


async def led(
    session: AsyncSession, *, municipality_code: str, campaign_id: uuid.UUID, revision: int | None = None
) -> Campaign:
    """Return a campaign that a municipality leads, locked until the end of the transaction.

    Args:
        revision: the one that the page was made of; None where a change can not undo that of a colleague.

    Raises:
        CampaignUnknown: it does not lead it.
        CampaignChanged: somebody changed it after that page.
    """
    found = await session.scalars(
        select(Campaign)
        .where(Campaign.id == campaign_id, Campaign.municipality_code == municipality_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    campaign = found.one_or_none()
    if campaign is None:
        raise CampaignUnknown
    if revision is not None and campaign.revision != revision:
        raise CampaignChanged
    return campaign


def assert_editable(campaign: Campaign) -> None:
    """Refuse changes once somebody is looking at it, or people answer.

    Raises:
        CampaignFixed: it is no draft any more.
    """
    if campaign.state not in EDITABLE:
        raise CampaignFixed


async def make(
    session: AsyncSession,
    *,
    municipality_code: str,
    texts: Texts,
    submission: uuid.UUID,
    clerk: Clerk,
    now: datetime,
) -> Campaign:
    """Make a draft. `submission` is the id of the form and becomes that of the campaign: sending it twice makes one.

    Raises:
        FieldsWrong: nothing was kept.
        CampaignUnknown: the id is that of a campaign elsewhere.
    """
    kept = checked(texts)
    before = await session.get(Campaign, submission)
    if before is not None:
        return await find(session, municipality_code=municipality_code, campaign_id=submission)
    campaign = Campaign(
        id=submission,
        public_id="".join(secrets.choice(LETTERS) for _ in range(PUBLIC_ID_LENGTH)),
        municipality_code=municipality_code,
        state="concept",
        revision=1,
        made_by=clerk.id,
        made_at=now,
        **_columns(kept),
    )
    session.add(campaign)
    await session.flush()
    session.add(
        CampaignMunicipality(
            campaign_id=campaign.id,
            municipality_code=municipality_code,
            leader_code=municipality_code,
            asked_at=now,
            agreed_by=clerk.id,
            agreed_at=now,
        )
    )
    await events.record(session, campaign, what="gemaakt", clerk=clerk, now=now)
    return campaign


async def write(session: AsyncSession, campaign: Campaign, *, texts: Texts) -> None:
    """Replace all texts of a draft.

    Raises:
        CampaignFixed: it is no draft any more.
        FieldsWrong: nothing was kept.
    """
    assert_editable(campaign)
    for name, value in _columns(checked(texts)).items():
        setattr(campaign, name, value)
    campaign.revision += 1
    await session.flush()


def checked(texts: Texts) -> Texts:
    """Return texts without needless space.

    Raises:
        FieldsWrong: field to `leeg`, `lang`, `onbekend` or `volgorde`.
    """
    faults = {}
    tidy: dict[str, Any] = {name: " ".join(getattr(texts, name).split()) for name in LONGEST}
    if not tidy["title"]:
        faults["title"] = "leeg"
    faults |= {name: "lang" for name, text in tidy.items() if len(text) > LONGEST[name]}
    if texts.level not in LEVELS:
        faults["level"] = "onbekend"
    if texts.theme is not None and texts.theme not in themes():
        faults["theme"] = "onbekend"
    if texts.opens_at and texts.closes_at and texts.closes_at <= texts.opens_at:
        faults["closes_at"] = "volgorde"
    if faults:
        raise FieldsWrong(faults)
    return replace(texts, **tidy)


def texts_of(campaign: Campaign) -> Texts:
    """Return what is written about a campaign."""
    return Texts(**{one.name: getattr(campaign, one.name) for one in fields(Texts)})


def _columns(texts: Texts) -> dict[str, Any]:
    return {one.name: getattr(texts, one.name) for one in fields(Texts)}
