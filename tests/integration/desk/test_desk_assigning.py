"""Who handles a contribution, chosen on its own page."""

import uuid

from sqlalchemy import select

from participation.models import Clerk, WorklistItem

LIST = "/griffie/GM0344/inbreng"


def facts(html):
    """What stands under “Gegevens”, without markup of its own."""
    return html.split('id="kop-gegevens"')[1].split("</section>")[0]


async def handler(database, contribution):
    async with database.session("GM0344") as session:
        return (await session.get_one(WorklistItem, contribution.id)).assignee_id


async def test_a_contribution_is_given_to_a_colleague_and_back_to_nobody(clerk_with, new_account, contribute, database):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    email, _ = await new_account("Bo Jansen", GM0344="medewerker")
    async with database.session("") as session:
        colleague = (await session.scalars(select(Clerk).where(Clerk.email == email))).one()
    assert "Nog niemand" in facts((await browser.get(page)).text)
    done = await browser.send_form(page, "/toewijzen", wie=str(colleague.id))
    assert done.headers["location"] == f"{page}?gedaan=toegewezen"
    html = (await browser.get(page)).text
    assert (await handler(database, contribution), "Bo Jansen" in facts(html)) == (colleague.id, True)
    assert f'<option value="{colleague.id}" selected>Bo Jansen</option>' in html
    reader = await clerk_with(GM0344="raadslid")
    shown = (await reader.get(page)).text
    assert ("Bo Jansen" in facts(shown), "/toewijzen" in shown) == (True, False)
    await browser.send_form(page, "/toewijzen", wie="niemand")
    assert await handler(database, contribution) is None


async def test_it_is_given_to_nobody_of_elsewhere(clerk_with, new_account, contribute, database):
    contribution = await contribute()
    page, browser = f"{LIST}/{contribution.id}", await clerk_with(GM0344="griffier")
    email, _ = await new_account("Cas Bos", GM0307="griffier")
    async with database.session("") as session:
        elsewhere = (await session.scalars(select(Clerk.id).where(Clerk.email == email))).one()
    for wie in (str(elsewhere), str(uuid.uuid4()), "x", ""):
        refused = await browser.send_form(page, "/toewijzen", wie=wie)
        assert (refused.status_code, "Kies een collega uit de lijst." in refused.text) == (422, True)
    other = await clerk_with(GM0307="griffier")
    csrf = (await other.get("/griffie/GM0307/inbreng")).text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": csrf, "wie": str(elsewhere)}
    assert (await other.post(f"{page}/toewijzen", data=form)).status_code == 404
    theirs = f"/griffie/GM0307/inbreng/{contribution.id}/toewijzen"
    assert (await other.post(theirs, data=form)).status_code == 404
    assert await handler(database, contribution) is None
