"""The contribution form: one message read at a time, the resident's words kept whole."""

import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.contribution import MAX_CHARACTERS, ValidateInbrengForm
from actions.contribution_end import ActionInbrengStoppen
from actions.contribution_questions import AskAkkoord, AskGemeente, AskTekst
from actions.guarded import Surroundings
from actions.interruption import ANSWERED, INTERRUPTION_WORDS
from actions.turn import ActionTurn, Event
from participation import content
from participation.services import municipalities
from tests.unit.actions.conftest import NewTurn

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."
EMPTY = {"inbreng_concept": None, "inbreng_tekst": None, "inbreng_gemeente": None, "requested_slot": None}


STEPS = ("inbreng_tekst", "inbreng_gemeente", "inbreng_akkoord")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def form(surroundings: Surroundings) -> ValidateInbrengForm:
    return ValidateInbrengForm(surroundings)


def running(requested: str, **slots: Any) -> dict[str, Any]:
    return {
        "inbreng_concept": str(uuid.uuid4()),
        "inbreng_tekst": None,
        "inbreng_gemeente": None,
        "requested_slot": requested,
        **slots,
    }


def filled(events: list[Event]) -> dict[str, Any]:
    assert {event["event"] for event in events} <= {"slot"}
    return {event["name"]: event["value"] for event in events}


async def read(form: ValidateInbrengForm, turn: ActionTurn) -> dict[str, Any]:
    return filled(await form.handle(turn))


