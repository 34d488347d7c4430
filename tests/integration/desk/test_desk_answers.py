"""The pages with answers: written, checked by somebody else, in the chat, and back again."""

import html
import re
import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AnswerDraft, AnswerOverride, AnswerVersion, AuditEvent, Clerk, ClerkRole, LocalFact
from participation.services import answers, clerks, people
from tests.integration.conftest import empty_log

LIST = "/griffie/GM0344/antwoorden"
TOPIC = "raad_samenstelling"
PAGE = f"{LIST}/{TOPIC}"
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEXT = {
    "tekst": "De raad van {gemeente} telt velen.",
    "meer": "Meer daarover.",
    "bron": "Raad van Utrecht",
    "bron_adres": "https://utrecht.example/raad",
    "nagekeken": "2026-11-20",
}


@pytest.fixture(autouse=True)
async def _nothing_written(database_url, database):
    async with database.session(EVERY_MUNICIPALITY) as session:
        for model in (AnswerDraft, AnswerOverride, LocalFact, ClerkRole):
            await session.execute(delete(model))
    owner = Database(database_url)  # history is out of reach of the application
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(AnswerVersion))
        await empty_log(session)
    await owner.close()


async def chat_says(database, code: str = "GM0344", topic: str = TOPIC) -> str:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return (await answers.find(session, topic=topic, municipality_code=code, today=TODAY)).text


async def write(browser, step: str = "voorleggen", page: str = PAGE, **fields: str):
    return await browser.send_form(page, f"/antwoorden/{page.rpartition('/')[2]}", **(TEXT | {"stap": step} | fields))


def shown(page: str) -> str:
    """What the preview of a page says: in Telegram, which shows lines as they were typed."""
    telegram = re.search(r'id="voorbeeld-telegram">.*?<div dir="auto">(.*?)</div>', page, re.DOTALL)[1]
    return html.unescape(telegram.replace("<br>", "\n"))


async def test_a_text_goes_from_one_person_to_another_and_then_into_the_chat(clerk_with, database):
    writer, checker = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    before = await chat_says(database)
    assert shown((await writer.get(PAGE)).text) == before
    response = await write(writer, "opslaan")
    assert (response.status_code, response.headers["location"]) == (303, f"{PAGE}?gedaan=concept")
    assert "/publiceren" not in (await checker.get(PAGE)).text
    response = await write(writer)
    assert response.headers["location"] == f"{PAGE}?gedaan=antwoord_voorgelegd"
    preview = shown((await checker.get(PAGE)).text)
    assert await chat_says(database) == before
    response = await checker.send_form(PAGE, "/publiceren")
    assert response.headers["location"] == f"{PAGE}?gedaan=antwoord_live"
    assert await chat_says(database) == preview == "De raad van Utrecht telt velen.\n\nNagekeken op 20 november 2026."
    assert await chat_says(database, "GM0307") != preview
    page = (await checker.get(response.headers["location"])).text
    assert ("De tekst staat nu in de chat." in page, "Versie 1, nu in de chat" in page) == (True, True)
    response = await checker.send_form(PAGE, "/terugzetten")
    assert response.headers["location"] == f"{PAGE}?gedaan=antwoord_teruggezet"
    assert await chat_says(database) == before
    async with database.session("GM0344") as session:
        told = list(
            await session.scalars(select(AuditEvent.action).where(AuditEvent.record == TOPIC).order_by(AuditEvent.id))
        )
    assert told == ["antwoord.bewaard", "antwoord.voorgelegd", "antwoord.gepubliceerd", "antwoord.teruggezet"]


async def test_the_writer_does_not_publish_even_by_hand(clerk_with, database):
    writer, other = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="beheerder")
    await write(writer)
    page = (await writer.get(PAGE)).text
    assert ("/publiceren" in page, "Een andere griffier of beheerder moet hem controleren." in page) == (False, True)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    refused = await writer.post(f"{PAGE}/publiceren", data={"csrf": csrf, "versie": "1", "toelichting": "ja"})
    assert (refused.status_code, "U schreef deze tekst zelf." in refused.text) == (422, True)
    assert "telt velen" not in await chat_says(database)
    assert (await other.send_form(PAGE, "/publiceren")).status_code == 303


