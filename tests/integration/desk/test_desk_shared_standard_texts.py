"""Standard texts in the shared library: offered by one griffie, taken over, followed and let go of by another."""

import re

import pytest
from sqlalchemy import delete, select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Offer, OfferUse, OfferVersion, StandardText
from tests.integration.conftest import empty_log
from tests.integration.desk.test_desk_library import text_of

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
NAME, WORDS = "Verwijzen naar de commissie", "Uw bericht {kenmerk} ligt bij de commissie. U hoort van [naam]."
LATER = "Uw bericht {kenmerk} ligt bij de commissie. Die praat erover op [datum]."


def library_of(code):
    return f"/griffie/{code}/bibliotheek"


def texts_of(code, key=""):
    return f"/griffie/{code}/standaardteksten{'/' if key else ''}{key}"


@pytest.fixture(autouse=True)
async def _nothing_left(database_url):
    yield
    owner = Database(database_url)  # versions are out of reach of the application
    async with owner.session(EVERY_MUNICIPALITY) as session:
        for table in (StandardText, OfferUse, OfferVersion, Offer):
            await session.execute(delete(table))
        await empty_log(session)
    await owner.close()


@pytest.fixture
async def ours(clerk_with):
    return await clerk_with(**{UTRECHT: "griffier"})


@pytest.fixture
async def theirs(clerk_with):
    return await clerk_with(**{AMERSFOORT: "griffier"})


def after(response):
    """Where a form led to, without what is told there."""
    assert response.status_code == 303, text_of(response)
    return response.headers["location"].partition("?")[0]


async def add(browser, *, words=WORDS):
    """Add an own standard text; returns its key."""
    sent = await browser.send_form(
        texts_of(UTRECHT), "/standaardteksten", naam=NAME, doel="antwoord", tekst=words, aanbieden="ja"
    )
    return after(sent).rpartition("/")[2]


async def change(browser, code, key, **fields):
    typed = {"naam": NAME, "tekst": WORDS, "aanbieden": "ja"} | fields
    return after(await browser.send_form(texts_of(code, key), f"/{key}", **typed))


async def offer(browser, key, **fields):
    """Offer it; returns the id of the offer."""
    sent = await browser.send_form(f"{library_of(UTRECHT)}/aanbieden/standaardtekst/{key}", f"/{key}", **fields)
    return after(sent).rpartition("/")[2]


async def taken_over(browser, offer_id):
    """Take it over; returns the key of what came of it."""
    sent = await browser.send_form(f"{library_of(AMERSFOORT)}/{offer_id}", "/overnemen")
    return after(sent).rpartition("/")[2]


async def uses_of(database, offer_id):
    async with database.session(UTRECHT) as session:
        rows = await session.execute(select(OfferUse.municipality_code, OfferUse.number))
        return [tuple(row) for row in rows]


async def test_a_standard_text_is_offered_found_and_taken_over(ours, theirs, database):
    key = await add(ours)
    assert "Aanbieden aan andere gemeenten" in text_of(await ours.get(texts_of(UTRECHT, key)))
    offer_id = await offer(ours, key)
    found = text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=standaardtekst&zoek=commissie"))
    assert ("1 tekst gevonden" in found, NAME in found) == (True, True)
    assert "0 teksten" in text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=antwoord"))
    item = text_of(await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}"))
    assert f"De tekst van Utrecht, versie 1 Bij een antwoord {WORDS}" in item
    assert ("Bron:" in item, "Zo leest een inwoner" in item, "Deze feiten ontbreken" in item) == (False, False, False)
    own = await taken_over(theirs, offer_id)
    page = text_of(await theirs.get(texts_of(AMERSFOORT, own)))
    assert ("Overgenomen van Utrecht, versie 1." in page, "Versie 1, nu in gebruik" in page) == (True, True)
    async with database.session(AMERSFOORT) as session:
        [row] = (await session.scalars(select(StandardText))).all()
    assert (row.key, row.name, row.purpose, row.words, row.is_offered) == (own, NAME, "antwoord", WORDS, True)
    assert (str(row.offer_id), row.offer_number) == (offer_id, 1)
    assert "Amersfoort, versie 1" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))
    listed = text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=overgenomen"))
    assert f"Standaardtekst Te kiezen bij inbreng {NAME} Van Utrecht" in listed


