"""The pages of the shared library: offered by one municipality, found and taken over by another."""

import html
import re
import uuid
from datetime import date

import pytest
from sqlalchemy import delete, select

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    AnswerDraft,
    AnswerOverride,
    AnswerVersion,
    ClerkRole,
    LocalFact,
    Offer,
    OfferUse,
    OfferVersion,
    OwnQuestion,
)
from tests.integration.conftest import empty_log

UTRECHT, AMERSFOORT, NUENEN = "GM0344", "GM0307", "GM0820"
TOPIC = "inspreken"
ASKED = "Hoe kan ik inspreken bij de raad?"
TEXT = {
    "tekst": "U praat vijf minuten met de raad van {gemeente}. Mail {griffie_email}.",
    "meer": "Iedereen mag inspreken.",
    "bron": "Verordening op de raad",
    "bron_adres": "https://raad.example/verordening",
    "nagekeken": "2026-11-20",
}
QUESTION = {
    "vraag": "Wanneer is de kermis?",
    "manieren": "Op welke dagen is de kermis?\nHoe lang blijft de kermis?\nKomt de kermis dit jaar?",
    "kort": "De kermis van {gemeente} is in mei.",
    "meer": "",
    "bron": "Kermis",
    "bron_adres": "https://kermis.example/",
    "nagekeken": "2026-11-20",
    "in_chat": "ja",
}


def library_of(code):
    return f"/griffie/{code}/bibliotheek"


def answer_of(code, topic=TOPIC):
    return f"/griffie/{code}/antwoorden/{topic}"


def offering_of(code, kind="antwoord", subject=TOPIC):
    return f"{library_of(code)}/aanbieden/{kind}/{subject}"


def text_of(page):
    """What somebody reads on a page, on one line."""
    body = page.text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(autouse=True)
async def _empty_library(database_url):
    yield
    owner = Database(database_url)  # versions are out of reach of the application
    tables = (AnswerDraft, AnswerOverride, AnswerVersion, OwnQuestion, OfferUse, OfferVersion, Offer)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        for table in (*tables, LocalFact, ClerkRole):
            await session.execute(delete(table))
        await empty_log(session)
    await owner.close()


@pytest.fixture
def at(clerk_with):
    """Return who works at a desk, by municipality and role; the same person each time."""
    known = {}

    async def person(code, role="griffier"):
        if (code, role) not in known:
            known[code, role] = await clerk_with(**{code: role})
        return known[code, role]

    return person


@pytest.fixture
def in_chat(database, now):
    """Give residents an own answer, as if somebody had published it."""

    async def given(code=UTRECHT, **changed):
        typed = TEXT | changed
        async with database.session(code) as session:
            live = await session.get(AnswerOverride, (code, TOPIC))
            origin = (live.offer_id, live.offer_number) if live else (None, None)
            await session.merge(
                AnswerOverride(
                    municipality_code=code,
                    topic=TOPIC,
                    short=typed["tekst"],
                    more=typed["meer"],
                    source_name=typed["bron"],
                    source_url=typed["bron_adres"],
                    checked_on=date.fromisoformat(typed["nagekeken"]),
                    offer_id=origin[0],
                    offer_number=origin[1],
                    published_at=now,
                )
            )

    return given


async def offer(at, code=UTRECHT, kind="antwoord", subject=TOPIC, **fields):
    """Offer what is in the chat; returns the id of the offer."""
    response = await (await at(code)).send_form(offering_of(code, kind, subject), f"/{subject}", **fields)
    assert response.status_code == 303, text_of(response)
    return response.headers["location"].partition("?")[0].rpartition("/")[2]


async def reviewed(at, code, **changed):
    """Put the text on the page of an answer up for review and publish it, with two people."""
    writer, griffier = await at(code, "medewerker"), await at(code)
    await writer.send_form(answer_of(code), f"/{TOPIC}", **(TEXT | changed), stap="voorleggen")
    response = await griffier.send_form(answer_of(code), "/publiceren")
    assert response.headers["location"].endswith("?gedaan=antwoord_live")


