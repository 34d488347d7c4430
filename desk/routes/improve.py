"""What can be better: whether residents found answers clear, and what the chat did not answer well."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, PageUnknown
from desk.context import desk_of
from desk.pages import render
from desk.work import working
from participation import content
from participation.services import own_questions, unsure, verdicts

router = APIRouter()


@router.get("/{code}/beter", name="improve")
async def show(request: Request, place: AtWork) -> Response:
    """Show the verdicts and the groups of questions, to those who can do something about them."""
    if not place.may_handle:
        raise PageUnknown(place.person)
    days = desk_of(request).settings.chat_retention_days
    async with working(request, place) as work:
        topics = await verdicts.by_topic(work.session, municipality_code=place.code, now=work.now)
        own = await own_questions.of_municipality(work.session, municipality_code=place.code)
        groups = await unsure.grouped(work.session, municipality_code=place.code, days=days, now=work.now)
    titles = {topic: answer.question for topic, answer in content.answers().items()}
    titles |= {f"{own_questions.TOPIC}{one.id}": one.question for one in own}
    return render(
        request,
        "beter.html",
        place=place,
        part="improve",
        topics=topics,
        titles=titles,
        groups=groups,
        verdict_days=verdicts.DAYS,
        chat_days=days,
        fewest=unsure.FEWEST_SHOWN,
    )
