"""Votes without a conversation around them: what a town sends when everybody votes at once.

A vote is no message in the chat; neither Rasa nor the gateway has a part in it, and those that come in together are
written together (`participation.campaigns.ballots`). The chat's own buttons keep working beside it, and both count as
one and the same vote.
"""

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from bot.web.api import ConversationId, address_of, chat_of
from bot.web.problems import problems
from participation.campaigns import states, taking_part
from participation.campaigns.ballots import Ballot, BallotBox
from participation.campaigns.faults import CampaignClosed, CampaignUnknown
from participation.campaigns.taking_part import Coming
from participation.database import EVERY_MUNICIPALITY, Database
from participation.services import conversations

router = APIRouter(prefix="/api/v1/chat", responses=problems(401, 404, 409, 429))


class NewVote(BaseModel):
    """Body of POST stemmen: 1 agrees, -1 disagrees, 0 does not know."""

    model_config = ConfigDict(extra="forbid")

    stelling: uuid.UUID
    waarde: Literal[-1, 0, 1]


async def database_of(request: Request) -> Database:  # what is not async, FastAPI asks in a thread: that takes longer
    """The database of this process."""
    found: Database = request.app.state.database
    return found


Tables = Annotated[Database, Depends(database_of)]


async def ballots_of(request: Request) -> BallotBox:
    """Where the votes of this process go in."""
    found: BallotBox = request.app.state.ballots
    return found


Box = Annotated[BallotBox, Depends(ballots_of)]


@router.post("/peilingen/{public_id}")
async def begin(public_id: str, conversation_id: ConversationId, request: Request, database: Tables) -> dict[str, Any]:
    """Take part, or go on: the statements in the order of this participant, each with the vote that they gave."""
    chat = chat_of(request)
    chat.limits.turn(conversation_id)
    chat.limits.turn_from(address_of(request))
    now = chat.clock()
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await conversations.get(session, conversation_id)
        campaign = await states.by_public_id(session, public_id)
        if campaign is None:
            raise CampaignUnknown
        if conversation.municipality_code is None:
            raise CampaignClosed
        coming = Coming(
            resident_id=conversation.resident_id,
            municipality_code=conversation.municipality_code,
            conversation_id=conversation.id,
            channel=conversation.channel,
            place=conversation.place,
        )
        participant, _ = await taking_part.start(session, campaign=campaign, coming=coming, now=now)
        walk = await taking_part.walk_of(session, campaign=campaign, participant=participant)
    shown = [(part, one) for part in walk.asked() if part.kind == "stellingen" for one in walk.shown(part)]
    return {
        "titel": campaign.title,
        "stellingen": [
            {
                "stelling": str(one.id),
                "vraag": part.text,
                "tekst": one.masked_text or one.text,
                "waarde": walk.votes[one.id].value if one.id in walk.votes else None,
            }
            for part, one in shown
        ],
    }


@router.post("/stemmen", status_code=204)
async def vote(body: NewVote, conversation_id: ConversationId, request: Request, ballots: Box) -> Response:
    """Vote on a statement of a campaign that this conversation takes part in; the latest vote counts."""
    chat = chat_of(request)
    chat.limits.vote(conversation_id)
    await ballots.cast(Ballot(conversation_id, body.stelling, body.waarde, chat.clock()))
    return Response(status_code=204)
