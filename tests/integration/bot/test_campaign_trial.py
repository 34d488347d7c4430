"""A campaign that has not started, in the chat, by the link of its makers: as residents will, and it counts nowhere."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateway import Gateway
from participation.campaigns import links, states, taking_part, trials
from participation.campaigns.taking_part import Coming
from participation.campaigns.texts import text as words_of
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.engine import sqlalchemy_url
from participation.models import (
    Base,
    Campaign,
    CampaignTrial,
    CampaignTrialRun,
    Conversation,
    DeepLink,
    Participant,
)
from tests.integration.bot.conftest import AMERSFOORT, UTRECHT, RasaDouble, always, said
from tests.integration.bot.test_campaign_in_chat import BIKES, CARS, TREES, Resident
from tests.integration.campaign_maker import Ask, make

THREE = Ask("stellingen", "Bent u het eens?", statements=(CARS, BIKES, TREES), rules={"own": True})
OPEN = Ask("open", "Wat mist u in het centrum?")
CHOICE = Ask("keuze", "Wat wilt u?", options=("Minder auto's", "Meer bomen"), rules={"words": True})

CHAT = frozenset({"resident", "conversation", "message", "choice", "campaign_trial_run"})
"""All that a trial leaves: somebody who talked, what was said, and what to do again."""

END = words_of("proef_einde")


Draft = Callable[..., Awaitable[tuple[Campaign, CampaignTrial]]]
Comes = Callable[..., Awaitable[Resident]]


@pytest.fixture
def draft(database: Database, now: datetime) -> Draft:
    """A campaign that has not started, with a link to try it."""

    async def made(*asked: Ask, state: str = "concept", **changes: object) -> tuple[Campaign, CampaignTrial]:
        begins = {"state": state, "started_at": None, "opens_at": now + timedelta(days=3)}
        async with database.session(EVERY_MUNICIPALITY) as session:
            campaign = await make(session, *asked, now=now, **(begins | changes))
            return campaign, await trials.make(session, campaign, clerk=None, now=now)

    return made


@pytest.fixture
def comes_by(gateway: Gateway) -> Comes:
    async def opened(trial: CampaignTrial, code: str = UTRECHT) -> Resident:
        found = await gateway.visits.open(channel="web", municipality_code=code, campaign=trials.value_of(trial.id))
        return Resident(gateway, found.conversation_id, found.messages)

    return opened


def everything(database_url: str) -> dict[str, str]:
    """What stands in each table, as one hash."""
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        return {
            table: connection.scalar(
                text(f"SELECT coalesce(md5(string_agg(one::text, '' ORDER BY one::text)), '') FROM {table} AS one")  # noqa: S608
            )
            for table in Base.metadata.tables
        }


async def goes_through(resident: Resident) -> list[str]:
    """All that can be given in a campaign; returns what was read."""
    read = [*resident.texts]
    await resident.presses("Ik doe mee")
    read += resident.texts
    for title in ("Eens", "Oneens", "Weet ik niet", "Zelf iets toevoegen"):
        read += (await resident.presses(title)).texts
    read += (await resident.types("Er moeten meer bankjes komen.")).texts
    read += (await resident.types("Meer groen bij de kerk.")).texts
    read += (await resident.presses("Ja, dat mag")).texts
    read += (await resident.presses("Meer bomen")).texts
    read += (await resident.types("Dat is koel in de zomer.")).texts
    read += (await resident.presses("30 tot en met 44")).texts
    read += (await resident.presses("Ja, graag")).texts
    read += (await resident.presses("Ja, dat mag")).texts
    read += (await resident.presses("Over alles")).texts
    return read


@pytest.mark.parametrize("state", trials.BEFORE_START)
async def test_all_of_a_trial_reads_as_the_campaign_will_and_leaves_nothing_outside_the_chat(
    draft: Draft, comes_by: Comes, database: Database, database_url: str, now: datetime, state: str
) -> None:
    """Every table there is, also one that is made later, has to stay as it was: there is no list of what counts."""
    campaign, trial = await draft(THREE, OPEN, CHOICE, state=state, asks_age=True)
    before = everything(database_url)
    read = await goes_through(await comes_by(trial))
    after = everything(database_url)
    assert {table for table in after if after[table] != before[table]} == CHAT
    assert [one for one in read if "een proef" in one] == [
        f'Dit is een proef van de peiling "{campaign.title}".\n\nU ziet wat inwoners straks zien. Wat u hier '
        "antwoordt, telt nergens mee. De proef werkt tot 25 november 2026 om 10.30 uur, of tot de peiling begint.",
        END,
    ]
    assert read[-1] == END


async def test_a_resident_reads_the_same_once_it_runs(
    draft: Draft, comes_by: Comes, gateway: Gateway, database: Database, now: datetime
) -> None:
    """All but the notices of the trial, and the order of the statements, which is everybody's own."""
    campaign, trial = await draft(THREE, OPEN, CHOICE, asks_age=True)
    tried = await goes_through(await comes_by(trial))
    async with database.session(EVERY_MUNICIPALITY) as session:
        started = await session.get_one(Campaign, campaign.id)
        started.state, started.opens_at, started.started_at = "loopt", now, now
    found = await gateway.visits.open(channel="web", municipality_code=UTRECHT, campaign=campaign.public_id)
    read = await goes_through(Resident(gateway, found.conversation_id, found.messages))
    assert sorted(without_order(one) for one in tried if "een proef" not in one) == sorted(map(without_order, read))


