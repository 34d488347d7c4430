"""What a channel hands to the gateway: one thing that a resident did."""

import uuid
from dataclasses import dataclass

from participation.nearby import Nearby
from participation.reply import Button, Reply


@dataclass(frozen=True)
class Turn:
    """One message, button press or command. `message_id` is the channel's own id: twice the same id is one turn.

    `command` is a command of the channel's own menu; its meaning comes from a table, never from what was typed.
    `start` is for a resident who comes in, perhaps again: they are greeted. `notices` is what the channel itself
    has to say first, such as that it can not see a photo; without anything else in the turn it is the whole answer.
    `areas` is where a place on the map may be, the nearest first: for who is telling something there, that comes with
    it, and no notice. `waited` is for how many seconds we have had it already: the resident has waited for that long.
    """

    conversation_id: uuid.UUID
    message_id: str
    text: str | None = None
    choice: str | None = None
    command: Button | None = None
    start: bool = False
    notices: tuple[Reply, ...] = ()
    areas: tuple[Nearby, ...] = ()
    waited: float = 0.0
