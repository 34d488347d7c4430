"""The set-up of a campaign: what is shared of it, what is left out, and what would come of it elsewhere."""

import json
import uuid
from datetime import UTC, datetime

import pytest

from participation.campaigns import looking, setups, templates
from participation.campaigns.leaving_out import left_out
from participation.campaigns.making import Texts
from participation.campaigns.part_writing import Typed
from participation.campaigns.setups import Part, Setup
from participation.models import Campaign, CampaignPart, Statement

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AREAS = {"Leidsche Rijn": ("LR",), "Overvecht": ()}
EACH = pytest.mark.parametrize("template", templates.usual().values(), ids=lambda one: one.key)


def plain(setup: Setup) -> Setup:
    """A template without its name is a set-up."""
    return Setup(setup.texts, setup.parts)


def blanked(text: str, *municipality: str) -> str:
    setup = Setup(Texts("x", why=text), ())
    return left_out(setup, municipality=municipality or {"Utrecht"}, areas=AREAS).texts.why


@EACH
def test_a_set_up_is_the_same_after_the_library_kept_it(template: templates.Template) -> None:
    assert setups.read(json.loads(json.dumps(setups.written(template)))) == plain(template)


@EACH
def test_a_campaign_made_of_a_set_up_has_that_set_up(template: templates.Template) -> None:
    sketch = setups.sketched(template)
    found = setups.set_up_as(sketch.campaign, sketch.parts, _of_the_team(sketch.statements))
    again = setups.sketched(found)
    assert [(part.kind, part.text, part.options, part.condition) for part in again.parts] == [
        (part.kind, part.text, part.options, part.condition) for part in sketch.parts
    ]
    assert [part.statements for part in found.parts] == [part.statements for part in template.parts]
    assert found.texts == template.texts


@EACH
def test_a_look_shows_every_part_and_tells_how_long_it_takes(template: templates.Template) -> None:
    look = looking.look_at(template, now=NOW)
    assert [one.kind for one in look.questions] == [part.typed.kind for part in template.parts]
    assert all(part.typed.text in one.message for part, one in zip(template.parts, look.questions, strict=True))
    assert [1 + len(one.others) for one in look.questions if one.kind == "stellingen"] == [
        len(part.statements) for part in template.parts if part.typed.kind == "stellingen"
    ]
    assert (look.seconds, look.is_long) == (looking.seconds(template), False)


def test_people_moments_areas_and_words_of_residents_are_no_part_of_a_set_up() -> None:
    part_id = uuid.uuid4()
    campaign = Campaign(
        id=uuid.uuid4(),
        municipality_code="GM0344",
        title="Lampen",
        why="Het is donker.",
        intro="Wat vindt u?",
        thanks="Dank u wel.",
        theme="groen",
        level="adviseren",
        phase="Alles kan nog.",
        decides="Wethouder Pietersen",
        official="Anna de Vries",
        portfolio_holder="Wethouder Pietersen",
        asks_age=True,
        asks_area=False,
        opens_at=NOW,
        closes_at=NOW,
    )
    asked = [
        CampaignPart(id=part_id, position=1, kind="stellingen", text="Eens?", options=[], rules={"own": True}),
        CampaignPart(
            id=uuid.uuid4(),
            position=2,
            kind="plaats",
            text="Waar?",
            options=[{"id": "a", "text": "Overvecht"}],
            rules={"words": False},
        ),
    ]
    statements = {
        part_id: [
            Statement(text="Er zijn genoeg lampen.", writer_code=None),
            Statement(text="Mijn straat is donker.", writer_code="GM0344"),
        ]
    }
    setup = setups.set_up_as(campaign, asked, statements)
    assert setups.written(setup) == {
        "texts": {
            "title": "Lampen",
            "why": "Het is donker.",
            "intro": "Wat vindt u?",
            "thanks": "Dank u wel.",
            "theme": "groen",
            "level": "adviseren",
            "phase": "Alles kan nog.",
            "asks_age": True,
            "asks_area": False,
        },
        "parts": [
            {
                "kind": "stellingen",
                "text": "Eens?",
                "options": [],
                "rules": {"own": True},
                "statements": ["Er zijn genoeg lampen."],
                "condition": None,
            },
            {
                "kind": "plaats",
                "text": "Waar?",
                "options": [],
                "rules": {"words": True},
                "statements": [],
                "condition": None,
            },
        ],
    }


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("De gemeente Utrecht kiest op 12 maart 2027.", "De gemeente [gemeente] kiest op [datum]."),
        ("Tussen 1 mei en 3-6-2027.", "Tussen [datum] en [datum 2]."),
        ("In Leidsche Rijn, LR en LR.", "In [wijk], [wijk 2] en [wijk 2]."),
        ("De Utrechtse raad kiest in maart.", "De Utrechtse raad kiest in maart."),
        ("Wie kiest, weet 12 dingen.", "Wie kiest, weet 12 dingen."),
        ("Op 12 mrt. of 1 dec 2026, of op 12/3/2026.", "Op [datum] of [datum 2], of op [datum 3]."),
        ("Maart 2026, en dus niet mei 2026.", "[datum], en dus niet [datum 2]."),
    ],
)
def test_what_is_of_one_municipality_becomes_a_field(text: str, shared: str) -> None:
    assert blanked(text) == shared