async def test_the_number_of_queries_does_not_depend_on_how_much_is_offered(at, in_chat, database, now, queries_of):
    await in_chat()
    await offer(at)
    page = f"{library_of(UTRECHT)}?lijst=van_ons"
    griffier = await at(UTRECHT)
    few = await queries_of(griffier.get(page))
    async with database.session(UTRECHT) as session:
        live = await session.get_one(AnswerOverride, (UTRECHT, TOPIC))
        [version] = (await session.scalars(select(OfferVersion))).all()
        for topic in sorted(content.answers().keys() - {TOPIC})[:5]:
            one = Offer(
                id=uuid.uuid4(), municipality_code=UTRECHT, kind="antwoord", subject=topic, newest=1, offered_at=now
            )
            session.add(one)
            await session.flush()
            session.add(_copy(version, offer_id=one.id, search_text=topic))
            session.add(_copy(live, topic=topic))
    many = await queries_of(griffier.get(page))
    shown = text_of(await griffier.get(page))
    assert (many, shown.count("Versie 1"), shown.count("Uw tekst is veranderd")) == (few, 6, 5)


def _copy(row, **changed):
    """The same row under another key."""
    columns = {one.key for one in row.__mapper__.column_attrs} - {"search_words"}
    return type(row)(**({name: getattr(row, name) for name in columns} | changed))


async def test_a_text_goes_from_one_municipality_into_the_chat_of_another(at, in_chat, database):
    await in_chat()
    ours, writer, griffier = await at(UTRECHT), await at(AMERSFOORT, "medewerker"), await at(AMERSFOORT)
    assert "Aanbieden aan andere gemeenten" in text_of(await ours.get(answer_of(UTRECHT)))
    offer_id = await offer(at)
    item = f"{library_of(AMERSFOORT)}/{offer_id}"
    found = text_of(await writer.get(f"{library_of(AMERSFOORT)}?zoek=inspreken"))
    assert "1 tekst gevonden voor “inspreken”" in found
    assert "Van Utrecht Versie 1 Leesscore" in found
    page = text_of(await writer.get(item))
    assert "U praat vijf minuten met de raad van {gemeente}. Mail {griffie_email}." in page
    assert "Zo leest een inwoner van Amersfoort het U praat vijf minuten met de raad van Amersfoort. Meer" in page
    assert "Deze feiten ontbreken bij u." in page
    assert "Nog geen andere gemeente heeft deze tekst in de chat." in page
    response = await writer.send_form(item, "/overnemen")
    assert response.headers["location"] == f"{answer_of(AMERSFOORT)}?gedaan=overgenomen"
    draft = text_of(await writer.get(answer_of(AMERSFOORT)))
    assert ("Overgenomen van Utrecht, versie 1." in draft, "Inwoners zien dit nog niet." in draft) == (True, True)
    await writer.send_form(answer_of(AMERSFOORT), f"/{TOPIC}", **TEXT, stap="voorleggen")
    assert "/publiceren" not in (await writer.get(answer_of(AMERSFOORT))).text
    await griffier.send_form(answer_of(AMERSFOORT), "/publiceren")
    assert "Amersfoort, versie 1" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))
    async with database.session(AMERSFOORT) as session:
        live = await session.get_one(AnswerOverride, (AMERSFOORT, TOPIC))
    assert (live.short, str(live.offer_id), live.offer_number) == (TEXT["tekst"], offer_id, 1)


