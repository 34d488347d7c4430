"""What the work list says: names of views, what is empty, what a change to several contributions did."""

from markupsafe import Markup, escape

from desk.words import THEMES, opening
from participation.models import BulkChange
from participation.services.worklist import MARK, UNMARK

VIEWS = {
    "nieuw": ("Nieuw", "Nog van niemand"),
    "mij": ("Wacht op mij", "Van u en nog niet klaar"),
    "inwoner": ("Wacht op inwoner", "U vroeg iets terug"),
    "te_laat": ("Te laat", "Ligt er langer dan afgesproken"),
    "alles": ("Alles", "Ook wat klaar is"),
}
"""Name and meaning of each view."""

EMPTY = {
    "nieuw": "Alles is opgepakt. Er is niets nieuws.",
    "mij": "Er wacht niets op u.",
    "inwoner": "U wacht op geen enkele inwoner.",
    "te_laat": "Niets is te laat.",
    "alles": "Vertelt een inwoner iets in de chat? Dan ziet u het hier.",
}


def marked(text: str) -> Markup:
    """Return the first words of a text, with what was looked for in <mark>; the rest is never markup."""
    line = opening(text, 320 if MARK in text else 220)
    if line.count(MARK) > line.count(UNMARK):
        line += UNMARK
    return Markup(str(escape(line)).replace(MARK, "<mark>").replace(UNMARK, "</mark>"))  # noqa: S704  escaped before


def figure(count: int) -> str:
    """Write `1.234`."""
    return f"{count:,}".replace(",", ".")


def number_of(count: int) -> str:
    """Write `1 bericht` or `1.234 berichten`."""
    return f"{figure(count)} {'bericht' if count == 1 else 'berichten'}"


def told(change: BulkChange, handler: str | None) -> str:
    """Say what a change to several contributions did."""
    count = len(change.changed)
    done = {
        "toewijzen": f"toegewezen aan {handler}" if change.target else "van niemand meer",
        "oppakken": "in behandeling genomen",
        "thema": f"onder het thema “{THEMES.get(change.target or '', change.target)}” gezet",
    }[change.action]
    verb = "is" if count == 1 else "zijn"
    said = f"{number_of(count)} {verb} {done}." if count else "Er is niets veranderd."
    if change.skipped == 1:
        said += " 1 bericht veranderde niet: het past er niet bij, of het was al zo."
    elif change.skipped:
        said += f" {number_of(change.skipped)} veranderden niet: ze passen er niet bij, of het was al zo."
    return said
