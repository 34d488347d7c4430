"""Pseudonyms of residents."""

import hmac


def pseudonym(key: str, *, channel: str, channel_user: str) -> bytes:
    """Return the 32-byte HMAC-SHA256 by which a channel's user is known.

    The key is kept outside the database: without it, nobody can find a person by their channel id, nor try all ids.
    """
    return hmac.digest(key.encode(), f"{channel}\x00{channel_user}".encode(), "sha256")
