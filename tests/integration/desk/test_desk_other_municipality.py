"""Nothing of another municipality can be read or changed: not at its addresses, and not with its ids at one's own.

Here without row-level security (which test_tenant_scope.py is about), so that each service is seen to look at the
municipality itself. Both municipalities have a row in every table. That each address leads to something is seen
last, when the griffier of Utrecht asks the same.
"""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
import sqlalchemy
from fastapi.routing import APIRoute
from sqlalchemy import Select, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import links
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.engine import sqlalchemy_url
from participation.models import (
    AccessRequest,
    BulkChange,
    Bundle,
    Campaign,
    CampaignPart,
    Contribution,
    ContributionEntry,
    ContributionIntake,
    CouncilFeed,
    DestructionList,
    Disposition,
    Invitation,
    IssuedReport,
    Mailing,
    MaskLesson,
    Meeting,
    OwnQuestion,
    ReportDraft,
    SavedFilter,
    StandardText,
    Statement,
    Subject,
)
from participation.privacy.periods import CLOSED
from participation.services import clerks, own_contributions, worklist
from participation.services.worklist import Choice
from participation.services.worklist_views import Asker
from tests.integration.desk.conftest import AMERSFOORT, UTRECHT, Browser
from tests.integration.desk.test_desk_routes import STREAMS, UNTOUCHED, csrf_of, everything, of_a_municipality
from tests.integration.something_everywhere import fill

ROWS = {
    "contribution_id": Contribution,
    "bundle_id": Bundle,
    "change_id": BulkChange,
    "filter_id": SavedFilter,
    "feed_id": CouncilFeed,
    "meeting_id": Meeting,
    "draft_id": ReportDraft,
    "report_id": IssuedReport,
    "subject_id": Subject,
    "list_id": DestructionList,
    "campaign_id": Campaign,
    "part_id": CampaignPart,
    "mailing_id": Mailing,
    "question_id": OwnQuestion,
    "invitation_id": Invitation,
    "request_id": AccessRequest,
    "lesson_id": MaskLesson,
}
"""What the parameter of an address is the id of. The rest is in `_ids`."""

NAMES = {
    "topic": "fractie",
    "fact": "zetels",
    "figure": "verloop",
    "form": "csv",
    "format_": "csv",
    "number": "1",
    "way": "web",
    "purpose": "antwoord",
    "kind": "svg",
}
"""What is called the same in each municipality; at one's own address it leads to one's own."""
NAMES_IN = {
    "choose_period": {"kind": CLOSED},
    "judge_flag": {"kind": "bedreiging"},
    "offer_text": {"kind": "eigen_vraag"},
    "send_offer": {"kind": "eigen_vraag"},
}

FOR_ALL = {"library_item", "library_template", "adopt_text", "withdraw_text", "let_go_of_text"} | {
    *("adopt_campaign", "withdraw_campaign", "let_go_of_campaign"),
}
"""The library is for all: test_desk_library.py has what only the municipality may that offers something."""

EMPTY = {
    *("campaign_outcome", "campaign_outcome_pdf", "campaign_groups_picture", "publish_outcome", "final_report_file"),
    *("report", "trial_code", "update_feed", "answer_member"),
}
"""These need more than a row that is there: a count, a text, a source on the internet, another that leads."""

LAST = (
    *("hide_words", "show_piece"),
    *("switch_own_question", "remove_own_question", "close_bundle", "take_out", "change_status", "change_disposition"),
    *("give_password", "end_access", "discard_report"),
)
"""After these there is something less, or it is closed."""

FOUND_FIRST = {"change_own_question", "send_offer"}
"""Besides those of a campaign: what the form is about is looked up before the form is read."""

BY_ITS_CONTRIBUTIONS = {"bundle_subject"}
"""Subjects may have been looked for anew since the page was made: only the contributions that were ticked count."""


def ids_in(route: APIRoute) -> list[str]:
    """The parameters of an address that are the id of something of one municipality."""
    return [name for name in route.param_convertors if name != "code" and name not in NAMES]


def routes(site) -> list[APIRoute]:
    """Those of a municipality, without what is for all."""
    return [route for route in of_a_municipality(site) if route.name not in FOR_ALL]


@dataclass(frozen=True)
class Holding:
    """One municipality with something of everything."""

    code: str
    email: str
    password: str
    ids: dict[str, str]

    def values(self, route: APIRoute) -> dict[str, str]:
        """A real value for each parameter of the route."""
        key = self.ids["standard_key" if "standard" in route.name else "disposition_key"]
        known = NAMES | self.ids | NAMES_IN.get(route.name, {}) | {"code": self.code, "key": key}
        known["subject"] = self.ids["question_id"]
        return {name: known[name] for name in route.param_convertors}

    def address(self, route: APIRoute, **others: str) -> str:
        """The route's address; `others` come in the place of some of its values."""
        return "/griffie" + route.path_format.format(**self.values(route) | others)


