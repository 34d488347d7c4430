"""The desk as one application, to be mounted at /griffie."""

import uuid
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from desk.context import Desk
from desk.library_news import tell_library_news
from desk.refusals import EXPLANATIONS
from desk.routes import (
    access_requests,
    account,
    answers,
    assigning,
    bundles,
    campaign_fairness,
    campaign_feedback,
    campaign_mailings,
    campaign_members,
    campaign_outcome,
    campaign_parts,
    campaign_places,
    campaign_statements,
    campaign_trial,
    campaign_writing,
    campaigns,
    composing,
    contribution,
    digest,
    facts,
    handling,
    improve,
    insight,
    intake,
    invitation,
    library,
    library_campaigns,
    log,
    masks,
    meetings,
    municipality_settings,
    notes,
    own_account,
    own_questions,
    passing_on,
    people,
    reports,
    retention,
    second_factor,
    sign_on,
    signals,
    standard_texts,
    worklist,
)
from desk.security import BodyLimit, SecurityHeaders, refuse_forms_from_elsewhere
from participation.council.sources import Surroundings
from participation.database import Database
from participation.openid import Client
from participation.services.notify import Change
from participation.services.own_questions import Understand, not_to_be_asked
from participation.settings import Settings


async def leave_it_to_the_worker(task: str, record_id: uuid.UUID, municipality_code: str) -> None:
    """Queue nothing."""


def create_desk(
    database: Database,
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    notify: Callable[[uuid.UUID], Awaitable[None]],
    watch: Callable[[str], AbstractContextManager[Change]] = lambda _: nullcontext(Change()),
    begin: Callable[[str, uuid.UUID, str], Awaitable[None]] = leave_it_to_the_worker,
    understand: Understand = not_to_be_asked,
) -> FastAPI:
    """Make the desk.

    Args:
        clock: gives the present moment, with a zone.
        notify: told the id of each new text to a resident, once it has been committed.
        watch: gives an event for a subject, for pages that tell what comes in; without it they never do.
        begin: queues work for the worker, which otherwise finds it within a minute.
        understand: asks the trained model of the chat; without it, pages say that this was not done.
    """
    app = FastAPI(
        title="Samenspel, griffie",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(refuse_forms_from_elsewhere)],
        exception_handlers=EXPLANATIONS,
    )
    around = Surroundings.usual(settings.ori_url, seconds=20)
    providers = {one.key: Client(one) for one in settings.sign_on}
    app.state.desk = Desk(database, settings, clock, notify, watch, begin, understand, around, providers=providers)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.include_router(account.router)
    app.include_router(digest.router)
    app.include_router(worklist.router)
    app.include_router(contribution.router)
    app.include_router(masks.router)
    app.include_router(composing.router)
    app.include_router(passing_on.router)
    app.include_router(handling.router)
    app.include_router(standard_texts.router, dependencies=[Depends(tell_library_news)])
    app.include_router(municipality_settings.router)
    app.include_router(bundles.router)
    app.include_router(notes.router)
    app.include_router(assigning.router)
    app.include_router(meetings.router)
    app.include_router(facts.router)
    app.include_router(answers.router, dependencies=[Depends(tell_library_news)])
    app.include_router(campaigns.router, dependencies=[Depends(tell_library_news)])
    app.include_router(campaign_writing.router)
    app.include_router(campaign_parts.router)
    app.include_router(campaign_places.router)
    app.include_router(campaign_statements.router)
    app.include_router(campaign_trial.router)
    app.include_router(campaign_members.router)
    app.include_router(campaign_mailings.router)
    app.include_router(campaign_outcome.router)
    app.include_router(campaign_feedback.router)
    app.include_router(campaign_fairness.router)
    app.include_router(improve.router)
    app.include_router(insight.router)
    app.include_router(retention.router)
    app.include_router(intake.router)
    app.include_router(signals.router)
    app.include_router(reports.router)
    app.include_router(own_questions.router, dependencies=[Depends(tell_library_news)])
    app.include_router(library.router, dependencies=[Depends(tell_library_news)])
    app.include_router(library_campaigns.router, dependencies=[Depends(tell_library_news)])
    app.include_router(log.router)
    app.include_router(own_account.router)
    app.include_router(second_factor.router)
    app.include_router(sign_on.router)
    app.include_router(people.router)
    app.include_router(access_requests.router)
    app.include_router(invitation.router)
    return app
