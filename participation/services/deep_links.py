"""Links into a channel that stand for a municipality, and for where they were shown."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import LinkUnknown, MunicipalityUnknown
from participation.models import DeepLink, Municipality


async def make(
    session: AsyncSession, *, municipality_code: str, campaign: str | None, place: str | None, now: datetime
) -> DeepLink:
    """Make a link. Its id is random: who sees one link can not guess that of another municipality or place.

    Raises:
        MunicipalityUnknown: no municipality has this code.
    """
    if await session.get(Municipality, municipality_code) is None:
        raise MunicipalityUnknown(municipality_code)
    link = DeepLink(
        id=secrets.token_urlsafe(16),
        municipality_code=municipality_code,
        campaign=campaign,
        place=place,
        created_at=now,
    )
    session.add(link)
    await session.flush()
    return link


async def find(session: AsyncSession, link_id: str) -> DeepLink:
    """Return a link.

    Raises:
        LinkUnknown: made up, or of another installation.
    """
    found = await session.get(DeepLink, link_id)
    if found is None:
        raise LinkUnknown
    return found
