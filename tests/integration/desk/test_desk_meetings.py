"""The page with meetings: sources added, read, changed and removed, and faults told in words."""

import dataclasses
import re
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import delete, select

from participation.council.fetch import Fetcher
from participation.council.sources import Surroundings
from participation.database import EVERY_MUNICIPALITY
from participation.models import AuditEvent, CouncilFeed, Meeting
from tests.council_site import Page, Site, serve

PAGE = "/griffie/GM0344/vergaderingen"
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//proef//NL
BEGIN:VEVENT
UID:1
SUMMARY:Raadsvergadering <b>begroting</b>
LOCATION:Raadszaal
URL:https://raad.example/3
DTSTART;TZID=Europe/Amsterdam:20261203T193000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Commissie Stad
STATUS:CANCELLED
DTSTART;TZID=Europe/Amsterdam:20261123T200000
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def other_site(site) -> Iterator[Site]:
    """Somebody else's site on loopback, which this desk may reach."""
    with serve() as other:
        free = Fetcher(public_only=False, seconds=5)
        mounted = next(route.app for route in site.routes if getattr(route, "path", "") == "/griffie")
        usual = mounted.state.desk
        mounted.state.desk = dataclasses.replace(
            usual, council=Surroundings(typed=free, owned=free, ori_url=f"{other.url}/v1")
        )
        yield other
        mounted.state.desk = usual


@pytest.fixture(autouse=True)
async def _no_feeds(database) -> AsyncIterator[None]:
    yield
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(CouncilFeed))


async def feeds(database, code: str = "GM0344") -> list[CouncilFeed]:
    async with database.session(code) as session:
        return list(await session.scalars(select(CouncilFeed)))


async def add(browser, address: str, kind: str = "ical", **more: str):
    return await browser.send_form(PAGE, "/bronnen", soort=kind, adres=address, vers="168", **more)


async def upload(browser, text: str, page: str = PAGE):
    html = (await browser.get(PAGE)).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    return await browser.post(f"{page}/tabel", data={"csrf": csrf}, files={"bestand": ("raad.csv", text.encode())})


async def test_a_source_is_added_read_and_shown(clerk_with, database, other_site):
    browser = await clerk_with(GM0344="griffier")
    empty = (await browser.get(PAGE)).text
    assert ("Er staan geen vergaderingen klaar." in empty, "Er is nog geen bron." in empty) == (True, True)
    response = await add(browser, other_site.put("/raad.ics", CALENDAR))
    assert (response.status_code, response.headers["location"]) == (303, f"{PAGE}?gedaan=bron_erbij")
    html = (await browser.get(response.headers["location"])).text
    assert "De bron is toegevoegd en ingelezen." in html
    assert "Donderdag 3 december 2026 om 19.30 uur" in html
    assert 'href="https://raad.example/3" rel="noreferrer">Raadsvergadering &lt;b&gt;begroting&lt;/b&gt;</a>' in html
    assert "Vandaag om 20.00 uur" in html
    assert (html.count("Gaat niet door"), html.count(">Raad</span>")) == (1, 1)
    assert "Goed ingelezen" in html
    (feed,) = await feeds(database)
    assert (feed.fresh_hours, feed.fault) == (168, None)