async def test_later_changes_are_told_compared_and_taken_over_as_the_next_version(ours, theirs, database):
    key = await add(ours)
    offer_id = await offer(ours, key)
    own = await taken_over(theirs, offer_id)
    await change(ours, UTRECHT, key, tekst=LATER)
    assert "nieuwere versie" not in text_of(await theirs.get(texts_of(AMERSFOORT)))
    assert "Uw tekst is veranderd" in text_of(await ours.get(f"{library_of(UTRECHT)}?lijst=van_ons"))
    assert await offer(ours, key) == offer_id
    assert "Van 1 overgenomen tekst is er een nieuwere versie." in text_of(await theirs.get(texts_of(AMERSFOORT)))
    await change(theirs, AMERSFOORT, own, tekst=f"{WORDS} Tot ziens.")
    assert "Overgenomen van Utrecht, versie 1." in text_of(await theirs.get(texts_of(AMERSFOORT, own)))
    item = await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert "U veranderde de tekst zelf ook." in text_of(item)
    assert "[nieuw: Die" in re.sub(r"<[^>]+>", "", item.text)
    assert await taken_over(theirs, offer_id) == own
    async with database.session(AMERSFOORT) as session:
        rows = (await session.scalars(select(StandardText).order_by(StandardText.number))).all()
    assert [(row.words, row.offer_number) for row in rows] == [(WORDS, 1), (f"{WORDS} Tot ziens.", 1), (LATER, 2)]
    assert await uses_of(database, offer_id) == [(AMERSFOORT, 2)]


async def test_what_can_not_be_chosen_or_was_let_go_of_is_no_use(ours, theirs, database):
    offer_id = await offer(ours, await add(ours))
    own = await taken_over(theirs, offer_id)
    assert await uses_of(database, offer_id) == [(AMERSFOORT, 1)]
    await change(theirs, AMERSFOORT, own, aanbieden="nee")
    assert await uses_of(database, offer_id) == []
    await change(theirs, AMERSFOORT, own)
    assert await uses_of(database, offer_id) == [(AMERSFOORT, 1)]
    assert after(await theirs.send_form(f"{library_of(AMERSFOORT)}/{offer_id}", "/loslaten")) == library_of(AMERSFOORT)
    assert await uses_of(database, offer_id) == []
    page = text_of(await theirs.get(texts_of(AMERSFOORT, own)))
    assert (WORDS in page, "Overgenomen van" in page) == (True, False)


async def test_what_was_withdrawn_stays_and_is_told(ours, theirs):
    offer_id = await offer(ours, await add(ours))
    own = await taken_over(theirs, offer_id)
    await ours.send_form(f"{library_of(UTRECHT)}/{offer_id}", "/intrekken", zeker="ja")
    page = text_of(await theirs.get(texts_of(AMERSFOORT, own)))
    assert ("Utrecht trok deze tekst in." in page, WORDS in page) == (True, True)
    gone = await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert (gone.status_code, f'href="{texts_of(AMERSFOORT, own)}"' in gone.text) == (200, True)


async def test_only_own_words_that_can_be_chosen_are_offered_and_no_data_of_persons_unseen(ours, database):
    async with database.session(UTRECHT) as session:
        assert (await session.scalars(select(StandardText))).all() == []
    listed = (await ours.get(texts_of(UTRECHT))).text
    national = re.findall(r'/standaardteksten/([\w-]+)"', listed)[0]
    assert "Aanbieden aan andere gemeenten" not in text_of(await ours.get(texts_of(UTRECHT, national)))
    offering = f"{library_of(UTRECHT)}/aanbieden/standaardtekst"
    assert [(await ours.get(f"{offering}/{key}")).status_code for key in (national, "eigen-niets")] == [404, 404]
    key = await add(ours, words="Bel mevrouw Jansen op 06-24681357.")
    refused = await ours.send_form(f"{offering}/{key}", f"/{key}")
    assert (refused.status_code, "Kijk ze na en zet een vinkje" in text_of(refused)) == (422, True)
    assert await offer(ours, key, nagekeken="ja")
    hidden = await add(ours)
    await change(ours, UTRECHT, hidden, aanbieden="nee")
    assert (await ours.get(f"{offering}/{hidden}")).status_code == 404


async def test_who_only_reads_offers_and_takes_over_nothing(ours, clerk_with, database):
    key = await add(ours)
    offer_id = await offer(ours, key)
    member, other = await clerk_with(**{UTRECHT: "raadslid"}), await clerk_with(**{AMERSFOORT: "raadslid"})
    assert (await member.get(f"{library_of(UTRECHT)}/aanbieden/standaardtekst/{key}")).status_code == 404
    page = await other.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert ("/overnemen" in page.text, "Met uw rol kunt u deze tekst lezen." in text_of(page)) == (False, True)
    token = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    sent = await other.post(f"{library_of(AMERSFOORT)}/{offer_id}/overnemen", data={"csrf": token})
    assert sent.status_code == 403
    async with database.session(AMERSFOORT) as session:
        assert (await session.scalars(select(StandardText))).all() == []
