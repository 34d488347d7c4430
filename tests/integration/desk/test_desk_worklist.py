"""The work list at the desk: views, filters in the address, search, pages, saved filters, several at once, undo."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, select

from participation.database import EVERY_MUNICIPALITY
from participation.models import (
    Campaign,
    ContributionAssignment,
    ContributionStatus,
    Conversation,
    SavedFilter,
    WorklistItem,
)
from participation.services import contributions, own_contributions, placing, sorting, worklist_words
from participation.services.sorting import ContributionSorting

EDE = "GM0228"
LIST = f"/griffie/{EDE}/inbreng"


def shown(html: str) -> list[str]:
    """The references of the rows, in the order of the page."""
    return re.findall(r'class="row__reference">([^<]+)<', html)


def counts(html: str) -> list[int]:
    """What stands behind each view: new, mine, the resident's, overdue, all."""
    return [int(number) for number in re.findall(r'class="view__count">(\d+)<', html)]


@pytest.fixture
async def empty(database):
    """Nothing of this municipality is left of an earlier test."""
    async with database.session(EDE) as session:
        for row in await session.scalars(select(contributions.Contribution)):
            await session.delete(row)


@pytest.fixture
def tell(contribute, empty):
    async def tell(text="De lantaarn is kapot.", **how):
        return await contribute(text, code=EDE, **how)

    return tell


async def sort(database, contribution, kind, theme, now):
    async with database.session(EDE) as session:
        row = ContributionSorting(
            contribution_id=contribution.id, municipality_code=EDE, kind=kind, theme=theme, created_at=now
        )
        found = await session.get_one(contributions.Contribution, contribution.id)
        await sorting._apply(session, found, row)


async def give_status(database, contribution, status, now):
    """As any part of the product does: by adding a row."""
    async with database.session(EDE) as session:
        session.add(
            ContributionStatus(
                contribution_id=contribution.id, municipality_code=EDE, number=2, status=status, created_at=now
            )
        )


async def test_every_view_counts_and_shows_what_belongs_in_it(clerk_with, tell, database, surroundings, now):
    made = {name: await tell(f"Bericht {name}.", minutes_ago=9 - n) for n, name in enumerate("abcde")}
    clerk = await clerk_with(**{EDE: "griffier"})
    await clerk.send_form(f"{LIST}/{made['b'].id}", "/status")
    await give_status(database, made["c"], "reactie_gevraagd", now)
    await give_status(database, made["d"], "afgehandeld", now)
    html = (await clerk.get(LIST)).text
    assert counts(html) == [2, 1, 1, 0, 5]
    views = {
        view: shown((await clerk.get(f"{LIST}?weergave={view}")).text)
        for view in ("nieuw", "mij", "inwoner", "te_laat", "alles")
    }
    reference = {name: contribution.reference for name, contribution in made.items()}
    assert views == {
        "nieuw": [reference["e"], reference["a"]],
        "mij": [reference["b"]],
        "inwoner": [reference["c"]],
        "te_laat": [],
        "alles": [reference[name] for name in "edcba"],
    }
    surroundings.now += timedelta(days=8)
    clerk = await clerk_with(**{EDE: "griffier"})
    html = (await clerk.get(f"{LIST}?weergave=te_laat")).text
    assert (counts(html), shown(html)) == ([2, 0, 1, 2, 5], [reference["e"], reference["a"]])


async def test_filters_combine_and_live_in_the_address(clerk_with, tell, database, now):
    bridge, trees, roads = await tell("De brug is kapot."), await tell("Meer bomen."), await tell("Gaten in de weg.")
    for contribution, kind, theme in (
        (bridge, "zorg", "verkeer"),
        (trees, "idee", "groen"),
        (roads, "idee", "verkeer"),
    ):
        await sort(database, contribution, kind, theme, now)
    clerk = await clerk_with(**{EDE: "griffier"})

    async def found(query):
        return set(shown((await clerk.get(f"{LIST}?{query}")).text))

    assert await found("thema=verkeer") == {bridge.reference, roads.reference}
    assert await found("thema=verkeer&soort=idee") == {roads.reference}
    assert await found("thema=verkeer&thema=groen&soort=idee&status=&zoek=") == {roads.reference, trees.reference}
    assert await found("kanaal=telegram") == set()
    assert await found("van=2026-11-23&tot=2026-11-23") == {one.reference for one in (bridge, trees, roads)}
    assert await found("van=2026-11-24") == await found("tot=2026-11-22") == set()
    html = (await clerk.get(f"{LIST}?thema=verkeer&soort=idee&weergave=nieuw")).text
    assert re.findall(r'class="chip" href="([^"]+)"', html) == [
        f"{LIST}?weergave=nieuw&amp;thema=verkeer",
        f"{LIST}?weergave=nieuw&amp;soort=idee",
    ]


