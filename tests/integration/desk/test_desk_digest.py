"""Choosing at the desk how often one wants the mail with counts."""

PAGE = "/griffie/mail"


async def test_a_person_chooses_how_often_the_mail_comes(clerk_with):
    browser = await clerk_with(GM0344="medewerker")
    html = (await browser.get(PAGE)).text
    assert 'value="uit" checked' in html
    assert "stelt eerst een mailserver in" in html
    saved = await browser.send_form_of(html, "/mail", hoe_vaak="week")
    assert saved.headers["location"] == f"{PAGE}?gedaan=mail"
    assert 'value="week" checked' in (await browser.get(PAGE)).text
    refused = await browser.send_form_of(html, "/mail", hoe_vaak="elk uur")
    assert (refused.status_code, "Kies hoe vaak u de mail wilt." in refused.text) == (422, True)
    assert 'value="uit" checked' in (await (await clerk_with(GM0344="griffier")).get(PAGE)).text


async def test_who_is_not_signed_in_chooses_nothing(browser):
    assert (await browser.get(PAGE)).status_code == 303
    assert (await browser.post(PAGE, data={"hoe_vaak": "dag"})).status_code == 401
