"""What is kept of a resident, as a file that they can keep."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.web.api import ConversationId, chat_of
from bot.web.problems import problems

router = APIRouter(prefix="/api/v1/mijn", responses=problems(401, 404))

FILE_NAME = "mijn-gegevens.json"


@router.get("/gegevens")
async def own_data(conversation_id: ConversationId, request: Request) -> JSONResponse:
    """Everything of the resident whose conversation the token opens, by kind."""
    return JSONResponse(
        await chat_of(request).gateway.own_data(conversation_id),
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"},
    )
