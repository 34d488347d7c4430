"""The griffie makes papers for the council at the desk; council members read what was issued."""

import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy import select, text, update

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AuditEvent, Contribution, IssuedReport, ReportDraft
from participation.models.consent import NAME, SHARE
from participation.reports import counting, rendering
from participation.services import consents
from tests.integration.desk.conftest import AMERSFOORT, UTRECHT, Browser

PAGE = f"/griffie/{UTRECHT}/naar-de-raad"
NAMED = "Noor de Proef"
PERIOD = {"van": "2026-11-01", "tot": "2026-11-23", "lezers": "raad"}
SAID = "De lantaarns in de straat doen het al weken niet meer."


@pytest.fixture
async def told(database: Database, contribute: Callable[..., Awaitable[Contribution]], now: datetime):
    """Six residents whose words may be shared; the council may know who the last one is."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("DELETE FROM contribution"))
    made = [await contribute(SAID, minutes_ago=10 - number) for number in range(7)]
    async with database.session(EVERY_MUNICIPALITY) as session:
        for one in made:
            about = {"resident_id": one.resident_id, "municipality_code": UTRECHT, "channel": "web", "now": now}
            await consents.give(session, purpose=SHARE, contribution_id=one.id, **about)
        await consents.give(session, purpose=NAME, contribution_id=made[-1].id, detail=NAMED, **about)
    return made


@pytest.fixture
def counts(database: Database, now: datetime):
    """What the worker does with a draft."""

    async def count(page: str) -> None:
        draft_id = uuid.UUID(page.rpartition("/")[2])
        await counting.count(database, draft_id=draft_id, municipality_code=UTRECHT, now=now)

    return count


@pytest.fixture
def renders(database: Database, now: datetime):
    """What the worker does with an issued paper."""

    async def render(page: str) -> None:
        report_id = uuid.UUID(page.partition("?")[0].rpartition("/")[2])
        await rendering.render(database, report_id=report_id, municipality_code=UTRECHT, now=now)

    return render


@pytest.fixture
async def desk(clerk_with) -> Browser:
    return await clerk_with(GM0344="griffier")


async def makes(desk: Browser, kind: str, **chosen: str) -> str:
    """Choose a paper; returns the address of its draft."""
    sent = await desk.send_form(f"{PAGE}/nieuw", "/nieuw", soort=kind, **PERIOD | chosen)
    assert sent.status_code == 303
    return sent.headers["location"]


async def issues(desk: Browser, draft: str) -> str:
    """Issue a draft; returns the address of the paper."""
    sent = await desk.send_form(draft, "/vaststellen", zeker="ja")
    assert sent.status_code == 303
    return sent.headers["location"].partition("?")[0]


async def test_from_choosing_to_a_pdf_that_the_council_downloads(
    desk: Browser, told, counts, renders, clerk_with, database: Database
) -> None:
    draft = await makes(desk, "signalen")
    waiting = (await desk.get(draft)).text
    assert ("De computer telt" in waiting, 'value="0"' in waiting) == (True, True)
    assert (await desk.get(f"{draft}/voortgang")).json() == {"klaar": False, "procent": 0}
    await counts(draft)
    assert (await desk.get(f"{draft}/voortgang")).json() == {"klaar": True, "procent": 100}
    assert (await desk.get(draft)).text.count(SAID) == 3
    report = await issues(desk, draft)
    assert (await desk.get(draft)).status_code == 404
    assert "De bestanden worden nu gemaakt." in (await desk.get(report)).text
    await renders(report)
    member = await clerk_with(GM0344="raadslid")
    page = (await member.get(report)).text
    assert (page.count(SAID), page.count("Waar het vandaan komt"), page.count(told[0].reference)) == (3, 0, 0)
    assert (await member.get(PAGE)).text.count("Signalen van inwoners 2026-") == 1
    files = [await member.get(f"{report}/bestand/{kind}") for kind in ("pdf", "docx", "odt", "xlsx", "csv")]
    zipped = b"PK\x03\x04"
    assert [file.content[:4] for file in files] == [b"%PDF", zipped, zipped, zipped, "\ufeffT".encode()]
    assert re.fullmatch(r'attachment; filename="signalen-2026-\d{3}\.pdf"', files[0].headers["content-disposition"])
    async with database.session(UTRECHT) as session:
        taken = await session.scalars(select(AuditEvent.details).where(AuditEvent.action == "uitvoer.stuk"))
    assert [one["bestand"] for one in taken] == ["pdf", "docx", "odt", "xlsx", "csv"]


async def test_the_list_shows_names_to_the_council_and_is_edited_before(
    desk: Browser, told, counts, clerk_with, contribute
) -> None:
    draft = await makes(desk, "stukken")
    await counts(draft)
    named = told[-1].id
    edited = await desk.send_form(
        draft,
        "/stukken",
        **{"stuk": str(named), f"onderwerp-{named}": "Kapotte lampen", f"voorstel-{named}": "Naar het college"},
    )
    assert edited.status_code == 303
    report = await issues(desk, draft)
    page = (await (await clerk_with(GM0344="raadslid")).get(report)).text
    assert [page.count(words) for words in (NAMED, "Kapotte lampen", "Naar het college", SAID)] == [1, 1, 1, 0]
    assert (await (await clerk_with(GM0344="campagneleider")).get(report)).status_code == 404


async def test_a_quote_is_left_out_at_the_desk(desk: Browser, told, counts) -> None:
    draft = await makes(desk, "signalen", citaten="5")
    await counts(draft)
    page = (await desk.get(draft)).text
    shown = re.findall(r'name="weg" value="([^"]+)"', page)
    assert len(shown) == 5
    sent = await desk.send_form(draft, "/citaten", weg=shown[0])
    assert sent.status_code == 303
    left = re.findall(r'name="weg" value="([^"]+)"', (await desk.get(draft)).text)
    assert (shown[0] in left, len(left)) == (False, 5)


async def test_the_page_tells_what_was_withdrawn_and_a_new_version_goes_without(
    desk: Browser, told, counts, clerk_with, database: Database, now: datetime
) -> None:
    draft = await makes(desk, "stukken")
    await counts(draft)
    report = await issues(desk, draft)
    member = await clerk_with(GM0344="raadslid")
    assert "Er veranderde iets" not in (await desk.get(report)).text
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.withdraw(session, resident_id=told[-1].resident_id, channel="web", now=now, purposes=(SHARE,))
    page = (await desk.get(report)).text
    assert "Stuk 1: De inwoner wil niet meer dat dit naar de raad gaat." in page
    assert "Er veranderde iets" not in (await member.get(report)).text
    again = (await desk.send_form(report, "/nieuwe-versie")).headers["location"]
    await counts(again)
    refused = await desk.send_form(again, "/vaststellen", zeker="ja")
    assert (refused.status_code, "Er staat niets in dit stuk." in refused.text) == (422, True)


async def test_issuing_asks_whether_one_looked(desk: Browser, told, counts, database: Database) -> None:
    draft = await makes(desk, "signalen")
    early = await desk.post(f"{draft}/vaststellen", data={"csrf": await token(desk), "zeker": "ja"})
    assert (early.status_code, early.headers["location"]) == (303, draft)
    await counts(draft)
    refused = await desk.send_form(draft, "/vaststellen")
    assert (refused.status_code, "Zet eerst een vinkje" in refused.text) == (422, True)
    async with database.session(UTRECHT) as session:
        assert await session.get(ReportDraft, uuid.UUID(draft.rpartition("/")[2])) is not None


async def test_what_nobody_looked_at_is_not_issued(
    desk: Browser, told, counts, database: Database, now: datetime
) -> None:
    """Whoever took a quote back makes room for another: the griffie first reads that one."""
    draft = await makes(desk, "signalen")
    await counts(draft)
    page = (await desk.get(draft)).text
    (first, *_) = re.findall(r'name="weg" value="([^"]+)"', page)
    (quoted,) = [one for one in told if str(one.id) == first]
    async with database.session(EVERY_MUNICIPALITY) as session:
        other = Contribution.id == told[0].id
        await session.execute(
            update(Contribution).where(other).values(masked_text="Dit las nog niemand van de griffie.")
        )
        await consents.withdraw(session, resident_id=quoted.resident_id, channel="web", now=now, purposes=(SHARE,))
    refused = await desk.send_form_of(page, "/vaststellen", zeker="ja")
    assert (refused.status_code, "Het stuk veranderde terwijl u keek." in refused.text) == (409, True)
    async with database.session(UTRECHT) as session:
        assert await session.get(ReportDraft, uuid.UUID(draft.rpartition("/")[2])) is not None
    assert (await desk.send_form_of(refused.text, "/vaststellen", zeker="ja")).status_code == 303


async def test_a_draft_is_counted_again_or_thrown_away(desk: Browser, told, counts) -> None:
    draft = await makes(desk, "stukken")
    await counts(draft)
    assert (await desk.send_form(draft, "/opnieuw")).headers["location"] == draft
    waiting = (await desk.get(draft)).text
    assert [words in waiting for words in ("De computer telt", "Tel opnieuw", "Gooi het concept weg")] == [True] * 3
    assert (await desk.send_form(draft, "/weggooien")).status_code == 303
    assert (await desk.get(draft)).status_code == 404


async def test_what_is_done_to_a_draft_is_in_the_log_without_a_word_of_it(
    desk: Browser, told, counts, database: Database
) -> None:
    signs, pieces = await makes(desk, "signalen", citaten="1"), await makes(desk, "stukken")
    for draft in (signs, pieces):
        await counts(draft)
    quote = re.search(r'name="weg" value="([^"]+)"', (await desk.get(signs)).text)
    assert quote
    await desk.send_form(signs, "/citaten", weg=quote[1])
    named = told[-1].id
    written = {"stuk": str(named), f"onderwerp-{named}": "Kapotte lampen", f"weg-{named}": "ja"}
    await desk.send_form(pieces, "/stukken", **written)
    for draft in (signs, pieces):
        await desk.send_form(draft, "/weggooien")
    async with database.session(UTRECHT) as session:
        events = [
            (
                await session.scalars(
                    select(AuditEvent).where(AuditEvent.record == draft.rpartition("/")[2]).order_by(AuditEvent.id)
                )
            ).all()
            for draft in (signs, pieces)
        ]
    assert [[one.action for one in of_one] for of_one in events] == [
        ["raad.concept_gemaakt", "raad.citaten_weggelaten", "raad.concept_weggegooid"],
        ["raad.concept_gemaakt", "raad.concept_bewerkt", "raad.concept_weggegooid"],
    ]
    details = [of_one[1].details for of_one in events]
    assert (details[0]["aantal"], details[1]["weggelaten"], "lampen" in str(details)) == (1, 1, False)


async def test_a_committee_that_no_calendar_has_is_typed_and_stands_above_the_paper(
    desk: Browser, told, counts
) -> None:
    draft = await makes(desk, "signalen", vergadering_zelf="Commissie  Ruimte, agendapunt 4")
    await counts(draft)
    assert "Commissie Ruimte, agendapunt 4" in (await desk.get(draft)).text
    report = await issues(desk, draft)
    assert "Commissie Ruimte, agendapunt 4" in (await desk.get(report)).text
    again = (await desk.send_form(report, "/nieuwe-versie")).headers["location"]
    await counts(again)
    assert "Commissie Ruimte, agendapunt 4" in (await desk.get(again)).text


async def test_what_can_not_be_chosen_is_explained(desk: Browser) -> None:
    for chosen, said in (
        ({"soort": ""}, "Kies welk stuk u wilt maken."),
        ({"lezers": "iedereen"}, "Kies wie het stuk leest."),
        ({"van": "gisteren"}, "Vul bij “van” een datum in"),
        ({"van": "2026-11-24", "tot": "2026-11-23"}, "De laatste dag ligt voor de eerste."),
        ({"tot": "2026-11-24"}, "Kies een laatste dag die niet in de toekomst ligt."),
        ({"van": "2020-01-01"}, "De periode is te lang."),
        ({"thema": "onzin"}, "Dit thema kennen wij niet."),
        ({"citaten": "9"}, "Kies 0 tot en met 5 citaten per thema."),
        ({"vergadering": "onzin"}, "Deze vergadering staat niet meer in de kalender."),
        ({"vergadering_zelf": "x" * 121}, "De naam is te lang."),
    ):
        sent = await desk.send_form(f"{PAGE}/nieuw", "/nieuw", **{"soort": "signalen"} | PERIOD | chosen)
        assert (sent.status_code, said in sent.text) == (422, True), chosen


async def test_others_make_nothing_and_another_municipality_finds_nothing(
    desk: Browser, told, counts, renders, clerk_with, database: Database
) -> None:
    draft, spare = await makes(desk, "signalen"), await makes(desk, "stukken")
    await counts(draft)
    report = await issues(desk, draft)
    await renders(report)
    member, stranger = await clerk_with(GM0344="raadslid"), await clerk_with(GM0307="griffier")
    theirs = f"/griffie/{AMERSFOORT}/naar-de-raad"
    gets = (spare, f"{spare}/voortgang", f"{PAGE}/nieuw")
    assert [(await member.get(one)).status_code for one in gets] == [404] * 3
    everything = (*gets, PAGE, report, f"{report}/bestand/pdf")
    assert [(await stranger.get(one)).status_code for one in everything] == [404] * 6
    moved = [one.replace(PAGE, theirs) for one in (spare, f"{spare}/voortgang", report, f"{report}/bestand/pdf")]
    assert [(await stranger.get(one)).status_code for one in moved] == [404] * 4
    posts = [f"{spare}/{action}" for action in ("opnieuw", "citaten", "stukken", "weggooien", "vaststellen")]
    posts += [f"{report}/nieuwe-versie"]
    for browser, expected, addresses in (
        (member, 403, [*posts, f"{PAGE}/nieuw"]),
        (stranger, 404, posts),
        (stranger, 404, [one.replace(PAGE, theirs) for one in posts]),
    ):
        sent = {"csrf": await token(browser), "zeker": "ja", "soort": "signalen"} | PERIOD
        assert {one: (await browser.post(one, data=sent)).status_code for one in addresses} == dict.fromkeys(
            addresses, expected
        )
    assert (await desk.get(f"{report}/bestand/exe")).status_code == 404
    async with database.session(UTRECHT) as session:
        assert await session.get(ReportDraft, uuid.UUID(spare.rpartition("/")[2])) is not None
        assert await session.scalar(select(IssuedReport.id).where(IssuedReport.replaces_id.is_not(None))) is None


async def token(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/griffie/wachtwoord")).text)
    assert found
    return found[1]