async def test_a_newer_version_is_told_compared_and_taken_over(at, in_chat):
    await in_chat()
    offer_id = await offer(at)
    ours, writer = await at(UTRECHT), await at(AMERSFOORT)
    item = f"{library_of(AMERSFOORT)}/{offer_id}"
    await writer.send_form(item, "/overnemen")
    await reviewed(at, AMERSFOORT)
    assert "nieuwere versie" not in text_of(await writer.get(f"/griffie/{AMERSFOORT}/antwoorden"))
    await in_chat(tekst="U praat tien minuten met de raad van {gemeente}. Mail {griffie_email}.")
    assert "nieuwere versie" not in text_of(await writer.get(answer_of(AMERSFOORT)))
    assert "Uw tekst is veranderd" in text_of(await ours.get(f"{library_of(UTRECHT)}?lijst=van_ons"))
    assert await offer(at) == offer_id
    assert "Van 1 overgenomen tekst is er een nieuwere versie." in text_of(
        await writer.get(f"/griffie/{AMERSFOORT}/antwoorden")
    )
    assert "Er is een nieuwere versie. Vergelijk en neem over" in text_of(await writer.get(answer_of(AMERSFOORT)))
    mine = text_of(await writer.get(f"{library_of(AMERSFOORT)}?lijst=overgenomen"))
    assert "Van Utrecht U hebt versie 1, de nieuwste is versie 2" in mine
    page = await writer.get(item)
    told = "Kort antwoord U praat [weg: vijf ] [nieuw: tien ] minuten met de raad van {gemeente}."
    assert told in text_of(page)
    response = await writer.send_form_of(page.text, "/overnemen")
    assert response.headers["location"] == f"{answer_of(AMERSFOORT)}?gedaan=overgenomen"
    assert "U nam versie 2 over." in text_of(await writer.get(item))
    changed = TEXT | {"tekst": "U praat elf minuten met onze raad."}
    await writer.send_form(answer_of(AMERSFOORT), f"/{TOPIC}", **changed, stap="opslaan")
    again = await writer.send_form_of(page.text, "/overnemen")
    assert again.status_code == 422
    assert "Er staat bij u al een concept voor dit onderwerp." in text_of(again)


async def offered_question(at, database):
    """A question of Utrecht's own, in the library; returns it and the id of the offer."""
    ours = await at(UTRECHT)
    await ours.send_form(f"/griffie/{UTRECHT}/eigen-vragen/nieuw", "/nieuw", **QUESTION)
    async with database.session(UTRECHT) as session:
        question = (await session.scalars(select(OwnQuestion))).one()
    return question, await offer(at, UTRECHT, "eigen_vraag", str(question.id))


async def test_an_own_question_is_taken_over_outside_the_chat(at, database, surroundings):
    surroundings.understood = {}
    question, offer_id = await offered_question(at, database)
    ours, griffier = await at(UTRECHT), await at(AMERSFOORT)
    reader = await at(UTRECHT, "beheerder")
    assert (await reader.get(offering_of(UTRECHT, "eigen_vraag", question.id))).status_code == 404
    item = f"{library_of(AMERSFOORT)}/{offer_id}"
    assert "Komt de kermis dit jaar?" in text_of(await griffier.get(item))
    response = await griffier.send_form(item, "/overnemen", in_chat="ja")
    page, _, done = response.headers["location"].partition("?")
    assert done == "gedaan=overgenomen_vraag"
    async with database.session(AMERSFOORT) as session:
        kept = (await session.scalars(select(OwnQuestion))).one()
    assert (page, kept.is_published) == (f"/griffie/{AMERSFOORT}/eigen-vragen/{kept.id}", False)
    assert "Overgenomen van Utrecht, versie 1." in text_of(await griffier.get(page))
    await griffier.send_form(page, "/stand", aan="ja")
    assert "Amersfoort, versie 1" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))


async def test_an_own_question_that_the_chat_answers_already_is_taken_over_only_when_that_is_meant(
    at, database, surroundings
):
    question, offer_id = await offered_question(at, database)
    griffier = await at(AMERSFOORT)
    item = f"{library_of(AMERSFOORT)}/{offer_id}"
    surroundings.understood = {question.ways[1]: ("vraag/raad_wat_is", 0.99)}
    shown = await griffier.send_form(item, "/overnemen")
    assert shown.status_code == 422
    assert f"“{question.ways[1]}” (de chat denkt aan: Wat doet de gemeenteraad?)" in text_of(shown)
    async with database.session(AMERSFOORT) as session:
        assert (await session.scalars(select(OwnQuestion))).all() == []
    meant = await griffier.send_form_of(shown.text, "/overnemen", toch="ja")
    assert meant.headers["location"].endswith("?gedaan=overgenomen_vraag")
    async with database.session(AMERSFOORT) as session:
        assert [one.question for one in await session.scalars(select(OwnQuestion))] == [QUESTION["vraag"]]