async def test_the_part_that_one_is_in_is_marked(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    for page, title in ((PAGE, "Vergaderingen"), ("/griffie/GM0344/inbreng", "Inbreng")):
        html = (await browser.get(page)).text
        assert re.findall(r'aria-current="page">(\w+)</a>', html.split("</nav>")[0]) == [title]
        assert f'href="{PAGE}"' in html


async def test_a_fault_is_told_in_words_and_what_was_there_stays(clerk_with, database, other_site, surroundings):
    browser = await clerk_with(GM0344="beheerder")
    await add(browser, other_site.put("/raad.ics", CALENDAR))
    other_site.pages["/raad.ics"] = Page(b"", 503)
    response = await browser.send_form(PAGE, "/bijwerken")
    words = "De andere kant geeft een foutmelding (503). Controleer het adres."
    assert (response.status_code, response.text.count(words)) == (422, 2)
    assert "Wat er al was, blijft staan." in response.text
    assert "Donderdag 3 december 2026" in response.text
    other_site.put("/raad.ics", CALENDAR.replace("DTSTART;TZID=Europe/Amsterdam:20261203", "DTSTART:20261210"))
    response = await browser.send_form(PAGE, "/bijwerken")
    assert response.headers["location"] == f"{PAGE}?gedaan=bron_gelezen"
    html = (await browser.get(PAGE)).text
    assert (words in html, "Donderdag 10 december 2026" in html) == (False, True)


async def test_an_address_inside_the_network_is_refused(clerk_with, database):
    """Without the fixture, this desk is as it is in production."""
    with serve() as inside:
        browser = await clerk_with(GM0344="griffier")
        response = await add(browser, inside.put("/raad.ics", CALENDAR))
        assert (response.status_code, inside.asked) == (422, [])
    assert "Dit adres is niet openbaar op internet." in response.text
    assert [feed.fault for feed in await feeds(database)] == ["niet_toegestaan"]


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("", "https://raad.example", "Kies een soort bron."),
        ("bestand", "x.csv", "Kies een soort bron."),
        ("ical", "raad.ics", "Vul een webadres in dat begint met https:// of webcal://."),
        ("ori", "https://raad.example", "Vul de naam van uw gemeente bij Open Raadsinformatie in"),
    ],
)
async def test_what_is_filled_in_wrong_is_given_back(clerk_with, database, kind, address, words):
    browser = await clerk_with(GM0344="griffier")
    response = await add(browser, address, kind)
    assert (response.status_code, response.text.count(words)) == (422, 2)
    assert f'name="adres" type="text" value="{address}"' in response.text
    assert await feeds(database) == []


async def test_the_same_source_twice_is_refused(clerk_with, database, other_site):
    browser = await clerk_with(GM0344="griffier")
    address = other_site.put("/raad.ics", CALENDAR)
    await add(browser, address)
    response = await add(browser, address)
    assert (response.status_code, "Deze bron staat er al." in response.text) == (422, True)
    assert len(await feeds(database)) == 1


async def test_a_source_is_changed_and_removed_with_what_it_brought(clerk_with, database, other_site):
    browser = await clerk_with(GM0344="griffier")
    await add(browser, other_site.put("/raad.ics", CALENDAR))
    (feed,) = await feeds(database)
    response = await browser.send_form(PAGE, f"/bronnen/{feed.id}", adres="https://raad.example/b.ics", vers="24")
    assert response.headers["location"] == f"{PAGE}?gedaan=bron_anders"
    (feed,) = await feeds(database)
    assert (feed.address, feed.fresh_hours) == ("https://raad.example/b.ics", 24)
    refused = await browser.send_form(PAGE, f"/bronnen/{feed.id}", adres="b.ics", vers="24")
    assert (refused.status_code, (await feeds(database))[0].address) == (422, "https://raad.example/b.ics")
    unsure = await browser.send_form(PAGE, "/weg")
    assert (unsure.status_code, len(await feeds(database))) == (422, 1)
    response = await browser.send_form(PAGE, "/weg", zeker="ja")
    assert response.headers["location"] == f"{PAGE}?gedaan=bron_weg"
    async with database.session("GM0344") as session:
        assert list(await session.scalars(select(Meeting))) == []
        actions = list(
            await session.scalars(
                select(AuditEvent.action).where(AuditEvent.record == str(feed.id)).order_by(AuditEvent.id)
            )
        )
    assert actions == ["council.feed_added", "council.feed_changed", "council.feed_removed"]


