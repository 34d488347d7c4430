"""The griffie's own questions: written by two roles, published by one, seen by nobody else."""

import uuid

import pytest
from sqlalchemy import select

from participation.models import AuditEvent, OwnQuestion
from participation.services import own_questions

LIST = "/griffie/GM0344/eigen-vragen"
NEW = f"{LIST}/nieuw"
UTRECHT, AMERSFOORT = "GM0344", "GM0307"
FIELDS = {
    "vraag": "Wanneer is de kermis?",
    "manieren": "Op welke dagen is de kermis?\r\nHoe lang blijft de kermis?\r\n\r\nKomt de kermis dit jaar?",
    "kort": "De kermis is in mei.",
    "meer": "",
    "bron": "Website van de gemeente",
    "bron_adres": "https://utrecht.example/kermis",
    "nagekeken": "2026-11-20",
    "in_chat": "ja",
}


async def kept(database, code=UTRECHT):
    async with database.session(code) as session:
        return list(await own_questions.of_municipality(session, municipality_code=code))


async def audited(database):
    async with database.session(UTRECHT) as session:
        rows = await session.scalars(
            select(AuditEvent).where(AuditEvent.action.like("eigen_vraag.%")).order_by(AuditEvent.id)
        )
        return [row.action for row in rows]


@pytest.fixture(autouse=True)
async def nothing_kept(database):
    """Each test begins without questions."""
    for code in (UTRECHT, AMERSFOORT):
        async with database.session(code) as session:
            for row in await session.scalars(select(OwnQuestion)):
                await session.delete(row)


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ({UTRECHT: "griffier"}, 200),
        ({UTRECHT: "medewerker"}, 200),
        ({UTRECHT: "beheerder"}, 404),
        ({UTRECHT: "raadslid"}, 404),
        ({AMERSFOORT: "griffier"}, 404),
    ],
)
async def test_who_may_see_the_pages(clerk_with, roles, status):
    browser = await clerk_with(**roles)
    assert [(await browser.get(page)).status_code for page in (LIST, NEW)] == [status, status]


async def test_a_question_is_added_changed_switched_and_deleted_and_all_of_it_is_recorded(clerk_with, database):
    before = await audited(database)
    browser = await clerk_with(GM0344="griffier")
    added = await browser.send_form(NEW, "/nieuw", **FIELDS)
    assert (added.status_code, added.headers["location"].partition("?")[0]) == (303, LIST)
    [one] = await kept(database)
    assert one.ways == [
        "Wanneer is de kermis?",
        "Op welke dagen is de kermis?",
        "Hoe lang blijft de kermis?",
        "Komt de kermis dit jaar?",
    ]
    assert (one.is_published, one.short, one.more, len(one.embeddings)) == (
        True,
        "De kermis is in mei.",
        None,
        4 * 1536,
    )
    page = f"{LIST}/{one.id}"
    await browser.send_form(page, f"/{one.id}", **FIELDS | {"kort": "De kermis is in juni.", "meer": "Elk jaar."})
    [one] = await kept(database)
    assert (one.is_published, one.short, one.more) == (True, "De kermis is in juni.", "Elk jaar.")
    assert (await browser.get(page)).text.count('name="nagekeken" type="date" value="2026-11-20"') == 1
    for on in ("nee", "ja"):
        await browser.send_form(page, "/stand", aan=on)
        assert [one.is_published for one in await kept(database)] == [on == "ja"]
    assert (await browser.send_form(page, "/weg")).status_code == 200
    assert len(await kept(database)) == 1
    await browser.send_form(page, "/weg", zeker="ja")
    assert await kept(database) == []
    assert (await audited(database))[len(before) :] == [
        f"eigen_vraag.{done}" for done in ("toegevoegd", "veranderd", "uit", "aan", "verwijderd")
    ]


async def test_what_a_medewerker_writes_waits_for_a_griffier(clerk_with, database):
    medewerker, griffier = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    await medewerker.send_form(NEW, "/nieuw", **FIELDS)
    [one] = await kept(database)
    assert one.is_published is False
    page = f"{LIST}/{one.id}"
    html = (await griffier.get(page)).text
    await griffier.send_form_of(html, "/stand", aan="ja")
    refused = await medewerker.send_form(page, "/stand", aan="ja")
    assert (refused.status_code, [one.is_published for one in await kept(database)]) == (403, [True])
    await medewerker.send_form(page, f"/{one.id}", **FIELDS | {"kort": "Anders."})
    assert [(one.is_published, one.short) for one in await kept(database)] == [(False, "Anders.")]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"vraag": " "}, "Vul uw vraag in."),
        ({"vraag": "x" * 61}, "Maak uw vraag korter: hooguit 60 tekens."),
        ({"manieren": "Een\nTwee\nEen"}, "Geef minstens 3 andere manieren om dit te vragen, elk op een eigen regel."),
        ({"kort": ""}, "Vul het korte antwoord in."),
        ({"bron_adres": "http://utrecht.example"}, "Vul een heel webadres in, dat begint met https://."),
        ({"nagekeken": ""}, "Vul de dag in waarop u de bron las. Die dag kan niet na vandaag zijn."),
        ({"nagekeken": "9999-12-30"}, "Vul de dag in waarop u de bron las. Die dag kan niet na vandaag zijn."),
        ({"bron_adres": "javascript:alert(1)"}, "Vul een heel webadres in, dat begint met https://."),
    ],
)
async def test_a_faulty_form_is_given_back_and_nothing_is_kept(clerk_with, database, wrong, error):
    browser = await clerk_with(GM0344="griffier")
    answer = await browser.send_form(NEW, "/nieuw", **FIELDS | wrong)
    assert (answer.status_code, error in answer.text, await kept(database)) == (422, True, [])


