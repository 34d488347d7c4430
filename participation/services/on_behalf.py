"""What the desk enters for somebody who called, wrote, came by, or spoke in the street."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.answer_faults import FieldsFaulty
from participation.dates import AMSTERDAM
from participation.errors import ContributionUnknown
from participation.language.themes import OTHER, themes
from participation.models import Clerk, Contribution, ContributionIntake, ContributionSorting
from participation.models.contribution import KINDS
from participation.models.intake import ANSWERS_BY
from participation.privacy.sealing import Sealer
from participation.services import audit, contributions, own_contributions, statuses
from participation.services.contributions import Draft
from participation.services.lifecycle import INWONER

CHANNELS = ("telefoon", "balie", "papier", "kraam", "email", "bijeenkomst")
"""How it can have come in; `kraam` is a street stall."""

NEEDS_CONTACT = frozenset({"telefoon", "email", "post"})
LONGEST_TEXT = 10_000
LONGEST_PLACE, LONGEST_CONTACT = 200, 300
OLDEST = timedelta(days=5 * 365)
SEALED_FOR = "intake_contact"
"""What contact data is encrypted for (see `Sealer`)."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody told, as the desk noted it. Texts are without spaces around them; what is not known is empty.

    `answer_by` is how the person wants to hear the answer; empty when they want none.
    """

    text: str
    channel: str
    received_on: date | None
    place: str = ""
    kind: str = ""
    theme: str = ""
    answer_by: str = ""
    contact: str = ""

    @property
    def whole(self) -> str:
        """The text with the place that belongs to it: masked and sorted as one, so that neither is forgotten."""
        return f"{self.text}\n\nPlek: {self.place}" if self.place else self.text


def faults_of(told: Told, *, today: date) -> dict[str, str]:
    """Return a code for each field that can not be kept as it is."""
    checks: dict[str, str | None] = {
        "text": "leeg" if not told.text else "te_lang" if len(told.whole) > LONGEST_TEXT else None,
        "channel": None if told.channel in CHANNELS else "onbekend",
        "received_on": _fault_of_day(told.received_on, today),
        "place": "te_lang" if len(told.place) > LONGEST_PLACE else None,
        "kind": None if told.kind in {"", *KINDS} else "onbekend",
        "theme": None if told.theme in {"", OTHER, *themes()} else "onbekend",
        "answer_by": None if told.answer_by in {"", *ANSWERS_BY} else "onbekend",
        "contact": _fault_of_contact(told),
    }
    return {field: code for field, code in checks.items() if code}


def _fault_of_day(day: date | None, today: date) -> str | None:
    if day is None:
        return "datum"
    return "toekomst" if day > today else "te_oud" if day < today - OLDEST else None


def _fault_of_contact(told: Told) -> str | None:
    if told.answer_by in NEEDS_CONTACT and not told.contact:
        return "leeg"
    if told.contact and told.answer_by not in NEEDS_CONTACT:
        return "onnodig"  # personal data that nobody needs is not kept
    return "te_lang" if len(told.contact) > LONGEST_CONTACT else None


async def enter(
    session: AsyncSession,
    *,
    municipality_code: str,
    told: Told,
    submission: uuid.UUID,
    clerk: Clerk,
    sealer: Sealer,
    now: datetime,
) -> Contribution:
    """Log a contribution for somebody. `submission` is the random id of the form: sending it twice logs one.

    Raises:
        FieldsFaulty: nothing is logged.
    """
    if faults := faults_of(told, today=now.astimezone(AMSTERDAM).date()):
        raise FieldsFaulty(faults)
    draft = Draft(submission, told.whole, None, None, told.channel)
    contribution = await contributions.log_contribution(
        session, municipality_code=municipality_code, draft=draft, now=now
    )
    if await session.get(ContributionIntake, contribution.id) is not None:
        return contribution
    session.add(intake_of(told, contribution.id, municipality_code, clerk=clerk, sealer=sealer, batch=None, now=now))
    contribution.kind, contribution.theme = told.kind or None, told.theme or None
    if told.kind and told.theme:
        session.add(sorting_of(told, contribution.id, municipality_code, clerk=clerk, now=now))
    await audit.record(
        session,
        action="inbreng.ingevoerd",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution.id),
        details={"kanaal": told.channel},
        now=now,
    )
    await session.flush()
    return contribution


async def withdraw(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Withdraw what was entered, because the person asks for it: the words and the contact data are gone for good.

    As for residents in the chat: what the council works on or has closed stays. A second time changes nothing.

    Raises:
        ContributionUnknown: not entered by the desk of this municipality.
        TransitionNotAllowed: the status table forbids it.
    """
    found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
    intake = await session.get(ContributionIntake, contribution_id)
    if intake is None:
        raise ContributionUnknown
    if found.status == "geannuleerd":
        return
    statuses.allowed(found, "geannuleerd", by=INWONER)
    await own_contributions.erase_words(session, found.contribution, now=now)
    intake.contact = None
    await statuses.advance(
        session,
        found,
        "geannuleerd",
        by=INWONER,
        clerk=clerk,
        reason=own_contributions.WITHDRAWN_REASON,
        now=now,
        action="inbreng.ingetrokken",
    )


