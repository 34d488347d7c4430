"""What lives: exactly right numbers for the griffie, and for who only reads nothing that gives small ones away.

Today is Monday 23 November 2026.
"""

import csv
import io
import re
import uuid
from datetime import UTC, datetime, timedelta
from html import unescape

import numpy as np
import pytest
from sqlalchemy import event, func, select, update

from desk.words import THEMES
from participation.database import EVERY_MUNICIPALITY
from participation.insight import subjects
from participation.insight.space import space
from participation.models import (
    AnswerVerdict,
    AuditEvent,
    Bundle,
    BundleMember,
    Contribution,
    ContributionEntry,
    ContributionLikeness,
    ContributionStatus,
    Conversation,
    ReplyVerdict,
    Resident,
    SubjectMember,
    WorklistItem,
)
from participation.models.consent import SHARE
from participation.services import consents, own_contributions

UTRECHT, AMERSFOORT, ZEIST = "GM0344", "GM0307", "GM0355"
PAGE = f"/griffie/{UTRECHT}/wat-leeft"
NOVEMBER, OCTOBER, QUARTER_3 = (
    datetime(2026, 11, 4, 12, tzinfo=UTC),
    datetime(2026, 10, 6, 12, tzinfo=UTC),
    datetime(2026, 8, 5, 12, tzinfo=UTC),
)
SUBJECTS = (
    "De lantaarn in onze straat is kapot",
    "Er ligt veel zwerfvuil bij het station",
    "Honden lopen los in het park",
)


def pointing(direction, number):
    """An embedding that lies in this direction of the space of subjects, each a little different."""
    wanted = np.zeros(384)
    wanted[direction], wanted[100 + number] = 1, 0.05
    off_centre = np.linalg.solve(space().matrix.T.astype(float), wanted)
    vector = space().centre + 0.3 * off_centre / np.linalg.norm(off_centre)
    return vector.astype(np.float32)


@pytest.fixture
def log(database):
    """Log contributions, each of somebody new, straight into the tables; what the chat does is tested elsewhere."""

    async def logged(
        count=1, *, at=NOVEMBER, code=UTRECHT, theme=None, place=None, channel="web", text="Tekst.", direction=None
    ):
        made = []
        async with database.session(EVERY_MUNICIPALITY) as session:
            for number in range(count):
                resident = Resident(
                    id=uuid.uuid4(), pseudonym=uuid.uuid4().bytes * 2, channel="web", created_at=at, last_seen_at=at
                )
                session.add(resident)
                await session.flush()
                one = Contribution(
                    id=uuid.uuid4(),
                    reference=uuid.uuid4().hex[:18],
                    municipality_code=code,
                    resident_id=resident.id,
                    draft=uuid.uuid4(),
                    theme=theme,
                    text=text,
                    masked_text=text,
                    masked_at=at,
                    channel=channel,
                    created_at=at,
                )
                session.add(one)
                await session.flush()
                session.add(
                    ContributionStatus(
                        contribution_id=one.id, municipality_code=code, number=1, status="ontvangen", created_at=at
                    )
                )
                if direction is not None:
                    vector = pointing(direction, number)
                    session.add(
                        ContributionLikeness(
                            contribution_id=one.id, municipality_code=code, embedding=vector.tobytes(), created_at=at
                        )
                    )
                await session.flush()
                if place:
                    await session.execute(
                        update(WorklistItem)
                        .where(WorklistItem.contribution_id == one.id)
                        .values(place=place, is_placed=True)
                    )
                made.append(one)
        return made

    return logged


