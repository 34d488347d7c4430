"""What a resident would get, made before anything is written: the very message that the chat would show."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.models import Contribution
from participation.reply import Reply
from participation.services import asking, delivery, dispositions, handling_rules
from participation.services.lifecycle import CHANGES, DISPOSITION, IN_FORM, TYPED


async def of_answer(session: AsyncSession, contribution: Contribution, *, text: str) -> Reply:
    """An answer."""
    return await delivery.message(session, contribution, kind="antwoord", text=text.strip())


async def of_question(session: AsyncSession, contribution: Contribution, *, text: str, now: datetime) -> Reply:
    """A question, with the day until which the resident may answer."""
    days = await handling_rules.answer_days(session, municipality_code=contribution.municipality_code)
    until = asking.end_of(now, days=days)
    return await delivery.message(session, contribution, kind="vraag", text=text.strip(), until=until)


async def of_change(
    session: AsyncSession, contribution: Contribution, *, before: str, after: str, reason: str, disposition: str
) -> Reply | None:
    """What comes with a change of status that is chosen from the list; none when the resident hears nothing of it.

    Raises:
        DispositionUnknown: the change needs a disposition, and this is none.
    """
    change = CHANGES.get((before, after))
    if change is None or change.told is None or change.needs not in IN_FORM:
        return None
    if change.told not in TYPED:
        return await delivery.message(session, contribution, kind="bericht", text=content.text(change.told))
    text = reason.strip()
    if change.needs == DISPOSITION:
        code = contribution.municipality_code
        way = await dispositions.find(session, municipality_code=code, key=disposition)
        text = f"{way.words}\n\n{text}"
    return await delivery.message(session, contribution, kind="antwoord", text=text)