def test_a_word_that_is_also_a_name_stays_a_word() -> None:
    assert blanked("Dit is best moeilijk in Best.", "Best") == "Dit is best moeilijk in [gemeente]."


def test_every_name_of_the_municipality_becomes_a_field() -> None:
    found = blanked("In Bergen (L), dus in Bergen.", "Bergen (L)", "Bergen")
    assert found == "In [gemeente], dus in [gemeente 2]."


def test_two_names_of_one_area_stay_two_options() -> None:
    areas = {"Centrum": ("Binnenstad",)}
    part = Part(Typed("keuze", "Waar?", "Centrum\nBinnenstad", {"most": 1}), (), None)
    found = left_out(Setup(Texts("x"), (part,)), municipality={"Ede"}, areas=areas)
    assert [option["text"] for option in setups.sketched(found).parts[0].options] == ["[wijk]", "[wijk 2]"]


def test_two_options_that_differ_only_at_the_end_that_is_cut_off_stay_two() -> None:
    places = [f"{'Ik woon heel graag ' * 3}in het mooie Ede, {side}" for side in ("aan de noordkant", "in het zuiden")]
    areas = {"Ede-Oost": (), "Ede": ()}
    asked = Part(Typed("keuze", "Waar?", "\n".join(places), {"most": 1}), (), None)
    after = Part(Typed("open", "Waarom?", "", {}), (), (1, (places[1],)))
    found = left_out(Setup(Texts("x"), (asked, after)), municipality={"Ede"}, areas=areas)
    first, second = setups.sketched(found).parts
    assert second.condition == {"part": str(first.id), "options": ["o2"]}


def test_a_condition_still_names_its_options_and_a_button_is_not_too_long() -> None:
    long = f"{'Ik woon heel graag ' * 3}in het mooie Ede"
    parts = (
        Part(Typed("keuze", "Waar woont u?", f"Overvecht\nLeidsche Rijn\n{long}", {"most": 1}), (), None),
        Part(Typed("open", "Waarom Overvecht?", "", {}), (), (1, ("Overvecht",))),
    )
    found = left_out(Setup(Texts("x"), parts), municipality={"Ede"}, areas=AREAS)
    lines = found.parts[0].typed.lines.splitlines()
    assert (lines[:2], len(lines[2]) <= 80) == (["[wijk]", "[wijk 2]"], True)
    assert (found.parts[1].typed.text, found.parts[1].condition) == ("Waarom [wijk]?", (1, ("[wijk]",)))
    first, second = setups.sketched(found).parts
    assert second.condition == {"part": str(first.id), "options": ["o1"]}


def _of_the_team(statements):
    for ones in statements.values():
        for one in ones:
            one.writer_code = None
    return statements
