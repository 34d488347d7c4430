"""Mailings through the outbox: each at most once, none forgotten, and behind everything else that is to be said."""

import asyncio
import os
import random
import signal
import sys
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bench.campaign.subscribers import subscribe
from bot.gateway import Gateway
from bot.outbox import Outbox
from bot.rasa import RasaClient
from bot.telegram.api import connected
from bot.telegram.sending import TelegramTransport
from participation.campaigns import sending, sending_jobs, subscriptions
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, Conversation, Mailing, Message, Outgoing, Recipient
from participation.services import conversations
from participation.settings import Settings
from tests.bot_api import Fault, TelegramDouble
from tests.integration.bot.conftest import UTRECHT
from tests.integration.bot.telegram.conftest import clock, until
from tests.integration.campaign_maker import Ask, clerk_of, make

KILLS, PEOPLE = 10, 60
ALWAYS = {"campaign_quiet_from": 24, "campaign_quiet_until": 0, "campaign_sundays": True}

Mail = Callable[..., Awaitable[Mailing]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Messages may leave at any hour, whenever this test runs."""
    return settings.model_copy(update=ALWAYS)


@pytest.fixture
def mail(database: Database) -> Mail:
    """Start a mailing."""

    async def started(kind: str = "uitnodiging", who: str = "berichten") -> Mailing:
        now = clock()
        async with database.session(EVERY_MUNICIPALITY) as session:
            clerk = await clerk_of(session, now=now)
            campaign = await make(session, Ask("stellingen", statements=("Meer bomen.",)), now=now, clerk=clerk)
            mailing = await sending.prepare(
                session,
                campaign=campaign,
                kind=kind,
                words="Wat vindt u van het centrum?",
                audience={"who": who},
                clerk=clerk,
                now=now,
            )
            await sending.take(session, mailing=mailing, step="starten", clerk=clerk, now=now)
        return mailing

    return started


@pytest.fixture(autouse=True)
async def nobody_else(database: Database) -> None:
    """Take the people of the test before out of reach."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        for resident in await session.scalars(select(Conversation.resident_id)):
            await subscriptions.end(session, resident_id=resident, channel="telegram", now=clock())
        await session.execute(update(Mailing).values(state="gestopt"))


async def states_of(database: Database, mailing: Mailing) -> Counter[tuple[str, str | None]]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.execute(
            select(Recipient.state, Recipient.reason).where(Recipient.mailing_id == mailing.id)
        )
        return Counter((state, reason) for state, reason in rows)


async def in_force(database: Database, mailing: Mailing) -> Mailing:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.get_one(Mailing, mailing.id)


def chats(number: int) -> list[int]:
    first = random.randrange(10**9)  # noqa: S311
    return list(range(first, first + number))


async def people(database: Database, settings: Settings, *, telegram: list[int], web: int = 0) -> list[uuid.UUID]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await subscribe(session, key=settings.pseudonym_key, now=clock(), code=UTRECHT, chats=telegram, web=web)


async def send_all(database: Database, settings: Settings) -> None:
    """Hand over and send until nothing waits."""
    async with connected(settings) as bot:
        outbox = Outbox(TelegramTransport(bot), database, settings, clock=clock)
        await sending_jobs.go_on(database, settings, now=clock())
        while await outbox.next_due():
            if not await outbox.send_next():
                await asyncio.sleep(0.05)  # a second message in one chat waits
            await sending_jobs.go_on(database, settings, now=clock())


async def test_everybody_who_agreed_gets_it_once_in_the_chat_that_they_have(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    known = chats(3)
    residents = await people(database, settings, telegram=known, web=2)
    mailing = await mail()
    await send_all(database, settings)
    assert sorted(one.chat_id for one in telegram.sent) == known
    assert telegram.sent[0].text.startswith("Een autoluw centrum\n\nWat vindt u van het centrum?")
    assert telegram.sent[0].titles == ["Ik doe mee", "Nu niet", "Afmelden"]
    assert await states_of(database, mailing) == {("verstuurd", None): 5}
    done = await in_force(database, mailing)
    assert (done.state, done.progress) == ("klaar", {UTRECHT: {"verstuurd": 5}})
    async with database.session(EVERY_MUNICIPALITY) as session:
        told = await session.scalars(
            select(Message.body["tekst"].astext)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.resident_id == residents[-1])
        )
        assert [text[:19] for text in told] == ["Een autoluw centrum"]


async def test_who_opts_out_while_it_is_being_sent_gets_nothing_more(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    known = chats(3)
    residents = await people(database, settings, telegram=known)
    mailing = await mail()
    async with database.session(EVERY_MUNICIPALITY) as session:
        await subscriptions.end(session, resident_id=residents[0], channel="telegram", now=clock())
    await sending_jobs.go_on(database, settings, now=clock())  # the others stand in the outbox now
    async with database.session(EVERY_MUNICIPALITY) as session:
        await subscriptions.end(session, resident_id=residents[1], channel="telegram", now=clock())
    await send_all(database, settings)
    assert [one.chat_id for one in telegram.sent] == [known[2]]
    assert await states_of(database, mailing) == {("overgeslagen", "afgemeld"): 1, ("verstuurd", None): 1}


@pytest.mark.parametrize("kinds", [("uitnodiging",) * 3, ("bericht", "uitnodiging", "bericht")])
async def test_nobody_gets_more_messages_without_asking_than_agreed(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail, kinds: tuple[str, str, str]
) -> None:
    await people(database, settings, telegram=chats(1))
    for kind in kinds[:2]:
        await mail(kind)
        await send_all(database, settings)
    third = await mail(kinds[2])
    await send_all(database, settings)
    assert len(telegram.sent) == 2
    assert await states_of(database, third) == {("overgeslagen", "te_vaak"): 1}


@pytest.mark.parametrize("hears_of_it", [True, False], ids=["told", "403"])
async def test_who_keeps_us_out_has_opted_out_and_has_to_agree_anew(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail, hears_of_it: bool
) -> None:
    [chat] = chats(1)
    await people(database, settings, telegram=[chat])
    gateway = Gateway(database, settings, RasaClient(settings), clock=clock)
    if hears_of_it:
        await gateway.visits.set_blocked(channel="telegram", channel_user=str(chat), blocked=True)
    else:
        telegram.blocked.add(chat)
        await mail()
        await send_all(database, settings)
        telegram.blocked.clear()
    await gateway.visits.set_blocked(channel="telegram", channel_user=str(chat), blocked=False)
    after = await mail("bericht")
    await send_all(database, settings)
    assert (telegram.sent, await states_of(database, after)) == ([], {})


async def test_an_answer_goes_before_a_mailing_also_in_the_same_chat(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    known = chats(4)
    residents = await people(database, settings, telegram=known)
    await mail()
    await sending_jobs.go_on(database, settings, now=clock())
    async with database.session(EVERY_MUNICIPALITY) as session:
        chat = await session.scalar(select(Conversation.id).where(Conversation.resident_id == residents[3]))
        assert chat is not None
        reply = {"tekst": "Een antwoord.", "soort": "antwoord"}
        await conversations.answer(session, conversation_id=chat, replies=[reply], in_reply_to=None, now=clock())
    await send_all(database, settings)
    await asyncio.sleep(1.1)  # a second message in one chat waits
    await send_all(database, settings)
    assert (telegram.sent[0].chat_id, telegram.sent[0].text) == (known[3], "Een antwoord.")
    assert Counter(one.chat_id for one in telegram.sent) == {known[0]: 1, known[1]: 1, known[2]: 1, known[3]: 2}


async def test_what_may_have_arrived_is_not_sent_again_unless_somebody_says_so(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    await people(database, settings, telegram=chats(1))
    mailing = await mail()
    telegram.faults["sendMessage"].append(Fault(lost=True))
    await sending_jobs.go_on(database, settings, now=clock())
    async with connected(settings) as bot:
        outbox = Outbox(TelegramTransport(bot), database, settings, clock=clock)
        assert [await outbox.send_next(), await outbox.send_next()] == [True, False]
    assert len(telegram.sent) == 1
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            update(Outgoing).where(Outgoing.mailing_id == mailing.id).values(handed_at=clock() - timedelta(minutes=3))
        )
    await sending_jobs.go_on(database, settings, now=clock())
    lost = await in_force(database, mailing)
    assert (lost.state, lost.progress) == ("klaar", {UTRECHT: {"onzeker": 1}})
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=clock())
        found = await session.get_one(Mailing, mailing.id)
        await sending.send_again(session, mailing=found, what="onzeker", clerk=clerk, now=clock())
    await send_all(database, settings)
    assert len(telegram.sent) == 2
    assert (await in_force(database, mailing)).progress == {UTRECHT: {"verstuurd": 1}}


async def test_refusals_are_told_with_their_reason_and_a_busy_channel_is_waited_for(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    known = chats(3)
    await people(database, settings, telegram=known)
    telegram.blocked.add(known[0])
    mailing = await mail()
    port = telegram.port
    await telegram.stop()
    await send_all_once(database, settings)  # nothing can have left
    await telegram.start(port)
    telegram.faults["sendMessage"].append(Fault(status=429, parameters={"retry_after": 1}))
    async with asyncio.timeout(30):
        while (await in_force(database, mailing)).state != "klaar":
            await send_all_once(database, settings)
            await asyncio.sleep(0.2)
    assert sorted(one.chat_id for one in telegram.sent) == known[1:]
    assert (await states_of(database, mailing))[("mislukt", "geblokkeerd")] == 1


async def send_all_once(database: Database, settings: Settings) -> None:
    await sending_jobs.go_on(database, settings, now=clock())
    async with connected(settings) as bot:
        outbox = Outbox(TelegramTransport(bot), database, settings, clock=clock)
        while await outbox.send_next():
            pass


@pytest.mark.parametrize("in_outbox", [False, True])
async def test_nobody_is_invited_to_what_has_ended(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail, *, in_outbox: bool
) -> None:
    await people(database, settings, telegram=chats(1))
    mailing = await mail()
    if in_outbox:
        await sending_jobs.go_on(database, settings, now=clock())
        assert await states_of(database, mailing) == {("onderweg", None): 1}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Campaign).where(Campaign.id == mailing.campaign_id).values(state="gesloten"))
    await send_all(database, settings)
    assert (await states_of(database, mailing), telegram.sent) == ({("overgeslagen", "gesloten"): 1}, [])


@pytest.mark.parametrize("in_outbox", [False, True])
async def test_who_waits_while_the_campaign_is_paused_is_invited_when_it_goes_on(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail, *, in_outbox: bool
) -> None:
    known = chats(1)
    await people(database, settings, telegram=known)
    mailing, in_between = await mail(), await mail("bericht")
    if in_outbox:
        await sending_jobs.go_on(database, settings, now=clock())

    async def becomes(state: str) -> None:
        theirs = Campaign.id.in_([mailing.campaign_id, in_between.campaign_id])
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(update(Campaign).where(theirs).values(state=state))
        await send_all(database, settings)

    await becomes("pauze")
    assert (await in_force(database, mailing)).state == "bezig"
    assert await states_of(database, mailing) == {("onderweg" if in_outbox else "wacht", None): 1}
    assert [one.titles for one in telegram.sent] == [["Afmelden"]]  # what asks nothing is not held up
    await becomes("loopt")
    assert await states_of(database, mailing) == {("verstuurd", None): 1}
    assert len(telegram.sent) == 2


async def test_at_night_nothing_leaves(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    await people(database, settings, telegram=chats(1))
    mailing = await mail()
    late = clock().replace(hour=22) + timedelta(days=1)
    night = settings.model_copy(update={"campaign_quiet_from": 20, "campaign_quiet_until": 9})
    await sending_jobs.go_on(database, night, now=late)
    assert await states_of(database, mailing) == {("wacht", None): 1}
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Recipient).values(due_at=clock()))
    await sending_jobs.go_on(database, settings, now=clock())  # the evening begins when it is in the outbox already
    async with connected(night) as bot:
        assert await Outbox(TelegramTransport(bot), database, night, clock=lambda: late).send_next()
    assert (await states_of(database, mailing), telegram.sent) == ({("onderweg", None): 1}, [])


