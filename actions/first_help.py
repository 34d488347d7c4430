"""What comes before the form goes on: whom to call, or whose business it is. The words are taken down all the same."""

from actions.answers import find_answer
from actions.referral import referral
from actions.turn import ActionTurn
from participation import authorities

DANGER_CONFIDENCE = 0.8
"""From this confidence on, a story gets the numbers to call first. The gateway's own danger check goes before this."""

ELSEWHERE = ("melding_openbare_ruimte", "andere_overheid")
REFERRAL_CONFIDENCE = 0.8
"""From this confidence on, a story is about what the municipality's own service repairs, or another authority does."""


async def help_first(turn: ActionTurn) -> None:
    """Say whom to call when the words sound like danger, and still take them down."""
    if turn.intent in ("noodgeval", "persoonlijke_nood") and _sure(turn, DANGER_CONFIDENCE):
        turn.say(await find_answer(turn, turn.intent))


async def refer_first(turn: ActionTurn, words: str) -> None:
    """Say who else is there for it: another authority, or who repairs what is broken. The council may still hear it."""
    authority = authorities.whose(words)
    if authority is not None:
        turn.say(referral(authority))
    elif turn.intent in ELSEWHERE and _sure(turn, REFERRAL_CONFIDENCE):
        turn.say(await find_answer(turn, turn.intent))


def _sure(turn: ActionTurn, confidence: float) -> bool:
    return bool(turn.ranking) and turn.ranking[0][1] >= confidence
