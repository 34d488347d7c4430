"""A message as the resident sees it: in the web chat, or in Telegram, which shows lines as they were typed."""

from markupsafe import Markup

from participation import markup

_LINK, _ASIDE = "<a href=", '<a target="_blank" rel="noopener noreferrer" href='


def in_web_chat(text: str, *, urgent: bool = False) -> Markup:
    """Paragraphs, lists of lines that begin with a dash, line breaks and links; in need, also 112 and 113 to call."""
    return _aside(markup.blocks(text, urgent=urgent))


def in_telegram(text: str) -> Markup:
    """Lines and links."""
    return _aside(markup.lines(text))


def _aside(shown: Markup) -> Markup:
    """Open links beside the page: on it stands a text that has not been sent. What was typed is escaped by now."""
    return Markup(str(shown).replace(_LINK, _ASIDE))  # noqa: S704  made of what was markup already
