"""The file of a back-up opens with its key, whole and unchanged, and in no other case."""

import io
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pyrage
import pytest

from participation.operations import backup_file
from participation.operations.backup_file import Manifest
from participation.operations.faults import Refused

SECRET, OTHER = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
KEY = "een sleutel van meer dan tweeëndertig tekens"
DUMP = os.urandom(200_000)
MANIFEST = Manifest(
    made_at=datetime(2026, 11, 23, 2, 15, tzinfo=UTC),
    schema="0036",
    server="160002",
    key=backup_file.fingerprint(KEY),
    tables={"public.contribution": (3, "123456789012345678901234567890")},
)


def written(
    target: IO[bytes] | None = None,
    *,
    manifest: Manifest = MANIFEST,
    key: str = KEY,
    ended_well: Callable[[], None] = lambda: None,
) -> bytes:
    """A back-up as bytes, or on its way to a file."""
    whole = io.BytesIO()
    backup_file.write(
        target or whole,
        manifest=manifest,
        dump=io.BytesIO(DUMP),
        ended_well=ended_well,
        keys=[SECRET.to_public()],
        pseudonym_key=key,
    )
    return whole.getvalue()


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[bytes], Path]:
    """Keep bytes in a file."""

    def keep(content: bytes) -> Path:
        path = tmp_path / "een.age"
        path.write_bytes(content)
        return path

    return keep


Kept = Callable[[bytes], Path]


def test_it_gives_back_what_went_in_and_shows_none_of_it(kept: Kept) -> None:
    sink, content = io.BytesIO(), written()
    assert backup_file.read(kept(content), key=SECRET, pseudonym_key=KEY, sink=sink) == MANIFEST
    assert sink.getvalue() == DUMP
    assert [DUMP[at : at + 32] in content for at in (0, 100_000)] == [False, False]
    assert b"public.contribution" not in content


def test_age_alone_gives_the_dump_after_two_lines() -> None:
    """So that nobody needs this program to get at it."""
    name, manifest, rest = pyrage.decrypt(written(), [SECRET]).split(b"\n", 2)
    assert (name, Manifest.from_json(manifest), rest[:-32]) == (b"samenspel-backup 1", MANIFEST, DUMP)


def test_another_key_does_not_open_it(kept: Kept) -> None:
    with pytest.raises(Refused, match="does not open this back-up"):
        backup_file.read(kept(written()), key=OTHER, pseudonym_key=KEY)


@pytest.mark.parametrize("where", [0, 30, 150, 400, 70_000, 140_000, 200_200, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(kept: Kept, where: int) -> None:
    content = bytearray(written())
    content[where] ^= 1
    with pytest.raises(Refused, match="damaged"):
        backup_file.read(kept(bytes(content)), key=SECRET, pseudonym_key=KEY)


@pytest.mark.parametrize("left", [0, 10, 200, 400, 65_000, 65_536 + 200, 200_000, -1])
def test_a_missing_end_is_noticed_wherever_it_begins(kept: Kept, left: int) -> None:
    with pytest.raises(Refused, match=r"damaged|no back-up of Samenspel"):
        backup_file.read(kept(written()[:left]), key=SECRET, pseudonym_key=KEY)


def test_under_another_pseudonym_key_it_is_refused(kept: Kept) -> None:
    with pytest.raises(Refused, match="another pseudonym key"):
        backup_file.read(kept(written()), key=SECRET, pseudonym_key="een andere sleutel")


def test_what_somebody_without_our_key_made_is_refused(kept: Kept) -> None:
    """The public key and the fingerprint are no secrets, so they prove nothing."""
    with pytest.raises(Refused, match="does not have our seal"):
        backup_file.read(kept(written(key="van een ander")), key=SECRET, pseudonym_key=KEY)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"samenspel-backup 2\n{}\n" + b"x" * 50, "newer version"),
        (b"samenspel-backup 1\n{}\n" + b"x" * 50, "no manifest"),
        (b"samenspel-backup 1\n[1]\n" + b"x" * 50, "no manifest"),
        (b"samenspel-backup 1\n" + b"x" * 50, "no back-up of Samenspel"),
        (b"PGDMP" + b"x" * 50, "no back-up of Samenspel"),
        (b"", "no back-up of Samenspel"),
    ],
)
def test_other_files_that_the_key_opens_are_refused(kept: Kept, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        backup_file.read(kept(pyrage.encrypt(content, [SECRET.to_public()])), key=SECRET, pseudonym_key=KEY)


def test_a_dump_that_did_not_end_well_gets_no_seal() -> None:
    def failed() -> None:
        raise Refused("The database could not be read")

    with pytest.raises(Refused, match="could not be read"):
        written(ended_well=failed)


def test_a_disk_that_takes_no_more_is_called_by_its_name(tmp_path: Path, little_room: None) -> None:
    """Unbuffered, so that it is age that hears of it first."""
    with (tmp_path / "een.age").open("wb", buffering=0) as target, pytest.raises(OSError, match="File too large"):
        written(target)


def test_a_full_pipe_or_disk_is_not_called_damage(kept: Kept) -> None:
    class Broken:
        def write(self, _piece: bytes, /) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        backup_file.read(kept(written()), key=SECRET, pseudonym_key=KEY, sink=Broken())


def test_a_secret_key_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """So it need not be on the server."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"# public key: {SECRET.to_public()}\n{SECRET}\n"))
    assert str(backup_file.identity(Path("-"))) == str(SECRET)


def test_the_fingerprint_tells_keys_apart_and_not_what_they_are() -> None:
    assert backup_file.fingerprint("a") == backup_file.fingerprint("a") != backup_file.fingerprint("b")
    assert KEY not in backup_file.fingerprint(KEY)


@pytest.mark.parametrize("content", ["", "age1abc", "AGE-SECRET-KEY-1ABC"])
def test_a_file_without_a_secret_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sleutel"
    path.write_text(content)
    with pytest.raises(Refused, match="no secret key"):
        backup_file.identity(path)


@pytest.mark.parametrize("keys", [["age1abc"], [str(SECRET)], []])
def test_only_public_keys_can_lock(keys: list[str]) -> None:
    with pytest.raises(Refused, match="public key"):
        backup_file.recipients(keys)
