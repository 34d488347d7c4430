"""The settings of a municipality at the desk: each form, what is refused, the history, and who may."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from PIL import Image
from sqlalchemy import text

from participation.database import EVERY_MUNICIPALITY
from participation.models import WorklistItem
from participation.services import delivery, municipality_settings, placing

PAGE = "/griffie/GM0344/instellingen"
LIST = "/griffie/GM0344/inbreng"
COLORS = {"kop": "#cc0000", "kop_letters": "#ffffff", "knop": "#0b3c5d"}


def png(size=(300, 100)):
    file = io.BytesIO()
    Image.new("RGB", size, "#cc0000").save(file, "PNG")
    return file.getvalue()


async def choices(database, code="GM0344"):
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await municipality_settings.of(session, code)


@pytest.fixture
async def griffier(clerk_with, database):
    """A griffier of Utrecht; the settings are the usual ones again afterwards."""
    yield await clerk_with(GM0344="griffier")
    async with database.session(EVERY_MUNICIPALITY) as session:
        for table in ("municipality_setting", "municipality_logo"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


async def test_texts_hold_at_once_and_an_empty_one_brings_the_usual_back(griffier, clerk_with, contribute, database):
    saved = await griffier.send_form(
        PAGE, "/teksten", naam=" Utrecht  stad ", welkom="Vertel ons\r\nwat u wilt.", kantoortijden="Op werkdagen."
    )
    assert saved.headers["location"] == f"{PAGE}?gedaan=instelling"
    html = (await griffier.get(PAGE)).text
    kept = await choices(database)
    assert (kept.shown_name, kept.welcome, kept.office_hours) == (
        "Utrecht stad",
        "Vertel ons\nwat u wilt.",
        "Op werkdagen.",
    )
    assert "Gemeente Utrecht stad</span>" in html
    assert 'Naam, <span dir="auto">van de officiële naam naar “Utrecht stad”' in html
    contribution = await contribute()
    async with database.session("GM0344") as session:
        reply = await delivery.message(session, contribution, kind="antwoord", text="Dag.")
    assert reply.text.startswith("Antwoord van de griffie van Utrecht stad op uw inbreng")
    other = (await (await clerk_with(GM0307="griffier")).get("/griffie/GM0307/instellingen")).text
    assert ("Utrecht stad" in other, "Uw gemeente heeft nog niets veranderd." in other) == (False, True)
    await griffier.send_form(PAGE, "/teksten", naam="", welkom="", kantoortijden="")
    assert await choices(database) == municipality_settings.Choices()
    assert "Gemeente Utrecht</span>" in (await griffier.get(PAGE)).text


async def test_a_text_that_is_too_long_is_explained_and_kept_on_the_page(griffier, database):
    refused = await griffier.send_form(PAGE, "/teksten", naam="Utrecht", welkom="x" * 501, kantoortijden="")
    assert (refused.status_code, "Gebruik ten hoogste 500 tekens." in refused.text) == (422, True)
    assert "x" * 501 in refused.text
    assert (await choices(database)).welcome == ""


async def test_colours_and_logo_reach_the_pages_of_this_municipality_only(griffier, clerk_with, database):
    await griffier.send_form(PAGE, "/kleuren", **COLORS)
    html = (await griffier.get(PAGE)).text
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    sent = await griffier.post(f"{PAGE}/logo", data={"csrf": token}, files={"bestand": ("l.png", png(), "image/png")})
    assert sent.status_code == 303
    html = (await griffier.get(LIST)).text
    assert '<link rel="stylesheet" href="/griffie/GM0344/huisstijl.css">' in html
    style = await griffier.get("/griffie/GM0344/huisstijl.css")
    assert ("--samenspel-brand: #cc0000;" in style.text, style.headers["content-type"]) == (
        True,
        "text/css; charset=utf-8",
    )
    [address] = set(re.findall(r'src="(/griffie/GM0344/logo\.png\?v=\w+)"', html))
    logo = await griffier.get(address)
    assert logo.headers["cache-control"] == "private, max-age=31536000, immutable"
    with Image.open(io.BytesIO(logo.content)) as shown:
        assert (shown.format, shown.size) == ("PNG", (300, 100))
    elsewhere = await clerk_with(GM0307="griffier")
    assert "huisstijl.css" not in (await elsewhere.get("/griffie/GM0307/inbreng")).text
    assert (await elsewhere.get(address)).status_code == 404
    assert (await elsewhere.get("/griffie/GM0307/logo.png")).status_code == 404
    await griffier.post(f"{PAGE}/kleuren", data={"csrf": token, "stap": "gewoon"})
    forgotten = [{}, {"bestand": ("", b"", "application/octet-stream")}]
    for files in forgotten:
        refused = await griffier.post(f"{PAGE}/logo", data={"csrf": token}, files=files)
        assert (refused.status_code, unescape(refused.text).count("Kies een bestand.")) == (422, 2)
    assert (await griffier.get(address)).status_code == 200
    removed = await griffier.post(f"{PAGE}/logo", data={"csrf": token, "stap": "weg"})
    assert removed.headers["location"] == f"{PAGE}?gedaan=instelling"
    assert await choices(database) == municipality_settings.Choices()
    assert (await griffier.get(address)).status_code == 404


async def test_colours_that_are_hard_to_read_are_refused_with_the_contrast(griffier, database):
    refused = await griffier.send_form(PAGE, "/kleuren", kop="#ffcc00", kop_letters="#ffffff", knop="#767676")
    shown = unescape(refused.text)
    assert refused.status_code == 422
    assert "De letters in de balk zijn slecht te lezen: het contrast is 1,5 en moet 4,5 of meer zijn." in shown
    assert "Knoppen en links zijn slecht te lezen: het contrast is 3,8 en moet 4,5 of meer zijn." in shown
    assert 'value="#ffcc00"' in refused.text
    assert (await choices(database)).colors is None


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Een SVG kan niet"),
        (b"x" * 210_000, "hooguit 200 kB"),
    ],
)
async def test_a_logo_that_can_not_be_used_is_explained(griffier, file, error):
    html = (await griffier.get(PAGE)).text
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    refused = await griffier.post(f"{PAGE}/logo", data={"csrf": token}, files={"bestand": ("l", file, "image/png")})
    assert (refused.status_code, error in refused.text) == (422, True)


async def test_a_theme_that_is_not_used_can_not_be_chosen_but_stays_where_it_is(griffier, contribute, database):
    contribution = await contribute()
    await griffier.send_form(f"{LIST}/{contribution.id}", "/indeling", soort="idee", thema="groen")
    html = (await griffier.get(PAGE)).text
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    shown = [theme for theme in re.findall(r'name="thema" value="(\w+)"', html) if theme not in {"groen", "verkeer"}]
    await griffier.post(f"{PAGE}/themas", data={"csrf": token, "thema": shown})
    kept = await choices(database)
    assert kept.hidden_themes == {"groen", "verkeer"}
    assert (kept.theme_shown("groen"), kept.theme_shown("wonen")) == ("overig", "wonen")
    page = (await griffier.get(f"{LIST}/{contribution.id}")).text
    assert '<option value="groen" selected>' in page
    assert '<option value="verkeer"' not in page
    none = await griffier.post(f"{PAGE}/themas", data={"csrf": token})
    assert (none.status_code, "Kruis ten minste één thema aan." in none.text) == (422, True)


async def test_own_areas_are_found_in_texts_also_in_those_that_were_read_before(griffier, contribute, database):
    contribution = await contribute("In de Kromme Elleboog is het donker.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await placing.place_waiting(session)
    await griffier.send_form(PAGE, "/gebieden", gebieden="Elleboogbuurt: Kromme Elleboog")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await placing.place_waiting(session)
    async with database.session("GM0344") as session:
        assert (await session.get_one(WorklistItem, contribution.id)).place == "Elleboogbuurt"
    assert "Elleboogbuurt: Kromme Elleboog</textarea>" in (await griffier.get(PAGE)).text
    refused = await griffier.send_form(PAGE, "/gebieden", gebieden="Zuid\nzuid")
    assert (refused.status_code, "Dit gebied kunnen we niet lezen: “zuid”." in refused.text) == (422, True)


async def test_what_is_overdue_follows_the_periods_of_the_municipality(griffier, contribute, database, surroundings):
    contribution = await contribute(minutes_ago=3 * 24 * 60)
    late = f"{LIST}?weergave=te_laat"
    overdue = (await griffier.get(late)).text
    await griffier.send_form(
        PAGE,
        "/termijnen",
        ontvangen="2",
        reactie_ontvangen="7",
        heropend="7",
        in_behandeling="28",
        gebundeld="28",
    )
    shown = (await griffier.get(late)).text
    assert (contribution.reference in overdue, contribution.reference in shown) == (False, True)
    assert (await choices(database)).patience["ontvangen"] == timedelta(days=2)
    for wrong in ("0", "366", "twee", ""):
        refused = await griffier.send_form(PAGE, "/termijnen", ontvangen=wrong)
        assert (refused.status_code, "Vul overal een heel getal in van 1 tot en met 365." in refused.text) == (
            422,
            True,
        )


async def test_channels_are_kept_and_a_site_that_is_none_is_named(griffier, database):
    await griffier.send_form(PAGE, "/kanalen", telegram="ja", sites="https://www.utrecht.nl/contact\r\n")
    kept = await choices(database)
    assert (kept.on_telegram, kept.widget_sites) == (True, ("https://www.utrecht.nl",))
    refused = await griffier.send_form(PAGE, "/kanalen", sites="utrecht.nl")
    assert (refused.status_code, "Dit is geen adres van een site: “utrecht.nl”." in refused.text) == (422, True)
    assert (await choices(database)).on_telegram
    await griffier.send_form(PAGE, "/kanalen", sites="")
    assert await choices(database) == municipality_settings.Choices()


@pytest.mark.parametrize("role", ["medewerker", "raadslid", "campagneleider"])
async def test_who_does_not_manage_changes_nothing(clerk_with, database, role):
    browser = await clerk_with(GM0344=role)
    html = (await browser.get(LIST)).text
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    assert "/instellingen" not in html
    assert (await browser.get(PAGE)).status_code == 403
    for form in ("teksten", "kleuren", "logo", "themas", "gebieden", "termijnen", "kanalen"):
        assert (await browser.post(f"{PAGE}/{form}", data={"csrf": token, "naam": "x"})).status_code == 403
    assert await choices(database) == municipality_settings.Choices()


async def test_another_municipality_finds_nothing(clerk_with):
    other = await clerk_with(GM0307="griffier")
    html = (await other.get("/griffie/GM0307/instellingen")).text
    token = re.search(r'name="csrf" value="([^"]+)"', html)[1]
    for form in ("teksten", "kleuren", "logo", "themas", "gebieden", "termijnen", "kanalen"):
        assert (await other.post(f"{PAGE}/{form}", data={"csrf": token})).status_code == 404
    for address in (PAGE, "/griffie/GM0344/huisstijl.css", "/griffie/GM0344/logo.png"):
        assert (await other.get(address)).status_code == 404


async def test_two_who_save_at_once_both_see_what_the_other_wrote(griffier, clerk_with, database):
    """Nothing that was typed is lost, and the last one does not win without knowing."""
    colleague = await clerk_with(GM0344="beheerder")
    mine, theirs = (await griffier.get(PAGE)).text, (await colleague.get(PAGE)).text
    empty = {"naam": "", "kantoortijden": ""}
    assert (await colleague.send_form_of(theirs, "/teksten", welkom="Van haar", **empty)).status_code == 303
    refused = await griffier.send_form_of(mine, "/teksten", welkom="Van mij", **empty)
    shown = re.search(r"Iemand anders heeft dit intussen gewijzigd.*?</section>", refused.text, re.DOTALL)[0]
    assert (refused.status_code, re.findall(r'dir="auto">([^<]+)<', shown)) == (409, ["Van haar", "Van mij"])
    assert re.search(r'name="welkom"[^>]*>\s*Van mij</textarea>', refused.text)
    assert (await choices(database)).welcome == "Van haar"
    assert (await griffier.send_form_of(refused.text, "/teksten", welkom="Van mij", **empty)).status_code == 303
    assert (await choices(database)).welcome == "Van mij"
    # Another form of the page, and the same text once more, are nobody's business.
    assert (await griffier.send_form_of(mine, "/gebieden", gebieden="Zuid")).status_code == 303
    assert (await griffier.send_form_of(mine, "/teksten", welkom="Van mij", **empty)).status_code == 303


async def test_of_every_form_what_is_typed_stays_when_somebody_else_was_first(griffier, clerk_with):
    colleague = await clerk_with(GM0344="griffier")
    mine, theirs = (await griffier.get(PAGE)).text, (await colleague.get(PAGE)).text
    days = dict.fromkeys(("ontvangen", "reactie_ontvangen", "heropend", "in_behandeling", "gebundeld"), "9")
    forms = {
        "/kleuren": ({"kop": "#cc0000", "kop_letters": "#ffffff", "knop": "#0b3c5d"}, COLORS | {"kop": "#aa0000"}),
        "/themas": ({"thema": "verkeer"}, {"thema": "wonen"}),
        "/gebieden": ({"gebieden": "Zuid"}, {"gebieden": "Noord"}),
        "/termijnen": (days, days | {"heropend": "3"}),
        "/kanalen": ({"telegram": "ja", "sites": ""}, {"sites": "https://www.utrecht.example"}),
    }
    answers = {}
    for action, (first, second) in forms.items():
        assert (await colleague.send_form_of(theirs, action, **first)).status_code == 303
        refused = await griffier.send_form_of(mine, action, **second)
        kept = all(value in refused.text for value in second.values() if action != "/themas")
        answers[action] = (refused.status_code, kept, "Iemand anders heeft dit intussen" in refused.text)
    assert set(answers.values()) == {(409, True, True)}
