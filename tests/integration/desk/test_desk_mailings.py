"""Messages to residents at the desk: written, counted, sent, and shown with what became of them."""

import html
import re
import uuid

import pytest

from bench.campaign.subscribers import subscribe
from participation.campaigns import sending, sending_jobs
from participation.database import EVERY_MUNICIPALITY
from participation.models import Campaign, CampaignMunicipality, Mailing, MunicipalitySetting, Participant
from participation.municipality_choices import AREAS
from participation.settings import Settings
from tests.integration.campaign_maker import Ask, make

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
SETTINGS = Settings(demo=True, campaign_quiet_from=24, campaign_quiet_until=0, campaign_sundays=True)


@pytest.fixture
async def griffier(clerk_with):
    return await clerk_with(**{UTRECHT: "griffier"})


def read(answer):
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def campaign_of(database, now, *codes, **changes):
    asked = Ask("stellingen", statements=("Meer bomen.",))
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await make(session, asked, now=now, codes=codes or (UTRECHT,), **changes)


async def written(browser, campaign, **fields):
    page = f"/griffie/{UTRECHT}/campagnes/{campaign.id}/berichten"
    typed = {"soort": "uitnodiging", "wie": "berichten", "tekst": "Wat vindt u van het centrum?"} | fields
    return await follow(browser, await browser.send_form(page, "/berichten", **typed))


async def follow(browser, answer):
    """The page that a form leads to."""
    return await browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


async def test_a_message_is_counted_sent_and_followed(griffier, database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        await subscribe(session, key="sleutel", now=now, code=UTRECHT, web=2)
    campaign = await campaign_of(database, now)
    page = await written(griffier, campaign)
    assert "De mensen die dit bericht krijgen, worden geteld." in read(page)
    await sending_jobs.go_on(database, SETTINGS, now=now)
    page = await griffier.get(page.url.path)
    told = read(page)
    assert "2 mensen krijgen dit bericht." in told
    assert "Let op: dit is een kleine groep." in told
    assert "Een autoluw centrum Wat vindt u van het centrum?" in told
    sent = await griffier.send_form_of(page.text, page.url.path.rpartition("/")[2], stap="starten")
    page = await follow(griffier, sent)
    assert "Het versturen begint binnen tien tellen." in read(page)
    await sending_jobs.go_on(database, SETTINGS, now=now)
    assert "2 van 2 verstuurd" in read(await griffier.get(page.url.path))


async def test_an_empty_message_is_not_kept_and_is_explained(griffier, database, now):
    campaign = await campaign_of(database, now)
    page = await written(griffier, campaign, tekst="  ")
    assert "Wie eerder meedeed, weten wij tot 28 dagen na het einde van die peiling." in read(page)
    assert (page.status_code, "Typ een tekst van hooguit 1500 tekens." in read(page)) == (422, True)


async def counted(database, griffier, page, now):
    """The number on the page of a message, after the worker counted."""
    await sending_jobs.go_on(database, SETTINGS, now=now)
    told = read(await griffier.get(page.url.path))
    return int(re.search(r"(\d+) (?:mensen krijgen|persoon krijgt) dit bericht", told)[1])


async def test_a_message_is_counted_again_when_another_municipality_agrees(griffier, database, now):
    campaign = await campaign_of(database, now, UTRECHT, AMERSFOORT)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await subscribe(session, key="sleutel", now=now, code=AMERSFOORT, web=30)
        member = await session.get_one(CampaignMunicipality, (campaign.id, AMERSFOORT))
        member.agreed_at = None
    page = await written(griffier, campaign)
    before = await counted(database, griffier, page, now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        member = await session.get_one(CampaignMunicipality, (campaign.id, AMERSFOORT))
        member.agreed_at = now
    assert "worden geteld" in read(await griffier.get(page.url.path))
    assert await counted(database, griffier, page, now) == before + 30


async def test_another_municipality_does_not_see_the_messages(griffier, database, now):
    campaign = await campaign_of(database, now, AMERSFOORT)
    where = f"/griffie/{UTRECHT}/campagnes/{campaign.id}/berichten"
    assert (await griffier.get(where)).status_code == 404
    campaign = await campaign_of(database, now, AMERSFOORT, UTRECHT)
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await session.get_one(type(campaign), campaign.id)
        mailing = Mailing(
            id=uuid.uuid4(),
            campaign_id=campaign.id,
            municipality_code=AMERSFOORT,
            kind="bericht",
            text="Tussenstand.",
            audience={"who": "uitkomst"},
            state="concept",
            made_by=clerk.made_by,
            made_at=now,
        )
        session.add(mailing)
    where = f"/griffie/{UTRECHT}/campagnes/{campaign.id}/berichten"
    assert "De gemeente die de campagne leidt, verstuurt de berichten." in read(await griffier.get(where))
    assert (await griffier.get(f"{where}/{mailing.id}")).status_code == 404


async def test_the_form_chooses_earlier_participants_a_theme_and_areas_by_any_of_their_names(griffier, database, now):
    campaign = await campaign_of(database, now)
    async with database.session(UTRECHT) as session:
        by = {"changed_by": campaign.made_by, "changed_at": now}
        areas = [["Leidsche Rijn", ["LR"]]]
        session.add(MunicipalitySetting(municipality_code=UTRECHT, name=AREAS, value=areas, **by))
    earlier = "Voor: Wie zulke berichten wil en eerder aan een andere peiling meedeed."
    page = await written(griffier, campaign, wie="eerder", thema="groen", gebieden="lr, oost")
    assert f"{earlier} Alleen uit: Leidsche Rijn, oost." in read(page)
    page = await written(griffier, campaign, wie="eerder", thema="groen")
    assert f"{earlier} Thema: Groen, natuur en dieren" in read(page)


async def test_invitations_of_a_campaign_that_is_paused_say_that_they_wait(griffier, database, now):
    campaign = await campaign_of(database, now)
    page = await written(griffier, campaign)
    await griffier.send_form_of(page.text, page.url.path.rpartition("/")[2], stap="starten")
    told = []
    for state in ("loopt", "pauze"):
        async with database.session(UTRECHT) as session:
            (await session.get_one(Campaign, campaign.id)).state = state
        told.append("De uitnodigingen wachten tot u de campagne hervat." in read(await griffier.get(page.url.path)))
    assert told == [False, True]


async def test_what_a_colleague_stopped_can_not_be_sent(griffier, database, now):
    campaign = await campaign_of(database, now)
    page = await written(griffier, campaign)
    mailing_id = uuid.UUID(page.url.path.rpartition("/")[2])
    form = page.text
    async with database.session(UTRECHT) as session:
        mailing = await session.get_one(Mailing, mailing_id)
        mailing.state = "gestopt"
    late = await griffier.send_form_of(form, str(mailing_id), stap="starten")
    assert (late.status_code, "Een collega was u voor" in read(late)) == (409, True)
    assert sending.LONGEST_TEXT == 1500


NOT_STARTED = {"state": "concept", "started_at": None}


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        (NOT_STARTED, "bericht", "Laat een collega haar nakijken en start haar."),
        (NOT_STARTED | {"state": "klaar"}, "terugkoppeling", "Laat een collega haar nakijken en start haar."),
        ({"state": "pauze"}, "uitnodiging", "De campagne loopt nu niet"),
        ({"state": "gesloten"}, "terugkoppeling", "De terugkoppeling is nog niet gepubliceerd."),
    ],
)
async def test_what_is_too_early_to_send_waits_and_says_what_to_do(griffier, database, now, changes, kind, told):
    """The same message of a campaign that runs can be sent: see above."""
    campaign = await campaign_of(database, now, **changes)
    page = await written(griffier, campaign, soort=kind)
    assert ("Verstuur</button>" in page.text, told in read(page)) == (False, True)
    mailing_id = page.url.path.rpartition("/")[2]
    early = await griffier.send_form_of(page.text, mailing_id, stap="starten")
    async with database.session(UTRECHT) as session:
        mailing = await session.get_one(Mailing, uuid.UUID(mailing_id))
    assert (early.status_code, read(early).count(told), mailing.state) == (409, 1, "concept")


