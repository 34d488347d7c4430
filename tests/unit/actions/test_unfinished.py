"""A half contribution goes along with each question, and is taken up again when Rasa has forgotten the form."""

import asyncio
import uuid
from contextlib import AbstractAsyncContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from actions.contribution import ValidateInbrengForm
from actions.contribution_end import ActionInbrengStoppen
from actions.contribution_questions import AskAkkoord, AskGemeente, AskTekst
from actions.conversation import ActionTekst
from actions.guarded import Surroundings
from actions.turn import ActionTurn
from actions.unfinished import Unfinished
from participation import content
from participation.language.concerns import Concern
from participation.language.themes import themes
from participation.reply import Button
from tests.unit.actions.conftest import NewTurn
from tests.unit.actions.test_form import EMPTY, STORY, UTRECHT, agreeing, filled, running

CONCEPT = "2f6c4a4e-6a0a-4f0e-8f54-0d0a1b2c3d4e"
WAGENINGEN = "GM0289"
ASKED = content.texts()["inbreng_akkoord_vraag"].strip().split("\n\n")[-1]


def half(**more: Any) -> dict[str, Any]:
    """What the last question carried."""
    kept = Unfinished(CONCEPT, STORY, UTRECHT).expects()["inbreng"]
    return {**kept, **more}


def press(what: str, **more: Any) -> dict[str, Any]:
    return {"intent": "inbreng_doen", "inbreng": what, "concept": CONCEPT, **more}


async def read(surroundings: Surroundings, turn: ActionTurn) -> dict[str, Any]:
    return filled(await ValidateInbrengForm(surroundings).handle(turn))


async def asked(surroundings: Surroundings, turn: ActionTurn) -> tuple[str, dict[str, Any]]:
    await AskAkkoord(surroundings).handle(turn)
    [reply] = turn.replies
    return reply.text, reply.expects


@pytest.mark.parametrize("what", ["ja", "hervat", "plek"])
async def test_a_button_of_a_forgotten_form_takes_the_words_up_again_and_asks_for_a_yes(
    surroundings: Surroundings, new_turn: NewTurn, what: str
) -> None:
    turn = new_turn("x", intent="inbreng_doen", choice=press(what), draft=half(), slots=EMPTY)
    assert await read(surroundings, turn) == {
        "inbreng_concept": CONCEPT,
        "inbreng_tekst": STORY,
        "inbreng_gemeente": UTRECHT,
    }
    assert [reply.text for reply in turn.replies] == [content.text("inbreng_verder")]


@pytest.mark.parametrize(("what", "slot"), [("tekst", "inbreng_tekst"), ("gemeente", "inbreng_gemeente")])
async def test_a_button_to_change_something_still_does_that(
    surroundings: Surroundings, new_turn: NewTurn, what: str, slot: str
) -> None:
    turn = new_turn("x", intent="inbreng_doen", choice=press(what), draft=half(), slots=EMPTY)
    slots = await read(surroundings, turn)
    assert (slots["inbreng_concept"], slots[slot], turn.replies) == (CONCEPT, None, [])


