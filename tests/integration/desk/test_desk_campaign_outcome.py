"""The outcome, the feedback and the final report, at the desk and on the page for everybody."""

import asyncio
from datetime import timedelta
from io import BytesIO

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from pypdf import PdfReader
from sqlalchemy import select, text

from bench.campaign.subscribers import subscribe
from bot.web import campaign_outcome
from bot.web.made_before import MadeBefore
from participation.campaigns import events, fairness, feedback, foreseeing, outcome_paper, recounting
from participation.campaigns.sending import Cap
from participation.database import EVERY_MUNICIPALITY
from participation.insight import pictures
from participation.models import AuditEvent, Campaign, CampaignEvent, CampaignOutcome, Clerk, Mailing, Participant
from tests.integration.participation.simulated_campaign import CODES, simulate

UTRECHT, AMERSFOORT, _ = CODES
POINT = {
    "heard": "Veel mensen willen zonnepanelen op scholen.",
    "decided": "De raad geeft er geld voor.",
    "because": "Het is goed voor de buurt.",
    "next_step": "In maart begint de bouw.",
}


@pytest.fixture
async def campaign(database, clerk_with, now):
    """A campaign of three municipalities that has ended and was counted."""
    await clerk_with(**{UTRECHT: "griffier"})
    async with database.session(EVERY_MUNICIPALITY) as session:
        maker = await session.scalar(select(Clerk.id).limit(1))
        made = await simulate(session, clerk_id=maker, people=160, statements=10, now=now, rng=np.random.default_rng(8))
    await recounting.recount(database, campaign_id=made.campaign.id, theme_of=None, now=now)
    return made.campaign


@pytest.fixture
async def everybody(database):
    """Somebody without an account."""
    app = FastAPI()
    app.state.database, app.state.made_before = database, MadeBefore()
    app.include_router(campaign_outcome.router)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://samenspel.example"
    ) as client:
        yield client


async def test_from_outcome_to_final_report(campaign, clerk_with, everybody, database):
    page, public = f"/griffie/{UTRECHT}/campagnes/{campaign.id}", f"/c/{campaign.public_id}/uitkomst"
    desk = await clerk_with(**{UTRECHT: "campagneleider"})
    shown = (await desk.get(f"{page}/uitkomst")).text
    assert "160 mensen deden mee." in shown
    assert "Wat alle groepen samen vinden" in shown
    assert (await everybody.get(public)).status_code == 404
    assert (await desk.send_form(f"{page}/uitkomst", "/uitkomst/publiceren")).status_code == 303
    told = (await everybody.get(public)).text
    assert "160 mensen deden mee." in told
    assert "<script" not in told

    early = await desk.send_form(f"{page}/terugkoppeling", "/terugkoppeling/publiceren")
    assert early.status_code == 422
    wrong = await desk.send_form(f"{page}/terugkoppeling", "/terugkoppeling", **POINT | {"because": ""})
    assert (wrong.status_code, "Vul in: Waarom?" in wrong.text, POINT["heard"] in wrong.text) == (422, True, True)
    assert (await desk.send_form(f"{page}/terugkoppeling", "/terugkoppeling", **POINT)).status_code == 303
    assert POINT["decided"] not in (await everybody.get(public)).text
    async with database.session(UTRECHT) as session:
        owed = await feedback.debts(session, municipality_code=UTRECHT, now=campaign.closed_at + timedelta(days=9))
        assert [(one.campaign.id, one.days) for one in owed] == [(campaign.id, 9)]
    assert "Nog niets teruggezegd" in (await desk.get(f"/griffie/{UTRECHT}/campagnes")).text
    await desk.send_form(f"{page}/terugkoppeling", "/terugkoppeling/publiceren")
    assert POINT["decided"] in (await everybody.get(public)).text
    async with database.session(UTRECHT) as session:
        (mailing,) = await session.scalars(select(Mailing).where(Mailing.campaign_id == campaign.id))
        mailing.progress = {UTRECHT: {"verstuurd": 30, "mislukt": 2}, AMERSFOORT: {"verstuurd": 12}}
    assert (mailing.kind, mailing.state, mailing.audience) == ("terugkoppeling", "concept", {"who": "uitkomst"})
    assert POINT["because"] in mailing.text

    mended = {"wat": "1", "van": "Bent u het eens?", "naar": "Bent u het eens!"}
    async with database.session(EVERY_MUNICIPALITY) as session:
        about = {"clerk": None, "now": campaign.started_at}
        await events.record(session, campaign, what="verbeterd", detail=mended, **about)
        for what in ("stelling_goed", "stelling_goed", fairness.ASIDE):
            await events.record(session, campaign, what=what, **about)
    await desk.send_form(f"{page}/terugkoppeling", "/eindverslag")
    assert "Eindverslag 1 (PDF)" in (await desk.get(f"{page}/terugkoppeling")).text
    paper = PdfReader(BytesIO((await everybody.get(f"{public}/eindverslag.pdf")).content))
    words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert all(
        piece in words for piece in ("1. Hoe de campagne ging", "2. Wat mensen naar voren brachten", POINT["because"])
    )
    for file in ("uitkomst.pdf", "eindverslag/1.pdf"):
        assert (await desk.get(f"{page}/{file}")).status_code == 200
    async with database.session(UTRECHT) as session:
        taken = await session.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.record == str(campaign.id), AuditEvent.action.startswith("uitvoer."))
            .order_by(AuditEvent.id)
        )
        assert taken.all() == ["uitvoer.uitkomst", "uitvoer.eindverslag"]
    assert "De gemeente stuurde 42 berichten" in words
    assert "“Bent u het eens?” werd “Bent u het eens!”." in words
    assert "Er kwam een stelling van een inwoner bij. (2 keer)" in words
    assert "Deelnames zijn opzij gezet" in words
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]


