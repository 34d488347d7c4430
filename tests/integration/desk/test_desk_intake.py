"""The desk enters what came in outside the chat: one by one, or in a table of which everything or nothing is taken."""

import asyncio
import csv
import io
import time
import uuid

import pytest
from sqlalchemy import delete, func, select

from desk.words import THEMES
from participation.database import EVERY_MUNICIPALITY
from participation.language.themes import OTHER
from participation.models import (
    Contribution,
    ContributionIntake,
    ContributionSorting,
    ContributionStatus,
    MunicipalitySetting,
)
from participation.services import masking
from participation.services.references import parse_reference

PAGE = "/griffie/GM0344/invoeren"
UTRECHT = "GM0344"
TOLD = {
    "tekst": "Mijn naam is Piet Jansen. De stoep is hier stuk.",
    "kanaal": "telefoon",
    "ontvangen": "2026-11-20",
    "plek": "bij het postkantoor",
    "antwoord": "telefoon",
    "contact": "06-24681357",
}
HEAD = "kanaal;ontvangen_op;tekst;plek;soort;thema;antwoord_via;contact"


@pytest.fixture
def rows(database):
    """What is kept of the contributions with this text in them."""

    async def found(part):
        async with database.session(EVERY_MUNICIPALITY) as session:
            result = await session.execute(
                select(Contribution, ContributionIntake)
                .join(ContributionIntake, ContributionIntake.contribution_id == Contribution.id)
                .where(Contribution.text.contains(part))
                .order_by(Contribution.reference)
            )
            return result.all()

    return found


async def upload(browser, table, name="tabel.csv"):
    token = (await browser.get(PAGE)).text.partition('name="csrf" value="')[2].partition('"')[0]
    content = table if isinstance(table, bytes) else table.encode()
    return await browser.post(f"{PAGE}/tabel", data={"csrf": token}, files={"bestand": (name, content, "text/csv")})


async def test_what_somebody_told_by_phone_gets_a_number_and_goes_the_usual_way(clerk_with, rows, database):
    griffier = await clerk_with(GM0344="medewerker")
    saved = await griffier.send_form(PAGE, "/invoeren", **TOLD)
    assert saved.status_code == 303
    [(contribution, intake)] = await rows("De stoep is hier stuk.")
    page = (await griffier.get(saved.headers["location"])).text
    assert page.count(f"<strong>{contribution.reference}</strong>") == 1
    assert parse_reference(contribution.reference) == contribution.reference
    assert contribution.text == f"{TOLD['tekst']}\n\nPlek: bij het postkantoor"
    assert contribution.masked_text.count("Jansen") == 0
    assert (contribution.channel, contribution.resident_id, contribution.kind) == ("telefoon", None, None)
    assert (str(intake.received_on), intake.answer_by) == ("2026-11-20", "telefoon")
    assert b"24681357" not in intake.contact
    async with database.session(UTRECHT) as session:
        statuses = await session.scalars(
            select(ContributionStatus.status).where(ContributionStatus.contribution_id == contribution.id)
        )
        assert statuses.all() == ["ontvangen"]
    shown = (await griffier.get(f"/griffie/GM0344/inbreng/{contribution.id}")).text
    assert (shown.count("06-24681357"), shown.count("20 november 2026")) == (1, 1)
    # Nothing here speaks of a chat that there never was.
    assert [shown.count(words) for words in ("chat is gewist", "leest dit boven uw", "krijgt deze tekst")] == [0] * 3
    assert shown.count("Deze inbreng kwam niet uit de chat.") == 1
    reader = await clerk_with(GM0344="raadslid")
    shown = (await reader.get(f"/griffie/GM0344/inbreng/{contribution.id}")).text
    assert (shown.count("06-24681357"), shown.count("Ingevoerd voor een inwoner")) == (0, 1)


async def test_a_form_that_is_sent_twice_logs_once(clerk_with, rows):
    griffier = await clerk_with(GM0344="griffier")
    html = (await griffier.get(PAGE)).text
    told = TOLD | {"tekst": "De brug is glad."}
    first, second = [await griffier.send_form_of(html, "/invoeren", **told) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert len(await rows("De brug is glad.")) == 1


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"tekst": "  "}, "Schrijf op wat de inwoner vertelde."),
        ({"tekst": "x" * 10_001}, "De tekst is te lang."),
        ({"kanaal": "duif"}, "Kies hoe het binnenkwam"),
        ({"ontvangen": "gisteren"}, "Dit is geen datum."),
        ({"ontvangen": "2026-11-24"}, "Deze dag komt nog."),
        ({"contact": ""}, "Vul het nummer of adres in"),
        ({"antwoord": ""}, "Haal het nummer of adres weg."),
        ({"thema": "onzin"}, "Dit thema kennen wij niet."),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(clerk_with, rows, wrong, error):
    griffier = await clerk_with(GM0344="griffier")
    mark = uuid.uuid4().hex
    told = {**TOLD, "plek": mark, **wrong}
    answer = await griffier.send_form(PAGE, "/invoeren", **told)
    assert answer.status_code == 422
    assert answer.text.count(error) == 2
    assert answer.text.count(mark) == 1
    assert await rows(mark) == []


