"""Handling contributions on one subject together: one answer to all, while each keeps its own thread."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import (
    BundleUnknown,
    ContributionBundled,
    ContributionUnknown,
    TextMissing,
    TextTooLong,
    TransitionNotAllowed,
)
from participation.models import Bundle, BundleMember, Clerk, Contribution, WorklistItem
from participation.services import audit, consents, contributions, lifecycle, statuses
from participation.services.contributions import ContributionRow
from participation.services.lifecycle import CLOSING, GRIFFIE

MAX_NAME_CHARACTERS = 80


@dataclass(frozen=True)
class BundleDetail:
    """A bundle with the contributions in it, oldest first."""

    bundle: Bundle
    rows: Sequence[ContributionRow]

    @property
    def open_rows(self) -> Sequence[ContributionRow]:
        """Those that an answer to all goes to: what is closed has had its own."""
        return [row for row in self.rows if row.status not in CLOSING]


def can_join(status: str) -> bool:
    """Whether a contribution with this status in force may be put in a bundle."""
    return lifecycle.may(GRIFFIE, status, "gebundeld")


async def make(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID, name: str, clerk: Clerk, now: datetime
) -> Bundle:
    """Make a bundle of one contribution, to which others can be added.

    Raises:
        TextMissing, TextTooLong: the name is.
        ContributionUnknown, ContributionBundled, TransitionNotAllowed: see `join`.
    """
    name = " ".join(name.split())
    if not name:
        raise TextMissing
    if len(name) > MAX_NAME_CHARACTERS:
        raise TextTooLong
    bundle = Bundle(id=uuid.uuid4(), municipality_code=municipality_code, name=name, made_by=clerk.id, created_at=now)
    session.add(bundle)
    await session.flush()
    await join(
        session,
        municipality_code=municipality_code,
        bundle_id=bundle.id,
        contribution_ids=[contribution_id],
        clerk=clerk,
        now=now,
    )
    return bundle


async def join(
    session: AsyncSession,
    *,
    municipality_code: str,
    bundle_id: uuid.UUID,
    contribution_ids: Sequence[uuid.UUID],
    clerk: Clerk,
    now: datetime,
) -> None:
    """Put contributions in a bundle; one that is in it already stays as it is.

    Raises:
        BundleUnknown, ContributionUnknown: not in this municipality.
        ContributionBundled: one is in another bundle.
        TransitionNotAllowed: one has gone too far to be handled together with others.
    """
    bundle = await _find(session, municipality_code, bundle_id)
    for contribution_id in sorted(contribution_ids):  # in one order: two clerks at once wait, and do not block
        found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
        statement = (
            insert(BundleMember)
            .values(
                contribution_id=contribution_id,
                bundle_id=bundle_id,
                municipality_code=municipality_code,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["contribution_id"])
            .returning(BundleMember.contribution_id)
        )
        if await session.scalar(statement) is None:
            member = await session.get_one(BundleMember, contribution_id)
            if member.bundle_id != bundle_id:
                raise ContributionBundled
            continue
        await statuses.advance(session, found, "gebundeld", by=GRIFFIE, clerk=clerk, now=now)
        await _record(session, "inbreng.in_bundel", bundle, contribution_id, clerk, now)
    await session.flush()


async def put_together(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_ids: Sequence[uuid.UUID],
    name: str,
    clerk: Clerk,
    now: datetime,
) -> uuid.UUID:
    """Put contributions in one bundle: the one that some of them are in, or a new one with this name; returns its id.

    Raises:
        TextMissing, TextTooLong: a new bundle is needed, and the name is.
        ContributionBundled: they are in several bundles.
        ContributionUnknown, TransitionNotAllowed: see `join`.
    """
    # All at once and in one order: two clerks wait for each other, and a second click finds what the first made.
    held = await statuses.hold(session, municipality_code=municipality_code, contribution_ids=contribution_ids)
    if held != set(contribution_ids):
        raise ContributionUnknown
    present = await session.scalars(
        select(BundleMember.bundle_id)
        .where(BundleMember.contribution_id.in_(held), BundleMember.municipality_code == municipality_code)
        .distinct()
    )
    bundle_ids = present.all()
    if len(bundle_ids) > 1:
        raise ContributionBundled
    about: dict[str, Any] = {"municipality_code": municipality_code, "clerk": clerk, "now": now}
    if bundle_ids:
        bundle_id, others = bundle_ids[0], list(contribution_ids)
    else:
        first, *others = contribution_ids
        bundle_id = (await make(session, contribution_id=first, name=name, **about)).id
    await join(session, bundle_id=bundle_id, contribution_ids=others, **about)
    return bundle_id


async def leave(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Take a contribution out of its bundle; it goes on by itself. A bundle with nothing in it goes.

    Raises:
        ContributionUnknown: not in this municipality.
        BundleUnknown: it is in no bundle.
    """
    found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
    member = await session.get(BundleMember, contribution_id)
    if member is None:
        raise BundleUnknown
    bundle = await _find(session, municipality_code, member.bundle_id)
    await session.delete(member)
    if found.status == "gebundeld":
        await statuses.advance(session, found, "in_behandeling", by=GRIFFIE, clerk=clerk, now=now)
    await _record(session, "inbreng.uit_bundel", bundle, contribution_id, clerk, now)
    await session.flush()
    others = exists(select(BundleMember).where(BundleMember.bundle_id == bundle.id))
    await session.execute(delete(Bundle).where(Bundle.id == bundle.id, ~others))


