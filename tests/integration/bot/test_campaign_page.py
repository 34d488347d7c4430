"""The page of a campaign, the trial before it starts, and the link of a place that is kept with the conversation."""

import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import func, select

from bot.gateway import Gateway
from bot.web import campaign_page
from participation.campaigns import later, links, parts, reach, trying
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    CampaignAnswer,
    CampaignReach,
    Conversation,
    DeepLink,
    MunicipalitySetting,
    Participant,
    Vote,
)
from participation.municipality_choices import TELEGRAM
from participation.settings import Settings
from tests.integration.bot.conftest import UTRECHT
from tests.integration.campaign_maker import Ask, clerk_of, make
from web.app import create_app

AMERSFOORT = "GM0307"
CHOICE = Ask("keuze", "Wat wilt u?", options=("Schommel", "Wip"), rules={"most": 1, "words": False})
WHY = Ask("open", "Waarom een wip?", rules={"most_characters": 500}, condition=(0, ("Wip",)))
VOTES = Ask("stellingen", "Eens?", rules={"own": False, "most": None}, statements=("Er is te weinig groen.",))


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://samenspel.example"
    ) as client:
        yield client
    await app.state.rasa.close()
    await app.state.database.close()


async def test_the_page_says_what_it_is_about_and_leads_into_the_chat_with_the_place(
    http: httpx.AsyncClient, database: Database, gateway: Gateway, now
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, CHOICE, now=now, closes_at=None)
        link = await links.add(session, campaign, municipality_code=UTRECHT, place="Bibliotheek", now=now)
    page = await http.get(f"/c/{campaign.public_id}", params={"plek": link.id})
    for told in (campaign.title, campaign.intro, campaign.why, campaign.phase, campaign.decides):
        assert told in unescape(page.text)
    assert "Hoeveel mensen deden mee?" not in page.text
    assert ("<script" in page.text, "set-cookie" in page.headers) == (False, False)
    (door,) = re.findall(r'class="door" href="([^"]+)"', page.text)
    assert door == f"/chat/{UTRECHT}?campagne={campaign.public_id}.{link.id}"
    opened = await gateway.visits.open(
        channel="web", municipality_code=UTRECHT, campaign=door.partition("campagne=")[2]
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await session.get_one(Conversation, opened.conversation_id)
        assert (conversation.campaign, conversation.place) == (campaign.public_id, "Bibliotheek")
        found = await reach.by_place(session, campaign_id=campaign.id, municipality_code=UTRECHT)
    assert found == [reach.Reach("Bibliotheek", 1, 0, 0)]


async def test_where_the_municipality_is_on_telegram_the_page_leads_there_too(
    http: httpx.AsyncClient, database: Database, settings: Settings, now, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = settings.model_copy(update={"telegram_name": "utrecht_bot"})
    monkeypatch.setattr(campaign_page, "settings", lambda: named)
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, CHOICE, now=now, codes=(UTRECHT, AMERSFOORT), closes_at=None)
        market = await links.add(session, campaign, municipality_code=UTRECHT, place="Markt", now=now)
        by = {"changed_by": campaign.made_by, "changed_at": now}
        session.add(MunicipalitySetting(municipality_code=UTRECHT, name=TELEGRAM, value=True, **by))

    async def doors(**place: str) -> list[str]:
        page = (await http.get(f"/c/{campaign.public_id}", params=place)).text
        return re.findall(r'href="https://t.me/utrecht_bot\?start=([\w-]+)"', page)

    (own,) = await doors()
    assert (await doors(), await doors(plek=market.id)) == ([own], [market.id])
    async with database.session(UTRECHT) as session:
        link = await session.get_one(DeepLink, own)
        assert (link.campaign, link.place) == (campaign.public_id, None)
        listed = await links.of(session, campaign, municipality_code=UTRECHT)
        assert [one.id for one in listed] == [market.id]


async def test_a_draft_has_no_page_and_an_ended_one_takes_nobody(http: httpx.AsyncClient, database: Database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        draft = await make(session, CHOICE, now=now, state="klaar")
        ended = await make(session, CHOICE, now=now, state="gesloten", closed_at=now)
    answers = [await http.get(f"/c/{one}") for one in (draft.public_id, "verzonnen", "%00", ended.public_id)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 200]
    assert ("Meedoen kan niet meer." in answers[-1].text, 'class="door"' in answers[-1].text) == (True, False)


async def test_a_region_shows_a_door_for_each_municipality_that_agreed(http: httpx.AsyncClient, database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, CHOICE, now=now, codes=(UTRECHT, AMERSFOORT), closes_at=None)
        elsewhere = await links.add(session, campaign, municipality_code=UTRECHT, place="Markt", now=now)
        other = await make(session, CHOICE, now=now, codes=(AMERSFOORT,), closes_at=None)
    page = (await http.get(f"/c/{campaign.public_id}")).text
    assert re.findall(r'class="door" href="/chat/(\w+)', page) == [AMERSFOORT, UTRECHT]
    wrong = (await http.get(f"/c/{other.public_id}", params={"plek": elsewhere.id})).text
    assert re.findall(r'class="door" href="([^"]+)"', wrong) == [f"/chat/{AMERSFOORT}?campagne={other.public_id}"]


async def test_how_many_answered_is_told_from_ten_on(http: httpx.AsyncClient, database: Database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, CHOICE, now=now, closes_at=None)

        [part] = await parts.of(session, campaign.id)
        home = {"campaign_id": campaign.id, "municipality_code": UTRECHT}
        people = [
            Participant(id=uuid.uuid4(), channel="web", wants_outcome=False, started_at=now, last_at=now, **home)
            for _ in range(11)
        ]
        session.add_all(people)  # of whom the last one only began

    async def answers(*who: Participant) -> None:
        value = {"options": ["o1"]}
        async with database.session(EVERY_MUNICIPALITY) as session:
            for one in who:
                kept = {"value": value, "may_quote": False, "answered_at": now, **home}
                session.add(CampaignAnswer(participant_id=one.id, part_id=part.id, **kept))

    await answers(*people[:9])
    assert "deden mee?" not in (await http.get(f"/c/{campaign.public_id}")).text
    await answers(people[9])
    assert "<dd>10</dd>" in (await http.get(f"/c/{campaign.public_id}")).text


async def test_a_draft_can_be_gone_through_without_a_trace(http: httpx.AsyncClient, database, settings, now) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await make(session, CHOICE, WHY, VOTES, now=now, state="concept")
    where = f"/c/proef/{trying.token_of(campaign, secret_key=settings.secret_key, now=datetime.now(UTC))}"
    kept = (Participant, Vote, CampaignAnswer, CampaignReach)

    async def rows() -> list[int | None]:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return [await session.scalar(select(func.count()).select_from(model)) for model in kept]

    before = await rows()
    page = (await http.get(where)).text

    async def answer(html: str, value: str) -> str:
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
        assert '<form method="post"' in html  # what is typed stands in no address
        form: dict[str, list[str]] = {"keus": [value]}
        for name, kept_there in hidden:
            form.setdefault(name, []).append(unescape(kept_there))
        return (await http.post(where, data=form)).text

    assert ("Wat wilt u?" in page, "Schommel" in page) == (True, True)
    assert (await http.get(where, params={"a": "x:o2", "nu": "x", "keus": "Mijn woorden"})).text == page
    page = await answer(page, "o2")
    assert "Waarom een wip?" in page
    page = await answer(page, "Dat is leuk")
    assert ("Er is te weinig groen." in page, "Dat is leuk" in page, ">Eens</button>" in page) == (True, True, True)
    page = await answer(page, "1")
    assert campaign.thanks in page
    other_way = await answer((await http.get(where)).text, "o1")
    assert ("Waarom een wip?" in other_way, "Er is te weinig groen." in other_way) == (False, True)
    assert await rows() == before
    async with database.session(EVERY_MUNICIPALITY) as session:
        (await session.merge(campaign)).revision += 1
    assert [(await http.get(one)).status_code for one in (where, "/c/proef/verzonnen")] == [404, 404]


async def test_what_was_changed_after_the_start_can_be_read_by_all_but_not_by_whom(http, database, now) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=now)
        campaign = await make(session, CHOICE, now=now, closes_at=now + timedelta(days=9))
        by = {"clerk": clerk, "now": now}
        await later.mend_around(session, campaign, field="phase", text="Veel kan nog.", **by)
        await later.mend_around(session, campaign, field="official", text="Team Bram", **by)
        await later.extend(session, campaign, closes_at=now + timedelta(days=400), **by)
    page = unescape((await http.get(f"/c/{campaign.public_id}")).text)
    assert "“Alles kan nog.” werd “Veel kan nog.”." in page
    assert "de peiling sluit later dan eerst was gezegd" in page
    assert ("Team Bram" in page, clerk.name in page) == (False, False)
