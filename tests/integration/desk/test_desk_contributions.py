"""The work list and a contribution: reading, status, answer, and who may."""

import re
import uuid
from html import unescape

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY
from participation.models import ContributionEntry, ContributionStatus, WorklistItem
from participation.services import contributions, dispositions, own_contributions, placing, rewording

LIST = "/griffie/GM0344/inbreng"


async def rows(database, model, contribution):
    async with database.session("GM0344") as session:
        found = await session.scalars(
            select(model).where(model.contribution_id == contribution.id).order_by(model.created_at)
        )
        return found.all()


async def test_a_clerk_of_another_municipality_sees_and_changes_nothing(clerk_with, contribute, database):
    """There is something to leak: Utrecht's own clerk sees it."""
    contribution = await contribute("Geheim <b>zorgje</b>")
    page = f"{LIST}/{contribution.id}"
    own, other = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    html = (await own.get(page)).text
    assert contribution.reference in html
    token = (await other.get("/griffie/GM0307/inbreng")).text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "status": "in_behandeling", "tekst": "Dag", "verzending": str(uuid.uuid4())}
    for address in (page, f"/griffie/GM0307/inbreng/{contribution.id}"):
        answers = [
            await other.get(address),
            await other.post(f"{address}/status", data=form),
            await other.post(f"{address}/antwoord", data=form),
            await other.post(f"{address}/indeling", data=form | {"soort": "idee", "thema": "groen"}),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
        assert not any(contribution.reference in answer.text for answer in answers)
    assert [row.status for row in await rows(database, ContributionStatus, contribution)] == ["ontvangen"]
    assert await rows(database, ContributionEntry, contribution) == []


@pytest.mark.parametrize(
    "address", ["/griffie/GM0344/inbreng/geen-id", "/griffie/GM9999/inbreng", "/griffie/x", f"{LIST}?status=onzin"]
)
async def test_what_does_not_exist_is_a_plain_page(clerk_with, address):
    browser = await clerk_with(GM0344="griffier")
    response = await browser.get(address)
    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Deze pagina bestaat niet" in response.text


async def test_the_text_is_shown_exactly_as_typed_and_is_never_markup(clerk_with, contribute):
    typed = "  Regel een\n\n<script>alert(1)</script> & “zo”\tmet tab"
    contribution = await contribute(typed)
    html = (await (await clerk_with(GM0344="griffier")).get(f"{LIST}/{contribution.id}")).text
    shown = html.split('<blockquote class="words" dir="auto">')[1].split("</blockquote>")[0]
    assert shown == typed.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def test_that_the_resident_changed_the_words_is_told_without_the_old_ones(clerk_with, contribute, database, now):
    contribution = await contribute("De lantaarn bij het winterkoninkje is stuk.")
    page = f"{LIST}/{contribution.id}"
    browsers = [await clerk_with(GM0344="griffier"), await clerk_with(GM0344="raadslid")]
    for browser in browsers:
        html = (await browser.get(page)).text
        assert ("winterkoninkje" in html, "wijzigde" in html) == (True, False)
    await reword(database, contribution, now)
    for browser, story in zip(browsers, (1, 0), strict=True):
        html = (await browser.get(page)).text
        assert ("winterkoninkje" in html, "ijsvogelbrug" in html) == (False, True)
        assert "De inwoner wijzigde deze tekst op maandag 23 november 2026" in html
        assert html.count("Tekst gewijzigd door de inwoner") == story


async def test_taking_on_a_contribution_shows_in_list_and_history(clerk_with, contribute, database):
    contribution = await contribute()
    page = f"{LIST}/{contribution.id}"
    browser = await clerk_with(GM0344="medewerker")
    response = await browser.send_form(page, "/status")
    assert response.headers["location"] == f"{page}?gedaan=status"
    html = (await browser.get(response.headers["location"])).text
    assert ("De status is veranderd." in html, "door Anna de Wit" in html) == (True, True)
    assert [row.status for row in await rows(database, ContributionStatus, contribution)] == [
        "ontvangen",
        "in_behandeling",
    ]


async def test_closing_needs_a_text_which_the_resident_gets(clerk_with, contribute, database, surroundings):
    contribution = await contribute()
    page = f"{LIST}/{contribution.id}"
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    empty = await browser.send_form_of(html, "/status", status="afgehandeld", toelichting=" ")
    assert (empty.status_code, "Schrijf een toelichting voor de inwoner" in empty.text) == (422, True)
    response = await browser.send_form_of(
        html, "/status", status="afgehandeld", toelichting="De lamp\r\nis gemaakt.", afdoening="beantwoord"
    )
    assert response.headers["location"] == f"{page}?gedaan=gesloten"
    assert [entry.text for entry in await rows(database, ContributionEntry, contribution)] == [
        f"{dispositions.usual()['beantwoord'].words}\n\nDe lamp\nis gemaakt."
    ]
    assert surroundings.told == [entry.id for entry in await rows(database, ContributionEntry, contribution)]
    again = await browser.send_form_of(
        html, "/status", status="afgehandeld", toelichting="De lamp\r\nis gemaakt.", afdoening="beantwoord"
    )
    assert again.status_code == 303
    other = await browser.send_form_of(
        html, "/status", status="afgehandeld", toelichting="Iets anders.", afdoening="beantwoord"
    )
    assert (other.status_code, "Iets anders.</textarea>" in other.text) == (409, True)
    assert len(await rows(database, ContributionEntry, contribution)) == 1


async def test_a_colleague_was_first(clerk_with, contribute):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    await browser.send_form_of(html, "/status", status="geannuleerd", toelichting="Ingetrokken.")
    late = await browser.send_form_of(html, "/status", status="in_behandeling", toelichting="Voor december")
    assert (late.status_code, "De status is intussen veranderd" in late.text) == (409, True)
    assert "Voor december</textarea>" in late.text


async def test_a_status_follows_only_on_the_one_that_was_on_the_page(clerk_with, contribute, database):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    await browser.send_form_of(html, "/status", status="in_behandeling")
    closing = {"status": "afgehandeld", "toelichting": "De lamp doet het.", "afdoening": "beantwoord"}
    late = await browser.send_form_of(choosing(html), "/status", **closing)
    assert (late.status_code, "De status is intussen veranderd" in late.text) == (409, True)
    assert (await browser.send_form_of(choosing(late.text), "/status", **closing)).status_code == 303
    assert [row.status for row in await rows(database, ContributionStatus, contribution)] == [
        *("ontvangen", "in_behandeling", "afgehandeld")
    ]


def choosing(html):
    """The page from the form in which a status is chosen; above it is one that takes it up."""
    return html.partition('id="kop-status"')[2]


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("/antwoord", {"tekst": "De lamp is gemaakt."}),
        ("/vraag", {"tekst": "Welke lamp?"}),
        ("/status", {"status": "afgehandeld", "toelichting": "De lamp is gemaakt.", "afdoening": "beantwoord"}),
        ("/doorsturen", {"iemand": "Waterschap"}),
        ("/inplannen", {"naam": "Beraad", "dag": "2026-12-10"}),
    ],
)
async def test_nothing_goes_out_about_words_that_the_resident_replaced_until_the_new_ones_are_read(
    clerk_with, contribute, database, now, action, typed
):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    await reword(database, contribution, now)

    async def unread() -> bool:
        async with database.session("GM0344") as session:
            return (await session.get_one(WorklistItem, contribution.id)).reacted_at == now

    late = await browser.send_form_of(choosing(html) if action == "/status" else html, action, **typed)
    assert (late.status_code, late.text.count("De inwoner heeft de tekst intussen gewijzigd.")) == (409, 2)
    shown = unescape(late.text)
    assert "ijsvogelbrug" in shown
    kept = [value for name, value in typed.items() if name not in {"status", "afdoening"}]
    assert [one for one in kept if f'value="{one}"' not in shown and f"{one}</textarea>" not in shown] == []
    assert (await rows(database, ContributionEntry, contribution), await unread()) == ([], True)
    again = await browser.send_form_of(choosing(late.text) if action == "/status" else late.text, action, **typed)
    assert (again.status_code, len(await rows(database, ContributionEntry, contribution)), await unread()) == (
        *(303, 1),
        False,
    )