@pytest.mark.parametrize(
    "query", ["weergave=x", "thema=x", "soort=x", "kanaal=x", "van=gisteren", "tot=x", "wie=x", "status=ontvangen'"]
)
async def test_an_address_that_asks_for_what_does_not_exist_is_no_page(clerk_with, query):
    clerk = await clerk_with(**{EDE: "griffier"})
    assert (await clerk.get(f"{LIST}?{query}")).status_code == 404


async def test_a_place_that_the_text_names_can_be_chosen(clerk_with, tell, database):
    here, _ = await tell("In Lunteren is de weg kapot."), await tell("In Ede is de weg kapot.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await placing.place_waiting(session) >= 2
    clerk = await clerk_with(**{EDE: "griffier"})
    html = (await clerk.get(LIST)).text
    assert re.findall(r'name="plaats" value="([^"]+)"', html) == ["Lunteren"]
    assert shown((await clerk.get(f"{LIST}?plaats=Lunteren")).text) == [here.reference]


async def test_what_came_in_through_a_campaign_can_be_chosen_also_without_its_conversation(clerk_with, tell, database):
    clerk = await clerk_with(**{EDE: "griffier"})
    assert 'name="campagne"' not in (await clerk.get(LIST)).text
    await clerk.send_form(f"/griffie/{EDE}/campagnes", "/campagnes", naam="Een autoluw centrum")
    async with database.session(EDE) as session:
        campaign = (await session.scalars(select(Campaign.public_id))).one()
    ours, of_a_site, _ = await tell(campaign=campaign), await tell(campaign="zomerfeest"), await tell()
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.delete(await session.get_one(Conversation, ours.conversation_id))
    html = (await clerk.get(LIST)).text
    offered = re.findall(r'name="campagne" value="([^"]+)"> <span>([^<]+)<', html)
    assert sorted(offered) == sorted([(campaign, "Een autoluw centrum"), ("zomerfeest", "zomerfeest")])
    chosen = (await clerk.get(f"{LIST}?campagne={campaign}")).text
    assert (shown(chosen), 'chip__label">Campagne:</span> Een autoluw centrum' in chosen) == ([ours.reference], True)
    both = (await clerk.get(f"{LIST}?campagne={campaign}&campagne=zomerfeest")).text
    assert set(shown(both)) == {ours.reference, of_a_site.reference}


@pytest.mark.parametrize("many", [worklist_words.MANY, 0], ids=["rare", "common"])
async def test_search_knows_dutch_words_and_mends_typing_errors(clerk_with, tell, monkeypatch, many):
    """What is found often is looked up the other way round, and is the same."""
    monkeypatch.setattr(worklist_words, "MANY", many)
    lamp = await tell("Alle lantaarnpalen bij de basisscholen zijn kapot.")
    park = await tell("Parkeren kost <b>te veel</b> geld.")
    clerk = await clerk_with(**{EDE: "griffier"})

    async def found(text):
        html = (await clerk.get(LIST, params={"zoek": text})).text
        assert counts(html)[-1] == len(shown(html))
        return shown(html), re.findall(r"<mark>([^<]+)</mark>", html)

    assert await found("basisschool") == ([lamp.reference], ["basisscholen"])
    assert await found("lantaarn") == ([lamp.reference], ["lantaarnpalen"])
    assert await found("prkeren") == ([park.reference], ["Parkeren"])
    assert await found("kapotte lantaarnpaal") == ([lamp.reference], ["lantaarnpalen", "kapot"])
    assert await found("lantaarnpaal parkeren") == ([], [])
    assert await found("-parkeren") == ([lamp.reference], [])
    assert await found("kapot -lantaarn") == ([], [])
    assert await found("kapot -parkeren") == ([lamp.reference], ["kapot"])
    assert await found('"kost geld"') == ([], [])
    assert await found('"parkeren kost"') == ([park.reference], ["Parkeren", "kost"])
    assert await found(park.reference.lower()) == ([park.reference], [])
    assert await found("de het een") == ([], [])
    assert await found("zwembad") == ([], [])
    html = (await clerk.get(LIST, params={"zoek": "prkeren"})).text
    assert "“prkeren” vonden wij niet. U ziet wat erop lijkt" in html
    assert "<b>te" not in html


@pytest.mark.parametrize("text", ["'", "\\", "':*", "a & | !", '"', "%_", "\x00", "<->", "-", '-""', "é" * 300])
async def test_no_text_breaks_search(clerk_with, tell, text):
    await tell()
    clerk = await clerk_with(**{EDE: "griffier"})
    assert (await clerk.get(LIST, params={"zoek": text})).status_code == 200


async def test_search_sees_no_personal_data_and_follows_masking_additions_and_erasing(
    clerk_with, tell, database, now, resident_adds
):
    told = await tell("De brug is stuk. Ik ben te bereiken op 06-24681357.")
    clerk = await clerk_with(**{EDE: "griffier"})

    async def finds(text):
        return shown((await clerk.get(LIST, params={"zoek": text})).text) == [told.reference]

    assert (await finds("brug"), await finds("24681357"), await finds("telefoonnummer")) == (True, False, False)
    own = {"resident_id": told.resident_id, "contribution_id": told.id, "now": now}
    await resident_adds(told, "Ook de steiger.")
    assert await finds("steiger")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, **own)
    assert (await finds("brug"), await finds("steiger"), await finds("ingetrokken")) == (False, False, False)


