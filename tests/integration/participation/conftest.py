"""Residents, clerks and contributions to work with."""

import secrets
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns.audience import MESSAGES
from participation.campaigns.outcome import QUOTES
from participation.campaigns.suppression import DESK, PUBLIC
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    Campaign,
    CampaignAnswer,
    CampaignEvent,
    CampaignFeedback,
    CampaignMunicipality,
    CampaignOutcome,
    CampaignPart,
    CampaignReach,
    CampaignTrial,
    CampaignTrialRun,
    Clerk,
    Contribution,
    ContributionEntry,
    Conversation,
    DeepLink,
    FinalReport,
    IssuedReport,
    Mailing,
    Participant,
    Recipient,
    ReportDraft,
    ReportFile,
    ReportSource,
    Statement,
    Subscription,
    Vote,
)
from participation.models.campaign_outcome import EVERYWHERE
from participation.privacy.pseudonym import pseudonym
from participation.reports.scope import Scope
from participation.services import clerks, contributions, conversations
from participation.services.contributions import Draft
from participation.services.statuses import Destination
from participation.settings import Settings
from tests.mail_server import Mailbox, free_port

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
SOMEWHERE = {
    "doorgezonden": Destination("Waterschap"),
    "ingepland": Destination("Commissie Ruimte", date(2026, 12, 3)),
}
"""Where a contribution goes, by the status that needs it."""

Converse = Callable[..., Awaitable[Conversation]]
MakeClerk = Callable[..., Awaitable[Clerk]]
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


@pytest.fixture
def person(database: Database, now: datetime) -> MakeClerk:
    """Make somebody with these roles by municipality."""

    async def made(**roles: str) -> Clerk:
        async with database.session("") as session:
            clerk, _ = await clerks.create_clerk(
                session, email=f"{uuid.uuid4().hex}@gemeente.example", name="Anna de Wit", roles=roles, now=now
            )
        return clerk

    return made


async def papers(session: AsyncSession, contribution: Contribution, *, clerk: Clerk, now: datetime) -> IssuedReport:
    """A paper for the council in the making, and an issued one that quotes a contribution, with a file."""
    code = contribution.municipality_code
    last = await session.scalar(select(func.max(IssuedReport.number)).where(IssuedReport.municipality_code == code))
    scope = Scope("signalen", "raad", date(2026, 9, 1), date(2026, 9, 30))
    report = IssuedReport(
        id=uuid.uuid4(),
        municipality_code=code,
        kind="signalen",
        audience="raad",
        year=2026,
        number=(last or 0) + 1,
        title="Signalen van inwoners",
        since=scope.since,
        until=scope.until,
        scope=scope.kept(),
        content={},
        digest=b"x",
        issued_by=clerk.id,
        issued_at=now,
    )
    session.add(report)
    await session.flush()
    of_this = {"report_id": report.id, "municipality_code": code}
    draft = {"kind": "signalen", "scope": scope.kept(), "edits": {}, "found": {}, "state": "klaar", "done": 100}
    session.add_all(
        [
            ReportFile(**of_this, format="csv", body=b"x", made_at=now),
            ReportSource(**of_this, number=1, role="citaat", contribution_id=contribution.id),
            ReportDraft(municipality_code=code, **draft, made_by=clerk.id, made_at=now, changed_at=now),
        ]
    )
    await session.flush()
    return report


OTHERS_WORDS = "Meer bankjes bij de haltes."


def counted_with(words: str) -> dict[str, Any]:
    """An outcome in which these words are offered and chosen as a quote, beside those of somebody else."""
    quotes = [f"Bij het {words} staat een bankje.", OTHERS_WORDS]
    subject = {"woorden": "bankje", "aantal": 12, "citaten": quotes}
    parts = [{"id": "1", "soort": "open", "tekst": "Wat mist u?", "schreven": 12, "onderwerpen": [subject]}]
    return {reader: {"onderdelen": parts} for reader in (DESK, PUBLIC)} | {QUOTES: quotes, "definitief": True}


