"""Kind and theme of contributions."""

from pathlib import Path

import pytest

from participation.language import concerns, encoder
from participation.language.concerns import Concern, ConcernModel, Example, bundled_examples
from participation.language.themes import OTHER, themes
from participation.models.contribution import KINDS

FEW = [
    Example("zorg", "verkeer", "auto's rijden veel te hard door onze straat"),
    Example("zorg", "groen", "de bomen in het park gaan dood"),
    Example("idee", "groen", "plant meer bomen op het plein"),
    Example("idee", "verkeer", "maak een zebrapad bij de school"),
    Example("compliment", "sport", "wat een mooi zwembad hebben we gekregen"),
    Example("idee", "sport", "zet een basket op het trapveld"),
]


def test_the_bundled_examples_are_complete_and_known() -> None:
    examples = bundled_examples()
    assert {example.kind for example in examples} == set(KINDS)
    assert {example.theme for example in examples} == set(themes())
    least = min(sum(example.theme == theme for example in examples) for theme in themes())
    assert least >= 50
    assert len({example.text for example in examples}) == len(examples)


def test_every_theme_leads_to_policy_fields_and_the_top_list() -> None:
    assert [theme.id for theme in themes().values() if not (theme.task_fields and theme.top_list and theme.name)] == []
    assert OTHER not in themes()


def test_a_saved_model_proposes_the_same(tmp_path: Path) -> None:
    model = ConcernModel.train(FEW)
    model.save(tmp_path / "model")
    said = model.understand("er moet een zebrapad komen")
    assert ConcernModel.load(tmp_path / "model").understand("er moet een zebrapad komen") == said
    assert said.themes[0][0] == "verkeer"


def test_what_clerks_corrected_changes_what_is_proposed() -> None:
    text = "het water staat hoog in de boomspiegel"
    taught = ConcernModel.train(FEW, [Example("zorg", "water", text)] * 3)
    assert "water" not in dict(ConcernModel.train(FEW).understand(text).themes)
    assert taught.understand(text).themes[0][0] == "water"


def test_the_words_of_residents_do_not_end_up_in_a_saved_model(tmp_path: Path) -> None:
    """There is something to leak: the bundled words are in the files."""
    ConcernModel.train(FEW, [Example("zorg", "water", "mijn buurvrouw Xandriqua klaagt")]).save(tmp_path / "model")
    saved = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "model").rglob("*.json"))
    assert "ebra" in saved
    assert "xand" not in saved


def test_without_an_encoder_it_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "load", lambda: None)
    assert ConcernModel.train(FEW).understand("meer bomen").themes[0][0] == "groen"


def test_a_kind_that_is_hardly_likely_is_left_to_the_clerk() -> None:
    below, above = concerns.KIND_FLOOR - 0.01, concerns.KIND_FLOOR
    assert Concern((("zorg", below),), (("groen", 0.5),)).kind is None
    assert Concern((("zorg", above),), (("groen", 0.5),)).kind == "zorg"


def test_a_theme_that_is_hardly_likely_is_left_to_the_clerk() -> None:
    below, above = concerns.THEME_FLOOR - 0.01, concerns.THEME_FLOOR
    assert Concern((("zorg", 0.5),), (("groen", below),)).theme == OTHER
    assert Concern((("zorg", 0.5),), (("groen", above),)).theme == "groen"
