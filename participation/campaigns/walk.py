"""Where somebody is in a campaign: what they are asked next, and what they were asked before.

Nothing of this is stored: it follows from what they voted and answered. So whoever comes back the next day, on a
repeated button or after a crash, is where they were, and a statement that was added since is asked as well.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from participation.campaigns.parts import asked_of
from participation.models import Campaign, CampaignAnswer, CampaignPart, Participant, Statement, Vote

SKIPPED: dict[str, Any] = {}
"""The value of a part that somebody passed over."""

ASKED_OWN: dict[str, Any] = {"own": True}
"""The value of a part with statements after which the question for an own one was put."""


@dataclass(frozen=True)
class Step:
    """One thing to ask. `number` of `total` is what a resident sees of how far they are."""

    what: Literal["stelling", "eigen", "deel"]
    part: CampaignPart
    number: int
    total: int
    statement: Statement | None = None

    @property
    def key(self) -> str:
        """The same for the same thing, each time that it is asked."""
        return str(self.statement.id) if self.statement else f"{self.what}-{self.part.id}"


@dataclass(frozen=True)
class Walk:
    """One participant in one campaign, with all that is asked and all that they gave."""

    campaign: Campaign
    participant: Participant
    parts: Sequence[CampaignPart]
    statements: Mapping[uuid.UUID, Sequence[Statement]]
    votes: Mapping[uuid.UUID, Vote] = field(default_factory=dict)
    answers: Mapping[uuid.UUID, CampaignAnswer] = field(default_factory=dict)

    def chosen(self) -> dict[str, list[str]]:
        """The options that were chosen, by part: what conditions look at."""
        return {str(part): list(answer.value.get("options", ())) for part, answer in self.answers.items()}

    def asked(self) -> list[CampaignPart]:
        """The parts that are asked of this participant, as far as their answers tell now."""
        return asked_of(self.parts, self.chosen())

    def shown(self, part: CampaignPart) -> list[Statement]:
        """The statements of a part in the order of this participant: those with a vote, and others up to the most.

        Everybody has an order of their own, so that no statement is always asked first or last, and none is left out
        for who stops halfway. It stays the same when they come back.
        """
        ordered = sorted(self.statements.get(part.id, ()), key=lambda one: self._place_of(one.id))
        most = part.rules.get("most") or len(ordered)
        room = max(0, most - sum(one.id in self.votes for one in ordered))
        kept = []
        for one in ordered:
            if one.id in self.votes:
                kept.append(one)
            elif room > 0:
                room -= 1
                kept.append(one)
        return kept

    def _place_of(self, statement_id: uuid.UUID) -> bytes:
        return hashlib.sha256(self.participant.id.bytes + statement_id.bytes).digest()

    def is_skipped(self, part: CampaignPart) -> bool:
        """Whether a part was passed over, which for statements leaves the votes that were given."""
        return part.id in self.answers and self.answers[part.id].value == SKIPPED

    def steps(self) -> list[Step]:
        """All that is asked of this participant, in order, also what they did already."""
        found: list[tuple[Literal["stelling", "eigen", "deel"], CampaignPart, Statement | None]] = []
        for part in self.asked():
            if part.kind != "stellingen":
                found.append(("deel", part, None))
                continue
            found += [("stelling", part, statement) for statement in self.shown(part)]
            if part.rules.get("own"):
                found.append(("eigen", part, None))
        total = sum(what != "eigen" for what, _, _ in found)
        steps, number = [], 0
        for what, part, statement in found:
            number += what != "eigen"
            steps.append(Step(what, part, number, total, statement))
        return steps

    def is_done(self, step: Step) -> bool:
        """Whether it was answered or passed over."""
        if step.statement is not None:
            return step.statement.id in self.votes or self.is_skipped(step.part)
        return step.part.id in self.answers

    def next(self) -> Step | None:
        """What is asked now; none when all was."""
        return next((step for step in self.steps() if not self.is_done(step)), None)

    def after(self, step: Step) -> Step | None:
        """What comes behind this one within the same part, whether it was answered or not."""
        same = [one for one in self.steps() if one.part.id == step.part.id and one.what == "stelling"]
        keys = [one.key for one in same]
        behind = same[keys.index(step.key) + 1 :] if step.key in keys else []
        return behind[0] if behind else None

    def before(self, key: str | None) -> Step | None:
        """What was answered last, or before the one with this key when that was answered too; none at the start."""
        done = [(self._done_at(step), step) for step in self.steps() if step.what != "eigen"]
        given = sorted(((at, step) for at, step in done if at is not None), key=lambda one: one[0])
        keys = [step.key for _, step in given]
        if key in keys:
            given = given[: keys.index(key)]
        return given[-1][1] if given else None

    def find(self, key: str) -> Step | None:
        """The step with this key, as long as it is asked."""
        return next((step for step in self.steps() if step.key == key), None)

    def _done_at(self, step: Step) -> datetime | None:
        if step.statement is not None:
            vote = self.votes.get(step.statement.id)
            return vote.cast_at if vote else None
        answer = self.answers.get(step.part.id)
        return answer.answered_at if answer else None