def without_order(told: str) -> str:
    for statement in (CARS, BIKES, TREES):
        told = told.replace(statement, "…")
    return told


async def test_statements_stay_in_their_order_and_back_shows_what_was_said(draft: Draft, comes_by: Comes) -> None:
    _, trial = await draft(THREE)
    resident = await comes_by(trial)
    first = (await resident.presses("Ik doe mee")).last.body["tekst"]
    second = (await resident.presses("Eens")).last.body["tekst"]
    back = (await resident.types("terug")).last.body["tekst"]
    assert (back.startswith(first), "Eerder zei u: eens." in back) == (True, True)
    assert (await resident.presses("Oneens")).last.body["tekst"] == second
    assert "Eerder zei u: oneens." in (await resident.types("terug")).last.body["tekst"]


async def test_a_question_in_between_is_answered_and_the_trial_goes_on(
    draft: Draft, comes_by: Comes, rasa: RasaDouble
) -> None:
    campaign, trial = await draft(THREE)
    resident = await comes_by(trial)
    await resident.presses("Ik doe mee")
    question = (await resident.presses("Eens")).last.body["tekst"]
    rasa.behaviour = always(200, said("De raad heeft 45 leden."))
    await resident.types("hoeveel leden heeft de raad?")
    assert resident.texts == [
        "De raad heeft 45 leden.",
        f'U was bezig met de peiling "{campaign.title}". U was bij vraag 2 van 3.',
    ]
    assert (await resident.types("ja")).texts == [question]


async def test_after_stopping_it_says_that_it_was_a_trial_and_the_conversation_is_as_before(
    draft: Draft, comes_by: Comes, rasa: RasaDouble
) -> None:
    _, trial = await draft(THREE)
    resident = await comes_by(trial)
    await resident.presses("Ik doe mee")
    assert (await resident.types("stop")).texts == [words_of("gestopt"), END]
    rasa.behaviour = always(200, said("De raad heeft 45 leden."))
    assert (await resident.types("hoeveel leden heeft de raad?")).texts == ["De raad heeft 45 leden."]
    assert len(rasa.turns) == 1


async def test_it_can_be_done_once_more_from_the_beginning(draft: Draft, comes_by: Comes) -> None:
    _, trial = await draft(THREE)
    resident = await comes_by(trial)
    begin = resident.texts[1:]
    for title in ("Ik doe mee", "Eens", "Stoppen"):
        await resident.presses(title)
    assert (await resident.presses("Doe de proef opnieuw")).texts == begin
    assert (await resident.presses("Ik doe mee")).last.body["tekst"].startswith("Vraag 1 van 3")


async def test_a_campaign_that_was_changed_begins_anew(draft: Draft, comes_by: Comes, database: Database) -> None:
    campaign, trial = await draft(THREE)
    resident = await comes_by(trial)
    begin = resident.texts[1:]
    await resident.presses("Ik doe mee")
    async with database.session(EVERY_MUNICIPALITY) as session:
        (await session.get_one(Campaign, campaign.id)).revision += 1
    assert (await resident.presses("Eens")).texts == [words_of("proef_veranderd"), *begin]
    assert (await resident.presses("Ik doe mee")).last.body["tekst"].startswith("Vraag 1 van 3")


