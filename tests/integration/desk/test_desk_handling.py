"""Closing with a disposition, asking the resident, the whole history, and the page where both are arranged."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY
from participation.models import ContributionEntry, ContributionStatus
from participation.services import dispositions, own_contributions, reply_verdicts

LIST = "/griffie/GM0344/inbreng"
PAGE = "/griffie/GM0344/afhandeling"


async def rows(database, model, contribution):
    async with database.session("GM0344") as session:
        found = await session.scalars(
            select(model).where(model.contribution_id == contribution.id).order_by(model.created_at)
        )
        return found.all()


async def test_a_question_reaches_the_resident_and_shows_how_long_they_have(
    clerk_with, contribute, database, surroundings
):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    empty = await browser.send_form_of(html, "/vraag", tekst=" ")
    assert (empty.status_code, "Schrijf uw vraag" in empty.text) == (422, True)
    for _ in range(2):
        response = await browser.send_form_of(html, "/vraag", tekst="Welke\r\nlamp?")
        assert response.headers["location"] == f"{page}?gedaan=vraag"
    [entry] = await rows(database, ContributionEntry, contribution)
    assert (entry.kind, entry.text, set(surroundings.told)) == ("vraag", "Welke\nlamp?", {entry.id})
    shown = (await browser.get(page)).text
    assert ("Vraag aan de inwoner" in shown, "De inwoner kan antwoorden tot en met 7 december 2026." in shown) == (
        True,
        True,
    )
    assert f"{page}/vraag" not in shown  # one question at a time
    late = await browser.send_form_of(html.replace(_submission(html), str(uuid.uuid4())), "/vraag", tekst="En nu?")
    assert (late.status_code, "Een collega heeft de status intussen veranderd" in late.text) == (409, True)
    assert "En nu?</textarea>" in late.text


def _submission(html):
    return html.split('/vraag"')[1].split('name="verzending" value="')[1].split('"')[0]


async def test_a_closing_without_what_was_done_is_explained_and_keeps_what_was_typed(clerk_with, contribute, database):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    refused = await browser.send_form_of(html, "/status", status="afgehandeld", toelichting="Klaar.", afdoening="")
    assert (refused.status_code, "Kies wat er met de inbreng is gedaan." in refused.text) == (422, True)
    assert "Klaar.</textarea>" in refused.text
    done = await browser.send_form_of(
        html, "/status", status="afgehandeld", toelichting="Klaar.", afdoening="naar_college"
    )
    assert done.status_code == 303
    shown = (await browser.get(page)).text
    assert shown.count("Klaar.") == 1
    assert '<p class="step__reason">Naar het college</p>' in shown
    assert [row.disposition for row in await rows(database, ContributionStatus, contribution)] == [
        None,
        "naar_college",
    ]


async def test_all_that_happened_stands_in_one_history(clerk_with, contribute, database, now, resident_adds):
    contribution = await contribute("Bel mij op 06-24681357.")
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    await browser.send_form(page, "/indeling", soort="idee", thema="groen")
    await browser.send_form(page, "/origineel", reden="Ik wil bellen")
    await browser.send_form(page, "/antwoord", tekst="Wij kijken.")
    [entry] = await rows(database, ContributionEntry, contribution)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await reply_verdicts.give(
            session, resident_id=contribution.resident_id, entry_id=entry.id, verdict="nee", now=now
        )
    await resident_adds(contribution, "Dat is niet genoeg.", at=now + timedelta(minutes=1), answering=True)
    shown = (await browser.get(page)).text
    story = shown.split('<ol class="story">')[1].split("</ol>")[0]
    places = [
        story.find(words)
        for words in (
            "Ontvangen",
            "Soort en thema gekozen",
            "Idee, Groen, natuur en dieren",
            "Hele tekst gelezen",
            "Ik wil bellen",
            "Antwoord aan de inwoner",
            "De inwoner zegt: dit helpt mij niet.",
            "Reactie van de inwoner",
        )
    ]
    assert places == sorted(places)
    assert places[0] > 0
    reader = (await (await clerk_with(GM0344="raadslid")).get(page)).text
    assert ("Antwoord aan de inwoner" in reader, "Ik wil bellen" in reader) == (True, False)


async def test_what_the_resident_withdrew_can_not_be_reopened(clerk_with, contribute, database, now):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=now
        )
    html = (await browser.get(page)).text
    assert ("de inwoner heeft dit ingetrokken" in html, f'action="{page}/status"' in html) == (True, False)
    token = html.split('name="csrf" value="')[1].split('"')[0]
    refused = await browser.post(f"{page}/status", data={"csrf": token, "status": "heropend"})
    assert refused.status_code == 409


async def test_what_was_handled_is_reopened_by_hand_and_by_a_reaction(
    clerk_with, contribute, database, now, resident_adds
):
    by_hand, by_reaction = await contribute(), await contribute()
    browser = await clerk_with(GM0344="griffier")
    for contribution in (by_hand, by_reaction):
        page = f"{LIST}/{contribution.id}"
        await browser.send_form(page, "/status", status="afgehandeld", toelichting="Klaar.", afdoening="beantwoord")
    await browser.send_form(f"{LIST}/{by_hand.id}", "/status", status="heropend")
    await resident_adds(by_reaction, "Hij is weer stuk.", at=now + timedelta(minutes=1), answering=True)
    for contribution in (by_hand, by_reaction):
        statuses = [row.status for row in await rows(database, ContributionStatus, contribution)]
        assert sorted(statuses) == ["afgehandeld", "heropend", "ontvangen"]


async def test_a_manager_arranges_dispositions_and_days(clerk_with, contribute, database):
    browser = await clerk_with(GM0344="griffier")
    added = await browser.send_form(PAGE, "/afhandeling/afdoening", naam="Naar de dorpsraad", tekst="Zij lezen het.")
    assert added.headers["location"] == f"{PAGE}?gedaan=afdoening"
    hidden = await browser.send_form(PAGE, "/afdoening/naar_fractie", tekst="Een partij leest het.", aanbieden="nee")
    assert hidden.status_code == 303
    days = await browser.send_form(PAGE, "/dagen", dagen="21")
    assert days.status_code == 303
    contribution = await contribute()
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    offered = html.split('name="afdoening"')[1].split("</select>")[0]
    assert ("Naar de dorpsraad" in offered, "fracties" in offered) == (True, False)
    assert "De inwoner heeft 21 dagen" in html
    elsewhere = (await (await clerk_with(GM0307="griffier")).get("/griffie/GM0307/afhandeling")).text
    assert ("Naar de dorpsraad" in elsewhere, 'value="14"' in elsewhere) == (False, True)


@pytest.mark.parametrize(
    ("action", "form", "message"),
    [
        ("dagen", {"dagen": "0"}, "Vul een heel getal in van 1 tot en met 90."),
        ("dagen", {"dagen": "１０"}, "Vul een heel getal in van 1 tot en met 90."),
        ("afhandeling/afdoening", {"naam": "", "tekst": "x"}, "Vul een naam in"),
        ("afhandeling/afdoening", {"naam": "a" * 61, "tekst": "x"}, "Gebruik ten hoogste 60 tekens"),
        ("afdoening/beantwoord", {"tekst": " "}, "Vul de tekst in die de inwoner leest."),
    ],
)
async def test_what_can_not_be_kept_is_explained(clerk_with, action, form, message):
    browser = await clerk_with(GM0307="beheerder")
    answer = await browser.send_form("/griffie/GM0307/afhandeling", f"/{action}", **form)
    assert (answer.status_code, message in answer.text) == (422, True)


async def test_who_does_not_manage_reads_the_page_and_changes_nothing(clerk_with, database):
    browser, other = await clerk_with(GM0344="medewerker"), await clerk_with(GM0307="griffier")
    html = (await browser.get(PAGE)).text
    assert ("Naar de gemeenteraad" in html, "Opslaan" in html) == (True, False)
    token = html.split('name="csrf" value="')[1].split('"')[0]
    foreign = (await other.get("/griffie/GM0307/afhandeling")).text.split('name="csrf" value="')[1].split('"')[0]
    form = {"dagen": "5", "naam": "Stiekem", "tekst": "Stiekem"}
    for action in ("dagen", "afdoening", "afdoening/beantwoord"):
        assert (await browser.post(f"{PAGE}/{action}", data=form | {"csrf": token})).status_code == 403
        assert (await other.post(f"{PAGE}/{action}", data=form | {"csrf": foreign})).status_code == 404
    assert (await other.get(PAGE)).status_code == 404
    async with database.session("GM0344") as session:
        ways = await dispositions.all_of(session, municipality_code="GM0344")
    assert "Stiekem" not in {way.name for way in ways} | {way.words for way in ways}


async def test_another_municipality_can_not_ask(clerk_with, contribute, database):
    contribution = await contribute()
    other = await clerk_with(GM0307="griffier")
    token = (await other.get("/griffie/GM0307/inbreng")).text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "tekst": "Wie bent u?", "verzending": str(uuid.uuid4())}
    for code in ("GM0344", "GM0307"):
        answer = await other.post(f"/griffie/{code}/inbreng/{contribution.id}/vraag", data=form)
        assert answer.status_code == 404
    assert await rows(database, ContributionEntry, contribution) == []
    assert [row.status for row in await rows(database, ContributionStatus, contribution)] == ["ontvangen"]
