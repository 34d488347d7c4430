"""What the griffie sees of consent, and that withdrawing takes effect on the very next page."""

import html
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution
from participation.models.consent import CONTACT, NAME, SHARE
from participation.services import bundles, consents
from tests.integration.desk.conftest import AMERSFOORT, UTRECHT

NAMED, CALLED = "Noor de Proef", "06-24681357"


@pytest.fixture
async def agreed(database: Database, contribute: Callable[..., Awaitable[Contribution]], now: datetime) -> Contribution:
    """A contribution with everything agreed to."""
    made = await contribute()
    async with database.session(EVERY_MUNICIPALITY) as session:
        for purpose, detail in ((SHARE, None), (CONTACT, CALLED), (NAME, NAMED)):
            await consents.give(
                session,
                resident_id=made.resident_id or uuid.uuid4(),
                municipality_code=UTRECHT,
                purpose=purpose,
                channel="web",
                contribution_id=made.id,
                detail=detail,
                now=now,
            )
    return made


def section(page: str) -> str:
    """The words of the part about consent."""
    found = page.partition('aria-labelledby="kop-toestemming"')[2].partition("</section>")[0]
    return html.unescape(found)


async def test_the_griffie_sees_name_and_number_until_they_are_withdrawn(
    agreed: Contribution, clerk_with, database: Database, now: datetime
) -> None:
    desk = await clerk_with(GM0344="griffier")
    address = f"/griffie/{UTRECHT}/inbreng/{agreed.id}"
    page = (await desk.get(address)).text
    assert [section(page).count(words) for words in (NAMED, CALLED, "trok de toestemming in")] == [1, 1, 0]
    assert (page.count(NAMED), page.count(CALLED)) == (1, 1)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.withdraw(session, resident_id=agreed.resident_id or uuid.uuid4(), channel="web", now=now)
    page = (await desk.get(address)).text
    assert [page.count(words) for words in (NAMED, CALLED)] == [0, 0]
    assert "De inwoner geeft geen toestemming (meer)." in section(page)


async def test_a_council_member_sees_the_name_and_no_number(agreed: Contribution, clerk_with) -> None:
    member = await clerk_with(GM0344="raadslid")
    page = (await member.get(f"/griffie/{UTRECHT}/inbreng/{agreed.id}")).text
    assert (page.count(NAMED), page.count(CALLED)) == (1, 0)


async def test_another_municipality_gets_404(agreed: Contribution, clerk_with) -> None:
    other = await clerk_with(GM0307="griffier")
    for code in (UTRECHT, AMERSFOORT):
        page = await other.get(f"/griffie/{code}/inbreng/{agreed.id}")
        assert (page.status_code, page.text.count(NAMED)) == (404, 0)


async def test_only_what_a_resident_agreed_to_is_anywhere_for_who_only_reads(
    contribute: Callable[..., Awaitable[Contribution]], clerk_with, database: Database, now: datetime
) -> None:
    kept, gone = [await contribute(f"De zwaluwkade is {how}.", shared=False) for how in ("te smal", "te druk")]
    desk, member = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="raadslid")
    async with database.session(UTRECHT) as session:
        clerk = (await session.scalars(select(Clerk).limit(1))).one()
        bundle_id = await bundles.put_together(
            session,
            municipality_code=UTRECHT,
            contribution_ids=[kept.id, gone.id],
            name="Kade",
            clerk=clerk,
            now=now,
        )
    list_, bundle = f"/griffie/{UTRECHT}/inbreng", f"/griffie/{UTRECHT}/bundels/{bundle_id}"
    pages = (list_, f"{list_}?zoek=zwaluwkade", f"{list_}?zoek={gone.reference}", f"{list_}?weergave=te_laat", bundle)

    async def seen(browser) -> list[bool]:
        return [f'/inbreng/{gone.id}"' in (await browser.get(page)).text for page in pages]

    everywhere = [True, True, True, False, True]
    assert (await seen(member), await seen(desk)) == ([False] * 5, everywhere)
    assert (await member.get(f"{list_}/{gone.id}")).status_code == 404
    for made in (kept, gone):
        await say_on_sharing(database, made, now, given=True)
    assert await seen(member) == await seen(desk) == everywhere
    await say_on_sharing(database, gone, now, given=False)
    assert (await seen(member), await seen(desk)) == ([False] * 5, everywhere)
    assert kept.reference in (await member.get(bundle)).text
    assert [(await one.get(f"{list_}/{gone.id}")).status_code for one in (member, desk)] == [404, 200]
    await say_on_sharing(database, kept, now, given=False)
    assert [(await one.get(bundle)).status_code for one in (member, desk)] == [404, 200]
    await say_on_sharing(database, gone, now, given=True)
    assert await seen(member) == everywhere


async def say_on_sharing(database: Database, made: Contribution, now: datetime, *, given: bool) -> None:
    """Agree to bringing it to the council, or withdraw that."""
    about = {"resident_id": made.resident_id, "contribution_id": made.id, "channel": "web", "now": now}
    async with database.session(EVERY_MUNICIPALITY) as session:
        if given:
            await consents.give(session, municipality_code=UTRECHT, purpose=SHARE, **about)
        else:
            await consents.withdraw(session, purposes=(SHARE,), **about)


async def test_a_role_that_is_not_of_the_council_gets_no_name(agreed: Contribution, clerk_with) -> None:
    reader = await clerk_with(GM0344="campagneleider")
    page = await reader.get(f"/griffie/{UTRECHT}/inbreng/{agreed.id}")
    assert page.status_code == 200
    assert [page.text.count(words) for words in (NAMED, CALLED, "Met naam", "Naam")] == [0, 0, 0, 0]
