"""What the address of the work list asks for, and the addresses of the same list with something more or less.

Everything that is chosen stands in the address, so that it can be kept, shared and gone back to.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from desk import words
from participation.services.worklist import NOBODY, Choice, Place
from participation.services.worklist_views import VIEWS
from participation.services.worklist_words import MAX_CHARACTERS, Search

VIEW, TEXT, ORDER, AFTER, BEFORE = "weergave", "zoek", "volgorde", "na", "voor"
SINCE, UNTIL, HANDLER = "van", "tot", "wie"
EVERYTHING, OLDEST = "alles", "oudste"
ME = "mij"

_CHANNELS = {
    name: [code for code in words.CHANNELS if words.CHANNELS[code] == name] for name in words.CHANNELS.values()
}
"""The name of each channel with its codes: the widget and the page of the chat are one to the griffie."""

LISTS: dict[str, Mapping[str, str]] = {
    "status": words.STATUSES,
    "soort": words.KINDS,
    "thema": words.THEMES,
    "kanaal": {codes[0]: name for name, codes in _CHANNELS.items()},
}
"""Filters with a fixed list of values; of each several may be chosen. `plaats` has the places that texts name, and
`campagne` the campaigns through which something came in."""

PLACE, CAMPAIGN = "plaats", "campagne"
SEVERAL = (*LISTS, PLACE, CAMPAIGN)
ONE_OF = (TEXT, HANDLER, SINCE, UNTIL)
_MOST_VALUES, _LONGEST_VALUE = 30, 80

Pairs = tuple[tuple[str, str], ...]


class AddressUnknown(Exception):
    """The address asks for something that does not exist."""


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it says, and the address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `pairs` are its filters in a fixed order, without view, order and page."""

    view: str
    oldest_first: bool
    pairs: Pairs
    after: Place | None = None
    before: Place | None = None

    @classmethod
    def read(cls, query: Iterable[tuple[str, str]]) -> "Asked":
        """Read the pairs of an address; empty fields of the form are left out.

        Raises:
            AddressUnknown: a view, status, kind, theme, channel, colleague or date that does not exist.
        """
        given = [(name, " ".join(value.replace("\0", "").split())) for name, value in query]
        last = {name: value for name, value in given if value}
        view = last.get(VIEW, EVERYTHING)
        if view not in VIEWS:
            raise AddressUnknown
        found: list[tuple[str, str]] = []
        for name in SEVERAL:
            values = dict.fromkeys(value for key, value in given if key == name and value)
            if name in LISTS and not set(values) <= LISTS[name].keys():
                raise AddressUnknown
            found += [(name, value[:_LONGEST_VALUE]) for value in list(values)[:_MOST_VALUES]]
        for name in (SINCE, UNTIL):
            if value := last.get(name):
                found.append((name, _day(value).isoformat()))
        if value := last.get(HANDLER):
            if value not in {ME, NOBODY}:
                _clerk(value)
            found.append((HANDLER, value))
        if value := last.get(TEXT):
            found.append((TEXT, value[:MAX_CHARACTERS]))
        return cls(
            view=view,
            oldest_first=last.get(ORDER) == OLDEST,
            pairs=tuple(found),
            after=Place.read(last.get(AFTER, "")),
            before=Place.read(last.get(BEFORE, "")),
        )

    @classmethod
    def read_text(cls, query: str) -> "Asked":
        """Read the part of an address after the question mark."""
        return cls.read(parse_qsl(query.removeprefix("?"), max_num_fields=200))

    def values(self, name: str) -> tuple[str, ...]:
        """What is chosen of one filter."""
        return tuple(value for key, value in self.pairs if key == name)

    def value(self, name: str) -> str:
        """The one value of a filter, or nothing."""
        return next(iter(self.values(name)), "")

    def choice(self, *, clerk_id: uuid.UUID, search: Search) -> Choice:
        """Make the choice for the work list."""
        handler = self.value(HANDLER)
        since, until = self.value(SINCE), self.value(UNTIL)
        return Choice(
            view=self.view,
            themes=self.values("thema"),
            kinds=self.values("soort"),
            statuses=self.values("status"),
            channels=tuple(code for one in self.values("kanaal") for code in _CHANNELS[words.CHANNELS[one]]),
            places=self.values(PLACE),
            campaigns=self.values(CAMPAIGN),
            handler=clerk_id if handler == ME else NOBODY if handler == NOBODY else _clerk(handler),
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
            search=search,
            oldest_first=self.oldest_first,
        )

    def query(
        self,
        *,
        view: str | None = None,
        pairs: Pairs | None = None,
        oldest_first: bool | None = None,
        after: Place | None = None,
        before: Place | None = None,
    ) -> str:
        """Write the part of the address after the path: this list with something else, from its first page."""
        view = self.view if view is None else view
        oldest_first = self.oldest_first if oldest_first is None else oldest_first
        found: list[tuple[str, str]] = [] if view == EVERYTHING else [(VIEW, view)]
        found += self.pairs if pairs is None else pairs
        if oldest_first:
            found.append((ORDER, OLDEST))
        found += [(name, str(place)) for name, place in ((AFTER, after), (BEFORE, before)) if place]
        return f"?{urlencode(found)}" if found else ""

    def here(self) -> str:
        """The same list, at the same page."""
        return self.query(after=self.after, before=self.before)

    def chips(
        self, *, clerk_names: Mapping[str, str], campaigns: Mapping[str, str], day: Callable[[date], str]
    ) -> list[Chip]:
        """Say which filters are on, each with the address without it."""
        found = []
        for pair in self.pairs:
            name, value = pair
            without = self.query(pairs=tuple(one for one in self.pairs if one != pair))
            if name in LISTS:
                value = LISTS[name][value]
            elif name == HANDLER:
                value = clerk_names.get(value, "een vroegere collega")
            elif name == CAMPAIGN:
                value = campaigns.get(value, value)
            elif name in {SINCE, UNTIL}:
                value = day(date.fromisoformat(value))
            found.append(Chip(CHIP_LABELS[name], value, without))
        return found


CHIP_LABELS = {
    "status": "Status",
    "soort": "Soort",
    "thema": "Thema",
    "kanaal": "Kanaal",
    PLACE: "Plaats",
    CAMPAIGN: "Campagne",
    SINCE: "Vanaf",
    UNTIL: "Tot en met",
    HANDLER: "Behandelaar",
    TEXT: "Zoekt op",
}


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise AddressUnknown from None


def _clerk(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        raise AddressUnknown from None
