"""Which back-ups go, when the next one is due, and how keys are made."""

import os
import stat
import subprocess
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from participation.operations import backup, backup_file, clockwork, journal, making, programs
from participation.operations.faults import Refused

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_old_back_ups_go_and_the_newest_and_what_is_not_ours_stay(tmp_path: Path) -> None:
    ours = {days: tmp_path / making.name_of(NOW - timedelta(days=days)) for days in (31, 29, 2)}
    others = [tmp_path / name for name in ("samenspel-kopie.age", "notities.txt", journal.NAME)]
    for path in [*ours.values(), *others]:
        path.touch()
    assert making.remove_old(tmp_path, days=30, now=NOW) == [ours[31]]
    assert making.remove_old(tmp_path, days=1, now=NOW + timedelta(days=400)) == [ours[29]]
    assert set(tmp_path.iterdir()) == {ours[2], *others}


def test_the_next_back_up_is_today_or_tomorrow() -> None:
    at = time(2, 15)
    assert clockwork.next_after(datetime(2026, 11, 27, 2, 14, tzinfo=UTC), at) == datetime(
        2026, 11, 27, 2, 15, tzinfo=UTC
    )
    assert clockwork.next_after(datetime(2026, 11, 27, 2, 15, tzinfo=UTC), at) == datetime(
        2026, 11, 28, 2, 15, tzinfo=UTC
    )


@pytest.mark.parametrize("daily", ["24:00", "2:15", "02:60", "nacht", ""])
def test_a_time_that_is_none_is_refused(daily: str) -> None:
    with pytest.raises(Refused, match=r"02:15"):
        clockwork.parse(daily)


def test_the_service_goes_on_when_a_back_up_fails_and_tries_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    moments = [NOW]
    stop, listed, made = threading.Event(), [], []
    monkeypatch.setattr(clockwork, "ROUND_SECONDS", 0)

    def every_minute() -> None:
        listed.append(moments[0])
        moments[0] += timedelta(minutes=1)
        if moments[0] >= NOW + timedelta(hours=25):
            stop.set()

    def back_up() -> None:
        made.append(moments[0])
        if len(made) == 1:
            raise OSError(28, "No space left on device")

    clockwork.run("13:00", back_up=back_up, every_minute=every_minute, stop=stop, clock=lambda: moments[0])
    assert made == [NOW.replace(hour=13), NOW.replace(hour=13, minute=15), NOW.replace(hour=13) + timedelta(days=1)]
    assert len(listed) == 25 * 60
    assert caplog.messages == ["No back-up was made: [Errno 28] No space left on device"]


def test_a_new_pair_of_keys_is_for_its_owner_alone_and_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "sleutel.txt"
    public = backup.new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(backup_file.identity(path).to_public()) == public
    with pytest.raises(Refused, match="exists already"):
        backup.new_key(path)


def test_a_damaged_list_of_erasures_is_refused(tmp_path: Path) -> None:
    path = tmp_path / journal.NAME
    head = '{"format": "samenspel-erasures 1", "until": "2026-11-27T12:00:00+00:00", "lines": 1}\n'
    for content in ("", "x", head, head.replace("1}", "0}") + "{}\n", head + "{}\n"):
        path.write_text(content)
        with pytest.raises(Refused, match="damaged"):
            journal.load(path)


def test_a_password_is_not_on_the_command_line(tmp_path: Path) -> None:
    """Everybody on a machine can see the command lines of all programs."""
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@"\necho "$PGPASSWORD|$PGOPTIONS"\n')
    program.chmod(0o700)
    url = "postgresql://samenspel:geheim@database:5432/samenspel?sslmode=require&options=-c%20a.b%3D1"
    process = programs.start(str(program), url, "--format=custom", options="-c c.d=2", stdout=subprocess.PIPE)
    told = process.communicate()[0].decode().splitlines()
    assert told == [
        "--dbname=user=samenspel dbname=samenspel host=database port=5432 sslmode=require "
        "--no-password --format=custom",
        "geheim|-c a.b=1 -c c.d=2",
    ]


def test_a_program_that_is_too_old_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.1 (Debian)'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin")
    assert programs.find("pg_dump", server=13) == str(program)
    assert programs.find("pg_dump", server=16).endswith("pginstall/bin/pg_dump")
    with pytest.raises(Refused, match="postgresql-client-99"):
        programs.find("pg_dump", server=99)