async def test_who_announces_something_finds_the_words_that_were_waiting(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    turn = new_turn("ik wil iets doorgeven", intent="inbreng_doen", draft=half(), slots=EMPTY)
    assert (await read(surroundings, turn))["inbreng_tekst"] == STORY


async def test_a_new_story_is_a_contribution_of_its_own(surroundings: Surroundings, new_turn: NewTurn) -> None:
    story = "Bij de school aan het plein staan elke ochtend te veel auto's."
    turn = new_turn(story, intent="inbreng_doen", draft=half(), slots=EMPTY, municipality_code=UTRECHT)
    slots = await read(surroundings, turn)
    assert (slots["inbreng_tekst"], slots["inbreng_concept"] == CONCEPT) == (story, False)


async def test_stop_ends_what_rasa_has_forgotten(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn("stop", intent="stoppen", draft=half(), slots=EMPTY)
    await ActionTekst(surroundings).handle(turn)
    assert [(reply.text, reply.expects) for reply in turn.replies] == [
        (content.text("inbreng_gestopt"), {"inbreng": None})
    ]


async def test_each_question_carries_the_contribution_and_stopping_ends_it(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    for action, slots in (
        (AskTekst, running("inbreng_tekst")),
        (AskGemeente, running("inbreng_gemeente", inbreng_tekst=STORY)),
        (AskAkkoord, agreeing()),
    ):
        turn = new_turn("x", choice={"intent": "x"}, slots=slots)
        await action(surroundings).handle(turn)
        carried = turn.replies[-1].expects["inbreng"]
        assert (carried["concept"], carried["text"], carried["municipality"]) == (
            slots["inbreng_concept"],
            slots["inbreng_tekst"],
            slots["inbreng_gemeente"],
        )
    turn = new_turn("stop", intent="stoppen", slots=agreeing())
    await ActionInbrengStoppen(surroundings).handle(turn)
    assert [reply.expects for reply in turn.replies] == [{"inbreng": None}]


async def test_who_stops_after_the_first_of_two_is_still_asked_whether_the_council_may_have_that_one(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    turn = new_turn("stop", intent="stoppen", slots=agreeing(), draft=half(earlier=[CONCEPT]))
    await ActionInbrengStoppen(surroundings).handle(turn)
    stopped, share = turn.replies
    assert (stopped.text, share.expects["ja"]["voor"]) == (content.text("inbreng_gestopt"), [CONCEPT])


async def test_a_correction_in_free_words_moves_the_contribution(surroundings: Surroundings, new_turn: NewTurn) -> None:
    slots = agreeing() | {"inbreng_gemeente": "GM0228"}
    for text in (
        "nee, het is in Wageningen, niet in Ede",
        "Nee, dat heeft u niet goed begrepen: het speelt in Wageningen en helemaal niet in Ede",
    ):
        turn = new_turn(text, intent="inbreng_doen", slots=slots)
        assert await read(surroundings, turn) == {"inbreng_gemeente": WAGENINGEN}


async def test_the_place_is_asked_for_kept_and_read_back(surroundings: Surroundings, new_turn: NewTurn) -> None:
    slots = agreeing() | {"inbreng_concept": CONCEPT}
    turn = new_turn("Een andere plek", choice=press("plek"), draft=half(), slots=slots)
    assert await read(surroundings, turn) == {"inbreng_akkoord": None}
    text, expects = await asked(surroundings, turn)
    assert text == content.text("inbreng_plek_vraag")
    given = {**expects["woorden"], "woorden": True}
    turn = new_turn("bij de  kerk", choice=given, draft=expects["inbreng"], slots=slots)
    assert await read(surroundings, turn) == {"inbreng_akkoord": None}
    text, expects = await asked(surroundings, turn)
    assert "Plek: bij de kerk" in text.splitlines()
    assert expects["inbreng"]["place"] == "bij de kerk"
    turn = new_turn("x", choice=press("hervat"), draft=expects["inbreng"], slots=slots)
    assert "Plek: bij de kerk" in (await asked(surroundings, turn))[0].splitlines()


async def test_a_place_in_another_municipality_moves_the_contribution(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    slots = agreeing() | {"inbreng_concept": CONCEPT}
    given = press("plek_gegeven", woorden=True)
    turn = new_turn("Wageningen", choice=given, draft=half(), slots=slots)
    assert await read(surroundings, turn) == {"inbreng_gemeente": WAGENINGEN}
    moved = new_turn("Wageningen", choice=given, draft=half(), slots=slots | {"inbreng_gemeente": WAGENINGEN})
    text, expects = await asked(surroundings, moved)
    assert (expects["inbreng"]["place"], "Plek:" in text) == (None, False)


async def sure(_: str) -> Concern:
    return Concern((("zorg", 0.8),), (("verkeer", 0.9),))


async def unsure(_: str) -> Concern:
    return Concern((("zorg", 0.4),), (("verkeer", 0.3),))


async def test_what_was_understood_is_read_back_and_what_is_unsure_is_left_out(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    story = "In Vleuten rijden de auto's veel te hard door de straat."
    slots = agreeing() | {"inbreng_tekst": story}
    text, _ = await asked(surroundings, new_turn("x", slots=slots, choice={"intent": "x"}, understand=sure))
    assert text == (
        f"Dit geef ik door aan de griffie van Utrecht:\n\n„{story}”\n\n"
        f"Soort: zorg\nHet gaat over: Verkeer en veilig oversteken\nPlek: Vleuten\n\n{ASKED}"
    )
    text, _ = await asked(surroundings, new_turn("x", slots=slots, choice={"intent": "x"}, understand=unsure))
    assert text == f"Dit geef ik door aan de griffie van Utrecht:\n\n„{story}”\n\nPlek: Vleuten\n\n{ASKED}"


@pytest.mark.parametrize(
    ("story", "kind", "theme", "asked_for"),
    [
        ("De auto's rijden veel te hard.", "zorg", "verkeer", True),
        ("De auto's rijden veel te hard door de Lindelaan.", "zorg", "verkeer", False),
        ("de auto's rijden veel te hard door de lindelaan", "zorg", "verkeer", False),
        ("De auto's rijden veel te hard op het fietspad.", "zorg", "verkeer", True),
        ("De auto's rijden veel te hard door Vleuten.", "zorg", "verkeer", False),
        ("Wat fijn dat de auto's zachter rijden.", "compliment", "verkeer", False),
        ("Er zijn te weinig woningen voor jongeren.", "zorg", "wonen", False),
    ],
)
async def test_where_it_is_is_asked_for_where_that_matters(
    surroundings: Surroundings, new_turn: NewTurn, story: str, kind: str, theme: str, *, asked_for: bool
) -> None:
    async def understand(_: str) -> Concern:
        return Concern(((kind, 0.9),), ((theme, 0.9),))

    slots = agreeing() | {"inbreng_tekst": story}
    text, _ = await asked(surroundings, new_turn("x", slots=slots, choice={"intent": "x"}, understand=understand))
    assert (content.text("plek_onbekend") in text) == asked_for


async def test_two_concerns_can_become_two_and_the_second_waits(surroundings: Surroundings, new_turn: NewTurn) -> None:
    first, second = "Er wordt te hard gereden in onze straat.", "Verder zijn er veel te weinig woningen voor jongeren."

    async def understand(text: str) -> Concern:
        return Concern((("zorg", 0.9),), (("verkeer" if "gereden" in text else "wonen", 0.9),))

    slots = agreeing() | {"inbreng_concept": CONCEPT, "inbreng_tekst": f"{first} {second}"}
    turn = new_turn("x", slots=slots, choice={"intent": "x"}, understand=understand)
    await AskAkkoord(surroundings).handle(turn)
    [offer] = [one for one in turn.replies[0].buttons if one.title == content.text("knop_splitsen")]
    assert turn.replies[0].text.endswith(content.text("inbreng_twee"))
    turn = new_turn("x", choice=offer.meaning, draft=turn.replies[0].expects["inbreng"], slots=slots)
    assert await read(surroundings, turn) == {"inbreng_tekst": first}
    turn = new_turn(
        "x", choice=offer.meaning, draft=turn.draft, slots=slots | {"inbreng_tekst": first}, understand=understand
    )
    text, expects = await asked(surroundings, turn)
    assert text.startswith(content.text("inbreng_eerst_dit"))
    assert (expects["inbreng"]["text"], expects["inbreng"]["rest"]) == (first, second)
    following = new_turn(
        "x",
        choice=press("ja"),
        draft=expects["inbreng"],
        slots=slots | {"inbreng_concept": str(uuid.uuid4()), "inbreng_tekst": second},
    )
    _, expects = await asked(surroundings, following)
    assert (expects["inbreng"]["earlier"], expects["inbreng"]["rest"]) == ((CONCEPT,), None)


FIRST, SECOND = "De stoep voor de school is stuk.", "Daarnaast is er veel te weinig licht in het park."


def splitting(**more: Any) -> dict[str, Any]:
    return press("splitsen", tekst=FIRST, rest=SECOND, **more)


async def test_the_button_for_two_of_a_forgotten_form_still_makes_two(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    draft = half(text=f"{FIRST} {SECOND}")
    turn = new_turn("x", intent="inbreng_doen", choice=splitting(), draft=draft, slots=EMPTY)
    slots = await read(surroundings, turn)
    assert slots["inbreng_tekst"] == FIRST
    follow = new_turn("x", choice=splitting(), draft=draft, slots=agreeing() | slots)
    _, expects = await asked(surroundings, follow)
    assert (expects["inbreng"]["text"], expects["inbreng"]["rest"]) == (FIRST, SECOND)


@pytest.mark.parametrize("forgotten", [True, False])
async def test_the_button_for_two_does_not_undo_what_was_told_since(
    surroundings: Surroundings, new_turn: NewTurn, *, forgotten: bool
) -> None:
    more = f"{FIRST} {SECOND}\n\nEn de lampen zijn stuk."
    live = agreeing() | {"inbreng_concept": CONCEPT, "inbreng_tekst": more}
    turn = new_turn("x", choice=splitting(), draft=half(text=more), slots=EMPTY if forgotten else live)
    slots = (EMPTY if forgotten else live) | await read(surroundings, turn)
    assert slots["inbreng_tekst"] == more
    follow = new_turn("x", choice=splitting(), draft=half(text=more), slots=agreeing() | slots)
    _, expects = await asked(surroundings, follow)
    assert (expects["inbreng"]["text"], expects["inbreng"]["rest"]) == (more, None)


async def test_a_new_story_does_not_throw_away_the_one_that_waits(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    story = "Er rijden veel te veel vrachtwagens door onze straat heen."
    turn = new_turn(story, intent="inbreng_doen", draft=half(), slots=EMPTY, municipality_code=UTRECHT)
    slots = await read(surroundings, turn)
    assert [reply.text for reply in turn.replies] == [content.text("inbreng_vorige_wacht", tekst=STORY)]
    assert (slots["inbreng_tekst"], slots["inbreng_concept"] == CONCEPT) == (story, False)
    _, expects = await asked(surroundings, new_turn(story, draft=half(), slots=agreeing() | slots))
    assert (expects["inbreng"]["text"], expects["inbreng"]["rest"]) == (story, STORY)


async def test_the_same_story_told_again_is_the_one_that_waits(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn(f" {STORY}\n", intent="inbreng_doen", draft=half(), slots=EMPTY, municipality_code=UTRECHT)
    assert (await read(surroundings, turn))["inbreng_concept"] == CONCEPT


@pytest.mark.parametrize("text", ["Nee, het is in Wageningen. {}", "Nee. {} Het is in Wageningen, dank u."])
async def test_what_is_told_beside_the_right_place_is_kept(
    surroundings: Surroundings, new_turn: NewTurn, text: str
) -> None:
    more = "Er is gisteren ook een kind aangereden."
    turn = new_turn(text.format(more), intent="ontkennen", slots=agreeing())
    assert await read(surroundings, turn) == {"inbreng_gemeente": WAGENINGEN, "inbreng_tekst": f"{STORY}\n\n{more}"}


async def test_reading_back_waits_once_for_a_slow_model(
    surroundings: Surroundings, new_turn: NewTurn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.readback.PATIENCE_SECONDS", 0.05)
    asked_about = []

    async def understand(text: str) -> Concern | None:
        asked_about.append(text)
        await asyncio.sleep(60)
        return None

    slots = agreeing() | {"inbreng_tekst": f"{FIRST} {SECOND}"}
    turn = new_turn("x", slots=slots, choice={"intent": "x"}, understand=understand)
    await AskAkkoord(surroundings).handle(turn)
    [reply] = turn.replies
    assert (asked_about, FIRST in reply.text) == ([f"{FIRST} {SECOND}"], True)


async def test_after_anger_a_yes_and_a_no_are_no_story(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn("wat een prutsers", intent="frustratie")
    await ActionTekst(surroundings).handle(turn)
    [reply] = turn.replies
    assert (reply.expects["ja"], reply.expects["nee"]) == ({"intent": "inbreng_doen"}, {"intent": "ontkennen"})
    yes = new_turn("ja graag", intent="inbreng_doen", choice=reply.expects["woorden"] | {"woorden": True}, slots=EMPTY)
    assert (await read(surroundings, yes))["inbreng_tekst"] is None


async def buttons_of(surroundings: Surroundings, turn: ActionTurn) -> list[Button]:
    await AskAkkoord(surroundings).handle(turn)
    return list(turn.replies[-1].buttons)


class NothingChosen:
    """Stands for a database in which no municipality has a setting of its own."""

    def session(self, _: str) -> AbstractAsyncContextManager[Any]:
        return nullcontext(self)

    async def execute(self, _: Any) -> Any:
        return SimpleNamespace(all=list)


async def test_kind_and_theme_are_put_right_by_the_resident(surroundings: Surroundings, new_turn: NewTurn) -> None:
    async def understand(_: str) -> Concern:
        return Concern((("zorg", 0.9), ("idee", 0.1)), (("parkeren", 0.8), ("verkeer", 0.1), ("overig", 0.05)))

    slots, draft = agreeing() | {"inbreng_concept": CONCEPT, "inbreng_tekst": STORY}, half()
    wanted = ((content.text("knop_soort"), "Idee"), (content.text("knop_thema"), "Verkeer en veilig oversteken"))
    for which, answer in wanted:
        text, _ = await asked(surroundings, new_turn("x", slots=slots, draft=draft, choice={}, understand=understand))
        choice = press("indeling")
        for title in (which, answer):
            known = {"draft": draft, "choice": choice, "understand": understand, "database": NothingChosen()}
            turn = new_turn("x", slots=slots, **known)
            assert await read(surroundings, turn) == {"inbreng_akkoord": None}
            [choice] = [one.meaning for one in await buttons_of(surroundings, turn) if one.title == title]
        turn = new_turn("x", slots=slots, draft=draft, choice=choice, understand=understand)
        assert await read(surroundings, turn) == {"inbreng_akkoord": None}
        text, expects = await asked(surroundings, turn)
        draft = expects["inbreng"]
    assert (draft["kind"], draft["theme"]) == ("idee", "verkeer")
    assert "Soort: idee\nHet gaat over: Verkeer en veilig oversteken" in text


async def test_without_a_model_all_themes_are_offered_and_no_other_is_taken(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    slots = agreeing() | {"inbreng_concept": CONCEPT, "inbreng_tekst": STORY}
    turn = new_turn("x", slots=slots, draft=half(), choice=press("thema"), database=NothingChosen())
    offered = await buttons_of(surroundings, turn)
    assert len(offered) == len(themes()) + 2
    for choice in (press("thema", waarde="niets"), press("soort", waarde="klacht")):
        _, expects = await asked(surroundings, new_turn("x", slots=slots, draft=half(), choice=choice))
        assert (expects["inbreng"]["kind"], expects["inbreng"]["theme"]) == (None, None)


async def test_anger_alone_is_heard_once_and_then_it_is_the_story(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    slots = running("inbreng_tekst") | {"inbreng_concept": CONCEPT}
    angry = "wat een stelletje prutsers zijn jullie"
    turn = new_turn(angry, intent="frustratie", slots=slots)
    assert await read(surroundings, turn) == {"inbreng_tekst": None}
    await AskTekst(surroundings).handle(turn)
    [reply] = turn.replies
    assert (reply.text, reply.expects["inbreng"]["listened"]) == (content.text("frustratie"), True)
    again = new_turn(angry, intent="frustratie", slots=slots, draft=reply.expects["inbreng"])
    assert await read(surroundings, again) == {"inbreng_tekst": angry}


async def test_a_matter_of_another_authority_is_taken_down_and_the_resident_hears_whose_it_is(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    story = "De snelweg langs ons dorp maakt elke nacht meer lawaai."
    turn = new_turn(story, intent="inbreng_doen", slots=running("inbreng_tekst"), municipality_code=UTRECHT)
    assert (await read(surroundings, turn))["inbreng_tekst"] == story
    [told] = turn.replies
    assert told.text.startswith("Rijkswaterstaat gaat over snelwegen")
    assert [link.url for link in told.links] == ["https://www.rijkswaterstaat.nl/contact"]


@pytest.mark.parametrize(("more", "referred"), [({}, 1), ({"verwezen": True}, 0)])
async def test_words_that_come_by_a_button_are_referred_once(
    surroundings: Surroundings, new_turn: NewTurn, more: dict[str, bool], referred: int
) -> None:
    story = "De snelweg langs ons dorp maakt elke nacht meer lawaai."
    choice = {"intent": "inbreng_doen", "tekst": story, **more}
    turn = new_turn("Ik wil iets doorgeven", intent="inbreng_doen", choice=choice, slots=EMPTY)
    assert (await read(surroundings, turn))["inbreng_tekst"] == story
    assert len(turn.replies) == referred


async def test_more_than_can_be_kept_is_told(surroundings: Surroundings, new_turn: NewTurn) -> None:
    turn = new_turn("nog een zin " * 100, intent="inbreng_doen", slots=agreeing() | {"inbreng_tekst": "woord " * 1600})
    assert len((await read(surroundings, turn))["inbreng_tekst"]) <= 10_000
    assert [reply.text for reply in turn.replies] == [content.text("inbreng_te_lang", aantal="10.000")]


async def test_the_read_back_of_another_language_says_how_to_go_on_in_that_language(
    surroundings: Surroundings, new_turn: NewTurn
) -> None:
    slots = agreeing() | {"inbreng_tekst": "There are no buses in our street in the evening any more."}
    text, _ = await asked(surroundings, new_turn("x", slots=slots, choice={"intent": "x"}))
    assert text.endswith("Is this right? Then press „Ja, geef dit door”. To stop, press „Stoppen”.")
