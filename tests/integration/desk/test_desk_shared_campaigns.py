"""Campaigns in the shared library: offered by one municipality, looked at, taken over as a draft by another."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import ProgrammingError

from participation.campaigns import part_writing, parts, templates
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.themes import themes
from participation.models import Campaign, Offer, OfferUse, OfferVersion
from participation.services import municipality_settings
from tests.integration.campaign_maker import Ask, clerk_of, make
from tests.integration.conftest import empty_log
from tests.integration.desk.test_desk_library import text_of

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
TITLE = "Minder auto's in Utrecht"
STATEMENTS = [f"Het centrum heeft {number} straten zonder auto's nodig." for number in range(1, 8)]
OFFICIAL, DECIDES, HOLDER = "Anna de Vries", "De raad van Utrecht, op 12 maart", "Wethouder Pietersen"
PARTS = (
    Ask("keuze", "Waar woont u?", ("Overvecht", "Ergens anders"), {"most": 1, "words": False}),
    Ask("stellingen", "Bent u het eens?", rules={"own": True, "most": None}, statements=STATEMENTS),
    Ask("dilemma", "Wat kiest u?", ("Rust", "Ruimte"), {"words": False}, condition=(0, ("Overvecht",))),
    Ask("plaats", "Welke straat eerst?", ("Overvecht",), {"words": False}),
)


def library_of(code):
    return f"/griffie/{code}/bibliotheek"


def campaigns_of(code, campaign_id=""):
    return f"/griffie/{code}/campagnes{'/' if campaign_id else ''}{campaign_id}"


@pytest.fixture(autouse=True)
async def _no_offers_left(database_url):
    yield
    owner = Database(database_url)  # versions are out of reach of the application
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("UPDATE campaign SET offer_id = NULL, offer_number = NULL"))
        for table in (OfferUse, OfferVersion, Offer):
            await session.execute(delete(table))
        await empty_log(session)
    await owner.close()


@pytest.fixture
async def ours(clerk_with):
    return await clerk_with(**{UTRECHT: "campagneleider"})


@pytest.fixture
async def theirs(clerk_with):
    return await clerk_with(**{AMERSFOORT: "campagneleider"})


@pytest.fixture
async def campaign(database, now):
    """A campaign of Utrecht that runs, with everything in it that is nobody else's business."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=now)
        await municipality_settings.set_areas(
            session, municipality_code=UTRECHT, areas={"Overvecht": ()}, clerk=clerk, now=now
        )
        return await make(
            session,
            *PARTS,
            now=now,
            clerk=clerk,
            title=TITLE,
            theme="verkeer",
            why="De raad van Utrecht kiest op 12 maart.",
            official=OFFICIAL,
            decides=DECIDES,
            portfolio_holder=HOLDER,
        )


def after(response):
    """Where a form led to, without what is told there."""
    assert response.status_code == 303, text_of(response)
    return response.headers["location"].partition("?")[0]


async def offer(browser, campaign, **fields):
    """Offer it; returns the id of the offer."""
    where = f"{campaigns_of(UTRECHT, campaign.id)}/aanbieden"
    return after(await browser.send_form(where, "/aanbieden", **fields)).rpartition("/")[2]


async def taken_over(browser, offer_id):
    """Take it over; returns the id of the campaign that came of it."""
    sent = await browser.send_form(f"{library_of(AMERSFOORT)}/{offer_id}", "/campagne-overnemen")
    return after(sent).rpartition("/")[2]


async def withdraw(browser, offer_id, **fields):
    return await browser.send_form(f"{library_of(UTRECHT)}/{offer_id}", "/campagne-intrekken", **fields)


async def test_what_no_longer_fits_what_a_campaign_may_be_is_listed_and_can_not_be_taken_over(
    ours, theirs, campaign, database_url
):
    offer_id = await offer(ours, campaign)
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            text("UPDATE offer_version SET setup = jsonb_set(setup, '{parts,0,options,1}', '\"[wijk]\"')")
        )
    await owner.close()
    listed = text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=campagne&zoek=straten"))
    assert "4 onderdelen Nog niet gebruikt" in listed
    page = await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert "Deze campagne past niet meer in wat nu mag. U kunt haar niet overnemen." in text_of(page)
    assert "campagne-overnemen" not in page.text