async def test_a_mailing_that_is_stopped_leaves_nobody_waiting(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    await people(database, settings, telegram=chats(2))
    mailing = await mail()
    await sending_jobs.go_on(database, settings, now=clock())
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=clock())
        found = await session.get_one(Mailing, mailing.id)
        await sending.take(session, mailing=found, step="stoppen", clerk=clerk, now=clock())
    await send_all(database, settings)
    assert telegram.sent == []
    assert await states_of(database, mailing) == {("overgeslagen", "gestopt"): 2}
    assert (await in_force(database, mailing)).progress == {UTRECHT: {"overgeslagen:gestopt": 2}}


async def test_a_mailing_that_is_paused_or_a_channel_that_is_down_holds_up_no_other(
    database: Database, settings: Settings, telegram: TelegramDouble, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    await people(database, settings, telegram=chats(3), web=2)
    as_far_as_it_goes = {("onderweg", None): 2, ("wacht", None): 1, ("verstuurd", None): 2}  # nothing leaves Telegram

    async def hand_over() -> None:
        for _ in range(4):
            await sending_jobs.go_on(database, settings, now=clock())

    paused = await mail()
    await hand_over()
    assert await states_of(database, paused) == as_far_as_it_goes
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk = await clerk_of(session, now=clock())
        found = await session.get_one(Mailing, paused.id)
        await sending.take(session, mailing=found, step="pauzeren", clerk=clerk, now=clock())
    running = await mail()
    await hand_over()
    assert await states_of(database, running) == as_far_as_it_goes
    await send_all(database, settings)
    assert len(telegram.sent) == 3
    assert await states_of(database, running) == {("verstuurd", None): 5}
    assert await states_of(database, paused) == as_far_as_it_goes


async def test_killed_ten_times_at_random_moments_everybody_gets_it_at_most_once(
    database: Database, database_url: str, settings: Settings, telegram: TelegramDouble, mail: Mail
) -> None:
    known = chats(PEOPLE)
    await people(database, settings, telegram=known)
    mailing = await mail()
    environment = os.environ | {
        "SAMENSPEL_DEMO": "true",
        "SAMENSPEL_DATABASE_URL": database_url,
        "SAMENSPEL_TELEGRAM_TOKEN": settings.telegram_token,
        "SAMENSPEL_TELEGRAM_API_URL": telegram.url,
        "SAMENSPEL_CAMPAIGN_QUIET_FROM": "24",
        "SAMENSPEL_CAMPAIGN_QUIET_UNTIL": "0",
        "SAMENSPEL_CAMPAIGN_SUNDAYS": "true",
        "PYTHONPATH": str(Path(__file__).parents[4]),
    }
    dice = random.Random(11)  # noqa: S311

    pipe = asyncio.subprocess.PIPE
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.campaign_sender", env=environment, stdin=pipe, stdout=pipe
    )
    assert sender.stdin
    assert sender.stdout

    async def started() -> int:
        sender.stdin.write(b"\n")
        return int(await sender.stdout.readline())

    try:
        for number in range(1, KILLS + 1):
            process = await started()
            aim = PEOPLE * number // (KILLS + 2)  # so that each dies in mid-sending
            await telegram.until(lambda aim=aim: len(telegram.asked("sendMessage")) >= aim, 60)
            await asyncio.sleep(dice.uniform(0, 0.05))
            os.kill(process, signal.SIGKILL)
        process = await started()
        await until(partial(settled, database, mailing), 60)
        os.kill(process, signal.SIGKILL)
    finally:
        sender.stdin.close()
        sender.kill()
        await sender.wait()
    received = Counter(one.chat_id for one in telegram.sent)
    assert max(received.values()) == 1
    states = await states_of(database, mailing)
    sent, unknown = states[("verstuurd", None)], states[("onderweg", None)]
    assert sent + unknown == PEOPLE  # nobody is forgotten
    assert sent <= len(received) <= sent + unknown
    assert unknown <= 3 * KILLS


async def settled(database: Database, mailing: Mailing) -> bool:
    """Whether nobody waits, and all that is under way was handed over by a process that died."""
    if any(state == "wacht" for state, _ in await states_of(database, mailing)):
        return False
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(Outgoing.handed_at).where(Outgoing.mailing_id == mailing.id, Outgoing.done_at.is_(None))
        )
        return all(at is not None and at < clock() - timedelta(seconds=3) for at in rows)