async def of_contribution(session: AsyncSession, *, contribution_id: uuid.UUID) -> Bundle | None:
    """Return the bundle that a contribution is in."""
    return await session.scalar(
        select(Bundle)
        .join(BundleMember, BundleMember.bundle_id == Bundle.id)
        .where(BundleMember.contribution_id == contribution_id)
    )


async def find(
    session: AsyncSession, *, municipality_code: str, bundle_id: uuid.UUID, for_council: bool = False
) -> BundleDetail:
    """Return a bundle of this municipality with what is in it.

    Args:
        for_council: leave out what the resident does not want to go to the council any more.

    Raises:
        BundleUnknown: not in this municipality, or nothing in it is for who asks.
    """
    bundle = await _find(session, municipality_code, bundle_id)
    query = (
        select(Contribution, WorklistItem.status)
        .join(BundleMember, BundleMember.contribution_id == Contribution.id)
        .join(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .where(BundleMember.bundle_id == bundle_id)
        .order_by(Contribution.created_at, Contribution.id)
    )
    if for_council:
        query = query.where(Contribution.id.in_(consents.readable_by_council(municipality_code)))
    rows = [ContributionRow(contribution, status) for contribution, status in await session.execute(query)]
    if for_council and not rows:
        raise BundleUnknown
    return BundleDetail(bundle, rows)


async def reply_to_all(
    session: AsyncSession,
    *,
    municipality_code: str,
    bundle_id: uuid.UUID,
    text: str,
    clerk: Clerk,
    submission: uuid.UUID,
    now: datetime,
) -> Sequence[uuid.UUID]:
    """Write one text to every resident whose contribution is still open, each in their own thread.

    `submission` is the random id of the form: sending it twice writes each text once.

    Returns:
        The contributions it was written to; those whose chat was erased are left out.

    Raises:
        BundleUnknown: not in this municipality.
        TextMissing, TextTooLong, FieldOpen: nothing was written.
    """
    detail = await find(session, municipality_code=municipality_code, bundle_id=bundle_id)
    reached = []
    for row in sorted(detail.open_rows, key=lambda row: row.contribution.id):  # in one order, see `join`
        if row.contribution.conversation_id is None:
            continue
        await contributions.reply(
            session,
            municipality_code=municipality_code,
            contribution_id=row.contribution.id,
            text=text,
            clerk=clerk,
            submission=uuid.uuid5(submission, str(row.contribution.id)),
            now=now,
        )
        reached.append(row.contribution.id)
    if not reached and not text.strip():
        raise TextMissing
    return reached


async def close_all(
    session: AsyncSession,
    *,
    municipality_code: str,
    bundle_id: uuid.UUID,
    reason: str,
    disposition: str | None,
    clerk: Clerk,
    now: datetime,
) -> Sequence[uuid.UUID]:
    """Close every contribution that is still open, with one text and one disposition; returns which.

    Sending the form twice closes nothing more and returns the same ones.

    Raises:
        BundleUnknown: not in this municipality.
        TransitionNotAllowed: an explanation is missing, or a colleague closed all of them or took them out.
        DispositionMissing, DispositionUnknown, TextTooLong, FieldOpen: nothing was closed.
    """
    detail = await find(session, municipality_code=municipality_code, bundle_id=bundle_id)
    status, closed = "afgehandeld", []
    for contribution_id in sorted(row.contribution.id for row in detail.rows):
        found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
        # Only now: what a colleague closed or took out when we had to wait for the lock is left alone.
        member = await session.get(BundleMember, contribution_id, populate_existing=True)
        if member is None or member.bundle_id != bundle_id:
            continue
        sent_before = found.status == status and found.given_by(clerk, reason=reason, disposition=disposition)
        if found.status in CLOSING and not sent_before:
            continue
        await contributions.change_status(
            session,
            municipality_code=municipality_code,
            contribution_id=contribution_id,
            status=status,
            clerk=clerk,
            now=now,
            reason=reason,
            disposition=disposition,
        )
        closed.append(contribution_id)
    if not closed:
        raise TransitionNotAllowed
    return closed


async def _find(session: AsyncSession, municipality_code: str, bundle_id: uuid.UUID) -> Bundle:
    bundle = await session.scalar(
        select(Bundle).where(Bundle.id == bundle_id, Bundle.municipality_code == municipality_code)
    )
    if bundle is None:
        raise BundleUnknown
    return bundle


async def _record(
    session: AsyncSession, action: str, bundle: Bundle, contribution_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=bundle.municipality_code,
        record=str(contribution_id),
        words=bundle.name,
        now=now,
    )