async def test_a_table_is_handed_over_and_a_wrong_line_is_named(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    response = await upload(browser, "naam;datum;begin\nRaad;3-12-2026;19:30\n")
    assert response.headers["location"] == f"{PAGE}?gedaan=tabel_gelezen"
    html = (await browser.get(PAGE)).text
    assert ("Donderdag 3 december 2026 om 19.30 uur" in html, "Ingelezen tabel" in html) == (True, True)
    assert "Nu bijwerken" not in html
    response = await upload(browser, "naam;datum\nRaad;3-12-2026\nRaad;nooit\n")
    assert (response.status_code, response.text.count("Regel 3 klopt niet: “nooit” is geen datum.")) == (422, 2)
    assert "Donderdag 3 december 2026 om 19.30 uur" in response.text
    for text, words in (("hallo", "Dit is geen tabel die wij kennen."), ("", "Dit is geen tabel die wij kennen.")):
        assert words in (await upload(browser, text)).text
    nothing = await browser.send_form(PAGE, "/tabel")
    assert (nothing.status_code, "Kies eerst een bestand." in nothing.text) == (422, True)


async def test_old_data_are_marked(clerk_with, other_site, surroundings):
    browser = await clerk_with(GM0344="griffier")
    await add(browser, other_site.put("/raad.ics", CALENDAR))
    assert ">Verouderd</span>" not in (await browser.get(PAGE)).text
    surroundings.now = surroundings.now.replace(month=12, day=1)
    html = (await (await clerk_with(GM0344="griffier")).get(PAGE)).text
    assert ">Verouderd</span>" in html


async def test_a_clerk_of_another_municipality_sees_and_changes_nothing(clerk_with, database, other_site):
    """There is something to leak: Utrecht's own clerk sees it."""
    own, other = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    await add(own, other_site.put("/geheim.ics", CALENDAR))
    assert "geheim.ics" in (await own.get(PAGE)).text
    (feed,) = await feeds(database)
    theirs = "/griffie/GM0307/vergaderingen"
    html = (await other.get(theirs)).text
    assert ("geheim.ics" in html, "begroting" in html) == (False, False)
    form = {"csrf": re.search(r'name="csrf" value="([^"]+)"', html)[1], "zeker": "ja", "adres": "https://x.example"}
    asked = len(other_site.asked)
    answers = [await other.get(PAGE), await other.post(f"{PAGE}/bronnen", data=form)]
    answers.append(await other.post(f"{PAGE}/tabel", data=form, files={"bestand": ("x.csv", b"naam;datum\n")}))
    addresses = [
        f"{page}/bronnen/{feed.id}{action}" for page in (PAGE, theirs) for action in ("", "/weg", "/bijwerken")
    ]
    answers += [await other.post(address, data=form) for address in addresses]
    assert [answer.status_code for answer in answers] == [404] * 9
    assert not any("geheim.ics" in answer.text for answer in answers)
    (after,) = await feeds(database)
    assert (after.address, len(other_site.asked)) == (feed.address, asked)


@pytest.mark.parametrize("role", ["medewerker", "raadslid", "campagneleider"])
async def test_other_roles_see_the_meetings_and_no_addresses(clerk_with, database, other_site, role):
    await add(await clerk_with(GM0344="griffier"), other_site.put("/geheim.ics?sleutel=1", CALENDAR))
    browser = await clerk_with(GM0344=role)
    html = (await browser.get(PAGE)).text
    assert ("Donderdag 3 december 2026" in html, "sleutel" in html, "Bron toevoegen" in html) == (True, False, False)
    (feed,) = await feeds(database)
    form = {"csrf": re.search(r'name="csrf" value="([^"]+)"', html)[1], "zeker": "ja"}
    for action in ("/bronnen", f"/bronnen/{feed.id}", f"/bronnen/{feed.id}/weg", f"/bronnen/{feed.id}/bijwerken"):
        response = await browser.post(f"{PAGE}{action}", data=form)
        assert (response.status_code, "Dit mag niet met uw rol" in response.text) == (403, True)
    assert len(await feeds(database)) == 1


async def test_a_form_without_its_token_and_a_visitor_get_nowhere(clerk_with, browser, database):
    clerk = await clerk_with(GM0344="griffier")
    refused = await clerk.post(f"{PAGE}/bronnen", data={"soort": "ical", "adres": "https://raad.example"})
    assert (refused.status_code, await feeds(database)) == (403, [])
    response = await browser.get(PAGE)
    assert response.headers["location"] == "/griffie/aanmelden?naar=/GM0344/vergaderingen"
