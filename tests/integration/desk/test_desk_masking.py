"""At the desk nobody reads personal data, unless a griffier says why."""

import uuid

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY
from participation.models import AuditEvent, AuditWords, Contribution, ContributionEntry
from participation.models.contribution import NOT_YET_READABLE

LIST = "/griffie/GM0344/inbreng"
WORDS = "Mijn buurman Piet Jansen van Dorpsstraat 12 zet zijn afval op straat."
MASKED = "Mijn buurman [naam] van [adres] zet zijn afval op straat."


async def audited(database, contribution):
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.execute(
            select(AuditWords.text, AuditEvent.details)
            .join(AuditEvent, AuditEvent.id == AuditWords.event_id)
            .where(AuditEvent.record == str(contribution.id), AuditEvent.action == "inbreng.origineel")
        )
        return found.all()


@pytest.mark.parametrize("role", ["griffier", "medewerker", "raadslid", "beheerder"])
async def test_list_and_detail_show_the_masked_text_only(clerk_with, contribute, role):
    contribution = await contribute(f"{WORDS} Gelezen: {role}.")
    browser = await clerk_with(GM0344=role)
    for page in (LIST, f"{LIST}/{contribution.id}"):
        html = (await browser.get(page)).text
        assert html.count(f"{MASKED} Gelezen: {role}.") == 1
        assert (html.count("Jansen"), html.count("Dorpsstraat 12")) == (0, 0)


async def test_a_griffier_reads_the_words_on_one_page_and_it_is_recorded(clerk_with, contribute, database):
    contribution = await contribute(WORDS)
    browser, page = await clerk_with(GM0344="griffier"), f"{LIST}/{contribution.id}"
    shown = await browser.send_form(page, "/origineel", reden="De bewoner belde hierover.")
    assert (shown.status_code, shown.text.count(WORDS), shown.text.count(MASKED)) == (200, 1, 0)
    assert shown.headers["cache-control"] == "no-store"
    assert await audited(database, contribution) == [("De bewoner belde hierover.", {})]
    again = await browser.get(page)
    assert (again.text.count(WORDS), again.text.count(MASKED)) == (0, 1)


@pytest.mark.parametrize(
    ("reason", "error"),
    [("  ", "Schrijf eerst waarom u de hele tekst wilt lezen."), ("x" * 501, "Uw reden is te lang.")],
)
async def test_without_a_good_reason_nothing_is_shown_or_recorded(clerk_with, contribute, database, reason, error):
    contribution = await contribute(WORDS)
    browser = await clerk_with(GM0344="griffier")
    answer = await browser.send_form(f"{LIST}/{contribution.id}", "/origineel", reden=reason)
    assert (answer.status_code, answer.text.count("Jansen")) == (422, 0)
    assert error in answer.text
    assert answer.text.count('<details class="other-status" open>') == 1
    assert await audited(database, contribution) == []


@pytest.mark.parametrize("role", ["medewerker", "raadslid", "campagneleider", "beheerder"])
async def test_other_roles_get_no_form_and_are_refused(clerk_with, contribute, database, role):
    contribution = await contribute(WORDS)
    browser, page = await clerk_with(GM0344=role), f"{LIST}/{contribution.id}"
    html = (await browser.get(page)).text
    assert "/origineel" not in html
    token = html.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post(f"{page}/origineel", data={"csrf": token, "reden": "nieuwsgierig"})
    assert (answer.status_code, answer.text.count("Jansen")) == (403, 0)
    assert await audited(database, contribution) == []


async def test_a_griffier_of_another_municipality_reads_nothing(clerk_with, contribute, database):
    """There is something to leak: Utrecht's own griffier reads it."""
    contribution = await contribute(WORDS)
    own, other = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    assert WORDS in (await own.send_form(f"{LIST}/{contribution.id}", "/origineel", reden="bellen")).text
    token = (await other.get("/griffie/GM0307/inbreng")).text.split('name="csrf" value="')[1].split('"')[0]
    for code in ("GM0344", "GM0307"):
        address = f"/griffie/{code}/inbreng/{contribution.id}/origineel"
        answer = await other.post(address, data={"csrf": token, "reden": "bellen"})
        assert (answer.status_code, answer.text.count("Jansen")) == (404, 0)
    assert len(await audited(database, contribution)) == 1


async def test_a_form_of_another_session_shows_nothing(clerk_with, contribute, database):
    contribution = await contribute(WORDS)
    browser = await clerk_with(GM0344="griffier")
    answer = await browser.post(f"{LIST}/{contribution.id}/origineel", data={"csrf": str(uuid.uuid4()), "reden": "x"})
    assert (answer.status_code, answer.text.count("Jansen")) == (403, 0)
    assert await audited(database, contribution) == []


