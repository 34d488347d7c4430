"""Which back-ups go, when the next one is due, and how keys are made."""

import os
import stat
import subprocess
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pyrage
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


@dataclass
class Service:
    """The service that makes back-ups at 13:00, for a day and an hour from noon; a minute passes when it looks."""

    moment: datetime = NOW
    stop: threading.Event = field(default_factory=threading.Event)
    listed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    made: list[datetime] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def run(self, *, newest: datetime | None) -> list[datetime]:
        clockwork.run(
            "13:00",
            newest=newest,
            back_up=self.back_up,
            every_minute=self.listed.release,
            stop=self.stop,
            clock=self.clock,
        )
        return self.made

    def clock(self) -> datetime:
        self.moment += timedelta(minutes=1)
        if self.moment >= NOW + timedelta(hours=25):
            self.stop.set()
        return self.moment

    def back_up(self) -> None:
        for _ in range(3):
            assert self.listed.acquire(timeout=10), "the list is kept up to date meanwhile"
        self.made.append(self.moment)
        if self.faults:
            raise self.faults.pop()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """One that hardly sleeps."""
    monkeypatch.setattr(clockwork, "ROUND_SECONDS", 0.0001)
    return Service()


AT_ONE = NOW.replace(hour=13)
DAY = timedelta(days=1)


def test_the_service_goes_on_when_a_back_up_fails_and_tries_again(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Also by a fault that nobody thought of: a service that ended would make none tomorrow either."""
    service.faults = [pyrage.EncryptError("of age"), OSError(28, "No space left on device")]
    later = [AT_ONE + timedelta(minutes=16), AT_ONE + timedelta(minutes=32)]
    assert service.run(newest=AT_ONE - DAY) == [AT_ONE, *later, AT_ONE + DAY]
    assert caplog.messages == [
        "No back-up was made: [Errno 28] No space left on device",
        "No back-up was made: of age",
    ]


@pytest.mark.parametrize("newest", [None, AT_ONE - 2 * DAY, AT_ONE - DAY - timedelta(seconds=1)])
def test_a_back_up_that_was_missed_is_made_at_once(service: Service, newest: datetime | None) -> None:
    """The service was down at the hour, or there is none yet."""
    first, *others = service.run(newest=newest)
    assert first <= NOW + timedelta(minutes=2)
    assert others == [AT_ONE, AT_ONE + DAY]


def test_the_newest_back_up_is_told_by_its_name(tmp_path: Path) -> None:
    assert making.newest(tmp_path) is None
    for path in (tmp_path / making.name_of(NOW - DAY), tmp_path / making.name_of(NOW), tmp_path / "samenspel-a.age"):
        path.touch()
    assert making.newest(tmp_path) == NOW


def test_what_a_killed_back_up_left_goes_and_one_that_is_being_written_stays(tmp_path: Path) -> None:
    left, written, other = (tmp_path / name for name in (f".{making.name_of(NOW)}-a", f".{making.name_of(NOW)}-b", "n"))
    for path, minutes in ((left, 61), (written, 59), (other, 600)):
        path.touch()
        os.utime(path, times=(NOW.timestamp() - minutes * 60,) * 2)
    assert making.remove_drafts(tmp_path, now=NOW) == [left]
    assert set(tmp_path.iterdir()) == {written, other}


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
