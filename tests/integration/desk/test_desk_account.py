"""Signing in and out, the one-time password, the choice of a municipality."""

import re
import uuid
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, text

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, ContributionStatus
from participation.services import demonstration

LOG_IN = "/griffie/aanmelden"
REFUSED = "horen niet bij elkaar"
NEW = "zeven blauwe stoelen"


async def test_a_first_log_in_leads_to_a_new_password_and_then_to_the_work_list(browser, new_account):
    email, password = await new_account(GM0344="griffier")
    assert (await browser.get("/griffie/")).headers["location"] == LOG_IN
    response = await browser.log_in(email, password)
    assert (response.status_code, response.headers["location"]) == (303, "/griffie/")
    for page in ("/griffie/", "/griffie/gemeenten", "/griffie/GM0344/inbreng"):
        assert (await browser.get(page)).headers["location"] == "/griffie/wachtwoord"
    response = await browser.send_form(
        "/griffie/wachtwoord", "/wachtwoord", huidig=password, nieuw="zeven blauwe stoelen", herhaling="anders"
    )
    assert (response.status_code, "niet gelijk" in response.text) == (422, True)
    response = await browser.send_form(
        "/griffie/wachtwoord", "/wachtwoord", huidig=password, nieuw="kort", herhaling="kort"
    )
    assert (response.status_code, "van 12 tot 128 tekens" in response.text) == (422, True)
    response = await browser.send_form(
        "/griffie/wachtwoord",
        "/wachtwoord",
        huidig=password,
        nieuw="zeven blauwe stoelen",
        herhaling="zeven blauwe stoelen",
    )
    assert response.headers["location"] == "/griffie/?gedaan=wachtwoord"
    response = await browser.get(response.headers["location"])
    assert response.headers["location"] == "/griffie/GM0344/inbreng?gedaan=wachtwoord"
    assert "Gemeente Utrecht" in (await browser.get("/griffie/GM0344/inbreng")).text


async def test_the_session_cookie_stays_on_the_desk_and_out_of_scripts(browser, new_account):
    response = await browser.log_in(*await new_account(GM0344="griffier"))
    cookie = next(line for line in response.headers.get_list("set-cookie") if line.startswith("samenspel_griffie="))
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/griffie"} <= attributes


async def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(browser, new_account):
    email, _ = await new_account(GM0344="griffier")
    wrong = await browser.log_in(email, "verkeerd")
    unknown = await browser.log_in("niemand@gemeente.example", "verkeerd")
    assert (wrong.status_code, REFUSED in wrong.text) == (422, True)
    assert (unknown.status_code, REFUSED in unknown.text) == (422, True)
    assert f'value="{email}"' in wrong.text


async def test_five_failures_shut_the_account_for_a_quarter_of_an_hour(browser, new_account, surroundings):
    email, password = await new_account(GM0344="griffier")
    for _ in range(5):
        assert (await browser.log_in(email, "verkeerd")).status_code == 422
    shut = await browser.log_in(email, password)
    assert (shut.status_code, shut.headers["retry-after"]) == (429, "900")
    surroundings.now += timedelta(minutes=16)
    assert (await browser.log_in(email, password)).status_code == 303


async def test_the_log_in_form_needs_the_token_of_this_browser(browser, open_browser, new_account):
    email, password = await new_account(GM0344="griffier")
    html = (await browser.get(LOG_IN)).text
    elsewhere = await open_browser().send_form_of(html, "/aanmelden", email=email, wachtwoord=password)
    assert (elsewhere.status_code, "samenspel_griffie" in elsewhere.cookies) == (403, False)
    here = await browser.send_form_of(html, "/aanmelden", email=email, wachtwoord=password)
    assert here.status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://kwaad.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
async def test_a_form_from_another_site_is_refused(browser, headers):
    response = await browser.post(LOG_IN, data={"email": "a"}, headers=headers)
    assert (response.status_code, "andere website" in response.text) == (403, True)


