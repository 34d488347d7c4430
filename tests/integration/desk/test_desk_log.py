"""The page of the log: who may see it, what can be asked for, and what leaves it as a table."""

import csv
import io
import re

import pytest
from sqlalchemy import event

from participation.services import audit

PAGE = "/griffie/GM0344/logboek"


@pytest.fixture
def told(database, now):
    """Add events to the log of a municipality."""

    async def add(code="GM0344", count=1, action="feit.ingevuld", **given):
        async with database.session(code) as session:
            for _ in range(count):
                await audit.record(session, action=action, clerk=None, municipality_code=code, **({"now": now} | given))

    return add


def lines(page):
    return [
        " ".join(re.sub(r"<[^>]+>", " ", one).split())
        for one in re.findall(r'<li class="log__line">.*?</li>', page, re.S)
    ]


@pytest.mark.parametrize(
    ("role", "status"),
    [("griffier", 200), ("beheerder", 200), ("medewerker", 404), ("raadslid", 404), ("campagneleider", 404)],
)
async def test_the_log_is_for_those_who_may_read_it(clerk_with, role, status):
    browser = await clerk_with(GM0344=role)
    assert (await browser.get(PAGE)).status_code == status
    home = (await browser.get("/griffie/GM0344/inbreng")).text
    assert (PAGE in home) == (status == 200)
    token = re.search(r'name="csrf" value="([^"]+)"', home)[1]
    assert (await browser.post(f"{PAGE}.csv", data={"csrf": token})).status_code == status


async def test_reading_a_whole_text_is_in_the_log_with_the_reason(clerk_with, contribute):
    contribution = await contribute("Mijn buurman Piet Jansen zet zijn afval op straat.")
    browser = await clerk_with(GM0344="griffier")
    await browser.send_form(f"/griffie/GM0344/inbreng/{contribution.id}", "/origineel", reden="De bewoner <b>belde</b>")
    page = (await browser.get(f"{PAGE}?soort=hele_tekst&nummer={contribution.reference}")).text
    [line] = lines(page)
    assert line.startswith(
        f"Hele tekst gelezen · {contribution.reference} “De bewoner &lt;b&gt;belde&lt;/b&gt;” Anna de Wit · vandaag om"
    )
    assert "Piet Jansen" not in page


async def test_log_ins_are_shown_to_the_municipality_and_to_no_other(clerk_with):
    mine = await clerk_with(GM0344="beheerder")
    other = await clerk_with(GM0307="beheerder")
    page = (await mine.get(f"{PAGE}?soort=aanmelden")).text
    assert "Aangemeld" in page
    assert "Wachtwoord veranderd" in page
    assert (await other.get(PAGE)).status_code == 404
    theirs = (await other.get("/griffie/GM0307/logboek?soort=aanmelden")).text
    assert [line.split(" Anna")[0] for line in lines(theirs)] == [
        "Tweede stap aangezet",
        "Wachtwoord veranderd",
        "Aangemeld",
    ]


async def test_what_is_asked_for_combines(clerk_with, told, now):
    browser = await clerk_with(GM0344="griffier")
    await told(action="feit.gewist", record="zetels", details={"was": "45"})
    await told(code="GM0307", action="feit.gewist", record="zetels")
    today, tomorrow = "2026-11-23", "2026-11-24"
    asked = f"{PAGE}?soort=teksten&van={today}&tot={today}"
    assert any(line.startswith("Feit gewist was: 45") for line in lines((await browser.get(asked)).text))
    assert lines((await browser.get(f"{PAGE}?soort=teksten&van={tomorrow}")).text) == []
    assert lines((await browser.get(f"{PAGE}?nummer=SP-2026-999999-V")).text) == []
    own = re.search(r'<option value="([0-9a-f-]{36})"', (await browser.get(PAGE)).text)[1]
    assert all("Feit gewist" not in line for line in lines((await browser.get(f"{PAGE}?wie={own}")).text))


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("van=31-31-2027", "Vul een datum in, zoals 31-1-2027."),
        ("nummer=SP-2026-000123-A", "Dit is geen nummer van een inbreng."),
    ],
)
async def test_what_can_not_be_asked_for_is_told(clerk_with, query, error):
    browser = await clerk_with(GM0344="griffier")
    answer = await browser.get(f"{PAGE}?{query}")
    assert (answer.status_code, error in answer.text) == (422, True)


async def test_pages_go_on_where_the_last_one_ended(clerk_with, told):
    browser = await clerk_with(GM0344="griffier")
    await told(count=120, action="filter.bewaard", details={"gedeeld": False})
    seen, address = [], f"{PAGE}?soort=instellingen"
    for _ in range(3):
        page = (await browser.get(address)).text
        seen.append(len(lines(page)))
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert (seen, address) == ([50, 50, 20], "")


async def test_one_event_or_thirty_ask_the_database_as_much(clerk_with, told, database):
    browser = await clerk_with(GM0344="griffier")
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    counts = []
    for count in (1, 29):
        await told(count=count, action="vernietigingslijst.afgewezen")
        asked.clear()
        page = (await browser.get(f"{PAGE}?soort=vernietigen")).text
        counts.append((len(lines(page)), len(asked)))
    assert [shown for shown, _ in counts] == [1, 30]
    assert counts[0][1] == counts[1][1]


async def test_the_table_computes_nothing_and_is_in_the_log_itself(clerk_with, told):
    browser = await clerk_with(GM0344="griffier")
    await told(action="bibliotheek.aangeboden", record='=HYPERLINK("x")', details={"onderwerp": "=1+1"})
    page = (await browser.get(f"{PAGE}?soort=teksten")).text
    answer = await browser.send_form_of(page, "/logboek.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    [row] = [row for row in rows if row["code"] == "bibliotheek.aangeboden"]
    assert row["kenmerk_van_het_stuk"] == '\'=HYPERLINK("x")'
    assert (row["bijzonderheden"], len(row["keten"])) == ("onderwerp: =1+1", 64)
    line = lines((await browser.get(f"{PAGE}?soort=uitvoer")).text)[0]
    assert line.startswith(f"Logboek gedownload soort: teksten, regels: {len(rows)} Anna de Wit")


async def test_a_table_needs_the_form_of_this_session(clerk_with):
    browser = await clerk_with(GM0344="griffier")
    before = lines((await browser.get(f"{PAGE}?soort=uitvoer")).text)
    assert (await browser.post(f"{PAGE}.csv", data={"csrf": "geraden"})).status_code == 403
    assert lines((await browser.get(f"{PAGE}?soort=uitvoer")).text) == before
