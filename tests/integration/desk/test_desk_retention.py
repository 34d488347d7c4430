"""The griffier chooses periods, decides about lists of destruction, and keeps the list as evidence."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY
from participation.models import Clerk, Contribution, DestructionItem, DestructionList, RetentionPeriod
from participation.privacy import retention_round
from participation.services import contributions

PAGE = "/griffie/GM0344/bewaren"
UTRECHT, AMERSFOORT = "GM0344", "GM0307"
OLD = timedelta(days=8 * 365)


@pytest.fixture
def night(database, now):
    async def passes():
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await retention_round.run(session, days=28, now=now)

    return passes


@pytest.fixture
def closed(database, contribute, new_account, now):
    """A contribution that was closed eight years ago."""

    async def make(text="Het hek is stuk.", code=UTRECHT):
        contribution = await contribute(text, code, minutes_ago=OLD.days * 24 * 60)
        async with database.session(code) as session:
            await contributions.change_status(
                session,
                municipality_code=code,
                contribution_id=contribution.id,
                status="afgehandeld",
                clerk=await _somebody(session, new_account),
                now=now - OLD,
                reason="Klaar.",
                disposition="beantwoord",
            )
        return contribution

    return make


async def _somebody(session, new_account):
    email, _ = await new_account(GM0344="griffier")
    return (await session.scalars(select(Clerk).where(Clerk.email == email))).one()


async def list_of(database, contribution):
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.scalar(select(DestructionItem.list_id).where(DestructionItem.record_id == contribution.id))


async def test_a_period_is_changed_within_bounds(clerk_with, database):
    griffier = await clerk_with(GM0344="griffier")
    saved = await griffier.send_form(PAGE, "/bewaren/inbreng_klaar", dagen="2555")
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PAGE}?gedaan=termijn")
    assert (await griffier.get(PAGE)).text.count("<strong>2555 dagen</strong>") == 1
    refused = await griffier.send_form(PAGE, "/bewaren/inbreng_klaar", dagen="10")
    assert (refused.status_code, refused.text.count("Kies een aantal dagen van 365 tot en met 7300.")) == (422, 2)
    for typed in ("", "veel", "-1", "9" * 30):
        assert (await griffier.send_form(PAGE, "/bewaren/gesprek", dagen=typed)).status_code == 422
    async with database.session(UTRECHT) as session:
        kept = (await session.scalars(select(RetentionPeriod.days))).all()
    assert kept == [2555]


async def test_a_list_is_looked_at_decided_and_kept_as_a_table(clerk_with, closed, night, database):
    old, spared = await closed(), await closed("Bewaar dit.")
    await night()
    page = f"/griffie/GM0344/vernietigingslijst/{await list_of(database, old)}"
    griffier = await clerk_with(GM0344="griffier")
    assert (await griffier.get(PAGE)).text.count("Bekijk en beslis") == 1
    for fields in ({}, {"besluit": "vernietigen"}, {"toelichting": "Regel 1"}):
        assert (await griffier.send_form(page, page, **fields)).status_code == 422
    done = await griffier.send_form(
        page, page, besluit="vernietigen", toelichting="Selectielijst, regel 1", bewaren=str(spared.id)
    )
    assert (done.status_code, done.headers["location"]) == (303, f"{page}?gedaan=lijst_goed")
    assert (
        await griffier.post(page, data={"besluit": "bewaren", "toelichting": "x", "csrf": "mis"})
    ).status_code == 403
    await night()
    async with database.session(UTRECHT) as session:
        left = (await session.scalars(select(Contribution.id).where(Contribution.id.in_([old.id, spared.id])))).all()
    assert left == [spared.id]
    shown = (await griffier.get(page)).text
    assert (shown.count("Bewaard na uw besluit"), shown.count("Selectielijst, regel 1")) == (1, 1)
    table = await griffier.get(f"{page}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    [line] = [line for line in table.text.splitlines() if old.reference in line]
    assert line.split(";")[-1] == "vernietigd"
    assert table.text.count("Het hek") == 0


async def test_who_ticks_every_line_to_keep_it_reads_that_nothing_is_destroyed(clerk_with, closed, night, database):
    old = await closed()
    await night()
    list_id = await list_of(database, old)
    page = f"/griffie/GM0344/vernietigingslijst/{list_id}"
    griffier = await clerk_with(GM0344="griffier")
    async with database.session(UTRECHT) as session:
        ids = (await session.scalars(select(DestructionItem.record_id).where(DestructionItem.list_id == list_id))).all()
    done = await griffier.send_form(
        page, page, besluit="vernietigen", toelichting="Regel 1", bewaren=[str(one) for one in ids]
    )
    assert (done.status_code, done.headers["location"]) == (303, f"{page}?gedaan=lijst_niet")


async def test_who_may_see_and_decide(clerk_with, closed, night, database):
    contribution = await closed()
    await night()
    page = f"/griffie/GM0344/vernietigingslijst/{await list_of(database, contribution)}"
    elsewhere = await clerk_with(GM0307="griffier")
    assert [(await elsewhere.get(one)).status_code for one in (PAGE, page, f"{page}.csv")] == [404, 404, 404]
    own_address = page.replace("GM0344", "GM0307")
    assert [(await elsewhere.get(one)).status_code for one in (own_address, f"{own_address}.csv")] == [404, 404]
    reader = await clerk_with(GM0344="raadslid")
    html = (await reader.get(page)).text
    assert (html.count("Besluit opslaan"), html.count("Termijn opslaan")) == (0, 0)
    griffier = await clerk_with(GM0344="griffier")
    assert (await griffier.get(page)).text.count("Besluit opslaan") == 1
    worker = await clerk_with(GM0344="medewerker")
    token = (await worker.get(PAGE)).text.partition('name="csrf" value="')[2].partition('"')[0]
    refused = await worker.post(page, data={"csrf": token, "besluit": "vernietigen", "toelichting": "Ja."})
    assert refused.status_code == 403
    async with database.session(UTRECHT) as session:
        states = await session.scalars(select(DestructionList.state).where(DestructionList.id == page.rsplit("/")[-1]))
        assert states.all() == ["voorgesteld"]