async def test_what_looks_alike_is_shown_first_and_kept_when_that_is_meant(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    alike = FIELDS | {"vraag": "Wat doet de gemeenteraad?"}
    shown = await browser.send_form(NEW, "/nieuw", **alike)
    assert (shown.status_code, await kept(database)) == (422, [])
    assert shown.text.count("Wat doet de gemeenteraad? (vraag die de chat al kent)") == 1
    assert (await browser.send_form_of(shown.text, "/nieuw", **alike, toch="ja")).status_code == 303
    again = await browser.send_form(NEW, "/nieuw", **FIELDS)
    assert again.text.count("Wat doet de gemeenteraad? (eigen vraag)") == 1
    assert [one.question for one in await kept(database)] == ["Wat doet de gemeenteraad?"]


async def test_a_way_that_the_chat_has_an_answer_to_already_is_shown_before_it_is_kept(
    clerk_with, database, surroundings
):
    """Not where the model is unsure of a question: there the own answer goes first."""
    surroundings.understood = {
        "Wanneer is de kermis?": ("vraag/raad_wat_is", 0.84),
        "Op welke dagen is de kermis?": ("vraag/raad_wat_is", 0.85),
        "Hoe lang blijft de kermis?": ("melding_openbare_ruimte", 0.6),
        "Komt de kermis dit jaar?": ("buiten_bereik", 0.99),
    }
    browser = await clerk_with(GM0344="griffier")
    shown = await browser.send_form(NEW, "/nieuw", **FIELDS)
    assert (shown.status_code, await kept(database)) == (422, [])
    warning = " ".join(shown.text.partition("utrecht-alert--warning")[2].partition("</ul>")[0].split())
    assert warning.endswith(
        "Vraagt een inwoner het zo? Dan geeft de chat al een ander antwoord, en niet dat van u.</p> <ul> "
        '<li dir="auto">“Op welke dagen is de kermis?” (de chat denkt aan: Wat doet de gemeenteraad?)</li> '
        '<li dir="auto">“Hoe lang blijft de kermis?” (de chat denkt aan: Waar meld ik iets dat kapot of vies is?)</li>'
    )
    anyway = await browser.send_form_of(shown.text, "/nieuw", **FIELDS, toch="ja")
    assert anyway.headers["location"] == f"{LIST}?gedaan=eigen_vraag_chat"
    assert [one.question for one in await kept(database)] == [FIELDS["vraag"]]


@pytest.mark.parametrize(
    ("understood", "done"), [({}, "eigen_vraag_chat"), (None, "eigen_vraag_niet_nagekeken")], ids=["asked", "away"]
)
async def test_when_the_model_can_not_be_asked_the_question_is_kept_and_the_clerk_hears_it(
    clerk_with, database, surroundings, understood, done
):
    surroundings.understood = understood
    browser = await clerk_with(GM0344="griffier")
    kept_at = (await browser.send_form(NEW, "/nieuw", **FIELDS)).headers["location"]
    assert (kept_at, len(await kept(database))) == (f"{LIST}?gedaan={done}", 1)
    told = "Wij konden niet nakijken of de chat er al iets anders op antwoordt."
    assert (await browser.get(kept_at)).text.count(told) == (understood is None)


async def test_a_question_that_the_chat_answers_already_is_not_put_into_the_chat_unless_that_is_meant(
    clerk_with, database, surroundings
):
    medewerker, griffier = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    await medewerker.send_form(NEW, "/nieuw", **FIELDS)
    [one] = await kept(database)
    page = f"{LIST}/{one.id}"
    surroundings.understood = {"Hoe lang blijft de kermis?": ("melding_openbare_ruimte", 0.6)}
    shown = await griffier.send_form(page, "/stand", aan="ja")
    assert (shown.status_code, [one.is_published for one in await kept(database)]) == (422, [False])
    assert "Dan geeft de chat al een ander antwoord" in shown.text
    meant = await griffier.send_form_of(shown.text, f"/{one.id}", **FIELDS, toch="ja")
    assert (meant.status_code, [one.is_published for one in await kept(database)]) == (303, [True])
    off = await griffier.send_form(page, "/stand", aan="nee")
    assert off.headers["location"] == f"{LIST}?gedaan=eigen_vraag_uit"


@pytest.mark.parametrize(
    ("understood", "done"), [({}, "eigen_vraag_aan"), (None, "eigen_vraag_aan_niet_nagekeken")], ids=["asked", "away"]
)
async def test_a_question_can_be_put_into_the_chat_while_the_model_can_not_be_asked(
    clerk_with, database, surroundings, understood, done
):
    medewerker, griffier = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    await medewerker.send_form(NEW, "/nieuw", **FIELDS)
    [one] = await kept(database)
    surroundings.understood = understood
    switched = await griffier.send_form(f"{LIST}/{one.id}", "/stand", aan="ja")
    assert switched.headers["location"] == f"{LIST}?gedaan={done}"
    assert [one.is_published for one in await kept(database)] == [True]


async def test_a_question_that_is_changed_while_it_is_put_into_the_chat_stays_outside(
    clerk_with, database, surroundings, monkeypatch
):
    medewerker, griffier = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    await medewerker.send_form(NEW, "/nieuw", **FIELDS)
    [one] = await kept(database)
    asked = surroundings.understand

    async def changed_meanwhile(texts):
        async with database.session(UTRECHT) as session:
            (await session.get_one(OwnQuestion, one.id)).short = "Er is geen kermis meer."
        return await asked(texts)

    monkeypatch.setattr(surroundings, "understand", changed_meanwhile)
    shown = await griffier.send_form(f"{LIST}/{one.id}", "/stand", aan="ja")
    assert (shown.status_code, [one.is_published for one in await kept(database)]) == (422, [False])
    assert ("Een collega veranderde deze vraag intussen." in shown.text, "Er is geen kermis meer." in shown.text) == (
        True,
        True,
    )


async def test_the_page_shows_what_residents_get_in_both_channels_and_how_it_reads(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    empty = (await browser.get(NEW)).text
    assert (empty.count("data-measure="), empty.count("answer.js"), empty.count("voorbeeld-site")) == (2, 1, 0)
    short = "Indien u komt, zie https://utrecht.example/kermis.\n- mei\n- juni"
    await browser.send_form(NEW, "/nieuw", **FIELDS | {"kort": short, "meer": "Neem iets te eten mee."})
    [one] = await kept(database)
    page = (await browser.get(f"{LIST}/{one.id}")).text.partition('id="kop-voorbeeld"')[2]
    site, telegram = page.partition('id="voorbeeld-site"')[2].split('id="voorbeeld-telegram"')
    link = '<a target="_blank" rel="noopener noreferrer" href="https://utrecht.example/kermis">'
    assert [(link in shown, "<li>mei</li>" in shown, "- mei<br>" in shown) for shown in (site, telegram)] == [
        (True, True, False),
        (True, False, True),
    ]
    assert [shown.count("Neem iets te eten mee.") for shown in (site, telegram)] == [1, 1]
    assert ("langste zin 5 woorden" in page, "“indien” is een lastig woord." in page) == (True, True)


async def test_a_question_that_lacks_its_facts_is_said_to_reach_nobody(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    await browser.send_form(NEW, "/nieuw", **FIELDS | {"kort": "Bel {griffie_telefoon}."})
    [one] = await kept(database)
    page = (await browser.get(f"{LIST}/{one.id}")).text
    assert page.count("De chat kent de feiten in dit antwoord niet. Inwoners krijgen het daarom nog niet.") == 1


async def test_a_question_of_another_municipality_does_not_exist(clerk_with, database):
    """There is something to find: Amersfoort's own griffier sees and changes it."""
    theirs = await clerk_with(GM0307="griffier")
    await theirs.send_form("/griffie/GM0307/eigen-vragen/nieuw", "/nieuw", **FIELDS)
    [one] = await kept(database, AMERSFOORT)
    assert (await theirs.get(f"/griffie/GM0307/eigen-vragen/{one.id}")).status_code == 200
    ours = await clerk_with(GM0344="griffier")
    csrf = (await ours.get(NEW)).text.partition('name="csrf" value="')[2].partition('"')[0]
    page = f"{LIST}/{one.id}"
    answers = [
        await ours.get(page),
        await ours.post(page, data=FIELDS | {"csrf": csrf}),
        await ours.post(f"{page}/stand", data={"aan": "nee", "csrf": csrf}),
        await ours.post(f"{page}/weg", data={"zeker": "ja", "csrf": csrf}),
        await ours.get(f"{LIST}/{uuid.uuid4()}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert [(one.revision, one.is_published) for one in await kept(database, AMERSFOORT)] == [(1, True)]
