"""Standard texts at the desk: choosing one, filling it, looking at it, sending it; and keeping the texts."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from participation import content
from participation.models import AuditEvent, ContributionEntry, ContributionStatus

LIST = "/griffie/GM0344/inbreng"
TEXTS = "/griffie/GM0344/standaardteksten"


def area(html: str, field: str) -> str:
    """What stands in a text area of the page."""
    return unescape(re.search(rf'<textarea[^>]* id="{field}"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)[1])


async def entries(database, contribution):
    async with database.session("GM0344") as session:
        found = await session.scalars(
            select(ContributionEntry).where(ContributionEntry.contribution_id == contribution.id)
        )
        return [(entry.kind, entry.text) for entry in found]


async def put(browser, html, contribution, purpose, **fields):
    """Press a button of the form that stands on the page, to another address than that of the form."""
    action = {"antwoord": "/antwoord", "vraag": "/vraag", "afsluiting": "/status"}[purpose]
    elsewhere = f"{LIST}/{contribution.id}/opstellen/{purpose}"
    form = html.replace(f'action="{LIST}/{contribution.id}{action}"', f'action="{elsewhere}"')
    return await browser.send_form_of(form, f"/opstellen/{purpose}", **fields)


async def test_a_standard_text_comes_into_the_answer_with_what_is_known_and_is_sent_once_it_is_complete(
    clerk_with, contribute, database
):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    shown = await put(
        browser, html, contribution, "antwoord", stap="standaardtekst", standaardtekst="dank", tekst="Beste inwoner,"
    )
    text = area(shown.text, "antwoord")
    assert (shown.status_code, text) == (
        200,
        "Beste inwoner,\n\nDank u wel voor uw [soort]. De griffie heeft uw tekst gelezen.\n\n"
        "De griffie werkt voor de gemeenteraad. [Wat u hierna gaat doen]\n\n"
        "U hoort hier van ons zodra er nieuws is.\n\nMet vriendelijke groet,\nAnna de Wit, griffie van Utrecht",
    )
    refused = await browser.send_form_of(shown.text, "/antwoord", tekst=text)
    assert refused.status_code == 422
    assert "Vul eerst in wat nog open is: [soort], [Wat u hierna gaat doen]." in refused.text
    assert (area(refused.text, "antwoord"), await entries(database, contribution)) == (text, [])
    whole = text.replace("[soort]", "zorg").replace("[Wat u hierna gaat doen]", "Wij bellen.")
    sent = await browser.send_form_of(refused.text, "/antwoord", tekst=whole)
    assert (sent.status_code, await entries(database, contribution)) == (303, [("antwoord", whole)])


async def test_the_preview_shows_what_the_resident_gets_and_sends_nothing(clerk_with, contribute, database):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="medewerker")
    html = (await browser.get(page)).text
    text = "Kijk op https://utrecht.example.\n- <b>een</b>\n- twee\n[datum]"
    shown = await put(browser, html, contribution, "antwoord", stap="voorbeeld", tekst=text)
    preview = re.search(r'<section class="chat-preview".*?</section>', shown.text, re.DOTALL)[0]
    assert f"Antwoord van de griffie van Utrecht op uw inbreng {contribution.reference}" in re.sub(
        "<[^>]+>", "", preview
    )
    assert "<ul><li>&lt;b&gt;een&lt;/b&gt;</li><li>twee</li></ul>" in preview
    assert '<a target="_blank" rel="noopener noreferrer" href="https://utrecht.example">' in preview
    buttons = [content.text(name) for name in ("knop_reageren", "knop_hielp_ja", "knop_hielp_nee")]
    assert [title for title in buttons if title in preview] == buttons
    assert ("<li>[datum]</li>" in preview, "leesscore" in preview) == (True, True)
    assert (area(shown.text, "antwoord"), await entries(database, contribution)) == (text, [])


async def test_the_preview_of_a_question_names_the_last_day_and_of_a_closing_what_was_done(clerk_with, contribute):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    asked = await put(browser, html, contribution, "vraag", stap="voorbeeld", tekst="Welke lamp?")
    assert "Dat kan tot en met 7 december 2026." in asked.text.split('class="chat-preview"')[1]
    closing = {"stap": "voorbeeld", "status": "afgehandeld", "toelichting": "De lamp is nieuw."}
    closed = await put(browser, html, contribution, "afsluiting", afdoening="naar_college", **closing)
    preview = closed.text.split('class="chat-preview"')[1].split("</section>")[0]
    assert ("aan het college gegeven" in preview, "De lamp is nieuw." in preview) == (
        True,
        True,
    )
    assert '<option value="naar_college" selected>' in closed.text
    without = await put(browser, html, contribution, "afsluiting", afdoening="", **closing)
    assert (without.status_code, "Kies eerst wat er met de inbreng is gedaan." in without.text) == (422, True)
    silent = await put(browser, html, contribution, "afsluiting", stap="voorbeeld", status="in_behandeling")
    assert "De inwoner krijgt hier geen bericht van." in silent.text
    unlisted = await put(browser, html, contribution, "afsluiting", stap="voorbeeld", status="ingepland")
    assert "De inwoner krijgt hier geen bericht van." in unlisted.text


async def test_a_question_and_a_closing_with_an_open_field_change_nothing(clerk_with, contribute, database):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    asked = await browser.send_form_of(html, "/vraag", tekst="Bedoelt u [welke lamp]?")
    closed = await browser.send_form_of(
        html, "/status", status="afgehandeld", toelichting="Op [datum].", afdoening="naar_raad"
    )
    for refused, field, kept in (
        (asked, "[welke lamp]", area(asked.text, "vraag") == "Bedoelt u [welke lamp]?"),
        (closed, "[datum]", area(closed.text, "toelichting") == "Op [datum]."),
    ):
        assert (refused.status_code, f"Vul eerst in wat nog open is: {field}." in refused.text, kept) == (
            422,
            True,
            True,
        )
    async with database.session("GM0344") as session:
        rows = await session.scalars(
            select(ContributionStatus.status).where(ContributionStatus.contribution_id == contribution.id)
        )
        assert rows.all() == ["ontvangen"]
    noted = await browser.send_form_of(html, "/status", status="in_behandeling", toelichting="Zie [dossier].")
    assert noted.status_code == 303  # the resident does not read this one


async def test_choosing_nothing_is_explained(clerk_with, contribute):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    for chosen in ("", "bestaat-niet"):
        shown = await put(
            browser, html, contribution, "antwoord", stap="standaardtekst", standaardtekst=chosen, tekst="Dag"
        )
        assert (shown.status_code, "Kies eerst een standaardtekst." in shown.text) == (422, True)
        assert area(shown.text, "antwoord") == "Dag"
    empty = await put(browser, html, contribution, "antwoord", stap="voorbeeld", tekst=" ")
    assert (empty.status_code, "Schrijf eerst een tekst." in empty.text) == (422, True)
    assert (await put(browser, html, contribution, "antwoord", stap="voorbeeld", tekst="Dag")).status_code == 200
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    unknown = await browser.post(f"{page}/opstellen/anders", data={"csrf": token, "tekst": "x"})
    assert unknown.status_code == 404


async def test_a_municipality_changes_a_text_and_goes_back_and_only_its_own_residents_get_it(clerk_with, database):
    browser, page = await clerk_with(GM0344="medewerker"), f"{TEXTS}/waar_is_het"
    national = area((await browser.get(page)).text, "tekst")
    saved = await browser.send_form(
        page, "/waar_is_het", naam="Welke plek?", tekst="Waar is het, {kenmerk}?", aanbieden="ja"
    )
    assert saved.headers["location"] == f"{page}?gedaan=standaardtekst"
    html = (await browser.get(page)).text
    assert (area(html, "tekst"), "Versie 1, nu in gebruik" in html) == ("Waar is het, {kenmerk}?", True)
    stale = html.replace('name="versie" value="1"', 'name="versie" value="0"')
    late = await browser.send_form_of(stale, "/waar_is_het", naam="x", tekst="Mijn tekst", aanbieden="ja")
    assert (late.status_code, area(late.text, "tekst")) == (409, "Mijn tekst")
    assert "Een collega heeft deze tekst intussen veranderd." in late.text
    elsewhere = await clerk_with(GM0307="griffier")
    assert area((await elsewhere.get("/griffie/GM0307/standaardteksten/waar_is_het")).text, "tekst") == national
    back = html[html.index("Terug naar de landelijke tekst") - 1500 :]
    form = back[: back.index("Terug naar")].rpartition("<form")[2]
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    await browser.post(page, data=fields)
    assert area((await browser.get(page)).text, "tekst") == national
    async with database.session("GM0344") as session:
        audited = await session.scalars(
            select(AuditEvent.details)
            .where(AuditEvent.action == "standaardtekst.veranderd", AuditEvent.record == "waar_is_het")
            .order_by(AuditEvent.id)
        )
        assert [one["versie"] for one in audited] == [1, 2]


async def test_an_own_text_is_added_once_chosen_and_taken_out(clerk_with, contribute):
    browser, contribution = await clerk_with(GM0344="griffier"), await contribute()
    html = (await browser.get(TEXTS)).text
    typed = {"naam": "Onze groet", "doel": "antwoord", "tekst": "Dag {kenmerk}."}
    added = [await browser.send_form_of(html, "/standaardteksten", **typed) for _ in range(2)]
    [page] = {response.headers["location"].partition("?")[0] for response in added}
    key = page.rpartition("/")[2]
    form = (await browser.get(f"{LIST}/{contribution.id}")).text
    assert form.count(f'<option value="{key}">Onze groet</option>') == 1
    shown = await put(browser, form, contribution, "antwoord", stap="standaardtekst", standaardtekst=key)
    assert area(shown.text, "antwoord") == f"Dag {contribution.reference}."
    await browser.send_form(page, f"/{key}", naam="Onze groet", tekst="Dag {kenmerk}.")
    assert key not in (await browser.get(f"{LIST}/{contribution.id}")).text
    assert "(niet te kiezen)" in (await browser.get(TEXTS)).text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"naam": "", "doel": "antwoord", "tekst": "Dag"}, "Vul een naam, een tekst en een doel in."),
        ({"naam": "Groet", "doel": "elders", "tekst": "Dag"}, "Vul een naam, een tekst en een doel in."),
        (
            {"naam": "Groet", "doel": "antwoord", "tekst": "x" * 3001},
            "Gebruik ten hoogste 60 tekens voor de naam en 3000",
        ),
        ({"naam": "Groet", "doel": "antwoord", "tekst": "U bent {leeftijd}."}, "niet invullen: {leeftijd}."),
    ],
)
async def test_a_text_that_can_not_be_kept_is_explained(clerk_with, typed, error):
    browser = await clerk_with(GM0344="griffier")
    refused = await browser.send_form(TEXTS, "/standaardteksten", **typed)
    assert (refused.status_code, error in refused.text) == (422, True)
    assert area(refused.text, "tekst") == typed["tekst"]


async def test_who_reads_changes_nothing_and_another_municipality_finds_nothing(clerk_with, contribute):
    contribution = await contribute()
    owner = await clerk_with(GM0344="griffier")
    response = await owner.send_form(TEXTS, "/standaardteksten", naam="Eigen", doel="vraag", tekst="Wat bedoelt u?")
    own = response.headers["location"].partition("?")[0]
    reader = await clerk_with(GM0344="raadslid")
    html = (await reader.get(own)).text
    assert ("Wat bedoelt u?" in html, "<textarea" in html) == (True, False)
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    for address in (TEXTS, own, f"{LIST}/{contribution.id}/opstellen/antwoord"):
        assert (await reader.post(address, data={"csrf": token, "tekst": "x"})).status_code == 403
    other = await clerk_with(GM0307="griffier")
    assert (await other.get(own)).status_code == 404
    assert (await other.get(own.replace("GM0344", "GM0307"))).status_code == 404
    assert (await other.get(TEXTS)).status_code == 404