async def test_pages_hold_on_to_a_row_when_something_comes_in(clerk_with, tell):
    made = [await tell(f"Nummer {number}.", minutes_ago=100 - number) for number in range(60)]
    newest_first = [one.reference for one in reversed(made)]
    clerk = await clerk_with(**{EDE: "griffier"})
    first = (await clerk.get(LIST)).text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    await tell("Intussen.", minutes_ago=1)
    second = (await clerk.get(following[1].replace("&amp;", "&"))).text
    assert (shown(first), shown(second)) == (newest_first[:25], newest_first[25:50])
    previous = re.search(r'rel="prev" href="([^"]+)"', second)
    assert previous
    assert shown((await clerk.get(previous[1].replace("&amp;", "&"))).text) == newest_first[:25]
    oldest = (await clerk.get(f"{LIST}?volgorde=oudste")).text
    assert shown(oldest) == list(reversed(newest_first))[:25]


async def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(clerk_with, tell, database):
    clerk = await clerk_with(**{EDE: "griffier"})
    asked = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    async def queries(query):
        asked.clear()
        rows = len(shown((await clerk.get(f"{LIST}{query}")).text))
        return rows, len(asked)

    await tell("Nummer 1 over de brug.")
    few = [await queries(query) for query in ("", "?zoek=brug", "?zoek=brgu&weergave=nieuw")]
    for number in range(2, 31):
        await tell(f"Nummer {number} over de brug.")
    many = [await queries(query) for query in ("", "?zoek=brug", "?zoek=brgu&weergave=nieuw")]
    assert [rows for rows, _ in few] == [1, 1, 1]
    assert [rows for rows, _ in many] == [25, 25, 25]
    assert [count for _, count in few] == [count for _, count in many]


async def test_what_waits_for_the_resident_is_never_overdue(clerk_with, tell, database, now):
    """It waits as long as the resident was told, which may be ninety days."""
    asked, taken_up = await tell("Gevraagd."), await tell("Opgepakt.")
    await give_status(database, asked, "reactie_gevraagd", now - timedelta(days=60))
    await give_status(database, taken_up, "in_behandeling", now - timedelta(days=60))
    html = (await (await clerk_with(**{EDE: "griffier"})).get(f"{LIST}?weergave=te_laat")).text
    assert (shown(html), counts(html)[2:4]) == ([taken_up.reference], [1, 1])


