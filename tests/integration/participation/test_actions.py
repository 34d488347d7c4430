"""Actions that read or write: what they say is what the database holds."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from actions.answers import ActionAntwoord, ActionHerhalen
from actions.contribution import ValidateInbrengForm
from actions.contribution_end import ActionInbrengVastleggen
from actions.contribution_questions import AskAkkoord
from actions.conversation import ActionGemeente, ActionMens, ActionTekst
from actions.guarded import Surroundings
from actions.own_data import ActionGegevensWissen, ActionMijnGegevens
from actions.turn import ActionTurn
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.themes import OTHER, themes
from participation.models import Clerk, Contribution, Conversation, LocalFact
from participation.services import contributions, conversations, municipality_settings, own_contributions, secret_codes
from participation.settings import Settings
from tests.integration.participation.conftest import SOMEWHERE, UTRECHT, Converse, draft_of, papers

STORY = "De bankjes in het park zijn weg."
TurnIn = Callable[..., ActionTurn]


@pytest.fixture
def surroundings(database: Database, now: datetime) -> Surroundings:
    return Surroundings(database, Settings(demo=True), lambda: now)


@pytest.fixture
def turn_in(surroundings: Surroundings) -> TurnIn:
    def make(conversation: Conversation, text: str = "", **known: Any) -> ActionTurn:
        return ActionTurn(
            **{
                "database": surroundings.database,
                "settings": surroundings.settings,
                "now": surroundings.clock(),
                "conversation_id": conversation.id,
                "resident_id": conversation.resident_id,
                "channel": "web",
                "municipality_code": conversation.municipality_code,
                "text": text,
                "choice": None,
                "intent": "vraag",
                "topic": None,
                "ranking": [],
                "slots": {},
                **known,
            }
        )

    return make


async def test_a_theme_that_the_municipality_does_not_use_is_not_offered_and_becomes_another(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database, clerk: Clerk, now: datetime
) -> None:
    conversation = await converse()
    draft = draft_of(conversation)
    kept = {"concept": str(draft.id), "text": STORY, "municipality": UTRECHT, "kind": "idee", "theme": "verkeer"}
    slots = {"inbreng_concept": str(draft.id), "inbreng_tekst": STORY, "inbreng_gemeente": UTRECHT}
    pressed = {"intent": "inbreng_doen", "inbreng": "thema", "concept": str(draft.id)}

    async def offered() -> set[str]:
        turn = turn_in(conversation, "x", slots=slots, draft=kept | {"theme": None}, choice=pressed)
        await AskAkkoord(surroundings).handle(turn)
        return {button.meaning["waarde"] for button in turn.replies[0].buttons if "waarde" in button.meaning}

    assert "verkeer" in await offered()
    chosen = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    used = themes().keys() - {"verkeer"}
    try:
        async with database.session(UTRECHT) as session:
            await municipality_settings.set_themes(session, shown=used, **chosen)
        assert await offered() == {*used, OTHER}
        await ActionInbrengVastleggen(surroundings).handle(turn_in(conversation, "ja", slots=slots, draft=kept))
    finally:
        async with database.session(UTRECHT) as session:
            await municipality_settings.set_themes(session, shown=list(themes()), **chosen)
    async with database.session(EVERY_MUNICIPALITY) as session:
        [row] = await own_contributions.all_of(session, resident_id=conversation.resident_id)
    assert row.contribution.theme == OTHER


async def test_confirming_commits_first_and_gives_the_number(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database
) -> None:
    conversation = await converse()
    draft = draft_of(conversation)
    slots = {"inbreng_concept": str(draft.id), "inbreng_tekst": STORY, "inbreng_gemeente": UTRECHT}
    said = []
    kept = {"concept": str(draft.id), "text": STORY, "municipality": UTRECHT, "kind": "idee", "theme": "verkeer"}
    for _ in range(2):
        turn = turn_in(conversation, "ja", slots=slots, draft=kept)
        events = await ActionInbrengVastleggen(surroundings).handle(turn)
        assert {event["name"] for event in events if event["value"] is None} == {*slots, "inbreng_akkoord"}
        said.append(turn.replies[0].text)
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await own_contributions.all_of(session, resident_id=conversation.resident_id)
    assert [(row.contribution.text, row.contribution.municipality_code) for row in rows] == [(STORY, UTRECHT)]
    logged = rows[0].contribution
    assert (logged.kind, logged.theme) == ("idee", "verkeer"), "what the resident said that it is"
    number = content.text("inbreng_vastgelegd", gemeente="Utrecht", nummer=logged.reference)
    code = content.text("inbreng_code", code=secret_codes.give(logged, key=surroundings.settings.pseudonym_key))
    assert said == [f"{number}\n\n{code}"] * 2


async def test_the_overview_of_ones_data_names_what_was_passed_on_and_where_it_stands(
    surroundings: Surroundings,
    turn_in: TurnIn,
    converse: Converse,
    database: Database,
    clerk: Clerk,
    now: datetime,
) -> None:
    conversation = await converse()
    async with database.session(EVERY_MUNICIPALITY) as session:
        logged: Contribution = await contributions.log_contribution(
            session, municipality_code=UTRECHT, draft=draft_of(conversation), now=now
        )
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=logged.id,
            status="in_behandeling",
            clerk=clerk,
            now=now,
        )
    line = f"- {logged.reference} aan Utrecht, op 23 november 2026. Nu: in behandeling."
    own = turn_in(conversation, intent="mijn_gegevens")
    await ActionMijnGegevens(surroundings).handle(own)
    assert own.replies[1].text == f"Dit heeft u doorgegeven:\n{line} „De lantaarn is kapot.”"


@pytest.mark.parametrize("how", ["typed", "pressed"])
async def test_the_municipality_is_remembered(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database, how: str
) -> None:
    conversation = await converse(code=None)
    choice = {"intent": "gemeente_kiezen", "gemeente": UTRECHT} if how == "pressed" else None
    turn = turn_in(conversation, "Utrecht", choice=choice)
    await ActionGemeente(surroundings).handle(turn)
    assert turn.replies[0].text == content.text("gemeente_gekozen", gemeente="Utrecht")
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert (await conversations.get(session, conversation.id)).municipality_code == UTRECHT


@pytest.mark.parametrize(("text", "said"), [("Bergen", "gemeente_kies"), ("qqqq", "gemeente_onbekend")])
async def test_an_unclear_place_is_asked_back_and_nothing_changes(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database, text: str, said: str
) -> None:
    conversation = await converse(code=None)
    turn = turn_in(conversation, text)
    await ActionGemeente(surroundings).handle(turn)
    [reply] = turn.replies
    assert (reply.text, reply.expects) == (content.text(said), {"gemeente": True})
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert (await conversations.get(session, conversation.id)).municipality_code is None


async def test_a_human_is_reached_by_what_is_known_and_still_holds(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database, now: datetime
) -> None:
    conversation = await converse()

    async def told(valid_until_days: int | None) -> str:
        async with database.session(UTRECHT) as session:
            await session.execute(delete(LocalFact))
            for name, value in (("griffie_email", "griffie@u.example"), ("griffie_telefoon", "030 - 1")):
                if valid_until_days is not None:
                    session.add(
                        LocalFact(
                            municipality_code=UTRECHT,
                            name=name,
                            value=value,
                            source="test",
                            checked_on=now.date(),
                            valid_until=now.date() + timedelta(days=valid_until_days),
                        )
                    )
        turn = turn_in(conversation, intent="mens_spreken")
        await ActionMens(surroundings).handle(turn)
        return turn.replies[0].text

    contact = content.text("mens_contact", griffie_email="griffie@u.example", griffie_telefoon="030 - 1")
    unknown = content.text("mens_contact_onbekend")
    assert [contact in await told(days) for days in (0, -1, None)] == [True, False, False]
    assert [unknown in await told(days) for days in (0, -1, None)] == [False, True, True]


async def test_how_long_a_chat_is_kept_is_told_with_the_number(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse
) -> None:
    turn = turn_in(await converse(), intent="privacy_bot")
    await ActionTekst(surroundings).handle(turn)
    assert [reply.text for reply in turn.replies] == [content.text("privacy_bot", dagen="28")]


async def test_without_a_municipality_a_human_is_still_pointed_to(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse
) -> None:
    turn = turn_in(await converse(code=None), intent="mens_spreken")
    await ActionMens(surroundings).handle(turn)
    assert "griffie van uw gemeente" in turn.replies[0].text
    assert not re.search(r"[{}]", turn.replies[0].text)


async def test_an_answer_is_remembered_and_explained_again_with_its_details(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse
) -> None:
    conversation = await converse()
    turn = turn_in(conversation, topic="raad_wat_is")
    [event] = await ActionAntwoord(surroundings).handle(turn)
    assert (event["name"], event["value"]) == ("laatste_onderwerp", "raad_wat_is")
    again = turn_in(conversation, intent="herhalen", slots={"laatste_onderwerp": event["value"]})
    await ActionHerhalen(surroundings).handle(again)
    assert again.replies[0].text == content.text("herhaling", tekst=turn.replies[0].more or "")


async def test_a_report_about_the_street_can_also_go_to_the_council(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse
) -> None:
    turn = turn_in(
        await converse(), "de lamp is stuk", intent="melding_openbare_ruimte", topic="melding_openbare_ruimte"
    )
    await ActionAntwoord(surroundings).handle(turn)
    told = {"intent": "inbreng_doen", "tekst": "de lamp is stuk", "verwezen": True}
    assert turn.replies[0].buttons[-1].meaning == told


@pytest.mark.parametrize("danger", ["noodgeval", "persoonlijke_nood"])
@pytest.mark.parametrize(("confidence", "said"), [(0.9, ["nood"]), (0.5, [])])
async def test_words_that_surely_sound_like_danger_bring_help_and_are_taken_down(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, danger: str, confidence: float, said: list[str]
) -> None:
    slots = {"inbreng_concept": "x", "requested_slot": "inbreng_tekst", "inbreng_gemeente": UTRECHT}
    turn = turn_in(await converse(), STORY, intent=danger, slots=slots, ranking=[(danger, confidence)])
    events = await ValidateInbrengForm(surroundings).handle(turn)
    assert [(event["name"], event["value"]) for event in events] == [("inbreng_tekst", STORY)]
    assert [reply.kind for reply in turn.replies] == said


@pytest.mark.parametrize(("confidence", "said"), [(0.9, 1), (0.5, 0)])
async def test_a_story_that_surely_is_for_another_authority_says_so_without_a_word_of_the_table(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, confidence: float, said: int
) -> None:
    slots = {"inbreng_concept": "x", "requested_slot": "inbreng_tekst", "inbreng_gemeente": UTRECHT}
    ranking = [("andere_overheid", confidence)]
    turn = turn_in(await converse(), STORY, intent="andere_overheid", slots=slots, ranking=ranking)
    events = await ValidateInbrengForm(surroundings).handle(turn)
    assert [(event["name"], event["value"]) for event in events] == [("inbreng_tekst", STORY)]
    assert len(turn.replies) == said


@pytest.mark.parametrize(
    ("channel", "links"), [("web", ["https://samenspel.example/api/v1/mijn/gegevens"]), ("telegram", [])]
)
async def test_one_sees_what_is_kept_and_in_the_web_may_keep_it(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, channel: str, links: list[str]
) -> None:
    settings = surroundings.settings.model_copy(update={"public_url": "https://samenspel.example/"})
    turn = turn_in(await converse(), intent="mijn_gegevens", channel=channel, settings=settings)
    await ActionMijnGegevens(surroundings).handle(turn)
    kept, passed_on = turn.replies
    lines = content.texts()["gegevens_regels"]
    assert kept.text == "\n".join(
        [
            content.text("mijn_gegevens", dagen="28"),
            "",
            lines["gesprekken"].format(aantal=1),
            lines["pseudoniem"].format(aantal=1),
        ]
    )
    assert passed_on.text == content.text("inbreng_status_geen")
    assert [link.url for link in passed_on.links] == links
    assert [button.meaning for button in passed_on.buttons] == [{"intent": "verwijder_gegevens"}]


async def test_before_erasing_one_hears_what_goes_and_what_stays(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database, clerk: Clerk, now: datetime
) -> None:
    conversation = await converse()
    async with database.session(EVERY_MUNICIPALITY) as session:
        goes, stays = [
            await contributions.log_contribution(
                session, municipality_code=UTRECHT, draft=draft_of(conversation), now=now
            )
            for _ in range(2)
        ]
    async with database.session(UTRECHT) as session:
        about = {"municipality_code": UTRECHT, "contribution_id": stays.id, "clerk": clerk, "now": now}
        await contributions.change_status(session, status="ingepland", to=SOMEWHERE["ingepland"], **about)
    turn = turn_in(conversation, "verwijder mijn gegevens", intent="verwijder_gegevens")
    assert await ActionGegevensWissen(surroundings).handle(turn) == []
    [reply] = turn.replies
    assert reply.text.split("\n\n") == [
        content.text("wissen_gesprek"),
        content.text("wissen_inbreng", nummers=goes.reference),
        content.text("wissen_blijft", nummers=stays.reference),
        content.text("wissen_vraag"),
    ]
    assert [button.meaning for button in reply.buttons] == [{"poort": "wissen"}, {"intent": "ontkennen"}]
    assert reply.expects == {"ja": {"poort": "wissen"}, "nee": {"intent": "ontkennen"}}


async def test_before_erasing_one_hears_of_papers_that_the_council_has(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse, database: Database, clerk: Clerk, now: datetime
) -> None:
    conversation = await converse()
    async with database.session(EVERY_MUNICIPALITY) as session:
        told = await contributions.log_contribution(
            session, municipality_code=UTRECHT, draft=draft_of(conversation), now=now
        )
        await papers(session, told, clerk=clerk, now=now)
    turn = turn_in(conversation, "verwijder mijn gegevens", intent="verwijder_gegevens")
    await ActionGegevensWissen(surroundings).handle(turn)
    assert turn.replies[0].text.split("\n\n")[2] == content.text("wissen_stukken")


async def test_during_a_contribution_a_no_to_erasing_goes_on_with_it(
    surroundings: Surroundings, turn_in: TurnIn, converse: Converse
) -> None:
    concept = "2f6c4a4e-6a0a-4f0e-8f54-0d0a1b2c3d4e"
    turn = turn_in(await converse(), slots={"requested_slot": "inbreng_tekst", "inbreng_concept": concept})
    await ActionGegevensWissen(surroundings).handle(turn)
    yes, no = {"poort": "wissen"}, {"intent": "inbreng_doen", "inbreng": "hervat", "concept": concept}
    assert [button.meaning for button in turn.replies[0].buttons] == [yes, no]
    assert turn.replies[0].expects == {"ja": yes, "nee": no}
