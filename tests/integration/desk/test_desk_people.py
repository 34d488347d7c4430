"""The pages for people: invite and accept, the second factor, one's own account."""

import html
import re
import secrets
import uuid
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import delete

from participation.models import AccessRequest, ClerkRole
from tests.integration.desk.conftest import PASSWORD, confirm_second_factor

PAGE = "/griffie/GM0344/medewerkers"
SETTING_UP = "/griffie/account/tweede-stap"


async def invited(browser, email, role):
    answer = await browser.send_form(PAGE, "/uitnodigen", email=email, rol=role)
    assert answer.status_code == 200
    link = html.unescape(re.search(r'id="link"[^>]*value="([^"]+)"', answer.text)[1])
    assert link.startswith("https://samenspel.example/griffie/GM0344/uitnodiging/")
    return link.removeprefix("https://samenspel.example")


async def test_from_invitation_to_a_log_in_with_a_code(clerk_with, open_browser, surroundings):
    boss = await clerk_with(GM0344="beheerder")
    link = await invited(boss, "nieuw@utrecht.example", "beheerder")
    assert "nieuw@utrecht.example" in (await boss.get(PAGE)).text
    browser = open_browser()
    browser.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    filled = {"naam": "Bo Jansen", "nieuw": PASSWORD, "herhaling": PASSWORD}
    refused = await browser.send_form(
        link, "/nieuw", **(filled | {"nieuw": "gemeente2026", "herhaling": "gemeente2026"})
    )
    assert (refused.status_code, "makkelijk te raden" in refused.text) == (422, True)
    made = await browser.send_form(link, "/nieuw", **filled)
    assert made.headers["location"] == f"/griffie/aanmelden?gedaan=account_klaar&naar={link.removeprefix('/griffie')}"
    asked = made.headers["location"]
    assert "Meld u aan met uw e-mailadres" in (await browser.get(asked)).text
    arrived = await browser.send_form(asked, "/aanmelden", email="nieuw@utrecht.example", wachtwoord=PASSWORD)
    assert arrived.headers["location"] == link
    assert (await browser.get(link)).headers["location"] == "/griffie/?gedaan=welkom"
    for page in ("/griffie/", "/griffie/GM0344/inbreng", "/griffie/account", PAGE):
        assert (await browser.get(page)).headers["location"] == SETTING_UP
    page = (await browser.get(SETTING_UP)).text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    picture = await browser.get(f"{SETTING_UP}/qr.svg")
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/svg+xml", "no-store")
    assert (await browser.send_form(SETTING_UP, "/aanzetten", code="000000")).status_code == 422
    shown = await browser.send_form(SETTING_UP, "/aanzetten", code=pyotp.TOTP(secret).at(surroundings.now))
    recovery = re.findall(r"<code>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</code>", shown.text)
    assert len(recovery) == 10
    assert secret not in (await browser.get(SETTING_UP)).text
    assert (await browser.get(f"{SETTING_UP}/qr.svg")).status_code == 404
    assert (await browser.get(PAGE)).status_code == 200
    await _logs_in_with_codes(browser, secret, recovery, surroundings)


async def _logs_in_with_codes(browser, secret, recovery, surroundings):
    surroundings.now += timedelta(minutes=2)
    await browser.send_form(PAGE, "/afmelden")
    asked = await browser.get(PAGE)
    assert asked.headers["location"] == "/griffie/aanmelden?naar=/GM0344/medewerkers"
    entry = await browser.log_in("nieuw@utrecht.example")
    assert entry.headers["location"] == "/griffie/aanmelden/code"
    assert (await browser.get(PAGE)).headers["location"].startswith("/griffie/aanmelden?")
    wrong = await browser.send_form("/griffie/aanmelden/code", "/code", code="123")
    assert (wrong.status_code, "Deze code klopt niet" in wrong.text) == (422, True)
    code = pyotp.TOTP(secret).at(surroundings.now)
    assert (await browser.send_form("/griffie/aanmelden/code", "/code", code=code)).headers["location"] == "/griffie/"
    assert (await browser.get(PAGE)).status_code == 200
    await browser.send_form(PAGE, "/afmelden")
    await browser.log_in("nieuw@utrecht.example")
    again = await browser.send_form("/griffie/aanmelden/code", "/code", code=code)
    assert again.status_code == 422
    assert (await browser.send_form("/griffie/aanmelden/code", "/code", code=recovery[3])).status_code == 303
    assert "nog 9 van de 10" in (await browser.get(SETTING_UP)).text
    off = await browser.send_form(SETTING_UP, "/herstelcodes", code="x")
    assert off.status_code == 422
    assert "/uitzetten" not in off.text