async def test_a_filter_is_kept_for_oneself_or_shared_with_colleagues(clerk_with, tell):
    await tell()
    anna, bram = await clerk_with(**{EDE: "griffier"}), await clerk_with(**{EDE: "medewerker"})
    other = await clerk_with(GM0307="griffier")
    page = f"{LIST}?thema=verkeer&zoek=brug"
    await anna.send_form(page, "/filters", naam="Alleen ik")
    done = await anna.send_form(page, "/filters", naam="Voor ons", delen="ja")
    assert done.headers["location"] == f"{LIST}?thema=verkeer&zoek=brug&gedaan=filter"

    async def filters(who, address=LIST):
        html = (await who.get(address)).text
        return re.findall(r'html-a" href="([^"]+)">(Alleen ik|Voor ons)</a>', html)

    kept = f"{LIST}?thema=verkeer&amp;zoek=brug"
    assert await filters(anna) == [(kept, "Alleen ik"), (kept, "Voor ons")]
    assert await filters(bram) == [(kept, "Voor ons")]
    assert await filters(other, "/griffie/GM0307/inbreng") == []
    mine = re.search(r'action="([^"]+/weg)"', (await anna.get(LIST)).text)
    assert mine
    csrf = (await bram.get(LIST)).text.split('name="csrf" value="')[1].split('"')[0]
    assert (await bram.post(mine[1], data={"csrf": csrf})).status_code == 404
    assert "/weg" not in (await bram.get(LIST)).text
    for _ in range(2):
        await anna.send_form(LIST, "/weg")
    assert await filters(anna) == await filters(bram) == []


async def test_a_filter_that_is_too_large_is_not_called_a_name_that_is_too_long(clerk_with, tell):
    clerk = await clerk_with(**{EDE: "griffier"})
    many = "&".join(f"plaats={number}{'x' * 70}" for number in range(30))
    for choice, name, told in ((many, "Veel", "filter_groot"), ("", "x" * 61, "filter_lang")):
        done = await clerk.send_form(f"{LIST}?zoek=brug&{choice}", "/filters", naam=name)
        assert done.headers["location"].endswith(f"gedaan={told}")


async def test_who_still_has_a_one_time_password_keeps_no_filter(new_account, open_browser, tell, database):
    email, password = await new_account(**{EDE: "griffier"})
    browser = open_browser()
    await browser.log_in(email, password)
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/griffie/wachtwoord")).text)
    assert csrf
    for address, fields in ((f"{LIST}/filters", {"naam": "Stil"}), (f"{LIST}/filters/{uuid.uuid4()}/weg", {})):
        answer = await browser.post(address, data={"csrf": csrf[1]} | fields)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/griffie/wachtwoord")
    async with database.session(EDE) as session:
        assert await session.scalar(select(SavedFilter.id).where(SavedFilter.name == "Stil")) is None


async def test_a_day_that_no_calendar_reaches_is_as_good_as_the_edge(clerk_with, tell):
    one = await tell()
    clerk = await clerk_with(**{EDE: "griffier"})
    found = [(await clerk.get(f"{LIST}?van=0001-01-01&tot={until}")) for until in ("9999-12-31", "0001-01-01")]
    assert [(page.status_code, shown(page.text)) for page in found] == [(200, [one.reference]), (200, [])]


async def bulk(browser, ids, *, page=LIST, **fields):
    html = (await browser.get(page)).text
    hidden = dict(re.findall(r'<input type="hidden" name="(csrf|terug)" value="([^"]*)">', html))
    hidden = {name: unescape(value) for name, value in hidden.items()}
    return await browser.post(f"{LIST}/samen", data=hidden | {"inbreng": [str(one) for one in ids]} | fields)


async def state(database, contribution):
    async with database.session(EDE) as session:
        item = await session.get_one(WorklistItem, contribution.id)
        return item.status, item.assignee_id, item.theme


async def test_several_are_assigned_and_that_is_undone(clerk_with, tell, database):
    made = [await tell(f"Nummer {number}.") for number in range(3)]
    clerk = await clerk_with(**{EDE: "griffier"})
    answer = await bulk(clerk, [made[0].id, made[1].id], actie="toewijzen:mij")
    assert answer.status_code == 303
    html = (await clerk.get(answer.headers["location"])).text
    assert "2 berichten zijn toegewezen aan Anna de Wit." in html
    assert counts(html) == [1, 2, 0, 0, 3]
    async with database.session(EDE) as session:
        assert len((await session.scalars(select(ContributionAssignment))).all()) == 2
    undone = await clerk.send_form_of(html, "/ongedaan")
    html = (await clerk.get(undone.headers["location"])).text
    assert ("Uw wijziging is ongedaan gemaakt." in html, counts(html)) == (True, [3, 0, 0, 0, 3])
    assert [(await state(database, one))[1] for one in made] == [None, None, None]
    story = (await clerk.get(f"{LIST}/{made[0].id}")).text
    done = re.findall(r'step__head">([^<]+?) door [^<]+</p>\s*<p class="step__reason" dir="auto">([^<]+)<', story)
    assert done == [("Toegewezen", "Anna de Wit"), ("Ongedaan gemaakt", "Toewijzen")]


