"""At the desk a griffier corrects what is hidden, without a script; a beheerder takes back what was taught."""

import pytest
from sqlalchemy import text

from participation.database import EVERY_MUNICIPALITY
from participation.services import own_contributions

LIST = "/griffie/GM0344/inbreng"
LESSONS = "/griffie/GM0344/instellingen/leesbaar"
WORDS = "Achter Theo Thijssen is de stoep kapot. Volgens Oortgiese al maanden, bel 06-24681357."
MASKED = "Achter [naam] is de stoep kapot. Volgens Oortgiese al maanden, bel [telefoonnummer]."


@pytest.fixture(autouse=True)
async def nothing_taught(database):
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("DELETE FROM mask_lesson"))


async def test_a_missed_name_is_hidden_for_all(clerk_with, contribute):
    contribution = await contribute(WORDS)
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    done = await browser.send_form(page, "/verbergen", woorden=" oortgiese ", soort="persoon")
    assert (done.status_code, done.headers["location"]) == (303, f"{page}?gedaan=verborgen")
    for role in ("griffier", "raadslid"):
        html = (await (await clerk_with(GM0344=role)).get(page)).text
        assert (html.count(MASKED.replace("Oortgiese", "[naam]")), html.count("Oortgiese")) == (1, 0)
    assert "Iets verborgen" in (await browser.get(page)).text


async def test_a_piece_becomes_readable_after_the_whole_text_was_read(clerk_with, contribute):
    contribution = await contribute(WORDS)
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    before = (await browser.get(page)).text
    assert ("/leesbaar" in before, "Theo Thijssen" in before) == (False, False)
    whole = (await browser.send_form(page, "/origineel", reden="De school belde.")).text
    assert [whole.count(f'name="woorden" value="{piece}"') for piece in ("Theo Thijssen", "06-24681357")] == [1, 1]
    assert whole.count("De school belde.</textarea>") == 1
    done = await browser.send_form_of(whole, "/leesbaar", woorden="Theo Thijssen", reden="Dat is een school.")
    assert (done.status_code, done.headers["location"]) == (303, f"{page}?gedaan=leesbaar")
    after = (await browser.get(page)).text
    assert after.count(MASKED.replace("[naam]", "Theo Thijssen")) == 1
    assert "Naam. Dat is een school." in after


async def test_a_piece_of_an_addition_becomes_readable_too(clerk_with, contribute, resident_adds, surroundings):
    contribution = await contribute("Er ligt vuil.")
    await resident_adds(contribution, WORDS, at=surroundings.now)
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    whole = (await browser.send_form(page, "/origineel", reden="De school belde.")).text
    await browser.send_form_of(whole, "/leesbaar", woorden="Theo Thijssen", reden="Dat is een school.")
    assert (await browser.get(page)).text.count(MASKED.replace("[naam]", "Theo Thijssen")) == 1


@pytest.mark.parametrize(
    ("address", "typed", "error"),
    [
        ("verbergen", {"woorden": " ", "soort": "persoon"}, "Vul in wat verborgen moet worden."),
        ("verbergen", {"woorden": "x" * 201, "soort": "persoon"}, "Gebruik ten hoogste 200 tekens."),
        ("verbergen", {"woorden": "Oortgiese", "soort": "anders"}, "Kies wat het is."),
        ("verbergen", {"woorden": "Pietersen", "soort": "persoon"}, "Deze woorden staan niet zo in de tekst"),
        ("leesbaar", {"woorden": "Theo Thijssen", "reden": ""}, "Schrijf waarom iedereen dit mag lezen."),
        ("leesbaar", {"woorden": "Theo Thijssen", "reden": "x" * 501}, "Uw reden is te lang."),
        ("leesbaar", {"reden": "Het is een school."}, "U koos geen stuk, of het is al leesbaar."),
        (
            "leesbaar",
            {"woorden": "06-24681357", "reden": "Het is van de school.", "leren": "plaats"},
            "Deze woorden kunnen ook van een inwoner zijn.",
        ),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_changes(clerk_with, contribute, address, typed, error):
    contribution = await contribute(WORDS)
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    token = (await browser.get(page)).text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post(f"{page}/{address}", data={"csrf": token} | typed)
    assert (answer.status_code, error in answer.text, answer.text.count(MASKED)) == (422, True, 1)
    assert "24681357" not in answer.text
    if address == "verbergen":
        assert f'value="{typed["woorden"]}"' in answer.text


async def test_who_may_not_read_the_whole_text_corrects_nothing(clerk_with, contribute):
    contribution = await contribute(WORDS)
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="beheerder")
    html = (await browser.get(page)).text
    assert "/verbergen" not in html
    token = html.split('name="csrf" value="')[1].split('"')[0]
    for address in ("verbergen", "leesbaar"):
        typed = {"csrf": token, "woorden": "Oortgiese", "soort": "persoon", "reden": "Zo maar."}
        assert (await browser.post(f"{page}/{address}", data=typed)).status_code == 403
    assert (await browser.get(page)).text.count(MASKED) == 1


async def test_what_was_taught_is_seen_and_removed_by_a_beheerder_and_by_nobody_elsewhere(clerk_with, contribute):
    contribution = await contribute(WORDS)
    page, griffier = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    whole = (await griffier.send_form(page, "/origineel", reden="De school belde.")).text
    done = await griffier.send_form_of(
        whole, "/leesbaar", woorden="Theo Thijssen", reden="Dat is een school.", leren="plaats"
    )
    assert done.headers["location"] == f"{page}?gedaan=leesbaar_geleerd"
    later = await contribute(WORDS)
    assert "Theo Thijssen" in (await griffier.get(f"{LIST}/{later.id}")).text
    beheerder, elsewhere = await clerk_with(GM0344="beheerder"), await clerk_with(GM0307="beheerder")
    shown = (await beheerder.get(LESSONS)).text
    assert ("Theo Thijssen</strong>: een straat, plek of gebouw" in shown, "Anna de Wit" in shown) == (True, True)
    assert "Theo Thijssen" not in (await elsewhere.get(LESSONS.replace("GM0344", "GM0307"))).text
    lesson = shown.split(f'action="{LESSONS}/')[1].split("/")[0]
    token = (await elsewhere.get("/griffie/account")).text.split('name="csrf" value="')[1].split('"')[0]
    refused = await elsewhere.post(f"/griffie/GM0307/instellingen/leesbaar/{lesson}/weg", data={"csrf": token})
    assert refused.status_code == 404
    removed = await beheerder.send_form(LESSONS, "/weg")
    assert removed.headers["location"] == f"{LESSONS}?gedaan=woorden_weg"
    assert "Theo Thijssen" not in (await beheerder.get(LESSONS)).text
    assert "Theo Thijssen" not in (await griffier.get(f"{LIST}/{(await contribute(WORDS)).id}")).text
    log = (await beheerder.get("/griffie/GM0344/logboek?wat=instellingen")).text
    titles = ("Woorden blijven voortaan leesbaar", "Woorden worden voortaan weer verborgen")
    assert [title in log for title in (*titles, "Theo Thijssen")] == [True, True, False]


async def test_what_the_resident_withdrew_has_nothing_to_hide(clerk_with, contribute, database, surroundings):
    contribution = await contribute(WORDS)
    browser = await clerk_with(GM0344="griffier")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=contribution.resident_id, contribution_id=contribution.id, now=surroundings.now
        )
    assert "/verbergen" not in (await browser.get(f"{LIST}/{contribution.id}")).text
