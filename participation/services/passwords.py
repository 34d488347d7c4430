"""Passwords of desk users: hashed with argon2, long enough, and not among those that are tried first."""

import secrets
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # brings no types

from participation.errors import PasswordGuessable, PasswordTooWeak

LENGTH = (12, 128)
"""Characters. At least twelve, and no rules about which: NIST SP 800-63B, 3.1.1.2."""

LOWEST_SCORE = 3
"""Of zxcvbn: at least 10^8 guesses for who knows the usual passwords, words, names and keyboard rows."""

_LOOKED_AT = 72
"""Characters that zxcvbn looks at; more takes it too long, and is not needed."""

_OURS = ("gemeente", "gemeenteraad", "raad", "griffie", "griffier", "samenspel", "wachtwoord", "welkom", "geheim")
"""What people here would think of first, and an English list does not know."""

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Return what may be stored of a password."""
    return _hasher.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one. Without an account this takes as long, so that time tells nothing."""
    try:
        _hasher.verify(stored or _hash_of_nobody(), password)
    except VerificationError:
        return False
    return stored is not None


def check(new: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that others would guess.

    Args:
        about: what is known of the person: name, e-mail address, municipality.

    Raises:
        PasswordGuessable: it is long enough, and still among the first that somebody tries.
        PasswordTooWeak: shorter than 12 or longer than 128 characters.
    """
    if not LENGTH[0] <= len(new) <= LENGTH[1]:
        raise PasswordTooWeak
    known = [part for text in about for part in (text, *text.replace("@", " ").replace(".", " ").split())]
    if zxcvbn(new[:_LOOKED_AT], user_inputs=[*_OURS, *known])["score"] < LOWEST_SCORE:
        raise PasswordGuessable


def one_time() -> str:
    """A fresh password to hand over, which has to be replaced at the first log-in."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


@lru_cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))
