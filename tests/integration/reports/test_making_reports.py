"""From what residents told to a paper that never changes."""

import io
import uuid
from datetime import date, datetime, timedelta

import pypdf
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import TransitionNotAllowed
from participation.models import AuditEvent, Clerk, Contribution, IssuedReport, ReportDraft, ReportFile, ReportSource
from participation.models.consent import NAME
from participation.privacy import own_data
from participation.reports import counting, drafts, issuing, jobs, rendering
from participation.reports.documents import FORMATS
from participation.reports.paper import NOT_SHOWN, digest
from participation.reports.scope import Scope, ScopeFaulty
from participation.services import consents, contributions, own_contributions, passing_on, rewording
from participation.settings import Settings
from participation.worker import job_app
from tests.integration.reports.conftest import AMERSFOORT, AUGUST, SEPTEMBER, UTRECHT, Tells, scope_of


@pytest.fixture
def counted(database: Database, clerk: Clerk, now: datetime):
    """Make a draft and let the worker count for it."""

    async def make(scope: Scope, replaces: IssuedReport | None = None) -> ReportDraft:
        async with database.session(UTRECHT) as session:
            draft = await drafts.make(
                session, municipality_code=UTRECHT, scope=scope, clerk=clerk, now=now, replaces=replaces
            )
        await counting.count(database, draft_id=draft.id, municipality_code=UTRECHT, now=now)
        async with database.session(UTRECHT) as session:
            return await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)

    return make


@pytest.fixture
def issued(database: Database, clerk: Clerk, now: datetime, counted):
    """Issue a paper and let the worker make its files."""

    async def make(scope: Scope, replaces: IssuedReport | None = None) -> IssuedReport:
        draft = await counted(scope, replaces)
        async with database.session(UTRECHT) as session:
            seen = (await drafts.paper_of(session, draft)).seal
            report = await issuing.issue(
                session, municipality_code=UTRECHT, draft_id=draft.id, seen=seen, clerk=clerk, now=now
            )
        await rendering.render(database, report_id=report.id, municipality_code=UTRECHT, now=now)
        return report

    return make


async def content_of(database: Database, draft: ReportDraft) -> dict:
    async with database.session(UTRECHT) as session:
        return (await drafts.paper_of(session, draft)).content()


def table(content: dict, title: str) -> list[list[object]]:
    (found,) = [block for block in content["blokken"] if block.get("titel") == title]
    return found["regels"]


def quotes(content: dict) -> list[str]:
    return [block["tekst"] for block in content["blokken"] if block["soort"] == "citaat"]


