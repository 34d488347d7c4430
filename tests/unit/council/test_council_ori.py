"""Open Raadsinformatie, on real records, over real HTTP."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from participation.council import ori
from participation.council.faults import FeedFault
from participation.council.fetch import Fetcher
from participation.council.records import Harvest
from tests.council_site import Page, Site, payload

INDEX = "ori_amsterdam*"
THEN = datetime(2018, 3, 1, 12, 0, tzinfo=UTC)


async def read(site: Site, fetcher: Fetcher, records: list[dict[str, Any]], now: datetime = THEN) -> Harvest:
    site.records[INDEX] = records
    return await ori.read(fetcher, f"{site.url}/v1/elastic/", INDEX, now=now)


async def test_the_meeting_of_amsterdam_is_read_with_agenda_and_papers(site: Site, fetcher: Fetcher) -> None:
    harvest = await read(site, fetcher, payload("ori_amsterdam"))
    (meeting,) = harvest.meetings
    assert (meeting.external_id, meeting.name) == ("458902", "raadscommissie Financiën")
    assert meeting.starts_at == datetime(2018, 2, 8, 12, 30, tzinfo=UTC)
    assert (meeting.is_council, meeting.cancelled, meeting.place) == (False, False, None)
    assert meeting.agenda is not None
    assert [point.title for point in meeting.agenda][2:4] == ["Termijnagenda, per portefeuille", "TKN-lijst"]
    assert (len(meeting.agenda), len(harvest.papers), harvest.unreadable) == (12, 14, 0)
    water = next(paper for paper in harvest.papers if "Waterbeheer" in paper.title)
    assert (water.day, water.url, water.meeting) == (
        date(2018, 2, 8),
        "https://api.notubiz.nl/document/6160306/1",
        "458902",
    )
    kinds = {paper.title: paper.kind for paper in harvest.papers}
    assert kinds["Definitief verslag FIN 08 02 2018"] == "verslag"


async def test_only_what_is_needed_is_asked_for(site: Site, fetcher: Fetcher) -> None:
    await read(site, fetcher, payload("ori_amsterdam"))
    assert set(site.asked) == {"/v1/elastic/ori_amsterdam*/_search"}
    assert len(site.bodies) == 3
    assert all("text" not in body["_source"] for body in site.bodies)


async def test_meetings_without_a_start_can_not_be_used(site: Site, fetcher: Fetcher) -> None:
    """As the two of Groningen are. They are not even found by date, so the papers are what there is."""
    harvest = await read(site, fetcher, payload("ori_groningen"))
    assert (harvest.meetings, harvest.papers) == ((), ())


async def test_a_committee_is_told_by_its_name(site: Site, fetcher: Fetcher) -> None:
    records = payload("ori_groningen")
    for hit in records:
        if hit["_source"]["@type"] == "Meeting":
            hit["_source"]["start_date"] = "2018-04-04T20:00:00+02:00"
    harvest = await read(site, fetcher, records)
    told = {one.name: (one.body, one.is_council, one.place) for one in harvest.meetings}
    assert told["commissie Financien en Veiligheid"] == ("commissie Financien en Veiligheid", False, None)
    assert told["Raadpleging jeugdhulp"][1:] == (False, "Humanitas (Akerkhof 22)")


async def test_a_cancelled_meeting_and_one_without_a_time(site: Site, fetcher: Fetcher) -> None:
    records = payload("ori_amsterdam")
    records[0]["_source"] |= {"status": "http://schema.org/EventCancelled", "start_date": "2018-02-08T00:00:00+01:00"}
    (meeting,) = (await read(site, fetcher, records)).meetings
    assert (meeting.cancelled, meeting.time_known) == (True, False)


async def test_long_lists_are_read_page_by_page(site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ori, "PAGE", 5)
    harvest = await read(site, fetcher, payload("ori_amsterdam"))
    assert (len(harvest.papers), len(harvest.meetings[0].agenda or ())) == (14, 12)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"timed_out": True}, "half"),
        ({"_shards": {"total": 2, "successful": 1, "skipped": 0, "failed": 1}}, "half"),
        ({"_shards": {"total": 0, "successful": 0, "skipped": 0, "failed": 0}}, "index_onbekend"),
        ({"hits": {"total": {"value": 9, "relation": "eq"}, "hits": []}}, "half"),
        ({"hits": {"documents": []}}, "veranderd"),
        ({"hits": []}, "veranderd"),
        ({"hits": {"total": 1, "hits": [{"id": "1", "source": {}}]}}, "veranderd"),
    ],
)
async def test_half_an_answer_and_another_form_are_faults(
    site: Site, fetcher: Fetcher, spoil: dict[str, Any], code: str
) -> None:
    site.spoil = spoil
    with pytest.raises(FeedFault) as refused:
        await read(site, fetcher, payload("ori_amsterdam"))
    assert refused.value.code == code


async def test_an_index_that_does_not_exist_is_told_as_such(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FeedFault) as refused:
        await ori.read(fetcher, f"{site.url}/v1/elastic", "ori_nergens", now=THEN)
    assert refused.value.code == "index_onbekend"


async def test_papers_without_a_name_are_a_change_of_form(site: Site, fetcher: Fetcher) -> None:
    records = payload("ori_amsterdam")
    for hit in records:
        if hit["_source"]["@type"] == "MediaObject":
            hit["_source"]["titel"] = hit["_source"].pop("name")
    with pytest.raises(FeedFault) as refused:
        await read(site, fetcher, records)
    assert refused.value.code == "veranderd"


async def test_json_that_breaks_off_is_half(site: Site, fetcher: Fetcher) -> None:
    site.pages["/v1/elastic/ori_amsterdam*/_search"] = Page(b'{"hits": {"total"')
    with pytest.raises(FeedFault) as refused:
        await read(site, fetcher, [])
    assert refused.value.code == "half"
