"""No page of the desk asks the database more when there is more to show."""

import uuid
from datetime import datetime

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council import feeds
from participation.database import EVERY_MUNICIPALITY, Database
from participation.insight import subjects
from participation.models import (
    Campaign,
    CampaignFeedback,
    CampaignMunicipality,
    CampaignPart,
    Clerk,
    Contribution,
    DeepLink,
    Mailing,
    Statement,
    Subject,
)
from participation.services import clerks, invitations, municipalities, standard_texts
from tests.integration.desk.conftest import UTRECHT
from tests.integration.desk.test_desk_other_municipality import EMPTY, Holding, hold, routes
from tests.integration.desk.test_desk_routes import STREAMS
from tests.integration.something_everywhere import fill

FEW, MANY = range(1), range(1, 6)
"""By number, what there is besides the first: one of everything, and then five more."""

LEADING_ON = {"municipality"}
"""Addresses that are no page."""

INTO_ONE = """
    UPDATE bundle_member SET bundle_id = '{bundle_id}';
    UPDATE destruction_item SET list_id = '{list_id}';
    UPDATE report_source SET report_id = '{report_id}', number = one.number
        FROM (SELECT contribution_id, row_number() OVER () AS number FROM report_source) AS one
        WHERE one.contribution_id = report_source.contribution_id
"""
"""What was made one by one, brought together: the members of a bundle, the lines of a list, the sources of a paper."""


@pytest.fixture(scope="module")
async def holding(database_url: str, now: datetime) -> Holding:
    return await hold(database_url, UTRECHT, now)


def pages(site) -> list[APIRoute]:
    return [one for one in routes(site) if "GET" in one.methods and one.name not in STREAMS | EMPTY | LEADING_ON]


async def grow(database_url: str, holding: Holding, numbers: range, now: datetime) -> None:
    """Make one more of everything, and of what belongs to it, for each number."""
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        clerk = (await session.scalars(select(Clerk).where(Clerk.email == holding.email))).one()
        about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
        for number in numbers:
            await fill(session, clerk=clerk, now=now)
            email = f"{number}@utrecht.example"
            await clerks.create_clerk(session, email=email, name="C", roles={UTRECHT: "raadslid"}, now=now)
            await invitations.invite(session, email=f"nieuw-{email}", role="medewerker", **about)
            await standard_texts.add(
                session, name=f"Dank {number}", purpose="antwoord", words="Dank u.", submission=uuid.uuid4(), **about
            )
        lines = "".join(f";{n};3-12-2026;Raad {n};\nagendapunt;;;Opening;{n}\n" for n in range(1, numbers.stop + 2))
        table = f"soort;nummer;datum;naam;vergadering\n{lines}".encode()
        await feeds.hand_over(session, name="raad.csv", content=table, **about)
        for statement in INTO_ONE.format(**holding.ids).split(";\n"):
            await session.execute(text(statement))
        everything = await session.scalars(select(Contribution.id).where(Contribution.municipality_code == UTRECHT))
        found = [("lampen", list(everything)), *((f"onderwerp {number}", []) for number in numbers)]
        await subjects.keep(session, municipality_code=UTRECHT, found=found, texts=9, now=now)
        newest = select(Subject.id).where(Subject.words == "lampen", Subject.municipality_code == UTRECHT)
        holding.ids["subject_id"] = str((await session.scalars(newest)).one())
        campaign = await session.get_one(Campaign, uuid.UUID(holding.ids["campaign_id"]))
        await _grow_campaign(session, campaign, numbers, clerk, now)
    await owner.close()


async def _grow_campaign(
    session: AsyncSession, campaign: Campaign, numbers: range, clerk: Clerk, now: datetime
) -> None:
    at_home = {"campaign_id": campaign.id, "municipality_code": UTRECHT}
    others = sorted(municipalities.names().keys() - {UTRECHT})
    for number in numbers:
        part = CampaignPart(**at_home, position=number + 2, kind="stellingen", text="Eens?", options=[], rules={})
        session.add(part)
        await session.flush()
        session.add_all(
            [
                Statement(
                    **at_home, part_id=part.id, number=10 + number, text="Meer groen.", state="goed", created_at=now
                ),
                DeepLink(
                    id=f"plek-{number}",
                    municipality_code=UTRECHT,
                    campaign=campaign.public_id,
                    place=f"Hal {number}",
                    created_at=now,
                ),
                Mailing(
                    **at_home,
                    kind="uitnodiging",
                    text="Doet u mee?",
                    audience={"who": "berichten"},
                    state="concept",
                    made_by=clerk.id,
                    made_at=now,
                ),
                CampaignMunicipality(
                    campaign_id=campaign.id, municipality_code=others[number], leader_code=UTRECHT, asked_at=now
                ),
                CampaignFeedback(
                    **at_home,
                    number=number + 2,
                    heard="Veel.",
                    decided="Niets.",
                    because="Daarom.",
                    next_step="Geen.",
                    changed_by=clerk.id,
                    changed_at=now,
                ),
            ]
        )
    await session.flush()


async def test_no_page_asks_more_when_there_is_more(site, browser, holding, queries_of, database_url, now):
    await browser.log_in(holding.email, holding.password)
    asked = []
    for numbers in (FEW, MANY):
        await grow(database_url, holding, numbers, now)
        asked.append({one.name: await queries_of(browser.get(holding.address(one))) for one in pages(site)})
    few, many = asked
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}


async def test_choosing_among_many_municipalities_asks_once_for_each(clerk_with, queries_of):
    """How much is new in it: a transaction of the desk sees one municipality, and begins with that."""
    codes = sorted(municipalities.names())
    few, many = [await clerk_with(**dict.fromkeys(codes[:count], "griffier")) for count in (2, 12)]
    asked = [await queries_of(one.get("/griffie/gemeenten")) for one in (few, many)]
    assert asked[1] - asked[0] == 10
