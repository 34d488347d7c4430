"""To whom a municipality passes contributions on: departments and organisations, some with a mail address."""

import re
from collections.abc import Mapping

from participation.text_fields import open_fields

MOST_RECIPIENTS = 100
LONGEST_NAME, LONGEST_ADDRESS = 100, 200
_ADDRESS = re.compile(r"[^\s@<>\",;:?&]+@[^\s@<>\",;:?&]+\.[a-z]{2,}", re.IGNORECASE)

Recipients = Mapping[str, str]
"""Mail addresses by name; empty where there is none."""


class RecipientUnreadable(Exception):
    """A line has no name, one with an open field, one that stands there twice, or no address; or there are too many."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_recipients(typed: str) -> dict[str, str]:
    """Read one recipient a line: `Afdeling Openbare ruimte: openbareruimte@gemeente.example`.

    Raises:
        RecipientUnreadable: with the line.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for line in filter(str.strip, typed.splitlines()):
        name, _, address = (" ".join(part.split()) for part in line.partition(":"))
        faulty = not name or len(name) > LONGEST_NAME or name.casefold() in taken or len(found) >= MOST_RECIPIENTS
        faulty = faulty or bool(open_fields(name))
        if faulty or (address and (len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address))):
            raise RecipientUnreadable(line.strip()[:80])
        taken.add(name.casefold())
        found[name] = address
    return found


def written(recipients: Recipients) -> str:
    """Write recipients as they are typed."""
    return "\n".join(f"{name}: {address}" if address else name for name, address in recipients.items())