async def test_the_only_griffier_is_told_so_and_writes_down_how_it_was_checked(clerk_with, database):
    only = await clerk_with(GM0344="griffier")
    await write(only)
    assert "U bent hier de enige die kan publiceren." in (await only.get(PAGE)).text
    refused = await only.send_form(PAGE, "/publiceren", toelichting="")
    assert (refused.status_code, refused.text.count("Schrijf op hoe u de tekst hebt nagekeken.")) == (422, 2)
    assert "telt velen" not in await chat_says(database)
    assert (await only.send_form(PAGE, "/publiceren", toelichting="Wet gelezen.")).status_code == 303
    assert "telt velen" in await chat_says(database)
    assert "Zelf gepubliceerd: Wet gelezen." in (await only.get(PAGE)).text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"tekst": " "}, "Schrijf eerst het korte antwoord."),
        ({"tekst": "dag " * 61}, "Gebruik hooguit 60 woorden"),
        ({"meer": "Het is {onzin}."}, "Tussen accolades staat een naam die wij niet kennen."),
        ({"tekst": "Het is {zetels."}, "Er staat een losse accolade"),
        ({"bron": ""}, "Zonder bron kan niemand het nakijken."),
        ({"bron_adres": "javascript:alert(1)"}, "geen webadres"),
        ({"nagekeken": "gisteren"}, "Dit is geen datum."),
        ({"nagekeken": "2026-11-24"}, "Deze dag komt nog."),
    ],
)
async def test_a_wrong_field_is_told_and_nothing_typed_is_lost(clerk_with, database, fields, error):
    browser = await clerk_with(GM0344="griffier")
    given = {"bron": "mijn bron", "meer": "mijn uitleg"} | fields
    response = await write(browser, **given)
    assert (response.status_code, error in response.text, "<title>Fout: " in response.text) == (422, True, True)
    for value in given.values():
        assert html.escape(value) in response.text
    async with database.session("GM0344") as session:
        assert list(await session.scalars(select(AnswerDraft))) == []
    again = await browser.send_form_of(response.text, f"/antwoorden/{TOPIC}", **TEXT, stap="opslaan")
    assert again.status_code == 303


async def test_a_colleague_is_not_overwritten_and_ones_own_words_are_given_back(clerk_with, database):
    first, second = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="medewerker")
    old = (await second.get(PAGE)).text
    await write(first, "opslaan", tekst="Van de eerste.")
    late = await second.send_form_of(old, f"/antwoorden/{TOPIC}", **(TEXT | {"tekst": "Van de tweede."}))
    assert (late.status_code, "Van de tweede.</textarea>" in late.text) == (409, True)
    assert shown(late.text).startswith("Van de eerste.")
    await second.send_form_of(late.text, f"/antwoorden/{TOPIC}", **(TEXT | {"tekst": "Van de tweede."}))
    assert shown((await first.get(PAGE)).text).startswith("Van de tweede.")


