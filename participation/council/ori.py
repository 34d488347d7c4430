"""Meetings and papers from Open Raadsinformatie: an Elasticsearch with one index a municipality.

Asked in the ways that its documentation shows (API-docs.md and example_requests.http of
openstate/open-raadsinformatie). Since March 2023 only documents are supported there; meetings come along where the
municipality's own supplier still works, so a municipality may need an iCalendar feed for its calendar besides this one.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from participation.council.faults import FeedFault
from participation.council.fetch import Fetcher
from participation.council.records import (
    AHEAD,
    BACK,
    AgendaPoint,
    Harvest,
    MeetingRecord,
    Paper,
    dutch_time,
    kind_of,
    one_line,
    web_address,
)
from participation.dates import AMSTERDAM

INDEX = re.compile(r"ori_[a-z0-9_-]{2,80}\*?")
PAGE, MOST = 500, 10_000
"""Records asked for at once, and the most that Elasticsearch gives by paging."""

AGENDAS = 60
"""Agendas are read for this many of the latest meetings: older ones no longer change."""

FIELDS = [
    *("@type", "name", "start_date", "end_date", "location", "committee", "status", "agenda"),
    *("position", "url", "original_url", "last_discussed_at", "is_referenced_by"),
]
"""What is asked for. Not the texts of the papers: those are most of the bytes, and titles are what we search."""

Source = dict[str, Any]
"""The fields of one record, as Elasticsearch keeps them; `_id` is added."""


async def read(fetcher: Fetcher, base_url: str, index: str, *, now: datetime) -> Harvest:
    """Read a year back and the calendar ahead.

    Raises:
        FeedFault: it can not be reached, answers half, or looks otherwise than documented.
    """
    first, last = (now - BACK).date(), (now + AHEAD).date()
    address = f"{base_url.rstrip('/')}/{index}/_search"
    listed, _ = await _between(fetcher, address, "Meeting", "start_date", first, last)
    documents, complete = await _between(fetcher, address, "MediaObject", "last_discussed_at", first, last)
    records = {meeting.external_id: meeting for source in listed if (meeting := _meeting(source)) is not None}
    latest = sorted(records.values(), key=lambda meeting: meeting.starts_at)[-AGENDAS:]
    chosen = {meeting.external_id for meeting in latest}
    detailed = [source for source in listed if source["_id"] in chosen]
    committees = [identity for source in listed for identity in _ids(source.get("committee"))]
    points = [identity for source in detailed for identity in _ids(source.get("agenda"))]
    known = await _by_id(fetcher, address, [*committees, *points])
    belongs = {identity: identity for identity in records}
    for source in listed:
        if (meeting := records.get(source["_id"])) is None:
            continue
        bodies = [known[identity].get("name") for identity in _ids(source.get("committee")) if identity in known]
        agenda = _agenda(source, known) if source["_id"] in chosen and source.get("agenda") else None
        belongs |= dict.fromkeys(_ids(source.get("agenda")), meeting.external_id)
        records[meeting.external_id] = replace(meeting, body=one_line(bodies[0]) if bodies else None, agenda=agenda)
    papers = [paper for source in documents if (paper := _paper(source, belongs)) is not None]
    if documents and not papers:
        raise FeedFault("veranderd")
    return Harvest(
        meetings=tuple(records.values()),
        papers=tuple(papers),
        unreadable=len(listed) - len(records),
        first_day=first,
        last_day=last,
        papers_complete=complete and len(papers) == len(documents),
    )


async def _between(
    fetcher: Fetcher, address: str, kind: str, moment: str, first: date, last: date
) -> tuple[list[Source], bool]:
    """All records of a kind in a period, latest first, and whether that was all of them."""
    query = {
        "bool": {
            "filter": [
                {"terms": {"@type": [kind]}},
                {"range": {moment: {"gte": first.isoformat(), "lte": last.isoformat()}}},
            ]
        }
    }
    found: list[Source] = []
    while True:
        body = {"query": query, "sort": [{moment: {"order": "desc"}}], "size": PAGE, "from": len(found)}
        page, total = await _search(fetcher, address, body)
        found += page
        if len(found) >= min(total, MOST):
            return found, total <= MOST
        if not page:
            raise FeedFault("half")


async def _by_id(fetcher: Fetcher, address: str, identities: list[str]) -> dict[str, Source]:
    wanted = list(dict.fromkeys(identities))
    found: dict[str, Source] = {}
    for start in range(0, len(wanted), PAGE):
        some = wanted[start : start + PAGE]
        page, _ = await _search(fetcher, address, {"query": {"ids": {"values": some}}, "size": len(some)})
        found |= {source["_id"]: source for source in page}
    return found


async def _search(fetcher: Fetcher, address: str, body: dict[str, Any]) -> tuple[list[Source], int]:
    """One question. An answer of which a part failed on their side counts as half: it would look as if things went."""
    try:
        answer = await fetcher.post_json(address, {**body, "_source": FIELDS, "track_total_hits": True})
    except FeedFault as fault:
        if fault.details.get("status") == 404:
            raise FeedFault("index_onbekend") from None
        raise
    try:
        shards, hits = answer["_shards"], answer["hits"]
        total = hits["total"]["value"] if isinstance(hits["total"], dict) else hits["total"]
        found = [{**hit["_source"], "_id": str(hit["_id"])} for hit in hits["hits"]]
        if shards["total"] == 0:
            raise FeedFault("index_onbekend")
        if answer["timed_out"] or shards["failed"]:
            raise FeedFault("half")
        return found, int(total)
    except (KeyError, TypeError, ValueError):
        raise FeedFault("veranderd") from None


def _meeting(source: Source) -> MeetingRecord | None:
    name, start = one_line(source.get("name")), _moment(source.get("start_date"))
    if name is None or start is None:
        return None
    time_known = start.astimezone(AMSTERDAM).time() != time()
    end = _moment(source.get("end_date"))
    return MeetingRecord(
        external_id=source["_id"],
        name=name,
        starts_at=start,
        time_known=time_known,
        ends_at=end if time_known and end is not None and end > start else None,
        place=one_line(source.get("location")),
        url=web_address(source.get("original_url")) or web_address(source.get("url")),
        cancelled=str(source.get("status", "")).rpartition("/")[2] in ("EventCancelled", "EventPostponed"),
    )


def _agenda(meeting: Source, known: dict[str, Source]) -> tuple[AgendaPoint, ...]:
    """The points that could be found, in the order of their own numbers where they have any."""
    points = []
    for order, identity in enumerate(dict.fromkeys(_ids(meeting.get("agenda")))):
        source = known.get(identity, {})
        title, position = one_line(source.get("name")), source.get("position")
        if title is not None:
            points.append((position if isinstance(position, int) else order, order, identity, title))
    return tuple(AgendaPoint(identity, number, title) for number, (*_, identity, title) in enumerate(sorted(points)))


def _paper(source: Source, belongs: dict[str, str]) -> Paper | None:
    title = one_line(source.get("name"))
    url = web_address(source.get("original_url")) or web_address(source.get("url"))
    if title is None or url is None:
        return None
    day = _moment(source.get("last_discussed_at"))
    meetings = [belongs[identity] for identity in _ids(source.get("is_referenced_by")) if identity in belongs]
    return Paper(
        external_id=source["_id"],
        title=title,
        kind=kind_of(title),
        url=url,
        day=day.astimezone(AMSTERDAM).date() if day else None,
        meeting=meetings[0] if meetings else None,
    )


def _ids(value: object) -> list[str]:
    """One identity or a list of them: with one, Open Raadsinformatie leaves the list out."""
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if isinstance(one, str | int) and str(one)]


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return dutch_time(datetime.fromisoformat(value))
    except ValueError:
        return None
