"""Passing a contribution on at the desk: the forms, what the resident reads, and meetings that moved."""

from collections.abc import AsyncIterator
from html import unescape

import pytest
from sqlalchemy import delete, select

from participation.council import feeds
from participation.database import EVERY_MUNICIPALITY
from participation.models import (
    Contribution,
    ContributionEntry,
    ContributionStatus,
    CouncilFeed,
    Meeting,
    MunicipalitySetting,
)

LIST = "/griffie/GM0344/inbreng"
SETTINGS = "/griffie/GM0344/instellingen"
MEETINGS = "/griffie/GM0344/vergaderingen"
TABLE = "nummer;datum;begin;naam\n1;2026-12-03;19:30;Commissie Ruimte\n"
ADDRESS = "openbareruimte@utrecht.example"


@pytest.fixture(autouse=True)
async def _usual(database) -> AsyncIterator[None]:
    yield
    async with database.session(EVERY_MUNICIPALITY) as session:
        for table in (Contribution, CouncilFeed, MunicipalitySetting):
            await session.execute(delete(table))


@pytest.fixture
async def griffier(clerk_with):
    return await clerk_with(GM0344="griffier")


async def imports(database, now, table: str = TABLE) -> str:
    async with database.session("GM0344") as session:
        await feeds.hand_over(session, municipality_code="GM0344", name="raad.csv", content=table.encode(), now=now)
        return str(await session.scalar(select(Meeting.id)))


async def told(database, contribution) -> list[str]:
    async with database.session("GM0344") as session:
        rows = await session.scalars(
            select(ContributionEntry.text)
            .where(ContributionEntry.contribution_id == contribution.id)
            .order_by(ContributionEntry.created_at)
        )
        return [text.partition(". ")[0] for text in rows]


async def test_one_of_the_list_gets_it_and_the_griffie_can_mail_the_text(griffier, contribute, database, surroundings):
    await griffier.send_form(SETTINGS, "/ontvangers", ontvangers=f"Afdeling Openbare ruimte: {ADDRESS}\nWaterschap")
    contribution = await contribute("De lantaarn is kapot.")
    page = f"{LIST}/{contribution.id}"
    sent = await griffier.send_form(page, "/doorsturen", ontvanger="Afdeling Openbare ruimte")
    assert sent.headers["location"] == f"{page}?gedaan=doorgestuurd"
    html = unescape((await griffier.get(page)).text)
    assert await told(database, contribution) == [
        "De griffie heeft uw inbreng doorgestuurd naar: Afdeling Openbare ruimte"
    ]
    assert len(surroundings.told) == 1
    assert "Naar Afdeling Openbare ruimte</p>" in html
    assert f'href="mailto:{ADDRESS}?subject=Inbreng%20{contribution.reference}"' in html
    copied = f"Inbreng {contribution.reference}, ontvangen op 23 november 2026.\n\nDe lantaarn is kapot.</textarea>"
    assert copied in html


async def test_the_list_is_for_one_municipality_and_says_which_line_is_wrong(griffier, clerk_with, contribute):
    wrong = await griffier.send_form(SETTINGS, "/ontvangers", ontvangers="Waterschap: geen adres")
    assert (wrong.status_code, "“Waterschap: geen adres”" in wrong.text) == (422, True)
    await griffier.send_form(SETTINGS, "/ontvangers", ontvangers="Waterschap")
    assert 'Naar wie u doorstuurt, <span dir="auto">van niets naar Waterschap' in (await griffier.get(SETTINGS)).text
    own, other = await contribute(), await contribute(code="GM0307")
    elsewhere = await clerk_with(GM0307="griffier")
    assert '<option value="Waterschap"' in (await griffier.get(f"{LIST}/{own.id}")).text
    assert '<option value="Waterschap"' not in (await elsewhere.get(f"/griffie/GM0307/inbreng/{other.id}")).text


async def test_what_is_not_complete_is_explained_and_changes_nothing(griffier, contribute, database):
    await griffier.send_form(SETTINGS, "/ontvangers", ontvangers="Waterschap")
    contribution = await contribute()
    html = (await griffier.get(f"{LIST}/{contribution.id}")).text
    for action, typed, error in (
        ("/doorsturen", {}, "Kies eerst naar wie dit gaat"),
        ("/doorsturen", {"ontvanger": "Niet in de lijst"}, "Kies eerst naar wie dit gaat"),
        ("/doorsturen", {"ontvanger": "Waterschap", "iemand": "Provincie"}, "Niet allebei."),
        ("/doorsturen", {"iemand": "x" * 121}, "De naam is te lang."),
        ("/doorsturen", {"iemand": "Afdeling [welke]"}, "Vul eerst in wat nog open is: [welke]."),
        ("/inplannen", {}, "Kies eerst een vergadering"),
        ("/inplannen", {"vergadering": "geen-id"}, "Kies eerst een vergadering"),
        ("/inplannen", {"naam": "Commissie Stad"}, "Vul ook een datum in"),
        ("/inplannen", {"naam": "Commissie Stad", "dag": "2026-11-01"}, "Kies een datum vanaf vandaag"),
    ):
        refused = await griffier.send_form_of(html, action, **typed)
        assert (refused.status_code, unescape(refused.text).count(error)) == (422, 2)
        kept = [value for value in typed.values() if value not in {"geen-id", "Niet in de lijst"}]
        assert [value for value in kept if f'value="{value}"' not in refused.text] == []
    assert await told(database, contribution) == []