async def test_scores_and_difficult_words_are_shown_after_saving(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    hard = "Indien belanghebbenden participeren, organiseert de gemeenteraad informatiebijeenkomsten."
    await write(browser, "opslaan", tekst=hard, meer="")
    page = (await browser.get(PAGE)).text
    assert "Opgeslagen tekst: 7 woorden, langste zin 7 woorden, leesscore -" in page
    assert ("Dit is lastig te lezen." in page, "“indien” is een lastig woord. Schrijf liever “als”." in page) == (
        True,
        True,
    )
    await write(browser, "opslaan", tekst="De raad is er voor u.", meer="")
    page = (await browser.get(PAGE)).text
    assert ("Dit is lastig te lezen." in page, "is een lastig woord" in page) == (False, False)


async def test_typed_markup_is_shown_as_text(clerk_with):
    writer, checker = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    bad = "<script>alert(1)</script>"
    await write(writer, tekst=f"</textarea>{bad}", meer=bad, bron=bad)
    for browser in (writer, checker):
        assert "<script>alert" not in (await browser.get(PAGE)).text
    await checker.send_form(PAGE, "/publiceren", toelichting=bad)
    page = (await checker.get(PAGE)).text
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


async def test_who_reads_can_not_change_and_who_writes_can_not_publish(clerk_with, database):
    await write(await clerk_with(GM0344="griffier"))
    for role, may_save in (("raadslid", False), ("campagneleider", False), ("medewerker", True)):
        browser = await clerk_with(GM0344=role)
        page = (await browser.get(PAGE)).text
        assert ('name="tekst"' in page, "/publiceren" in page) == (may_save, False)
        assert shown(page).startswith("De raad van Utrecht telt velen.")
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        sent = {"csrf": csrf, "versie": "1", "nummer": "landelijk"}
        for action in ("publiceren", "terugzetten"):
            assert (await browser.post(f"{PAGE}/{action}", data=sent)).status_code == 403
        if not may_save:
            for action in ("", "/terug", "/weggooien"):
                assert (await browser.post(PAGE + action, data=sent)).status_code == 403
    assert "telt velen" not in await chat_says(database)


async def test_another_municipality_and_an_unknown_topic_do_not_exist(clerk_with, database):
    own = await clerk_with(GM0344="griffier")
    await write(own)
    stranger = await clerk_with(GM0307="griffier")
    theirs = (await stranger.get(f"/griffie/GM0307/antwoorden/{TOPIC}")).text
    assert "telt velen" not in theirs
    csrf = re.search(r'name="csrf" value="([^"]+)"', theirs)[1]
    sent = TEXT | {"csrf": csrf, "versie": "1", "zeker": "ja", "nummer": "landelijk"}
    for page in (LIST, PAGE):
        assert (await stranger.get(page)).status_code == 404
    for base in (PAGE, "/griffie/GM0307/antwoorden/onzin"):
        for action in ("", "/publiceren", "/terug", "/weggooien", "/terugzetten"):
            assert (await stranger.post(base + action, data=sent)).status_code == 404
    assert (await stranger.get("/griffie/GM0307/antwoorden/onzin")).status_code == 404
    assert shown((await own.get(PAGE)).text).startswith("De raad van Utrecht telt velen.")


async def test_sending_back_and_throwing_away(clerk_with, database):
    writer, checker = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    await write(writer)
    assert (await checker.send_form(PAGE, "/terug")).headers["location"] == f"{PAGE}?gedaan=antwoord_terug"
    assert "/publiceren" not in (await checker.get(PAGE)).text
    unsure = await writer.send_form(PAGE, "/weggooien")
    assert (unsure.status_code, "Zet eerst een vinkje" in unsure.text) == (422, True)
    response = await writer.send_form(PAGE, "/weggooien", zeker="ja")
    assert response.headers["location"] == f"{PAGE}?gedaan=concept_weg"
    assert "telt velen" not in (await writer.get(PAGE)).text


async def test_the_list_holds_every_topic_and_is_filtered_by_status_and_group(clerk_with):
    browser = await clerk_with(GM0344="griffier")

    async def topics(query: str = "") -> list[str]:
        return re.findall(r'row__link" href="[^"]+/antwoorden/(\w+)"', (await browser.get(LIST + query)).text)

    assert await topics() == list(content.answers())
    await write(browser)
    assert await topics("?status=ter_controle") == [TOPIC]
    assert await topics("?status=eigen") == []
    group = [topic for topic, answer in content.answers().items() if answer.group == "rechten"]
    assert await topics("?groep=rechten") == group
    assert await topics("?groep=rechten&status=ter_controle") == []
    for query in ("?status=onzin", "?groep=onzin"):
        assert (await browser.get(LIST + query)).status_code == 404


async def test_an_answer_has_an_owner_until_they_leave_or_only_read(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    await clerk_with(GM0344="beheerder")
    async with database.session(EVERY_MUNICIPALITY) as session:
        writers = [(await _colleague(session, name)).id for name in ("Bram", "Cato")]
        stranger = (await _colleague(session, "Dirk", code="GM0307")).id

    async def topics(query: str) -> list[str]:
        page = (await browser.get(LIST + query)).text
        return re.findall(r'row__link" href="[^"]+/antwoorden/(\w+)"', page)

    for topic, owner in zip((TOPIC, "fractie"), writers, strict=True):
        chosen = await browser.send_form(f"{LIST}/{topic}", "/eigenaar", wie=str(owner))
        assert chosen.headers["location"] == f"{LIST}/{topic}?gedaan=antwoord_eigenaar"
    assert [await topics(f"?eigenaar={owner}") for owner in writers] == [[TOPIC], ["fractie"]]
    assert await topics("?eigenaar=niemand") == [one for one in content.answers() if one not in (TOPIC, "fractie")]
    assert await topics(f"?eigenaar={writers[0]}&groep=rechten") == []
    listed = (await browser.get(LIST)).text
    assert [listed.count(f"<span>Eigenaar: {name}</span>") for name in ("Bram", "Cato")] == [1, 1]
    for wrong in (str(stranger), str(uuid.uuid4()), "iemand"):
        refused = await browser.send_form(PAGE, "/eigenaar", wie=wrong)
        assert (refused.status_code, "Kies een collega uit de lijst." in refused.text) == (422, True)
    assert (await browser.get(f"{LIST}?eigenaar={stranger}")).status_code == 404
    async with database.session("GM0344") as session:
        boss = await session.get(Clerk, await _beheerder(session))
        about = {"municipality_code": "GM0344", "clerk": boss, "now": NOW}
        await people.change_role(session, clerk_id=writers[0], role="raadslid", **about)
        await people.end_access(session, clerk_id=writers[1], **about)
    assert await topics("?eigenaar=niemand") == list(content.answers())
    async with database.session("GM0344") as session:
        log = select(func.count()).where(AuditEvent.action == "antwoord.eigenaar")
        assert await session.scalar(log) == 2


async def test_the_warning_that_an_answer_is_old_names_its_owner(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    async with database.session(EVERY_MUNICIPALITY) as session:
        owner = await _colleague(session, "Bram")
        session.add(
            AnswerOverride(
                municipality_code="GM0344",
                topic=TOPIC,
                short="Velen.",
                source_name="x",
                source_url="https://utrecht.example",
                checked_on=date(2025, 11, 22),
                published_by=owner.email,
                published_at=NOW,
            )
        )
    await browser.send_form(PAGE, "/eigenaar", wie=str(owner.id))
    overdue = (await browser.get(f"{LIST}?status=nakijken")).text
    assert overdue.count("Opnieuw nakijken, Bram</span>") == 1
    await browser.send_form(PAGE, "/eigenaar", wie="niemand")
    overdue = (await browser.get(f"{LIST}?status=nakijken")).text
    assert (overdue.count("Opnieuw nakijken</span>"), "Bram" in overdue) == (2, False)


async def _colleague(session, name, code="GM0344"):
    made, _ = await clerks.create_clerk(
        session, email=f"{uuid.uuid4().hex}@gemeente.example", name=name, roles={code: "medewerker"}, now=NOW
    )
    return made


async def _beheerder(session):
    return await session.scalar(
        select(ClerkRole.clerk_id).where(ClerkRole.municipality_code == "GM0344", ClerkRole.role == "beheerder")
    )


async def test_the_list_warns_of_facts_that_lack_and_of_what_was_not_looked_up(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")

    async def topics(status: str) -> list[str]:
        page = (await browser.get(f"{LIST}?status={status}")).text
        return re.findall(r'row__link" href="[^"]+/antwoorden/(\w+)"', page)

    unsettled = [topic for topic, answer in content.answers().items() if answer.to_check]
    assert (await topics("onzeker"), TOPIC in await topics("feit")) == (unsettled, True)
    page = (await browser.get(f"{LIST}/{unsettled[0]}")).text
    assert content.answers()[unsettled[0]].to_check in html.unescape(page)
    async with database.session("GM0344") as session:
        for name in {name for part in content.answers()[TOPIC].local for name in part.facts}:
            fact = {"name": name, "value": "9", "source": "test", "checked_on": TODAY}
            session.add(LocalFact(municipality_code="GM0344", **fact))
    assert TOPIC not in await topics("feit")


async def test_text_of_a_form_that_came_too_late_is_given_back(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    await browser.get(PAGE)
    late = await browser.post(PAGE, data=TEXT | {"csrf": "oud"})
    given_back = (
        "De raad van {gemeente} telt velen.\n\nMeer daarover.\n\nRaad van Utrecht\n\nhttps://utrecht.example/raad"
    )
    assert (late.status_code, f"{given_back}</textarea>" in late.text) == (403, True)


async def test_after_log_in_one_arrives_at_the_text_one_asked_for(browser, new_account):
    email, password = await new_account(GM0344="griffier")
    asked = await browser.get(PAGE)
    assert asked.headers["location"] == f"/griffie/aanmelden?naar=/GM0344/antwoorden/{TOPIC}"
    response = await browser.send_form(asked.headers["location"], "/aanmelden", email=email, wachtwoord=password)
    assert response.headers["location"] == PAGE


async def test_a_step_on_what_a_colleague_already_did_is_told(clerk_with, database):
    writer, checker = await clerk_with(GM0344="medewerker"), await clerk_with(GM0344="griffier")
    await write(writer)
    old = (await checker.get(PAGE)).text
    await write(writer, tekst="Toch anders.")
    for action in ("/publiceren", "/terug", "/weggooien"):
        late = await checker.send_form_of(old, action, zeker="ja")
        assert (late.status_code, "Een collega heeft intussen iets veranderd." in late.text) == (422, True)
    assert (await checker.send_form(PAGE, "/publiceren")).status_code == 303
    assert (await chat_says(database)).startswith("Toch anders.")
