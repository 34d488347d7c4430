"""The place of Rasa in the trace of a turn, where the gateway makes one (W3C Trace Context, header `traceparent`).

OpenTelemetry's own libraries want newer packages than Rasa 3.6 can have. So Rasa only passes the trace on, in the
metadata of the message, as the action server gets no headers of a turn; and it tells the gateway when it began and
ended. The gateway makes the span of it. Standard library only.
"""

import re
import secrets
import time
from typing import Any, Callable, Dict, Optional

HEADER = "traceparent"
KEY = "traceparent"
"""Where the action server finds it in the metadata."""
TOLD = "spoor"
"""Where the gateway finds in the answer what Rasa's part was."""
_FORM = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})")


class Passed:
    """A trace that goes through here, with an id for our own part of it."""

    def __init__(self, trace: str, flags: str, *, own: str, now: Callable[[], int]) -> None:
        """Begin our part; `now` gives nanoseconds since 1970."""
        self._own = own
        self._now = now
        self._began = now()
        self.carried = f"00-{trace}-{own}-{flags}"

    def told(self) -> Dict[str, Any]:
        """End our part and say what it was."""
        return {"deel": self._own, "begin": self._began, "eind": self._now()}


def read(header: Optional[str], *, now: Callable[[], int] = time.time_ns) -> Optional[Passed]:
    """Read the header; without one, or with one of another form, there is no trace."""
    found = _FORM.fullmatch(header or "")
    return Passed(found.group(1), found.group(2), own=secrets.token_hex(8), now=now) if found else None
