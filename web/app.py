"""Putting the web process together."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from bot.gateway import Gateway
from bot.limits import Limits
from bot.live import LiveConversations
from bot.metrics import Metrics
from bot.rasa import RasaClient, RasaUnavailable
from bot.relay.intake import intake
from bot.telegram.inbox import Inbox
from bot.telegram.webhook import webhook
from bot.web import api, campaign_outcome, campaign_page, campaign_trial, files, own_data, pages, plain, votes
from bot.web.made_before import MadeBefore
from bot.web.problems import explain_domain_error, explain_invalid_request, problem
from bot.web.tokens import tokens_of_conversations
from desk.app import create_desk
from desk.security import BodyLimit
from participation import tracing, worker
from participation.campaigns.ballots import BallotBox
from participation.database import Database
from participation.database.connections import POOL
from participation.errors import DomainError
from participation.reports import jobs as report_jobs
from participation.settings import Settings
from web import health
from web.crowd import Crowd
from web.headers import DefaultHeaders, headers_for
from web.security_txt import security_txt

CLERK_SECONDS = 4.0
"""How long a clerk who adds a question waits for what Rasa makes of it."""

_PROBLEMS = {
    404: ("Niet gevonden", "Dit adres bestaat hier niet."),
    500: ("Er ging iets mis bij ons", "Probeer het over een paar minuten opnieuw. Is er gevaar? Bel 112."),
    408: ("Te langzaam", "Uw bericht kwam niet op tijd helemaal aan. Stuur het opnieuw."),
    405: ("Dit kan niet", "Dit adres kent deze manier van vragen niet."),
    413: ("Te groot", "Dit bericht is te groot. Stuur het in delen."),
}
_OTHER_PROBLEM = ("Dit kan niet", "Uw verzoek kon niet worden uitgevoerd.")
_PAGES = _PROBLEMS | {
    404: ("Deze pagina bestaat niet", "Kijk of het adres klopt. Ga anders terug naar de site van uw gemeente.")
}
_PAGE = (
    '<!doctype html><html lang="nl"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{detail}</p></html>'
)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def create_app(settings: Settings) -> FastAPI:
    """The application: chat and API at the root, the desk under /griffie."""
    database, metrics = Database.from_settings(settings, most=POOL["web"]), Metrics()
    limits = Limits(metrics)
    rasa = RasaClient(settings, metrics)
    live = LiveConversations(settings)
    jobs = worker.job_app(settings)

    async def queue_delivery(entry_id: uuid.UUID) -> None:
        await worker.queue_delivery(jobs, entry_id)

    async def queue_report(task: str, record_id: uuid.UUID, municipality_code: str) -> None:
        await report_jobs.queue(jobs, task, record_id, municipality_code)

    async def understand(texts: Sequence[str]) -> list[tuple[str, float]] | None:
        try:
            return await rasa.understood(texts, until=time.monotonic() + CLERK_SECONDS)
        except RasaUnavailable:
            return None

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(live.run())
        async with jobs.open_async():
            with metrics.served(settings), tracing.kept(settings, "web"):
                yield
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await rasa.close()
        await app.state.ballots.close()
        await database.close()

    app = FastAPI(title="Samenspel", version="1", openapi_url="/api/v1/openapi.json", docs_url=None, lifespan=lifespan)
    app.state.database, app.state.rasa = database, rasa
    app.state.ballots = BallotBox(database)
    app.state.public_url = settings.public_url
    app.state.made_before = MadeBefore()
    app.state.chat = api.Chat(
        gateway=Gateway(database, settings, rasa, clock=now, metrics=metrics, limits=limits),
        live=live,
        limits=limits,
        tokens=tokens_of_conversations(settings.secret_key),
        token_seconds=settings.chat_retention_days * 86_400,
        clock=now,
    )
    app.add_exception_handler(DomainError, explain_domain_error)
    app.add_exception_handler(RequestValidationError, explain_invalid_request)
    app.add_exception_handler(HTTPException, _explain_http)
    app.add_exception_handler(Exception, _explain_fault)
    app.add_middleware(BodyLimit)
    app.add_middleware(Crowd, metrics=metrics)
    app.add_middleware(DefaultHeaders, headers=headers_for(settings.public_url))
    app.include_router(api.router)
    app.include_router(own_data.router)
    app.include_router(votes.router)
    app.include_router(pages.router)
    app.include_router(campaign_trial.router)
    app.include_router(campaign_page.router)
    app.include_router(plain.router)
    app.include_router(campaign_outcome.router)
    app.include_router(health.router)
    if settings.security_contact:
        app.include_router(security_txt(settings.security_contact, public_url=settings.public_url, clock=now))
    if settings.telegram_webhook:
        app.include_router(webhook(Inbox(database, settings, clock=now), secret=settings.telegram_webhook_secret))
    if settings.relay_url:
        app.include_router(intake(app.state.chat.gateway, secret=settings.relay_secret, clock=now))
    app.include_router(files.router)
    desk = create_desk(
        database,
        settings,
        clock=now,
        notify=queue_delivery,
        watch=live.watch,
        begin=queue_report,
        understand=understand,
    )
    app.mount("/griffie", desk)
    return app


async def _explain_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/api/"):
        told = problem(status, *_PROBLEMS.get(status, _OTHER_PROBLEM))
        if status == 405:
            told.headers["Allow"] = ", ".join(_methods(request))
        return told
    title, detail = _PAGES.get(status, _OTHER_PROBLEM)
    return HTMLResponse(_PAGE.format(title=title, detail=detail), status_code=status)


def _methods(request: Request) -> list[str]:
    """What an address of the API takes: of several routes with one path the error itself names only the first."""
    paths: dict[str, dict[str, object]] = request.app.openapi()["paths"]
    found = [methods for path, methods in paths.items() if compile_path(path)[0].match(request.url.path)]
    return sorted({method.upper() for methods in found for method in methods})


async def _explain_fault(request: Request, error: Exception) -> Response:
    """The server answers this one outside the middleware, so the headers are added here."""
    response = await _explain_http(request, error)
    response.headers.update(headers_for(request.app.state.public_url))
    return response
