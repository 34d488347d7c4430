"""How what a municipality offers compares with what its residents get now."""

from collections.abc import Mapping

from desk import library_words
from participation.services.offers import Words, words_of
from participation.services.offers_found import Found


def state_of(found: Found, texts: Mapping[tuple[str, str], Words]) -> str:
    """Return the state of an offer of one's own; `texts` is what is used now, by kind and subject."""
    if found.offer.withdrawn_at is not None:
        return library_words.WITHDRAWN
    now = texts.get((found.offer.kind, found.offer.subject))
    if now is None:
        return library_words.NOT_IN_CHAT
    return library_words.OFFERED if now.says_the_same_as(words_of(found.version)) else library_words.CHANGED
