"""The mail with counts, handed to a real mail server: what is in it, when it goes, and that it goes once."""

import asyncio
import logging
import ssl
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import select

from participation import digest_round
from participation.database import Database
from participation.models import Clerk, ContributionFlag, Digest
from participation.services import clerks, digests, municipality_settings
from participation.settings import Settings
from tests.certificates import Authority
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute
from tests.mail_server import Mailbox, free_port

FRIDAY_AT_SEVEN = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
"""Seven o'clock in the Dutch winter."""
LONG_AGO = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
USER, PASSWORD = "samenspel", "een geheim van de mailserver"


@pytest.fixture
async def reader(database: Database, now: datetime) -> Any:
    """Make somebody who wants the mail; afterwards nobody does."""
    made: list[Clerk] = []

    async def make(rhythm: str = "dag", email: str = "", at: datetime = LONG_AGO, **roles: str) -> Clerk:
        async with database.session("") as session:
            clerk, _ = await clerks.create_clerk(
                session,
                email=email or f"{uuid.uuid4().hex[:8]}@gemeente.example",
                name="Anna de Wit",
                roles=roles or {UTRECHT: "griffier"},
                now=now,
            )
            await digests.choose(session, clerk=clerk, rhythm=rhythm, now=at)
        made.append(clerk)
        return clerk

    yield make
    async with database.session("") as session:
        for clerk in made:
            await digests.choose(session, clerk=await session.get_one(Clerk, clerk.id), rhythm="uit", now=now)


async def state_of(database: Database, clerk: Clerk) -> list[tuple[str, str, int]]:
    async with database.session("") as session:
        rows = await session.scalars(select(Digest).where(Digest.clerk_id == clerk.id).order_by(Digest.period))
        return [(row.period, row.state, row.attempts) for row in rows]


async def test_the_mail_holds_counts_and_links_and_no_word_of_a_resident(
    database: Database, chosen: Settings, mailbox: Mailbox, reader: Any, contribute: Contribute
) -> None:
    contribution = await contribute(UTRECHT)
    async with database.session(UTRECHT) as session:
        about = {"municipality_code": UTRECHT, "contribution_id": contribution.id}
        session.add(ContributionFlag(**about, kind="noodgeval", created_at=FRIDAY_AT_SEVEN))
    clerk = await reader(GM0344="griffier", GM0307="raadslid")
    async with database.session(UTRECHT) as session:
        expected = await digests.counts(session, municipality_code=UTRECHT, clerk_id=clerk.id, now=FRIDAY_AT_SEVEN)
    assert await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN) == 1
    [(sender, to, message)] = mailbox.taken
    assert (sender, to, message["Subject"]) == (
        "samenspel@gemeente.example",
        [clerk.email],
        f"Samenspel: {expected['nieuw']} nieuw",
    )
    assert (message["Auto-Submitted"], message["To"]) == ("auto-generated", clerk.email)
    text = message.get_content().replace("\r\n", "\n")
    assert f"- Nieuw: {expected['nieuw']}\n  https://samenspel.example/griffie/GM0344/inbreng?weergave=nieuw" in text
    signals = f"- Signalen om naar te kijken: {expected['signalen']}"
    assert f"{signals}\n  https://samenspel.example/griffie/GM0344/signalen\n" in text
    assert "https://samenspel.example/griffie/mail" in text
    assert ("lantaarn" in text.lower(), "Amersfoort" in text) == (False, False)
    assert (expected["nieuw"] > 0, expected["signalen"] > 0) == (True, True)


async def test_it_goes_once_in_a_period_also_when_two_workers_look_at_once(
    database: Database, chosen: Settings, mailbox: Mailbox, reader: Any, contribute: Contribute
) -> None:
    await contribute(UTRECHT)
    clerk = await reader()
    later = FRIDAY_AT_SEVEN + timedelta(minutes=10)
    await asyncio.gather(*(digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN) for _ in range(3)))
    await digest_round.run(database, chosen, now=later)
    assert (len(mailbox.taken), await state_of(database, clerk)) == (1, [("2026-11-27", "verstuurd", 1)])
    monday = FRIDAY_AT_SEVEN + timedelta(days=3)
    await digest_round.run(database, chosen, now=monday)
    assert len(mailbox.taken) == 2