async def test_when_the_campaign_starts_the_trial_is_over_and_erased_and_the_same_person_takes_part(
    draft: Draft, comes_by: Comes, database: Database, now: datetime
) -> None:
    campaign, trial = await draft(THREE, state="klaar", opens_at=now)
    resident = await comes_by(trial)
    await resident.presses("Ik doe mee")
    await resident.presses("Eens")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await trials.erase_over(session, now=now)
        assert await session.get(CampaignTrial, trial.id)
        await states.keep_time(session, now=now)
    begun = [words_of("proef_begonnen", titel=campaign.title)]
    assert (await resident.presses("Oneens")).texts == begun
    assert (await comes_by(trial)).texts[1:] == begun
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await trials.erase_over(session, now=now) == 1
        kept = [await session.get(DeepLink, trial.id), await session.get(CampaignTrial, trial.id)]
        runs = select(CampaignTrialRun).where(CampaignTrialRun.conversation_id == resident.conversation_id)
        assert [*kept, *await session.scalars(runs)] == [None, None]
        assert (await session.get_one(Conversation, resident.conversation_id)).campaign is None
    await resident.presses("Ik doe mee")
    await resident.presses("Weet ik niet")
    async with database.session(EVERY_MUNICIPALITY) as session:
        [person] = await session.scalars(select(Participant).where(Participant.campaign_id == campaign.id))
        given = await session.execute(text("SELECT value FROM vote WHERE participant_id = :id"), {"id": person.id})
    assert (person.conversation_id, list(given.scalars())) == (resident.conversation_id, [0])


async def test_a_press_in_a_trial_while_the_campaign_starts_is_over_too(
    draft: Draft, comes_by: Comes, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same person takes part for real between the look at the trial and what is done in it."""
    campaign, trial = await draft(THREE, state="klaar", opens_at=now)
    resident = await comes_by(trial)
    find = trials.find

    async def found_and_started(session: AsyncSession, trial_id: str, *, now: datetime) -> object:
        found = await find(session, trial_id, now=now)
        async with database.session(EVERY_MUNICIPALITY) as other:
            await states.keep_time(other, now=now)
            conversation = await other.get_one(Conversation, resident.conversation_id)
            coming = Coming(conversation.resident_id, UTRECHT, conversation.id, "web")
            started = await other.get_one(Campaign, campaign.id)
            await taking_part.start(other, campaign=started, coming=coming, now=now)
        return found

    monkeypatch.setattr(trials, "find", found_and_started)
    assert (await resident.presses("Ik doe mee")).texts == [words_of("proef_begonnen", titel=campaign.title)]


async def test_two_days_later_or_when_it_is_made_anew_the_link_is_over(
    draft: Draft, gateway: Gateway, comes_by: Comes, database: Database, now: datetime
) -> None:
    campaign, old = await draft(THREE)
    async with database.session(EVERY_MUNICIPALITY) as session:
        new = await trials.make(session, campaign, clerk=None, now=now)
        assert await trials.current(session, campaign, now=now) == new
        assert await trials.current(session, campaign, now=now + trials.TIME) is None
    assert len({old.id, new.id, campaign.public_id}) == 3
    assert (await comes_by(old)).texts[1:] == [words_of("proef_voorbij")]
    assert len((await comes_by(new)).texts) == 3
    made_up = CampaignTrial(id="AAAAAAAAAAAAAAAAAAAAAA")
    assert (await comes_by(made_up)).texts[1:] == [words_of("proef_voorbij")]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(CampaignTrial).where(CampaignTrial.id == new.id).values(until=now))
    assert (await comes_by(new)).texts[1:] == [words_of("proef_voorbij")]


async def test_the_link_is_no_place_and_no_way_into_another_municipality(
    draft: Draft, comes_by: Comes, database: Database
) -> None:
    campaign, trial = await draft(THREE)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert list(await links.of(session, campaign, municipality_code=UTRECHT)) == []
        arrival = await links.arrived(session, links.value_of(campaign.public_id, trial.id))
    assert arrival
    assert (arrival.place, arrival.code) == ("", None)
    elsewhere = await comes_by(trial, AMERSFOORT)
    assert elsewhere.texts[1:] == [words_of("andere_gemeente", titel=campaign.title)]


async def test_who_stops_messages_in_a_trial_really_stops_them(
    draft: Draft, comes_by: Comes, database: Database
) -> None:
    """What is typed to stop is never only a trial; what is agreed to in a trial is."""
    _, trial = await draft(Ask("schaal", rules={"lowest": 1, "highest": 5, "low_text": "slecht", "high_text": "goed"}))
    resident = await comes_by(trial)
    for title in ("Ik doe mee", "4", "Nee, dank u", "Ja, dat mag"):
        await resident.presses(title)
    assert words_of("hoogte_ja") in resident.last.body["tekst"]
    assert (await resident.types("afmelden")).texts == [words_of("afgemeld_niets")]