async def test_feedback_is_owed_until_the_message_to_who_asked_for_it_leaves(campaign, clerk_with, database, now):
    """Also by the municipality whose residents wait, where another one leads."""
    page = f"/griffie/{UTRECHT}/campagnes/{campaign.id}"
    desk = await clerk_with(**{UTRECHT: "griffier"})
    async with database.session(EVERY_MUNICIPALITY) as session:
        (waits,) = await subscribe(session, key="sleutel", now=now, code=AMERSFOORT, web=1)
        one = await session.scalar(
            select(Participant)
            .where(Participant.campaign_id == campaign.id, Participant.municipality_code == AMERSFOORT)
            .limit(1)
        )
        one.resident_id, one.wants_outcome = waits, True

    async def owed():
        found = {}
        for code in CODES:
            async with database.session(code) as session:
                debts = await feedback.debts(session, municipality_code=code, now=campaign.closed_at)
            for debt in debts:
                if debt.campaign.id == campaign.id:
                    found[code] = debt.published
        return found

    assert await owed() == dict.fromkeys(CODES, False)
    await desk.send_form(f"{page}/uitkomst", "/uitkomst/publiceren")
    await desk.send_form(f"{page}/terugkoppeling", "/terugkoppeling", **POINT)
    await desk.send_form(f"{page}/terugkoppeling", "/terugkoppeling/publiceren")
    async with database.session(EVERY_MUNICIPALITY) as session:
        (mailing,) = await session.scalars(select(Mailing).where(Mailing.campaign_id == campaign.id))
        await foreseeing.foresee(session, mailing=mailing, cap=Cap(), now=now)
    assert await owed() == {UTRECHT: True, AMERSFOORT: True}
    assert "Het bericht aan wie de uitkomst wil horen" in (await desk.get(f"/griffie/{UTRECHT}/campagnes")).text
    theirs = await clerk_with(**{AMERSFOORT: "griffier"})
    assert "Een andere gemeente leidt deze campagne." in (await theirs.get(f"/griffie/{AMERSFOORT}/campagnes")).text
    form = {"soort": "terugkoppeling", "wie": "berichten", "tekst": "Dit is ermee gedaan."}
    others = (await desk.send_form(f"{page}/berichten", "/berichten", **form)).headers["location"].partition("?")[0]
    await desk.send_form(others, others.rpartition("/")[2], stap="starten")
    assert await owed() == {UTRECHT: True, AMERSFOORT: True}, "that was for others"
    await desk.send_form(f"{page}/berichten/{mailing.id}", f"/berichten/{mailing.id}", stap="starten")
    assert await owed() == {}
    await desk.send_form(f"{page}/berichten/{mailing.id}", f"/berichten/{mailing.id}", stap="stoppen")
    assert await owed() == {UTRECHT: True, AMERSFOORT: True}, "it was stopped"


async def test_feedback_that_is_published_by_two_at_once_is_told_once(campaign, clerk_with, database):
    outcome = f"/griffie/{UTRECHT}/campagnes/{campaign.id}/uitkomst"
    page = outcome.replace("/uitkomst", "/terugkoppeling")
    desk, colleague = await clerk_with(**{UTRECHT: "griffier"}), await clerk_with(**{UTRECHT: "campagneleider"})
    await desk.send_form(outcome, "/uitkomst/publiceren")
    await desk.send_form(page, "/terugkoppeling", **POINT)
    forms = [(one, (await one.get(page)).text) for one in (desk, colleague)]
    sent = await asyncio.gather(*(one.send_form_of(form, "/publiceren") for one, form in forms))
    again = await desk.send_form_of(forms[0][1], "/publiceren")
    async with database.session(UTRECHT) as session:
        mailings = (await session.scalars(select(Mailing.kind).where(Mailing.campaign_id == campaign.id))).all()
        told = await session.scalars(
            select(CampaignEvent.what).where(
                CampaignEvent.campaign_id == campaign.id, CampaignEvent.what == feedback.PUBLISHED
            )
        )
        assert ([one.status_code for one in (*sent, again)], mailings, len(told.all())) == (
            [303, 303, 303],
            ["terugkoppeling"],
            1,
        )


