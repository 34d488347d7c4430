"""Other municipalities in a campaign, and the ways that lead residents to it."""

import re

import pytest
from sqlalchemy import select

from participation.campaigns import moderation, parts, states
from participation.database import EVERY_MUNICIPALITY
from participation.models import Campaign, DeepLink, Participant, Statement
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
    listed = "/griffie/GM0307/campagnes"
    assert "Uw gemeente is gevraagd om mee te doen." in (await carla.get(listed)).text
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
    form = (await anna.get(f"{where}/gemeenten")).text
    assert "Neem de vraag terug" not in form
    assert (await carla.send_form(f"{own}/gemeenten", "/antwoord", stap="nee")).status_code == 303
    assert await joined() == []
    kept = await anna.send_form_of(form, "/gemeenten", gemeente=AMERSFOORT, stap="weg")
    assert (kept.status_code, "deed mee en is gestopt" in kept.text, "Neem de vraag terug" in kept.text) == (
        422,
        True,
        False,
    )


async def test_a_municipality_that_never_took_part_can_be_taken_out_after_the_start(anna, bram, carla):
    """Also one that had agreed to a campaign that became a draft again."""
    where = await begin(anna)
    own = where.replace("GM0344", AMERSFOORT)
    await anna.send_form(f"{where}/gemeenten", "/gemeenten", gemeente=AMERSFOORT, stap="vraag")
    for step in ("terughalen", "starten"):
        await anna.send_form(where, "/insturen", geen_partij="ja")
        await bram.send_form(where, "/beoordelen", stap="goed")
        if step == "terughalen":
            await carla.send_form(f"{own}/gemeenten", "/antwoord", stap="ja")
        assert (await anna.send_form(where, "/stap", stap=step)).status_code == 303
    gone = await anna.send_form(f"{where}/gemeenten", "/gemeenten", gemeente=AMERSFOORT, stap="weg")
    assert (gone.status_code, (await carla.get(own)).status_code) == (303, 404)


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


async def test_a_place_where_few_came_takes_the_smallest_other_along(anna, bram, database, now):
    """Else the total, which is on the page of the outcome, tells of the few. Nor does the order of the places."""
    where = await ready(anna, bram)
    came = {None: (8, 6), "Markt": (3, 0), "School": (30, 20)}
    async with database.session(EVERY_MUNICIPALITY) as session:
        (campaign,) = [one for one in await session.scalars(select(Campaign)) if str(one.id) in where]
        for name, (started, finished) in came.items():
            for number in range(started):
                session.add(
                    Participant(
                        campaign_id=campaign.id,
                        municipality_code="GM0344",
                        channel="web",
                        place=name,
                        started_at=now,
                        last_at=now,
                        finished_at=now if number < finished else None,
                    )
                )
    page = (await anna.get(f"{where}/plekken")).text
    rows = re.findall(r'<th scope="row" dir="auto">(.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>', page)
    hidden = ("niet getoond", "niet getoond")
    assert rows == [("School", "0", "30", "20"), ("Zonder plek", "0", *hidden), ("Markt", "0", *hidden)]


async def test_what_participants_write_is_seen_by_others_once_somebody_agreed(anna, bram, carla, database, now):
    where = await ready(anna, bram)
    await anna.send_form(where, "/stap", stap="starten")
    texts = ("Meer bomen op het plein.", "Op het plein meer bomen!", "Zet Jan de Vries eruit.", "Nog niet gemaskeerd.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        (campaign,) = [one for one in await session.scalars(select(Campaign)) if str(one.id) in where]
        (part,) = await parts.of(session, campaign.id)
        written = [
            Statement(
                campaign_id=campaign.id,
                part_id=part.id,
                municipality_code="GM0344",
                number=number,
                text=text,
                masked_text=None if "Nog niet" in text else text.replace("Jan de Vries", "[naam]"),
                state="wacht",
                writer_code="GM0344",
                created_at=now,
            )
            for number, text in enumerate(texts, start=50)
        ]
        session.add_all(written)
    at = f"{where}/van-inwoners"
    page = (await anna.get(at)).text
    assert ("Zet [naam] eruit." in page, "Jan de Vries" in page, "Nog niet gemaskeerd" in page) == (True, False, False)
    assert "51. Op het plein meer bomen! (wacht ook)" in page
    answers = [
        await anna.send_form(at, f"/van-inwoners/{written[0].id}", stap="goed"),
        await anna.send_form(at, f"/van-inwoners/{written[1].id}", stap="weiger"),
        await anna.send_form(at, f"/van-inwoners/{written[1].id}", stap="weiger", reden="Dit staat er al."),
    ]
    assert [answer.status_code for answer in answers] == [303, 422, 303]
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = {one.number: one for one in await moderation.of_participants(session, campaign.id)}
        shown = [one.text for one in await parts.statements_of(session, part.id) if one.number >= 50]
    assert [(kept[number].state, kept[number].reason) for number in (50, 51, 52)] == [
        ("goed", None),
        ("afgewezen", "Dit staat er al."),
        ("wacht", None),
    ]
    assert shown == ["Meer bomen op het plein."]
    assert (await carla.get(at.replace("GM0344", AMERSFOORT))).status_code == 404
    form = (await anna.get(at)).text
    await anna.send_form(where, "/stap", stap="sluiten", zeker="ja")
    assert (await anna.send_form_of(form, f"/van-inwoners/{written[2].id}", stap="goed")).status_code == 422
    assert "Wat dan nog wacht, weigert de computer vanzelf." in (await anna.get(at)).text
