"""What somebody says in the middle of the form: more of the story, a yes or a no, or something else altogether."""

from actions.turn import ActionTurn
from actions.unfinished import kept
from participation.language import agreement
from participation.language.asking import may_ask
from participation.language.reference_words import only_names

ANNOUNCEMENT_WORDS = 9
"""Shorter than this, an opening such as "ik wil een idee doorgeven" announces a contribution and is not one."""
INTERRUPTION_WORDS = 25
"""A recognised question longer than this, while the bot waits for the story, is the story."""

REQUEST_WORDS = 8
"""A recognised request such as "ik wil een mens spreken" longer than this is part of the story too."""

VENTING_WORDS = 12
"""Anger longer than this says what it is about."""

REQUESTS = frozenset(
    {
        *("stoppen", "afscheid", "mens_spreken", "herhalen"),
        *("ben_je_robot", "privacy_bot", "wat_kun_je", "andere_taal", "stemadvies"),
        *("mijn_gegevens", "verwijder_gegevens"),
    }
)
"""Intents besides `vraag` that somebody may type in the middle of the form and that interrupt it."""

ANSWERED = REQUESTS | {"vraag", "inbreng_status", "inbreng_aanvullen", "inbreng_intrekken", "afmelden"}
"""Intents that the rules for a running form in stories/ answer before the form goes on; any other has none."""


def interrupts(turn: ActionTurn) -> bool:
    """Whether this message asks for something else than the form does. When in doubt it is part of the story.

    A leading slash is how programs, not people, talk: such a text is taken down and never interpreted. A number with a
    secret code is never the story: nobody at the griffie may read the code.
    """
    words = len(turn.text.split())
    if only_names(turn.text):
        return True
    if turn.text.lstrip().startswith("/"):
        return False
    asks = may_ask(turn.text)
    if turn.intent == "vraag":
        return asks and words <= INTERRUPTION_WORDS
    return turn.intent in REQUESTS and words <= (INTERRUPTION_WORDS if asks else REQUEST_WORDS)


def asks_to_erase(turn: ActionTurn) -> bool:
    """Whether this turn asks for everything to be erased. That question stands alone: a yes can mean nothing else."""
    return turn.intent == "verwijder_gegevens" and (turn.choice is not None or interrupts(turn))


def agrees(turn: ActionTurn) -> bool:
    """Whether this is a yes and nothing more. What is told beside it would be lost."""
    return agreement.agrees(turn.text) or (turn.intent == "bevestigen" and agreement.only_agrees(turn.text))


def denies(turn: ActionTurn) -> bool:
    """Whether this is a no and nothing more, or going back to what can be changed."""
    plainly = agreement.denies(turn.text) or agreement.goes_back(turn.text)
    return plainly or (turn.intent == "ontkennen" and agreement.only_denies(turn.text))


def vents(turn: ActionTurn) -> bool:
    """Whether somebody who was asked for their story is only angry. That is heard once; after that it is the story."""
    before = kept(turn)
    return (
        turn.choice is None
        and turn.intent == "frustratie"
        and len(turn.text.split()) <= VENTING_WORDS
        and not (before and before.listened)
    )