async def test_nothing_is_told_before_the_outcome_and_something_stays_told(campaign, clerk_with, everybody, database):
    """The points are on the page of the outcome, which is not there before that is published."""
    outcome = f"/griffie/{UTRECHT}/campagnes/{campaign.id}/uitkomst"
    page = outcome.replace("/uitkomst", "/terugkoppeling")
    desk = await clerk_with(**{UTRECHT: "campagneleider"})
    empty = (await desk.get(page)).text
    await desk.send_form_of(empty, "/terugkoppeling", **POINT)
    early = await desk.send_form(page, "/terugkoppeling/publiceren")
    assert (early.status_code, early.text.count("Publiceer eerst de uitkomst.")) == (422, 1)
    async with database.session(UTRECHT) as session:
        assert await feedback.published_at(session, campaign.id) is None
    await desk.send_form(outcome, "/uitkomst/publiceren")
    await desk.send_form_of(empty, "/terugkoppeling", **POINT | {"decided": "De raad beslist later."})
    form = (await desk.get(page)).text
    assert (await desk.send_form_of(form, "/terugkoppeling/publiceren")).status_code == 303
    assert (await desk.send_form_of(form, "/terugkoppeling/1/weg")).status_code == 303
    kept = await desk.send_form_of(form, "/terugkoppeling/2/weg")
    assert (kept.status_code, "U kunt het wel veranderen." in kept.text, "/terugkoppeling/2/weg" in kept.text) == (
        422,
        True,
        False,
    )
    told = (await everybody.get(f"/c/{campaign.public_id}/uitkomst")).text
    assert (POINT["decided"] in told, "De raad beslist later." in told) == (False, True)


async def test_open_data_says_what_the_page_says_and_nothing_of_a_person(campaign, clerk_with, everybody):
    page, public = f"/griffie/{UTRECHT}/campagnes/{campaign.id}", f"/c/{campaign.public_id}/uitkomst"
    desk = await clerk_with(**{UTRECHT: "griffier"})
    await desk.send_form(f"{page}/uitkomst", "/uitkomst/publiceren")
    data = (await everybody.get(f"{public}/uitkomst.json")).json()
    lines = (await everybody.get(f"{public}/uitkomst.csv")).text.splitlines()
    assert len(lines) == len(data["regels"]) + 1
    assert set(data["codeboek"]) == set(data["regels"][0])
    assert all(row["aantal"] in (None, 0) or row["aantal"] >= 10 for row in data["regels"])
    assert {row["soort"] for row in data["regels"]} >= {
        "stellingen",
        "keuze",
        "schaal",
        "rangorde",
        "dilemma",
        "plaats",
    }
    assert (await everybody.get(f"{public}/groepen.svg")).headers["content-type"] == "image/svg+xml"


async def test_the_picture_and_the_paper_are_made_once_until_something_changes(
    campaign, clerk_with, everybody, database, monkeypatch
):
    public = f"/c/{campaign.public_id}/uitkomst"
    desk = await clerk_with(**{UTRECHT: "griffier"})
    await desk.send_form(f"/griffie/{UTRECHT}/campagnes/{campaign.id}/uitkomst", "/uitkomst/publiceren")
    draw, as_pdf, made = pictures.draw, outcome_paper.as_pdf, []
    monkeypatch.setattr(pictures, "draw", lambda *one, **form: made.append("beeld") or draw(*one, **form))
    monkeypatch.setattr(outcome_paper, "as_pdf", lambda content: made.append("pdf") or as_pdf(content))
    files = [await everybody.get(f"{public}/{name}") for name in ("groepen.svg", "uitkomst.pdf") * 2]
    assert made == ["beeld", "pdf"]
    assert [one.content for one in files[:2]] == [one.content for one in files[2:]]
    async with database.session(EVERY_MUNICIPALITY) as session:
        (await session.get_one(Campaign, campaign.id)).title = "Een beter centrum"
    changed = await everybody.get(f"{public}/uitkomst.pdf")
    assert "Een beter centrum" in PdfReader(BytesIO(changed.content)).pages[0].extract_text()
    assert made == ["beeld", "pdf", "pdf"]