async def test_a_set_up_is_offered_found_looked_at_and_taken_over_as_a_draft(ours, theirs, campaign, database):
    assert "Aanbieden aan andere gemeenten" in text_of(await ours.get(campaigns_of(UTRECHT, campaign.id)))
    offer_id = await offer(ours, campaign)
    listed = text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=campagne&zoek=straten"))
    assert "Minder auto's in [gemeente] De raad van [gemeente] kiest op [datum]. Van Utrecht" in listed
    assert f"Van Utrecht Versie 1 {themes()['verkeer'].name} 4 onderdelen Ongeveer 2 minuten" in listed
    item = text_of(await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}"))
    for shown in (*STATEMENTS, "Alleen voor wie bij onderdeel 1 koos: “[wijk]”.", "[wijk] Ergens anders"):
        assert shown in item
    own = await taken_over(theirs, offer_id)
    page = text_of(await theirs.get(campaigns_of(AMERSFOORT, own)))
    assert "Overgenomen van Utrecht, versie 1." in page
    assert "Vul in wat nog tussen [haken] staat." in page
    async with database.session(AMERSFOORT) as session:
        made = await session.get_one(Campaign, uuid.UUID(own))
        asked = await parts.of(session, made.id)
        statements = await part_writing.statements_by_part(session, made.id)
    assert (made.state, made.municipality_code, made.theme) == ("concept", AMERSFOORT, "verkeer")
    assert (str(made.offer_id), made.offer_number) == (offer_id, 1)
    assert (made.official, made.decides, made.portfolio_holder, made.opens_at, made.closes_at) == (
        *("", "", ""),
        *(None, None),
    )
    assert [(part.kind, part.text, [option["text"] for option in part.options]) for part in asked] == [
        ("keuze", "Waar woont u?", ["[wijk]", "Ergens anders"]),
        ("stellingen", "Bent u het eens?", []),
        ("dilemma", "Wat kiest u?", ["Rust", "Ruimte"]),
        ("plaats", "Welke straat eerst?", []),
    ]
    assert asked[2].condition == {"part": str(asked[0].id), "options": [asked[0].options[0]["id"]]}
    assert [one.text for one in statements[asked[1].id]] == STATEMENTS


async def test_the_library_holds_nothing_of_people_places_or_moments(ours, campaign, database):
    await offer(ours, campaign)
    async with database.session(AMERSFOORT) as session:
        kept = await session.scalar(text("SELECT row_to_json(offer_version)::text FROM offer_version"))
    assert "straten zonder auto" in kept
    for private in (OFFICIAL, "Pietersen", "Utrecht", "12 maart", "Overvecht", str(campaign.id), campaign.public_id):
        assert private not in kept


async def test_a_second_person_of_the_own_municipality_still_has_to_agree(
    ours, theirs, clerk_with, campaign, database, now
):
    own = await taken_over(theirs, await offer(ours, campaign))
    where = campaigns_of(AMERSFOORT, own)
    refused = await theirs.send_form(where, "/insturen", geen_partij="ja")
    assert (refused.status_code, "tussen [haken]" in text_of(refused)) == (422, True)
    async with database.session(AMERSFOORT) as session:
        made = await session.get_one(Campaign, uuid.UUID(own))
        made.title, made.why = TITLE.replace("Utrecht", "Amersfoort"), "De raad kiest in mei."
        made.official, made.decides, made.portfolio_holder = "Team Verkeer", "De raad", "De wethouder"
        made.closes_at = now + timedelta(days=20)
        first = (await parts.of(session, made.id))[0]
        first.options = [
            option | {"text": option["text"].replace("[wijk]", "Soesterkwartier")} for option in first.options
        ]
    assert (await theirs.send_form(where, "/insturen", geen_partij="ja")).status_code == 303
    assert "U kunt dat niet zelf doen" in text_of(await theirs.get(where))
    colleague = await clerk_with(**{AMERSFOORT: "griffier"})
    assert (await colleague.send_form(where, "/beoordelen", stap="goed")).status_code == 303
    assert "Overgenomen van Utrecht, versie 1." in text_of(await colleague.get(where))


