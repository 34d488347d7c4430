"""Tables that people make: what may differ, and what is refused with the number of its line."""

from datetime import UTC, date, datetime

import pytest

from participation.council import table
from participation.council.faults import FeedFault
from participation.council.records import AgendaPoint, Paper

WHOLE = """soort;nummer;datum;begin;eind;naam;orgaan;plaats;url;livestream;status;vergadering
vergadering;V1;3-12-2026;19.30;22:30;Raadsvergadering;gemeenteraad;Raadszaal;https://raad.example/1;https://raad.example/live;gepland;
agendapunt;;;;;Opening;;;;;;V1
agendapunt;;;;;Fietspaden;;;;;;V1
vergadering;V2;2026-12-10;;;Commissie Ruimte;commissie;;;;afgelast;
motie;M1;5-11-2026;;;Meer bomen;;;https://raad.example/m1;;;V1
"""


def test_a_whole_table_is_read() -> None:
    read = table.read(WHOLE.encode())
    first, second = read.meetings
    assert (first.external_id, first.starts_at, first.ends_at) == (
        "V1",
        datetime(2026, 12, 3, 18, 30, tzinfo=UTC),
        datetime(2026, 12, 3, 21, 30, tzinfo=UTC),
    )
    assert first.agenda == (AgendaPoint("regel 1", 0, "Opening"), AgendaPoint("regel 2", 1, "Fietspaden"))
    assert (second.time_known, second.cancelled, second.is_council, first.is_council) == (False, True, False, True)
    assert read.papers == (Paper("M1", "Meer bomen", "motie", "https://raad.example/m1", date(2026, 11, 5), "V1"),)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_spreadsheets_may_write_it_in_their_own_way(separator: str, encoding: str) -> None:
    lines = ["Naam{0}Datum{0}Begin", "Raad financiën{0}2026-07-01{0}20:00", ""]
    (meeting,) = table.read("\r\n".join(lines).format(separator).encode(encoding)).meetings
    assert (meeting.name, meeting.starts_at) == ("Raad financiën", datetime(2026, 7, 1, 18, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Raad;31-2-2026;20:00;;", "“31-2-2026” is geen datum"),
        ("Raad;morgen;20:00;;", "“morgen” is geen datum"),
        ("Raad;1-12-2026;25:00;;", "“25:00” is geen tijd"),
        (";1-12-2026;20:00;;", "de naam is leeg"),
        ("Raad;1-12-2026;20:00;ftp://raad.example;", "“ftp://raad.example” is geen webadres"),
        ("Raad;1-12-2026;20:00;;misschien", "de status “misschien” is onbekend"),
        ("Raad;1-12-2026;20:00;;gepland;te veel", "te veel kolommen"),
        ("Raad A;2-12-2026;20:00;;", "“2026-12-02/Raad A” staat er twee keer in"),
    ],
)
def test_a_wrong_line_refuses_the_table_and_is_named(line: str, problem: str) -> None:
    content = f"naam;datum;begin;url;status\nRaad A;2-12-2026;20:00;;\n{line}\n"
    with pytest.raises(FeedFault) as refused:
        table.read(content.encode())
    assert (refused.value.code, refused.value.details) == ("regel", {"line": 3, "problem": problem})


def test_a_point_needs_its_meeting_above_it() -> None:
    with pytest.raises(FeedFault) as refused:
        table.read(b"soort;datum;naam;vergadering\nagendapunt;;Opening;V9\n")
    assert refused.value.details == {"line": 2, "problem": "er is hierboven geen vergadering met nummer “V9”"}


@pytest.mark.parametrize("content", [b"", b"hallo", b"naam;wanneer\nRaad;nu\n", bytes(range(256))])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(FeedFault) as refused:
        table.read(content)
    assert refused.value.code == "onleesbaar"
