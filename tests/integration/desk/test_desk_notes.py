"""Internal notes on a contribution: for colleagues of the same municipality, never for the chat."""

import uuid

from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY
from participation.models import ContributionEntry, ContributionNote
from participation.services.notes import MAX_CHARACTERS

LIST = "/griffie/GM0344/inbreng"


async def kept(database, model, contribution):
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.scalars(select(model).where(model.contribution_id == contribution.id))
        return found.all()


async def test_a_note_sent_twice_is_kept_once_and_colleagues_read_it_in_the_story(
    clerk_with, contribute, database, surroundings
):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    for _ in range(2):
        response = await browser.send_form_of(html, "/notitie", notitie="Gebeld met <wijkbeheer>.\r\nKomt terug.")
        assert response.headers["location"] == f"{page}?gedaan=notitie"
    [note] = await kept(database, ContributionNote, contribution)
    assert note.text == "Gebeld met <wijkbeheer>.\nKomt terug."
    colleague = await clerk_with(GM0344="medewerker")
    shown = (await colleague.get(page)).text
    assert shown.count("Gebeld met &lt;wijkbeheer&gt;.\nKomt terug.") == 1
    assert (await kept(database, ContributionEntry, contribution), surroundings.told) == ([], [])


async def test_a_note_without_words_or_with_too_many_is_given_back(clerk_with, contribute, database):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    empty = await browser.send_form_of(html, "/notitie", notitie=" ")
    assert (empty.status_code, "Schrijf eerst uw notitie." in empty.text) == (422, True)
    long = "a" * (MAX_CHARACTERS + 1)
    refused = await browser.send_form_of(html, "/notitie", notitie=long)
    assert (refused.status_code, f"{long}</textarea>" in refused.text) == (422, True)
    assert await kept(database, ContributionNote, contribution) == []


async def test_who_only_reads_sees_no_notes_and_another_municipality_can_not_write_one(
    clerk_with, contribute, database
):
    contribution = await contribute()
    page, own = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await own.get(page)).text
    await own.send_form_of(html, "/notitie", notitie="Alleen voor ons.")
    reader = await clerk_with(GM0344="raadslid")
    assert "Alleen voor ons." not in (await reader.get(page)).text
    other = await clerk_with(GM0307="griffier")
    foreign = (await other.get("/griffie/GM0307/inbreng")).text
    token = foreign.split('name="csrf" value="')[1].split('"')[0]
    for code in ("GM0344", "GM0307"):
        refused = await other.post(
            f"/griffie/{code}/inbreng/{contribution.id}/notitie",
            data={"csrf": token, "notitie": "Van een ander.", "verzending": str(uuid.uuid4())},
        )
        assert refused.status_code == 404
    assert [note.text for note in await kept(database, ContributionNote, contribution)] == ["Alleen voor ons."]
