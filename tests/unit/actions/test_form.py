"""The contribution form: one message read at a time, the resident's words kept whole."""

import uuid
from typing import Any

import pytest

from actions.contribution import MAX_CHARACTERS, ValidateInbrengForm
from actions.contribution_end import ActionInbrengStoppen
from actions.contribution_questions import AskAkkoord, AskGemeente, AskTekst
from actions.guarded import Surroundings
from actions.interruption import INTERRUPTION_WORDS
from actions.turn import ActionTurn, Event
from participation import content
from participation.services import municipalities
from tests.unit.actions.conftest import NewTurn

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."
EMPTY = {"inbreng_concept": None, "inbreng_tekst": None, "inbreng_gemeente": None, "requested_slot": None}


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


async def test_reading_back_shows_the_words_whole_and_the_place(surroundings: Surroundings, new_turn: NewTurn) -> None:
    story = "{gemeente} en {tekst} {"
    turn = new_turn("x", slots=running("inbreng_tekst", inbreng_tekst=story, inbreng_gemeente=UTRECHT))
    await AskAkkoord(surroundings).handle(turn)
    [reply] = turn.replies
    assert f"„{story}”" in reply.text
    assert "gemeenteraad van Utrecht" in reply.text
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