async def test_who_has_an_account_joins_with_it_and_sees_for_whom_they_work(clerk_with, new_account, open_browser):
    boss = await clerk_with(GM0344="griffier")
    email, password = await new_account(GM0307="medewerker")
    link = await invited(boss, email, "raadslid")
    browser = open_browser()
    page = (await browser.get(link)).text
    assert "Hebt u al een account met dit e-mailadres?" in page
    log_in = re.search(r'href="(/griffie/aanmelden\?naar=[^"]+)"', page)[1]
    arrived = await browser.send_form(log_in, "/aanmelden", email=email, wachtwoord=password)
    assert arrived.headers["location"] == link
    assert "ander e-mailadres" in (await boss.get(link)).text
    await browser.send_form("/griffie/wachtwoord", "/wachtwoord", huidig=password, nieuw=PASSWORD, herhaling=PASSWORD)
    await browser.send_form(link, link.rpartition("/")[2])
    assert (await browser.get(link)).headers["location"] == "/griffie/?gedaan=welkom"
    assert (await boss.get(link)).status_code == 404
    for code, name in (("GM0344", "Utrecht"), ("GM0307", "Amersfoort")):
        page = (await browser.get(f"/griffie/{code}/inbreng")).text
        assert re.search(r'class="tenant__name">([^<]+)<', page)[1] == f"Gemeente {name}"
        assert "Andere gemeente" in page


async def test_who_invites_does_not_hear_whether_the_address_has_an_account(clerk_with, new_account, open_browser):
    """Not by looking at the link, nor by making an account with it."""
    boss, told = await clerk_with(GM0344="griffier"), []
    known, _ = await new_account(GM0307="griffier")
    filled = {"naam": "Bo Jansen", "nieuw": PASSWORD, "herhaling": PASSWORD}
    for email in (known, f"{secrets.token_hex(4)}@gemeente.example"):
        link = await invited(boss, email, "raadslid")
        nobody = open_browser()
        page = await nobody.get(link)
        made = await nobody.send_form_of(page.text, "/nieuw", **filled)
        shown = re.sub(r'name="formulier" value="[^"]*"', "", page.text).replace(link.removeprefix("/griffie"), "")
        where = made.headers["location"].replace(link.removeprefix("/griffie"), "")
        told.append((page.status_code, shown.replace(email, ""), made.status_code, where, nobody.cookies.keys()))
    assert told[0] == told[1]


@pytest.mark.parametrize("code", ["*", "GM9999", ""])
async def test_an_invitation_page_takes_no_scope_from_outside(browser, code):
    assert (await browser.get(f"/griffie/{code}/uitnodiging/{'x' * 43}")).status_code == 404


async def test_a_municipality_can_ask_it_of_everyone(clerk_with, surroundings):
    boss, clerk = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="medewerker")
    boss_page = await boss.send_form(PAGE, "/medewerkers/tweede-stap")
    assert boss_page.headers["location"] == f"{PAGE}?gedaan=tweede_stap_regel"
    try:
        assert (await clerk.get("/griffie/GM0344/inbreng")).headers["location"] == SETTING_UP
        secret = re.search(r'class="secret">([A-Z2-7 ]+)<', (await boss.get(SETTING_UP)).text)[1].replace(" ", "")
        await boss.send_form(SETTING_UP, "/aanzetten", code=pyotp.TOTP(secret).at(surroundings.now))
    finally:
        await boss.send_form(PAGE, "/medewerkers/tweede-stap", iedereen="nee")
    assert (await clerk.get("/griffie/GM0344/inbreng")).status_code == 200