async def test_the_same_form_twice_makes_one_draft_and_another_form_another(ours, theirs, campaign, database):
    offer_id = await offer(ours, campaign)
    page = (await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")).text
    fields = dict(re.findall(r'name="(csrf|kenmerk|verzending)" value="([^"]+)"', page))
    where = f"{library_of(AMERSFOORT)}/{offer_id}/campagne-overnemen"
    first, again = [after(await theirs.post(where, data=fields)) for _ in range(2)]
    assert first == again
    other = await taken_over(theirs, offer_id)
    assert other not in first
    page = await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert page.text.count(f'href="{campaigns_of(AMERSFOORT)}/') == 2
    stale = await theirs.post(where, data=fields | {"kenmerk": "anders", "verzending": str(uuid.uuid4())})
    assert (stale.status_code, "is intussen veranderd" in text_of(stale)) == (422, True)


async def test_only_what_residents_were_asked_is_offered_and_only_by_who_leads_it(ours, theirs, database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        draft = await make(session, *PARTS, now=now, state="concept", started_at=None)
        regional = await make(session, *PARTS, now=now, codes=(UTRECHT, AMERSFOORT))
    assert (await ours.get(f"{campaigns_of(UTRECHT, draft.id)}/aanbieden")).status_code == 404
    assert "Aanbieden aan andere" not in text_of(await ours.get(campaigns_of(UTRECHT, draft.id)))
    assert (await theirs.get(campaigns_of(AMERSFOORT, regional.id))).status_code == 200
    assert (await theirs.get(f"{campaigns_of(AMERSFOORT, regional.id)}/aanbieden")).status_code == 404
    assert (await ours.get(f"{campaigns_of(UTRECHT, regional.id)}/aanbieden")).status_code == 200


async def test_withdrawing_hides_it_and_what_was_taken_stays(ours, theirs, campaign):
    offer_id = await offer(ours, campaign)
    own = await taken_over(theirs, offer_id)
    unsure = await withdraw(ours, offer_id)
    assert (unsure.status_code, "Zet eerst een vinkje" in text_of(unsure)) == (422, True)
    await withdraw(ours, offer_id, zeker="ja")
    assert "Minder auto's in [" not in text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=campagne"))
    page = text_of(await theirs.get(campaigns_of(AMERSFOORT, own)))
    assert ("Utrecht trok deze campagne in." in page, "Uw campagne blijft staan." in page) == (True, True)
    gone = await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert (gone.status_code, f'href="{campaigns_of(AMERSFOORT, own)}"' in gone.text) == (200, True)
    after(await theirs.send_form(f"{library_of(AMERSFOORT)}/{offer_id}", "/campagne-loslaten"))
    assert "Utrecht trok" not in text_of(await theirs.get(campaigns_of(AMERSFOORT, own)))
    assert (await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")).status_code == 404
    assert await offer(ours, campaign) == offer_id


async def test_one_that_has_started_hears_no_news_and_another_is_let_go_without_it(ours, theirs, campaign, database):
    offer_id = await offer(ours, campaign)
    started, draft = [await taken_over(theirs, offer_id) for _ in range(2)]
    async with database.session(AMERSFOORT) as session:
        (await session.get_one(Campaign, uuid.UUID(started))).state = "klaar"
    await theirs.send_form(campaigns_of(AMERSFOORT, started), "/stap", stap="starten")
    await withdraw(ours, offer_id, zeker="ja")
    news = "1 overgenomen campagne is ingetrokken door de gemeente die haar aanbood."
    assert news in text_of(await theirs.get(campaigns_of(AMERSFOORT)))
    pages = [text_of(await theirs.get(campaigns_of(AMERSFOORT, one))) for one in (started, draft)]
    assert ["Utrecht trok deze campagne in." in page for page in pages] == [False, True]
    await theirs.send_form(f"{library_of(AMERSFOORT)}/{offer_id}", "/campagne-loslaten", campagne=draft)
    assert "ingetrokken" not in text_of(await theirs.get(campaigns_of(AMERSFOORT)))
    async with database.session(AMERSFOORT) as session:
        links = [(await session.get_one(Campaign, uuid.UUID(one))).offer_id for one in (started, draft)]
        used = (await session.scalars(select(OfferUse.municipality_code))).all()
    assert (links, used) == ([uuid.UUID(offer_id), None], [AMERSFOORT])


async def test_a_change_is_offered_again_as_the_next_version(ours, theirs, campaign, database):
    offer_id = await offer(ours, campaign)
    own = await taken_over(theirs, offer_id)
    same = await ours.get(f"{campaigns_of(UTRECHT, campaign.id)}/aanbieden")
    assert "Deze campagne staat in de bibliotheek." in text_of(same)
    async with database.session(UTRECHT) as session:
        (await session.get_one(Campaign, campaign.id)).intro = "Wat vindt u van minder auto's?"
    assert "Uw campagne is veranderd" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))
    assert await offer(ours, campaign) == offer_id
    assert "Er is een nieuwere versie." in text_of(await theirs.get(campaigns_of(AMERSFOORT, own)))
    async with database.session(AMERSFOORT) as session:
        assert (await session.get_one(Campaign, uuid.UUID(own))).offer_number == 1


async def test_it_counts_as_used_once_residents_are_asked(ours, theirs, campaign, database, now):
    offer_id = await offer(ours, campaign)
    own = await taken_over(theirs, offer_id)
    assert "Nog geen andere gemeente" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))
    async with database.session(AMERSFOORT) as session:
        (await session.get_one(Campaign, uuid.UUID(own))).state = "klaar"
    assert (await theirs.send_form(campaigns_of(AMERSFOORT, own), "/stap", stap="starten")).status_code == 303
    assert "Amersfoort, versie 1" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))


