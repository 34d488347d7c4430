"""The intent classifier: two kinds of evidence, fused.

Character and word n-grams know spelling and names; the sentence encoder knows meaning. Each gets a logistic regression
of its own over all labels, and the log-probabilities are averaged: both have to find a label plausible.
docs/adr/0004-nederlands-model.md has the comparison with other classifiers.
"""

import json
import logging
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
from sklearn.linear_model import LogisticRegression

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FusedIntentClassifier(GraphComponent, IntentClassifier):
    """Takes the weighted mean of the log-probabilities of a sparse and a dense logistic regression.

    Sets `intent` (for a question the retrieval intent `vraag`, with the topic in `full_retrieval_intent_name`) and
    `intent_ranking` with the full labels. Without dense features it works on the sparse ones alone.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        """Needs features to classify."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Inverse regularisation of both members, share of the dense one, weights of sparse featurizers by alias."""
        return {"sparse_c": 10.0, "dense_c": 0.5, "dense_share": 0.35, "sparse_weights": {}, "ranking_length": 10}

    @staticmethod
    def required_packages() -> List[str]:
        """Training needs scikit-learn; prediction is numpy alone."""
        return ["numpy", "scipy"]

    def __init__(
        self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, model: Optional[Dict[str, Any]]
    ) -> None:
        """`model` is empty before training."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model or {}

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
        """Fit both members on all labelled examples."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        # A question's own label is `vraag/<topic>`; Rasa keeps it apart from the retrieval intent `vraag`.
        labels = np.array([example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples])
        self._model = {"labels": np.unique(labels)}
        self._fit("sparse", self._learn_weights(examples), labels, self._config["sparse_c"])
        dense = [dense_row(example) for example in examples]
        if all(row is not None for row in dense):
            matrix = np.vstack(dense)
            self._model["centre"] = matrix.mean(axis=0)
            self._model["scale"] = np.float32(1 / np.std(matrix - self._model["centre"]))
            self._fit("dense", self._centred(matrix), labels, self._config["dense_c"])
        self.persist()
        return self._resource

    def _learn_weights(self, examples: List[Message]) -> scipy.sparse.csr_matrix:
        blocks = [sparse_blocks(example) for example in examples]
        columns = []
        for name in sorted(self._config["sparse_weights"]):
            counts = scipy.sparse.vstack([block[name] for block in blocks]).tocsr()
            found_in = np.bincount(counts.indices, minlength=counts.shape[1])
            self._model[f"idf_{name}"] = (np.log((1 + counts.shape[0]) / (1 + found_in)) + 1).astype(np.float32)
            columns.append(self._weighted(name, counts))
        return scipy.sparse.hstack(columns, format="csr")

    def _sparse(self, message: Message) -> scipy.sparse.csr_matrix:
        blocks = sparse_blocks(message)
        names = sorted(self._config["sparse_weights"])
        return scipy.sparse.hstack([self._weighted(name, blocks[name]) for name in names], format="csr")

    def _fit(self, member: str, features: Any, labels: "np.ndarray", inverse_regularisation: float) -> None:
        regression = LogisticRegression(C=inverse_regularisation, max_iter=300).fit(features, labels)
        self._model[f"{member}_weights"] = regression.coef_.astype(np.float32)
        self._model[f"{member}_bias"] = regression.intercept_.astype(np.float32)

    def process(self, messages: List[Message]) -> List[Message]:
        """Classify messages in place."""
        for message in messages:
            if self._model and message.get(TEXT):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        scores = log_softmax(self._sparse(message) @ self._weights("sparse").T + self._bias("sparse"))
        dense = dense_row(message)
        if dense is not None and "dense_weights" in self._model:
            meaning = log_softmax(self._centred(dense) @ self._weights("dense").T + self._bias("dense"))
            scores = (1 - self._config["dense_share"]) * scores + self._config["dense_share"] * meaning
        probabilities = np.exp(log_softmax(scores)).ravel()
        order = np.argsort(-probabilities)[: self._config["ranking_length"]]
        ranking = [
            {INTENT_NAME_KEY: str(self._model["labels"][at]), PREDICTED_CONFIDENCE_KEY: float(probabilities[at])}
            for at in order
        ]
        message.set(INTENT, as_intent(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _weights(self, member: str) -> "np.ndarray":
        return self._model[f"{member}_weights"]

    def _bias(self, member: str) -> "np.ndarray":
        return self._model[f"{member}_bias"]

    def _weighted(self, name: str, counts: scipy.sparse.spmatrix) -> scipy.sparse.csr_matrix:
        """TF-IDF with logarithmic counts; each row of one featurizer gets that featurizer's weight as its length."""
        rows = scipy.sparse.csr_matrix(counts, dtype=np.float32, copy=True)
        rows.data = np.log1p(rows.data) * self._model[f"idf_{name}"][rows.indices]
        lengths = np.sqrt(rows.multiply(rows).sum(axis=1)).A.ravel()
        lengths[lengths == 0] = 1
        return scipy.sparse.diags(self._config["sparse_weights"][name] / lengths) @ rows

    def _centred(self, matrix: "np.ndarray") -> "np.ndarray":
        return (matrix - self._model["centre"]) * self._model["scale"]

    def persist(self) -> None:
        """Write plain arrays: no pickle is ever loaded."""
        with self._storage.write_to(self._resource) as folder:
            arrays = {name: value for name, value in self._model.items() if name != "labels"}
            np.savez_compressed(folder / "weights.npz", **arrays)
            (folder / "labels.json").write_text(json.dumps(self._model["labels"].tolist()), encoding="utf-8")

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
            with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
                model: Dict[str, Any] = {name: arrays[name] for name in arrays.files}
            model["labels"] = np.array(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
        return cls(config, model_storage, resource, model)


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


def log_softmax(scores: "np.ndarray") -> "np.ndarray":
    """Log-probabilities along the last axis."""
    shifted = np.asarray(scores) - np.max(scores, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
