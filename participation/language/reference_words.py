"""References and secret codes of contributions, as they stand in what somebody typed."""

import re

CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{4}([\s-]?)[0-9A-Z]{4}\1[0-9A-Z]{4}(?![0-9A-Z])", re.IGNORECASE)
REFERENCE = re.compile(r"(?<![0-9A-Z])SP[\s-]*\d{4}[\s-]*\d{6}[\s-]*[A-Z](?![0-9A-Z])", re.IGNORECASE)


def only_names(text: str) -> bool:
    """Whether a text is nothing but a reference, with or without a code; also when there is a typing error in it."""
    rest, references = REFERENCE.subn(" ", text)
    return references > 0 and not re.sub(r"[\W_]", "", CODE.sub(" ", rest))
