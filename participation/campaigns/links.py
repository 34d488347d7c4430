"""Links to a campaign: one for all, and one per place where it is shown, so that each place can be counted.

What a conversation keeps as its `campaign` is the public id of the campaign, with the id of the link after a dot when
somebody came by one: `ab3kq7mn.wXk3...`. The link says which place it was; a person can not be followed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import states
from participation.campaigns.faults import FieldsWrong
from participation.errors import LinkUnknown
from participation.models import Campaign, DeepLink
from participation.services import deep_links

LONGEST_PLACE = 40
MOST_PLACES = 200


@dataclass(frozen=True)
class Arrival:
    """What the value of a conversation stands for. `place` is empty, and `code` None, without a link of a place."""

    campaign: Campaign
    place: str
    code: str | None


def value_of(public_id: str, link_id: str | None = None) -> str:
    """Return what a conversation keeps."""
    return f"{public_id}.{link_id}" if link_id else public_id


def read(value: str) -> tuple[str, str | None]:
    """Return the public id and the id of the link."""
    public_id, _, link_id = value.partition(".")
    return public_id, link_id or None


async def arrived(session: AsyncSession, value: str) -> Arrival | None:
    """Return what a value stands for, or None where there is no such campaign.

    A link of another campaign, or of a municipality that does not take part, counts as no link.
    """
    public_id, link_id = read(value)
    campaign = await states.by_public_id(session, public_id)
    if campaign is None:
        return None
    link = await _link(session, link_id) if link_id else None
    if link is None or link.campaign != public_id:
        return Arrival(campaign, "", None)
    if link.municipality_code not in await states.agreed_codes(session, campaign.id):
        return Arrival(campaign, "", None)
    return Arrival(campaign, link.place or "", link.municipality_code)


async def settled(
    session: AsyncSession, value: str | None, *, municipality_code: str | None
) -> tuple[str | None, str | None]:
    """Return what a new conversation keeps of a value that came along: the campaign, and the place of the link.

    What is no campaign of ours stays as it is: a site may have names of its own.
    """
    if not value or "." not in value:
        return value, None
    arrival = await arrived(session, value)
    if arrival is None:
        return value, None
    return arrival.campaign.public_id, arrival.place or None if arrival.code == municipality_code else None


async def add(
    session: AsyncSession, campaign: Campaign, *, municipality_code: str, place: str, now: datetime
) -> DeepLink:
    """Make a link for a place; the same name gives the same link, so that posters and counts stay together.

    Raises:
        FieldsWrong: `plek` to `leeg`, `lang` or `aantal`.
    """
    place = " ".join(place.split())
    if not place or len(place) > LONGEST_PLACE:
        raise FieldsWrong({"plek": "lang" if place else "leeg"})
    present = await of(session, campaign, municipality_code=municipality_code)
    for link in present:
        if (link.place or "").casefold() == place.casefold():
            return link
    if len(present) >= MOST_PLACES:
        raise FieldsWrong({"plek": "aantal"})
    return await deep_links.make(
        session, municipality_code=municipality_code, campaign=campaign.public_id, place=place, now=now
    )


async def without_place(
    session: AsyncSession, campaign: Campaign, *, municipality_code: str, now: datetime
) -> DeepLink:
    """Return the link of one municipality to the campaign itself, for channels that know no addresses; made when first
    asked for."""
    found = await session.scalars(
        select(DeepLink)
        .where(
            DeepLink.campaign == campaign.public_id,
            DeepLink.municipality_code == municipality_code,
            DeepLink.place.is_(None),
        )
        .order_by(DeepLink.created_at)
        .limit(1)
    )
    return found.one_or_none() or await deep_links.make(
        session, municipality_code=municipality_code, campaign=campaign.public_id, place=None, now=now
    )


async def of(session: AsyncSession, campaign: Campaign, *, municipality_code: str) -> Sequence[DeepLink]:
    """Return the links of one municipality's places, by name."""
    found = await session.scalars(
        select(DeepLink)
        .where(
            DeepLink.campaign == campaign.public_id,
            DeepLink.municipality_code == municipality_code,
            DeepLink.place.is_not(None),
        )
        .order_by(DeepLink.place)
    )
    return found.all()


async def find(session: AsyncSession, campaign: Campaign, *, municipality_code: str, link_id: str) -> DeepLink:
    """Return a link of one of this municipality's places.

    Raises:
        LinkUnknown: it is not.
    """
    link = await _link(session, link_id)
    if link is None or (link.campaign, link.municipality_code) != (campaign.public_id, municipality_code):
        raise LinkUnknown
    return link


def page_address(public_url: str, public_id: str, link_id: str | None = None) -> str:
    """Return the address of the page of a campaign."""
    address = f"{public_url.rstrip('/')}/c/{public_id}"
    return f"{address}?plek={quote(link_id, safe='')}" if link_id else address


def spoken_address(public_url: str, public_id: str) -> str:
    """Return the address as people read and type it, without what a browser adds itself."""
    parts = urlsplit(page_address(public_url, public_id))
    return f"{parts.netloc}{parts.path}"


def telegram_address(bot: str, link_id: str) -> str:
    """Return the address that opens the Telegram bot with this link. Needs the name of the bot."""
    return f"https://t.me/{bot}?start={link_id}"


def trial_address(public_url: str, token: str) -> str:
    """Return the address of a trial; see `trying`."""
    return f"{public_url.rstrip('/')}/c/proef/{token}"


def chat_trial_address(public_url: str, municipality_code: str, value: str) -> str:
    """Return the address of the chat that begins with a trial; see `trials`."""
    return f"{public_url.rstrip('/')}{chat_address(municipality_code, value)}"


def chat_address(municipality_code: str, value: str) -> str:
    """Return the path of the chat that begins with this campaign."""
    return f"/chat/{municipality_code}?campagne={quote(value, safe='.')}"


async def _link(session: AsyncSession, link_id: str) -> DeepLink | None:
    try:
        return await deep_links.find(session, link_id)
    except LinkUnknown:
        return None