@pytest.mark.parametrize("headers", [{"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}])
async def test_the_origin_that_our_own_pages_send_is_accepted(browser, new_account, headers):
    browser.headers.update(headers)
    assert (await browser.log_in(*await new_account(GM0344="griffier"))).status_code == 303


async def test_after_log_in_one_arrives_at_the_page_one_asked_for_and_never_elsewhere(browser, new_account):
    email, password = await new_account(GM0344="griffier")
    page = await browser.get("/griffie/GM0344/inbreng")
    assert page.headers["location"] == "/griffie/aanmelden?naar=/GM0344/inbreng"
    html = (await browser.get(page.headers["location"])).text
    response = await browser.send_form_of(
        html, "/aanmelden", email=email, wachtwoord=password, naar="//kwaad.example/GM0344/inbreng"
    )
    assert response.headers["location"] == "/griffie/"
    browser.cookies.clear()
    response = await browser.send_form(page.headers["location"], "/aanmelden", email=email, wachtwoord=password)
    assert response.headers["location"] == "/griffie/GM0344/inbreng"


async def test_after_log_in_a_filtered_list_is_filtered_again_and_tells_nothing_twice(browser, new_account):
    email, password = await new_account(GM0344="griffier")
    page = await browser.get("/griffie/GM0344/inbreng?thema=verkeer&zoek=brug+%26+weg&gedaan=status")
    response = await browser.send_form(page.headers["location"], "/aanmelden", email=email, wachtwoord=password)
    assert response.headers["location"] == "/griffie/GM0344/inbreng?thema=verkeer&zoek=brug+%26+weg"


@pytest.mark.parametrize("page", ["invoeren", "bewaren", "signalen", "eigen-vragen/nieuw", "afhandeling"])
async def test_after_log_in_one_arrives_at_any_page_of_a_municipality(browser, page):
    """No list of pages: a new one is not forgotten."""
    asked = await browser.get(f"/griffie/GM0344/{page}")
    assert asked.headers["location"] == f"/griffie/aanmelden?naar=/GM0344/{page}"


@pytest.mark.parametrize(
    "where",
    [
        "//kwaad.example",
        "/GM0344/../../x",
        "/GM0344//\\kwaad.example",
        "/GM0344/inbreng?x=\r\nSet-Cookie:x",
        "/gemeenten",
    ],
)
async def test_after_log_in_one_never_arrives_where_no_page_of_ours_is(browser, new_account, where):
    email, password = await new_account(GM0344="griffier")
    html = (await browser.get("/griffie/aanmelden")).text
    response = await browser.send_form_of(html, "/aanmelden", email=email, wachtwoord=password, naar=where)
    assert response.headers["location"] == "/griffie/"


@pytest.mark.parametrize(
    ("form", "page", "fields"),
    [
        ("inbreng/{one}/notitie", "inbreng/{one}", {"notitie": "Bel Piet."}),
        ("inbreng/{one}/antwoord", "inbreng/{one}", {"tekst": "Dank u."}),
        ("inbreng/{one}/origineel", "inbreng/{one}", {"reden": "Er is haast bij."}),
        ("invoeren", "invoeren", {"tekst": "De stoep.", "plek": "Bij de kerk", "contact": "06-24681357"}),
        ("vernietigingslijst/{one}", "vernietigingslijst/{one}", {"toelichting": "Regel 1"}),
        ("afhandeling/afdoening/naar_raad", "afhandeling", {"tekst": "Naar de raad."}),
        ("instellingen/teksten", "instellingen", {"welkom": "Dag!", "kantoortijden": "Op werkdagen."}),
        ("instellingen/gebieden", "instellingen", {"gebieden": "Zuid"}),
        ("instellingen/kanalen", "instellingen", {"sites": "https://www.utrecht.nl"}),
    ],
)
async def test_what_was_typed_is_given_back_with_the_way_to_its_page(clerk_with, browser, form, page, fields):
    one = uuid.uuid4()
    address = f"/griffie/GM0344/{form.format(one=one)}"
    signed_out = await browser.post(address, data={"csrf": "x"} | fields)
    expired = await (await clerk_with(GM0344="griffier")).post(address, data={"csrf": "x"} | fields)
    for answer, status in ((signed_out, 401), (expired, 403)):
        kept = re.search(r"readonly>\n(.*?)</textarea>", answer.text, re.DOTALL)
        assert kept
        assert (answer.status_code, kept[1]) == (status, "\n\n".join(fields.values()))
    assert f'href="/griffie/GM0344/{page.format(one=one)}">Terug naar de pagina' in expired.text


@pytest.mark.parametrize(
    ("meanwhile", "title", "leads_to"),
    [
        ("UPDATE clerk_role SET role = 'raadslid' WHERE clerk_id = :id", "Dit mag niet met uw rol", "GM0344/inbreng"),
        (
            "UPDATE clerk_role SET role = 'beheerder' WHERE clerk_id = :id",
            "Zet eerst de tweede stap aan",
            "account/tweede-stap",
        ),
        (
            "UPDATE clerk SET password_is_one_time = true WHERE id = :id",
            "Kies eerst een eigen wachtwoord",
            "wachtwoord",
        ),
    ],
)
async def test_who_may_less_meanwhile_gets_back_what_was_typed(
    clerk_with, contribute, database, meanwhile, title, leads_to
):
    contribution = await contribute()
    browser, page = await clerk_with(GM0344="griffier"), f"/griffie/GM0344/inbreng/{contribution.id}"
    html = (await browser.get(page)).text
    email = re.search(r"\w+@gemeente\.example", (await browser.get("/griffie/mail")).text)[0]
    async with database.session("") as session:
        clerk_id = await session.scalar(select(Clerk.id).where(Clerk.email == email))
        await session.execute(text(meanwhile), {"id": clerk_id})
    answer = await browser.send_form_of(html, "/antwoord", tekst="Mijn lange <antwoord>")
    assert (answer.status_code, re.search("<h1[^>]*>(.*?)</h1>", answer.text)[1]) == (403, title)
    assert "readonly>\nMijn lange &lt;antwoord&gt;</textarea>" in answer.text
    assert f'href="/griffie/{leads_to}">Naar ' in answer.text
    nothing = await browser.send_form_of(html, "/antwoord")
    assert "<textarea" not in nothing.text


async def test_logging_out_ends_the_session_and_needs_the_form(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    cookies = dict(browser.cookies)
    assert (await browser.get("/griffie/afmelden")).status_code == 405
    assert (await browser.post("/griffie/afmelden", data={"csrf": "x"})).status_code == 403
    response = await browser.send_form("/griffie/GM0344/inbreng", "/afmelden")
    assert response.headers["location"] == "/griffie/aanmelden?gedaan=afgemeld"
    browser.cookies.update(cookies)
    assert (await browser.get("/griffie/GM0344/inbreng")).status_code == 303


async def test_someone_of_several_municipalities_chooses_and_always_sees_which(clerk_with, contribute, database, now):
    """What is new is what the list calls so: also what came back without somebody who has it."""
    await contribute(code="GM0307")
    came_back = await contribute(code="GM0307")
    async with database.session("GM0307") as session:
        about = {"contribution_id": came_back.id, "municipality_code": "GM0307", "created_at": now}
        session.add(ContributionStatus(number=2, status="in_behandeling", **about))
    browser = await clerk_with(GM0344="griffier", GM0307="medewerker")
    assert (await browser.get("/griffie/")).headers["location"] == "/griffie/gemeenten"
    choice = (await browser.get("/griffie/gemeenten")).text
    assert [name in choice for name in ("Gemeente Utrecht", "Gemeente Amersfoort", "<strong>2</strong> nieuw")] == [
        True,
        True,
        True,
    ]
    page = (await browser.get("/griffie/GM0307/inbreng")).text
    assert ("Gemeente Amersfoort</span>" in page, "Andere gemeente" in page) == (True, True)


async def test_every_answer_carries_the_headers(browser):
    for page in (LOG_IN, "/griffie/bestaat-niet", "/griffie/static/desk.css"):
        headers = (await browser.get(page)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == ("no-cache" if "static" in page else "no-store")


async def test_pages_hold_no_inline_style_or_script(browser, clerk_with, contribute):
    contribution = await contribute()
    clerk = await clerk_with(GM0344="griffier")
    pages = [
        await browser.get(LOG_IN),
        await clerk.get("/griffie/GM0344/inbreng"),
        await clerk.get(f"/griffie/GM0344/inbreng/{contribution.id}"),
    ]
    for page in pages:
        assert page.status_code == 200
        without_files = re.sub(r'<script type="module" src="/griffie/static/[a-z]+\.js"></script>', "", page.text)
        inline = ("<style", "style=", "<script", "onclick", "http://", "https://")
        assert [mark for mark in inline if mark in without_files] == []
        assert '<html lang="nl"' in page.text
        assert "Demonstratie" in page.text


async def test_a_fault_of_ours_is_a_plain_page_with_the_headers(site, monkeypatch):
    monkeypatch.setattr("participation.services.clerks.signed_in", None)
    transport = httpx.ASGITransport(app=site, raise_app_exceptions=False)
    cookies = {"samenspel_griffie": "x"}
    async with httpx.AsyncClient(transport=transport, base_url="https://samenspel.example", cookies=cookies) as client:
        response = await client.get("/griffie/gemeenten")
    assert (response.status_code, "Er ging iets mis bij ons" in response.text) == (500, True)
    assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_the_beheerder_of_the_demonstration_first_sets_up_a_second_factor(browser, database_url, now):
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        made = await demonstration.make(session, now=now)
    await owner.close()
    assert list(made) == [
        "griffier.utrecht@demo.example",
        "griffier.amersfoort@demo.example",
        "beheerder.utrecht@demo.example",
    ]
    password = made["beheerder.utrecht@demo.example"]
    await browser.log_in("beheerder.utrecht@demo.example", password)
    await browser.send_form("/griffie/wachtwoord", "/wachtwoord", huidig=password, nieuw=NEW, herhaling=NEW)
    assert (await browser.get("/griffie/GM0344/medewerkers")).headers["location"] == "/griffie/account/tweede-stap"
    assert (await browser.get("/griffie/account/tweede-stap")).status_code == 200


async def test_an_address_that_was_cut_short_leads_to_the_work_of_that_municipality(clerk_with):
    browser = await clerk_with(GM0344="raadslid")
    found = [await browser.get(f"/griffie/{code}") for code in ("GM0344", "GM0307", "anders")]
    assert [(one.status_code, one.headers.get("location")) for one in found] == [
        (303, "/griffie/GM0344/inbreng"),
        (404, None),
        (404, None),
    ]
