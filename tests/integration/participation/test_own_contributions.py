"""Residents withdraw what they passed on, or add to it, as long as the council's work allows it."""

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import ContributionUnknown, TextMissing, TransitionNotAllowed
from participation.models import Clerk, Contribution, ContributionEntry, ContributionSorting
from participation.models.contribution import NOT_YET_READABLE, STATUSES
from participation.privacy import own_data
from participation.services import asking, bundles, contributions, conversations, masking, own_contributions, sorting
from participation.services.contributions import ContributionDetail
from tests.integration.participation.conftest import SOMEWHERE, UTRECHT, Contribute
from tests.traces import traces

PHONE = "06-24681357"
ADDITION = f"Het gaat om de lamp bij de brug. Bel mij op {PHONE}."


async def give_status(database: Database, contribution: Contribution, clerk: Clerk, now: datetime, status: str) -> None:
    """Through what the status table allows."""
    path = {"reactie_ontvangen": ("reactie_gevraagd",), "heropend": ("geannuleerd",)}.get(status, ())
    for step in (*path, status) if status != "ontvangen" else ():
        async with database.session(UTRECHT) as session:
            about = {"municipality_code": UTRECHT, "contribution_id": contribution.id, "clerk": clerk, "now": now}
            if step == "reactie_gevraagd":
                await asking.ask(session, question="Welke lamp?", submission=uuid.uuid4(), **about)
            elif step == "gebundeld":
                await bundles.make(session, name="Lampen", **about)
            else:
                to = SOMEWHERE.get(step)
                await contributions.change_status(
                    session, status=step, reason="klaar", disposition="beantwoord", to=to, **about
                )


async def withdraw(database: Database, contribution: Contribution, now: datetime, by: uuid.UUID | None = None) -> None:
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.withdraw(
            session, resident_id=by or contribution.resident_id, contribution_id=contribution.id, now=now
        )


async def add(
    database: Database,
    contribution: Contribution,
    now: datetime,
    text: str = ADDITION,
    submission: uuid.UUID | None = None,
    by: uuid.UUID | None = None,
) -> None:
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_contributions.add(
            session,
            resident_id=by or contribution.resident_id,
            contribution_id=contribution.id,
            text=text,
            submission=submission or uuid.uuid4(),
            now=now,
        )


async def detail_of(database: Database, contribution: Contribution) -> ContributionDetail:
    async with database.session(UTRECHT) as session:
        return await contributions.find_contribution(
            session, municipality_code=UTRECHT, contribution_id=contribution.id
        )


async def test_a_withdrawn_contribution_keeps_its_place_and_loses_its_words(
    database: Database, database_url: str, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    words = "winterkoninkje"
    contribution = await contribute(text=f"De lantaarn bij het {words} is kapot.")
    await add(database, contribution, now, text=f"Ik zie het {words} niet.")
    async with database.session(UTRECHT) as session:
        await sorting.correct(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            kind="zorg",
            theme="overig",
            clerk=clerk,
            now=now,
        )
    assert traces(database_url, {"words": words}).keys() == {"words"}
    for _ in range(2):
        await withdraw(database, contribution, now)
    detail = await detail_of(database, contribution)
    assert (detail.contribution.text, detail.contribution.readable_text) == ("[ingetrokken]", "[ingetrokken]")
    assert [(row.status, row.reason, row.clerk_id) for row in detail.statuses] == [
        ("ontvangen", None, None),
        ("geannuleerd", "ingetrokken door inwoner", None),
    ]
    assert [entry.readable_text for entry in detail.entries] == ["[ingetrokken]"]
    assert traces(database_url, {"words": words}) == {}
    async with database.session(UTRECHT) as session:
        sorted_ = select(ContributionSorting).where(ContributionSorting.contribution_id == contribution.id)
        assert (await session.scalars(sorted_)).all() == []
        assert contribution.id not in [row.id for row in await sorting.unsorted(session)]


@pytest.mark.parametrize("status", STATUSES)
async def test_the_status_decides_what_a_resident_may_still_do(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, status: str
) -> None:
    first, second = await contribute(), await contribute()
    for contribution in (first, second):
        await give_status(database, contribution, clerk, now, status)
    if status in ("ontvangen", "in_behandeling", "reactie_gevraagd", "heropend", "geannuleerd"):
        await withdraw(database, first, now)
        assert (await detail_of(database, first)).status == "geannuleerd"
    else:
        with pytest.raises(TransitionNotAllowed):
            await withdraw(database, first, now)
        assert (await detail_of(database, first)).contribution.text == first.text
    if status in ("afgehandeld", "geannuleerd"):
        with pytest.raises(TransitionNotAllowed):
            await add(database, second, now)
    else:
        await add(database, second, now)
    expected = "reactie_ontvangen" if status == "reactie_gevraagd" else status
    assert (await detail_of(database, second)).status == expected


async def test_an_addition_is_masked_and_stands_once_in_the_thread(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    contribution, submission = await contribute(), uuid.uuid4()
    for _ in range(2):
        await add(database, contribution, now, submission=submission)
    [entry] = (await detail_of(database, contribution)).entries
    assert (entry.text, entry.from_resident) == (ADDITION, True)
    assert PHONE not in entry.readable_text
    assert entry.readable_text.startswith("Het gaat om")
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert entry.id not in await conversations.undelivered(session), "nobody brings residents their own words"


async def test_an_addition_that_could_not_be_masked_is_hidden_until_the_worker_has(
    database: Database, contribute: Contribute, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contribution = await contribute()
    monkeypatch.setattr(masking, "PATIENCE_SECONDS", 0.0)
    await add(database, contribution, now)
    [entry] = (await detail_of(database, contribution)).entries
    assert (entry.readable_text, entry.masked_at) == (NOT_YET_READABLE, None)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await masking.mask_waiting_additions(session, now=now) == entry.id
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await masking.mask_waiting_additions(session, now=now) is None
    [entry] = (await detail_of(database, contribution)).entries
    assert (PHONE in entry.readable_text, entry.masked_at) == (False, now)


async def test_only_ones_own_contribution_can_be_changed(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    theirs, mine = await contribute(), await contribute()
    for change in (withdraw, add):
        with pytest.raises(ContributionUnknown):
            await change(database, theirs, now, by=mine.resident_id)
    detail = await detail_of(database, theirs)
    assert (detail.status, detail.contribution.text, list(detail.entries)) == ("ontvangen", theirs.text, [])


async def test_nothing_can_not_be_added(database: Database, contribute: Contribute, now: datetime) -> None:
    contribution = await contribute()
    with pytest.raises(TextMissing):
        await add(database, contribution, now, text="  ")


async def test_an_addition_to_what_stays_loses_its_personal_data_when_all_is_erased(
    database: Database, database_url: str, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    phone, told = "06-13572468", "Bel mij op 06-13572468."
    await give_status(database, contribution, clerk, now, "in_behandeling")
    await add(database, contribution, now, text=told)
    assert traces(database_url, {"phone": phone}) == {"phone": {"public.contribution_entry.text"}}
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = await own_data.export(session, resident_id=contribution.resident_id)
        assert [(row["van"], row["tekst"]) for row in kept["inbreng"][0]["berichten"]] == [("inwoner", told)]
        await own_data.erase(session, resident_id=contribution.resident_id, now=now)
    assert traces(database_url, {"phone": phone}) == {}
    async with database.session(UTRECHT) as session:
        [entry] = await session.scalars(
            select(ContributionEntry).where(ContributionEntry.contribution_id == contribution.id)
        )
    assert entry.text == entry.readable_text
