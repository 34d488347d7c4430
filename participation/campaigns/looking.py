"""Looking at a set-up before taking it over: what residents would get, how long it takes, what reads hard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participation.campaigns import asking, estimate, setups
from participation.campaigns.checks import Line, check
from participation.campaigns.setups import Setup, Sketch
from participation.campaigns.taking_part import somebody_new
from participation.campaigns.walk import Step, Walk
from participation.models import CampaignPart, Statement


@dataclass(frozen=True)
class Question:
    """One part as it appears in the chat. `others` are its statements after the first; `only_after` what was chosen."""

    number: int
    kind: str
    message: str
    buttons: tuple[str, ...]
    others: tuple[str, ...]
    takes_own: bool
    only_after: tuple[int, tuple[str, ...]] | None


@dataclass(frozen=True)
class Look:
    """All of a set-up, as it would be."""

    setup: Setup
    questions: tuple[Question, ...]
    seconds: int
    hard: tuple[Line, ...]

    @property
    def minutes(self) -> int:
        """What taking part costs."""
        return estimate.minutes(self.seconds)

    @property
    def is_long(self) -> bool:
        """Whether it costs more than residents are promised."""
        return self.seconds > estimate.MOST_SECONDS


def look_at(setup: Setup, *, now: datetime) -> Look:
    """Show a set-up without keeping anything."""
    sketch = setups.sketched(setup)
    checked = check(sketch.campaign, sketch.parts, sketch.statements, now=now)
    return Look(setup, tuple(_questions(setup, sketch)), checked.seconds, checked.hard)


def seconds(setup: Setup) -> int:
    """Return how long taking part takes; for a list, where nothing else is looked at."""
    sketch = setups.sketched(setup)
    return estimate.seconds(intro=[setup.texts.intro], parts=sketch.parts, statements=sketch.statements)


def _questions(setup: Setup, sketch: Sketch) -> list[Question]:
    walk = Walk(sketch.campaign, somebody_new(sketch.campaign), sketch.parts, sketch.statements)
    given = {part.id: walk.shown(part) for part in sketch.parts}
    total = sum(_steps(part, given[part.id]) for part in sketch.parts)
    found, number = [], 1
    for part, asked in zip(sketch.parts, setup.parts, strict=True):
        shown = given[part.id]
        first = shown[0] if shown else None
        reply = asking.ask(walk, Step("stelling" if first else "deel", part, number, total, first))
        found.append(
            Question(
                part.position,
                part.kind,
                reply.text,
                tuple(button.title for button in reply.buttons),
                tuple(one.text for one in shown[1:]),
                bool(part.rules.get("own")),
                asked.condition,
            )
        )
        number += _steps(part, given[part.id])
    return found


def _steps(part: CampaignPart, statements: Sequence[Statement]) -> int:
    return len(statements) if part.kind == "stellingen" else 1