async def test_looking_at_what_the_resident_will_get_is_not_reading_their_new_words(
    clerk_with, contribute, database, now
):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    page = f"{LIST}/{contribution.id}"
    html = (await browser.get(page)).text
    await reword(database, contribution, now)
    form = html.replace(f'action="{page}/antwoord"', f'action="{page}/opstellen/antwoord"')
    preview = await browser.send_form_of(form, "/opstellen/antwoord", tekst="De lamp is gemaakt.", stap="voorbeeld")
    assert preview.status_code == 200
    assert (await browser.send_form_of(preview.text, "/antwoord", tekst="De lamp is gemaakt.")).status_code == 409
    assert await rows(database, ContributionEntry, contribution) == []


@pytest.mark.parametrize("seen", ["", "onzin", "1 gisteren"])
async def test_a_page_that_does_not_say_what_was_on_it_is_no_reason_to_refuse(
    clerk_with, contribute, database, now, seen
):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    await reword(database, contribution, now)
    assert (await browser.send_form_of(html, "/antwoord", tekst="Dank.", gezien=seen)).status_code == 303


async def reword(database, contribution, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        about = {"resident_id": contribution.resident_id, "contribution_id": contribution.id, "seen": None, "now": now}
        await rewording.reword(session, text="De lantaarn bij de ijsvogelbrug is stuk.", **about)


@pytest.mark.parametrize("role", ["raadslid", "campagneleider"])
async def test_what_the_griffie_explains_to_itself_is_for_the_griffie(clerk_with, contribute, role):
    contribution = await contribute()
    page = f"{LIST}/{contribution.id}"
    griffier, reader = await clerk_with(GM0344="griffier"), await clerk_with(GM0344=role)
    await griffier.send_form(page, "/status", status="in_behandeling", toelichting="Eerst bellen met de wethouder.")
    for_griffie, for_reader = (await griffier.get(page)).text, (await reader.get(page)).text
    assert ("Eerst bellen" in for_griffie, "In behandeling" in for_reader, "Eerst bellen" in for_reader) == (
        True,
        True,
        False,
    )
    await griffier.send_form(page, "/status", status="afgehandeld", toelichting="Besproken.", afdoening="beantwoord")
    assert "Besproken." in (await reader.get(page)).text


async def test_an_answer_is_stored_once_and_told_after_the_commit(clerk_with, contribute, database, surroundings):
    contribution = await contribute()
    page = f"{LIST}/{contribution.id}"
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    for _ in range(2):
        response = await browser.send_form_of(html, "/antwoord", tekst="Dank u wel.\r\nWe kijken ernaar.")
        assert response.headers["location"] == f"{page}?gedaan=antwoord"
    (entry,) = await rows(database, ContributionEntry, contribution)
    assert entry.text == "Dank u wel.\nWe kijken ernaar."
    assert set(surroundings.told) == {entry.id}
    assert "wordt bezorgd" in (await browser.get(page)).text
    async with database.session("GM0344") as session:
        (await session.get_one(ContributionEntry, entry.id)).delivered_at = surroundings.now
    delivered = (await browser.get(page)).text
    assert ("wordt bezorgd" in delivered, "vandaag om 10:30</time></span>" in delivered) == (False, True)


async def test_an_answer_counts_as_sent_when_only_the_request_for_delivery_fails(
    clerk_with, contribute, database, surroundings
):
    contribution = await contribute()
    surroundings.notify_fails = True
    browser = await clerk_with(GM0344="griffier")
    response = await browser.send_form(f"{LIST}/{contribution.id}", "/antwoord", tekst="Dag")
    assert response.status_code == 303
    assert len(await rows(database, ContributionEntry, contribution)) == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [("  ", "U hebt nog niets geschreven"), ("\n" + "é" * 4001 + "<", "is 2 tekens te lang")],
)
async def test_an_answer_that_can_not_be_sent_keeps_its_text(clerk_with, contribute, database, typed, message):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    response = await browser.send_form(f"{LIST}/{contribution.id}", "/antwoord", tekst=typed)
    assert (response.status_code, message in response.text) == (422, True)
    kept = response.text.split('id="antwoord" name="tekst"')[1].split("</textarea>")[0].partition(">\n")[2]
    assert kept == typed.replace("<", "&lt;")
    assert await rows(database, ContributionEntry, contribution) == []