async def test_when_the_model_can_not_be_asked_a_question_is_taken_over_and_the_clerk_hears_it(
    at, database, surroundings
):
    _, offer_id = await offered_question(at, database)
    griffier = await at(AMERSFOORT)
    surroundings.understood = None
    kept = await griffier.send_form(f"{library_of(AMERSFOORT)}/{offer_id}", "/overnemen")
    assert kept.headers["location"].endswith("?gedaan=overgenomen_vraag_niet_nagekeken")
    assert "Wij konden niet nakijken" in text_of(await griffier.get(kept.headers["location"]))


async def test_withdrawing_leaves_what_was_taken_over_and_tells_it(at, in_chat):
    await in_chat()
    offer_id = await offer(at)
    ours, writer, other = await at(UTRECHT), await at(AMERSFOORT), await at(NUENEN)
    theirs, item = f"{library_of(NUENEN)}/{offer_id}", f"{library_of(AMERSFOORT)}/{offer_id}"
    assert (await other.get(theirs)).status_code == 200
    await writer.send_form(item, "/overnemen")
    unsure = await ours.send_form(f"{library_of(UTRECHT)}/{offer_id}", "/intrekken")
    assert (unsure.status_code, "Zet eerst een vinkje" in unsure.text) == (422, True)
    response = await ours.send_form(f"{library_of(UTRECHT)}/{offer_id}", "/intrekken", zeker="ja")
    assert response.headers["location"].endswith("?gedaan=ingetrokken")
    assert "U trok deze tekst in" in text_of(await ours.get(f"{library_of(UTRECHT)}/{offer_id}"))
    assert (await other.get(theirs)).status_code == 404
    assert "1 overgenomen tekst is ingetrokken" in text_of(await writer.get(f"/griffie/{AMERSFOORT}/antwoorden"))
    assert "Utrecht trok deze tekst in." in text_of(await writer.get(answer_of(AMERSFOORT)))
    gone = text_of(await writer.get(item))
    assert ("Uw eigen tekst blijft staan." in gone, TEXT["tekst"] in gone) == (True, False)
    response = await writer.send_form(item, "/loslaten")
    assert response.headers["location"] == f"{library_of(AMERSFOORT)}?gedaan=losgelaten"
    assert (await writer.get(item)).status_code == 404
    assert "U praat vijf minuten" in text_of(await writer.get(answer_of(AMERSFOORT)))


@pytest.mark.parametrize(
    ("role", "list_", "offering", "adopting"),
    [
        ("griffier", 200, 200, 303),
        ("beheerder", 200, 200, 303),
        ("medewerker", 200, 404, 303),
        ("raadslid", 200, 404, 403),
    ],
)
async def test_who_may_do_what(at, in_chat, role, list_, offering, adopting):
    await in_chat()
    offer_id = await offer(at)
    here, there = await at(UTRECHT, role), await at(AMERSFOORT, role)
    item = f"{library_of(AMERSFOORT)}/{offer_id}"
    page = (await there.get(item)).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    kenmerk = re.search(r'name="kenmerk" value="([^"]+)"', (await (await at(AMERSFOORT)).get(item)).text)[1]
    assert ("/overnemen" in page) == (adopting == 303)
    statuses = (
        (await here.get(library_of(UTRECHT))).status_code,
        (await here.get(offering_of(UTRECHT))).status_code,
        (await there.post(f"{item}/overnemen", data={"csrf": csrf, "kenmerk": kenmerk})).status_code,
    )
    assert statuses == (list_, offering, adopting)


