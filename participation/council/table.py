"""Meetings, agendas and decisions from a table (CSV) that people make by hand, such as an export of a spreadsheet.

Strict on purpose: whoever hands a table over is there to mend it, so one wrong line refuses all of it and is named.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from participation.council.faults import FeedFault
from participation.council.records import AgendaPoint, Harvest, MeetingRecord, Paper, kind_of, one_line, web_address
from participation.dates import AMSTERDAM

COLUMNS = (
    *("soort", "nummer", "datum", "begin", "eind", "naam", "orgaan", "plaats", "url", "livestream", "status"),
    "vergadering",
)
NEEDED = ("datum", "naam")
MEETING, POINT = "vergadering", "agendapunt"
STATUSES = {"": False, "gepland": False, "gaat door": False, "afgelast": True, "geannuleerd": True, "vervallen": True}
MAX_LINES = 20_000

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?(?: uur)?")


@dataclass
class _Reading:
    meetings: dict[str, MeetingRecord] = field(default_factory=dict)
    agendas: dict[str, list[AgendaPoint]] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)


def read(content: bytes) -> Harvest:
    """Read a table. Columns may stand in any order; `datum` and `naam` must be there.

    Raises:
        FeedFault: `onleesbaar` when it is no such table, `regel` with the number of the line and what is wrong there.
    """
    reading = _Reading()
    for line, row in _rows(content):
        kind = row["soort"].lower() or MEETING
        if kind == MEETING:
            meeting = _meeting(line, row)
            _once(line, reading.meetings, meeting.external_id)
            reading.meetings[meeting.external_id] = meeting
        elif kind == POINT:
            _add_point(line, row, reading)
        else:
            paper = _paper(line, row, kind, reading)
            _once(line, reading.papers, paper.external_id)
            reading.papers[paper.external_id] = paper
    with_agendas = [
        replace(meeting, agenda=tuple(reading.agendas.get(identity, ())))
        for identity, meeting in reading.meetings.items()
    ]
    return Harvest(meetings=tuple(with_agendas), papers=tuple(reading.papers.values()))


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = text.replace("\0", "").splitlines()
    header = lines[0] if lines else ""
    separator = max(";,\t", key=header.count)
    rows = csv.DictReader(lines, delimiter=separator)
    try:
        names = [name.strip().lower() for name in rows.fieldnames or []]
        if not set(NEEDED) <= set(names):
            raise FeedFault("onleesbaar", columns=", ".join(NEEDED))
        rows.fieldnames = names
        for row in rows:
            if rows.line_num > MAX_LINES:
                raise FeedFault("te_groot", megabytes=1)
            if None in row:
                raise FeedFault("regel", line=rows.line_num, problem="te veel kolommen")
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if any(cells.values()):
                yield rows.line_num, cells
    except csv.Error:
        raise FeedFault("regel", line=rows.line_num, problem="deze regel is niet te lezen") from None


def _meeting(line: int, row: dict[str, str]) -> MeetingRecord:
    day, begin, end = _day(line, row["datum"]), _time(line, row["begin"]), _time(line, row["eind"])
    if row["status"].lower() not in STATUSES:
        raise FeedFault("regel", line=line, problem=f"de status “{row['status']}” is onbekend")
    name = _name(line, row)
    starts_at = datetime.combine(day, begin or time(), AMSTERDAM)
    ends_at = datetime.combine(day, end, AMSTERDAM) if begin and end and end > begin else None
    return MeetingRecord(
        external_id=row["nummer"] or f"{day}/{name}",
        name=name,
        starts_at=starts_at.astimezone(UTC),
        time_known=begin is not None,
        ends_at=ends_at.astimezone(UTC) if ends_at else None,
        body=one_line(row["orgaan"]),
        place=one_line(row["plaats"]),
        url=_url(line, row["url"]),
        livestream_url=_url(line, row["livestream"]),
        cancelled=STATUSES[row["status"].lower()],
    )


def _add_point(line: int, row: dict[str, str], reading: _Reading) -> None:
    meeting = row["vergadering"]
    if meeting not in reading.meetings:
        raise FeedFault("regel", line=line, problem=f"er is hierboven geen vergadering met nummer “{meeting}”")
    points = reading.agendas.setdefault(meeting, [])
    points.append(AgendaPoint(row["nummer"] or f"regel {len(points) + 1}", len(points), _name(line, row)))
    if len({point.external_id for point in points}) < len(points):
        raise FeedFault("regel", line=line, problem=f"het nummer “{row['nummer']}” staat er twee keer in")


def _paper(line: int, row: dict[str, str], kind: str, reading: _Reading) -> Paper:
    day, title = _day(line, row["datum"]), _name(line, row)
    return Paper(
        external_id=row["nummer"] or f"{day}/{title}",
        title=title,
        kind=one_line(kind) or kind_of(title),
        url=_url(line, row["url"]),
        day=day,
        meeting=row["vergadering"] if row["vergadering"] in reading.meetings else None,
    )


def _once(line: int, known: dict[str, MeetingRecord] | dict[str, Paper], identity: str) -> None:
    if identity in known:
        raise FeedFault("regel", line=line, problem=f"“{identity}” staat er twee keer in")


def _name(line: int, row: dict[str, str]) -> str:
    name = one_line(row["naam"])
    if name is None:
        raise FeedFault("regel", line=line, problem="de naam is leeg")
    return name


def _day(line: int, text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FeedFault("regel", line=line, problem=f"“{text}” is geen datum") from None


def _time(line: int, text: str) -> time | None:
    if not text:
        return None
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        return time(int(found[1]), int(found[2]))
    except ValueError:
        raise FeedFault("regel", line=line, problem=f"“{text}” is geen tijd") from None


def _url(line: int, text: str) -> str | None:
    if not text:
        return None
    url = web_address(text)
    if url is None:
        raise FeedFault("regel", line=line, problem=f"“{text[:60]}” is geen webadres")
    return url
