"""The settings of a municipality: reading them, and keeping a change with its history.

They are read from the database for every page and turn: one query for a handful of rows. So a change holds at once, in
every process, and nothing has to be told about it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation import own_areas
from participation.errors import ChangedMeanwhile, DaysOutOfRange, MunicipalityUnknown, SortingUnknown, TextTooLong
from participation.house_style import Colors
from participation.language.themes import themes
from participation.logo import Logo
from participation.models import (
    AuditEvent,
    Clerk,
    Municipality,
    MunicipalityLogo,
    MunicipalitySetting,
    WorklistItem,
)
from participation.municipality_choices import (
    AREAS,
    COLORS,
    HIDDEN_THEMES,
    LOGO,
    NAME,
    OFFICE_HOURS,
    PATIENCE,
    PERIODS,
    RECIPIENTS,
    SITES,
    TELEGRAM,
    WELCOME,
    Choices,
)
from participation.own_areas import Areas
from participation.recipients import Recipients
from participation.services import audit

CHANGED = "instelling.veranderd"
_LOCK = 0x494E5354  # any number that nothing else locks together with another
MAX_CHARACTERS: Mapping[str, int] = {NAME: 60, WELCOME: 500, OFFICE_HOURS: 200}
FEWEST_DAYS, MOST_DAYS = 1, 365
HISTORY_SHOWN = 20
TEXTS, CHANNELS = (NAME, WELCOME, OFFICE_HOURS), (TELEGRAM, SITES)
TOGETHER = (TEXTS, (COLORS,), (LOGO,), (HIDDEN_THEMES,), (AREAS,), (PERIODS,), (RECIPIENTS,), CHANNELS)
"""What is changed in one go."""


async def of(session: AsyncSession, municipality_code: str | None) -> Choices:
    """Return what a municipality chose; the usual where none is known."""
    if municipality_code is None:
        return Choices()
    rows = await session.execute(
        select(MunicipalitySetting.name, MunicipalitySetting.value).where(
            MunicipalitySetting.municipality_code == municipality_code
        )
    )
    return Choices.read(dict(rows.all()))


async def shown_name(session: AsyncSession, municipality_code: str) -> str:
    """Return the name by which residents know the municipality.

    Raises:
        MunicipalityUnknown: no municipality has this code.
    """
    own = select(MunicipalitySetting.value).where(
        MunicipalitySetting.municipality_code == municipality_code, MunicipalitySetting.name == NAME
    )
    found = (
        await session.execute(
            select(Municipality.name, own.scalar_subquery().label("own")).where(Municipality.code == municipality_code)
        )
    ).one_or_none()
    if found is None:
        raise MunicipalityUnknown(municipality_code)
    return str(found.own or found.name)


async def logo(session: AsyncSession, municipality_code: str) -> Logo | None:
    """Return the logo."""
    row = await session.get(MunicipalityLogo, municipality_code)
    return Logo(row.image, row.version) if row else None


async def history(session: AsyncSession, *, municipality_code: str) -> Sequence[AuditEvent]:
    """Return the latest changes, the newest first."""
    found = await session.scalars(
        select(AuditEvent)
        .where(AuditEvent.municipality_code == municipality_code, AuditEvent.action == CHANGED)
        .order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc())
        .limit(HISTORY_SHOWN)
    )
    return found.all()


async def set_texts(
    session: AsyncSession,
    *,
    municipality_code: str,
    name: str,
    welcome: str,
    office_hours: str,
    clerk: Clerk,
    now: datetime,
    seen: str = "",
) -> None:
    """Set what residents read; an empty text brings the usual back.

    Raises:
        TextTooLong: nothing was kept.
        ChangedMeanwhile: as all that follow here, when the page was made before the last change.
    """
    typed = {NAME: " ".join(name.split()), WELCOME: welcome.strip(), OFFICE_HOURS: " ".join(office_hours.split())}
    if any(len(text) > MAX_CHARACTERS[setting] for setting, text in typed.items()):
        raise TextTooLong
    await _keep(session, municipality_code, typed, clerk, now, seen)


async def set_colors(
    session: AsyncSession, *, municipality_code: str, colors: Colors | None, clerk: Clerk, now: datetime, seen: str = ""
) -> None:
    """Set the colours, which were checked before; none brings the usual back."""
    await _keep(session, municipality_code, {COLORS: colors.to_json() if colors else None}, clerk, now, seen)


async def set_logo(
    session: AsyncSession, *, municipality_code: str, logo: Logo | None, clerk: Clerk, now: datetime, seen: str = ""
) -> None:
    """Set the logo, drawn again; or take it away."""
    if logo is None:
        await session.execute(delete(MunicipalityLogo).where(MunicipalityLogo.municipality_code == municipality_code))
    else:
        values = {"image": logo.image, "version": logo.version, "changed_by": clerk.id, "changed_at": now}
        statement = insert(MunicipalityLogo).values(municipality_code=municipality_code, **values)
        await session.execute(statement.on_conflict_do_update(index_elements=["municipality_code"], set_=values))
    await _keep(session, municipality_code, {LOGO: logo.version if logo else None}, clerk, now, seen)


async def set_themes(
    session: AsyncSession,
    *,
    municipality_code: str,
    shown: Collection[str],
    clerk: Clerk,
    now: datetime,
    seen: str = "",
) -> None:
    """Set which themes are used. What is sorted under another one already stays there.

    Raises:
        SortingUnknown: there is no such theme, or none is left.
    """
    if not shown or not set(shown) <= set(themes()):
        raise SortingUnknown
    hidden = [theme for theme in themes() if theme not in set(shown)]
    await _keep(session, municipality_code, {HIDDEN_THEMES: hidden}, clerk, now, seen)


async def set_areas(
    session: AsyncSession, *, municipality_code: str, areas: Areas, clerk: Clerk, now: datetime, seen: str = ""
) -> None:
    """Set the municipality's own names; the worker reads all texts for them once more."""
    kept = [[name, list(others)] for name, others in areas.items()]
    if await _keep(session, municipality_code, {AREAS: kept}, clerk, now, seen):
        of_it = WorklistItem.municipality_code == municipality_code
        # In one order, as whoever else changes several rows at once: they wait, and do not block each other.
        ordered = select(WorklistItem.contribution_id).where(of_it).order_by(WorklistItem.contribution_id)
        await session.execute(ordered.with_for_update())
        await session.execute(update(WorklistItem).where(of_it).values(is_placed=False))


