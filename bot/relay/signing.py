"""Who says what: an HMAC over the moment and the body, the same in both directions.

The two headers are the whole of it, so that a service in any language can make them in three lines.
"""

import hmac
from datetime import datetime
from hashlib import sha256

MOMENT, SIGNATURE = "X-Samenspel-Moment", "X-Samenspel-Handtekening"
MOST_SECONDS_APART = 300
"""Between the clocks of both sides, with the time that a message takes. What is older may have been overheard."""


def headers(secret: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Return the two headers for a body: whole seconds since 1970, and `sha256=` with 64 hexadecimal digits."""
    moment = str(int(now.timestamp()))
    return {MOMENT: moment, SIGNATURE: _signature(secret, moment, body)}


def is_signed(secret: str, body: bytes, *, moment: str, signature: str, now: datetime) -> bool:
    """Whether this body was signed with this secret, lately."""
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return False
    right = _signature(secret, moment, body)
    lately = abs(now.timestamp() - int(moment)) <= MOST_SECONDS_APART
    return hmac.compare_digest(right.encode(), signature.encode()) and lately


def _signature(secret: str, moment: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()
