"""What a channel hands to the gateway: one thing that a resident did."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """One message or button press. `message_id` is the channel's own id: twice the same id is one turn."""

    conversation_id: uuid.UUID
    message_id: str
    text: str | None = None
    choice: str | None = None