async def test_a_form_that_comes_too_late_gives_the_text_back(clerk_with, open_browser, contribute):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    signed_out = await open_browser().send_form_of(html, "/antwoord", tekst="Mijn lange antwoord")
    other_session = await (await clerk_with(GM0344="griffier")).send_form_of(
        html, "/antwoord", tekst="Mijn lange antwoord"
    )
    assert (signed_out.status_code, other_session.status_code) == (401, 403)
    assert "Mijn lange antwoord</textarea>" in signed_out.text
    assert "Mijn lange antwoord</textarea>" in other_session.text


async def test_a_council_member_reads_only(clerk_with, contribute, database):
    contribution = await contribute()
    page = f"{LIST}/{contribution.id}"
    browser = await clerk_with(GM0344="raadslid")
    html = (await browser.get(page)).text
    assert (contribution.reference in html, f"{page}/antwoord" in html, "/status" in html) == (True, False, False)
    token = html.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "status": "in_behandeling", "tekst": "Dag", "verzending": str(uuid.uuid4())}
    for action in ("status", "antwoord"):
        response = await browser.post(f"{page}/{action}", data=form)
        assert (response.status_code, "Dit mag niet met uw rol" in response.text) == (403, True)
    assert len(await rows(database, ContributionStatus, contribution)) == 1