async def test_what_is_not_masked_yet_is_hidden_and_can_be_revealed(clerk_with, contribute, database):
    contribution = await contribute(WORDS)
    async with database.session(EVERY_MUNICIPALITY) as session:
        row = await session.get_one(Contribution, contribution.id)
        row.masked_text = row.masked_at = None
    browser, page = await clerk_with(GM0344="griffier"), f"{LIST}/{contribution.id}"
    for address in (LIST, page):
        html = (await browser.get(address)).text
        assert (NOT_YET_READABLE in html, html.count("Jansen")) == (True, 0)
    assert WORDS in (await browser.send_form(page, "/origineel", reden="Spoed")).text


async def test_a_text_without_personal_data_has_nothing_to_reveal(clerk_with, contribute):
    contribution = await contribute("Meer bankjes in het park graag.")
    html = (await (await clerk_with(GM0344="griffier")).get(f"{LIST}/{contribution.id}")).text
    assert ("/origineel" in html, "Meer bankjes in het park graag." in html) == (False, True)


@pytest.fixture
async def added(contribute, database, surroundings, resident_adds):
    """A contribution without personal data, to which the resident added some."""
    contribution = await contribute("Er ligt vuil op straat.")
    submission = uuid.uuid4()
    await resident_adds(contribution, WORDS, at=surroundings.now, submission=submission)
    async with database.session(EVERY_MUNICIPALITY) as session:
        entry = await session.scalar(select(ContributionEntry).where(ContributionEntry.submission == submission))
    return contribution, entry


async def test_a_griffier_reads_what_was_added_with_a_reason_as_well(clerk_with, added, database):
    contribution, entry = added
    browser, page = await clerk_with(GM0344="griffier"), f"{LIST}/{contribution.id}"
    html = (await browser.get(page)).text
    assert (html.count(WORDS), html.count(MASKED)) == (0, 1)
    refused = await browser.send_form_of(html, f"/{entry.id}/origineel", reden=" ")
    assert (refused.status_code, refused.text.count("Jansen")) == (422, 0)
    assert f'href="#reden-{entry.id}"' in refused.text
    assert await audited(database, contribution) == []
    shown = await browser.send_form_of(html, f"/{entry.id}/origineel", reden="De bewoner belde.")
    assert (shown.status_code, shown.text.count(WORDS), shown.text.count(MASKED)) == (200, 1, 0)
    assert await audited(database, contribution) == [("De bewoner belde.", {"aanvulling": str(entry.id)})]
    again = (await browser.get(page)).text
    assert (again.count(WORDS), again.count(MASKED)) == (0, 1)
    assert "Van een aanvulling. De bewoner belde." in again


async def test_nobody_else_reads_what_was_added(clerk_with, added, contribute, database):
    contribution, entry = added
    other_one = await contribute(WORDS)
    for role in ("medewerker", "raadslid"):
        browser, page = await clerk_with(GM0344=role), f"{LIST}/{contribution.id}"
        html = (await browser.get(page)).text
        assert "/origineel" not in html
        token = html.split('name="csrf" value="')[1].split('"')[0]
        answer = await browser.post(f"{page}/aanvulling/{entry.id}/origineel", data={"csrf": token, "reden": "zo"})
        assert (answer.status_code, answer.text.count("Jansen")) == (403, 0)
    for code, at in (("GM0307", contribution), ("GM0344", other_one)):
        browser = await clerk_with(**{code: "griffier"})
        token = (await browser.get(f"/griffie/{code}/inbreng")).text.split('name="csrf" value="')[1].split('"')[0]
        address = f"/griffie/{code}/inbreng/{at.id}/aanvulling/{entry.id}/origineel"
        answer = await browser.post(address, data={"csrf": token, "reden": "bellen"})
        assert (answer.status_code, answer.text.count("Jansen")) == (404, 0)
    assert await audited(database, contribution) == []


async def test_a_text_of_the_griffie_is_no_addition(clerk_with, contribute, database, surroundings):
    contribution = await contribute(WORDS)
    browser, page = await clerk_with(GM0344="griffier"), f"{LIST}/{contribution.id}"
    await browser.send_form(page, "/antwoord", tekst="Wij komen kijken.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        entry_id = await session.scalar(
            select(ContributionEntry.id).where(ContributionEntry.contribution_id == contribution.id)
        )
    token = (await browser.get(page)).text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post(f"{page}/aanvulling/{entry_id}/origineel", data={"csrf": token, "reden": "zo"})
    assert answer.status_code == 404