async def test_a_municipality_that_takes_part_reads_its_own_and_the_total_and_changes_nothing(
    campaign, clerk_with, database
):
    page = f"/griffie/{AMERSFOORT}/campagnes/{campaign.id}"
    desk = await clerk_with(**{AMERSFOORT: "griffier"})
    own = (await desk.get(f"{page}/uitkomst?deel=eigen")).text
    assert "Alleen Amersfoort" in own
    async with database.session(AMERSFOORT) as session:
        row = await session.get(CampaignOutcome, (campaign.id, AMERSFOORT))
        assert f", van {row.counted_from} mensen." in own
        row.content = row.content | {"bureau": row.content["bureau"] | {"deelnemers": None}}
    assert f"van {row.counted_from} mensen" not in (await desk.get(f"{page}/uitkomst?deel=eigen")).text
    assert "/uitkomst/publiceren" not in own
    assert "/terugkoppeling/publiceren" not in (await desk.get(f"{page}/terugkoppeling")).text
    stranger = await clerk_with(GM0014="griffier")
    for path in ("uitkomst", "terugkoppeling", "eerlijkheid"):
        assert (await stranger.get(f"/griffie/GM0014/campagnes/{campaign.id}/{path}")).status_code == 404


async def test_who_stopped_reads_its_own_outcome_and_the_total_only_where_everybody_does(
    campaign, clerk_with, database
):
    page = f"/griffie/{AMERSFOORT}/campagnes/{campaign.id}/uitkomst"
    desk = await clerk_with(**{AMERSFOORT: "griffier"})
    assert "160 mensen deden mee." in (await desk.get(page)).text
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            text(
                "UPDATE campaign_municipality SET agreed_at = NULL"
                " WHERE campaign_id = :id AND municipality_code = :code"
            ),
            {"id": campaign.id, "code": AMERSFOORT},
        )
    shown = (await desk.get(page)).text
    assert ("160 mensen deden mee." in shown, "Uw gemeente doet niet mee" in shown) == (False, True)
    assert ("alleen wat uw eigen inwoners" in shown, "Alle gemeenten samen" in shown, "PDF" in shown) == (
        True,
        False,
        False,
    )
    assert "mensen deden mee." in shown
    assert (await desk.get(f"{page}.pdf")).status_code == 404
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            text("DELETE FROM campaign_outcome WHERE campaign_id = :id AND about = :code"),
            {"id": campaign.id, "code": AMERSFOORT},
        )
        (await session.get(Campaign, campaign.id)).outcome_published_at = campaign.closed_at
    shown = (await desk.get(page)).text
    assert (f"/c/{campaign.public_id}/uitkomst" in shown, "Er is nog niets geteld" in shown) == (True, False)


async def test_signs_are_shown_and_set_aside_with_a_reason_and_put_back(campaign, clerk_with, database):
    """Twelve participants of Utrecht wrote the very same words."""
    words = "Dit plan moet er komen, zegt iedereen in de buurt."
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            text(
                "UPDATE campaign_answer SET words = :words WHERE words IS NOT NULL"
                " AND participant_id IN (SELECT DISTINCT a.participant_id"
                " FROM campaign_answer a WHERE a.campaign_id = :campaign AND a.words IS NOT NULL"
                " AND a.municipality_code = :code ORDER BY 1 LIMIT 12)"
            ),
            {"words": words, "campaign": campaign.id, "code": UTRECHT},
        )
    page = f"/griffie/{UTRECHT}/campagnes/{campaign.id}/eerlijkheid"
    desk = await clerk_with(**{UTRECHT: "griffier"})
    shown = (await desk.get(page)).text
    assert "12 deelnemers schreven precies dezelfde tekst." in shown
    assert (await desk.send_form(page, "/opzij", reden="")).status_code == 422
    await desk.send_form(page, "/opzij", reden="Eén folder met een vaste tekst.")
    assert "Eén folder met een vaste tekst." in (await desk.get(page)).text
    assert await recounting.recount(database, campaign_id=campaign.id, theme_of=None, now=campaign.closed_at)
    async with database.session(UTRECHT) as session:
        row = await session.get(CampaignOutcome, (campaign.id, "alle"), populate_existing=True)
        assert (row.counted_from, row.content["openbaar"]["opzij"]) == (148, 12)
        assert [
            (one.people, one.kind)
            for one in await fairness.aside(session, campaign_id=campaign.id, municipality_code=UTRECHT)
        ] == [(12, fairness.SAME_WORDS)]
    await desk.send_form(page, "/terug")
    assert "12 deelnemers schreven precies dezelfde tekst." in (await desk.get(page)).text
    assert await recounting.recount(database, campaign_id=campaign.id, theme_of=None, now=campaign.closed_at)
    form = (await desk.get(page)).text
    await desk.send_form(page.replace("/eerlijkheid", "/uitkomst"), "/uitkomst/publiceren")
    late = await desk.send_form_of(form, "/opzij", reden="Te laat.")
    assert (late.status_code, late.text.count("Daarom verandert de telling niet meer.")) == (409, 2)
    assert "/eerlijkheid/opzij" not in late.text