async def test_a_story_starts_the_form_with_itself(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    slots = await read(form, new_turn(STORY, intent="inbreng_doen", slots=EMPTY, municipality_code=UTRECHT))
    assert uuid.UUID(slots.pop("inbreng_concept")).version == 4
    assert slots == {"inbreng_tekst": STORY, "inbreng_gemeente": UTRECHT}


async def test_an_announcement_is_not_the_story(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    slots = await read(form, new_turn("ik wil een idee doorgeven", intent="inbreng_doen", slots=EMPTY))
    assert slots["inbreng_tekst"] is None
    assert "inbreng_gemeente" not in slots


async def test_a_button_that_carries_the_story_needs_no_retyping(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    choice = {"intent": "inbreng_doen", "tekst": "stoep kapot"}
    slots = await read(form, new_turn("Ik wil iets doorgeven", intent="inbreng_doen", choice=choice, slots=EMPTY))
    assert slots["inbreng_tekst"] == "stoep kapot"


async def test_two_forms_have_two_drafts(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    drafts = {
        (await read(form, new_turn(STORY, intent="inbreng_doen", slots=EMPTY)))["inbreng_concept"] for _ in range(5)
    }
    assert len(drafts) == 5


async def test_the_story_may_name_the_municipality(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    text = "In de gemeente Amersfoort zijn de bankjes in het park weg."
    assert (await read(form, new_turn(text, slots=running("inbreng_tekst"), intent="inbreng_doen"))) == {
        "inbreng_tekst": text,
        "inbreng_gemeente": AMERSFOORT,
    }


@pytest.mark.parametrize("text", ["/inbreng_doen", "/stop nu", "  Dit is\n\nmijn verhaal.  ", "{gemeente} {tekst}"])
async def test_words_are_taken_down_as_they_are(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    turn = new_turn(text, intent="stoppen" if text.startswith("/") else "inbreng_doen", slots=running("inbreng_tekst"))
    assert (await read(form, turn))["inbreng_tekst"] == text.strip()


async def test_an_endless_story_is_cut(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    turn = new_turn("woord " * 4000, intent="inbreng_doen", slots=running("inbreng_tekst"))
    assert len((await read(form, turn))["inbreng_tekst"]) == MAX_CHARACTERS


@pytest.mark.parametrize("requested", ["inbreng_tekst", "inbreng_gemeente", "inbreng_akkoord"])
@pytest.mark.parametrize("intent", ["vraag", "stoppen", "mens_spreken"])
async def test_a_question_between_is_left_to_the_rules(
    form: ValidateInbrengForm, new_turn: NewTurn, requested: str, intent: str
) -> None:
    slots = running(requested, inbreng_tekst=STORY, inbreng_gemeente=UTRECHT)
    assert await form.handle(new_turn("wat doet de raad eigenlijk", intent=intent, slots=slots)) == []


@pytest.mark.parametrize("requested", ["inbreng_tekst", "inbreng_gemeente", "inbreng_akkoord"])
@pytest.mark.parametrize("text", ["SP-2026-000123-K 3511-AB12-EF3H", "sp 2026 000123 k", "SP-2026-000124-K"])
async def test_a_number_with_its_secret_code_is_never_the_story(
    form: ValidateInbrengForm, new_turn: NewTurn, requested: str, text: str
) -> None:
    slots = running(requested, inbreng_tekst=STORY if requested != "inbreng_tekst" else None)
    assert await read(form, new_turn(text, intent="inbreng_status", slots=slots)) == {}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("De lift in de flat is stuk en oudere mensen komen niet meer buiten.", "vraag"),
        ("Er wordt veel te hard gereden in onze straat en niemand doet er iets aan.", "stoppen"),
        ("Ik wil graag dat iemand van de gemeente bij ons in de straat komt kijken.", "mens_spreken"),
    ],
)
async def test_a_story_that_was_taken_for_something_else_is_still_taken_down(
    form: ValidateInbrengForm, new_turn: NewTurn, text: str, intent: str
) -> None:
    turn = new_turn(text, intent=intent, slots=running("inbreng_tekst"))
    assert (await read(form, turn))["inbreng_tekst"] == text


async def test_the_same_words_twice_are_taken_down_once(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    again = new_turn(STORY, intent="inbreng_doen", slots=agreeing())
    assert await read(form, again) == {"inbreng_tekst": STORY}


async def test_a_long_question_is_the_story(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    text = " ".join(["waarom"] * (INTERRUPTION_WORDS + 1))
    turn = new_turn(text, intent="vraag", slots=running("inbreng_tekst"))
    assert (await read(form, turn))["inbreng_tekst"] == text


@pytest.mark.parametrize(
    ("text", "expected"), [("Utrecht", UTRECHT), ("3811 AA", AMERSFOORT), ("Bergen", None), ("qqqq", None)]
)
async def test_the_municipality_is_read_or_asked_again(
    form: ValidateInbrengForm, new_turn: NewTurn, text: str, expected: str | None
) -> None:
    turn = new_turn(text, intent="gemeente_kiezen", slots=running("inbreng_gemeente", inbreng_tekst=STORY))
    assert await read(form, turn) == {"inbreng_gemeente": expected}


@pytest.mark.parametrize(("code", "expected"), [(UTRECHT, {"inbreng_gemeente": UTRECHT}), ("GM9999", {}), (None, {})])
async def test_only_a_municipality_that_exists_can_be_pressed(
    form: ValidateInbrengForm, new_turn: NewTurn, code: str | None, expected: dict[str, str]
) -> None:
    slots = running("inbreng_gemeente", inbreng_tekst=STORY)
    assert await read(form, new_turn("x", choice={"gemeente": code}, slots=slots)) == expected


def agreeing(**more: Any) -> dict[str, Any]:
    return running("inbreng_akkoord", inbreng_tekst=STORY, inbreng_gemeente=UTRECHT, **more)


@pytest.mark.parametrize("text", ["ja", "Ja hoor!", "klopt", "oké", "Ja, geef het door.", "prima", "doe maar", "JA"])
async def test_yes_is_heard(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    assert await read(form, new_turn(text, intent="nlu_fallback", slots=agreeing())) == {"inbreng_akkoord": True}


@pytest.mark.parametrize("text", ["ja", "graag", "inderdaad"])
async def test_a_yes_to_something_that_was_said_since_has_it_read_back_once_more(
    form: ValidateInbrengForm, new_turn: NewTurn, text: str
) -> None:
    """An apology with an offer, perhaps, or the question whether to erase everything."""
    turn = new_turn(text, intent="bevestigen", slots=agreeing(), asked=False)
    assert await read(form, turn) == {"inbreng_akkoord": None}


@pytest.mark.parametrize("text", ["nee", "Nee.", "klopt niet", "niet goed"])
async def test_no_is_heard(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    assert await read(form, new_turn(text, intent="ontkennen", slots=agreeing())) == {"inbreng_akkoord": None}


@pytest.mark.parametrize("text", ["ja maar het is ook gevaarlijk", "goed, ook de lampen zijn stuk"])
async def test_yes_with_more_is_more_of_the_story(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    assert await read(form, new_turn(text, intent="inbreng_doen", slots=agreeing())) == {
        "inbreng_tekst": f"{STORY}\n\n{text}"
    }


async def test_another_municipality_at_the_end_replaces_the_first(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    turn = new_turn("nee, het is voor Amersfoort", intent="ontkennen", slots=agreeing())
    assert await read(form, turn) == {"inbreng_gemeente": AMERSFOORT}


async def test_the_buttons_of_the_reading_back(form: ValidateInbrengForm, new_turn: NewTurn) -> None:
    slots = agreeing()
    concept = slots["inbreng_concept"]
    for choice, expected in (
        ({"inbreng": "ja", "concept": concept}, {"inbreng_akkoord": True}),
        ({"inbreng": "ja", "concept": str(uuid.uuid4())}, {"inbreng_akkoord": None}),
        ({"inbreng": "tekst"}, {"inbreng_tekst": None}),
        ({"inbreng": "gemeente"}, {"inbreng_gemeente": None}),
        ({"gemeente": AMERSFOORT}, {"inbreng_gemeente": AMERSFOORT}),
        ({"gemeente": "GM9999"}, {}),
        ({"intent": "vraag/raad_wat_is"}, {}),
    ):
        assert await read(form, new_turn("x", choice=choice, slots=slots)) == expected


def rules_of_the_form() -> set[str]:
    """The intents for which stories/ has a rule while the form runs."""
    rules = [
        rule
        for path in (ROOT / "stories").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        if {"active_loop": "inbreng_form"} in rule["condition"]
    ]
    first = [step for rule in rules for step in rule["steps"][:1]]
    return {one["intent"] for step in first for one in step.get("or", [step]) if "intent" in one}


def test_what_the_form_leaves_to_rules_has_rules() -> None:
    assert rules_of_the_form() == ANSWERED


def all_intents() -> list[str]:
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "domain").glob("*.yml")]
    return sorted({"nlu_fallback", *(intent for one in found for intent in one.get("intents", ()))})


async def told_by_rasa(form: ValidateInbrengForm, slots: dict[str, Any], intent: str, **more: Any) -> list[Event]:
    told = {"gesprek": str(uuid.uuid4()), "inwoner": str(uuid.uuid4()), "kanaal": "web", "gemeente": UTRECHT}
    latest = {"intent": {"name": intent}, "metadata": {**told, "keuze": None, "tekst": "x", **more}}
    return await form.run(CollectingDispatcher(), Tracker("x", slots, latest, [], False, None, {}, ""), {})


@pytest.mark.parametrize("requested", STEPS)
@pytest.mark.parametrize("intent", all_intents())
async def test_no_button_and_no_fault_leaves_the_form_without_anything_to_do(
    form: ValidateInbrengForm, requested: str, intent: str
) -> None:
    """Rasa would offer topics ten times over and be silent after that."""
    slots = running(requested, inbreng_tekst=STORY if requested != "inbreng_tekst" else None)
    for more in ({"keuze": {"intent": intent}}, {"keuze": {"intent": intent, "anders": True}}, {"tekst": None}):
        events = await told_by_rasa(form, slots, intent, **more)
        goes_on = [event["name"] for event in events] == [requested] and events[0]["value"] is None
        assert goes_on or (intent in ANSWERED and events == [])


@pytest.mark.parametrize("requested", STEPS)
async def test_a_button_with_words_of_before_gives_them_to_the_form(
    form: ValidateInbrengForm, new_turn: NewTurn, requested: str
) -> None:
    """Such as the story of danger that was answered with a number to call."""
    words = "Mijn man slaat mij en de kinderen."
    told = None if requested == "inbreng_tekst" else STORY
    slots = running(requested, inbreng_tekst=told, inbreng_gemeente=UTRECHT)
    turn = new_turn("Ik wil iets doorgeven", choice={"intent": "inbreng_doen", "tekst": words}, slots=slots)
    assert await read(form, turn) == {"inbreng_tekst": f"{STORY}\n\n{words}" if told else words}


async def test_a_municipality_that_is_pressed_before_the_story_is_kept(
    form: ValidateInbrengForm, new_turn: NewTurn
) -> None:
    choice = {"intent": "gemeente_kiezen", "gemeente": AMERSFOORT}
    assert await read(form, new_turn("x", choice=choice, slots=running("inbreng_tekst"))) == {
        "inbreng_gemeente": AMERSFOORT
    }


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Ja klopt, en de lantaarns zijn ook stuk", "bevestigen"),
        ("Nee, de lantaarns zijn ook stuk", "ontkennen"),
        ("Niet correct, het gaat ook om de vijver", "ontkennen"),
    ],
)
async def test_what_is_told_beside_a_yes_or_a_no_is_kept_and_read_back(
    form: ValidateInbrengForm, surroundings: Surroundings, new_turn: NewTurn, text: str, intent: str
) -> None:
    slots = agreeing()
    assert await read(form, new_turn(text, intent=intent, slots=slots)) == {"inbreng_tekst": f"{STORY}\n\n{text}"}
    turn = new_turn(text, intent=intent, slots=slots | {"inbreng_tekst": f"{STORY}\n\n{text}"})
    await AskAkkoord(surroundings).handle(turn)
    assert text in turn.replies[0].text


@pytest.mark.parametrize("text", ["ja dat heb je goed begrepen", "👍", "is helemaal goed zo", "inderdaad"])
async def test_a_yes_in_other_words_confirms(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    assert await read(form, new_turn(text, intent="bevestigen", slots=agreeing())) == {"inbreng_akkoord": True}


@pytest.mark.parametrize("text", ["ja klopt, dank u wel", "klopt helemaal bedankt", "ja geef maar door aan de raad"])
async def test_a_polite_yes_is_a_yes(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    assert await read(form, new_turn(text, intent="bevestigen", slots=agreeing())) == {"inbreng_akkoord": True}


@pytest.mark.parametrize(
    "text", ["nee dat is niet wat ik bedoel", "nee, dat is een andere gemeente", "nee de plek is niet goed", "terug"]
)
async def test_a_no_in_other_words_and_going_back_ask_what_to_change(
    form: ValidateInbrengForm, surroundings: Surroundings, new_turn: NewTurn, text: str
) -> None:
    turn = new_turn(text, intent="ontkennen", slots=agreeing())
    assert await read(form, turn) == {"inbreng_akkoord": None}
    await AskAkkoord(surroundings).handle(turn)
    assert [reply.text for reply in turn.replies] == [content.text("inbreng_wat_aanpassen")]


@pytest.mark.parametrize("text", ["dank u wel", "overslaan", "weet ik niet", "hallo"])
async def test_chatter_is_no_part_of_the_story(form: ValidateInbrengForm, new_turn: NewTurn, text: str) -> None:
    assert await read(form, new_turn(text, intent="bedankt", slots=agreeing())) == {"inbreng_akkoord": None}
    for said in (text, "ja", "nee", "terug"):
        assert await read(form, new_turn(said, intent="bevestigen", slots=running("inbreng_tekst"))) == {}


async def test_going_back_from_the_municipality_asks_for_the_story(
    form: ValidateInbrengForm, new_turn: NewTurn
) -> None:
    turn = new_turn("terug", intent="stoppen", slots=running("inbreng_gemeente", inbreng_tekst=STORY))
    assert await read(form, turn) == {"inbreng_tekst": None}


async def test_where_it_is_may_be_left_unsaid(surroundings: Surroundings, new_turn: NewTurn) -> None:
    slots = agreeing()
    about = {"intent": "inbreng_doen", "concept": slots["inbreng_concept"]}
    turn = new_turn("x", choice={**about, "inbreng": "plek"}, slots=slots)
    await AskAkkoord(surroundings).handle(turn)
    assert turn.replies[0].expects["nee"] == {**about, "inbreng": "hervat"}


async def test_the_question_whether_to_erase_everything_stands_alone(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    """A yes that is typed after it must not pass a contribution on, nor become one."""
    for action, slots in ((AskTekst, running("inbreng_tekst")), (AskAkkoord, agreeing())):
        asked = new_turn("verwijder mijn gegevens", intent="verwijder_gegevens", slots=slots)
        pressed = new_turn("x", intent="verwijder_gegevens", choice={"intent": "verwijder_gegevens"}, slots=slots)
        story = new_turn("woord " * 30, intent="verwijder_gegevens", slots=slots)
        for turn in (asked, pressed, story):
            await action(surroundings).handle(turn)
        assert [len(turn.replies) for turn in (asked, pressed, story)] == [0, 0, 1]


async def test_reading_back_shows_the_words_whole_and_the_place(surroundings: Surroundings, new_turn: NewTurn) -> None:
    story = "{gemeente} en {tekst} {"
    turn = new_turn("x", slots=running("inbreng_tekst", inbreng_tekst=story, inbreng_gemeente=UTRECHT))
    await AskAkkoord(surroundings).handle(turn)
    [reply] = turn.replies
    assert f"„{story}”" in reply.text
    assert "griffie van Utrecht" in reply.text
    assert reply.kind == "bevestiging"
    yes = reply.buttons[0]
    assert (yes.title, yes.meaning["inbreng"], yes.meaning["concept"]) == (
        content.text("knop_ja"),
        "ja",
        turn.slots["inbreng_concept"],
    )


async def test_after_no_the_bot_asks_what_to_change(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn("nee", intent="ontkennen", slots=agreeing())
    await AskAkkoord(surroundings).handle(turn)
    assert [reply.text for reply in turn.replies] == [content.text("inbreng_wat_aanpassen")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("qqqq", "gemeente_onbekend"), ("Bergen", "gemeente_kies")],
)
async def test_an_unclear_place_is_asked_back(
    surroundings: Surroundings, new_turn: NewTurn, text: str, expected: str
) -> None:
    turn = new_turn(text, intent="nlu_fallback", slots=running("inbreng_gemeente", inbreng_tekst=STORY))
    await AskGemeente(surroundings).handle(turn)
    [reply] = turn.replies
    assert reply.text == content.text(expected)
    codes = [button.meaning.get("gemeente") for button in reply.buttons if "gemeente" in button.meaning]
    assert set(codes) <= set(municipalities.names())
    assert len(codes) == (2 if text == "Bergen" else 0)


async def test_every_question_of_the_form_can_be_left(surroundings: Surroundings, new_turn: NewTurn) -> None:
    for action, slots in (
        (AskTekst, running("inbreng_tekst")),
        (AskGemeente, running("inbreng_gemeente", inbreng_tekst=STORY)),
        (AskAkkoord, running("inbreng_tekst", inbreng_tekst=STORY, inbreng_gemeente=UTRECHT)),
    ):
        turn = new_turn("x", choice={"intent": "x"}, slots=slots)
        await action(surroundings).handle(turn)
        assert content.text("knop_stoppen") in [button.title for button in turn.replies[0].buttons]


async def test_stopping_empties_the_form(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn("stop", intent="stoppen", slots=agreeing())
    events = await ActionInbrengStoppen(surroundings).handle(turn)
    assert [reply.text for reply in turn.replies] == [content.text("inbreng_gestopt")]
    assert {"event": "active_loop", "timestamp": None, "name": None} in events
    emptied = {event["name"] for event in events if event["event"] == "slot" and event["value"] is None}
    assert emptied == {"inbreng_concept", "inbreng_tekst", "inbreng_gemeente", "inbreng_akkoord", "requested_slot"}
