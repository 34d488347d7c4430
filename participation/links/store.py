"""Which links residents are given, which are due for a look, and which are broken."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.council.records import web_address
from participation.known_facts import known_facts
from participation.links.outcomes import FAILING_DAYS, Outcome, note
from participation.models import AnswerOverride, CheckedLink, LocalFact, OwnQuestion

ADDRESS = "adres"
"""The kind of fact whose value is a link."""


async def in_use(session: AsyncSession) -> set[str]:
    """All links of the library, of own answers and own questions in the chat, and of facts."""
    found = {source.url for answer in content.answers().values() for source in answer.sources}
    found |= set(await session.scalars(select(AnswerOverride.source_url)))
    found |= set(await session.scalars(select(OwnQuestion.source_url).where(OwnQuestion.is_published)))
    for fact in await session.scalars(select(LocalFact)):
        found |= set(of_fact(fact))
    return {url for url in found if web_address(url)}


def of_fact(fact: LocalFact) -> tuple[str, ...]:
    """The links of a fact: where it was found, and the fact itself when it is one."""
    known = known_facts().get(fact.name)
    value = fact.value if known is not None and known.kind == ADDRESS else None
    return tuple(dict.fromkeys(url for url in (value, fact.source_url) if url))


async def due(session: AsyncSession, *, limit: int, now: datetime) -> list[str]:
    """The links to look at: first those never looked at, then those that wait longest."""
    used = await in_use(session)
    waits = {row.url: row.again_at for row in await session.scalars(select(CheckedLink))}
    new = sorted(used - waits.keys())
    late = sorted((again_at, url) for url, again_at in waits.items() if url in used and again_at <= now)
    return [*new, *(url for _, url in late)][:limit]


async def keep(session: AsyncSession, outcomes: Mapping[str, Outcome], *, now: datetime) -> None:
    """Keep what was found, and forget links that are in use no more."""
    for url, outcome in outcomes.items():
        row = await session.get(CheckedLink, url)
        if row is None:
            row = CheckedLink(url=url, failing_days=0, failing_since=None, last_failed_on=None)
            session.add(row)
        note(row, outcome, now=now)
    await session.execute(delete(CheckedLink).where(CheckedLink.url.not_in(await in_use(session))))


async def broken(session: AsyncSession, urls: Iterable[str]) -> dict[str, CheckedLink]:
    """Those of these links that count as broken."""
    asked: Collection[str] = set(urls)
    rows = await session.scalars(
        select(CheckedLink).where(CheckedLink.url.in_(asked), CheckedLink.failing_days >= FAILING_DAYS)
    )
    return {row.url: row for row in rows}
