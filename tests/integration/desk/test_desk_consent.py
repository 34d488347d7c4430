"""What the griffie sees of consent, and that withdrawing takes effect on the very next page."""

import html
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Contribution
from participation.models.consent import CONTACT, NAME, SHARE
from participation.services import consents
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
    assert "De inwoner trok de toestemming in." in section(page)


async def test_a_council_member_sees_the_name_and_no_number(agreed: Contribution, clerk_with) -> None:
    member = await clerk_with(GM0344="raadslid")
    page = (await member.get(f"/griffie/{UTRECHT}/inbreng/{agreed.id}")).text
    assert (page.count(NAMED), page.count(CALLED)) == (1, 0)


async def test_another_municipality_gets_404(agreed: Contribution, clerk_with) -> None:
    other = await clerk_with(GM0307="griffier")
    for code in (UTRECHT, AMERSFOORT):
        page = await other.get(f"/griffie/{code}/inbreng/{agreed.id}")
        assert (page.status_code, page.text.count(NAMED)) == (404, 0)