@pytest.fixture(autouse=True)
async def nothing_yet(database):
    """Each test counts only what it made."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        for one in await session.scalars(select(Contribution)):
            await session.delete(one)
        for verdict in await session.scalars(select(AnswerVerdict)):
            await session.delete(verdict)


async def table(browser, name, query="", code=UTRECHT):
    """The table of a figure, as a spreadsheet gets it."""
    answer = await browser.get(f"/griffie/{code}/wat-leeft/beeld/{name}.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))


async def test_the_numbers_of_a_month_are_those_of_its_days_and_of_the_same_days_before(clerk_with, log):
    await log(3, theme="verkeer", place="Lunetten")
    await log(2, theme="wonen", channel="telegram")
    await log(1, theme="verkeer", at=OCTOBER, place="Zuilen")
    await log(4, theme="wonen", at=datetime(2026, 10, 28, tzinfo=UTC))  # after the 23rd of October: not yet
    await log(5, theme="wonen", at=datetime(2026, 10, 31, 22, 30, tzinfo=UTC))  # still October in the Netherlands
    await log(2, theme="wonen", at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))  # the first of November
    await log(9, theme="wonen", code=AMERSFOORT)
    griffier = await clerk_with(GM0344="griffier")
    before = "Dezelfde dagen van oktober 2026"
    assert await table(griffier, "themas") == [
        ["Thema", "November 2026", before, "Verschil"],
        [THEMES["wonen"], "4", "0", "4 meer"],
        [THEMES["verkeer"], "3", "1", "2 meer"],
    ]
    assert await table(griffier, "plaatsen") == [
        ["Plaats", "November 2026", before, "Verschil"],
        ["Lunetten", "3", "0", "3 meer"],
        ["Zuilen", "0", "1", "1 minder"],
        ["Geen plaats genoemd", "4", "0", "4 meer"],
    ]
    steps = await table(griffier, "verloop")
    assert len(steps) == 1 + 23
    assert [row for row in steps[1:] if row[1:3] != ["0", "0"]] == [
        ["1 nov", "2", "0", "2 meer"],
        ["4 nov", "5", "0", "5 meer"],
        ["6 nov", "0", "1", "1 minder"],
    ]
    html = unescape((await griffier.get(PAGE)).text)
    assert html.count("In november 2026 kwamen tot en met vandaag 7 berichten binnen. Dat is 6 meer dan in") == 2
    october = await table(griffier, "themas", "?periode=maand&dag=2026-10-12")
    assert october[1:] == [[THEMES["wonen"], "9", "0", "9 meer"], [THEMES["verkeer"], "1", "0", "1 meer"]]
    own = await table(griffier, "themas", "?periode=eigen&van=2026-10-28&tot=2026-11-01")
    assert own[1:] == [[THEMES["wonen"], "11", "0", "11 meer"]]
    year = await table(griffier, "verloop", "?periode=jaar&dag=2026-10-28")
    assert [row[:2] for row in year[10:]] == [["okt 2026", "10"], ["nov 2026", "7"]]
    weeks = await table(griffier, "verloop", "?periode=kwartaal&dag=2026-10-28")
    assert [row[:2] for row in weeks[1:]] == [
        ["1 okt", "1"], ["8 okt", "0"], ["15 okt", "0"], ["22 okt", "4"], ["29 okt", "12"], ["5 nov", "0"],
        ["12 nov", "0"], ["19 nov", "0"],
    ]  # fmt: skip


async def test_a_number_opens_the_list_of_what_it_counts(clerk_with, log):
    await log(3, theme="verkeer")
    await log(1, theme="verkeer", at=OCTOBER)
    griffier = await clerk_with(GM0344="griffier")
    html = (await griffier.get(PAGE)).text
    address = unescape(re.search(r'href="([^"]*thema=verkeer[^"]*)"', html)[1])
    assert address == f"/griffie/{UTRECHT}/inbreng?thema=verkeer&van=2026-11-01&tot=2026-11-23"
    assert (await griffier.get(address)).text.count('<li class="row') == 3


async def test_what_came_more_often_than_usual_is_told_and_what_one_person_sends_is_not(clerk_with, log, database):
    first = datetime(2026, 7, 3, 12, tzinfo=UTC)
    for month in range(4):
        await log(3, theme="wonen", at=first + timedelta(days=30 * month))
        await log(1, theme="groen", at=first + timedelta(days=30 * month))
    await log(12, theme="groen")
    await log(3, theme="wonen")
    shouting = await log(12, theme="sport")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            update(Contribution)
            .where(Contribution.id.in_([one.id for one in shouting]))
            .values(resident_id=shouting[0].resident_id)
        )
    rows = await table(await clerk_with(GM0344="griffier"), "stijgers")
    assert [row[:3] for row in rows[1:]] == [[THEMES["groen"], "Thema", "12"]]
    # Four in the 121 days from 3 July until November: in 23 days that is 0.76.
    assert rows[1][3] == "ongeveer 0,8"


async def test_a_new_municipality_has_nothing_to_compare_with(clerk_with, log):
    await log(20, theme="wonen")
    html = (await (await clerk_with(GM0344="griffier")).get(PAGE)).text
    assert html.count("Er is nog te weinig tijd voorbij om mee te vergelijken.") == 1


async def test_time_to_the_first_answer_counts_who_still_waits(clerk_with, log, database, now):
    made = await log(4, at=now - timedelta(days=10))
    answers = ((0, "antwoord", 1), (1, "antwoord", 2), (1, "antwoord", 5), (2, "vraag", 1))
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk_id = None
        for number, kind, days in answers:
            clerk_id = clerk_id or await _any_clerk(session, now)
            session.add(
                ContributionEntry(
                    contribution_id=made[number].id,
                    municipality_code=UTRECHT,
                    clerk_id=clerk_id,
                    submission=uuid.uuid4(),
                    kind=kind,
                    text="Dank u.",
                    created_at=now - timedelta(days=10 - days),
                )
            )
    rows = dict((await table(await clerk_with(GM0344="griffier"), "antwoordtijd"))[1:])
    assert rows == {
        "Berichten": "4",
        "Daarvan met een antwoord": "2",
        "De helft heeft antwoord na": "2 dagen",
        "Negen van de tien hebben antwoord na": "nog niet bekend",
        "Antwoord binnen 1 dag": "25%",
        "Antwoord binnen 7 dagen": "50%",
        "Antwoord binnen 14 dagen": "nog niet bekend",
        "Antwoord binnen 28 dagen": "nog niet bekend",
    }


async def _any_clerk(session, now):
    from participation.services import clerks

    made, _ = await clerks.create_clerk(
        session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
    )
    return made.id


async def test_satisfaction_counts_verdicts_of_the_period(clerk_with, log, database, now):
    made = await log(3)
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk_id = await _any_clerk(session, now)
        for one, verdict, days in zip(made, ("ja", "ja", "nee"), (1, 2, 3), strict=True):
            entry = ContributionEntry(
                id=uuid.uuid4(), contribution_id=one.id, municipality_code=UTRECHT, clerk_id=clerk_id,
                submission=uuid.uuid4(), kind="antwoord", text="Dank u.", created_at=now,
            )  # fmt: skip
            session.add(entry)
            await session.flush()
            session.add(
                ReplyVerdict(
                    entry_id=entry.id, contribution_id=one.id, municipality_code=UTRECHT, verdict=verdict,
                    created_at=now - timedelta(days=days),
                )
            )  # fmt: skip
        conversation = Conversation(
            id=uuid.uuid4(), resident_id=made[0].resident_id, channel="web", created_at=now, last_turn_at=now
        )
        session.add(conversation)
        await session.flush()
        for turn, at in ((1, now), (2, OCTOBER)):
            session.add(
                AnswerVerdict(
                    conversation_id=conversation.id, turn_id=turn, municipality_code=UTRECHT, topic="raad_wat_is",
                    verdict="nee", created_at=at,
                )
            )  # fmt: skip
    assert await table(await clerk_with(GM0344="griffier"), "tevredenheid") == [
        ["Wat", "Ja", "Nee"],
        ["Antwoorden van de griffie", "2", "1"],
        ["Antwoorden van de chat", "0", "1"],
    ]


async def test_subjects_are_found_by_likeness_named_and_put_together(clerk_with, log, database, now):
    for number, text in enumerate(SUBJECTS):
        await log(6 - number, text=text, direction=number)
    await log(1, text="Iets heel anders", direction=9)
    griffier = await clerk_with(GM0344="griffier")
    assert (await griffier.get(PAGE)).text.count("De computer heeft nog niet naar onderwerpen gezocht.") == 1
    assert (await griffier.send_form(PAGE, "/wat-leeft/onderwerpen")).status_code == 303
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert list(await subjects.asked_for(session)) == [UTRECHT]
    assert await subjects.look(database, municipality_code=UTRECHT, now=now) == 2
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert list(await subjects.asked_for(session)) == []
    rows = await table(griffier, "onderwerpen")
    assert [row[1] for row in rows[1:]] == ["6", "5"]
    assert set(rows[1][0].split(" · ")) <= {"lantaarn", "kapot", "straat"}
    html = (await griffier.get(PAGE)).text
    page = re.search(r'href="([^"]*/onderwerp/[^"]*)"', html)[1]
    shown = (await griffier.get(page)).text
    assert shown.count(SUBJECTS[0]) == 6
    chosen = re.findall(r'name="ook" value="([^"]*)"', shown)[:5]
    answer = await griffier.send_form(page, "/bundel", ook=chosen, naam="Kapotte lantaarns")
    assert answer.status_code == 303, answer.text
    async with database.session(EVERY_MUNICIPALITY) as session:
        members = await session.scalars(
            select(BundleMember.contribution_id).join(Bundle).where(Bundle.name == "Kapotte lantaarns")
        )
        assert {str(one) for one in members} == set(chosen)
    nothing = await griffier.send_form(page, "/bundel", naam="Niets gekozen")
    assert (nothing.status_code, nothing.text.count("Kies welke inbreng u samenvoegt.")) == (422, 1)


async def test_what_is_asked_while_subjects_are_looked_for_is_not_forgotten(log, database, now):
    async def ask_and_look(at):
        async with database.session(UTRECHT) as session:
            await subjects.ask(session, municipality_code=UTRECHT, now=at)
        await subjects.look(database, municipality_code=UTRECHT, now=now)
        async with database.session(EVERY_MUNICIPALITY) as session:
            return list(await subjects.asked_for(session))

    assert await ask_and_look(now + timedelta(seconds=1)) == [UTRECHT]
    assert await ask_and_look(now) == []


async def test_looking_that_fails_is_told_and_does_not_start_again_by_itself(log, database, now, monkeypatch, caplog):
    await log(6, text=SUBJECTS[0], direction=0)
    await subjects.look(database, municipality_code=UTRECHT, now=now)
    async with database.session(UTRECHT) as session:
        await subjects.ask(session, municipality_code=UTRECHT, now=now)

    def fail(*arguments):
        raise MemoryError

    monkeypatch.setattr(subjects, "find", fail)
    with pytest.raises(MemoryError):
        await subjects.look(database, municipality_code=UTRECHT, now=now + timedelta(seconds=1))
    assert f"The subjects of {UTRECHT} could not be looked for" in caplog.text
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert list(await subjects.asked_for(session)) == []
        assert len(await subjects.named(session, municipality_code=UTRECHT)) == 1
        assert (await subjects.last_round(session, municipality_code=UTRECHT)).computed_at == now


async def test_words_that_the_council_may_not_have_name_no_subject(clerk_with, log, database, now):
    made = await log(3, text="Zwerfvuil in Lunetten", direction=0)
    made += await log(3, text="Rommel in het park", direction=0)
    async with database.session(EVERY_MUNICIPALITY) as session:
        for one in made[:3]:
            await consents.refuse(
                session,
                resident_id=one.resident_id,
                municipality_code=UTRECHT,
                purpose=SHARE,
                channel="web",
                contribution_id=one.id,
                now=now,
            )
    assert await subjects.look(database, municipality_code=UTRECHT, now=now) == 1
    rows = await table(await clerk_with(GM0344="griffier"), "onderwerpen")
    assert (set(rows[1][0].split(" · ")), rows[1][1]) == ({"rommel", "park"}, "6")


async def test_what_is_withdrawn_or_erased_is_in_no_subject(log, database, now):
    made = await log(6, text=SUBJECTS[0], direction=0)
    await subjects.look(database, municipality_code=UTRECHT, now=now)

    async def members():
        async with database.session(EVERY_MUNICIPALITY) as session:
            return set(await session.scalars(select(SubjectMember.contribution_id)))

    assert await members() == {one.id for one in made}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(session, resident_id=made[0].resident_id, contribution_id=made[0].id, now=now)
        await session.delete(await session.get_one(Contribution, made[1].id))
    assert await members() == {one.id for one in made[2:]}
    assert await subjects.look(database, municipality_code=UTRECHT, now=now) == 0


async def test_who_only_reads_sees_finished_quarters_and_no_small_number(clerk_with, log):
    await log(20, theme="wonen", at=QUARTER_3, place="Zuilen")
    await log(3, theme="groen", at=QUARTER_3, place="Ondiep")
    await log(2, theme="jeugd", at=QUARTER_3)
    await log(14, theme="verkeer", at=QUARTER_3, place="Lunetten")
    await log(7, theme="sport")
    councillor = await clerk_with(GM0344="raadslid")
    html = unescape((await councillor.get(PAGE)).text)
    assert html.count("In het derde kwartaal van 2026 kwamen 39 berichten binnen.") == 2
    themes = {row[0]: row[1] for row in (await table(councillor, "themas"))[1:]}
    assert tuple(themes[THEMES[one]] for one in ("wonen", "verkeer", "groen", "sport")) == (
        "20", "14", "minder dan 5", "minder dan 5",
    )  # fmt: skip
    places = {row[0]: row[1] for row in (await table(councillor, "plaatsen"))[1:]}
    assert places == {
        "Zuilen": "20",
        "Lunetten": "niet getoond",  # else at least one of the two below could not be 0
        "Andere plaatsen": "minder dan 5",
        "Geen plaats genoemd": "minder dan 5",
    }
    assert html.count("Ondiep") == 0
    for query in (
        "periode=maand",
        "periode=week",
        "periode=jaar",
        "periode=kwartaal",
        "periode=eigen&van=2026-07-01&tot=2026-07-31",
    ):
        assert (await councillor.get(f"{PAGE}?{query}")).status_code == 404
        assert (await councillor.get(f"{PAGE}/beeld/themas.csv?{query}")).status_code == 404
    assert (await councillor.get(f"{PAGE}?periode=kwartaal&dag=2026-05-01")).status_code == 200
    griffier = await clerk_with(GM0344="griffier")
    exact = {row[0]: row[1] for row in (await table(griffier, "plaatsen", "?periode=kwartaal&dag=2026-08-01"))[1:]}
    assert exact == {"Zuilen": "20", "Lunetten": "14", "Ondiep": "3", "Geen plaats genoemd": "2"}


async def test_a_small_subject_is_not_there_for_who_only_reads(clerk_with, log, database, now):
    await log(4, text=SUBJECTS[0], direction=0, at=QUARTER_3)
    await log(2, text=SUBJECTS[0], direction=0)
    await subjects.look(database, municipality_code=UTRECHT, now=now)
    griffier, councillor = await clerk_with(GM0344="griffier"), await clerk_with(GM0344="raadslid")
    assert len(await table(griffier, "onderwerpen", "?periode=kwartaal&dag=2026-08-01")) == 2
    assert len(await table(councillor, "onderwerpen")) == 1
    assert (await councillor.post(f"{PAGE}/onderwerpen")).status_code == 403


@pytest.mark.parametrize("form", ["svg", "png", "csv"])
async def test_each_figure_is_a_file_too(clerk_with, log, form, now, database):
    await log(6, theme="verkeer", place="Lunetten", text=SUBJECTS[0], direction=0)
    await subjects.look(database, municipality_code=UTRECHT, now=now)
    griffier = await clerk_with(GM0344="griffier")
    html = (await griffier.get(PAGE)).text
    addresses = {unescape(one) for one in re.findall(rf'(?:src|srcset|href)="([^"]*\.{form}\?[^"]*)"', html)}
    assert {one.partition("/beeld/")[2].partition(".")[0] for one in addresses} >= {"verloop", "themas", "onderwerpen"}
    starts = {"svg": b"<svg", "png": b"\x89PNG", "csv": "\ufeff".encode()}
    # A drawing takes long: all of them are in the unit tests and in the browser.
    for address in sorted(addresses)[:: 1 if form == "csv" else 6]:
        answer = await griffier.get(address)
        assert (answer.status_code, answer.content[: len(starts[form])]) == (200, starts[form]), address
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        if form == "svg":
            assert (b"style" in answer.content, b"<script" in answer.content) == (False, False)


async def test_who_takes_a_figure_along_is_in_the_log_and_who_looks_is_not(clerk_with, log, database):
    await log(1, theme="verkeer")
    griffier = await clerk_with(GM0344="griffier")
    for name in ("themas.csv", "themas.svg", "themas.svg?opslaan=ja"):
        assert (await griffier.get(f"{PAGE}/beeld/{name}")).status_code == 200
    async with database.session(UTRECHT) as session:
        events = await session.scalars(
            select(AuditEvent.details).where(AuditEvent.action == "uitvoer.figuur").order_by(AuditEvent.id.desc())
        )
        taken = [(one["naam"], one["bestand"]) for one in events][:2]
    assert taken == [("themas", "svg"), ("themas", "csv")]


async def test_a_place_that_looks_like_a_sum_computes_nothing(clerk_with, log):
    await log(1, place="=1+1")
    rows = await table(await clerk_with(GM0344="griffier"), "plaatsen")
    assert rows[1][0] == "'=1+1"


@pytest.mark.parametrize(
    "query",
    ["periode=eeuw", "periode=maand&dag=gisteren", "periode=maand&dag=2027-01-01", "periode=jaar&dag=0001-01-01"],
)
async def test_a_period_that_does_not_exist_is_no_page(clerk_with, query):
    assert (await (await clerk_with(GM0344="griffier")).get(f"{PAGE}?{query}")).status_code == 404


@pytest.mark.parametrize("days", ["van=2026-11-05&tot=2026-11-01", "van=&tot=", "van=2019-01-01&tot=2026-01-01"])
async def test_own_dates_that_can_not_be_are_told(clerk_with, days):
    answer = await (await clerk_with(GM0344="griffier")).get(f"{PAGE}?periode=eigen&{days}")
    assert (answer.status_code, answer.text.count("Kies een eerste en een laatste dag")) == (422, 1)


async def test_another_municipality_has_no_such_pages(clerk_with, log, database, now):
    await log(6, text=SUBJECTS[0], direction=0)
    await subjects.look(database, municipality_code=UTRECHT, now=now)
    own, other = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    html = (await own.get(PAGE)).text
    page = re.search(r'href="([^"]*/onderwerp/[^"]*)"', html)[1]
    assert (await own.get(page)).status_code == 200
    for address in (PAGE, page, f"{PAGE}/beeld/themas.svg", page.replace(UTRECHT, AMERSFOORT)):
        assert (await other.get(address)).status_code == 404
    assert (await own.get(f"{PAGE}/beeld/iets.svg")).status_code == 404
    assert (await own.get(f"{PAGE}/beeld/stijgers.png")).status_code == 404


async def test_the_number_of_queries_does_not_grow(clerk_with, log, database, now):
    griffier = await clerk_with(GM0344="griffier")
    counts = []
    for number in (1, 30):
        await log(number, theme="verkeer", place=f"Plaats {number}", text=SUBJECTS[0], direction=0)
        await subjects.look(database, municipality_code=UTRECHT, now=now)
        counts.append(await _queries_of(griffier, database))
    assert counts[0] == counts[1]


async def _queries_of(browser, database):
    seen = []

    def listener(*arguments):
        seen.append(arguments[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", listener)
    assert (await browser.get(PAGE)).status_code == 200
    event.remove(database.engine.sync_engine, "before_cursor_execute", listener)
    return len(seen)


async def test_looking_at_numbers_is_not_written_down_as_reading_somebodys_words(clerk_with, log, database):
    await log(1)
    browser = await clerk_with(GM0344="griffier")
    written = select(func.count()).select_from(AuditEvent).where(AuditEvent.action.like("inbreng.%"))
    async with database.session(UTRECHT) as session:
        before = await session.scalar(written)
    assert (await browser.get(PAGE)).status_code == 200
    async with database.session(UTRECHT) as session:
        assert await session.scalar(written) == before
