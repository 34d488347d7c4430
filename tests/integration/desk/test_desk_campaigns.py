"""A campaign at the desk: from a name to closed, by two people; what can not change once people answer."""

import re

import pytest
from sqlalchemy import select

from participation.campaigns import events, later, part_writing, parts, reviewing
from participation.campaigns.faults import CampaignFixed, ReviewerTheSame
from participation.database import EVERY_MUNICIPALITY
from participation.models import Campaign, CampaignEvent, CampaignPart, Statement
from tests.integration.campaign_maker import Ask, clerk_of, make
from tests.integration.desk.campaigns import TEXTS, begin, ready


async def rows(database, model):
    async with database.session(EVERY_MUNICIPALITY) as session:
        return (await session.scalars(select(model))).all()


@pytest.fixture
async def anna(clerk_with):
    return await clerk_with(GM0344="campagneleider")


@pytest.fixture
async def bram(clerk_with):
    return await clerk_with(GM0344="griffier")


async def test_a_campaign_goes_from_a_name_to_closed_by_two_people(anna, bram, database):
    where = await begin(anna)
    page = await anna.get(where)
    assert "ongeveer 1 minuut" in page.text
    no = await anna.send_form(where, "/insturen")
    assert (no.status_code, "niet van of voor een politieke partij" in no.text) == (422, True)
    assert (await anna.send_form(where, "/insturen", geen_partij="ja")).status_code == 303
    assert "Een collega kijkt de campagne na" in (await anna.get(where)).text
    assert (await bram.send_form(where, "/beoordelen", stap="terug")).status_code == 422
    assert (await bram.send_form(where, "/beoordelen", stap="terug", reden="Te moeilijk.")).status_code == 303
    assert "Te moeilijk." in (await anna.get(where)).text
    await anna.send_form(where, "/insturen", geen_partij="ja")
    assert (await bram.send_form(where, "/beoordelen", stap="goed")).status_code == 303
    for step in ("starten", "pauzeren", "hervatten"):
        assert (await anna.send_form(where, "/stap", stap=step)).status_code == 303
    assert (await anna.send_form(where, "/stap", stap="sluiten")).status_code == 422
    assert (await anna.send_form(where, "/stap", stap="sluiten", zeker="ja")).status_code == 303
    (campaign,) = [one for one in await rows(database, Campaign) if str(one.id) in where]
    done = [one.what for one in await rows(database, CampaignEvent) if one.campaign_id == campaign.id]
    assert (campaign.state, done) == (
        "gesloten",
        [
            "gemaakt",
            "insturen",
            "terugsturen",
            "insturen",
            "goedkeuren",
            "starten",
            "pauzeren",
            "hervatten",
            "sluiten",
        ],
    )


async def test_who_worked_on_it_can_not_agree(anna, bram, database):
    where = await begin(anna)
    await bram.send_form(f"{where}/teksten", "/teksten", **(TEXTS | {"phase": "Er ligt nog niets vast."}))
    await anna.send_form(where, "/insturen", geen_partij="ja")
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await bram.get(where)).text)[1]
    revision = re.search(r'name="versie" value="([^"]+)"', (await bram.get(f"{where}")).text)
    (campaign,) = [one for one in await rows(database, Campaign) if str(one.id) in where]
    refused = await bram.post(f"{where}/beoordelen", data={"csrf": csrf, "stap": "goed", "versie": campaign.revision})
    assert (refused.status_code, revision, "Vraag een collega om te kijken" in refused.text) == (422, None, True)


