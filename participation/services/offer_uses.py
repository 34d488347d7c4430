"""Who uses what is in the shared library: kept by whatever changes what residents of a municipality get."""

import uuid
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import OfferUse

Version = tuple[uuid.UUID, int]
"""An offer and the number of its version."""


class TakenOver(Protocol):
    """A text that tells where it came from."""

    @property
    def offer_id(self) -> uuid.UUID | None:
        """The offer."""

    @property
    def offer_number(self) -> int | None:
        """The version of it."""


def taken_over(text: TakenOver | None) -> Version | None:
    """Which version a text was taken over from, if it was."""
    if text is None or text.offer_id is None or text.offer_number is None:
        return None
    return text.offer_id, text.offer_number


async def change(
    session: AsyncSession,
    *,
    municipality_code: str,
    before: uuid.UUID | None,
    after: Version | None,
    now: datetime,
) -> None:
    """Keep who uses what right when a text takes the place of another in the chat.

    Args:
        before: the offer that the text which goes was taken over from.
        after: the version that the text which comes was taken over from; none when nothing comes.
    """
    if before is not None and (after is None or after[0] != before):
        await session.execute(
            delete(OfferUse).where(OfferUse.offer_id == before, OfferUse.municipality_code == municipality_code)
        )
    if after is not None:
        offer_id, number = after
        use = insert(OfferUse).values(offer_id=offer_id, municipality_code=municipality_code, number=number, since=now)
        await session.execute(
            use.on_conflict_do_update(index_elements=["offer_id", "municipality_code"], set_={"number": number})
        )
