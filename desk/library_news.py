"""What the shared library has to tell on the pages of own texts, which do not ask for it themselves."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from desk.access import visitor
from desk.context import desk_of
from participation.models import Offer
from participation.models.offer import CAMPAIGN
from participation.services import adoptions, offers
from participation.services.adoptions import Adoption
from participation.services.clerks import SignedIn

Subject = tuple[str, str]
"""The kind of a text, and its topic, the id of the own question or the key of the standard text."""


@dataclass(frozen=True)
class LibraryNews:
    """What this municipality took over and what it offers, by what it is about."""

    adopted: Mapping[Subject, Adoption]
    offered: Mapping[Subject, Offer]

    def taken_over(self, offer_id: uuid.UUID) -> Adoption | None:
        """What was taken over here of an offer."""
        return next((one for one in self.adopted.values() if one.offer.id == offer_id), None)

    def counts(self, *, campaigns: bool) -> tuple[int, int]:
        """How many have a newer version in the library, and how many were withdrawn: of campaigns, or of texts."""
        news = [one for one in self.adopted.values() if one.is_news and (one.offer.kind == CAMPAIGN) == campaigns]
        return sum(one.has_newer for one in news), sum(one.is_withdrawn for one in news)


async def tell_library_news(request: Request, code: str, someone: Annotated[SignedIn | None, Depends(visitor)]) -> None:
    """Lay the news ready for the page, for somebody who may see that page."""
    if someone is None or code not in someone.roles:
        return
    async with desk_of(request).database.session(code) as session:
        taken = await adoptions.of_municipality(session, municipality_code=code)
        given = await offers.of_municipality(session, municipality_code=code)
    request.state.library_news = LibraryNews(
        {(one.offer.kind, one.subject): one for one in taken}, {(one.kind, one.subject): one for one in given}
    )


def library_news(request: Request) -> LibraryNews:
    """What was laid ready; nothing on other pages."""
    found: LibraryNews = getattr(request.state, "library_news", LibraryNews({}, {}))
    return found
