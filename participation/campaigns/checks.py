"""What is to be seen to before residents get a campaign: what is missing, and what is hard to read."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from participation.campaigns import estimate
from participation.campaigns.matrix import FEWEST_VOTES
from participation.difficult_words import found_in
from participation.language.readability import Measures, measure
from participation.models import Campaign, CampaignPart, Statement
from participation.text_fields import open_fields

NEEDED = ("why", "intro", "thanks", "phase", "decides", "official", "portfolio_holder")
"""Without these residents would not know what they take part in, or who answers for it."""

FEWEST_STATEMENTS = FEWEST_VOTES
"""With fewer nobody gives enough votes to be in a group."""

FEWEST_WORDS = 5
"""Under this one long word decides: the score of a name or an option says nothing."""


@dataclass(frozen=True)
class Line:
    """One text that residents read, measured. `where` is a field of the campaign, or the number of a part."""

    where: str
    text: str
    measures: Measures
    difficult: Mapping[str, str]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is to be said about it."""
        return self.measures.is_easy and not self.difficult


@dataclass(frozen=True)
class Checked:
    """What there is to say. `missing` has codes and stops it; the rest is advice."""

    missing: tuple[str, ...]
    lines: tuple[Line, ...]
    seconds: int

    @property
    def hard(self) -> tuple[Line, ...]:
        """The texts that could be easier."""
        return tuple(line for line in self.lines if not line.is_fine)

    @property
    def minutes(self) -> int:
        """What taking part costs."""
        return estimate.minutes(self.seconds)

    @property
    def is_long(self) -> bool:
        """Whether it costs more than residents are promised."""
        return self.seconds > estimate.MOST_SECONDS


def check(
    campaign: Campaign,
    parts: Sequence[CampaignPart],
    statements: Mapping[uuid.UUID, Sequence[Statement]],
    *,
    now: datetime,
) -> Checked:
    """Look at everything that residents will read or have to do. `statements` by id of their part."""
    missing = [field for field in NEEDED if not getattr(campaign, field)]
    if not parts:
        missing.append("parts")
    if any(part.kind == "stellingen" and len(statements.get(part.id, ())) < FEWEST_STATEMENTS for part in parts):
        missing.append("statements")
    if campaign.closes_at is None:
        missing.append("closes_at")
    elif campaign.closes_at <= now:
        missing.append("past")
    texts = [(field, getattr(campaign, field)) for field in ("title", "why", "intro", "thanks", "phase")]
    for part in parts:
        where = str(part.position)
        texts += [(where, part.text), *((where, option["text"]) for option in part.options)]
        texts += [(where, part.rules[end]) for end in ("low_text", "high_text") if part.rules.get(end)]
        # What participants wrote is theirs: it is not measured, and only its masked words may be read here.
        texts += [(where, one.text) for one in statements.get(part.id, ()) if one.writer_code is None]
    if any(open_fields(text) for _, text in texts):
        missing.append("fields")
    lines = tuple(_line(where, text) for where, text in texts if text)
    taken = estimate.seconds(intro=[campaign.intro], parts=parts, statements=statements)
    return Checked(tuple(missing), lines, taken)


def _line(where: str, text: str) -> Line:
    measures = measure(text)
    if measures.words < FEWEST_WORDS:
        measures = Measures(measures.words, measures.longest_sentence, None)
    return Line(where, text, measures, found_in(text))
