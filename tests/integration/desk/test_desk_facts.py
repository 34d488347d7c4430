"""The page with facts: filled in, cleared, refused, handed over as a table, and in the chat at once."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from participation.database import EVERY_MUNICIPALITY
from participation.known_facts import known_facts
from participation.models import AuditEvent, LocalFact
from participation.services import answers

PAGE = "/griffie/GM0344/feiten"
TODAY = date(2026, 11, 23)
HEADER = "feit;naam;waarde;bron;bron_adres;geldig_tot\n"


@pytest.fixture(autouse=True)
async def _no_facts(database):
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(LocalFact))


async def chat_says(database, topic: str, code: str = "GM0344", today: date = TODAY) -> str:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return (await answers.find(session, topic=topic, municipality_code=code, today=today)).text


async def fill(browser, name: str = "zetels", page: str = PAGE, **fields: str):
    given = {"waarde": "45", "bron": "Website van Utrecht"} | fields
    return await browser.send_form(f"{page}/{name}", f"/feiten/{name}", **given)


async def upload(browser, text: str | bytes, page: str = PAGE):
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get(PAGE)).text)[1]
    content = text if isinstance(text, bytes) else text.encode()
    return await browser.post(f"{page}/inlezen", data={"csrf": csrf}, files={"bestand": ("feiten.csv", content)})


async def confirm(browser, preview: str):
    """Send what a browser would: a text area without its first line end."""
    table = html.unescape(re.search(r"<textarea name=\"tabel\"[^>]*>\n(.*?)</textarea>", preview, re.DOTALL)[1])
    return await browser.send_form_of(preview, "/inlezen/opslaan", tabel=table.replace("\n", "\r\n"))


async def test_a_fact_is_in_the_chat_right_after_saving_and_gone_right_after_clearing(clerk_with, database):
    browser = await clerk_with(GM0344="medewerker")
    assert "heeft 45 zetels" not in await chat_says(database, "raad_samenstelling")
    response = await fill(browser, bron_adres="https://utrecht.example/raad", geldig_tot="2030-03-28")
    assert (response.status_code, response.headers["location"]) == (303, f"{PAGE}?gedaan=feit")
    assert "heeft 45 zetels" in await chat_says(database, "raad_samenstelling")
    assert "heeft 45 zetels" not in await chat_says(database, "raad_samenstelling", "GM0307")
    page = (await browser.get(f"{PAGE}/zetels")).text
    assert 'href="https://utrecht.example/raad" rel="noreferrer">Website van Utrecht</a>' in page
    assert "28 maart 2030" in page
    unsure = await browser.send_form(f"{PAGE}/zetels", "/wissen")
    assert (unsure.status_code, "Zet eerst een vinkje" in unsure.text) == (422, True)
    assert "heeft 45 zetels" in await chat_says(database, "raad_samenstelling")
    assert (await browser.send_form(f"{PAGE}/zetels", "/wissen", zeker="ja")).status_code == 303
    assert "heeft 45 zetels" not in await chat_says(database, "raad_samenstelling")


async def test_a_fact_without_an_end_is_read_again_after_a_year(clerk_with, database):
    async with database.session("GM0344") as session:
        for name, days, until in (("zetels", 366, None), ("partijen", 365, None), ("coalitie", 366, TODAY)):
            fact = {"value": "9", "source": "test", "checked_on": TODAY - timedelta(days=days), "valid_until": until}
            session.add(LocalFact(municipality_code="GM0344", name=name, **fact))
    page = (await (await clerk_with(GM0344="griffier")).get(PAGE)).text
    told = re.findall(r'status-badge--\w+">(Opnieuw nakijken|Ingevuld)<.*?/feiten/(\w+)"', page, re.DOTALL)
    assert sorted(told) == [("Ingevuld", "coalitie"), ("Ingevuld", "partijen"), ("Opnieuw nakijken", "zetels")]


async def test_who_changed_a_fact_is_recorded_with_what_it_was(clerk_with, database):
    async with database.session("GM0344") as session:
        before = await session.scalar(select(func.max(AuditEvent.id))) or 0
    browser = await clerk_with(GM0344="griffier")
    await fill(browser)
    await fill(browser, waarde="46")
    await browser.send_form(f"{PAGE}/zetels", "/wissen", zeker="ja")
    async with database.session("GM0344") as session:
        events = list(
            await session.scalars(
                select(AuditEvent)
                .where(AuditEvent.id > before, AuditEvent.action.like("feit.%"))
                .order_by(AuditEvent.id)
            )
        )
    told = [(one.action, one.record, one.details) for one in events]
    assert told == [
        ("feit.ingevuld", "zetels", {"was": None, "wordt": "45"}),
        ("feit.ingevuld", "zetels", {"was": "45", "wordt": "46"}),
        ("feit.gewist", "zetels", {"was": "46"}),
    ]
    assert None not in {one.clerk_id for one in events}


async def test_what_is_missing_is_counted_and_comes_first_then_what_is_out_of_date(clerk_with, database, surroundings):
    browser, every = await clerk_with(GM0344="griffier"), len(known_facts())
    assert f"Nog niet ingevuld: {every} van {every}." in (await browser.get(PAGE)).text
    await fill(browser, "zetels")
    await fill(browser, "burgemeester", waarde="Anna de Wit", geldig_tot="2026-11-24")
    surroundings.now += timedelta(minutes=90)
    surroundings.now += timedelta(days=2)
    browser = await clerk_with(GM0344="griffier")
    page = (await browser.get(PAGE)).text
    assert f"Nog niet ingevuld: {every - 2} van {every}." in page
    assert "Verlopen: 1." in page
    shown = re.findall(r"/feiten/(\w+)\">", page)
    assert (len(shown), shown[-2:]) == (every, ["burgemeester", "zetels"])


@pytest.mark.parametrize(
    ("name", "fields", "error"),
    [
        ("zetels", {"waarde": " "}, "Vul het feit in."),
        ("zetels", {"waarde": "veel"}, "Vul een getal in"),
        ("raad_url", {"waarde": "javascript:alert(1)"}, "Vul een webadres in"),
        ("griffie_email", {"waarde": "griffie"}, "Vul een e-mailadres in"),
        ("griffie_telefoon", {"waarde": "bel maar"}, "Vul een telefoonnummer in"),
        ("burgemeester", {"waarde": "a" * 601}, "De tekst is te lang."),
        ("zetels", {"bron": ""}, "Vul in waar dit staat"),
        ("zetels", {"bron": "b" * 121}, "De naam van de bron is te lang."),
        ("zetels", {"bron_adres": "www.utrecht.nl"}, "geen webadres"),
        ("zetels", {"geldig_tot": "morgen"}, "Dit is geen datum."),
        ("zetels", {"geldig_tot": "2026-11-22"}, "Deze datum is al voorbij."),
    ],
)
async def test_a_wrong_field_is_told_and_nothing_typed_is_lost(clerk_with, database, name, fields, error):
    browser = await clerk_with(GM0344="griffier")
    response = await fill(browser, name, **{"bron": "mijn bron"} | fields)
    assert (response.status_code, error in response.text) == (422, True)
    assert "<title>Fout: " in response.text
    for value in ({"bron": "mijn bron"} | fields).values():
        assert f'value="{html.escape(value)}"' in response.text
    async with database.session("GM0344") as session:
        assert list(await session.scalars(select(LocalFact))) == []


async def test_typed_markup_is_shown_as_text(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    await fill(browser, "burgemeester", waarde="<script>alert(1)</script>", bron="<b>x</b>")
    for page in (PAGE, f"{PAGE}/burgemeester"):
        text = (await browser.get(page)).text
        assert ("<script>alert" in text, "<b>x" in text, "&lt;script&gt;alert(1)" in text) == (False, False, True)
    preview = await upload(browser, HEADER + "coalitie;;</textarea><script>alert(2)</script>;bron;;\n")
    assert ("<script>alert" in preview.text, "&lt;script&gt;alert(2)" in preview.text) == (False, True)


async def test_who_reads_can_not_change(clerk_with, database):
    await fill(await clerk_with(GM0344="griffier"), waarde="37")
    reader = await clerk_with(GM0344="raadslid")
    page = (await reader.get(f"{PAGE}/zetels")).text
    assert ("37" in page, 'name="waarde"' in page) == (True, False)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    for action in ("zetels", "zetels/wissen", "inlezen", "inlezen/opslaan"):
        refused = await reader.post(f"{PAGE}/{action}", data={"csrf": csrf, "waarde": "1", "bron": "x", "zeker": "ja"})
        assert refused.status_code == 403
    assert "37 zetels" in await chat_says(database, "raad_samenstelling")


async def test_another_municipality_and_an_unknown_fact_do_not_exist(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    assert (await fill(browser)).status_code == 303
    stranger = await clerk_with(GM0307="griffier")
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await stranger.get("/griffie/GM0307/feiten")).text)[1]
    for page in ("", "/zetels", ".csv"):
        response = await stranger.get(PAGE + page)
        assert (response.status_code, "45" in re.findall(r"\b45\b", response.text)) == (404, False)
    for action in ("zetels", "zetels/wissen", "inlezen", "inlezen/opslaan"):
        assert (await stranger.post(f"{PAGE}/{action}", data={"csrf": csrf, "zeker": "ja"})).status_code == 404
    for action in ("bestaat_niet", "bestaat_niet/wissen"):
        path = f"/griffie/GM0307/feiten/{action}"
        assert (await stranger.post(path, data={"csrf": csrf, "zeker": "ja"})).status_code == 404
    assert (await stranger.get("/griffie/GM0307/feiten/bestaat_niet")).status_code == 404


async def test_a_table_shows_what_it_changes_before_it_changes_anything(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    await fill(browser, waarde="37")
    preview = await upload(
        browser,
        HEADER
        + "zetels;;45;Raad;https://utrecht.example;31-12-2030\n"
        + 'coalitie;;"Partij A;\nPartij ""B""";Akkoord;;\nburgemeester;;;;;\n',
    )
    assert (preview.status_code, "verandert 2 feiten" in preview.text) == (200, True)
    assert "37 zetels" in await chat_says(database, "raad_samenstelling")
    response = await confirm(browser, preview.text)
    assert response.headers["location"] == f"{PAGE}?gedaan=feiten_ingelezen"
    assert "45 zetels" in await chat_says(database, "raad_samenstelling")
    async with database.session("GM0344") as session:
        rows = {row.name: row for row in await session.scalars(select(LocalFact))}
    assert set(rows) == {"zetels", "coalitie"}
    assert (rows["zetels"].source_url, rows["zetels"].valid_until) == ("https://utrecht.example", date(2030, 12, 31))
    assert rows["coalitie"].value == 'Partij A; Partij "B"'