async def hold(database_url: str, code: str, now: datetime) -> Holding:
    everywhere = Database(database_url)
    email = f"{code}@gemeente.example".lower()
    async with everywhere.session(EVERY_MUNICIPALITY) as session:
        clerk, password = await clerks.create_clerk(session, email=email, name="A", roles={code: "griffier"}, now=now)
        clerk.password_is_one_time = False
        colleague, _ = await clerks.create_clerk(
            session, email=f"b.{email}", name="B", roles={code: "medewerker"}, now=now
        )
        contribution = await fill(session, clerk=clerk, now=now, code=code)
        ids = await _ids(session, contribution, code=code, now=now) | {"clerk_id": str(colleague.id)}
    await everywhere.close()
    return Holding(code, email, password, ids)


async def _ids(session: AsyncSession, contribution: Contribution, *, code: str, now: datetime) -> dict[str, str]:
    async def one(query: Select) -> str:
        return str((await session.scalars(query)).one())

    assert contribution.resident_id
    await own_contributions.add(
        session,
        resident_id=contribution.resident_id,
        contribution_id=contribution.id,
        text="Ook bij de school.",
        submission=uuid.uuid4(),
        now=now,
    )
    campaign = (await session.scalars(select(Campaign).where(Campaign.municipality_code == code))).one()
    link = await links.add(session, campaign, municipality_code=code, place="De hal", now=now)
    batch = uuid.uuid4()
    await session.execute(
        update(ContributionIntake).where(ContributionIntake.municipality_code == code).values(batch=batch)
    )
    await session.execute(update(ReportDraft).values(state="wacht"))
    entries = select(ContributionEntry.id).where(ContributionEntry.municipality_code == code)
    found = {name: await one(select(row.id).where(row.municipality_code == code)) for name, row in ROWS.items()}
    return found | {
        "addition_id": await one(entries.where(ContributionEntry.kind == "aanvulling")),
        "statement_id": await one(
            select(Statement.id).where(Statement.municipality_code == code, Statement.state == "wacht")
        ),
        "link_id": link.id,
        "batch": str(batch),
        "standard_key": await one(select(StandardText.key).where(StandardText.municipality_code == code)),
        "disposition_key": await one(select(Disposition.key).where(Disposition.municipality_code == code)),
    }


@pytest.fixture(scope="module")
async def ours(database_url: str, now: datetime) -> Holding:
    return await hold(database_url, AMERSFOORT, now)


@pytest.fixture(scope="module")
async def theirs(database_url: str, now: datetime) -> Holding:
    return await hold(database_url, UTRECHT, now)


