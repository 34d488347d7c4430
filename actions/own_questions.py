"""Where the trained model has no answer, a question of the municipality's own may have one."""

from actions.turn import ActionTurn
from participation.dates import AMSTERDAM
from participation.reply import Reply
from participation.services import own_questions


def gives_way(turn: ActionTurn, topic: str) -> bool:
    """Whether an own question may take the place of this answer."""
    label = f"{turn.intent}/{topic}" if turn.intent == "vraag" else topic
    return own_questions.gives_way(label, dict(turn.ranking).get(label, 1.0))


async def own_answer(turn: ActionTurn) -> Reply | None:
    """Return the municipality's own answer to what was typed; a button says exactly what it means."""
    if turn.municipality_code is None or turn.choice is not None or not turn.text.strip():
        return None
    return await own_questions.answer(
        turn.database,
        municipality_code=turn.municipality_code,
        text=turn.text,
        embedding=turn.embedding,
        today=turn.now.astimezone(AMSTERDAM).date(),
    )