async def test_several_are_taken_up_and_what_does_not_fit_is_told(clerk_with, tell, database, now):
    new, closed = await tell("Nieuw."), await tell("Klaar.")
    clerk = await clerk_with(**{EDE: "griffier"})
    await give_status(database, closed, "afgehandeld", now)
    answer = await bulk(clerk, [new.id, closed.id], actie="oppakken")
    html = (await clerk.get(answer.headers["location"])).text
    assert "1 bericht is in behandeling genomen. 1 bericht veranderde niet" in html
    assert [(await state(database, one))[0] for one in (new, closed)] == ["in_behandeling", "afgehandeld"]
    await clerk.send_form_of(html, "/ongedaan")
    assert (await state(database, new))[:2] == ("ontvangen", None)
    async with database.session(EDE) as session:
        rows = await session.scalars(
            select(ContributionStatus.status)
            .where(ContributionStatus.contribution_id == new.id)
            .order_by(ContributionStatus.number)
        )
        assert rows.all() == ["ontvangen", "in_behandeling", "ontvangen"]


async def test_several_get_a_theme_and_undoing_leaves_nothing_to_learn_from(clerk_with, tell, database, now):
    one, unsorted = await tell("De brug."), await tell("Nog niet ingedeeld.")
    await sort(database, one, "zorg", "groen", now - timedelta(days=1))
    clerk = await clerk_with(**{EDE: "griffier"})
    answer = await bulk(clerk, [one.id, unsorted.id], actie="thema", thema="verkeer")
    html = (await clerk.get(answer.headers["location"])).text
    assert [(await state(database, row))[2] for row in (one, unsorted)] == ["verkeer", "verkeer"]
    await clerk.send_form_of(html, "/ongedaan")
    assert [(await state(database, row))[2] for row in (one, unsorted)] == ["groen", None]
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(ContributionSorting.theme).where(ContributionSorting.contribution_id == one.id)
        )
        assert rows.all() == ["groen"]


async def test_undoing_leaves_what_a_colleague_changed_since(clerk_with, tell, database):
    made = [await tell(f"Nummer {number}.") for number in range(2)]
    anna, bram = await clerk_with(**{EDE: "griffier"}), await clerk_with(**{EDE: "medewerker"})
    html = (
        await anna.get((await bulk(anna, [one.id for one in made], actie="toewijzen:mij")).headers["location"])
    ).text
    await bulk(bram, [made[0].id], actie="toewijzen:mij")
    of_bram = (await state(database, made[0]))[1]
    await anna.send_form_of(html, "/ongedaan")
    assert [(await state(database, one))[1] for one in made] == [of_bram, None]


async def test_undoing_a_theme_leaves_the_kind_that_a_colleague_gave_since(clerk_with, tell, database, now):
    one, other = await tell("De brug."), await tell("De weg.")
    for contribution in (one, other):
        await sort(database, contribution, "zorg", "groen", now - timedelta(days=1))
    anna, bram = await clerk_with(**{EDE: "griffier"}), await clerk_with(**{EDE: "medewerker"})
    answer = await bulk(anna, [one.id, other.id], actie="thema", thema="verkeer")
    html = (await anna.get(answer.headers["location"])).text
    await bram.send_form(f"{LIST}/{one.id}", "/indeling", soort="idee", thema="verkeer")
    await anna.send_form_of(html, "/ongedaan")
    async with database.session(EDE) as session:
        items = [await session.get_one(WorklistItem, row.id) for row in (one, other)]
    assert [(item.kind, item.theme) for item in items] == [("idee", "verkeer"), ("zorg", "groen")]