async def test_an_address_that_mail_can_not_hold_keeps_nobody_else_from_theirs(
    database: Database,
    chosen: Settings,
    mailbox: Mailbox,
    reader: Any,
    contribute: Contribute,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whose turn it is first is not told, so one has it before and one after."""
    await contribute(UTRECHT)
    impossible = [
        await reader(email=f"{uuid.uuid4().hex[:8]}{letters}@gemeente.example") for letters in ("é", "\ud7ff", "a\nb")
    ]
    others = [await reader() for _ in range(2)]
    with caplog.at_level(logging.ERROR):
        assert await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN) == 2
    assert sorted(to[0] for _, to, _ in mailbox.taken) == sorted(clerk.email for clerk in others)
    for clerk in impossible:
        assert await state_of(database, clerk) == [("2026-11-27", "mislukt", 1)]
    assert "could not be sent (mislukt): UnicodeEncodeError" in caplog.text
    assert "gemeente.example" not in caplog.text


@pytest.mark.parametrize(
    ("rhythm", "chosen_at", "first"),
    [
        ("week", datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "2026-W49"),  # a Wednesday: the mail of Monday is over
        ("week", datetime(2026, 11, 23, 5, 59, tzinfo=UTC), "2026-W48"),
        ("week", datetime(2026, 11, 23, 6, 1, tzinfo=UTC), "2026-W49"),
        ("dag", datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "2026-11-26"),
        ("dag", datetime(2026, 11, 25, 5, 59, tzinfo=UTC), "2026-11-25"),
    ],
)
async def test_the_first_mail_is_that_of_the_next_period(
    database: Database,
    chosen: Settings,
    reader: Any,
    contribute: Contribute,
    rhythm: str,
    chosen_at: datetime,
    first: str,
) -> None:
    await contribute(UTRECHT)
    clerk = await reader(rhythm, at=chosen_at)
    async with database.session("") as session:  # to save the same again is no new choice
        later = chosen_at + timedelta(days=8)
        await digests.choose(session, clerk=await session.get_one(Clerk, clerk.id), rhythm=rhythm, now=later)
    for hours in range(0, 6 * 24, 6):
        await digest_round.run(database, chosen, now=datetime(2026, 11, 25, 10, 0, tzinfo=UTC) + timedelta(hours=hours))
    assert (await state_of(database, clerk))[0][0] == first


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (datetime(2026, 11, 27, 5, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 28, 9, 0, tzinfo=UTC), 0),  # a Saturday
        (datetime(2026, 7, 3, 4, 50, tzinfo=UTC), 0),
        (datetime(2026, 7, 3, 5, 0, tzinfo=UTC), 1),  # seven o'clock in summer
        (datetime(2026, 11, 27, 16, 50, tzinfo=UTC), 1),
    ],
)
async def test_it_goes_on_workdays_from_seven_by_dutch_clocks(
    database: Database, chosen: Settings, reader: Any, contribute: Contribute, moment: datetime, sent: int
) -> None:
    await contribute(UTRECHT)
    await reader()
    assert await digest_round.run(database, chosen, now=moment) == sent


async def test_the_weekly_mail_goes_on_the_first_workday_that_it_can(
    database: Database, chosen: Settings, mailbox: Mailbox, reader: Any, contribute: Contribute
) -> None:
    await contribute(UTRECHT)
    clerk = await reader("week")
    for days in (0, 3, 4, 5):  # Friday, then Monday to Wednesday
        await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN + timedelta(days=days))
    assert [period for period, *_ in await state_of(database, clerk)] == ["2026-W48", "2026-W49"]
    assert len(mailbox.taken) == 2


async def test_what_the_server_refuses_is_tried_again_and_the_operator_hears_of_it(
    database: Database,
    chosen: Settings,
    mailbox: Mailbox,
    reader: Any,
    contribute: Contribute,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await contribute(UTRECHT)
    clerk = await reader()
    mailbox.refusals = ["451 Later", "552 Full"]
    with caplog.at_level(logging.ERROR):
        await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN)
    assert "could not be sent (mislukt): the server answered 451" in caplog.text
    assert clerk.email not in caplog.text
    for minutes, expected in ((9, "mislukt"), (10, "mislukt"), (29, "mislukt"), (30, "verstuurd")):
        await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN + timedelta(minutes=minutes))
        [(_, state, _)] = await state_of(database, clerk)
        assert state == expected
    assert (len(mailbox.taken), await state_of(database, clerk)) == (1, [("2026-11-27", "verstuurd", 3)])


async def test_without_a_server_nothing_is_lost_and_one_that_hangs_up_is_not_asked_twice(
    database: Database, chosen: Settings, mailbox: Mailbox, server: Controller, reader: Any, contribute: Contribute
) -> None:
    await contribute(UTRECHT)
    clerk = await reader()
    gone = chosen.model_copy(update={"smtp_port": 9})
    assert await digest_round.run(database, gone, now=FRIDAY_AT_SEVEN) == 0
    assert await state_of(database, clerk) == [("2026-11-27", "mislukt", 1)]
    mailbox.hangs_up = True
    for minutes in (10, 40, 120):
        await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN + timedelta(minutes=minutes))
    assert (len(mailbox.taken), await state_of(database, clerk)) == (1, [("2026-11-27", "onzeker", 2)])


async def test_a_process_that_dies_before_it_knows_never_makes_it_twice(
    database: Database, chosen: Settings, mailbox: Mailbox, reader: Any, contribute: Contribute
) -> None:
    await contribute(UTRECHT)
    clerk = await reader()
    async with database.session("") as session:
        assert await digests.claim(session, clerk_id=clerk.id, period="2026-11-27", now=FRIDAY_AT_SEVEN)
    for hours in (1, 5):
        await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN + timedelta(hours=hours))
    assert (mailbox.taken, await state_of(database, clerk)) == ([], [("2026-11-27", "bezig", 1)])


async def test_who_has_nothing_waiting_or_only_reads_or_wants_none_gets_no_mail(
    database: Database, chosen: Settings, mailbox: Mailbox, reader: Any, contribute: Contribute
) -> None:
    await contribute(UTRECHT)
    idle = await reader(GM0363="griffier")
    await reader(GM0344="raadslid")
    await reader("dag", GM0344="griffier")
    stopped = await reader("dag", GM0344="griffier")
    async with database.session("") as session:
        await digests.choose(session, clerk=await session.get_one(Clerk, stopped.id), rhythm="uit", now=FRIDAY_AT_SEVEN)
        with pytest.raises(digests.RhythmUnknown):
            await digests.choose(session, clerk=stopped, rhythm="elk uur", now=FRIDAY_AT_SEVEN)
    assert await digest_round.run(database, chosen, now=FRIDAY_AT_SEVEN) == 1
    assert await state_of(database, idle) == [("2026-11-27", "niets", 1)]
    assert await state_of(database, stopped) == []


async def test_the_counts_follow_the_periods_of_the_municipality(
    database: Database, clerk: Clerk, contribute: Contribute, now: datetime
) -> None:
    await contribute(AMERSFOORT)
    about: dict[str, Any] = {"municipality_code": AMERSFOORT, "clerk_id": clerk.id, "now": now + timedelta(days=3)}
    async with database.session(AMERSFOORT) as session:
        before = (await digests.counts(session, **about))["te_laat"]
        days = dict.fromkeys(municipality_settings.PATIENCE, 1)
        await municipality_settings.set_patience(session, municipality_code=AMERSFOORT, days=days, clerk=clerk, now=now)
        after = await digests.counts(session, **about)
    assert (before, after["te_laat"]) == (0, after["nieuw"])
    assert after["nieuw"] > 0


def logged_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


async def test_it_goes_over_starttls_with_a_password_from_a_file_and_only_to_a_server_with_a_good_certificate(
    database: Database,
    chosen: Settings,
    mailbox: Mailbox,
    reader: Any,
    contribute: Contribute,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    await contribute(UTRECHT)
    clerk = await reader()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority = Authority(tmp_path)
    context.load_cert_chain(*authority.certificate(days_left=30))
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=logged_in,
    )
    controller.start()
    try:
        password = tmp_path / "wachtwoord"
        password.write_text(f"{PASSWORD}\n")
        secure = chosen.model_copy(
            update={
                "smtp_port": controller.port,
                "smtp_security": "starttls",
                "smtp_user": USER,
                "smtp_password_file": str(password),
            }
        )
        await digest_round.run(database, secure, now=FRIDAY_AT_SEVEN)
        assert (mailbox.taken, (await state_of(database, clerk))[0][1]) == ([], "mislukt")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
        context.load_cert_chain(*authority.certificate(days_left=-1))
        assert await digest_round.run(database, secure, now=FRIDAY_AT_SEVEN + timedelta(minutes=10)) == 0
        assert (mailbox.taken, (await state_of(database, clerk))[0][1]) == ([], "mislukt")
        context.load_cert_chain(*authority.certificate(days_left=30))
        assert await digest_round.run(database, secure, now=FRIDAY_AT_SEVEN + timedelta(minutes=30)) == 1
    finally:
        controller.stop()
    assert (len(mailbox.taken), mailbox.encrypted) == (1, [True])
