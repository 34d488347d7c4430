"""Rasa's SpacyNLP with the bundled Dutch pipeline behind it."""

import logging

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils import spacy_utils

from nlu.components import spacy_model

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(spacy_utils.SpacyNLP):
    """Loads the package named in config.yml, or the bundled pipeline when that package is not installed.

    The class keeps the name of its parent: Rasa connects the tokenizer to its model by that name.
    """

    @staticmethod
    def load_model(spacy_model_name: str) -> spacy_utils.SpacyModel:
        """Load the pipeline and say in the log which one it is."""
        language, used = spacy_model.load(spacy_model_name)
        logger.warning("Dutch spaCy pipeline: %s", used)
        return spacy_utils.SpacyModel(model=language, model_name=used)
