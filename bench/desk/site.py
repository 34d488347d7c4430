"""`python -m bench.desk.site`: the desk alone, as the web process mounts it."""

import uuid
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI

from desk.app import create_desk
from participation.database import Database
from participation.settings import settings


async def told(_: uuid.UUID) -> None:
    """Nothing is delivered here."""


if __name__ == "__main__":
    chosen, app = settings(), FastAPI()
    app.mount(
        "/griffie", create_desk(Database.from_settings(chosen), chosen, clock=lambda: datetime.now(UTC), notify=told)
    )
    uvicorn.run(app, host="127.0.0.1", port=chosen.port, access_log=False, log_level="warning")