async def test_an_erased_chat_can_not_be_answered(clerk_with, contribute, database):
    contribution = await contribute(chat=False)
    page = f"{LIST}/{contribution.id}"
    browser = await clerk_with(GM0344="griffier")
    html = (await browser.get(page)).text
    assert ("de chat is gewist" in html, f"{page}/antwoord" in html) == (True, False)
    response = await browser.send_form_of(
        html, "/status", status="afgehandeld", toelichting="Klaar.", afdoening="beantwoord"
    )
    assert response.status_code == 303
    assert await rows(database, ContributionEntry, contribution) == []
    async with database.session("GM0344") as session:
        detail = await contributions.find_contribution(
            session, municipality_code="GM0344", contribution_id=contribution.id
        )
    assert (detail.status, detail.statuses[-1].reason) == ("afgehandeld", "Klaar.")


async def test_a_body_larger_than_any_form_is_refused(clerk_with, contribute):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    response = await browser.send_form(f"{LIST}/{contribution.id}", "/antwoord", tekst="a" * 300_000)
    assert (response.status_code, "te lang" in response.text) == (413, True)


async def test_a_clerk_corrects_kind_and_theme(clerk_with, contribute, database):
    contribution = await contribute("Meer bomen op het plein")
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    answer = await browser.send_form(page, "/indeling", soort="idee", thema="groen")
    assert answer.status_code == 303
    html = (await browser.get(page)).text
    assert html.count('<option value="groen" selected>Groen, natuur en dieren</option>') == 1
    assert html.count('<option value="idee" selected>Idee</option>') == 1
    assert "Groen, natuur en dieren" in (await browser.get(LIST)).text