async def test_who_may_enter(clerk_with):
    elsewhere, reader = await clerk_with(GM0307="griffier"), await clerk_with(GM0344="raadslid")
    assert [(await one.get(PAGE)).status_code for one in (elsewhere, reader)] == [404, 404]
    token = (await elsewhere.get("/griffie/GM0307/invoeren")).text.partition('name="csrf" value="')[2].partition('"')[0]
    refused = await elsewhere.post(PAGE, data=TOLD | {"csrf": token, "verzending": str(uuid.uuid4())})
    assert refused.status_code == 404


async def test_a_table_is_taken_in_once_however_often_it_is_handed_over(clerk_with, rows, database, now):
    griffier = await clerk_with(GM0344="griffier")
    table = "\r\n".join(
        [
            HEAD,
            "Kraam op straat;20-11-2026;Tabelregel: te donker in het park;;zorg;Bus, trein en vervoer;;",
            "kraam;20-11-2026;Tabelregel: te donker in het park;;;;;",
            "kraam;20-11-2026;Tabelregel: te donker in het park;;;;;",
            'papier;2026-11-19;"Tabelregel: een bankje;\nbij de school";;;;E-mail;jan@voorbeeld.example',
        ]
    )
    first = (await upload(griffier, table)).text
    assert first.count("4 regels zijn ingelezen.") == 1
    found = await rows("Tabelregel")
    assert [row.channel for row, _ in found] == ["kraam", "kraam", "kraam", "papier"]
    assert [row.kind for row, _ in found] == ["zorg", None, None, None]
    assert [row.readable_text for row, _ in found] == ["[nog niet leesbaar gemaakt]"] * 4
    assert len({intake.batch for _, intake in found}) == 1
    again = (await upload(griffier, table.replace("\r\n", "\n"))).text
    assert again.count("0 regels zijn ingelezen. 4 regels kenden wij al") == 1
    assert len(await rows("Tabelregel")) == 4
    async with database.session(EVERY_MUNICIPALITY) as session:
        while await masking.mask_waiting(session, now=now):
            pass
        sortings = await session.scalar(
            select(func.count()).where(ContributionSorting.contribution_id.in_([row.id for row, _ in found]))
        )
    assert sortings == 1
    batch = found[0][1].batch
    numbers = csv.DictReader(
        io.StringIO((await griffier.get(f"{PAGE}/{batch}.csv")).text.removeprefix("\ufeff")), delimiter=";"
    )
    assert [row["nummer"] for row in numbers] == [row.reference for row, _ in found]
    elsewhere = await clerk_with(GM0307="griffier")
    assert (await elsewhere.get(f"/griffie/GM0307/invoeren/{batch}.csv")).status_code == 404


async def test_a_theme_that_the_municipality_does_not_use_can_not_be_entered(clerk_with, rows, database):
    griffier, elsewhere = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    table = f"{HEAD}\r\nkraam;20-11-2026;Uitgezet: te weinig bomen;;zorg;{THEMES['groen']};;"
    shown = [theme for theme in THEMES if theme not in {"groen", OTHER}]
    token = (await griffier.get(PAGE)).text.partition('name="csrf" value="')[2].partition('"')[0]
    await griffier.post("/griffie/GM0344/instellingen/themas", data={"csrf": token, "thema": shown})
    try:
        html = (await griffier.get(PAGE)).text
        refused = await upload(griffier, table)
    finally:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(delete(MunicipalitySetting))
    usual = (await elsewhere.get("/griffie/GM0307/invoeren")).text
    assert [f'<option value="{theme}"' in html for theme in ("groen", "wonen", OTHER)] == [False, True, True]
    assert ('<option value="groen"' in usual, usual.count(THEMES["groen"]), html.count(THEMES["groen"])) == (True, 2, 0)
    assert (refused.status_code, "Dit thema kennen wij niet." in refused.text) == (422, True)
    assert await rows("Uitgezet") == []


async def test_one_wrong_line_refuses_the_table_and_every_wrong_line_is_named(clerk_with, rows):
    griffier = await clerk_with(GM0344="griffier")
    table = "\n".join(
        [HEAD, "balie;20-11-2026;Goede regel;;;;;", "duif;20-11-2026;Foute regel;;;;;", "balie;32-1;;;;;;"]
    )
    answer = await upload(griffier, table)
    assert answer.status_code == 422
    for line in (
        "Regel 3, kolom “kanaal” (“duif”)",
        "Regel 4, kolom “tekst”",
        "Regel 4, kolom “ontvangen_op” (“32-1”)",
    ):
        assert answer.text.count(line) == 1
    assert await rows("Goede regel") == []


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("", "De kolommen"),
        ("naam;adres\nx;y", "De kolommen"),
        (HEAD, "Er staat geen inbreng in de tabel."),
        (f"{HEAD}\nbalie;20-11-2026;a;b;c;d;e;f;g;h", "Er staan te veel kolommen op deze regel."),
        (b"\x00\xff\xfe\x00", "De kolommen"),
    ],
)
async def test_what_is_no_table_is_refused_in_words(clerk_with, table, error):
    answer = await upload(await clerk_with(GM0344="griffier"), table)
    assert (answer.status_code, answer.text.count(error)) == (422, 1)


