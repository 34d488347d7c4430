"""The contribution that somebody is making, as it goes along with each question of the form.

Rasa forgets a form when its session ends, after a day. What the form asked last says what it was about (`expects`), is
kept with the conversation, and comes back with the next turn: so a half contribution waits as long as the chat does.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from actions.turn import ActionTurn

KEY = "inbreng"
"""Under this key a message tells which contribution it was about; nothing there means that it has come to an end."""


@dataclass(frozen=True)
class Unfinished:
    """What has been told so far.

    `concept` is the random id that the contribution gets. `place` is what somebody answered when asked where it is.
    `rest` is a second concern that follows after this one, and `earlier` the concepts that this one followed.
    `kind` and `theme` are what the resident chose instead of what the model made of it.
    `listened` says that anger was heard and asked about once.
    """

    concept: str
    text: str | None = None
    municipality: str | None = None
    place: str | None = None
    rest: str | None = None
    earlier: tuple[str, ...] = ()
    listened: bool = False
    kind: str | None = None
    theme: str | None = None

    def expects(self, **more: Any) -> dict[str, Any]:
        """What a question about this contribution carries along."""
        return {**more, KEY: asdict(self)}


ENDED: dict[str, Any] = {KEY: None}
"""What the message carries after which there is nothing unfinished any more."""


def kept(turn: ActionTurn) -> Unfinished | None:
    """Return what the last question was about."""
    if not turn.draft:
        return None
    told = {field.name: turn.draft[field.name] for field in fields(Unfinished) if field.name in turn.draft}
    return Unfinished(**{**told, "earlier": tuple(told.get("earlier", ()))})


def running(turn: ActionTurn, **changed: Any) -> Unfinished:
    """Return the contribution of the running form: the form's slots, and what was kept beside them."""
    concept = turn.slots["inbreng_concept"]
    before = kept(turn)
    if before is None:
        before = Unfinished(concept)
    elif before.concept != concept and before.rest is not None and before.rest == turn.slots.get("inbreng_tekst"):
        before = Unfinished(concept, earlier=(*before.earlier, before.concept))
    elif before.concept != concept:  # something new was told while this one waited: it comes after that
        rest = "\n\n".join(filter(None, (before.text, before.rest))) or None
        before = Unfinished(concept, rest=rest, earlier=before.earlier)
    told = {
        "concept": concept,
        "text": turn.slots.get("inbreng_tekst"),
        "municipality": turn.slots.get("inbreng_gemeente"),
        "place": before.place,
        "rest": before.rest,
        "earlier": before.earlier,
        "listened": before.listened,
        "kind": before.kind,
        "theme": before.theme,
    }
    return Unfinished(**told | changed)
