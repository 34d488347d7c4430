"""What XML can hold of a text: office files are made of it, and residents type anything."""

_NOT_IN_XML = {code: None for code in range(32) if chr(code) not in "\t\n"} | {0xFFFE: None, 0xFFFF: None}
_NOT_IN_XML |= dict.fromkeys(range(0xD800, 0xE000))


def writable(text: str) -> str:
    """The text without what XML can not hold."""
    return text.translate(_NOT_IN_XML)