async def test_the_empty_table_can_be_filled_in_and_handed_over(clerk_with, rows):
    griffier = await clerk_with(GM0344="griffier")
    template = (await griffier.get(f"{PAGE}/tabel.csv")).text.removeprefix("\ufeff")
    assert template.splitlines()[0] == HEAD
    filled = template.splitlines()[0] + "\r\nBalie;20-11-2026;Uit het sjabloon;;;;;\r\n"
    assert (await upload(griffier, filled.encode("cp1252"))).status_code == 200
    assert len(await rows("Uit het sjabloon")) == 1


async def test_no_cell_of_a_table_that_is_handed_out_is_computed(clerk_with, rows, database, now):
    griffier = await clerk_with(GM0344="griffier")
    formula = '=HYPERLINK("http://kwaad.example")'
    quoted = formula.replace('"', '""')
    await upload(griffier, f'{HEAD}\nbalie;20-11-2026;"{quoted}";;;;;')
    [(row, intake)] = await rows("HYPERLINK")
    assert row.text == formula
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = await session.get_one(Contribution, row.id)
        kept.masked_text, kept.masked_at = formula, now
    table = (await griffier.get(f"{PAGE}/{intake.batch}.csv")).text.removeprefix("\ufeff")
    [line] = csv.DictReader(io.StringIO(table), delimiter=";")
    assert line["tekst"] == f"'{formula}"


@pytest.mark.timeout(300)
async def test_ten_thousand_lines_take_bearable_time_and_keep_no_resident_waiting(
    clerk_with, contribute, rows, database
):
    """Meanwhile a resident passes something on: what is taken in does not hold the counter of numbers."""
    griffier = await clerk_with(GM0344="griffier")
    lines = [
        f"kraam;20-11-2026;Massaregel {number} over het plein en de bomen in de wijk;;;;;" for number in range(10_000)
    ]
    table = "\n".join([HEAD, *lines])
    started = time.monotonic()
    upload_task = asyncio.create_task(upload(griffier, table))
    waits = []
    while not upload_task.done():
        await asyncio.sleep(0.5)
        before = time.monotonic()
        await contribute("Ondertussen is er een gat in de weg.")
        waits.append(time.monotonic() - before)
    answer = upload_task.result()
    took = time.monotonic() - started
    assert (answer.status_code, answer.text.count("10000 regels zijn ingelezen.")) == (200, 1)
    assert took < 180, "some fifteen seconds on a quiet machine; others may use this one"
    assert max(waits) < took / 2
    async with database.session(EVERY_MUNICIPALITY) as session:
        numbers = (
            await session.scalars(select(Contribution.reference).where(Contribution.text.contains("Massaregel")))
        ).all()
        statuses = await session.scalar(
            select(func.count())
            .select_from(ContributionStatus)
            .join(Contribution, Contribution.id == ContributionStatus.contribution_id)
            .where(Contribution.text.contains("Massaregel"))
        )
    assert (len(set(numbers)), statuses) == (10_000, 10_000)
    too_many = await upload(griffier, f"{table}\nkraam;20-11-2026;Een te veel;;;;;")
    assert (too_many.status_code, too_many.text.count("meer dan 10000 regels")) == (422, 1)


async def test_what_was_entered_is_erased_when_the_person_asks_for_it(clerk_with, rows, database):
    griffier = await clerk_with(GM0344="griffier")
    await griffier.send_form(PAGE, "/invoeren", **TOLD | {"tekst": "Bij de wulpenkade is het glad."})
    [(contribution, _)] = await rows("wulpenkade")
    page = f"/griffie/GM0344/inbreng/{contribution.id}"
    unsure = await griffier.send_form(page, f"/invoeren/{contribution.id}/intrekken")
    assert unsure.headers["location"] == f"{page}?gedaan=ingevoerd_zeker"
    assert len(await rows("wulpenkade")) == 1
    elsewhere = await clerk_with(GM0307="griffier")
    token = (await elsewhere.get("/griffie/GM0307/invoeren")).text.partition('name="csrf" value="')[2].partition('"')[0]
    for code in ("GM0344", "GM0307"):
        address = f"/griffie/{code}/invoeren/{contribution.id}/intrekken"
        assert (await elsewhere.post(address, data={"csrf": token, "zeker": "ja"})).status_code == 404
    done = await griffier.send_form(page, f"/invoeren/{contribution.id}/intrekken", zeker="ja")
    assert done.headers["location"] == f"{page}?gedaan=ingevoerd_weg"
    assert await rows("wulpenkade") == []
    async with database.session(UTRECHT) as session:
        intake = await session.get_one(ContributionIntake, contribution.id)
        statuses = await session.scalars(
            select(ContributionStatus.status)
            .where(ContributionStatus.contribution_id == contribution.id)
            .order_by(ContributionStatus.number)
        )
        assert (intake.contact, statuses.all()) == (None, ["ontvangen", "geannuleerd"])
