"""The intent classifier inside Rasa: the fused model of participation/language over spaCy's features and our own.

docs/adr/0004-nederlands-model.md has the comparison with other classifiers.
"""

from dataclasses import fields
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    FULL_RETRIEVAL_INTENT_NAME_KEY,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from participation.language import encoder, unsure
from participation.language.fusion import FusedModel, Mix
from participation.language.ngrams import NgramFeatures

MIX = {field.name: field.default for field in fields(Mix)}


class Trained:
    """What training leaves: the n-grams, how telling each of Rasa's own features is, and the model."""

    def __init__(self, ngrams: NgramFeatures, telling: Dict[str, "np.ndarray"], model: FusedModel) -> None:
        """Keep the three."""
        self.ngrams, self.telling, self.model = ngrams, telling, model

    def save(self, folder: Path) -> None:
        """Write plain text and numbers."""
        self.ngrams.save(folder)
        np.savez_compressed(folder / "telling.npz", **self.telling)
        self.model.save(folder)

    @classmethod
    def load(cls, folder: Path, config: Dict[str, Any]) -> "Trained":
        """Read what `save` wrote."""
        with np.load(folder / "telling.npz", allow_pickle=False) as arrays:
            telling = {name: arrays[name] for name in arrays.files}
        return cls(NgramFeatures.load(folder, config["ngrams"]), telling, FusedModel.load(folder, mix_of(config)))


