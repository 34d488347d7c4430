"""Putting contributions in one bundle from a form, wherever it stands, and what to say when that can not be."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request

from desk.access import Workplace
from desk.work import working
from participation.errors import (
    ContributionBundled,
    ContributionUnknown,
    TextMissing,
    TextTooLong,
    TransitionNotAllowed,
)
from participation.services import bundles
from participation.services.bundles import MAX_NAME_CHARACTERS

GONE_TOO_FAR = "Deze inbreng kan niet (meer) in een bundel. Een collega heeft de status intussen veranderd."


@dataclass(frozen=True)
class Tried:
    """The bundle, or what to tell with which status."""

    bundle_id: uuid.UUID | None = None
    error: str = ""
    status: int = 422


async def put_together(
    request: Request, place: Workplace, contribution_ids: Sequence[uuid.UUID], name: str, *, nothing: str
) -> Tried:
    """Make one bundle of them, or add to the one that one of them is in.

    Args:
        contribution_ids: none when nothing was chosen.
        nothing: what to say then, or when what was chosen has been erased meanwhile.
    """
    try:
        async with working(request, place) as work:
            with suppress(ContributionUnknown):  # a page of one contribution says itself that it is not there
                if contribution_ids:
                    return Tried(
                        await bundles.put_together(
                            work.session, contribution_ids=contribution_ids, name=name, **work.by
                        )
                    )
    except TextMissing:
        return Tried(error="Geef de bundel een naam. Inwoners zien die niet.")
    except TextTooLong:
        return Tried(error=f"De naam is te lang. Gebruik ten hoogste {MAX_NAME_CHARACTERS} tekens.")
    except ContributionBundled:
        return Tried(error="U koos inbreng uit verschillende bundels. Kies inbreng uit een bundel.")
    except TransitionNotAllowed:
        return Tried(error=GONE_TOO_FAR, status=409)
    return Tried(error=nothing)
