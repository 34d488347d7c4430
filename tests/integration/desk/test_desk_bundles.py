"""Putting like contributions together at the desk, answering all, taking one out."""

import re
import uuid

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY
from participation.models import Clerk
from participation.services import alike, bundles, contributions

LIST = "/griffie/GM0344/inbreng"
SAME = ("Er wordt te hard gereden langs de school.", "Langs de school wordt te hard gereden.")


@pytest.fixture
def like(contribute, database):
    async def made(code="GM0344"):
        pair = [await contribute(text, code=code) for text in SAME]
        async with database.session(EVERY_MUNICIPALITY) as session:
            for one in pair:
                await alike.remember(session, one)
        return pair

    return made


async def detail_of(database, contribution):
    async with database.session("GM0344") as session:
        return await contributions.find_contribution(
            session, municipality_code="GM0344", contribution_id=contribution.id
        )


async def test_like_contributions_are_put_together_answered_and_taken_apart(clerk_with, like, database, surroundings):
    first, second = await like()
    browser = await clerk_with(GM0344="griffier")
    page = f"{LIST}/{first.id}"
    html = (await browser.get(page)).text
    assert second.reference in html.split("Dit lijkt erop")[1]
    nothing = await browser.send_form_of(html, "/bundel", naam="School")
    assert (nothing.status_code, "Kies welke inbreng hetzelfde zegt." in nothing.text) == (422, True)
    nameless = await browser.send_form_of(html, "/bundel", ook=str(second.id))
    assert (nameless.status_code, "Geef de bundel een naam." in nameless.text) == (422, True)
    assert f'value="{second.id}" checked' in nameless.text
    together = await browser.send_form_of(html, "/bundel", ook=str(second.id), naam="School & verkeer")
    bundle_page = together.headers["location"].split("?")[0]
    shown = (await browser.get(bundle_page)).text
    assert ("Bundel School &amp; verkeer" in shown, "2 keer inbreng, 2 nog open" in shown) == (True, True)
    assert all(one.reference in shown for one in (first, second))
    empty = await browser.send_form(bundle_page, "/antwoord", tekst=" ")
    assert (empty.status_code, "Schrijf uw antwoord" in empty.text) == (422, True)
    answered = await browser.send_form(bundle_page, "/antwoord", tekst="Er komt\r\neen drempel.")
    assert answered.headers["location"] == f"{bundle_page}?gedaan=bundel_antwoord"
    threads = [await detail_of(database, one) for one in (first, second)]
    assert [[entry.text for entry in one.entries] for one in threads] == [["Er komt\neen drempel."]] * 2
    assert set(surroundings.told) == {one.entries[0].id for one in threads}
    assert (await browser.send_form(page, "/losmaken")).status_code == 303
    assert (await detail_of(database, first)).status == "in_behandeling"
    assert "Uit een bundel gehaald" in (await browser.get(page)).text
    unexplained = await browser.send_form(bundle_page, "/afhandelen", afdoening="naar_raad", toelichting=" ")
    assert (unexplained.status_code, "Schrijf een toelichting" in unexplained.text) == (422, True)
    colleague = await clerk_with(GM0344="griffier")
    still_open = (await colleague.get(bundle_page)).text
    closed = await browser.send_form(bundle_page, "/afhandelen", afdoening="naar_raad", toelichting="In mei.")
    assert closed.status_code == 303
    assert [(await detail_of(database, one)).status for one in (first, second)] == ["in_behandeling", "afgehandeld"]
    late = await colleague.send_form_of(still_open, "/afhandelen", afdoening="naar_raad", toelichting="In juni.")
    assert (late.status_code, "In juni.</textarea>" in late.text) == (409, True)


