"""Showing the beginning of a long text of a resident or the griffie."""

SHOWN_CHARACTERS = 120
"""Of waiting words that are only pointed to; reading back shows them whole."""


def shortened(text: str, most: int) -> str:
    """Return a text of at most about so many characters, cut between words and then marked with dots."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
