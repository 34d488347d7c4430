"""Two concerns in one message: where the second begins, when it surely is another subject.

Only where the words themselves announce something more ("daarnaast", "ten tweede", "ook nog") and the model finds
another theme on either side. Otherwise nothing is proposed: a needless offer confuses more than one text with two
subjects does.
"""

import re
from collections.abc import Awaitable, Callable

from participation.language.concerns import Concern

SURE = 0.6
"""Both parts have a theme that is at least so likely (0 to 1)."""

FEWEST_WORDS = 5
"""A shorter part is a remark and not a concern."""

MOST_CHARACTERS = 2_000
"""A longer text is a story; cutting it in two would do it wrong."""

MOST_PLACES = 6

_ANNOUNCES = re.compile(
    r"(?:(?<=[.!?;,\n])\s*|\s+)(?:en\s+|maar\s+|o\s*ja\s*,?\s*|oja\s*,?\s*)?"
    r"(?P<more>daarnaast|daarbij\s+(?:komt|nog|ook)|bovendien|verder|trouwens|ten\s+tweede|"
    r"(?:mijn|het|een)?\s*tweede\s+(?:punt|ding|zorg|idee)|(?:nog\s+)?(?:een|iets)\s+anders?\b(?:\s+punt)?|"
    r"nog\s+(?:iets|wat|een\s+(?:ding|punt))|ook\s+(?:nog|vind|wil|zou|is|zijn|moet|heb|rijd\w*|word\w*))\b",
    re.IGNORECASE,
)

Understand = Callable[[str], Awaitable[Concern | None]]


async def split(text: str, understand: Understand) -> tuple[str, str] | None:
    """Return the two concerns in the writer's own words, or none when it is one (as far as anyone can tell)."""
    if len(text) > MOST_CHARACTERS:
        return None
    places = [match.start() for match in _ANNOUNCES.finditer(text)][:MOST_PLACES]
    best: tuple[float, str, str] | None = None
    for at in places:
        first, second = text[:at].strip(), text[at:].strip()
        if min(len(first.split()), len(second.split())) < FEWEST_WORDS:
            continue
        if (one := await understand(first)) is None or (other := await understand(second)) is None:
            return None  # the model has nothing to say, or not soon enough: nobody waits for the other places too
        if one.themes[0][0] == other.themes[0][0]:
            continue
        sure = min(one.themes[0][1], other.themes[0][1])
        if sure >= SURE and (best is None or sure > best[0]):
            best = (sure, first, second)
    return best and (best[1], best[2])
