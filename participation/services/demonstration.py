"""A demonstration: accounts, local facts and a made-up calendar for two municipalities. Only made in SAMENSPEL_DEMO."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council import example, feeds
from participation.models import Clerk, DeskSession, LocalFact, MunicipalitySetting
from participation.municipality_choices import TELEGRAM
from participation.services import clerks

ACCOUNTS = {
    "griffier.utrecht@demo.example": ("Griffier Utrecht (demonstratie)", {"GM0344": "griffier"}),
    "griffier.amersfoort@demo.example": ("Griffier Amersfoort (demonstratie)", {"GM0307": "griffier"}),
    "beheerder.utrecht@demo.example": ("Beheerder Utrecht (demonstratie)", {"GM0344": "beheerder"}),
}
"""A beheerder sets up a second factor at the first log-in, as everywhere."""

FACTS = {
    "GM0344": {
        "griffie_email": "griffie@utrecht.demo.example",
        "griffie_telefoon": "030 - 000 00 00",
        "raad_url": "https://utrecht.demo.example/raad",
        "vergaderlocatie": "het stadhuis aan de Korte Minrebroederstraat",
    },
    "GM0307": {
        "griffie_email": "griffie@amersfoort.demo.example",
        "griffie_telefoon": "033 - 000 00 00",
        "raad_url": "https://amersfoort.demo.example/raad",
        "vergaderlocatie": "het stadhuis aan het Stadhuisplein",
    },
}


async def make(session: AsyncSession, *, now: datetime) -> dict[str, str | None]:
    """Make what is missing. Returns e-mail to one-time password, None where the owner has set a password.

    A one-time password that nobody has used yet is replaced at each start, so that the newest print is the valid one.
    """
    passwords: dict[str, str | None] = {}
    for email, (name, roles) in ACCOUNTS.items():
        existing = await session.scalar(select(Clerk).where(Clerk.email == email))
        if existing is None:
            made, passwords[email] = await clerks.create_clerk(session, email=email, name=name, roles=roles, now=now)
            for code in roles:
                await session.execute(
                    insert(MunicipalitySetting)
                    .values(municipality_code=code, name=TELEGRAM, value=True, changed_by=made.id, changed_at=now)
                    .on_conflict_do_nothing()
                )
        elif existing.password_is_one_time:
            await session.execute(delete(DeskSession).where(DeskSession.clerk_id == existing.id))
            passwords[email] = clerks.give_one_time_password(existing)
        else:
            passwords[email] = None
    for code, facts in FACTS.items():
        for fact, value in facts.items():
            await session.execute(
                insert(LocalFact)
                .values(
                    municipality_code=code,
                    name=fact,
                    value=value,
                    source="Voorbeeld bij de demonstratie",
                    checked_on=date(now.year, now.month, now.day),
                )
                .on_conflict_do_nothing()
            )
    for code in FACTS:
        content = example.table(code, now).encode()
        await feeds.hand_over(session, municipality_code=code, name=example.NAME, content=content, now=now)
    return passwords
