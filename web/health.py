"""Whether this installation works, for supervisors and load balancers."""

import ssl
from datetime import datetime
from functools import cache

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.rasa import RasaClient
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import BackupMade
from participation.settings import settings

router = APIRouter(prefix="/gezondheid", include_in_schema=False)


@router.get("/levend")
async def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/gereed")
async def ready(request: Request) -> JSONResponse:
    """Every part that a conversation needs answers; 503 when one does not, or when this process is stopping.

    Of when the last back-up is goes along, for who watches that; residents can talk without.
    """
    database: Database = request.app.state.database
    rasa: RasaClient = request.app.state.rasa
    database_works, worker_works, backed_up = await _database_and_worker(database)
    working, known = await rasa.working()
    parts = {
        "database": database_works,
        "rasa": working > 0,
        "actions": await _actions(),
        "worker": worker_works,
    }
    status = "stopt" if request.app.state.chat.live.ended else "ok" if all(parts.values()) else "storing"
    return JSONResponse(
        {
            "status": status,
            "onderdelen": parts,
            "rasa_processen": {"werken": working, "bekend": known},
            "laatste_back_up": backed_up.isoformat() if backed_up else None,
        },
        status_code=200 if status == "ok" else 503,
    )


async def _database_and_worker(database: Database) -> tuple[bool, bool, datetime | None]:
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            beats = await session.scalar(
                text(
                    "SELECT count(*) FROM jobs.procrastinate_workers "
                    "WHERE last_heartbeat > now() - interval '30 seconds'"
                )
            )
            backed_up = await session.scalar(select(func.max(BackupMade.made_at)))
    except (SQLAlchemyError, OSError):
        return False, False, None
    return True, bool(beats), backed_up


async def _actions() -> bool:
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False, verify=_certificates()) as client:
            return (await client.get(f"{settings().actions_url}/health")).status_code == 200
    except httpx.HTTPError:
        return False


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: it takes 50 ms, and this is asked every few seconds."""
    return httpx.create_ssl_context()
