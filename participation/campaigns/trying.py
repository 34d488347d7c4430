"""Going through a campaign oneself before anybody else does: the questions as residents get them, and nothing kept.

The link is signed and works for a day, and only for the version it was made for: no account, and no way into a draft
for who was not given it. What was answered so far travels with the page.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from participation.campaigns.taking_part import somebody_new
from participation.campaigns.walk import ASKED_OWN, SKIPPED, Step, Walk
from participation.models import Campaign, CampaignAnswer, CampaignPart, Statement, Vote

SECONDS = 24 * 60 * 60
LONGEST_WORDS = 200
MOST_STEPS = 200
_EARLIER = datetime(2000, 1, 1, tzinfo=UTC)


class TrialOver(Exception):
    """The link was made up, is more than a day old, or the campaign changed since."""


@dataclass(frozen=True)
class Given:
    """One answer in a trial: the key of the step and what was chosen or typed; empty is passed over."""

    key: str
    value: str


def token_of(campaign: Campaign, *, secret_key: str, now: datetime) -> str:
    """Return what a link to the trial of this version holds."""
    return _serializer(secret_key).dumps([str(campaign.id), campaign.revision, int(now.timestamp()) + SECONDS])


def read(token: str, *, secret_key: str, now: datetime) -> tuple[uuid.UUID, int]:
    """Return the campaign and its revision.

    Raises:
        TrialOver: it is not, or no longer, a link to a trial.
    """
    try:
        campaign_id, revision, until = _serializer(secret_key).loads(token)
    except BadSignature:
        raise TrialOver from None
    if now.timestamp() > until:
        raise TrialOver
    return uuid.UUID(campaign_id), revision


def walk_with(
    campaign: Campaign,
    parts: Sequence[CampaignPart],
    statements: Mapping[uuid.UUID, Sequence[Statement]],
    given: Sequence[Given],
) -> Walk:
    """Return where somebody is who gave these answers. What does not fit is as if it had not been given."""
    votes: dict[uuid.UUID, Vote] = {}
    answers: dict[uuid.UUID, CampaignAnswer] = {}
    for one in given[:MOST_STEPS]:
        step = Walk(campaign, somebody_new(campaign), parts, statements, dict(votes), dict(answers)).find(one.key)
        if step is None:
            continue
        if step.statement is not None:
            value = int(one.value) if one.value in ("1", "0", "-1") else None
            votes[step.statement.id] = Vote(statement_id=step.statement.id, value=value, cast_at=_EARLIER)
        else:
            kept = ASKED_OWN if step.what == "eigen" else value_of(step.part, one.value)
            answers[step.part.id] = CampaignAnswer(
                part_id=step.part.id, value=kept, words=_words(step, one.value), answered_at=_EARLIER
            )
    return Walk(campaign, somebody_new(campaign), parts, statements, votes, answers)


def value_of(part: CampaignPart, typed: str) -> dict[str, Any]:
    """Return what would be kept of an answer; of an empty or impossible one, that it was passed over."""
    if part.kind == "schaal":
        fits = typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= part.rules["highest"]
        return {"score": int(typed)} if fits else SKIPPED
    if part.kind in ("open", "plaats") and not part.options:
        return {"place" if part.kind == "plaats" else "words": typed[:LONGEST_WORDS]} if typed.strip() else SKIPPED
    known = {option["id"] for option in part.options}
    chosen = [one for one in typed.split(",") if one in known][: part.rules.get("most") or len(known)]
    return {"options": chosen} if chosen else SKIPPED


def _words(step: Step, typed: str) -> str | None:
    return typed[:LONGEST_WORDS] or None if step.part.kind in ("open", "plaats") else None


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="proef")
