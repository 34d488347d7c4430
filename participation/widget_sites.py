"""The sites on which a municipality lets its widget appear, as `frame-ancestors` of CSP takes them."""

import re

MOST_SITES = 20
_SITE = re.compile(
    r"https://(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?::\d{1,5})?|http://localhost(?::\d{1,5})?"
)


class SiteUnreadable(Exception):
    """What was typed is no address of a site."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


def is_site(text: str) -> bool:
    """Whether this is one site, as `frame-ancestors` takes it."""
    return _SITE.fullmatch(text) is not None


def read_sites(typed: str) -> tuple[str, ...]:
    """Read one site a line, such as https://www.utrecht.nl; a path behind it is left out.

    Raises:
        SiteUnreadable: a line is no site, or there are too many.
    """
    found: dict[str, None] = {}
    for line in typed.split():
        parts = line.lower().split("/")
        site = "/".join(parts[:3])
        if not is_site(site) or len(found) >= MOST_SITES:
            raise SiteUnreadable(line[:80])
        found[site] = None
    return tuple(found)