async def test_a_person_sees_and_ends_their_sessions(new_account, open_browser):
    email, password = await new_account(GM0344="medewerker")
    laptop, phone, third = open_browser(), open_browser(), open_browser()
    await laptop.log_in(email, password)
    await laptop.send_form("/griffie/wachtwoord", "/wachtwoord", huidig=password, nieuw=PASSWORD, herhaling=PASSWORD)
    phone.headers["user-agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"
    for browser in (phone, third):
        await browser.log_in(email)
    page = (await laptop.get("/griffie/account")).text
    assert ("Safari op iPhone" in page, page.count("Dit apparaat")) == (True, 1)
    rows = re.findall(r'<li class="person">.*?</li>', page, re.DOTALL)
    [phones] = [re.search(r"/sessies/[0-9a-f-]{36}", row)[0] for row in rows if "Safari op iPhone" in row]
    assert (await laptop.send_form("/griffie/account", phones)).headers["location"].endswith("gedaan=sessie_weg")
    assert (await phone.get("/griffie/account")).status_code == 303
    assert (await third.get("/griffie/account")).status_code == 200
    await laptop.send_form("/griffie/account", "/sessies/andere")
    assert ((await third.get("/griffie/account")).status_code, (await laptop.get("/griffie/account")).status_code) == (
        303,
        200,
    )


async def test_a_form_for_an_invitation_that_is_sent_twice_is_no_dead_end(clerk_with, new_account, open_browser):
    boss = await clerk_with(GM0344="griffier")
    link, browser, again = await invited(boss, "dubbel@utrecht.example", "medewerker"), open_browser(), open_browser()
    filled = {"naam": "Bo Jansen", "nieuw": PASSWORD, "herhaling": PASSWORD}
    page = (await again.get(link)).text
    assert (await browser.send_form(link, "/nieuw", **filled)).status_code == 303
    late = await again.send_form_of(page, "/nieuw", **filled)
    assert (late.status_code, late.text.count('href="/griffie/aanmelden"')) == (404, 1)
    assert "Hebt u net een account gemaakt?" in late.text
    joins = await clerk_with(GM0307="medewerker")
    email = re.search(r"[0-9a-f]{8}@gemeente\.example", (await joins.get("/griffie/account")).text)[0]
    link = await invited(boss, email, "raadslid")
    page = (await joins.get(link)).text
    for _ in range(2):
        answer = await joins.send_form_of(page, link.rpartition("/")[2])
        assert answer.headers["location"] == "/griffie/?gedaan=welkom"


async def test_who_works_here_is_not_invited_again(clerk_with, new_account):
    boss = await clerk_with(GM0344="griffier")
    email, _ = await new_account(GM0344="raadslid")
    refused = await boss.send_form(PAGE, "/uitnodigen", email=email, rol="medewerker")
    assert (refused.status_code, "werkt al bij u" in refused.text) == (422, True)
    assert f'value="{email}"' in refused.text


async def test_roles_access_and_help_are_given_on_the_page(clerk_with, new_account, open_browser, database, now):
    boss = await clerk_with(GM0344="beheerder")
    email, password = await new_account("Zz Laatste", GM0344="raadslid")
    page = (await boss.get(PAGE)).text
    theirs = re.search(rf"{email}.*?/medewerkers/([0-9a-f-]{{36}})/rol", page, re.DOTALL)[1]
    await boss.send_form(PAGE, f"{theirs}/rol", rol="medewerker")
    assert "medewerker van de griffie" in (await boss.get(PAGE)).text.partition("Zz Laatste")[2][:100]
    secret = await confirm_second_factor(database, email, now)
    other = open_browser()
    assert (await other.log_in(email, password)).headers["location"] == "/griffie/aanmelden/code"
    assert secret
    await boss.send_form(PAGE, f"{theirs}/tweede-stap")
    assert (await other.log_in(email, password)).headers["location"] == "/griffie/"
    given = await boss.send_form(PAGE, f"{theirs}/wachtwoord")
    one_time = re.search(r'class="secret">([0-9a-f-]+)<', given.text)[1]
    assert (await other.get("/griffie/")).headers["location"] == "/griffie/aanmelden"
    assert (await other.log_in(email, one_time)).headers["location"] == "/griffie/"
    unsure = await boss.send_form(PAGE, f"{theirs}/toegang")
    assert (unsure.status_code, "Zet eerst een vinkje" in unsure.text) == (422, True)
    await boss.send_form(PAGE, f"{theirs}/toegang", zeker="ja")
    assert email not in (await boss.get(PAGE)).text
    assert (await other.get("/griffie/")).headers["location"] == "/griffie/aanmelden"


async def test_the_buttons_to_help_a_colleague_are_there_when_they_work(clerk_with, new_account):
    """Also for who works elsewhere too, when the manager manages people there as well."""
    griffier, regional = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="griffier", GM0307="griffier")
    await new_account("Yy Beide", GM0344="medewerker", GM0307="raadslid")
    for browser, buttons in ((griffier, 0), (regional, 1)):
        row = re.search(r"<strong>Yy Beide.*?</li>", (await browser.get(PAGE)).text, re.DOTALL)[0]
        assert row.count("/wachtwoord") == buttons
    theirs = re.search(r"/medewerkers/([0-9a-f-]{36})/rol", row)[1]
    assert (await regional.send_form(PAGE, f"{theirs}/wachtwoord")).status_code == 200