async def clean(database: Database) -> None:
    """These tests count: what another test told is not theirs."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("DELETE FROM contribution"))


@pytest.fixture(autouse=True)
async def nothing_was_told(database: Database) -> None:
    await clean(database)


async def test_signals_are_counted_by_theme_and_place_against_the_month_before(
    database: Database, tells: Tells, counted
) -> None:
    for _ in range(6):
        await tells("verkeer", "Oost")
        await tells("wonen", "West")
    for _ in range(5):
        await tells("verkeer", "Oost", at=AUGUST)
    for _ in range(7):
        await tells("wonen", "West", code=AMERSFOORT)
    content = await content_of(database, await counted(scope_of()))
    assert table(content, "Berichten per thema") == [
        ["Verkeer en veilig oversteken", 6, 5, "+1"],
        ["Wonen", 6, 0, "+6"],
        ["Totaal", 12, 5, "+7"],
    ]
    assert table(content, "Berichten per gebied") == [
        ["Oost", 6, 5, "+1"],
        ["West", 6, 0, "+6"],
        ["Totaal", 12, 5, "+7"],
    ]
    assert table(content, "Wonen: waar het over gaat") == [["West", 6]]


async def test_of_a_meeting_only_what_is_planned_for_it_is_told_without_a_month_before(
    database: Database, tells: Tells, counted, clerk: Clerk, now: datetime
) -> None:
    for name in ("Commissie Ruimte",) * 6 + ("Commissie Wonen",) * 7:
        to, one = passing_on.by_hand(name, date(2026, 12, 3), today=now.date()), await tells("verkeer", "Oost")
        about = {"municipality_code": UTRECHT, "contribution_id": one.id, "clerk": clerk, "now": now}
        async with database.session(UTRECHT) as session:
            await contributions.change_status(session, status="ingepland", to=to, **about)
    for _ in range(8):
        await tells("verkeer", "Oost")
    content = await content_of(database, await counted(scope_of(meeting="commissie ruimte", planned=True)))
    assert table(content, "Berichten per thema") == [["Verkeer en veilig oversteken", 6], ["Totaal", 6]]
    assert ["Keuze", "Alleen wat daarvoor is ingepland"] in content["feiten"]
    assert "ervoor" not in str(content["blokken"])
    with pytest.raises(ScopeFaulty) as refused:
        scope_of(planned=True).check(today=now.date())
    assert refused.value.faults == {"ingepland": "vergadering"}


async def test_a_piece_that_was_passed_on_says_where(
    database: Database, tells: Tells, counted, clerk: Clerk, now: datetime
) -> None:
    one = await tells(name="Noor de Proef")
    about = {"municipality_code": UTRECHT, "contribution_id": one.id, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        to = passing_on.somebody("Waterschap")
        await contributions.change_status(session, status="doorgezonden", to=to, **about)
    content = await content_of(database, await counted(scope_of("stukken")))
    assert [row[-1] for row in table(content, "Stukken op deze lijst")] == ["Doorgezonden: Waterschap"]


async def test_few_people_are_neither_shown_nor_to_be_calculated(database: Database, tells: Tells, counted) -> None:
    for _ in range(8):
        await tells("verkeer", "Oost")
    for _ in range(9):
        await tells("groen", "Oost")
    for _ in range(2):
        await tells("wonen", "Oost")
    content = await content_of(database, await counted(scope_of()))
    assert table(content, "Berichten per thema") == [
        ["Groen, natuur en dieren", 9, 0, "+9"],
        ["Rest, niet apart getoond", 10, 0, "+10"],
        ["Totaal", 19, 0, "+19"],
    ]
    assert "Verkeer en veilig oversteken" not in str(content["blokken"])


async def test_one_person_who_says_much_is_one_person(database: Database, tells: Tells, counted) -> None:
    first = await tells("verkeer")
    for _ in range(11):
        await tells("verkeer", resident_id=first.resident_id)
    content = await content_of(database, await counted(scope_of()))
    assert [block["tekst"] for block in content["blokken"]][1] == (
        "Er kwamen te weinig anonieme berichten binnen om getallen te laten zien."
    )


@pytest.mark.parametrize(("audience", "shown"), [("raad", 7), ("openbaar", NOT_SHOWN)])
async def test_what_is_published_is_about_more_people_and_has_no_quotes(
    database: Database, tells: Tells, counted, audience: str, shown: object
) -> None:
    for _ in range(7):
        await tells("verkeer")
    for _ in range(12):
        await tells("groen", at=AUGUST)
    content = await content_of(database, await counted(scope_of(audience=audience)))
    assert table(content, "Berichten per thema")[-1][:3] == ["Totaal", shown, 12]
    assert (quotes(content) != []) is (audience == "raad")


async def test_only_words_that_may_be_shared_are_quoted(database: Database, tells: Tells, counted, now) -> None:
    may = "Dit mag de raad lezen, zo vaak als hij wil."
    for _ in range(5):
        await tells("verkeer", text="Nooit gevraagd of het naar de raad mocht.", shared=None)
    await tells("verkeer", text="Dit mag niet meer naar de raad, ik trok het in.", shared=False)
    told = await tells("verkeer", text=may)
    draft = await counted(scope_of())
    assert quotes(await content_of(database, draft)) == [may]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.withdraw(session, resident_id=told.resident_id, channel="web", now=now)
    assert quotes(await content_of(database, draft)) == []


async def test_a_draft_holds_no_words_of_residents(database: Database, tells: Tells, counted) -> None:
    for _ in range(5):
        await tells("verkeer", text="Een kwikstaartnest in de dakgoot van het station.")
    draft = await counted(scope_of())
    assert "kwikstaartnest" in str(await content_of(database, draft))
    async with database.session(UTRECHT) as session:
        kept = await session.scalar(
            text("SELECT scope::text || edits::text || found::text FROM report_draft WHERE id = :id"), {"id": draft.id}
        )
    assert "kwikstaartnest" not in kept


async def edits_of(database: Database, draft: ReportDraft) -> str:
    async with database.session(UTRECHT) as session:
        return await session.scalar(text("SELECT edits::text FROM report_draft WHERE id = :id"), {"id": draft.id})


async def edits_every_line(database: Database, draft: ReportDraft, clerk: Clerk, now: datetime, **written: str) -> None:
    """As "Lijst bijwerken" does: it sends each line as it stands there, changed or not."""
    async with database.session(UTRECHT) as session:
        draft = await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)
        edits = {
            one.contribution_id: {"onderwerp": one.subject, "voorstel": one.proposal, "weg": False} | written
            for one in await drafts.pieces_of(session, draft)
        }
        await drafts.edit_pieces(
            session, municipality_code=UTRECHT, draft_id=draft.id, edits=edits, clerk=clerk, now=now
        )


async def test_a_list_holds_no_words_of_residents_either(
    database: Database, tells: Tells, counted, clerk: Clerk, now
) -> None:
    told = await tells(name="Noor de Proef", text="Een kwikstaartnest in de dakgoot van het station.")
    draft = await counted(scope_of("stukken"))
    await edits_every_line(database, draft, clerk, now, voorstel="Naar het college")
    kept = await edits_of(database, draft)
    assert ("kwikstaartnest" in kept, "Naar het college" in kept) == (False, True)
    async with database.session(UTRECHT) as session:
        draft = await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)
    assert "kwikstaartnest" in str(await content_of(database, draft))
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, resident_id=told.resident_id, contribution_id=told.id, now=now)
    late = {told.id: {"onderwerp": "Een kwikstaartnest", "voorstel": "", "weg": False}}
    async with database.session(UTRECHT) as session:
        await drafts.edit_pieces(
            session, municipality_code=UTRECHT, draft_id=draft.id, edits=late, clerk=clerk, now=now
        )
    assert "kwikstaartnest" not in await edits_of(database, draft)


@pytest.mark.parametrize("how", ["ingetrokken", "gewijzigd", "gewist"])
async def test_what_was_written_about_a_piece_goes_with_its_words(
    database: Database, tells: Tells, counted, clerk: Clerk, now: datetime, how: str
) -> None:
    told, other = await tells(name="Noor de Proef"), await tells(name="Bas de Proef")
    draft = await counted(scope_of("stukken"))
    await edits_every_line(database, draft, clerk, now, onderwerp="Een nest van een vogel")
    assert str(told.id) in await edits_of(database, draft)
    async with database.session(EVERY_MUNICIPALITY) as session:
        if how == "gewist":
            about = {"municipality_code": UTRECHT, "contribution_id": told.id, "clerk": clerk, "now": now}
            await contributions.change_status(session, status="in_behandeling", **about)
            await own_data.erase(session, resident_id=told.resident_id, now=now)
        elif how == "gewijzigd":
            about = {"resident_id": told.resident_id, "contribution_id": told.id, "seen": None, "now": now}
            await rewording.reword(session, text="Een ijsvogel bij de brug.", **about)
            assert "Een ijsvogel bij de brug." in str(await drafts.pieces_of(session, draft))
        else:
            await own_contributions.withdraw(session, resident_id=told.resident_id, contribution_id=told.id, now=now)
    kept = await edits_of(database, draft)
    assert (str(told.id) in kept, str(other.id) in kept) == (False, True)


async def test_a_quote_can_be_left_out_and_another_comes_in_its_place(
    database: Database, tells: Tells, counted, clerk: Clerk, now
) -> None:
    said = [f"Dit is nummer {number} van wat wij te zeggen hebben." for number in range(6)]
    for number, one in enumerate(said):
        await tells("verkeer", text=one, at=AUGUST + timedelta(days=31, hours=number))
    draft = await counted(scope_of(quotes=2))
    assert quotes(await content_of(database, draft)) == [said[5], said[4]]
    async with database.session(UTRECHT) as session:
        paper = await drafts.paper_of(session, draft)
        leaves = [source.contribution_id for source in paper.sources if source.number == 1]
        await drafts.leave_out(
            session, municipality_code=UTRECHT, draft_id=draft.id, contribution_ids=leaves, clerk=clerk, now=now
        )
    async with database.session(UTRECHT) as session:
        draft = await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)
    assert quotes(await content_of(database, draft)) == [said[4], said[3]]


async def test_the_list_has_who_is_known_and_the_signals_have_the_rest(
    database: Database, tells: Tells, counted
) -> None:
    await tells("wonen", name="Noor de Proef", text="Er zijn te weinig woningen voor starters.")
    later = SEPTEMBER + timedelta(hours=1)
    await tells("groen", channel="papier", text="De eik op het plein moet blijven.", at=later)
    await tells("groen", channel="kraam", text="Op straat verteld, zonder naam.")
    await tells("verkeer")
    content = await content_of(database, await counted(scope_of("stukken")))
    assert table(content, "Stukken op deze lijst") == [
        [1, "10 september 2026", "Noor de Proef", "Wonen: Er zijn te weinig woningen voor starters.", "Nog te bepalen"],
        [
            2,
            "10 september 2026",
            "Een inwoner, per brief",
            "Groen, natuur en dieren: De eik op het plein moet blijven.",
            "Nog te bepalen",
        ],
    ]
    public = await content_of(database, await counted(scope_of("stukken", "openbaar")))
    assert [row[2:4] for row in table(public, "Stukken op deze lijst")] == [
        ["Een inwoner", "Wonen"],
        ["Een inwoner, per brief", "Groen, natuur en dieren"],
    ]


async def test_the_griffie_says_what_to_do_with_a_piece(
    database: Database, tells: Tells, counted, clerk: Clerk, now
) -> None:
    first, second = await tells(name="Noor de Proef"), await tells(name="Bas de Proef", at=AUGUST + timedelta(days=35))
    draft = await counted(scope_of("stukken"))
    async with database.session(UTRECHT) as session:
        await drafts.edit_pieces(
            session,
            municipality_code=UTRECHT,
            draft_id=draft.id,
            edits={
                first.id: {"onderwerp": " Te  hard rijden", "voorstel": "Naar het college", "weg": False},
                second.id: {"onderwerp": "x", "voorstel": "", "weg": True},
                uuid.uuid4(): {"onderwerp": "vreemd", "voorstel": "", "weg": False},
            },
            clerk=clerk,
            now=now,
        )
    async with database.session(UTRECHT) as session:
        draft = await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)
    assert [row[2:] for row in table(await content_of(database, draft), "Stukken op deze lijst")] == [
        ["Noor de Proef", "Verkeer en veilig oversteken: Te hard rijden", "Naar het college"]
    ]


async def test_an_issued_paper_has_a_number_a_date_and_stays_what_it_was(
    database: Database, tells: Tells, issued, clerk: Clerk, now: datetime
) -> None:
    for _ in range(5):
        await tells("verkeer")
    numbers = [(await issued(scope_of())).reference for _ in range(2)]
    report = await issued(scope_of())
    first, second = (int(number.removeprefix("2026-")) for number in numbers)
    assert (second, report.number) == (first + 1, first + 2)
    assert dict(report.content["feiten"])["Vastgesteld op"] == "23 november 2026"
    for statement in (
        "UPDATE issued_report SET title = 'x'",
        "DELETE FROM issued_report",
        "UPDATE report_file SET body = ''",
        "DELETE FROM report_file",
        "UPDATE report_source SET number = 9",
        "DELETE FROM report_source",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.session(UTRECHT) as session:
                await session.execute(text(statement))
    async with database.session(UTRECHT) as session:
        kept = await session.get_one(IssuedReport, report.id)
        audited = await session.scalar(
            select(AuditEvent.details).where(
                AuditEvent.action == "raad.vastgesteld", AuditEvent.record == str(report.id)
            )
        )
    assert kept.content == report.content
    assert (digest(kept.content), audited["sha256"]) == (report.digest, report.digest.hex())


async def test_files_are_made_once_and_made_again_they_are_the_same(
    database: Database, tells: Tells, issued, now: datetime
) -> None:
    for _ in range(5):
        await tells("verkeer")
    report = await issued(scope_of())
    async with database.session(UTRECHT) as session:
        before = {
            file.format: file.body
            for file in await session.scalars(select(ReportFile).where(ReportFile.report_id == report.id))
        }
        kept = (await session.get_one(IssuedReport, report.id)).content
    assert before == {name: kind.make(kept) for name, kind in FORMATS.items()}
    pages = pypdf.PdfReader(io.BytesIO(before["pdf"])).pages
    assert "Citaat 1" in "".join(page.extract_text() for page in pages)


async def test_a_report_gets_a_file_of_a_format_that_is_newer_than_it(
    database: Database, database_url: str, tells: Tells, issued, now: datetime
) -> None:
    for _ in range(5):
        await tells("verkeer")
    report = await issued(scope_of())
    owner = Database(database_url)
    async with owner.session(UTRECHT) as session:
        assert (report.id, UTRECHT) not in await issuing.without_files(session)
        await session.execute(delete(ReportFile).where(ReportFile.report_id == report.id, ReportFile.format == "odt"))
        assert (report.id, UTRECHT) in await issuing.without_files(session)
    await owner.close()
    await rendering.render(database, report_id=report.id, municipality_code=UTRECHT, now=now)
    async with database.session(UTRECHT) as session:
        formats = await issuing.formats_of(session, municipality_code=UTRECHT, report_id=report.id)
    assert sorted(formats) == sorted(FORMATS)


async def test_the_griffie_finds_back_each_quote_and_hears_of_what_was_withdrawn(
    database: Database, tells: Tells, issued, clerk: Clerk, now: datetime
) -> None:
    told = [await tells("verkeer", at=AUGUST + timedelta(days=31, minutes=number)) for number in range(5)]
    report = await issued(scope_of(quotes=3))
    newest = list(reversed(told))
    about = {"municipality_code": UTRECHT, "report_id": report.id}
    async with database.session(UTRECHT) as session:
        traces = await issuing.traces(session, **about)
    assert [(one.number, one.contribution_id, one.reference, one.changed) for one in traces] == [
        (number, one.id, one.reference, None) for number, one in enumerate(newest[:3], 1)
    ]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.withdraw(session, resident_id=newest[0].resident_id, channel="web", now=now)
        await own_data.erase(session, resident_id=newest[1].resident_id, now=now)
    async with database.session(UTRECHT) as session:
        traces = await issuing.traces(session, **about)
    assert [one.changed for one in traces] == ["niet_delen", "gewist", None]
    assert str(report.content).count(newest[0].reference) == 0


async def test_what_stands_in_an_issued_paper_can_not_be_changed_any_more(
    database: Database, tells: Tells, issued, now: datetime
) -> None:
    told, other = await tells("verkeer", name="Noor de Proef"), await tells("verkeer")
    about = {"text": "Toch anders.", "seen": None, "now": now}
    await issued(scope_of("stukken"))
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await rewording.in_papers(session, contribution_ids=[told.id, other.id]) == {told.id}
        await rewording.reword(session, resident_id=other.resident_id, contribution_id=other.id, **about)
        with pytest.raises(TransitionNotAllowed):
            await rewording.reword(session, resident_id=told.resident_id, contribution_id=told.id, **about)


async def test_who_takes_the_name_back_is_told_at_the_list(database: Database, tells: Tells, issued, now) -> None:
    told = await tells("verkeer", name="Noor de Proef")
    report = await issued(scope_of("stukken"))
    about = {"municipality_code": UTRECHT, "report_id": report.id}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.withdraw(
            session, resident_id=told.resident_id, channel="web", now=now, purposes=(NAME,), contribution_id=told.id
        )
    async with database.session(UTRECHT) as session:
        assert [one.changed for one in await issuing.traces(session, **about)] == ["naam"]


async def test_erasing_cuts_the_link_also_to_what_the_council_works_on(
    database: Database, tells: Tells, issued, clerk: Clerk, now: datetime
) -> None:
    """The contribution stays, without its resident; the paper stays; nothing leads from one to the other any more."""
    told = await tells("verkeer", name="Noor de Proef")
    async with database.session(UTRECHT) as session:
        about = {"municipality_code": UTRECHT, "contribution_id": told.id, "clerk": clerk, "now": now}
        await contributions.change_status(session, status="in_behandeling", **about)
    report = await issued(scope_of("stukken"))
    async with database.session(EVERY_MUNICIPALITY) as session:
        exported = await own_data.export(session, resident_id=told.resident_id)
        assert [one["stuk"] for one in exported["in_stukken"]] == [f"Lijst van ingekomen stukken {report.reference}"]
        await own_data.erase(session, resident_id=told.resident_id, now=now)
    async with database.session(UTRECHT) as session:
        left = await session.scalars(select(ReportSource.contribution_id).where(ReportSource.report_id == report.id))
        assert list(left) == [None]
        assert (await session.get_one(Contribution, told.id)).resident_id is None
        assert (await session.get_one(IssuedReport, report.id)).content == report.content


async def test_a_new_version_comes_in_the_place_of_the_old_for_who_reads(
    database: Database, tells: Tells, issued, counted, clerk: Clerk, now: datetime
) -> None:
    for _ in range(5):
        await tells("verkeer")
    old = await issued(scope_of())
    late = await counted(scope_of(), old)
    new = await issued(scope_of(), old)
    assert dict(new.content["feiten"])["Komt in plaats van"] == old.reference
    about = {"municipality_code": UTRECHT}
    async with database.session(UTRECHT) as session:
        seen = [one.report.id for one in await issuing.all_of(session, may_handle=False, **about)]
        assert (new.id in seen, old.id in seen) == (True, False)
        found = await issuing.find(session, report_id=old.id, **about)
        assert found.replaced_by is not None
        assert found.replaced_by.id == new.id
        with pytest.raises(issuing.ReportUnknown):
            await issuing.find(session, report_id=old.id, may_handle=False, **about)
        with pytest.raises(issuing.ReportReplaced):
            await issuing.issue(session, draft_id=late.id, seen="", clerk=clerk, now=now, **about)


async def test_an_empty_paper_is_not_issued_and_another_municipality_finds_nothing(
    database: Database, counted, clerk: Clerk, now: datetime
) -> None:
    draft = await counted(scope_of("stukken"))
    with pytest.raises(issuing.NothingToIssue):
        async with database.session(UTRECHT) as session:
            await issuing.issue(session, municipality_code=UTRECHT, draft_id=draft.id, seen="", clerk=clerk, now=now)
    with pytest.raises(drafts.DraftUnknown):
        async with database.session(AMERSFOORT) as session:
            await drafts.find(session, municipality_code=AMERSFOORT, draft_id=draft.id)


async def seal_of(database: Database, draft: ReportDraft) -> str:
    async with database.session(UTRECHT) as session:
        return (await drafts.paper_of(session, draft)).seal


async def test_what_can_not_be_read_yet_is_not_issued(
    database: Database, tells: Tells, counted, clerk: Clerk, now: datetime
) -> None:
    told = await tells("wonen", name="Noor de Proef")
    async with database.session(UTRECHT) as session:
        waiting = update(Contribution).where(Contribution.id == told.id).values(masked_at=None, masked_text="▇▇▇")
        await session.execute(waiting)
    draft = await counted(scope_of("stukken"))
    assert [row[3] for row in table(await content_of(database, draft), "Stukken op deze lijst")] == ["Wonen"]
    of_this = {"municipality_code": UTRECHT, "draft_id": draft.id, "clerk": clerk, "now": now}
    seen = await seal_of(database, draft)
    with pytest.raises(issuing.PieceWaits):
        async with database.session(UTRECHT) as session:
            await issuing.issue(session, seen=seen, **of_this)
    await edits_every_line(database, draft, clerk, now, onderwerp="Te weinig woningen")
    async with database.session(UTRECHT) as session:
        draft = await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)
    seen = await seal_of(database, draft)
    async with database.session(UTRECHT) as session:
        assert "Wonen: Te weinig woningen" in str((await issuing.issue(session, seen=seen, **of_this)).content)


async def test_what_was_counted_long_ago_is_counted_again_first(
    database: Database, tells: Tells, counted, clerk: Clerk, now: datetime
) -> None:
    for _ in range(5):
        await tells("verkeer")
    draft = await counted(scope_of())
    seen = await seal_of(database, draft)
    of_this = {"municipality_code": UTRECHT, "draft_id": draft.id, "seen": seen, "clerk": clerk}
    with pytest.raises(issuing.CountedLongAgo):
        async with database.session(UTRECHT) as session:
            await issuing.issue(session, now=now + timedelta(days=1, seconds=1), **of_this)
    async with database.session(UTRECHT) as session:
        report = await issuing.issue(session, now=now + timedelta(days=1), **of_this)
    assert dict(report.content["feiten"])["Geteld op"].startswith("23 november 2026 om ")


async def test_reports_over_the_same_days_are_pointed_out(database: Database, tells: Tells, issued) -> None:
    for _ in range(5):
        await tells("verkeer")
    report = await issued(scope_of())
    told = {}
    async with database.session(UTRECHT) as session:
        for month, last in ((6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30)):
            scope = Scope("signalen", "raad", date(2026, month, 1), date(2026, month, last))
            found = await issuing.overlapping(session, municipality_code=UTRECHT, scope=scope, replaces_id=None)
            told[month] = report.id in [one.id for one in found]
    # September also tells of August; October tells of September again.
    assert told == {6: False, 7: False, 8: True, 9: True, 10: True, 11: False}


async def test_counting_that_broke_off_is_begun_again(database: Database, counted, clerk: Clerk, now) -> None:
    """The worker was stopped halfway. What was heard of a moment ago is left alone."""
    draft = await counted(scope_of("stukken"))
    told = []
    for minutes in (9, 11):
        async with database.session(UTRECHT) as session:
            await drafts.progress(session, draft_id=draft.id, state="bezig", done=40)
        async with database.session(UTRECHT) as session:
            earlier = "jsonb_build_object('voortgang', now() - make_interval(mins => :minutes))"
            statement = text(f"UPDATE report_draft SET found = found || {earlier} WHERE id = :id")  # noqa: S608
            await session.execute(statement, {"minutes": minutes, "id": draft.id})
        async with database.session(EVERY_MUNICIPALITY) as session:
            told.append(draft.id in [one.id for one in await drafts.waiting(session)])
    assert told == [False, True]


async def test_a_job_of_a_worker_that_is_no_more_is_let_go(
    database: Database, database_url: str, counted, clerk: Clerk, now: datetime
) -> None:
    """Its lock would keep the counting from ever being begun again."""
    draft = await counted(scope_of("stukken"))
    async with database.session(UTRECHT) as session:
        await drafts.again(session, municipality_code=UTRECHT, draft_id=draft.id, now=now)
    app = job_app(Settings(demo=True, database_url=database_url))
    works = {"wait": False, "install_signal_handlers": False, "additional_context": {"database": database}}
    async with app.open_async():
        await jobs.queue(app, jobs.COUNT, draft.id, UTRECHT)
        await app.job_manager.fetch_job(queues=None, worker_id=await app.job_manager.register_worker())
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(
                text("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
            )
        await app.configure_task(jobs.SWEEP).defer_async(timestamp=0)
        await app.run_worker_async(**works)
    async with database.session(UTRECHT) as session:
        assert (await drafts.find(session, municipality_code=UTRECHT, draft_id=draft.id)).state == "klaar"


async def test_drafts_that_nobody_works_on_go(database: Database, counted, now: datetime) -> None:
    draft = await counted(scope_of("stukken"))
    for later, left in ((timedelta(days=30), True), (timedelta(days=30, seconds=1), False)):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await drafts.erase_old(session, now=now + later)
        async with database.session(UTRECHT) as session:
            assert (await session.get(ReportDraft, draft.id) is not None) is left
