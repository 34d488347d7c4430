"""Taking part in a campaign in the chat, from the link to the thanks, with everything that people do in between."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.gateway import Gateway
from bot.turn import Turn
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    Campaign,
    CampaignAnswer,
    CampaignPart,
    Consent,
    Message,
    Participant,
    Statement,
    Subscription,
    Vote,
)
from tests.integration.bot.conftest import AMERSFOORT, UTRECHT, RasaDouble, always, button, said
from tests.integration.campaign_maker import Ask, make

CARS, BIKES, TREES = "Auto's horen niet in het centrum.", "Er komen meer fietspaden.", "Bomen zijn belangrijker."
THREE = Ask("stellingen", "Bent u het eens?", statements=(CARS, BIKES, TREES))
VOTES = {"Eens": 1, "Oneens": -1, "Weet ik niet": 0}

Make = Callable[..., Awaitable[Campaign]]


class Resident:
    """Somebody in the chat: presses, types, and reads the last messages."""

    def __init__(self, gateway: Gateway, conversation_id: uuid.UUID, messages: list[Message]) -> None:
        self.gateway, self.conversation_id, self.read = gateway, conversation_id, messages

    @property
    def last(self) -> Message:
        return self.read[-1]

    @property
    def texts(self) -> list[str]:
        return [message.body["tekst"] for message in self.read]

    @property
    def titles(self) -> list[str]:
        return [one["titel"] for one in self.last.body["knoppen"]]

    async def presses(self, title: str) -> "Resident":
        message = next(one for one in reversed(self.read) if title in [key["titel"] for key in one.body["knoppen"]])
        return await self._turn(choice=button(message, title))

    async def types(self, text: str) -> "Resident":
        return await self._turn(text=text)

    async def _turn(self, **what: str) -> "Resident":
        self.read = await self.gateway.handle(Turn(self.conversation_id, uuid.uuid4().hex, **what))
        return self


@pytest.fixture
def campaign(database: Database, now: datetime) -> Make:
    async def made(*asked: Ask, **changes: object) -> Campaign:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return await make(session, *asked, now=now, **changes)

    return made


@pytest.fixture
def comes_for(gateway: Gateway) -> Callable[..., Awaitable[Resident]]:
    async def opened(campaign: Campaign, code: str | None = UTRECHT) -> Resident:
        found = await gateway.visits.open(channel="web", municipality_code=code, campaign=campaign.public_id)
        return Resident(gateway, found.conversation_id, found.messages)

    return opened


Comes = Callable[..., Awaitable[Resident]]


async def votes_of(database: Database, resident: Resident) -> dict[str, int]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.execute(
            select(Statement.text, Vote.value)
            .join(Vote, Vote.statement_id == Statement.id)
            .join(Participant, Participant.id == Vote.participant_id)
            .where(Participant.conversation_id == resident.conversation_id)
        )
        return dict(rows.all())


async def answers_of(database: Database, resident: Resident) -> list[CampaignAnswer]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(CampaignAnswer)
            .join(Participant, Participant.id == CampaignAnswer.participant_id)
            .join(CampaignPart, CampaignPart.id == CampaignAnswer.part_id)
            .where(Participant.conversation_id == resident.conversation_id)
            .order_by(CampaignPart.position)
        )
        return list(rows)


async def participant_of(database: Database, resident: Resident) -> Participant:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return (
            await session.scalars(select(Participant).where(Participant.conversation_id == resident.conversation_id))
        ).one()


def statement_in(resident: Resident) -> str:
    return next(one for one in (CARS, BIKES, TREES) if one in resident.last.body["tekst"])


async def test_three_statements_by_three_taps_end_with_thanks(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(THREE))
    assert "Een autoluw centrum" in resident.last.body["tekst"]
    assert "3 korte vragen" in resident.last.body["tekst"]
    await resident.presses("Ik doe mee")
    expected = {}
    for number, (title, value) in enumerate(VOTES.items(), start=1):
        assert resident.last.body["tekst"].startswith(f"Vraag {number} van 3")
        assert resident.titles == [*VOTES, "Overslaan", *(["Vorige vraag"] if number > 1 else []), "Stoppen"]
        expected[statement_in(resident)] = value
        await resident.presses(title)
    assert await votes_of(database, resident) == expected
    assert len(expected) == 3
    assert resident.texts[0] == (
        "Dank u wel. Dat waren alle vragen. De raad leest de antwoorden in maart. "
        "U bent klaar. U kunt uw antwoorden nog veranderen tot en met 30 november 2026."
    )
    assert (await participant_of(database, resident)).finished_at is not None


async def test_typed_votes_count_too_and_a_yes_is_agreeing(
    campaign: Make, comes_for: Comes, database: Database, rasa: RasaDouble
) -> None:
    resident = await comes_for(await campaign(THREE))
    await resident.types("ja graag")
    seen = {}
    for words, value in (("eens", 1), ("daar ben ik niet zo", None), ("geen idee", 0)):
        if value is not None:
            seen[statement_in(resident)] = value
        await resident.types(words)
        if value is None:  # that went to Rasa, and is followed by the offer to go on
            assert resident.titles == ["Verder met de peiling"]
            await resident.types("verder")
    assert await votes_of(database, resident) == seen
    assert [turn["tekst"] for turn in rasa.turns] == ["daar ben ik niet zo"]


async def test_who_stops_goes_on_where_they_were(
    campaign: Make, comes_for: Comes, gateway: Gateway, database: Database
) -> None:
    resident = await comes_for(await campaign(THREE))
    await resident.presses("Ik doe mee")
    await resident.presses("Eens")
    second = statement_in(resident)
    await resident.types("stop")
    assert resident.texts == ["U bent gestopt. Wat u al gaf, telt mee. U kunt later verder gaan waar u was."]
    later = gateway._clock() + timedelta(days=1)
    gateway._clock = gateway._answering._clock = lambda: later
    await resident.types("ik wil verder met de peiling")
    assert resident.last.body["tekst"].startswith("Vraag 2 van 3")
    assert statement_in(resident) == second
    assert len(await votes_of(database, resident)) == 1


async def test_an_earlier_vote_can_be_changed_until_the_end(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(THREE))
    await resident.presses("Ik doe mee")
    first = statement_in(resident)
    await resident.presses("Eens")
    await resident.types("terug")
    assert statement_in(resident) == first
    assert "Eerder zei u: eens." in resident.last.body["tekst"]
    await resident.presses("Oneens")
    assert (await votes_of(database, resident))[first] == -1
    await resident.presses("Weet ik niet")
    while "Eens" in resident.titles:
        await resident.presses("Eens")
    await resident.types("mijn antwoorden veranderen")
    await resident.presses("De stellingen")
    assert statement_in(resident) == first
    assert "Eerder zei u: oneens." in resident.last.body["tekst"]


async def test_who_goes_back_and_says_next_keeps_their_vote(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(THREE))
    await resident.presses("Ik doe mee")
    first = statement_in(resident)
    await resident.presses("Eens")
    second = statement_in(resident)
    await resident.types("terug")
    await resident.types("volgende")
    assert (statement_in(resident), await votes_of(database, resident)) == (second, {first: 1})
    await resident.types("terug")
    await resident.types("weet ik niet")
    assert await votes_of(database, resident) == {first: 0}


async def test_a_statement_that_is_passed_over_is_no_vote_and_can_be_answered_later(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(THREE))
    await resident.presses("Ik doe mee")
    first = statement_in(resident)
    await resident.presses("Overslaan")
    second = statement_in(resident)
    await resident.types("volgende")
    third = statement_in(resident)
    assert (len({first, second, third}), await votes_of(database, resident)) == (3, {first: None, second: None})
    await resident.presses("Vorige vraag")
    assert (statement_in(resident), "Eerder zei u" in resident.last.body["tekst"]) == (second, False)
    await resident.presses("Eens")
    await resident.presses("Overslaan")
    assert resident.texts[0].startswith("Dank u wel.")
    assert await votes_of(database, resident) == {first: None, second: 1, third: None}


async def test_a_question_in_between_is_answered_and_then_they_can_go_on(
    campaign: Make, comes_for: Comes, rasa: RasaDouble
) -> None:
    rasa.behaviour = always(200, said("De raad is de baas van de gemeente."))
    resident = await comes_for(await campaign(THREE))
    await resident.presses("Ik doe mee")
    asked = statement_in(resident)
    await resident.types("wat doet de gemeenteraad?")
    assert resident.texts == [
        "De raad is de baas van de gemeente.",
        'U was bezig met de peiling "Een autoluw centrum". U was bij vraag 1 van 3.',
    ]
    await resident.types("en het college?")
    assert len(resident.texts) == 1  # said once
    await resident.types("verder met de peiling")
    assert statement_in(resident) == asked


@pytest.mark.parametrize("word", ["ja", "nee"])
async def test_a_yes_or_no_to_going_on_is_no_vote(
    campaign: Make, comes_for: Comes, rasa: RasaDouble, database: Database, word: str
) -> None:
    rasa.behaviour = always(200, said("De raad is de baas van de gemeente."))
    resident = await comes_for(await campaign(THREE))
    question = (await resident.presses("Ik doe mee")).texts
    await resident.types("wat doet de gemeenteraad?")
    later = 'Goed. U kunt later alsnog meedoen. Typ dan "peiling".'
    assert (await resident.types(word)).texts == {"ja": question, "nee": [later]}[word]
    assert await votes_of(database, resident) == {}


async def test_all_kinds_of_questions_are_kept(campaign: Make, comes_for: Comes, database: Database) -> None:
    asked = (
        Ask("keuze", "Waar eerst?", options=("Noord", "Zuid", "Oost"), rules={"most": 2, "words": True}),
        Ask("schaal", "Hoe veilig?", rules={"lowest": 1, "highest": 5, "low_text": "slecht", "high_text": "goed"}),
        Ask("rangorde", "Wat eerst?", options=("Bus", "Fiets", "Auto"), rules={"most": 3}),
        Ask("dilemma", "Kiezen.", options=("Rust", "Winkels"), rules={"words": False}),
        Ask("open", "Wat nog meer?", rules={"most_characters": 60}),
        Ask("plaats", "Waar?", rules={"words": True}),
        Ask("open", "Alleen voor wie Oost koos.", rules={}, condition=(0, ("Oost",))),
    )
    resident = await comes_for(await campaign(*asked))
    await resident.presses("Ik doe mee")
    assert resident.last.body["tekst"].startswith("Vraag 1 van 6\n\nWaar eerst?")
    await resident.presses("Zuid")
    assert resident.titles == ["Noord", "Oost", "Klaar met kiezen", "Opnieuw kiezen", "Overslaan", "Stoppen"]
    await resident.presses("Noord")
    await resident.types("Daar woon ik zelf, zegt Jan de Vries.")
    assert resident.titles == ["Ja, dat mag", "Nee, liever niet"]
    await resident.presses("Ja, dat mag")
    await resident.types("4")
    for title in ("Fiets", "Bus", "Auto", "Winkels"):
        await resident.presses(title)
    await resident.types("x" * 61)
    assert "te lang" in resident.texts[0]
    await resident.types("Meer bankjes.")
    await resident.types("bij de molen")
    answers = await answers_of(database, resident)
    assert [answer.value for answer in answers] == [
        {"options": ["o2", "o1"]},
        {"score": 4},
        {"options": ["o2", "o1", "o3"]},
        {"options": ["o2"]},
        {"words": True},
        {"place": "bij de molen"},
    ]
    assert [(answer.words, answer.may_quote) for answer in answers if answer.words] == [
        ("Daar woon ik zelf, zegt Jan de Vries.", True),
        ("Meer bankjes.", True),
        ("bij de molen", False),
    ]
    assert "de Vries" not in (answers[0].masked_words or "de Vries")
    assert resident.texts[0].startswith("Dank u wel.")


async def test_a_choice_stays_when_its_reason_is_too_long_and_passed_over(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    choice = Ask("keuze", "Waar?", options=("Noord", "Zuid"), rules={"most": 1, "words": True})
    resident = await comes_for(await campaign(choice, THREE))
    await resident.presses("Ik doe mee")
    await resident.presses("Noord")
    await resident.types("x" * 1001)
    assert resident.titles == ["Overslaan"]
    await resident.presses("Overslaan")
    assert [answer.value for answer in await answers_of(database, resident)] == [{"options": ["o1"]}]
    assert resident.last.body["tekst"].startswith("Vraag 2 van 4")


async def test_an_answer_stays_when_the_question_is_asked_again_and_passed_over(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(Ask("open", "Wat nog?", rules={}), THREE))
    await resident.presses("Ik doe mee")
    assert resident.titles == ["Overslaan", "Stoppen"]
    first = resident.last
    await resident.types("Meer bankjes graag.")
    await resident.presses("Ja, dat mag")
    for words in ("Laat zo", "overslaan", "nee"):
        await resident.types("terug")
        assert "Eerder zei u: Meer bankjes graag." in resident.last.body["tekst"]
        assert resident.titles == ["Laat zo", "Stoppen"]
        await (resident.presses(words) if words in resident.titles else resident.types(words))
        assert resident.last.body["tekst"].startswith("Vraag 2 van 4")
    resident.read = [first]
    await resident.presses("Overslaan")
    assert [answer.words for answer in await answers_of(database, resident)] == ["Meer bankjes graag."]


async def test_who_typed_a_place_is_still_asked_whether_their_words_may_be_shown(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(
        await campaign(Ask("plaats", "Waar?", rules={"words": True}), Ask("open", "Wat?", rules={}), THREE)
    )
    await resident.presses("Ik doe mee")
    await resident.types("bij de molen")
    await resident.types("Meer bankjes graag.")
    await resident.presses("Ja, dat mag")
    assert [(answer.words, answer.may_quote) for answer in await answers_of(database, resident)] == [
        ("bij de molen", False),
        ("Meer bankjes graag.", True),
    ]


async def test_a_part_that_depends_on_a_choice_is_asked_of_who_chose_it(campaign: Make, comes_for: Comes) -> None:
    asked = (
        Ask("dilemma", "Kiezen.", options=("Rust", "Winkels"), rules={}),
        Ask("open", "Waarom rust?", rules={}, condition=(0, ("Rust",))),
    )
    resident = await comes_for(await campaign(*asked))
    await resident.presses("Ik doe mee")
    assert resident.last.body["tekst"].startswith("Vraag 1 van 1")
    await resident.presses("Rust")
    assert resident.last.body["tekst"].startswith("Vraag 2 van 2\n\nWaarom rust?")
    await resident.types("overslaan")
    assert resident.texts[0].startswith("Dank u wel.")


async def test_somebody_in_danger_is_heard_before_their_words_are_an_answer(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(Ask("open", "Wat nog meer?", rules={})))
    await resident.presses("Ik doe mee")
    await resident.types("ik wil niet meer leven")
    assert [message.body["soort"] for message in resident.read] == ["nood"]
    assert await answers_of(database, resident) == []


async def test_an_own_statement_waits_for_somebody_of_the_municipality(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    part = Ask("stellingen", "Eens?", rules={"own": True}, statements=(CARS,))
    made = await campaign(part)
    resident = await comes_for(made)
    await resident.presses("Ik doe mee")
    await resident.presses("Eens")
    await resident.presses("Zelf iets toevoegen")
    await resident.types("n" * 141)
    assert "U typte 141 letters" in resident.texts[0]
    await resident.types("Mijn buurman Kees Jansen wil meer bomen.")
    assert resident.texts[0].startswith("Dank u. Een mens van de gemeente kijkt er eerst naar.")
    async with database.session(EVERY_MUNICIPALITY) as session:
        added = (
            await session.scalars(select(Statement).where(Statement.campaign_id == made.id, Statement.number == 2))
        ).one()
    assert (added.state, added.text, added.writer_code) == (
        "wacht",
        "Mijn buurman Kees Jansen wil meer bomen.",
        UTRECHT,
    )
    assert added.masked_text is not None
    assert "Jansen" not in added.masked_text
    other = await comes_for(made)
    await other.presses("Ik doe mee")
    assert other.last.body["tekst"].startswith("Vraag 1 van 1")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"state": "pauze"}, 'De peiling "Een autoluw centrum" staat even stil.'),
        ({"state": "gesloten"}, 'De peiling "Een autoluw centrum" is gesloten.'),
        ({"state": "klaar", "started_at": None}, 'De peiling "Een autoluw centrum" is nog niet begonnen.'),
        ({"state": "concept"}, "Deze peiling ken ik niet."),
    ],
)
async def test_who_can_not_take_part_hears_why(
    campaign: Make, comes_for: Comes, changes: dict[str, object], told: str
) -> None:
    resident = await comes_for(await campaign(THREE, **changes))
    assert resident.last.body["tekst"].startswith(told)


async def test_after_closing_no_vote_is_taken(
    campaign: Make, comes_for: Comes, database: Database, gateway: Gateway
) -> None:
    made = await campaign(THREE)
    resident = await comes_for(made)
    await resident.presses("Ik doe mee")
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Campaign).where(Campaign.id == made.id).values(state="gesloten"))
    await resident.presses("Eens")
    assert resident.texts == [
        'De peiling "Een autoluw centrum" is gesloten. Meedoen kan niet meer. Bedankt dat u mee wilde doen.'
    ]
    assert await votes_of(database, resident) == {}


async def test_a_campaign_of_another_municipality_is_not_offered(campaign: Make, comes_for: Comes) -> None:
    resident = await comes_for(await campaign(THREE), code=AMERSFOORT)
    assert resident.last.body["tekst"] == 'De peiling "Een autoluw centrum" is niet voor uw gemeente.'


async def test_who_says_peiling_gets_what_runs_there(
    campaign: Make, gateway: Gateway, database: Database, now: datetime
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Campaign).values(state="gesloten"))
    opened = await gateway.visits.open(channel="web", municipality_code=UTRECHT)
    resident = Resident(gateway, opened.conversation_id, opened.messages)
    await resident.types("meedoen aan een peiling")
    assert resident.texts == [
        "Er is nu geen peiling in uw gemeente. U kunt wel een zorg of idee doorgeven aan de gemeenteraad."
    ]
    await campaign(THREE)
    await campaign(THREE, title="Een groen plein")
    await resident.types("peiling")
    assert sorted(resident.titles) == ["Een autoluw centrum", "Een groen plein"]
    await resident.presses("Een groen plein")
    assert resident.last.body["tekst"].startswith("Een groen plein")


async def test_age_and_area_are_asked_only_where_wanted_and_can_be_passed_over(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(Ask("open", "Wat nog?", rules={}), asks_age=True, asks_area=True))
    await resident.presses("Ik doe mee")
    await resident.presses("Overslaan")
    assert resident.last.body["tekst"].startswith("Hoe oud bent u?")
    await resident.presses("30 tot en met 44")
    assert resident.last.body["tekst"].startswith("In welke wijk")
    await resident.types("overslaan")
    assert resident.last.body["tekst"].startswith("Wilt u hier horen")
    await resident.types("ja")
    assert resident.texts[0] == "Goed. U hoort het hier."
    found = await participant_of(database, resident)
    assert (found.age_band, found.area, found.wants_outcome) == ("30-44", None, True)


@pytest.mark.parametrize("passed", [[], ["Overslaan"], ["Overslaan", "Overslaan"]])
async def test_a_question_among_the_last_ones_does_not_lose_those_that_follow(
    campaign: Make, comes_for: Comes, database: Database, rasa: RasaDouble, passed: list[str]
) -> None:
    rasa.behaviour = always(200, said("De raad is de baas van de gemeente."))
    resident = await comes_for(await campaign(Ask("open", "Wat nog?", rules={}), asks_age=True, asks_area=True))
    await resident.presses("Ik doe mee")
    for title in ["Overslaan", *passed]:
        await resident.presses(title)
    await resident.types("wat doet de gemeenteraad?")
    await resident.presses("Verder met de peiling")
    while "Overslaan" in resident.titles:
        await resident.presses("Overslaan")
    await resident.presses("Ja, graag")
    assert (await participant_of(database, resident)).wants_outcome is True
    await resident.types("verder met de peiling")
    assert resident.texts[0].startswith("U bent klaar.")


async def test_who_passes_over_the_last_question_hears_that_they_are_done(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(Ask("open", "Wat nog?", rules={})))
    await resident.presses("Ik doe mee")
    await resident.presses("Overslaan")
    await resident.types("overslaan")
    assert resident.last.body["tekst"] == "Mag ik u hier een bericht sturen als uw gemeente een peiling heeft?"
    assert (await participant_of(database, resident)).wants_outcome is False


async def test_messages_are_agreed_to_by_theme_and_ended_with_one_word(
    campaign: Make, comes_for: Comes, database: Database
) -> None:
    resident = await comes_for(await campaign(Ask("open", "Wat nog?", rules={}), theme="groen"))
    await resident.presses("Ik doe mee")
    await resident.presses("Overslaan")
    await resident.presses("Nee, dank u")
    assert resident.last.body["tekst"] == "Mag ik u hier een bericht sturen als uw gemeente een peiling heeft?"
    await resident.presses("Ja, dat mag")
    await resident.presses("Groen, natuur en dieren")
    who = (await participant_of(database, resident)).resident_id

    async def state() -> tuple[list[bool], list[str | None]]:
        async with database.session(EVERY_MUNICIPALITY) as session:
            given = await session.scalars(select(Consent.given).where(Consent.resident_id == who).order_by(Consent.id))
            themes = await session.scalars(select(Subscription.theme).where(Subscription.resident_id == who))
            return list(given), list(themes)

    assert await state() == ([True], ["groen"])
    await resident.types("afmelden")
    assert resident.texts[0].startswith("U bent afgemeld.")
    assert await state() == ([True, False], [])
    await resident.types("afmelden")
    assert resident.texts[0].startswith("U krijgt geen berichten over peilingen.")


async def test_passing_over_the_area_changes_nothing_and_all_that_was_chosen_is_named(
    campaign: Make, comes_for: Comes
) -> None:
    resident = await comes_for(await campaign(Ask("open", "Wat nog?", rules={}), theme="groen"))
    await resident.presses("Ik doe mee")
    await resident.presses("Overslaan")
    await resident.presses("Nee, dank u")
    await resident.presses("Ja, dat mag")
    about_what = resident.last
    await resident.presses("Groen, natuur en dieren")
    for words, about in (
        ("Overslaan", "Groen, natuur en dieren"),
        ("Overvecht", "Groen, natuur en dieren; Overvecht"),
    ):
        resident.read = [about_what]
        await resident.presses("Over mijn wijk of dorp")
        await resident.types(words)
        assert resident.texts == [
            f'Goed. U krijgt alleen berichten over: {about}. Typ "afmelden" als u dat niet meer wilt.'
        ]
    resident.read = [about_what]
    await resident.presses("Over alles")
    assert resident.texts[0].startswith("Goed. U krijgt een bericht over elke peiling van uw gemeente.")


async def test_who_has_a_conversation_and_comes_by_a_link_is_offered_the_campaign_once(
    campaign: Make, gateway: Gateway
) -> None:
    opened = await gateway.visits.open(channel="web", municipality_code=UTRECHT)
    made = await campaign(THREE)
    first, second = [await gateway.visits.come_again(opened.conversation_id, made.public_id) for _ in range(2)]
    assert [len(one.messages) for one in (opened, first, second)] == [1, 2, 2]
    resident = Resident(gateway, opened.conversation_id, second.messages)
    await resident.presses("Ik doe mee")
    assert resident.last.body["tekst"].startswith("Vraag 1 van 3")
