"""The griffie asks a resident something: the answer lands in that thread, and waiting ends by itself."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ChatGone, ContributionUnknown, TextMissing, TextTooLong, TransitionNotAllowed
from participation.models import Clerk, Contribution, ContributionEntry, Message
from participation.services import (
    asking,
    bulk,
    contributions,
    conversations,
    delivery,
    handling_rules,
)
from participation.services.contributions import ContributionDetail
from tests.integration.conftest import ResidentAdds
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute


async def ask(
    database: Database, contribution: Contribution, clerk: Clerk, now: datetime, **changed: Any
) -> ContributionEntry:
    about = {
        "municipality_code": UTRECHT,
        "contribution_id": contribution.id,
        "question": "Welke lamp is het?",
        "submission": uuid.uuid4(),
        "clerk": clerk,
        "now": now,
    }
    async with database.session(UTRECHT) as session:
        return await asking.ask(session, **(about | changed))


async def detail_of(database: Database, contribution: Contribution) -> ContributionDetail:
    async with database.session(UTRECHT) as session:
        return await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )


async def worker_round(database: Database, now: datetime) -> set[uuid.UUID]:
    """What the worker does every hour; returns the contributions that it returned to the griffie."""
    returned = set()
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = [row.contribution_id for row in await asking.overdue(session, now=now)]
    for contribution_id in waiting:
        async with database.session(EVERY_MUNICIPALITY) as session:
            if await asking.go_on_without(session, contribution_id=contribution_id, now=now):
                returned.add(contribution_id)
    return returned


async def chat_of(database: Database, contribution: Contribution, now: datetime) -> list[Message]:
    """The chat after the worker delivered what was written."""
    assert contribution.conversation_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        for entry_id in await contributions.undelivered(session, contribution_id=contribution.id):
            await delivery.deliver(session, entry_id=entry_id, now=now)
        return list(await conversations.history(session, conversation_id=contribution.conversation_id))


async def test_a_question_waits_to_the_end_of_the_last_day_and_reaches_the_chat(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    await ask(database, contribution, clerk, now)
    found = await detail_of(database, contribution)
    assert (found.status, found.statuses[-1].waits_until) == (
        "reactie_gevraagd",
        datetime(2026, 12, 7, 23, 0, tzinfo=UTC),  # the end of 7 December in the Netherlands
    )
    [message] = await chat_of(database, contribution, now)
    assert message.body["tekst"] == content.text(
        "vraag_griffie",
        gemeente="Utrecht",
        nummer=contribution.reference,
        tekst="Welke lamp is het?",
        datum="7 december 2026",
    )
    react = {"intent": "inbreng_aanvullen", "over": str(contribution.id), "reactie": True}
    assert message.body["verwacht"] == {"woorden": react}
    assert [button["titel"] for button in message.body["knoppen"]] == [content.text("knop_antwoorden")]


async def test_the_number_of_days_is_the_municipalitys_own(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute(AMERSFOORT)
    async with database.session(AMERSFOORT) as session:
        about = {"municipality_code": AMERSFOORT, "clerk": clerk, "now": now}
        await handling_rules.set_answer_days(session, days=3, **about)
        await asking.ask(session, contribution_id=contribution.id, question="Waar?", submission=uuid.uuid4(), **about)
        found = await contributions.find_contribution(
            session, municipality_code=AMERSFOORT, contribution_id=contribution.id
        )
    assert found.statuses[-1].waits_until == datetime(2026, 11, 26, 23, 0, tzinfo=UTC)


async def test_the_answer_lands_in_the_thread(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, resident_adds: ResidentAdds
) -> None:
    contribution = await contribute()
    await ask(database, contribution, clerk, now)
    assert contribution.resident_id
    await resident_adds(
        contribution, "De lamp bij de brug. Bel 06-24681357.", at=now + timedelta(hours=1), answering=True
    )
    found = await detail_of(database, contribution)
    assert found.status == "reactie_ontvangen"
    assert [(entry.kind, "06-24681357" in entry.readable_text) for entry in found.entries] == [
        ("vraag", False),
        ("reactie", False),
    ]
    assert contribution.id not in await worker_round(database, now + timedelta(days=100))


async def test_without_an_answer_the_griffie_goes_on_and_the_resident_hears_so(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    await ask(database, contribution, clerk, now)
    last_moment = datetime(2026, 12, 7, 22, 59, 59, tzinfo=UTC)
    assert contribution.id not in await worker_round(database, last_moment)
    too_late = last_moment + timedelta(seconds=1)
    rounds = await asyncio.gather(*(worker_round(database, too_late) for _ in range(3)))
    assert [returned for returned in rounds if returned] == [{contribution.id}]
    found = await detail_of(database, contribution)
    assert [(row.status, row.clerk_id) for row in found.statuses[-2:]] == [
        ("reactie_gevraagd", clerk.id),
        ("in_behandeling", None),
    ]
    assert found.statuses[-1].reason == content.text("reden_geen_reactie", dagen="14")
    assert [(entry.kind, entry.from_resident) for entry in found.entries] == [("vraag", False), ("bericht", False)]
    [_, told] = await chat_of(database, contribution, too_late)
    assert content.text("bericht_geen_reactie", dagen="14") in told.body["tekst"]


async def test_what_was_taken_up_by_mistake_still_waits_for_its_answer_and_no_longer(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    await ask(database, contribution, clerk, now)
    until = datetime(2026, 12, 7, 23, tzinfo=UTC)
    about = {"municipality_code": UTRECHT, "clerk": clerk}
    async with database.session(UTRECHT) as session:
        change = await bulk.carry_out(
            session,
            contribution_ids={contribution.id},
            action="oppakken",
            target=None,
            now=now + timedelta(days=10),
            **about,
        )
    async with database.session(UTRECHT) as session:
        assert await bulk.undo(session, change_id=change.id, now=now + timedelta(days=10, minutes=5), **about) == 1
    found = await detail_of(database, contribution)
    assert (found.status, found.statuses[-1].number, found.statuses[-1].waits_until) == ("reactie_gevraagd", 4, until)
    assert contribution.id in await worker_round(database, until)
    found = await detail_of(database, contribution)
    assert found.statuses[-1].reason == content.text("reden_geen_reactie", dagen="14")


async def test_what_the_resident_answered_meanwhile_is_not_asked_again(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, resident_adds: ResidentAdds
) -> None:
    contribution = await contribute()
    assert contribution.resident_id
    await ask(database, contribution, clerk, now)
    about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    async with database.session(UTRECHT) as session:
        change = await bulk.carry_out(
            session, contribution_ids={contribution.id}, action="oppakken", target=None, **about
        )
    await resident_adds(contribution, "De lamp bij nummer 4.")
    async with database.session(UTRECHT) as session:
        assert await bulk.undo(session, change_id=change.id, **about) == 0
    assert (await detail_of(database, contribution)).status == "in_behandeling"


async def test_a_question_in_between_does_not_take_the_place_of_what_the_chat_was_asking(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    assert contribution.conversation_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await conversations.answer(
            session,
            conversation_id=contribution.conversation_id,
            replies=[{"tekst": "Wilt u dit?", "soort": "bevestiging", "verwacht": {"ja": {"intent": "x"}}}],
            in_reply_to=None,
            now=now,
        )
    await ask(database, contribution, clerk, now)
    [_, question] = await chat_of(database, contribution, now)
    assert question.body["verwacht"] == {"ja": {"intent": "x"}}


async def test_sending_the_form_twice_asks_once(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution, submission = await contribute(), uuid.uuid4()
    asked = await asyncio.gather(*(ask(database, contribution, clerk, now, submission=submission) for _ in range(4)))
    assert len({entry.id for entry in asked}) == 1
    assert [row.status for row in (await detail_of(database, contribution)).statuses] == [
        "ontvangen",
        "reactie_gevraagd",
    ]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"question": " \n"}, TextMissing),
        ({"question": "x" * 4001}, TextTooLong),
        ({"municipality_code": AMERSFOORT}, ContributionUnknown),
        ({"contribution_id": uuid.uuid4()}, ContributionUnknown),
    ],
)
async def test_what_can_not_be_asked_changes_nothing(
    database: Database,
    contribute: Contribute,
    clerk: Clerk,
    now: datetime,
    changed: dict[str, Any],
    error: type[Exception],
) -> None:
    contribution = await contribute()
    with pytest.raises(error):
        await ask(database, contribution, clerk, now, **changed)
    found = await detail_of(database, contribution)
    assert (found.status, found.entries) == ("ontvangen", [])


async def test_nothing_is_asked_where_no_answer_can_come_from_or_the_work_is_done(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    gone, closed = await contribute(), await contribute()
    async with database.session(UTRECHT) as session:
        (await session.get_one(Contribution, gone.id)).conversation_id = None
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=closed.id,
            status="geannuleerd",
            reason="Dubbel.",
            clerk=clerk,
            now=now,
        )
    with pytest.raises(ChatGone):
        await ask(database, gone, clerk, now)
    with pytest.raises(TransitionNotAllowed):
        await ask(database, closed, clerk, now)