async def test_a_message_in_between_of_a_campaign_that_runs_can_be_sent(griffier, database, now):
    page = await written(griffier, await campaign_of(database, now), soort="bericht")
    assert "Verstuur</button>" not in page.text
    await sending_jobs.go_on(database, SETTINGS, now=now)
    page = await griffier.get(page.url.path)
    sent = await griffier.send_form_of(page.text, page.url.path.rpartition("/")[2], stap="starten")
    assert (sent.status_code, "Verstuur</button>" in page.text) == (303, True)


async def test_who_took_part_hears_the_outcome_also_where_the_municipality_has_stopped(griffier, database, now):
    """Who asked for messages there does not get those any more."""
    campaign = await campaign_of(database, now, UTRECHT, AMERSFOORT)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await subscribe(session, key="sleutel", now=now, code=AMERSFOORT, web=2)
        waiting, _ = await subscribe(session, key="sleutel", now=now, code=AMERSFOORT, web=2)
        session.add(
            Participant(
                campaign_id=campaign.id,
                municipality_code=AMERSFOORT,
                resident_id=waiting,
                channel="web",
                wants_outcome=True,
                started_at=now,
                last_at=now,
            )
        )
        stopped = await session.get_one(CampaignMunicipality, (campaign.id, AMERSFOORT))
        stopped.agreed_at = None
    told = {}
    for who in ("uitkomst", "berichten"):
        page = await written(griffier, campaign, soort="bericht", wie=who)
        await sending_jobs.go_on(database, SETTINGS, now=now)
        page = await griffier.get(page.url.path)
        mailing_id = page.url.path.rpartition("/")[2]
        await griffier.send_form_of(page.text, mailing_id, stap="starten")
        await sending_jobs.go_on(database, SETTINGS, now=now)
        async with database.session(EVERY_MUNICIPALITY) as session:
            mailing = await session.get_one(Mailing, uuid.UUID(mailing_id))
        told[who] = ("1 persoon krijgt dit bericht." in read(page), mailing.progress.get(AMERSFOORT))
    assert told == {"uitkomst": (True, {"verstuurd": 1}), "berichten": (False, None)}
