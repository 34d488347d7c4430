"""N-grams and the model that weighs them with meaning."""

from pathlib import Path

import numpy as np
import pytest

from participation.language.fusion import FusedModel, Mix
from participation.language.ngrams import VIEWS, NgramFeatures

TEXTS = [
    "wanneer vergadert de raad",
    "hoe laat is de vergadering",
    "hoe laat vergadert de raad",
    "ik wil graag iets zeggen over het park",
    "er moet een bankje in het park",
    "het park is mooi",
    "dank u wel",
    "bedankt hoor",
    "heel erg bedankt",
]
LABELS = ["wanneer"] * 3 + ["park"] * 3 + ["dank"] * 3
WEIGHTS = dict.fromkeys(VIEWS, 1.0)
MEANINGS = np.repeat(np.eye(3, dtype=np.float32), 3, axis=0)


def test_every_view_weighs_as_much_as_asked() -> None:
    both = NgramFeatures({"letters": 0.5, "klanken": 2.0}).fit_transform(TEXTS)
    letters = NgramFeatures({"letters": 0.5}).fit_transform(TEXTS)
    lengths = np.sqrt(both.multiply(both).sum(axis=1))
    assert letters.shape[1] < both.shape[1]
    assert np.asarray(lengths).ravel() == pytest.approx(np.full(len(TEXTS), np.hypot(0.5, 2.0)), rel=1e-5)


def test_saved_n_grams_give_the_same_rows(tmp_path: Path) -> None:
    features = NgramFeatures(WEIGHTS)
    features.fit_transform(TEXTS)
    features.save(tmp_path)
    asked = ["wanneer is de raad 's avonds?", "", "zzz 12 zzz"]
    read = NgramFeatures.load(tmp_path, WEIGHTS).transform(asked)
    assert np.allclose(read.toarray(), features.transform(asked).toarray())


def test_a_view_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        NgramFeatures({"kleuren": 1.0})


@pytest.mark.parametrize("meanings", [MEANINGS, None], ids=["with", "without"])
def test_a_saved_model_says_the_same_with_and_without_meaning(tmp_path: Path, meanings: "np.ndarray | None") -> None:
    features = NgramFeatures(WEIGHTS)
    model = FusedModel.fit(features.fit_transform(TEXTS), meanings, LABELS, Mix())
    model.save(tmp_path)
    row = features.transform(["hoe laat is de raad"])
    meaning = None if meanings is None else MEANINGS[:1]
    said = model.probabilities(row, meaning)
    assert FusedModel.load(tmp_path, Mix()).probabilities(row, meaning) == pytest.approx(said)
    assert model.labels[int(said.argmax())] == "wanneer"
    assert said.sum() == pytest.approx(1)


def test_spelling_and_meaning_both_have_a_say() -> None:
    features = NgramFeatures(WEIGHTS)
    model = FusedModel.fit(features.fit_transform(TEXTS), MEANINGS, LABELS, Mix(temperature=4))
    row = features.transform(["wanneer vergadert de raad"])
    at = model.labels.index("wanneer")
    agreed, torn = (model.probabilities(row, MEANINGS[number : number + 1])[0, at] for number in (0, 8))
    assert torn < agreed


def test_a_higher_temperature_makes_less_sure() -> None:
    features = NgramFeatures(WEIGHTS)
    rows = features.fit_transform(TEXTS)
    sure, unsure = (
        FusedModel.fit(rows, MEANINGS, LABELS, Mix(temperature=one)).probabilities(rows[:1], MEANINGS[:1]).max()
        for one in (1.0, 3.0)
    )
    assert unsure < sure