async def set_patience(
    session: AsyncSession,
    *,
    municipality_code: str,
    days: Mapping[str, int],
    clerk: Clerk,
    now: datetime,
    seen: str = "",
) -> None:
    """Set after how many days each status is overdue.

    Raises:
        DaysOutOfRange: fewer than one day, more than a year, or of a status that has no end.
    """
    if set(days) != set(PATIENCE) or not all(FEWEST_DAYS <= count <= MOST_DAYS for count in days.values()):
        raise DaysOutOfRange
    own = {status: count for status, count in days.items() if timedelta(days=count) != PATIENCE[status]}
    await _keep(session, municipality_code, {PERIODS: own}, clerk, now, seen)


async def set_channels(
    session: AsyncSession,
    *,
    municipality_code: str,
    on_telegram: bool,
    sites: Sequence[str],
    clerk: Clerk,
    now: datetime,
    seen: str = "",
) -> None:
    """Set where residents find the chat."""
    await _keep(session, municipality_code, {TELEGRAM: on_telegram, SITES: list(sites)}, clerk, now, seen)


async def set_recipients(
    session: AsyncSession,
    *,
    municipality_code: str,
    recipients: Recipients,
    clerk: Clerk,
    now: datetime,
    seen: str = "",
) -> None:
    """Set to whom contributions can be passed on. What went to one that is no longer there keeps its name."""
    await _keep(session, municipality_code, {RECIPIENTS: [list(one) for one in recipients.items()]}, clerk, now, seen)


async def areas_of(session: AsyncSession) -> Mapping[str, Areas]:
    """Return the own areas of every municipality that has them."""
    rows = await session.execute(
        select(MunicipalitySetting.municipality_code, MunicipalitySetting.value).where(
            MunicipalitySetting.name == AREAS
        )
    )
    return {code: Choices.read({AREAS: value}).areas for code, value in rows}


def areas_written(choices: Choices) -> str:
    """Write the own areas as they are typed."""
    return own_areas.written(choices.areas)


async def versions(session: AsyncSession, municipality_code: str) -> dict[str, str]:
    """Return what stands for the kept values of all that is changed in one go, by the first of them."""
    rows = await session.execute(
        select(MunicipalitySetting.name, MunicipalitySetting.value).where(
            MunicipalitySetting.municipality_code == municipality_code
        )
    )
    kept: dict[str, Any] = dict(rows.all())
    return {names[0]: _version(names, kept) for names in TOGETHER}


def _version(names: Collection[str], kept: Mapping[str, Any]) -> str:
    """The same as long as the values are; what is typed is held against it when it is saved."""
    written = json.dumps([kept.get(name) for name in sorted(names)], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


async def _keep(
    session: AsyncSession, municipality_code: str, values: Mapping[str, Any], clerk: Clerk, now: datetime, seen: str
) -> bool:
    """Keep what differs from what was kept, and record it; what is empty is no longer kept. Returns whether it did.

    Args:
        seen: the version that the page showed from which this is changed; empty where no page was.

    Raises:
        ChangedMeanwhile: that version is not the present one.
    """
    # Of a setting that is not there yet there is no row to lock.
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(municipality_code))))
    rows = await session.scalars(
        select(MunicipalitySetting)
        .where(MunicipalitySetting.municipality_code == municipality_code, MunicipalitySetting.name.in_(values))
        .with_for_update()
    )
    before = {row.name: row.value for row in rows}
    changed = {name: value for name, value in values.items() if (value or None) != before.get(name)}
    if changed and seen and seen != _version(values, before):
        raise ChangedMeanwhile
    for name, value in changed.items():
        if value:
            kept = {"value": value, "changed_by": clerk.id, "changed_at": now}
            statement = insert(MunicipalitySetting).values(municipality_code=municipality_code, name=name, **kept)
            await session.execute(
                statement.on_conflict_do_update(index_elements=["municipality_code", "name"], set_=kept)
            )
        else:
            await session.execute(
                delete(MunicipalitySetting).where(
                    MunicipalitySetting.municipality_code == municipality_code, MunicipalitySetting.name == name
                )
            )
        await audit.record(
            session,
            action=CHANGED,
            clerk=clerk,
            municipality_code=municipality_code,
            record=name,
            details={"wat": name, "van": before.get(name), "naar": value or None},
            now=now,
        )
    await session.flush()
    return bool(changed)