async def test_a_kind_that_does_not_exist_is_explained(clerk_with, contribute):
    contribution = await contribute()
    browser = await clerk_with(GM0344="griffier")
    answer = await browser.send_form(f"{LIST}/{contribution.id}", "/indeling", soort="klacht", thema="groen")
    assert answer.status_code == 422
    assert "Kies een soort en een thema uit de lijst." in answer.text


async def test_who_only_reads_can_not_sort(clerk_with, contribute, database):
    contribution = await contribute()
    own, reader = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="raadslid")
    assert "Indeling opslaan" in (await own.get(f"{LIST}/{contribution.id}")).text
    page = await reader.get(f"{LIST}/{contribution.id}")
    assert "Indeling opslaan" not in page.text


async def test_what_the_resident_adds_or_withdraws_is_told_without_personal_data(
    clerk_with, contribute, database, now, resident_adds
):
    contribution = await contribute("De lantaarn is kapot.")
    browser = await clerk_with(GM0344="griffier")
    own = {"resident_id": contribution.resident_id, "contribution_id": contribution.id, "now": now}
    await resident_adds(contribution, "Ook overdag. Bel mij op 06-24681357.")
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    assert ("Aanvulling van de inwoner" in html, "Ook overdag." in html, "06-24681357" in html) == (True, True, False)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, **own)
    html = (await browser.get(f"{LIST}/{contribution.id}")).text
    assert "De lantaarn is kapot." not in html
    assert "Ook overdag." not in html
    assert html.count("[ingetrokken]") == 2
    assert "ingetrokken door inwoner" in html


async def place_of(browser, contribution):
    """The words of the part about the place, on one line, and where its links lead."""
    html = (await browser.get(f"/griffie/GM0228/inbreng/{contribution.id}")).text
    part = html.split('aria-labelledby="kop-plaats"')[1].split("</section>")[0]
    text = " ".join(unescape(re.sub(r"<[^>]+>", "", part.partition(">")[2])).split())
    return text, re.findall(r'href="/griffie/GM0228/inbreng\?([^"]+)"', part)


async def test_a_contribution_tells_which_place_it_names_among_all_places_of_the_municipality(
    clerk_with, contribute, database
):
    first = await contribute("In Lunteren is de lantaarn kapot.", code="GM0228")
    browser, reader = await clerk_with(GM0228="griffier"), await clerk_with(GM0228="raadslid")
    assert (await place_of(browser, first))[0].startswith("Plaats De computer zoekt nog naar een plaats in de tekst.")
    nowhere = await contribute("De lantaarn is kapot.", code="GM0228")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await placing.place_waiting(session)
    assert (await place_of(browser, first))[0].startswith(
        "Plaats Lunteren, in de gemeente Ede. Zo staat het in de tekst. Waar de inwoner woont, weten wij niet. "
        "Dit is het enige bericht over Lunteren. Alle inbreng over Lunteren Alle wijken en dorpen"
    )
    closed = await contribute("Lunteren wil een zwembad.", code="GM0228")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await placing.place_waiting(session)
    async with database.session("GM0228") as session:
        session.add(
            ContributionStatus(
                contribution_id=closed.id,
                municipality_code="GM0228",
                number=2,
                status="afgehandeld",
                created_at=closed.created_at,
            )
        )
    text, links = await place_of(browser, first)
    assert "Er zijn 2 berichten over Lunteren, met dit erbij. Nog niet klaar: 1." in text
    assert "Ederveen: 0" in text
    assert "Lunteren: 2 (ook dit bericht)" in text
    assert links == ["plaats=Lunteren"] * 2
    assert first.reference in (await browser.get(f"/griffie/GM0228/inbreng?{links[0]}")).text
    text, links = await place_of(browser, nowhere)
    assert (text.split(" Alle")[0], links) == (
        "Plaats De tekst noemt geen wijk of dorp in de gemeente Ede.",
        ["plaats=Lunteren"],
    )
    assert (await place_of(reader, first))[0].endswith("weten wij niet. Alle inbreng over Lunteren")
