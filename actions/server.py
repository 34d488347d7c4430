"""The action server: rasa-sdk's, with our actions and a shared secret."""

import hmac
from datetime import UTC, datetime

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic, response

from actions.answers import ActionAntwoord, ActionHerhalen, ActionKeuze
from actions.contribution import ValidateInbrengForm
from actions.contribution_end import ActionInbrengStoppen, ActionInbrengVastleggen
from actions.contribution_questions import AskAkkoord, AskGemeente, AskTekst
from actions.contribution_status import ActionInbrengOverzicht
from actions.conversation import ActionGemeente, ActionMens, ActionTekst
from actions.guarded import GuardedAction, Surroundings
from actions.own_contributions import ActionInbrengAanvullen, ActionInbrengIntrekken
from actions.own_data import ActionGegevensWissen, ActionMijnGegevens
from participation.concern_store import ConcernStore
from participation.database import Database
from participation.database.connections import POOL
from participation.language.concerns import Concern
from participation.services import masking, sorting
from participation.settings import Settings

SECRET_HEADER = "X-Samenspel-Secret"  # noqa: S105  the header's name
ACTIONS: tuple[type[GuardedAction], ...] = (
    ActionAntwoord,
    ActionHerhalen,
    ActionKeuze,
    ActionTekst,
    ActionGemeente,
    ActionMens,
    ValidateInbrengForm,
    AskTekst,
    AskGemeente,
    AskAkkoord,
    ActionInbrengVastleggen,
    ActionInbrengStoppen,
    ActionInbrengOverzicht,
    ActionInbrengIntrekken,
    ActionInbrengAanvullen,
    ActionMijnGegevens,
    ActionGegevensWissen,
)


def executor(surroundings: Surroundings) -> ActionExecutor:
    """All actions, ready to run."""
    made = ActionExecutor()
    for action in ACTIONS:
        made.register_action(action(surroundings))
    return made


def create_server(settings: Settings) -> Sanic:
    """The Sanic application. /health is open; everything else needs the secret that Rasa sends along."""
    database = Database.from_settings(settings, most=POOL["actions"])
    store = ConcernStore(settings.concern_model, learnt=settings.concern_learnt)

    async def understand(text: str) -> Concern | None:
        return await sorting.understand(store, text)

    around = Surroundings(database, settings, lambda: datetime.now(UTC), understand)
    app = create_app(executor(around), cors_origins=None)
    secret = settings.actions_secret.encode()

    async def check(request: Request) -> HTTPResponse | None:
        if request.path == "/health" or hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret):
            return None
        return response.json({"error": "secret"}, status=401)

    async def close(_: Sanic) -> None:
        await database.close()

    app.register_middleware(check, "request")

    async def warm_up(running: Sanic) -> None:
        running.add_task(masking.warm_up())
        running.add_task(sorting.warm_up(store))

    app.register_listener(close, "after_server_stop")
    app.register_listener(warm_up, "after_server_start")
    return app