async def test_who_manages_people_can_not_take_their_own_account_round_password_and_code(clerk_with, database):
    boss = await clerk_with(GM0344="beheerder")
    page = (await boss.get(PAGE)).text
    own = re.search(r"\(u\).*?/medewerkers/([0-9a-f-]{36})/rol", page, re.DOTALL)[1]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    for form in ("tweede-stap", "wachtwoord"):
        refused = await boss.post(f"{PAGE}/{own}/{form}", data={"csrf": csrf})
        assert (refused.status_code, "verandert u bij “Account”" in refused.text) == (422, True)
    assert "Tweede stap aan" in (await boss.get(PAGE)).text.partition("(u)")[2][:400]


async def test_an_address_to_which_no_mail_can_go_is_not_invited(clerk_with):
    boss = await clerk_with(GM0344="beheerder")
    refused = await boss.send_form(PAGE, "/uitnodigen", email="josé@utrecht.example", rol="griffier")
    assert (refused.status_code, "zonder accenten of andere bijzondere letters" in refused.text) == (422, True)
    assert ("Fout: " in refused.text, "josé@utrecht.example" in refused.text) == (True, True)
    assert "josé@utrecht.example" not in (await boss.get(PAGE)).text


async def test_somebody_of_another_municipality_asks_for_access_and_is_let_in(clerk_with):
    regional, boss = await clerk_with(GM0307="medewerker"), await clerk_with(GM0344="griffier")
    form = "/griffie/account/gemeente"
    assert form in (await regional.get("/griffie/account")).text
    unknown = await regional.send_form(form, "/gemeente", gemeente="Nergenshuizen", rol="")
    assert (unknown.status_code, "kennen wij niet" in unknown.text, "Kies een rol" in unknown.text) == (422, True, True)
    own = await regional.send_form(form, "/gemeente", gemeente="Amersfoort", rol="medewerker")
    assert (own.status_code, "U werkt al voor deze gemeente" in own.text) == (422, True)
    sent = await regional.send_form(form, "/gemeente", gemeente=" utrecht", rol="medewerker")
    assert sent.headers["location"] == "/griffie/account?gedaan=gevraagd"
    assert (await regional.get("/griffie/GM0344/inbreng")).status_code == 404
    page = (await boss.get(PAGE)).text
    assert "Werkt nu voor Amersfoort" in page
    action = re.search(r"/medewerkers/verzoeken/[0-9a-f-]{36}", page)[0]
    agreed = await boss.send_form(PAGE, action, besluit="ja")
    assert agreed.headers["location"] == f"{PAGE}?gedaan=verzoek_ja"
    assert (await regional.get("/griffie/GM0344/inbreng")).status_code == 200
    assert (await boss.send_form_of(page, action, besluit="ja")).status_code == 404


async def test_who_works_nowhere_any_more_is_not_let_in_and_the_desk_says_why(clerk_with, database):
    """The page was made before their last access ended."""
    regional, boss = await clerk_with(GM0307="medewerker"), await clerk_with(GM0344="griffier")
    await regional.send_form("/griffie/account/gemeente", "/gemeente", gemeente="Utrecht", rol="medewerker")
    page = (await boss.get(PAGE)).text
    action = re.findall(r"/medewerkers/verzoeken/[0-9a-f-]{36}", page)[-1]
    async with database.session("GM0344") as session:
        request = await session.get_one(AccessRequest, uuid.UUID(action[-36:]))
        await session.execute(delete(ClerkRole).where(ClerkRole.clerk_id == request.clerk_id))
    assert action not in (await boss.get(PAGE)).text
    answer = await boss.send_form_of(page, action, besluit="ja")
    assert answer.headers["location"] == f"{PAGE}?gedaan=verzoek_vervallen"
    assert "werkt voor geen enkele gemeente meer" in (await boss.get(answer.headers["location"])).text
    assert (await boss.send_form_of(page, action, besluit="ja")).status_code == 404
