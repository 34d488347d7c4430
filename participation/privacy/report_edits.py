"""Forgetting what the griffie wrote in drafts of a list about contributions of which the words go, or some are hidden.

The subject that it wrote says in other words what the resident told.
"""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Contribution, ReportDraft
from participation.privacy.masking import with_marks
from participation.privacy.masking_decisions import Decisions, decided


async def forget(session: AsyncSession, *, contribution_ids: Collection[uuid.UUID]) -> None:
    """Take what was written about these contributions out of all drafts."""
    gone = {str(one) for one in contribution_ids}
    for draft in await _locked(session, contribution_ids):
        kept = draft.edits.get("stukken", {})
        if gone & kept.keys():
            draft.edits = draft.edits | {"stukken": {one: edit for one, edit in kept.items() if one not in gone}}
    await session.flush()


async def hide(session: AsyncSession, *, contribution_id: uuid.UUID, words: str, kind: str) -> None:
    """Put a mark for these words in what was written about a contribution in all drafts."""
    hidden = Decisions(corrections=((words, kind),))
    for draft in await _locked(session, (contribution_id,)):
        kept = draft.edits.get("stukken", {})
        if edit := kept.get(str(contribution_id)):
            masked = {name: _masked(said, hidden) if isinstance(said, str) else said for name, said in edit.items()}
            draft.edits = draft.edits | {"stukken": kept | {str(contribution_id): masked}}
    await session.flush()


def _masked(text: str, decisions: Decisions) -> str:
    return with_marks(text, decided(text, (), decisions))


async def _locked(session: AsyncSession, contribution_ids: Collection[uuid.UUID]) -> Sequence[ReportDraft]:
    """Lock the drafts of the municipalities of these contributions, also those that hold nothing about them yet.

    Who writes at this moment is waited for. Contributions are locked before drafts, here and where a list is issued, so
    that no two wait for each other.
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
    return drafts.all()