async def test_what_a_colleague_agreed_to_does_not_change_before_the_start(anna, bram, database):
    """Each of these is allowed once it runs: see below. Here the forms of the draft are sent late."""
    where = await ready(anna, bram)
    (campaign,) = [one for one in await rows(database, Campaign) if str(one.id) in where]
    (part,) = [one for one in await rows(database, CampaignPart) if one.campaign_id == campaign.id]
    first = next(one for one in await rows(database, Statement) if one.campaign_id == campaign.id)
    at = f"{where}/vragen/{part.id}"
    page = (await anna.get(where)).text
    fields = {"csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1], "versie": str(campaign.revision)}
    late = {
        f"{where}/stelling/{first.id}": {"tekst": f"{first.text[:-1]}!"},
        at: {"tekst": "Bent u het eens!"},
        f"{at}/stellingen": {"stellingen": "Er moeten meer bankjes komen."},
        f"{where}/verlengen": {"closes_at_dag": "2027-02-28"},
        f"{where}/verbeteren": {"veld": "title", "tekst": "Een autoluw hart"},
    }
    answers = [(await anna.post(address, data=fields | typed)).status_code for address, typed in late.items()]
    (kept,) = [one for one in await rows(database, Campaign) if one.id == campaign.id]
    assert (answers, kept.revision, kept.state) == ([422] * 5, campaign.revision, "klaar")
    assert "Maak er weer een concept van. Een collega kijkt dan opnieuw." in page


@pytest.mark.parametrize("did", ["stellingen", "verbeterd", "verlengen"])
async def test_who_changed_what_is_read_or_asked_can_not_agree(anna, database, now, did):
    """A colleague who did not can."""
    where = await begin(anna)
    await anna.send_form(where, "/insturen", geen_partij="ja")
    async with database.session(EVERY_MUNICIPALITY) as session:
        (campaign,) = [one for one in await session.scalars(select(Campaign)) if str(one.id) in where]
        worked, looks = await clerk_of(session, now=now), await clerk_of(session, now=now)
        await events.record(session, campaign, what=did, clerk=worked, now=now)
        with pytest.raises(ReviewerTheSame):
            await reviewing.approve(session, campaign, clerk=worked, now=now)
        await reviewing.approve(session, campaign, clerk=looks, now=now)
        assert campaign.state == "klaar"


async def test_once_it_runs_only_a_slip_of_the_pen_is_mended_and_it_is_shown(anna, bram, database):
    where = await ready(anna, bram)
    await anna.send_form(where, "/stap", stap="starten")
    (campaign,) = [one for one in await rows(database, Campaign) if str(one.id) in where]
    (part,) = [one for one in await rows(database, CampaignPart) if one.campaign_id == campaign.id]
    first = next(
        one for one in await rows(database, Statement) if one.campaign_id == campaign.id and "heeft 1 " in one.text
    )
    at = f"{where}/vragen/{part.id}"
    answers = [
        await anna.send_form(at, f"/stelling/{first.id}", tekst="Het centrum heeft 9 straten zonder auto's nodig."),
        await anna.send_form(at, f"/stelling/{first.id}", tekst="Het centrum heeft 1 straat zonder auto nodig."),
        await anna.send_form(at, f"/vragen/{part.id}", tekst="Bent u het niet eens?"),
        await anna.send_form(at, f"/vragen/{part.id}", tekst="Bent u het ermee eens?"),
        await anna.send_form(at, f"/vragen/{part.id}", tekst="Bent u het eens!"),
        await anna.send_form(at, "/stellingen", stellingen="Er moeten meer bankjes komen."),
        await anna.send_form(f"{where}/teksten", "/verlengen", closes_at_dag="2027-01-30"),
        await anna.send_form(f"{where}/teksten", "/verlengen", closes_at_dag="2027-02-28"),
        await anna.send_form(f"{where}/teksten", "/verbeteren", tekst="Een autoluw hart"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 303, 303, 422, 303, 303]
    kept = f'href="#stelling-{first.number}"', "Het centrum heeft 1 straat zonder auto nodig.</textarea>"
    assert [piece in answers[1].text for piece in kept] == [True, True]
    shown = (await anna.get(where)).text
    assert "Onderdeel 1: “Bent u het eens?” werd “Bent u het eens!”" in shown
    assert "“Er moeten meer bankjes komen.”" in shown
    assert "Naam: “Een autoluw centrum” werd “Een autoluw hart”" in shown
    csrf = re.search(r'name="csrf" value="([^"]+)"', shown)[1]
    gone = await anna.post(at, data={"csrf": csrf, "stap": "weg", "versie": campaign.revision + 9})
    assert gone.status_code == 422


async def test_slip_after_slip_does_not_make_another_question(database, now):
    """Each is compared with what the first people read, also of an option and a statement; back again can always."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        choice = Ask("keuze", "Wilt u een bos?", options=("Een berk", "Een eik"), rules={"most": 1, "words": False})
        votes = Ask("stellingen", "Eens?", rules={"own": False, "most": None}, statements=("Plant een bos.",))
        campaign = await make(session, choice, votes, now=now)
        by = {"clerk": await clerk_of(session, now=now), "now": now}
        part, other = await parts.of(session, campaign.id)
        (statement,) = (await part_writing.statements_by_part(session, campaign.id))[other.id]

        async def asked(text: str, *options: str) -> bool:
            try:
                await later.mend_part(session, campaign, part, text=text, options=list(options), **by)
            except CampaignFixed:
                return False
            return True

        async def stated(text: str) -> bool:
            try:
                await later.mend_statement(session, campaign, statement, text=text, **by)
            except CampaignFixed:
                return False
            return True

        told = [
            await asked("Wilt u een bar?", "Een berk", "Een eik"),
            await asked("Wilt u een barak?", "Een berk", "Een eik"),
            await asked("Wilt u een bar?", "Een berk", "Een els"),
            await asked("Wilt u een bar?", "Een berk", "Een elzen"),
            await asked("Wilt u een bos?", "Een berk", "Een eik"),
            await stated("Plant een bar."),
            await stated("Plant een barak."),
            await stated("Plant een bos."),
        ]
        assert told == [True, False, True, False, True, True, False, True]
        assert (part.text, [one["text"] for one in part.options]) == ("Wilt u een bos?", ["Een berk", "Een eik"])


async def test_parts_are_added_changed_moved_and_depend_on_earlier_answers(anna, database):
    made = await anna.send_form("/griffie/GM0344/campagnes", "/campagnes", naam="Speelplek")
    where = made.headers["location"]
    short = await anna.send_form(f"{where}/vragen/nieuw?soort=keuze", "/nieuw", tekst="Wat wilt u?", opties="Schommel")
    assert (short.status_code, "Dit aantal antwoorden kan niet" in short.text) == (422, True)
    await anna.send_form(f"{where}/vragen/nieuw?soort=keuze", "/nieuw", tekst="Wat wilt u?", opties="Schommel\nWip")
    (campaign,) = [one for one in await rows(database, Campaign) if str(one.id) in where]
    (choice,) = [one for one in await rows(database, CampaignPart) if one.campaign_id == campaign.id]
    wip = choice.options[1]["id"]
    added = await anna.send_form(
        f"{where}/vragen/nieuw?soort=open", "/nieuw", tekst="Waarom een wip?", voorwaarde=f"{choice.id}:{wip}"
    )
    assert added.status_code == 303
    assert "Alleen voor wie bij onderdeel 1 koos: “Wip”" in (await anna.get(f"{where}/vragen")).text
    at = f"{where}/vragen"
    answers = [
        await anna.send_form(at, f"/vragen/{choice.id}", stap="omlaag"),
        await anna.send_form(at, f"/vragen/{choice.id}", stap="weg"),
        await anna.send_form(f"{at}/{choice.id}", f"/vragen/{choice.id}", tekst="Wat wilt u?", opties="A\nB\nC"),
        await anna.send_form(f"{at}/{choice.id}", f"/vragen/{choice.id}", tekst="Wat wilt u?", opties="Glijbaan\nWip"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 303]
    (kept, _) = sorted(
        (one for one in await rows(database, CampaignPart) if one.campaign_id == campaign.id),
        key=lambda one: one.position,
    )
    assert kept.options == [choice.options[0] | {"text": "Glijbaan"}, choice.options[1]]


async def test_two_who_change_at_once_notice_and_lose_nothing(anna, bram):
    made = await anna.send_form("/griffie/GM0344/campagnes", "/campagnes", naam="Speelplek")
    where = made.headers["location"]
    old = (await bram.get(f"{where}/teksten")).text
    await anna.send_form(f"{where}/teksten", "/teksten", **TEXTS)
    late = await bram.send_form_of(old, "/teksten", **(TEXTS | {"why": "Wat Bram schreef."}))
    assert (late.status_code, "Een collega heeft de campagne" in late.text, "Wat Bram schreef." in late.text) == (
        422,
        True,
        True,
    )


async def test_another_municipality_finds_nothing(anna, clerk_with):
    where = await begin(anna)
    assert (await anna.get(where)).status_code == 200
    other = await clerk_with(GM0307="griffier")
    answers = [await other.get(where.replace("GM0344", "GM0307") + rest) for rest in ("", "/teksten", "/vragen")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Een autoluw" not in (await other.get("/griffie/GM0307/campagnes")).text


async def test_the_makers_get_a_link_to_try_it_in_the_chat_which_can_be_made_anew_until_it_starts(
    anna, bram, clerk_with
):
    raadslid = await clerk_with(GM0344="raadslid")
    where = await begin(anna)
    first = await made_anew(anna, where)
    again = await made_anew(bram, where)
    page = (await anna.get(where)).text
    assert (first != again, first in page, again in page, page.count("https://t.me/")) == (True, False, True, 0)
    picture = await anna.get(f"{where}/proef/web.svg")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert [(await anna.get(f"{where}/proef/{way}.svg")).status_code for way in ("telegram", "x")] == [404, 404]
    assert (again in (await raadslid.get(where)).text, (await raadslid.get(f"{where}/proef/web.svg")).status_code) == (
        False,
        404,
    )
    await anna.send_form(where, "/insturen", geen_partij="ja")
    approved = await bram.send_form(where, "/beoordelen", stap="goed")
    assert (approved.status_code, again in (await anna.get(where)).text) == (303, True)
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await anna.get(where)).text)[1]
    await anna.send_form(where, "/stap", stap="starten")
    late = await anna.post(f"{where}/proef", data={"csrf": csrf})
    assert "De campagne is al begonnen: u kunt nu echt meedoen." in (await anna.get(late.headers["location"])).text
    started = (await anna.get(where)).text
    assert ("proef." in started, "Doe de proef in de chat" in started) == (False, False)


async def made_anew(browser, where: str) -> str:
    """Press the button; returns the id in the link."""
    assert (await browser.send_form(where, "/proef")).status_code == 303
    (found,) = set(re.findall(r"/chat/GM0344\?campagne=proef\.([\w-]{22})", (await browser.get(where)).text))
    return found