async def test_a_meeting_is_planned_from_the_calendar_and_by_hand(griffier, contribute, database, now):
    meeting_id = await imports(database, now)
    first, second = await contribute(), await contribute()
    await griffier.send_form(f"{LIST}/{first.id}", "/inplannen", vergadering=meeting_id)
    await griffier.send_form(f"{LIST}/{second.id}", "/inplannen", naam="Beraad", dag="2026-12-10")
    plan = "Uw inbreng staat op de planning voor donderdag"
    assert await told(database, first) == [f"{plan} 3 december 2026: Commissie Ruimte"]
    assert await told(database, second) == [f"{plan} 10 december 2026: Beraad"]
    assert "Voor donderdag 10 december 2026: Beraad</p>" in (await griffier.get(f"{LIST}/{second.id}")).text
    meetings = (await griffier.get(MEETINGS)).text
    assert (first.reference in meetings, second.reference in meetings) == (True, False)


async def test_a_colleague_who_closed_it_was_first(griffier, contribute, database):
    contribution = await contribute()
    html = (await griffier.get(f"{LIST}/{contribution.id}")).text
    await griffier.send_form_of(html, "/status", status="geannuleerd", toelichting="Dubbel.")
    late = await griffier.send_form_of(html, "/doorsturen", iemand="Waterschap")
    assert (late.status_code, "Een collega heeft de status intussen veranderd." in late.text) == (409, True)
    async with database.session("GM0344") as session:
        rows = await session.scalars(
            select(ContributionStatus.destination).where(ContributionStatus.contribution_id == contribution.id)
        )
        assert rows.all() == [None, None]


async def test_of_two_who_pass_it_on_at_once_the_second_reads_first_where_it_went(griffier, contribute, database):
    contribution = await contribute()
    html = (await griffier.get(f"{LIST}/{contribution.id}")).text
    for action, first, second in (
        ("/doorsturen", {"iemand": "Waterschap"}, {"iemand": "Provincie"}),
        ("/inplannen", {"naam": "Beraad", "dag": "2026-12-10"}, {"naam": "Commissie", "dag": "2026-12-03"}),
    ):
        for _ in range(2):
            assert (await griffier.send_form_of(html, action, **first)).status_code == 303
        late = await griffier.send_form_of(html, action, **second)
        assert (late.status_code, "Een collega heeft de status intussen veranderd." in late.text) == (409, True)
        assert [value for value in second.values() if f'value="{value}"' not in late.text] == []
        html = late.text
    assert sorted(text.rpartition(": ")[2] for text in await told(database, contribution)) == ["Beraad", "Waterschap"]
    again = await griffier.send_form_of(html, "/inplannen", naam="Commissie", dag="2026-12-03")
    assert (again.status_code, len(await told(database, contribution))) == (303, 3)


async def test_a_meeting_that_moved_is_seen_by_who_handles_it_until_it_is_planned_anew(
    griffier, clerk_with, contribute, database, now
):
    meeting_id = await imports(database, now)
    contribution, reader = await contribute(), await clerk_with(GM0344="raadslid")
    page, notice = f"{LIST}/{contribution.id}", "Een vergadering is verzet of vervallen."
    await griffier.send_form(page, "/inplannen", vergadering=meeting_id)
    assert notice not in (await griffier.get(LIST)).text
    await imports(database, now, TABLE.replace("12-03", "12-10"))
    assert notice in (await griffier.get(LIST)).text
    moved = (
        "Gepland voor donderdag 3 december 2026: Commissie Ruimte. Die vergadering is nu op donderdag 10 december 2026."
    )
    for address in (page, MEETINGS):
        assert moved in (await griffier.get(address)).text
        assert moved not in (await reader.get(address)).text
    assert notice not in (await reader.get(LIST)).text
    await griffier.send_form(page, "/inplannen", vergadering=meeting_id)
    assert (await told(database, contribution))[-1].endswith("10 december 2026: Commissie Ruimte")
    assert notice not in (await griffier.get(LIST)).text
