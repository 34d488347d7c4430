"""Signs of danger or a threat stand in front at the desk until a person looked; groups are shown; nothing is hidden."""

from desk.routes import signals
from participation.database import EVERY_MUNICIPALITY
from participation.services import checking, contributions

PAGE = "/griffie/GM0344/signalen"
LIST = "/griffie/GM0344/inbreng"
THREAT = "Als dit doorgaat dan maak ik die wethouder af."


async def check(database, now):
    async with database.session(EVERY_MUNICIPALITY) as session:
        await checking.check_waiting(session, now=now)


async def test_a_sign_waits_for_a_person_and_changes_nothing_itself(clerk_with, contribute, database, now):
    contribution = await contribute(THREAT)
    await check(database, now)
    griffier = await clerk_with(GM0344="medewerker")
    assert (await griffier.get(LIST)).text.count("1 signaal van gevaar of bedreiging") == 1
    html = (await griffier.get(PAGE)).text
    assert (html.count("Nog te bekijken: 1"), html.count("Mogelijk een bedreiging")) == (1, 1)
    own_page = (await griffier.get(f"{LIST}/{contribution.id}")).text
    assert own_page.count("Mogelijk een bedreiging") == 1
    action = f"/signalen/{contribution.id}/bedreiging"
    assert (await griffier.send_form_of(html, action, klopt="misschien")).status_code == 404
    done = await griffier.send_form_of(html, action, klopt="nee")
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?gedaan=signaal")
    html = (await griffier.get(PAGE)).text
    assert (html.count("Nog te bekijken: 0"), html.count("Mogelijk een bedreiging: vals alarm")) == (1, 1)
    assert (await griffier.get(LIST)).text.count("van gevaar of bedreiging") == 0
    async with database.session("GM0344") as session:
        detail = await contributions.find_contribution(
            session, municipality_code="GM0344", contribution_id=contribution.id
        )
    assert (detail.contribution.text, [row.status for row in detail.statuses]) == (THREAT, ["ontvangen"])


async def test_near_copies_are_shown_together(clerk_with, contribute, database, now):
    for name in ("Marieke", "Ali", "Joke"):
        await contribute(f"Beste raad, het windpark bij ons moet van tafel, stem op 12 december tegen. Groet, {name}")
    await check(database, now)
    html = (await (await clerk_with(GM0344="griffier")).get(PAGE)).text
    assert (html.count("Bijna dezelfde tekst"), html.count("3 berichten van 3 afzenders")) == (1, 1)


async def test_the_number_of_queries_does_not_depend_on_the_number_of_groups(
    clerk_with, contribute, database, now, queries_of
):
    griffier = await clerk_with(GM0344="griffier")

    async def copies(subject):
        for name in ("Marieke", "Ali", "Joke"):
            await contribute(f"Beste raad, {subject}. Met een vriendelijke groet van {name}")
        await check(database, now)
        count = await queries_of(griffier.get(PAGE))
        return (await griffier.get(PAGE)).text.count("Bijna dezelfde tekst"), count

    groups, few = await copies("het zwembad aan de rand van de wijk moet open blijven voor de kinderen")
    more, many = await copies("wij willen een veilige oversteek bij de school in de lange straat")
    assert (more, many) == (groups + 1, few)


async def test_what_does_not_fit_on_the_page_is_counted_and_told(clerk_with, contribute, database, now, monkeypatch):
    monkeypatch.setattr(signals, "WAITING_SHOWN", 1)
    for _ in range(2):
        await contribute(THREAT)
    await check(database, now)
    griffier = await clerk_with(GM0344="griffier")
    open_now = int((await griffier.get(LIST)).text.partition(" signalen van gevaar")[0].rpartition(">")[2])
    html = (await griffier.get(PAGE)).text
    assert open_now >= 2
    assert html.count(f"Nog te bekijken: {open_now}</h2>") == 1
    assert (html.count("Hier staat de dringendste."), html.count("Bekeken, het klopt<")) == (1, 1)


async def test_who_may_see_signs(clerk_with, contribute, database, now):
    contribution = await contribute(THREAT)
    await check(database, now)
    elsewhere, reader = await clerk_with(GM0307="griffier"), await clerk_with(GM0344="raadslid")
    assert [(await one.get(PAGE)).status_code for one in (elsewhere, reader)] == [404, 404]
    assert (await reader.get(f"{LIST}/{contribution.id}")).text.count("Mogelijk een bedreiging") == 0
    assert (await reader.get(LIST)).text.count("van gevaar of bedreiging") == 0
    token = (await elsewhere.get("/griffie/GM0307/signalen")).text.partition('name="csrf" value="')[2].partition('"')[0]
    for code in ("GM0344", "GM0307"):
        address = f"/griffie/{code}/signalen/{contribution.id}/bedreiging"
        assert (await elsewhere.post(address, data={"csrf": token, "klopt": "ja"})).status_code == 404
