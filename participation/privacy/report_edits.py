"""Forgetting what the griffie wrote in drafts of a list about contributions of which the words go.

The subject that it wrote says in other words what the resident told.
"""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Contribution, ReportDraft


async def forget(session: AsyncSession, *, contribution_ids: Collection[uuid.UUID]) -> None:
    """Take what was written about these contributions out of all drafts.

    The drafts are locked, also those that hold nothing yet: who writes at this moment is waited for. Contributions are
    locked before drafts, here and where a list is issued, so that no two wait for each other.
    """
    theirs = select(Contribution.id).where(Contribution.id.in_(contribution_ids)).order_by(Contribution.id)
    await session.execute(theirs.with_for_update())
    where = select(Contribution.municipality_code).where(Contribution.id.in_(contribution_ids))
    drafts = await session.scalars(
        select(ReportDraft)
        .where(ReportDraft.kind == "stukken", ReportDraft.municipality_code.in_(where))
        .order_by(ReportDraft.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    gone = {str(one) for one in contribution_ids}
    for draft in drafts:
        kept = draft.edits.get("stukken", {})
        if gone & kept.keys():
            draft.edits = draft.edits | {"stukken": {one: edit for one, edit in kept.items() if one not in gone}}
    await session.flush()
