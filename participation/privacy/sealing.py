"""Encryption of the little that has to be read back: where to send an answer, and updates that wait to be handled."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from participation.errors import SealBroken


class Sealer:
    """Encrypts and decrypts with a key of its own, derived (HKDF, RFC 5869) from one that is outside the database.

    Args:
        key: the setting `pseudonym_key`; as with pseudonyms, who loses it loses what was made with it.
        purpose: what is sealed. Something sealed for one purpose does not open for another.
    """

    def __init__(self, key: str, *, purpose: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, text: str) -> bytes:
        """Encrypt; twice the same text gives two different values."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt.

        Raises:
            SealBroken: made with another key or for another purpose, or changed since.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SealBroken from None