async def campaign_with(
    session: AsyncSession, conversation: Conversation, *, clerk: Clerk, words: str, now: datetime, code: str = UTRECHT
) -> Participant:
    """A row in every table of campaigns of a municipality, in which the resident of this conversation takes part."""
    campaign = Campaign(
        public_id=secrets.token_hex(6),
        municipality_code=code,
        title="Een autoluw centrum",
        why="De raad kiest in maart.",
        intro="Wat vindt u?",
        thanks="Dank u wel.",
        level="adviseren",
        phase="Nog alles is mogelijk.",
        decides="De gemeenteraad",
        official="Team Verkeer",
        portfolio_holder="De wethouder verkeer",
        asks_age=True,
        asks_area=True,
        state="loopt",
        revision=1,
        made_by=clerk.id,
        made_at=now,
        started_at=now,
    )
    session.add(campaign)
    await session.flush()
    at_home = {"campaign_id": campaign.id, "municipality_code": code}
    session.add(CampaignMunicipality(**at_home, leader_code=code, asked_at=now, agreed_at=now))
    part = CampaignPart(**at_home, position=1, kind="stellingen", text="Eens?", options=[], rules={})
    session.add(part)
    await session.flush()
    statements = [
        Statement(
            **at_home,
            part_id=part.id,
            number=number,
            text=f"Bij het {words}: nummer {number}.",
            masked_text=f"Nummer {number}.",
            state=state,
            resident_id=conversation.resident_id,
            writer_code=code,
            created_at=now,
        )
        for number, state in ((1, "goed"), (2, "wacht"))
    ]
    participant = Participant(
        **at_home,
        resident_id=conversation.resident_id,
        conversation_id=conversation.id,
        channel=conversation.channel,
        started_at=now,
        last_at=now,
    )
    mailing = Mailing(
        **at_home,
        kind="uitnodiging",
        text="Doet u mee?",
        audience={"who": MESSAGES},
        state="bezig",
        made_by=clerk.id,
        made_at=now,
    )
    trial_id = secrets.token_urlsafe(16)
    session.add(DeepLink(id=trial_id, municipality_code=code, campaign=f"proef.{trial_id}", created_at=now))
    session.add_all([*statements, participant, mailing])
    await session.flush()
    session.add(CampaignTrial(id=trial_id, **at_home, made_at=now, until=now))
    await session.flush()
    session.add_all(
        [
            Vote(**at_home, participant_id=participant.id, statement_id=statements[0].id, value=1, cast_at=now),
            CampaignAnswer(
                **at_home,
                participant_id=participant.id,
                part_id=part.id,
                value={},
                words=words,
                masked_words=f"Bij het {words} staat een bankje.",
                may_quote=True,
                answered_at=now,
            ),
            CampaignReach(**at_home, place="", day=now.date()),
            CampaignEvent(**at_home, what="gestart", detail={}, created_at=now),
            CampaignOutcome(**at_home, about=code, content={}, counted_from=1, counted_at=now),
            CampaignOutcome(**at_home, about=EVERYWHERE, content=counted_with(words), counted_from=1, counted_at=now),
            CampaignFeedback(
                **at_home,
                number=1,
                heard="Veel.",
                decided="Niets.",
                because="Daarom.",
                next_step="Geen.",
                changed_by=clerk.id,
                changed_at=now,
            ),
            CampaignTrialRun(
                trial_id=trial_id,
                conversation_id=conversation.id,
                municipality_code=code,
                revision=1,
                given=[{"meaning": {}, "words": words, "at": now.isoformat()}],
            ),
            FinalReport(**at_home, number=1, content={}, digest=b"x", issued_by=clerk.id, issued_at=now),
            Subscription(resident_id=conversation.resident_id, municipality_code=code, theme=None, created_at=now),
            Recipient(
                mailing_id=mailing.id,
                resident_id=conversation.resident_id,
                municipality_code=code,
                conversation_id=conversation.id,
                state="wacht",
                due_at=now,
            ),
        ]
    )
    await session.flush()
    return participant


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """A mail server on loopback, without encryption."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def chosen(server: Controller) -> Settings:
    return Settings(
        demo=True,
        public_url="https://samenspel.example/",
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security="none",
        smtp_from="samenspel@gemeente.example",
    )
