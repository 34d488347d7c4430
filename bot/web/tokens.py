"""The keys to conversations that browsers hold: signed, and good for as long as a conversation is kept."""

from datetime import UTC, datetime
from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class PatientSigner(TimestampSigner):
    """Takes what was signed at a moment that is still to come for new, and not for expired.

    The clock was wrong when it was signed, or is wrong now: either is no reason to end somebody's conversation.
    """

    def unsign(  # one signature for what itsdangerous declares as three
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """Return the value, with when it was signed if asked.

        Raises:
            BadSignature: it was not signed by us, or longer ago than `max_age` seconds.
        """
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as error:
            if error.date_signed is None or error.date_signed <= datetime.fromtimestamp(self.get_timestamp(), UTC):
                raise
            return super().unsign(signed_value, None, return_timestamp)  # type: ignore[call-overload]


def tokens_of_conversations(secret_key: str) -> URLSafeTimedSerializer:
    """Makes and reads the keys."""
    return URLSafeTimedSerializer(secret_key, salt="gesprek", signer=PatientSigner)
