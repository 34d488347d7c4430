"""One piece of work at the desk: a transaction in one municipality, by one person, at one moment.

Every page and form of a municipality does its work in here. What is not there, or belongs to another municipality, is a
page that does not exist, whatever the form was about; what else can be wrong is for the form itself to tell.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from desk.access import PageUnknown, Workplace
from desk.context import desk_of
from participation.answer_faults import FactUnknown, TopicUnknown, VersionUnknown
from participation.campaigns.faults import CampaignUnknown, MailingUnknown, PartUnknown, StatementUnknown
from participation.council.faults import FeedUnknown
from participation.dates import AMSTERDAM
from participation.errors import (
    BundleUnknown,
    ChangeUnknown,
    ContributionUnknown,
    FilterUnknown,
    LessonUnknown,
    StandardTextUnknown,
    SubjectUnknown,
)
from participation.models import Clerk
from participation.offer_faults import NothingToOffer, OfferUnknown
from participation.reports.drafts import DraftUnknown
from participation.reports.issuing import ReportUnknown
from participation.services.destruction import ListUnknown
from participation.services.own_questions import OwnQuestionUnknown

UNKNOWN = (
    BundleUnknown,
    CampaignUnknown,
    ChangeUnknown,
    ContributionUnknown,
    DraftUnknown,
    FactUnknown,
    FeedUnknown,
    FilterUnknown,
    LessonUnknown,
    ListUnknown,
    MailingUnknown,
    NothingToOffer,
    OfferUnknown,
    OwnQuestionUnknown,
    PartUnknown,
    ReportUnknown,
    StandardTextUnknown,
    StatementUnknown,
    SubjectUnknown,
    TopicUnknown,
    VersionUnknown,
)
"""Faults that say no more than: this is not here."""


@dataclass(frozen=True)
class Work:
    """The transaction, and what services ask about the work."""

    session: AsyncSession
    municipality_code: str
    clerk: Clerk
    now: datetime

    @property
    def today(self) -> date:
        """The day in the Netherlands."""
        return self.now.astimezone(AMSTERDAM).date()

    @property
    def by(self) -> dict[str, Any]:
        """Where, who and when, as services take them."""
        return {"municipality_code": self.municipality_code, "clerk": self.clerk, "now": self.now}


@asynccontextmanager
async def working(request: Request, place: Workplace) -> AsyncIterator[Work]:
    """Do something for the municipality of this page; it is committed at the end of the block.

    Raises:
        PageUnknown: the work met something that is not in this municipality.
    """
    desk = desk_of(request)
    try:
        async with desk.database.session(place.code) as session:
            yield Work(session, place.code, place.person.clerk, desk.clock())
    except UNKNOWN:
        raise PageUnknown(place.person) from None
