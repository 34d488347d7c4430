"""An action never raises, never logs what somebody wrote, and believes only what came through the gateway."""

import logging
import uuid
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import CHOICES, ActionHerhalen, ActionKeuze, topic_button
from actions.conversation import ActionTekst
from actions.guarded import GuardedAction, Surroundings
from actions.interruption import REQUESTS
from actions.server import ACTIONS, executor
from actions.turn import ActionTurn, Event
from participation import content
from participation.reply import Reply
from tests.unit.actions.conftest import NewTurn

WORDS = "mijn buurman heet Jan de Geheime"


def tracker(metadata: dict[str, Any], intent: dict[str, Any] | None = None) -> Tracker:
    latest = {"text": WORDS, "intent": intent or {"name": "groet"}, "metadata": metadata, "intent_ranking": []}
    return Tracker("x", {}, latest, [], False, None, {}, "action_listen")


def metadata(**more: Any) -> dict[str, Any]:
    return {
        "gesprek": str(uuid.uuid4()),
        "inwoner": str(uuid.uuid4()),
        "kanaal": "web",
        "gemeente": None,
        "tekst": WORDS,
        "keuze": None,
        **more,
    }


class Breaks(GuardedAction):
    """Says something and fails with the resident's words in the exception."""

    def name(self) -> str:
        return "action_kapot"

    async def handle(self, turn: ActionTurn) -> list[Event]:
        turn.say(Reply("Half antwoord"))
        raise ValueError(turn.text)


async def test_a_fault_becomes_an_apology_and_the_log_stays_silent_about_the_words(
    surroundings: Surroundings, caplog: pytest.LogCaptureFixture
) -> None:
    said = CollectingDispatcher()
    with caplog.at_level(logging.DEBUG):
        assert await Breaks(surroundings).run(said, tracker(metadata()), {}) == []
    assert [message["custom"]["tekst"] for message in said.messages] == [content.text("fout")]
    assert [message["custom"]["soort"] for message in said.messages] == ["fout"]
    assert "action_kapot failed: ValueError at" in caplog.text
    assert "Geheime" not in caplog.text


@pytest.mark.parametrize(
    "broken", [{}, {"gesprek": "geen-id"}, {"inwoner": None}], ids=["no metadata", "no id", "no resident"]
)
async def test_a_turn_that_did_not_come_through_the_gateway_does_nothing(
    surroundings: Surroundings, broken: dict[str, Any]
) -> None:
    said = CollectingDispatcher()
    given = metadata(**broken) if broken else {}
    assert await ActionTekst(surroundings).run(said, tracker(given), {}) == []
    assert [message["custom"]["soort"] for message in said.messages] == ["fout"]


async def test_the_gateways_words_count_and_not_what_rasa_read(surroundings: Surroundings) -> None:
    """Rasa gets prepared text; a contribution must hold the original."""
    seen: list[ActionTurn] = []

    class Looks(GuardedAction):
        def name(self) -> str:
            return "action_kijk"

        async def handle(self, turn: ActionTurn) -> list[Event]:
            seen.append(turn)
            return []

    full = {"name": "vraag", "full_retrieval_intent_name": "vraag/raad_wat_is"}
    given = metadata(tekst="Ongewijzigd!", keuze={"intent": "vraag/raad_wat_is"}, gemeente="GM0344")
    await Looks(surroundings).run(CollectingDispatcher(), tracker(given, full), {})
    [turn] = seen
    assert (turn.text, turn.choice, turn.municipality_code) == (
        "Ongewijzigd!",
        {"intent": "vraag/raad_wat_is"},
        "GM0344",
    )
    assert (turn.intent, turn.topic) == ("vraag", "raad_wat_is")
    assert str(turn.conversation_id) == given["gesprek"]


def test_all_actions_are_registered(surroundings: Surroundings) -> None:
    names = {action(surroundings).name() for action in ACTIONS}
    assert names <= set(executor(surroundings).actions)
    assert len(names) == len(ACTIONS)


async def test_in_doubt_three_topics_and_something_else_are_offered(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    labels = ["groet", "vraag/inspreken", "vraag/petitie", "inbreng_status", "vraag/stempas"]
    turn = new_turn("inspraak of zo", intent="nlu_fallback", ranking=[(label, 0.2) for label in labels])
    await ActionKeuze(surroundings).handle(turn)
    [reply] = turn.replies
    assert [button.meaning["intent"] for button in reply.buttons] == [
        "vraag/inspreken",
        "vraag/petitie",
        "inbreng_status",
        "nlu_fallback",
    ]
    assert len(reply.buttons) == CHOICES + 1
    assert reply.kind == "keuze"


async def test_a_story_nobody_understood_can_be_passed_on_without_retyping(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    story = "de bankjes bij ons in het park zijn zomaar weggehaald"
    turn = new_turn(story, intent="nlu_fallback", ranking=[("vraag/petitie", 0.2)])
    await ActionKeuze(surroundings).handle(turn)
    offers = [button.meaning for button in turn.replies[0].buttons if button.meaning["intent"] == "inbreng_doen"]
    assert offers == [{"intent": "inbreng_doen", "tekst": story}]


async def test_without_any_guess_there_is_still_a_way_on(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn("???", intent="nlu_fallback")
    await ActionKeuze(surroundings).handle(turn)
    assert turn.replies[0].buttons[-1].meaning == {"intent": "nlu_fallback", "anders": True}
    other = new_turn("Iets anders", intent="nlu_fallback", choice={"intent": "nlu_fallback", "anders": True})
    await ActionKeuze(surroundings).handle(other)
    assert [button.meaning for button in other.replies[0].buttons] == [{"intent": "inbreng_doen"}]


async def test_nothing_explained_yet_can_not_be_repeated(surroundings: Surroundings, new_turn: NewTurn) -> None:
    for last in (None, "bestaat_niet"):
        turn = new_turn("nog eens", intent="herhalen", slots={"laatste_onderwerp": last})
        await ActionHerhalen(surroundings).handle(turn)
        assert [reply.text for reply in turn.replies] == [content.text("niets_te_herhalen")]


@pytest.mark.parametrize("label", ["groet", "ontkennen", "nlu_fallback", "vraag/bestaat_niet"])
def test_some_labels_make_no_button(label: str) -> None:
    assert topic_button(label) is None


@pytest.mark.parametrize("topic", content.answers())
def test_every_topic_has_a_button(topic: str) -> None:
    button = topic_button(f"vraag/{topic}")
    assert button is not None
    assert button.title == content.answers()[topic].question


@pytest.mark.parametrize("intent", ["groet", "wat_kun_je", "lof"])
async def test_a_fixed_text_is_said_as_it_is(surroundings: Surroundings, new_turn: NewTurn, intent: str) -> None:
    turn = new_turn("x", intent=intent)
    await ActionTekst(surroundings).handle(turn)
    [reply] = turn.replies
    assert reply.text == content.text(intent)


def test_interruptions_are_intents_the_form_does_not_need() -> None:
    assert {"inbreng_doen", "bevestigen", "ontkennen", "gemeente_kiezen", "nlu_fallback"} & REQUESTS == set()
