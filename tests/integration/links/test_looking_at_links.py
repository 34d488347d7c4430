"""Looking at the links of answers and facts, over HTTP on a site of our own, with what is kept in a real database."""

import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from sqlalchemy import delete

from participation import content
from participation.council.fetch import Fetcher
from participation.database import EVERY_MUNICIPALITY, Database
from participation.links import jobs, store
from participation.links.look import Looking
from participation.links.outcomes import Outcome
from participation.models import AnswerOverride, CheckedLink, LocalFact, OwnQuestion
from participation.settings import Settings
from participation.worker import job_app
from tests.council_site import Page, Site, serve

UTRECHT = "GM0344"
DAY = timedelta(days=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def looking() -> Looking:
    """Reaching the site on loopback, which production refuses, and without waiting in between."""
    return Looking(Fetcher(public_only=False, seconds=2), pause=0.0)


@pytest.fixture(autouse=True)
async def _only_our_links(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The library's own links are of others: nothing here asks for them."""
    monkeypatch.setattr(content, "answers", dict)
    yield
    async with database.session(EVERY_MUNICIPALITY) as session:
        for model in (CheckedLink, LocalFact, AnswerOverride, OwnQuestion):
            await session.execute(delete(model))


async def add_fact(database: Database, name: str, value: str, url: str | None = None) -> None:
    async with database.session(UTRECHT) as session:
        await session.merge(
            LocalFact(
                municipality_code=UTRECHT,
                name=name,
                value=value,
                source="proef",
                source_url=url,
                checked_on=date(2026, 11, 1),
            )
        )


async def broken(database: Database, *urls: str) -> set[str]:
    async with database.session(UTRECHT) as session:
        return set(await store.broken(session, urls))


async def test_a_link_that_answers_is_good_also_when_only_get_works_or_it_moved(site: Site, looking: Looking) -> None:
    good = site.put("/goed", "er is iets")
    moved = site.put("/weg", "", status=301, headers={"Location": "/goed"})
    only_get = site.put("/kaal", "er is iets", head_status=405)
    assert {await looking.at(url) for url in (good, moved, only_get)} == {Outcome("goed", 200)}
    assert (site.heads, site.asked) == (["/goed", "/weg", "/goed", "/kaal"], ["/kaal"])


async def test_what_is_wrong_with_a_link_has_a_name(site: Site, looking: Looking) -> None:
    site.pages |= {"/op": Page(b"", 410), "/dicht": Page(b"", 403), "/vol": Page(b"", 503), "/traag": Page(delay=3.0)}
    found = [await looking.at(f"{site.url}{path}") for path in ("/nergens", "/op", "/dicht", "/vol", "/traag")]
    assert found == [
        Outcome("foutmelding", 404),
        Outcome("foutmelding", 410),
        Outcome("geweigerd", 403),
        Outcome("geweigerd", 503),
        Outcome("te_traag"),
    ]
    assert await looking.at("http://127.0.0.1:1/") == Outcome("onbereikbaar")


async def test_an_address_inside_our_own_network_is_never_asked(site: Site) -> None:
    """There is something to find: who may look inside finds it."""
    url = site.put("/geheim", "geheim")
    production = Looking(pause=0.0)
    for inside in (url, url.replace("127.0.0.1", "localhost"), "http://169.254.169.254/latest", "http://[::1]:80/"):
        assert await production.at(inside) == Outcome("niet_toegestaan")
    assert site.heads + site.asked == []
    assert await Looking(Fetcher(public_only=False), pause=0.0).at(url) == Outcome("goed", 200)


async def test_a_site_that_asks_for_patience_is_left_alone_and_the_other_is_not(site: Site, looking: Looking) -> None:
    with serve() as other:
        site.pages |= {"/a": Page(b"", 429), "/b": Page(b"ja")}
        other.pages |= {"/a": Page(b"ja"), "/b": Page(b"ja")}
        urls = [f"{one.url}/{name}" for one in (site, other) for name in "ab"]
        found = await looking.at_all(urls)
    assert set(found) == {urls[0], *urls[2:]}
    assert (site.heads, site.asked, sorted(other.heads)) == (["/a"], [], ["/a", "/b"])


async def test_one_site_is_asked_one_thing_at_a_time(site: Site, looking: Looking) -> None:
    busy, most, lock = 0, 0, threading.Lock()

    class Counting(Page):
        @property
        def delay(self) -> float:  # type: ignore[override]
            nonlocal busy, most
            with lock:
                busy += 1
                most = max(most, busy)
            threading.Event().wait(0.05)
            with lock:
                busy -= 1
            return 0.0

        @delay.setter
        def delay(self, _: float) -> None:
            pass

    urls = [f"{site.url}/{number}" for number in range(5)]
    site.pages = {f"/{number}": Counting(b"ja") for number in range(5)}
    assert set((await looking.at_all(urls)).values()) == {Outcome("goed", 200)}
    assert most == 1


async def test_a_link_is_broken_after_failing_on_three_days_and_whole_after_one_success(
    database: Database, site: Site, looking: Looking, now: datetime
) -> None:
    url = f"{site.url}/raad"
    await add_fact(database, "raad_url", url)
    told = []
    for day in range(3):
        for hour in range(3):
            await jobs.check_due(database, looking, now=now + day * DAY + timedelta(minutes=hour))
        told.append(await broken(database, url))
    assert told == [set(), set(), {url}]
    assert len(site.heads) == 3
    site.put("/raad", "terug")
    await jobs.check_due(database, looking, now=now + 3 * DAY)
    assert await broken(database, url) == set()


async def test_links_of_facts_own_answers_and_own_questions_are_looked_at_and_forgotten_when_out_of_use(
    database: Database, site: Site, looking: Looking, now: datetime
) -> None:
    await add_fact(database, "raad_url", f"{site.url}/feit", f"{site.url}/bron")
    await add_fact(database, "zetels", f"{site.url}/geen-adres-maar-tekst")
    texts = {"short": "Zo zit het.", "source_name": "Bron"}
    async with database.session(UTRECHT) as session:
        session.add(
            AnswerOverride(
                municipality_code=UTRECHT,
                topic="fractie",
                source_url=f"{site.url}/eigen",
                checked_on=date(2026, 11, 1),
                published_at=now,
                **texts,
            )
        )
        for published in (True, False):
            session.add(
                OwnQuestion(
                    municipality_code=UTRECHT,
                    ways=["Wanneer?"],
                    embeddings=b"",
                    source_url=f"{site.url}/vraag-{published}",
                    checked_on=now.date(),
                    is_published=published,
                    revision=1,
                    changed_at=now,
                    **texts,
                )
            )
    assert await jobs.check_due(database, looking, now=now) == 4
    assert sorted(set(site.heads)) == ["/bron", "/eigen", "/feit", "/vraag-True"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(LocalFact))
    await jobs.check_due(database, looking, now=now + 8 * DAY)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await session.get(CheckedLink, f"{site.url}/feit") is None
        assert await session.get(CheckedLink, f"{site.url}/eigen") is not None


async def test_when_nobody_answers_it_is_our_own_connection(
    database: Database, looking: Looking, now: datetime, site: Site
) -> None:
    closed = [f"http://127.0.0.1:{port}/" for port in (1, 2)]
    await add_fact(database, "raad_url", closed[0], closed[1])
    assert await jobs.check_due(database, looking, now=now) == 0
    await add_fact(database, "livestream_url", f"{site.url}/er-is-iemand")
    assert await jobs.check_due(database, looking, now=now) == 3
    async with database.session(UTRECHT) as session:
        row = await session.get(CheckedLink, closed[0])
        assert row is not None
        assert (row.outcome, row.failing_days) == ("onbereikbaar", 1)


async def test_the_library_is_looked_at_too(database: Database, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.undo()
    async with database.session(EVERY_MUNICIPALITY) as session:
        urls = await store.due(session, limit=1000, now=now)
    assert set(urls) == {source.url for answer in content.answers().values() for source in answer.sources}


@pytest.mark.parametrize("wanted", [True, False])
def test_the_round_runs_only_where_the_setting_allows_it(
    wanted: bool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("participation.worker.connector", lambda _: InMemoryConnector())
    app: App = job_app(Settings(demo=True, database_url=database_url, link_check=wanted))
    assert (jobs.ROUND in app.tasks) is wanted
