"""Residents, clerks and contributions to work with."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    Clerk,
    Contribution,
    ContributionEntry,
    Conversation,
    IssuedReport,
    ReportDraft,
    ReportFile,
    ReportSource,
)
from participation.privacy.pseudonym import pseudonym
from participation.services import clerks, contributions, conversations
from participation.services.contributions import Draft

UTRECHT, AMERSFOORT = "GM0344", "GM0307"

Converse = Callable[..., Awaitable[Conversation]]
Contribute = Callable[..., Awaitable[Contribution]]
Answer = Callable[..., Awaitable[ContributionEntry]]


@pytest.fixture
def converse(database: Database, now: datetime) -> Converse:
    """Open a conversation of somebody new."""

    async def opened(at: datetime = now, code: str | None = UTRECHT) -> Conversation:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await conversations.open_conversation(
                session,
                pseudonym=pseudonym("sleutel", channel="web", channel_user=uuid.uuid4().hex),
                channel="web",
                municipality_code=code,
                campaign=None,
                language="nl",
                now=at,
            )

    return opened


def draft_of(conversation: Conversation, text: str = "De lantaarn is kapot.") -> Draft:
    """What a resident has told in this conversation and not yet confirmed."""
    return Draft(uuid.uuid4(), text, conversation.resident_id, conversation.id, conversation.channel)


@pytest.fixture
def contribute(database: Database, converse: Converse, now: datetime) -> Contribute:
    """Log a contribution of somebody new."""

    async def logged(code: str = UTRECHT, text: str = "De lantaarn is kapot.", at: datetime = now) -> Contribution:
        draft = draft_of(await converse(at, code), text)
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await contributions.log_contribution(session, municipality_code=code, draft=draft, now=at)

    return logged


@pytest.fixture
async def clerk(database: Database, now: datetime) -> Clerk:
    """The griffier of Utrecht."""
    async with database.session(UTRECHT) as session:
        made, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )
    return made


@pytest.fixture
def answer(database: Database, clerk: Clerk, now: datetime) -> Answer:
    """Write a text of the griffie to a contribution, not yet delivered."""

    async def written(contribution: Contribution, text: str = "Dank voor uw bericht.") -> ContributionEntry:
        async with database.session(contribution.municipality_code) as session:
            return await contributions.reply(
                session,
                municipality_code=contribution.municipality_code,
                contribution_id=contribution.id,
                text=text,
                clerk=clerk,
                submission=uuid.uuid4(),
                now=now,
            )

    return written


async def papers(session: AsyncSession, contribution: Contribution, *, clerk: Clerk, now: datetime) -> IssuedReport:
    """A paper for the council in the making, and an issued one that quotes a contribution, with a file."""
    code = contribution.municipality_code
    last = await session.scalar(select(func.max(IssuedReport.number)).where(IssuedReport.municipality_code == code))
    report = IssuedReport(
        id=uuid.uuid4(),
        municipality_code=code,
        kind="signalen",
        audience="raad",
        year=2026,
        number=(last or 0) + 1,
        title="Signalen van inwoners",
        since=date(2026, 9, 1),
        until=date(2026, 9, 30),
        scope={},
        content={},
        digest=b"x",
        issued_by=clerk.id,
        issued_at=now,
    )
    session.add(report)
    await session.flush()
    of_this = {"report_id": report.id, "municipality_code": code}
    draft = {"kind": "signalen", "scope": {}, "edits": {}, "found": {}, "state": "klaar", "done": 100}
    session.add_all(
        [
            ReportFile(**of_this, format="csv", body=b"x", made_at=now),
            ReportSource(**of_this, number=1, role="citaat", contribution_id=contribution.id),
            ReportDraft(municipality_code=code, **draft, made_by=clerk.id, made_at=now, changed_at=now),
        ]
    )
    await session.flush()
    return report
