"""The file of a back-up: a first line, a manifest, a dump of PostgreSQL and a seal, all of it encrypted with age.

age (https://age-encryption.org/v1) encrypts to a public key: what makes back-ups can not read them. It notices every
change and every missing piece, yet anybody with the public key can make such a file. So the last 32 bytes inside are an
HMAC with a key of the installation, and what does not have it is never given to PostgreSQL.

Without this program: `age --decrypt -i KEY FILE | tail --lines=+3 | pg_restore ...` (docs/beheer.md).
"""

import hmac
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from participation.operations.faults import Refused

FORMAT = 1
_NAME = b"samenspel-backup"
_SEAL_BYTES = 32
_LONGEST_HEAD = 4 * 2**20


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What is in a back-up."""

    made_at: datetime
    """Of the copy: what was committed later is not in it."""
    schema: str
    """The migration that the tables are at."""
    server: str
    """Version of PostgreSQL."""
    key: str
    """Fingerprint of the pseudonym key, see `fingerprint`."""
    tables: dict[str, tuple[int, str]]
    """Rows and checksum of every table, by schema and name."""

    def to_json(self) -> bytes:
        """One line."""
        return json.dumps(asdict(self) | {"made_at": self.made_at.isoformat()}, sort_keys=True).encode()

    @classmethod
    def from_json(cls, line: bytes) -> "Manifest":
        """Read it back.

        Raises:
            Refused: it is no manifest.
        """
        try:
            found: dict[str, Any] = json.loads(line)
            return cls(
                made_at=datetime.fromisoformat(found["made_at"]),
                schema=str(found["schema"]),
                server=str(found["server"]),
                key=str(found["key"]),
                tables={name: (int(rows), str(checksum)) for name, (rows, checksum) in found["tables"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused("The back-up has no manifest that can be read.") from None


class Sink(Protocol):
    """Takes the dump, piece by piece."""

    def write(self, piece: bytes, /) -> object:
        """Take the next piece."""
        ...


class _Nowhere:
    def write(self, piece: bytes, /) -> int:
        return len(piece)


def fingerprint(pseudonym_key: str) -> str:
    """Tell keys apart without telling the key: an HMAC of a constant."""
    return hmac.digest(pseudonym_key.encode(), b"samenspel:fingerprint-of-the-pseudonym-key", "sha256").hex()[:32]


def recipients(keys: Sequence[str]) -> list[Any]:
    """Read the public keys (age1...) that a back-up is locked with; each of their secret keys opens it.

    Raises:
        Refused: there is none, or one of them is no such key.
    """
    if not keys:
        raise Refused("No public key to lock the back-up with: set SAMENSPEL_BACKUP_RECIPIENTS, or give --to.")
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError:
        raise Refused("A public key looks like age1... and has 62 characters; one of those given does not.") from None


def identity(path: Path) -> Any:
    """Read a secret key, from a file as age-keygen or `--new-key` makes it; `-` is standard input.

    Raises:
        Refused: no such file, or no key in it.
    """
    try:
        lines = (sys.stdin.read() if path == Path("-") else path.read_text(encoding="utf-8")).split()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"The file with the secret key can not be read: {path}") from None
    for word in lines:
        if word.startswith("AGE-SECRET-KEY-"):
            try:
                return pyrage.x25519.Identity.from_str(word)
            except pyrage.IdentityError:
                break
    raise Refused(f"There is no secret key (AGE-SECRET-KEY-...) in {path}")


def write(
    target: IO[bytes],
    *,
    manifest: Manifest,
    dump: IO[bytes],
    ended_well: Callable[[], None],
    keys: Sequence[Any],
    pseudonym_key: str,
) -> None:
    """Encrypt a dump while it is made; nothing is ever on disk as plain text.

    Args:
        dump: read to its end.
        ended_well: called there; raises when what came is not the whole dump, and then the file gets no seal.
    """
    reader, writer = _Sealing(_head(manifest), dump, ended_well, _seal(pseudonym_key)), _Landing(target)
    try:
        pyrage.encrypt_io(reader, writer, keys)
    except pyrage.EncryptError:
        if failure := reader.failure or writer.failure:
            raise failure from None
        raise


def read(path: Path, *, key: Any, pseudonym_key: str, sink: Sink | None = None) -> Manifest:
    """Decrypt a back-up to its end and return its manifest.

    Only when this returns was it whole and ours. So read once without a sink, and then again with one.

    Args:
        sink: gets the dump.

    Raises:
        Refused: another key, damaged, cut off, of another installation or of a newer version of this program.
    """
    writer = _Opening(_seal(pseudonym_key), sink or _Nowhere())
    try:
        with path.open("rb") as source:
            pyrage.decrypt_io(source, writer, [key])
    except FileNotFoundError:
        raise Refused(f"There is no back-up {path}") from None
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise Refused("This secret key does not open this back-up, or its first bytes are damaged.") from None
        raise Refused("This is no back-up of Samenspel, or its first bytes are damaged.") from None
    except OSError as error:
        if error.errno is not None:  # of the disk or of a pipe, not of age
            raise
        raise Refused("The back-up is damaged: a part of it was changed or is missing.") from None
    return writer.finish(fingerprint(pseudonym_key))


def _head(manifest: Manifest) -> bytes:
    return b"%s %d\n%s\n" % (_NAME, FORMAT, manifest.to_json())


def _seal(pseudonym_key: str) -> "hmac.HMAC":
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"samenspel:seal-of-back-ups")
    return hmac.new(derived.derive(pseudonym_key.encode()), digestmod="sha256")


class _Sealing:
    """What is encrypted: the head, the dump, and the seal once the dump proved whole."""

    def __init__(self, head: bytes, dump: IO[bytes], ended_well: Callable[[], None], seal: "hmac.HMAC") -> None:
        self._head, self._dump, self._ended_well, self._seal = head, dump, ended_well, seal
        self._tail: bytes | None = None
        self.failure: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """As a file."""
        try:
            return self._read(size)
        except Exception as error:
            self.failure = error  # age turns it into one of its own
            raise

    def _read(self, size: int) -> bytes:
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
        elif self._tail is None and (piece := self._dump.read(size)):
            pass
        else:
            if self._tail is None:
                self._ended_well()
                self._tail = self._seal.digest()
            piece, self._tail = self._tail[:size], self._tail[size:]
            return piece
        self._seal.update(piece)
        return piece


class _Landing:
    """Where what was encrypted goes: a disk that may be full."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.failure: Exception | None = None

    def write(self, piece: bytes, /) -> int:
        """As a file."""
        try:
            return self._target.write(piece)
        except Exception as error:
            self.failure = error  # age turns it into one of its own
            raise

    def flush(self) -> None:
        """As a file."""