async def test_the_table_that_is_downloaded_comes_back_without_changes_and_computes_nothing(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    await fill(browser, "griffie_telefoon", waarde="+31 30 000 00 00", bron="=HYPERLINK(1)")
    await fill(browser, "coalitie", waarde="@SUM(1); 'en\"zo")
    table = await browser.get(f"{PAGE}.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="feiten-GM0344.csv"'
    assert "'+31 30 000 00 00;'=HYPERLINK(1)" in table.text
    assert not re.search(r"(^|;|\")[=+@-]", table.text, re.MULTILINE)
    assert table.text.count("\r\n") == 1 + len(known_facts())
    again = await upload(browser, table.content)
    assert (again.status_code, "niets anders dan wat u al heeft" in again.text) == (200, True)


async def test_every_wrong_line_is_told_and_none_of_the_table_is_taken(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    table = HEADER + (
        "zetels;;45;Raad;;\nonzin;;1;x;;\nzetels;;46;Raad;;\nraad_url;;geen adres;x;;\n"
        "coalitie;;A;;;\nburgemeester;;Anna;x;;31-2-2030\n"
    )
    response = await upload(browser, table)
    assert response.status_code == 422
    told = [html.unescape(text) for text in re.findall(r'href="#bestand">(.*?)</a>', response.text)]
    assert [text.split(":")[0] for text in told] == [
        "Regel 3 (“onzin”)",
        "Regel 4 (“zetels”)",
        "Regel 5, kolom “waarde”",
        "Regel 6, kolom “bron”",
        "Regel 7, kolom “geldig_tot” (“31-2-2030”)",
    ]
    async with database.session("GM0344") as session:
        assert list(await session.scalars(select(LocalFact))) == []


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("", "moeten erin staan"),
        ("a;b\n1;2\n", "moeten erin staan"),
        (HEADER + "zetels;;45;x;;;;\n", "Regel 2: Er staan te veel kolommen"),
        (HEADER + "zetels;;45;x;;\n" * 501, "meer dan 500 regels"),
        (b"\xff\xfe\x00", "moeten erin staan"),
    ],
)
async def test_what_is_no_table_is_refused_in_words(clerk_with, table, error):
    response = await upload(await clerk_with(GM0344="griffier"), table)
    assert (response.status_code, error in response.text) == (422, True)


async def test_a_table_that_came_back_changed_is_read_anew(clerk_with, database):
    browser = await clerk_with(GM0344="griffier")
    preview = await upload(browser, HEADER + "zetels;;45;Raad;;\n")
    forged = await browser.send_form_of(preview.text, "/opslaan", tabel=HEADER + "zetels;;veel;Raad;;\n")
    assert (forged.status_code, "Vul een getal in" in forged.text) == (422, True)
    assert "heeft veel zetels" not in await chat_says(database, "raad_samenstelling")
    async with database.session("GM0344") as session:
        assert list(await session.scalars(select(LocalFact))) == []
