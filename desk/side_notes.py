"""What the page of a contribution shows beside it.

Signs for a person to look at, what the desk noted when it entered it, and what was agreed to.
"""

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from desk.access import Workplace
from desk.intake_words import ANSWERS
from desk.signal_words import FLAGS
from participation.dates import dutch_date
from participation.errors import ContributionUnknown
from participation.privacy.sealing import Sealer
from participation.services import consents, on_behalf, signals
from participation.settings import Settings


async def side_notes(
    session: AsyncSession, *, place: Workplace, contribution_id: uuid.UUID, settings: Settings
) -> dict[str, Any]:
    """Return what the partial templates `inbreng_*.html` need.

    Contact data only goes to who handles contributions, a name only to them and the council.

    Raises:
        ContributionUnknown: the council may not read it (any more), and this person only reads.
    """
    sealer = Sealer(settings.pseudonym_key, purpose=on_behalf.SEALED_FOR) if place.may_handle else None
    intake = await on_behalf.of_contribution(
        session, municipality_code=place.code, contribution_id=contribution_id, sealer=sealer
    )
    flags = await signals.of_contribution(session, municipality_code=place.code, contribution_id=contribution_id)
    consent = await consents.of_contribution(session, municipality_code=place.code, contribution_id=contribution_id)
    if not consent.shared and intake is None and not place.may_handle:
        raise ContributionUnknown
    consent = replace(
        consent,
        name=consent.name if place.may_hear_names else None,
        contact=consent.contact if place.may_handle else None,
    )
    return {
        "contribution_flags": flags if place.may_handle else (),
        "flag_words": FLAGS,
        "consent": consent,
        "intake": intake,
        "intake_day": dutch_date(intake.received_on) if intake else "",
        "intake_answers": ANSWERS,
    }
