"""Other municipalities in a campaign, and the ways that lead residents to it."""

import pytest
from sqlalchemy import select

from participation.campaigns import states
from participation.database import EVERY_MUNICIPALITY
from participation.models import Campaign, DeepLink
from tests.integration.desk.campaigns import begin, ready

AMERSFOORT = "GM0307"


@pytest.fixture
async def anna(clerk_with):
    return await clerk_with(GM0344="campagneleider")


@pytest.fixture
async def bram(clerk_with):
    return await clerk_with(GM0344="griffier")


@pytest.fixture
async def carla(clerk_with):
    return await clerk_with(GM0307="campagneleider")


async def test_residents_of_another_municipality_are_asked_once_its_own_people_agree(anna, bram, carla, database, now):
    where = await begin(anna)
    own = where.replace("GM0344", AMERSFOORT)
    assert (await carla.get(own)).status_code == 404
    asked = await anna.send_form(f"{where}/gemeenten", "/gemeenten", gemeente=AMERSFOORT, stap="vraag")
    assert asked.status_code == 303
    assert "Een andere gemeente leidt deze campagne" in (await carla.get(own)).text
    assert "nog niet goedgekeurd" in (await carla.get(f"{own}/gemeenten")).text
    await anna.send_form(where, "/insturen", geen_partij="ja")
    await bram.send_form(where, "/beoordelen", stap="goed")
    assert (await carla.send_form(f"{own}/gemeenten", "/antwoord", stap="nee")).status_code == 303
    assert "wil niet meedoen" in (await anna.get(f"{where}/gemeenten")).text
    await anna.send_form(f"{where}/gemeenten", "/gemeenten", gemeente=AMERSFOORT, stap="vraag")
    await anna.send_form(where, "/stap", stap="starten")

    async def joined() -> list[str]:
        async with database.session(AMERSFOORT) as session:
            return [str(one.id) for one in await states.running(session, AMERSFOORT, now) if str(one.id) in where]

    assert await joined() == []
    assert (await carla.send_form(f"{own}/gemeenten", "/antwoord", stap="ja")).status_code == 303
    assert len(await joined()) == 1
    kept = await anna.send_form(f"{where}/gemeenten", "/gemeenten", gemeente=AMERSFOORT, stap="weg")
    assert (kept.status_code, len(await joined())) == (422, 1)
    page = (await carla.get(own)).text
    assert ("Start nu" in page, "Pauzeer" in page, "/stap" in page) == (False, False, False)
    assert (await carla.send_form(f"{own}/gemeenten", "/antwoord", stap="nee")).status_code == 303
    assert await joined() == []


async def test_each_place_has_its_own_link_code_and_poster(anna, bram, carla, database):
    where = await ready(anna, bram)
    at = f"{where}/plekken"
    assert (await anna.send_form(at, "/plekken", plek=" ")).status_code == 422
    for name in ("Bibliotheek", "bibliotheek", "Markt"):
        assert (await anna.send_form(at, "/plekken", plek=name)).status_code == 303
    async with database.session(EVERY_MUNICIPALITY) as session:
        (campaign,) = [one for one in await session.scalars(select(Campaign)) if str(one.id) in where]
        made = (await session.scalars(select(DeepLink).where(DeepLink.campaign == campaign.public_id))).all()
    assert sorted(link.place for link in made) == ["Bibliotheek", "Markt"]
    page = (await anna.get(at)).text
    assert f"https://samenspel.example/c/{campaign.public_id}?plek={made[0].id}" in page
    assert f'data-campagne="{campaign.public_id}"' in page.replace("&#34;", '"')
    kinds = {"qr.svg": b"<svg", "qr.png": b"\x89PNG", "poster.pdf": b"%PDF"}
    for name, begins in kinds.items():
        for which in (made[0].id, "overal"):
            file = await anna.get(f"{at}/{which}/{name}")
            assert (file.status_code, file.content[: len(begins)]) == (200, begins)
    assert (await anna.get(f"{at}/verzonnen/poster.pdf")).status_code == 404
    assert (await anna.get(f"{at}/overal/qr.gif")).status_code == 404
    assert (await carla.get(f"{at.replace('GM0344', AMERSFOORT)}/{made[0].id}/qr.svg")).status_code == 404
