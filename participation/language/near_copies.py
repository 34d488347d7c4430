"""Which texts are nearly the same: copied with another name or street in it, sent again, or made by a program.

MinHash (Broder, 1997): the share of equal numbers in two signatures estimates which share of their pieces two texts
have in common. A signature is 256 bytes whatever the length of the text, and no words can be read from it.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

PIECE = 6
"""Characters of a piece."""
NUMBERS = 64
SHORTEST = 40
"""Characters below which texts are not compared: many people write "te hard rijden" by themselves."""
ALIKE = 0.6
"""Share of pieces in common from which one text is a near copy of another. See tests/unit/language/test_near_copies.py
for what is below and above it."""

_PRIME = np.uint64(4_294_967_311)  # the first prime above 2^32
_SEEDS = np.random.default_rng(20_261_127).integers(1, 2**32 - 1, size=(2, NUMBERS), dtype=np.uint64)
# Fixed on purpose: signatures of today are compared with those of last week.


def signature(text: str) -> bytes | None:
    """Return the signature of a text; none when it is too short to be compared."""
    plain = " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
    if len(plain) < SHORTEST:
        return None
    pieces = {zlib.crc32(plain[at : at + PIECE].encode()) for at in range(len(plain) - PIECE + 1)}
    hashed = np.fromiter(pieces, dtype=np.uint64, count=len(pieces))
    numbers = [int(((hashed * a + b) % _PRIME).min()) % 2**32 for a, b in _SEEDS.T]
    return np.array(numbers, dtype=np.uint32).tobytes()


def as_matrix(signatures: list[bytes]) -> NDArray[np.uint32]:
    """Signatures to compare with, one a row."""
    return np.frombuffer(b"".join(signatures), dtype=np.uint32).reshape(-1, NUMBERS)


def most_alike(one: bytes, others: NDArray[np.uint32]) -> tuple[int, float] | None:
    """Return the row that is most alike and the share in common; none when no row is alike enough."""
    if not len(others):
        return None
    shares = (others == np.frombuffer(one, dtype=np.uint32)).mean(axis=1)
    best = int(shares.argmax())
    return (best, float(shares[best])) if shares[best] >= ALIKE else None