@pytest.fixture(scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    """As its owner, whom row-level security keeps nothing from."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def griffier(ours: Holding, browser: Browser) -> Browser:
    await browser.log_in(ours.email, ours.password)
    return browser


PERIOD = {"soort": "signalen", "lezers": "raad", "van": "2026-11-01", "tot": "2026-11-23"}
BODY = {"versie": "1", "zeker": "ja", "tekst": "Wij kijken ernaar.", "reden": "Om te antwoorden.", "naam": "Lampen"}


def _rows_of(database_url: str, code: str) -> list[str]:
    """All rows, in every table, that name this municipality."""
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        found = [
            connection.scalars(
                text(f"SELECT one::text FROM {table} AS one WHERE one::text LIKE :code"),  # noqa: S608  (a constant)
                {"code": f"%{code}%"},
            ).all()
            for table in UNTOUCHED
        ]
    return sorted(row for rows in found for row in rows)


def forms_with(ids: dict[str, str]) -> dict[str, dict[str, str]]:
    """What forms need besides `BODY` to be taken, by route: those with an id in them name what these ids are of."""
    contribution, clerk = ids["contribution_id"], ids["clerk_id"]
    closing = {"afdoening": ids["disposition_key"], "toelichting": "Dank u wel."}
    return {
        "change_several": {"inbreng": contribution, "actie": "toewijzen", "wie": clerk},
        "change_status": {"status": "afgehandeld"} | closing,
        "sort": {"soort": "zorg", "thema": "groen"},
        "compose": {"stap": "standaardtekst", "standaardtekst": ids["standard_key"]},
        "put_together": {"ook": contribution},
        "bundle_subject": {"ook": contribution},
        "close_bundle": closing,
        "write_note": {"notitie": "Gebeld."},
        "choose_answer_owner": {"wie": clerk},
        "refer": {"iemand": "Afdeling Groen"},
        "plan": {"vergadering": ids["meeting_id"], "naam": ""},
        "hide_words": {"woorden": "lantaarn", "soort": "adres"},
        "show_piece": {"woorden": "kapot"},
        "assign": {"wie": clerk},
        "make_report": {
            "soort": "signalen",
            "van": "2026-11-01",
            "tot": "2026-11-23",
            "vergadering": ids["meeting_id"],
        },
        "leave_out_quotes": {"weg": contribution},
        "edit_pieces": {"stuk": contribution},
        "choose_period": {"dagen": "500"},
        "decide_destruction": {"besluit": "vernietigen", "toelichting": "Regel 1.", "bewaren": contribution},
        "judge_flag": {"klopt": "ja"},
        "change_role": {"rol": "raadslid"},
        "decide_access_request": {"besluit": "ja"},
        "let_go_of_campaign": {"campagne": ids["campaign_id"]},
        "put_back": {"moment": "2026-11-23T09:30:00Z"},
    }


async def ask(browser: Browser, route: APIRoute, where: str, form: dict[str, str]):
    if "GET" in route.methods:
        return await browser.get(where)
    return await browser.post(where, data=BODY | {"verzending": str(uuid.uuid4())} | form)


@pytest.fixture
async def send(ours: Holding, browser: Browser):
    """Ask an address as the griffier of one's own municipality, with a form that names these ids."""
    await browser.log_in(ours.email, ours.password)
    csrf = await csrf_of(browser)

    async def sent(route: APIRoute, where: str, ids: dict[str, str]) -> httpx.Response:
        return await ask(browser, route, where, forms_with(ids).get(route.name, {}) | {"csrf": csrf})

    return sent


async def test_its_addresses_lead_nowhere(site, send, ours, theirs, database_url):
    before = everything(database_url)
    answers = {route.name: (await send(route, theirs.address(route), theirs.ids)).status_code for route in routes(site)}
    assert {name: status for name, status in answers.items() if status != 404} == {}
    assert everything(database_url) == before


async def test_its_ids_lead_nowhere_at_home(site, send, ours, theirs, database_url):
    """Also the id of a part of something, under the id of something of one's own."""
    before, answers = everything(database_url), {}
    for route in routes(site):
        ids = [] if route.name in BY_ITS_CONTRIBUTIONS else ids_in(route)
        for strange in {tuple(ids), tuple(ids[-1:])} - {()}:
            where = ours.address(route, **{name: theirs.values(route)[name] for name in strange})
            answers[route.name, strange] = (await send(route, where, ours.ids)).status_code
    assert {asked: status for asked, status in answers.items() if status != 404} == {}
    assert everything(database_url) == before


async def test_no_page_at_home_shows_anything_of_it(site, send, ours, theirs):
    shown = {}
    for route in routes(site):
        if "GET" in route.methods and route.name not in STREAMS | EMPTY:
            page = (await send(route, ours.address(route), ours.ids)).text
            shown[route.name] = {name for name, one in theirs.ids.items() if one in page}
    assert {name: found for name, found in shown.items() if found} == {}


async def test_its_ids_in_a_form_at_home_do_nothing_to_it(site, send, ours, theirs, database_url):
    """What is one's own may change by it, and takes nothing of the other along."""
    before = _rows_of(database_url, UTRECHT)
    for route in routes(site):
        if route.name in forms_with(theirs.ids):
            answer = await send(route, ours.address(route), theirs.ids)
            assert {name for name, one in theirs.ids.items() if one in answer.text} == set(), route.name
    assert _rows_of(database_url, UTRECHT) == before
    kept = "".join(_rows_of(database_url, AMERSFOORT))
    assert {name for name, one in theirs.ids.items() if one in kept} == set()


async def test_an_open_list_is_not_told_what_comes_in_elsewhere(database, ours, theirs, now):
    """There is one contribution in each municipality; the page of this stream does not end, so its query is asked."""
    asker = Asker(AMERSFOORT, uuid.uuid4(), now, may_handle=True)
    async with database.session(EVERY_MUNICIPALITY) as session:
        since = now - timedelta(days=1)
        assert await worklist.came_in(session, asker=asker, choice=Choice("alles"), since=since, known=[]) == 1


async def test_to_its_own_griffier_every_address_leads_somewhere(site, browser, theirs):
    """After the others, as it changes what there is. What was found can be in a state that forbids the step (409)."""
    await browser.log_in(theirs.email, theirs.password)
    csrf, forms, answers = await csrf_of(browser), forms_with(theirs.ids), {}
    order = {name: number for number, name in enumerate(LAST)}
    for route in sorted(routes(site), key=lambda one: order.get(one.name, -1)):
        if ids_in(route) and route.name not in STREAMS | EMPTY:
            answer = await ask(browser, route, theirs.address(route), forms.get(route.name, {}) | {"csrf": csrf})
            reached = {200, 303, 409} | (
                {422} if route.name in FOUND_FIRST or "campaign_id" in ids_in(route) else set()
            )
            answers[route.name] = answer.status_code in reached or answer.status_code
    assert {name: status for name, status in answers.items() if status is not True} == {}
