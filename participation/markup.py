"""Plain text to HTML on the server, as bot/web/static/text.js does it in the browser: text never becomes markup."""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from markupsafe import Markup

_ITEM = re.compile(r"\s*[-•] +(.*)")
_LINK = re.compile(
    r"(?P<web>https?://[^\s<>\"']+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<reference>\bSP-\d{4}-\d+(?:-?[A-Z0-9])?\b)"
    r"|(?P<phone>(?<![\w/.-])(?:0[89]00[ -]?\d{3,4}(?:[ -]?\d{2,3})?|14 ?0\d{2,3}"
    r"|0\d{1,3}[ -]\d{3}[ -]?\d{2}[ -]?\d{2})(?![\w-]*\d))"
    r"|(?P<short>(?<![\w/.,-])11[23](?![\w-]*\d))"
)
_AFTER_ADDRESS = ".,;:!?)]}"
SAFE = frozenset({"http", "https", "mailto", "tel"})


def blocks(text: str, *, urgent: bool = False) -> Markup:
    """Write paragraphs, lists and links.

    Args:
        urgent: 112 and 113 are numbers to call; elsewhere "artikel 113" is not.
    """
    parts: list[str] = []
    for is_list, lines in _grouped(text):
        written = [_inline(line, urgent) for line in lines]
        if is_list:
            parts.append("<ul>" + "".join(f"<li>{line}</li>" for line in written) + "</ul>")
        else:
            parts.append("<p>" + "<br>".join(written) + "</p>")
    return Markup("".join(parts))  # noqa: S704  all of it was escaped in _inline


def lines(text: str) -> Markup:
    """Write a text line by line, with links: how channels show it that know no paragraphs and lists."""
    return Markup("<br>".join(_inline(line, urgent=False) for line in text.strip().splitlines()))  # noqa: S704  escaped


def safe_url(address: str) -> str | None:
    """Return an address that a resident may follow, or None."""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    return address if scheme in SAFE else None


def _grouped(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Lines that belong together: those of a paragraph, or the items of a list."""
    group: list[str] = []
    in_list = False
    for line in [*text.splitlines(), ""]:
        item = _ITEM.fullmatch(line)
        if group and (not line.strip() or (item is not None) != in_list):
            yield in_list, group
            group = []
        if line.strip():
            in_list = item is not None
            group.append(item[1] if item else line.strip())


def _inline(line: str, urgent: bool) -> str:
    written, done = [], 0
    for found in _LINK.finditer(line):
        kind, shown = str(found.lastgroup), found[0]
        if kind == "short" and not urgent:
            continue
        if kind == "web":
            shown = shown.rstrip(_AFTER_ADDRESS)
        written += [escape(line[done : found.start()]), _written(kind, shown)]
        done = found.start() + len(shown)
    return "".join([*written, escape(line[done:])])


def _written(kind: str, shown: str) -> str:
    if kind == "reference":
        return f'<span class="reference">{escape(shown)}</span>'
    address = {"web": shown, "mail": f"mailto:{shown}"}.get(kind) or "tel:" + re.sub(r"[^\d+]", "", shown)
    return f'<a href="{escape(address)}">{escape(shown)}</a>'
