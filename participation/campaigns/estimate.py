"""How long taking part costs, before anybody did: by the words to read and the things to do."""

import uuid
from collections.abc import Mapping, Sequence

from participation.language.readability import words
from participation.models import CampaignPart, Statement

MOST_SECONDS = 300
"""What residents are promised: at most five minutes."""

WORDS_A_SECOND = 2.5
"""150 words a minute. Adults read 238 on average (M. Brysbaert, How many words do we read per minute?, Journal of
Memory and Language 109, 2019); this leaves room for who reads with effort, on a phone."""

SECONDS_TO_DO = {"stellingen": 4, "keuze": 5, "schaal": 4, "rangorde": 4, "dilemma": 8, "open": 45, "plaats": 15}
"""Deciding and tapping, or typing a few sentences. For `stellingen` each statement, for `rangorde` each option in
order. Our own estimate; what people really take is in the outcome."""

SECONDS_FOR_WORDS = 15
"""Some give words to a choice, most do not."""


def seconds(
    *, intro: Sequence[str], parts: Sequence[CampaignPart], statements: Mapping[uuid.UUID, Sequence[Statement]]
) -> int:
    """Return the seconds of somebody who is asked everything and skips nothing. `statements` by id of their part."""
    total = _reading(intro)
    for part in parts:
        given = statements.get(part.id, ())
        most = part.rules.get("most")
        times = 1
        if part.kind == "stellingen":
            times = min(len(given), most or len(given))
            total += _reading([one.text for one in given]) * times / max(len(given), 1)
        if part.kind == "rangorde":
            times = most or len(part.options)
        total += _reading([part.text, *(option["text"] for option in part.options)])
        total += SECONDS_TO_DO[part.kind] * times
        total += SECONDS_FOR_WORDS if part.rules.get("words") and part.kind != "plaats" else 0
    return round(total)


def minutes(of_seconds: int) -> int:
    """Return what to tell people: whole minutes, never less than one."""
    return max(1, -(-of_seconds // 60))


def _reading(texts: Sequence[str]) -> float:
    return sum(len(words(text)) for text in texts) / WORDS_A_SECOND
