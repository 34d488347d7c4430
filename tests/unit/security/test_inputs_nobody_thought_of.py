"""Importers, payloads and texts with inputs that hypothesis makes up: each gives a result or a fault with a name.

The same inputs every time (derandomize): a run tells about the code and not about chance. Raise EXAMPLES to look
further.
"""

import csv
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import cutting
from bot.relay import signing
from bot.relay.intake import Incoming
from bot.web.api import NewConversation, NewTurn
from participation import markup, own_areas, tables
from participation.answer_faults import TableFaulty
from participation.council import ical, table
from participation.council.faults import FeedFault
from participation.language.danger import check_danger
from participation.services import facts_table

EXAMPLES = 60
NOW, TODAY = datetime(2026, 11, 27, 12, tzinfo=UTC), date(2026, 11, 27)
SECRET = "g" * 40
TOO_LONG_A_CELL = b'"' + b"a" * (csv.field_size_limit() + 1)

made_up = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
anything = st.binary(max_size=400)
cells = st.text(st.characters(codec="utf-8"), max_size=40)
lines = st.lists(cells, max_size=9).map(";".join)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | cells,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(cells, inner, max_size=4),
    max_leaves=12,
)


def as_table(header: str) -> st.SearchStrategy[bytes]:
    """A table with a header that is right, and any lines below it."""
    return st.lists(lines, max_size=6).map(lambda found: "\n".join([header, *found]).encode())


@made_up
@example(b"")
@example(b"\x00")
@example(TOO_LONG_A_CELL)
@example(b"feit;waarde;bron\n" + TOO_LONG_A_CELL)
@given(anything | as_table("feit;naam;waarde;bron;bron_adres;geldig_tot"))
def test_any_table_of_facts_is_read_or_refused_as_a_table(content: bytes) -> None:
    try:
        found = facts_table.changes(content, {}, today=TODAY)
    except TableFaulty:
        return
    assert all(change.after.value for change in found)


@made_up
@example(b"\x00")
@example(TOO_LONG_A_CELL)
@example(b"datum;naam\n" + TOO_LONG_A_CELL)
@given(anything | as_table("soort;vergadering;datum;begin;eind;naam;nummer;status"))
def test_any_table_of_meetings_is_read_or_refused_with_a_reason(content: bytes) -> None:
    try:
        harvest = table.read(content)
    except FeedFault:
        return
    assert all(meeting.starts_at.tzinfo for meeting in harvest.meetings)


PROPERTIES = st.sampled_from(
    [
        *("UID:{}", "SUMMARY:{}", "DTSTART:{}", "DTSTART:20261201T190000Z", "DTEND:{}", "DURATION:{}", "RRULE:{}"),
        *("EXDATE:{}", "RRULE:FREQ=DAILY;COUNT={}", "RRULE:FREQ=YEARLY;UNTIL={}", "ATTACH:{}", "CATEGORIES:{}"),
        *("RECURRENCE-ID:{}", "{}", "DTSTART;TZID={}:20261201T190000", "DTSTART;VALUE=DATE:{}"),
        *("DURATION:P9999999999D", "DTSTART:99991231T235959Z"),
    ]
)
events = st.lists(st.tuples(PROPERTIES, cells), max_size=7).map(
    lambda found: "\r\n".join(name.format(value.replace("{", "")) for name, value in found)
)


@made_up
@given(
    anything
    | events.map(lambda inner: f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{inner}\r\nEND:VEVENT\r\nEND:VCALENDAR".encode())
)
def test_any_calendar_is_read_or_refused_with_a_reason(content: bytes) -> None:
    try:
        harvest = ical.read(content, now=NOW)
    except FeedFault:
        return
    assert all(meeting.starts_at.tzinfo for meeting in harvest.meetings)


@made_up
@given(cells)
@example("=1+1")
@example("\t=1+1")
@example("-1")
def test_no_cell_that_is_handed_out_begins_as_a_formula_and_it_comes_back_as_it_was(cell: str) -> None:
    assert not tables.harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert tables.restored(tables.harmless(cell)) == cell


@made_up
@given(jsons)
def test_any_json_is_a_turn_or_no_turn(body: object) -> None:
    for model in (NewTurn, NewConversation, Incoming):
        try:
            model.model_validate(json.loads(json.dumps(body)))
        except ValidationError:
            continue


@made_up
@given(anything, st.text(max_size=80), st.text(max_size=80))
def test_nobody_guesses_a_signature(body: bytes, moment: str, signature: str) -> None:
    assert not signing.is_signed(SECRET, body, moment=moment, signature=signature, now=NOW)


@made_up
@given(anything, anything)
def test_a_signature_fits_its_own_body_only(body: bytes, other: bytes) -> None:
    given_headers = signing.headers(SECRET, body, now=NOW)
    about = {"moment": given_headers[signing.MOMENT], "signature": given_headers[signing.SIGNATURE], "now": NOW}
    assert signing.is_signed(SECRET, body, **about)
    assert signing.is_signed(SECRET, other, **about) == (other == body)


class Tags(HTMLParser):
    """Collects what a browser would see as markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


HOSTILE = st.lists(
    st.sampled_from(
        ["<script>", "</p>", "&lt;", '"', "'", "javascript:", "https://a.nl/", "a@b.nl", "112", "\n- ", "\n\n"]
    )
    | cells,
    max_size=8,
).map("".join)


@made_up
@given(HOSTILE)
def test_text_never_becomes_markup_of_its_own(text: str) -> None:
    tags = Tags()
    tags.feed(str(markup.blocks(text, urgent=True)))
    assert {tag for tag, _ in tags.found} <= {"p", "br", "ul", "li", "a"}
    links = [attributes for tag, attributes in tags.found if tag == "a"]
    assert all(re.match(r"(?:https?://|mailto:|tel:)", attributes["href"] or "") for attributes in links)
    assert not any(name.startswith("on") or name == "style" for _, attributes in tags.found for name in attributes)


@made_up
@given(HOSTILE, st.integers(20, 200))
def test_a_text_that_is_cut_is_not_longer_than_may_be_and_loses_no_word(text: str, most: int) -> None:
    pieces = cutting.split(text, most)
    assert all(cutting.length(piece) <= most for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


@made_up
@given(HOSTILE)
def test_any_text_can_be_looked_through_for_danger(text: str) -> None:
    check_danger(text)
    assert check_danger(f"{text}\n\nik wil dood\n\n{text}") is not None


@made_up
@given(HOSTILE)
def test_areas_that_are_typed_are_read_or_refused(typed: str) -> None:
    try:
        areas = own_areas.read_areas(typed)
    except own_areas.AreaUnreadable:
        return
    assert own_areas.read_areas(own_areas.written(areas)) == areas


def test_what_is_refused_is_refused_as_such() -> None:
    """The tests above would also pass if everything was refused."""
    right = b"datum;naam\n1-12-2026;Raad\n"
    assert len(table.read(right).meetings) == 1
    with pytest.raises(FeedFault):
        table.read(b"a;b\n1;2\n")