class _Opening:
    """What decrypted bytes are written to: keeps the manifest, passes on the dump, holds back the seal."""

    def __init__(self, seal: "hmac.HMAC", sink: Sink) -> None:
        self._seal, self._sink = seal, sink
        self._pending = b""
        self._manifest: Manifest | None = None

    def write(self, piece: bytes, /) -> int:
        """As a file."""
        self._pending += piece
        if self._manifest is None:
            self._read_head()
        if self._manifest is not None and len(self._pending) > _SEAL_BYTES:
            body, self._pending = self._pending[:-_SEAL_BYTES], self._pending[-_SEAL_BYTES:]
            self._seal.update(body)
            self._sink.write(body)
        return len(piece)

    def flush(self) -> None:
        """As a file."""

    def finish(self, key: str) -> Manifest:
        """Return the manifest.

        Raises:
            Refused: it was made under another pseudonym key, or by somebody who has none.
        """
        if self._manifest is None:
            raise Refused("This is no back-up of Samenspel.")
        if not hmac.compare_digest(self._manifest.key, key):
            raise Refused(
                "This back-up was made under another pseudonym key. Under this one no resident would be known again "
                "and no answer would arrive. Put the key back first (geheimen/pseudonym_key, or var/geheimen.json)."
            )
        if not hmac.compare_digest(self._seal.digest(), self._pending):
            raise Refused("The back-up does not have our seal: somebody else made or changed it.")
        return self._manifest

    def _read_head(self) -> None:
        name, first, rest = self._pending.partition(b"\n")
        if not self._pending.startswith(_NAME[: len(self._pending)]):
            raise Refused("This is no back-up of Samenspel.")
        line, second, body = rest.partition(b"\n")
        if not second:
            if len(self._pending) > _LONGEST_HEAD:
                raise Refused("This is no back-up of Samenspel.")
            return
        if name != b"%s %d" % (_NAME, FORMAT):
            raise Refused("This back-up was made by a newer version of Samenspel. Install that version first.")
        self._manifest = Manifest.from_json(line)
        self._seal.update(name + first + line + second)
        self._pending = body