async def test_of_each_whom_the_chat_can_not_reach_the_bundle_says_what_to_do(clerk_with, contribute, database, now):
    browser = await clerk_with(GM0344="griffier")
    ids = [(await contribute()).id, (await contribute(chat=False)).id]
    for channel, more in (
        ("telefoon", {"antwoord": "telefoon", "contact": "06-24681357"}),
        ("balie", {"antwoord": "zelf"}),
        ("kraam", {}),
    ):
        told = {"tekst": f"Er is te weinig licht ({channel}).", "kanaal": channel, "ontvangen": "2026-11-20"} | more
        entered = await browser.send_form("/griffie/GM0344/invoeren", "/invoeren", **told)
        ids.append(uuid.UUID(entered.headers["location"].rpartition("/")[2]))
    async with database.session("GM0344") as session:
        clerk = await session.scalar(select(Clerk))
        bundle_id = await bundles.put_together(
            session, municipality_code="GM0344", contribution_ids=ids, name="Licht", clerk=clerk, now=now
        )
    page = f"/griffie/GM0344/bundels/{bundle_id}"
    told = (
        "1 van 5 inwoners krijgen dit in een eigen chat. Hierboven staat bij wie u zelf belt, mailt of schrijft.",
        "1 van 5 inwoners krijgen deze tekst in een eigen chat.",
        "De chat is gewist. Deze inwoner krijgt niets.",
        "Krijgt niets van de chat. Antwoord zelf: bellen.",
        "Ingevoerd door de griffie. De inwoner vraagt zelf hoe het staat.",
        "Ingevoerd door de griffie. De inwoner wil geen antwoord.",
    )
    html = (await browser.get(page)).text
    assert [html.count(words) for words in told] == [1] * 6
    reader = await clerk_with(GM0344="raadslid")
    assert "bellen" not in (await reader.get(page)).text


async def test_another_municipality_sees_and_changes_no_bundle(clerk_with, like, database, now):
    first, second = await like()
    own, other = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    together = await own.send_form(f"{LIST}/{first.id}", "/bundel", ook=str(second.id), naam="School")
    bundle_page = together.headers["location"].split("?")[0]
    assert first.reference in (await own.get(bundle_page)).text
    token = (await other.get("/griffie/GM0307/inbreng")).text.split('name="csrf" value="')[1].split('"')[0]
    form = {
        "csrf": token,
        "tekst": "Dag",
        "toelichting": "Dag",
        "afdoening": "naar_raad",
        "naam": "Van mij",
        "ook": str(second.id),
        "verzending": str(uuid.uuid4()),
    }
    bundle_id = re.search(r"bundels/([0-9a-f-]{36})", bundle_page)[1]
    for code in ("GM0344", "GM0307"):
        base = f"/griffie/{code}"
        answers = [
            await other.get(f"{base}/bundels/{bundle_id}"),
            await other.post(f"{base}/bundels/{bundle_id}/antwoord", data=form),
            await other.post(f"{base}/bundels/{bundle_id}/afhandelen", data=form),
            await other.post(f"{base}/inbreng/{first.id}/bundel", data=form),
            await other.post(f"{base}/inbreng/{first.id}/losmaken", data=form),
        ]
        assert [answer.status_code for answer in answers] == [404] * 5
        assert not any(first.reference in answer.text for answer in answers)
    async with database.session("GM0344") as session:
        found = await bundles.find(session, municipality_code="GM0344", bundle_id=uuid.UUID(bundle_id))
    assert [row.status for row in found.rows] == ["gebundeld", "gebundeld"]


async def test_who_only_reads_sees_the_bundle_and_no_form(clerk_with, like):
    first, second = await like()
    own, reader = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="raadslid")
    together = await own.send_form(f"{LIST}/{first.id}", "/bundel", ook=str(second.id), naam="School")
    bundle_page = together.headers["location"].split("?")[0]
    for_griffie, html = (await own.get(bundle_page)).text, (await reader.get(bundle_page)).text
    assert ("Bundel School" in for_griffie, "School" in html) == (True, False), "its name is the griffie's own"
    assert (first.reference in html, "Verstuur naar allemaal" in html) == (True, False)
