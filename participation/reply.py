"""A channel-neutral message to a resident. Each channel renders it within its own limits."""

from dataclasses import dataclass, field
from typing import Any

ENDING = "einde"
"""The kind of the last message: behind it there is no conversation any more."""

LEAVE: dict[str, Any] = {"poort": "laten"}
"""What the button means that leaves the question above it unanswered. The gateway deals with it: Rasa would also throw
away a contribution that waits."""


@dataclass(frozen=True)
class Button:
    """A choice. `meaning` says what it stands for and never leaves the server: channels see a random id.

    A `small` button is beside the point of the message: channels show it last and leave the others as they are.
    """

    title: str
    meaning: dict[str, Any]
    small: bool = False

    def to_json(self) -> dict[str, Any]:
        """The form in which buttons travel between our own processes."""
        mark = {"klein": True} if self.small else {}
        return {"titel": self.title, "betekenis": self.meaning, **mark}


@dataclass(frozen=True)
class Link:
    """A link with a text that tells where it leads."""

    title: str
    url: str


@dataclass(frozen=True)
class Reply:
    """One message.

    `kind` is one of antwoord, vraag, bevestiging, keuze, fout, griffie, melding, nood, einde. `more` is shown on
    request.
    `topic` is set on the answer to a question: of that, residents are asked whether it was clear.
    """

    text: str
    kind: str = "melding"
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    more: str | None = None
    expects: dict[str, Any] = field(default_factory=dict)
    topic: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The form in which messages travel between our own processes and are stored."""
        return {
            "tekst": self.text,
            "soort": self.kind,
            "knoppen": [button.to_json() for button in self.buttons],
            "links": [{"titel": link.title, "url": link.url} for link in self.links],
            "meer": self.more,
            "verwacht": self.expects,
            **({"onderwerp": self.topic} if self.topic else {}),
        }