def mix_of(config: Dict[str, Any]) -> Mix:
    """The settings of the model among those of the component."""
    return Mix(**{name: config[name] for name in MIX})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FusedIntentClassifier(GraphComponent, IntentClassifier):
    """Learns all full labels at once.

    Sets `intent` (for a question the retrieval intent `vraag`, with the topic in `full_retrieval_intent_name`) and
    `intent_ranking` with the full labels. Without an encoder it works on n-grams and words alone. From
    `sure_by_spelling` on it does not look at the meaning either: encoding a sentence costs more than all the rest, and
    above that confidence it changed no outcome on the development set. What it is not sure of gets the sentence
    embedding along (participation/language/unsure.py).
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        """Needs features to classify."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The mix (see `Mix`), weights of our n-grams by view and of Rasa's sparse features by alias."""
        return {**MIX, "ngrams": {}, "features": {}, "sure_by_spelling": 1.0, "ranking_length": 10}

    @staticmethod
    def required_packages() -> List[str]:
        """Scikit-learn trains the members and counts n-grams."""
        return ["numpy", "scipy", "sklearn"]

    def __init__(
        self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, trained: Optional[Trained]
    ) -> None:
        """`trained` is None before training."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._trained = trained

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FusedIntentClassifier":
        """Make an untrained component."""
        return cls(config, model_storage, resource, None)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all labelled examples."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        # A question's own label is `vraag/<topic>`; Rasa keeps it apart from the retrieval intent `vraag`.
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        ngrams = NgramFeatures(self._config["ngrams"])
        rows = ngrams.fit_transform([example.get(TEXT) for example in examples])
        blocks = [sparse_blocks(example) for example in examples]
        stacked = {name: scipy.sparse.vstack([block[name] for block in blocks]).tocsr() for name in self._names()}
        telling = {name: inverse_frequency(counts) for name, counts in stacked.items()}
        dense = {at: row for at, row in enumerate(map(dense_row, examples)) if row is not None}
        model = FusedModel.fit(
            scipy.sparse.hstack([rows, *self._weighted(stacked, telling)], format="csr"),
            np.vstack(list(dense.values())) if dense else None,
            labels,
            mix_of(self._config),
            encoded=list(dense),
        )
        self._trained = Trained(ngrams, telling, model)
        with self._storage.write_to(self._resource) as folder:
            self._trained.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Classify messages in place."""
        for message in messages:
            if self._trained is not None and message.get(TEXT):
                self._classify(message, self._trained)
        return messages

    def _classify(self, message: Message, trained: Trained) -> None:
        rows = trained.ngrams.transform([message.get(TEXT)])
        words = self._weighted(sparse_blocks(message), trained.telling)
        row = scipy.sparse.hstack([rows, *words], format="csr")
        probabilities, embedding = trained.model.probabilities(row, None).ravel(), None
        if not self._is_sure(trained.model.labels[int(np.argmax(probabilities))], float(probabilities.max())):
            embedding = meaning_of(message) if trained.model.knows_meaning else None
            probabilities = trained.model.probabilities(row, embedding).ravel()
        order = np.argsort(-probabilities)[: self._config["ranking_length"]]
        ranking = [
            {INTENT_NAME_KEY: trained.model.labels[at], PREDICTED_CONFIDENCE_KEY: float(probabilities[at])}
            for at in order
        ]
        message.set(INTENT, as_intent(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        if embedding is not None and unsure.may_give_way(ranking[0][INTENT_NAME_KEY], float(probabilities[order[0]])):
            message.set(unsure.KEY, unsure.as_text(embedding), add_to_output=True)

    def _is_sure(self, label: str, confidence: float) -> bool:
        return confidence >= self._config["sure_by_spelling"] and not unsure.may_give_way(label, confidence)

    def _names(self) -> List[str]:
        return sorted(self._config["features"])

    def _weighted(
        self, counts: Dict[str, scipy.sparse.csr_matrix], telling: Dict[str, "np.ndarray"]
    ) -> List[scipy.sparse.csr_matrix]:
        """TF-IDF with logarithmic counts; each row of one featurizer gets that featurizer's weight as its length."""
        weighted = []
        for name in self._names():
            rows = scipy.sparse.csr_matrix(counts[name], dtype=np.float32, copy=True)
            rows.data = np.log1p(rows.data) * telling[name][rows.indices]
            lengths = np.sqrt(rows.multiply(rows).sum(axis=1)).A.ravel()
            lengths[lengths == 0] = 1
            rows.data *= np.repeat(self._config["features"][name] / lengths, np.diff(rows.indptr))
            weighted.append(rows)
        return weighted

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "FusedIntentClassifier":
        """Load a trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Trained.load(folder, config))


def inverse_frequency(counts: scipy.sparse.csr_matrix) -> "np.ndarray":
    """How telling each column is: the smoothed logarithm of all rows over the rows that have it."""
    found_in = np.bincount(counts.indices, minlength=counts.shape[1])
    telling: np.ndarray = (np.log((1 + counts.shape[0]) / (1 + found_in)) + 1).astype(np.float32)
    return telling


def as_intent(ranked: Dict[str, Any]) -> Dict[str, Any]:
    """Turn a ranked label into Rasa's intent: `vraag/x` is retrieval intent `vraag` with full name `vraag/x`."""
    label = ranked[INTENT_NAME_KEY]
    intent = {INTENT_NAME_KEY: label.split("/")[0], PREDICTED_CONFIDENCE_KEY: ranked[PREDICTED_CONFIDENCE_KEY]}
    if "/" in label:
        intent[FULL_RETRIEVAL_INTENT_NAME_KEY] = label
    return intent


def sparse_blocks(message: Message) -> dict[str, scipy.sparse.csr_matrix]:
    """The sparse features of a message by featurizer, each as one row; per-word ones are summed over the words."""
    features = [found for found in message.features if found.is_sparse() and found.attribute == TEXT]
    whole = {found.origin for found in features if found.type == FEATURE_TYPE_SENTENCE}
    return {
        found.origin: scipy.sparse.csr_matrix(
            found.features if found.type == FEATURE_TYPE_SENTENCE else found.features.sum(axis=0), dtype=np.float32
        )
        for found in features
        if found.type == FEATURE_TYPE_SENTENCE or found.origin not in whole
    }


def dense_row(message: Message) -> Optional["np.ndarray"]:
    """The sentence embedding as one row, or None without an encoder."""
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else np.asarray(sentence.features)


def meaning_of(message: Message) -> Optional["np.ndarray"]:
    """The sentence embedding that a featurizer made, or else one made now; None without an encoder."""
    made = dense_row(message)
    working = encoder.load() if made is None else None
    return working.encode([message.get(TEXT)]) if working else made
