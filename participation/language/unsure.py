"""When the trained model is not sure, and the sentence embedding that then goes along to whoever looks further.

Encoding a sentence takes longer than all the rest of a turn's understanding. Rasa has done it; what it was not sure of
carries the embedding as text to the actions, so that nobody encodes the same message again.
"""

import base64
import binascii

import numpy as np

from participation.language.encoder import DIMENSIONS

SURE = 0.85
"""From this confidence on a trained topic is what is meant, however much an own question looks like the message."""

NOT_FOR_US = "buiten_bereik"
"""The answer that the chat has no answer gives way at any confidence."""

KEY = "zinsvector"
"""Where the embedding stands in what Rasa makes of a message."""


def may_give_way(label: str, confidence: float) -> bool:
    """Whether something else may be meant than this label."""
    return confidence < SURE or label == NOT_FOR_US


def as_text(embedding: "np.ndarray") -> str:
    """Write an embedding in a thousand characters; the cosine with others changes by less than a thousandth."""
    return base64.b64encode(np.asarray(embedding, dtype="<f2").tobytes()).decode("ascii")


def from_text(text: object) -> "np.ndarray | None":
    """Read what `as_text` wrote; None for anything else."""
    try:
        stored = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except binascii.Error:
        return None
    if len(stored) != 2 * DIMENSIONS:
        return None
    embedding: np.ndarray = np.frombuffer(stored, dtype="<f2").astype(np.float32)
    return embedding
