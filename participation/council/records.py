"""What every source of meetings and papers is read into, whatever its own format."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from participation.dates import AMSTERDAM

BACK, AHEAD = timedelta(days=365), timedelta(days=400)
"""How far around today a source is read: a year of decisions, and the calendar of the coming year."""

LONGEST_TEXT = 500
LONGEST_URL = 2000

_COUNCIL = re.compile(r"\b(gemeente)?raad\b|\braads?vergadering|\braad(s)?zitting", re.IGNORECASE)
_NOT_COUNCIL = re.compile(
    r"commissie|informatie|informeert|bijeenkomst|presidium|kinder|jeugd|adviesraad|raadplegi", re.IGNORECASE
)


@dataclass(frozen=True)
class AgendaPoint:
    """One point on an agenda."""

    external_id: str
    position: int
    title: str


@dataclass(frozen=True)
class Paper:
    """A document or decision. `meeting` is the external id of the meeting that it belongs to, where that is told."""

    external_id: str
    title: str
    kind: str | None
    url: str | None
    day: date | None
    meeting: str | None = None


@dataclass(frozen=True)
class MeetingRecord:
    """One meeting. `agenda` is None where the source does not tell agendas, which is not the same as an empty one."""

    external_id: str
    name: str
    starts_at: datetime
    time_known: bool = True
    ends_at: datetime | None = None
    body: str | None = None
    place: str | None = None
    url: str | None = None
    livestream_url: str | None = None
    cancelled: bool = False
    agenda: tuple[AgendaPoint, ...] | None = None

    @property
    def is_council(self) -> bool:
        """Whether this is the council itself, and not a committee or an evening for information."""
        return is_council(self.name, self.body)


@dataclass(frozen=True)
class Harvest:
    """What one reading of a source brought.

    `unreadable` counts what was there and could not be used. `first_day` and `last_day` bound what the source was
    asked for: only inside it does absence mean something. `papers_complete` is False when there were more papers
    than we fetch.
    """

    meetings: tuple[MeetingRecord, ...]
    papers: tuple[Paper, ...] = ()
    unreadable: int = 0
    first_day: date = date.min
    last_day: date = date.max
    papers_complete: bool = True


def is_council(name: str, body: str | None) -> bool:
    """Judge by the name of the body where it is told, otherwise by the name of the meeting."""
    text = body if body and not re.fullmatch(r"gemeente .*", body, re.IGNORECASE) else name
    return bool(_COUNCIL.search(text)) and not _NOT_COUNCIL.search(text)


_KINDS = (
    ("besluitenlijst", re.compile(r"besluitenlijst", re.IGNORECASE)),
    ("amendement", re.compile(r"\bamendement", re.IGNORECASE)),
    ("motie", re.compile(r"\bmotie", re.IGNORECASE)),
    ("raadsbesluit", re.compile(r"\braadsbesluit", re.IGNORECASE)),
    ("raadsvoorstel", re.compile(r"\b(raads|initiatief)?voorstel", re.IGNORECASE)),
    ("verslag", re.compile(r"\b(verslag|notulen)", re.IGNORECASE)),
    ("brief", re.compile(r"\b\w*brief\b", re.IGNORECASE)),
    ("raadsvragen", re.compile(r"\b(schriftelijke|raads)\s?vragen", re.IGNORECASE)),
)
"""Words in titles by which papers are known, first match first; not every source names the kind."""


def kind_of(title: str) -> str | None:
    """What kind of paper this is, judged by its title."""
    return next((kind for kind, words in _KINDS if words.search(title)), None)


def one_line(value: object) -> str | None:
    """A text of elsewhere as one line of bounded length, without what PostgreSQL can not keep; None when empty."""
    if not isinstance(value, str):
        return None
    line = " ".join(value.replace("\0", "").split())
    return line[:LONGEST_TEXT].rstrip() or None


def web_address(value: object) -> str | None:
    """A link that may be shown to residents: http or https, with a host, and nothing that hides where it leads."""
    if not isinstance(value, str) or len(value) > LONGEST_URL:
        return None
    text = value.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    plain = not re.search(r"[\s\0\"<>\\]", text) and "@" not in parts.netloc
    return text if parts.scheme in ("http", "https") and host and plain else None


def dutch_time(moment: datetime) -> datetime:
    """A moment with a zone: one without is meant in Dutch time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)
