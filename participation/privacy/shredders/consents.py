"""What a resident agreed to, and the name, number or address that went with it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Consent, ConsentDetail, Contribution
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class Consents(Kind):
    """Every consent and every withdrawal, also about a contribution that stays: without a resident none of it holds."""

    name: ClassVar[str] = "toestemmingen"
    tables: ClassVar[frozenset[str]] = frozenset({"consent", "consent_detail"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """What was agreed to or withdrawn, when, in which channel and with which words."""
        rows = await session.execute(
            select(Consent, Contribution.reference, ConsentDetail.value)
            .outerjoin(Contribution, Contribution.id == Consent.contribution_id)
            .outerjoin(ConsentDetail, ConsentDetail.consent_id == Consent.id)
            .where(Consent.resident_id == subject.resident_id)
            .order_by(Consent.id)
        )
        return [
            {
                "doel": row.purpose,
                "gegeven": row.given,
                "nummer": reference,
                "gemeente": row.municipality_code,
                "gegeven_erbij": value,
                "versie_van_de_tekst": row.text_version,
                "kanaal": row.channel,
                "tijd": row.created_at.isoformat(),
            }
            for row, reference, value in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase all of it; the details go along."""
        return await delete_rows(session, delete(Consent).where(Consent.resident_id == subject.resident_id))
