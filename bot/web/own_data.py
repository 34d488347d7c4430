"""What is kept of a resident, as a file that they can keep."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.web.api import Chat, ConversationId, chat_of
from bot.web.problems import problems

ADDRESS = "/api/v1/mijn/gegevens"
FILE_NAME = "mijn-gegevens.json"

router = APIRouter(responses=problems(401, 404))


@router.get(ADDRESS)
async def own_data(conversation_id: ConversationId, request: Request) -> JSONResponse:
    """Everything of the resident whose conversation the token opens, by kind."""
    return await own_data_file(chat_of(request), conversation_id)


async def own_data_file(chat: Chat, conversation_id: uuid.UUID) -> JSONResponse:
    """The file, which a browser keeps and does not show.

    Raises:
        ConversationUnknown: it never was, or its time is up.
    """
    return JSONResponse(
        await chat.gateway.visits.own_data(conversation_id),
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"},
    )