def intake_of(
    told: Told,
    contribution_id: uuid.UUID,
    municipality_code: str,
    *,
    clerk: Clerk,
    sealer: Sealer,
    batch: uuid.UUID | None,
    now: datetime,
) -> ContributionIntake:
    """What is kept beside the contribution; `told` has no faults."""
    return ContributionIntake(
        contribution_id=contribution_id,
        municipality_code=municipality_code,
        received_on=told.received_on,
        answer_by=told.answer_by or None,
        contact=sealer.seal(told.contact) if told.contact else None,
        batch=batch,
        entered_by=clerk.id,
        entered_at=now,
    )


def sorting_of(
    told: Told, contribution_id: uuid.UUID, municipality_code: str, *, clerk: Clerk, now: datetime
) -> ContributionSorting:
    """Kind and theme that the clerk gave; the next model learns from them as from any other."""
    return ContributionSorting(
        contribution_id=contribution_id,
        municipality_code=municipality_code,
        kind=told.kind,
        theme=told.theme,
        clerk_id=clerk.id,
        created_at=now,
    )


@dataclass(frozen=True)
class Intake:
    """What the page of a contribution shows of it. `contact` is readable."""

    received_on: date
    answer_by: str | None
    contact: str
    entered_by: str
    entered_at: datetime


async def of_contribution(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID, sealer: Sealer | None
) -> Intake | None:
    """Return what the desk noted when it entered a contribution; none when it came from a chat.

    Args:
        sealer: to read the contact data with; none for those who do not need them.
    """
    row = (
        await session.execute(
            select(ContributionIntake, Clerk.name)
            .join(Clerk, Clerk.id == ContributionIntake.entered_by)
            .where(
                ContributionIntake.contribution_id == contribution_id,
                ContributionIntake.municipality_code == municipality_code,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    intake, name = row
    contact = sealer.open(intake.contact) if sealer and intake.contact else ""
    return Intake(intake.received_on, intake.answer_by, contact, name, intake.entered_at)


async def answers_wanted(
    session: AsyncSession, *, municipality_code: str, contribution_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, str | None]:
    """Return how those who told these want to hear the answer, for those of them that the desk entered."""
    rows = await session.execute(
        select(ContributionIntake.contribution_id, ContributionIntake.answer_by).where(
            ContributionIntake.municipality_code == municipality_code,
            ContributionIntake.contribution_id.in_(contribution_ids),
        )
    )
    return dict(rows.all())


def codes_by_name(names: Mapping[str, str]) -> dict[str, str]:
    """Codes by what people may write for them: the code or its name, in any case."""
    return {key.casefold(): code for code, name in names.items() for key in (code, name)}