async def test_data_of_persons_is_not_offered_before_somebody_looked(ours, campaign, database):
    async with database.session(UTRECHT) as session:
        (await session.get_one(Campaign, campaign.id)).thanks = "Bel mevrouw Jansen op 06-24681357."
    where = f"{campaigns_of(UTRECHT, campaign.id)}/aanbieden"
    refused = await ours.send_form(where, "/aanbieden")
    assert (refused.status_code, "Kijk ze na en zet een vinkje" in text_of(refused)) == (422, True)
    assert await offer(ours, campaign, nagekeken="ja")


async def test_templates_stand_in_the_same_list_and_make_a_draft(theirs, database):
    listed = await theirs.get(f"{library_of(AMERSFOORT)}?lijst=campagne")
    every = templates.usual()
    assert f"{len(every)} campagnes" in text_of(listed)
    assert all(f"{library_of(AMERSFOORT)}/sjabloon/{key}" in listed.text for key in every)
    assert "1 campagne gevonden" in text_of(await theirs.get(f"{library_of(AMERSFOORT)}?lijst=campagne&zoek=speelplek"))
    beyond = await theirs.get(f"{library_of(AMERSFOORT)}?lijst=campagne&pagina=9")
    assert (beyond.status_code, f"{len(every)} campagnes" in text_of(beyond)) == (200, True)
    where = f"{library_of(AMERSFOORT)}/sjabloon/speelplek"
    assert every["speelplek"].parts[0].typed.text in text_of(await theirs.get(where))
    own = after(await theirs.send_form(where, "/campagnes"))
    async with database.session(AMERSFOORT) as session:
        made = await session.get_one(Campaign, uuid.UUID(own.rpartition("/")[2]))
    assert (made.title, made.offer_id) == (every["speelplek"].texts.title, None)
    assert (await theirs.get(f"{library_of(AMERSFOORT)}/sjabloon/niets")).status_code == 404


async def test_who_makes_no_campaigns_reads_only_and_texts_have_their_own_forms(ours, campaign, clerk_with, database):
    offer_id = await offer(ours, campaign)
    medewerker = await clerk_with(**{AMERSFOORT: "medewerker"})
    page = await medewerker.get(f"{library_of(AMERSFOORT)}/{offer_id}")
    assert ("campagne-overnemen" in page.text, "Met uw rol kunt u deze campagne lezen." in text_of(page)) == (
        False,
        True,
    )
    token = (await medewerker.get("/griffie/account")).text.partition('name="csrf" value="')[2].partition('"')[0]
    sent = [
        (await medewerker.post(f"{library_of(AMERSFOORT)}/{offer_id}/{form}", data={"csrf": token})).status_code
        for form in ("campagne-overnemen", "campagne-intrekken", "campagne-loslaten", "overnemen", "intrekken")
    ]
    assert sent == [403, 403, 403, 404, 404]
    member = await clerk_with(**{UTRECHT: "raadslid"})
    assert (await member.get(f"{campaigns_of(UTRECHT, campaign.id)}/aanbieden")).status_code == 404
    async with database.session(AMERSFOORT) as session:
        assert (await session.scalars(select(Campaign).where(Campaign.offer_id.is_not(None)))).all() == []


async def test_nobody_withdraws_or_rewrites_the_offer_of_another_municipality(ours, theirs, campaign, database):
    offer_id = await offer(ours, campaign)
    token = (await theirs.get("/griffie/account")).text.partition('name="csrf" value="')[2].partition('"')[0]
    where = f"{library_of(AMERSFOORT)}/{offer_id}/campagne-intrekken"
    assert (await theirs.post(where, data={"csrf": token, "zeker": "ja"})).status_code == 404
    assert (await theirs.get(f"{campaigns_of(AMERSFOORT, campaign.id)}/aanbieden")).status_code == 404
    async with database.session(AMERSFOORT) as session:
        changed = await session.execute(text(f"UPDATE offer SET withdrawn_at = now() WHERE id = '{offer_id}'"))  # noqa: S608
        assert changed.rowcount == 0
    for statement in (
        "UPDATE offer_version SET setup = '{}'",
        "DELETE FROM offer_version",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.session(UTRECHT) as session:
                await session.execute(text(statement))
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.session(AMERSFOORT) as session:
            await session.execute(
                text(
                    "INSERT INTO offer (id, municipality_code, kind, subject, newest, offered_at) "
                    "VALUES (gen_random_uuid(), 'GM0344', 'campagne', 'x', 1, now())"
                )
            )
    async with database.session(AMERSFOORT) as session:
        assert (await session.get_one(Offer, uuid.UUID(offer_id))).withdrawn_at is None