async def test_undoing_is_possible_once_and_for_a_quarter_of_an_hour(clerk_with, tell, database, surroundings):
    one = await tell()
    clerk = await clerk_with(**{EDE: "griffier"})
    html = (await clerk.get((await bulk(clerk, [one.id], actie="toewijzen:mij")).headers["location"])).text
    surroundings.now += timedelta(minutes=16)
    late = await clerk.send_form_of(html, "/ongedaan")
    assert late.headers["location"] == f"{LIST}?gedaan=samen_te_laat"
    assert (await state(database, one))[1] is not None
    surroundings.now -= timedelta(minutes=2)
    told = [(await clerk.send_form_of(html, "/ongedaan")).headers["location"] for _ in range(2)]
    assert told == [f"{LIST}?gedaan=samen_terug", f"{LIST}?gedaan=samen_te_laat"]
    async with database.session(EDE) as session:
        rows = await session.scalars(
            select(ContributionAssignment.assignee_id).order_by(ContributionAssignment.created_at)
        )
        assert [row is None for row in rows] == [False, True]


async def test_without_a_choice_nothing_happens_and_the_list_says_so(clerk_with, tell, database):
    one = await tell()
    clerk = await clerk_with(**{EDE: "griffier"})
    for ids, fields, told in (
        ([], {"actie": "oppakken"}, "samen_niets"),
        ([one.id], {"actie": "toewijzen"}, "samen_toewijzen"),
        ([one.id], {"actie": "thema"}, "samen_thema"),
        ([one.id], {}, "samen_niets"),
    ):
        answer = await bulk(clerk, ids, page=f"{LIST}?soort=idee&volgorde=oudste" if not ids else LIST, **fields)
        assert answer.headers["location"].endswith(f"gedaan={told}")
    for fields in ({"actie": "toewijzen", "wie": str(uuid.uuid4())}, {"actie": "thema", "thema": "x"}):
        assert (await bulk(clerk, [one.id], **fields)).status_code == 404
    assert await state(database, one) == ("ontvangen", None, None)


async def test_who_only_reads_chooses_and_searches_but_changes_nothing(clerk_with, tell, database):
    one = await tell()
    clerk, reader = await clerk_with(**{EDE: "griffier"}), await clerk_with(**{EDE: "raadslid"})
    assert 'name="inbreng"' in (await clerk.get(LIST)).text
    html = (await reader.get(LIST)).text
    assert (shown(html), 'name="inbreng"' in html, "/samen" in html) == ([one.reference], False, True)
    assert (await bulk(reader, [one.id], actie="oppakken")).status_code == 403
    await reader.send_form(LIST, "/filters", naam="Van mij", delen="ja")
    assert "gedeeld" not in (await reader.get(LIST)).text
    assert await state(database, one) == ("ontvangen", None, None)


async def test_of_another_municipality_nothing_is_counted_found_or_changed(clerk_with, tell, database):
    """There is something to leak: the clerk of Ede finds and changes it."""
    one = await tell("De zandkleurige brug.")
    own, other = await clerk_with(**{EDE: "griffier"}), await clerk_with(GM0307="griffier")
    assert shown((await own.get(f"{LIST}?zoek=zandkleurige")).text) == [one.reference]
    theirs = "/griffie/GM0307/inbreng"
    assert shown((await other.get(f"{theirs}?zoek=zandkleurige")).text) == []
    assert shown((await other.get(f"{theirs}?zoek={one.reference}")).text) == []
    change = (await bulk(own, [one.id], actie="toewijzen:mij")).headers["location"].split("samen=")[1]
    csrf = (await other.get(theirs)).text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": csrf, "inbreng": str(one.id), "actie": "toewijzen:mij", "naam": "x"}
    answers = [
        await other.get(LIST),
        await other.get(f"{LIST}/nieuw?sinds=2026-11-23T00:00:00%2B00:00"),
        *[
            await other.post(f"{address}{action}", data=form)
            for address in (LIST, theirs)
            for action in (f"/samen/{change}/ongedaan", f"/filters/{uuid.uuid4()}/weg")
        ],
        await other.post(f"{LIST}/samen", data=form),
        await other.post(f"{LIST}/filters", data=form),
    ]
    assert [answer.status_code for answer in answers] == [404] * 8
    before = await state(database, one)
    answer = await other.post(f"{theirs}/samen", data=form)
    assert answer.headers["location"] == f"{theirs}?gedaan=samen_niets"
    assert await state(database, one) == before