async def test_pages_and_steps_of_another_municipality_do_not_exist(at, in_chat, database):
    """There is something to find: Utrecht's own griffier opens and withdraws it."""
    await in_chat()
    offer_id = await offer(at)
    ours, other = await at(UTRECHT), await at(AMERSFOORT)
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await other.get(library_of(AMERSFOORT))).text)[1]
    data = {"csrf": csrf, "zeker": "ja"}
    answers = [
        await other.get(library_of(UTRECHT)),
        await other.get(f"{library_of(UTRECHT)}/{offer_id}"),
        await other.get(offering_of(UTRECHT)),
        await other.get(offering_of(AMERSFOORT)),
        await other.get(f"{library_of(AMERSFOORT)}/{uuid.uuid4()}"),
        await other.post(offering_of(UTRECHT), data=data),
        await other.post(f"{library_of(UTRECHT)}/{offer_id}/intrekken", data=data),
        await other.post(f"{library_of(AMERSFOORT)}/{offer_id}/intrekken", data=data),
        await other.post(f"{library_of(UTRECHT)}/{offer_id}/overnemen", data=data),
        await other.post(f"{library_of(AMERSFOORT)}/{offer_id}/loslaten", data=data),
        await ours.send_form(f"{library_of(UTRECHT)}/{offer_id}", "/intrekken"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 10 + [422]
    async with database.session(UTRECHT) as session:
        [kept] = await session.scalars(select(Offer))
    assert kept.withdrawn_at is None


async def test_no_name_of_a_person_reaches_another_municipality(at):
    """There is a name to leak: Utrecht's own page of the answer shows who wrote and who published it."""
    await reviewed(at, UTRECHT)
    offer_id = await offer(at)
    ours, theirs = await at(UTRECHT), await at(AMERSFOORT, "raadslid")
    assert "gepubliceerd door Anna de Wit" in text_of(await ours.get(answer_of(UTRECHT)))
    page = (await theirs.get(f"{library_of(AMERSFOORT)}/{offer_id}")).text.partition("<main")[2]
    assert "Anna de Wit" not in page


async def test_data_of_persons_and_the_name_of_the_municipality_are_pointed_out(at, in_chat):
    await in_chat(tekst="Mail jan.jansen@utrecht.example van Utrecht.")
    griffier = await at(UTRECHT)
    page = await griffier.get(offering_of(UTRECHT))
    assert "De naam Utrecht staat in de tekst." in text_of(page)
    assert "Dit zijn misschien gegevens van mensen: jan.jansen@utrecht.example" in text_of(page)
    refused = await griffier.send_form_of(page.text, f"/{TOPIC}")
    assert (refused.status_code, "In deze tekst staan misschien gegevens" in text_of(refused)) == (422, True)
    await offer(at, nagekeken="ja")


async def test_a_text_that_changed_under_ones_eyes_is_not_offered(at, in_chat):
    await in_chat()
    griffier = await at(UTRECHT)
    old = (await griffier.get(offering_of(UTRECHT))).text
    await in_chat(tekst="Iets heel anders.")
    refused = await griffier.send_form_of(old, f"/{TOPIC}")
    assert (refused.status_code, "De tekst is intussen veranderd." in text_of(refused)) == (422, True)


async def test_an_empty_library_says_so(at):
    expected = {
        "": "0 teksten, de nieuwste eerst. Er staat hier nog niets.",
        "zoek=%3Cb%3Ekermis%3C%2Fb%3E": "gevonden voor “<b>kermis</b>”, de beste eerst. Er is niets gevonden.",
        "zoek=%00%27": "0 teksten gevonden voor “'”",
        "pagina=99999999": "0 teksten",
        "lijst=van_ons": "U bood nog niets aan.",
        "lijst=overgenomen": "U nam nog niets over.",
    }
    griffier = await at(UTRECHT)
    pages = {query: await griffier.get(f"{library_of(UTRECHT)}?{query}") for query in expected}
    assert {query: page.status_code for query, page in pages.items()} == dict.fromkeys(expected, 200)
    assert [query for query, told in expected.items() if told not in text_of(pages[query])] == []
    assert [query for query, page in pages.items() if "<b>kermis" in page.text] == []
    assert (await griffier.get(f"{library_of(UTRECHT)}?lijst=onbekend")).status_code == 404


async def test_who_is_not_signed_in_comes_back_to_the_page(at, in_chat, browser):
    await in_chat()
    page = f"/GM0344/bibliotheek/{await offer(at)}"
    response = await browser.get(f"/griffie{page}")
    assert (response.status_code, response.headers["location"]) == (303, f"/griffie/aanmelden?naar={page}")
