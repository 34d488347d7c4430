"""The sign of life of the worker: as long as it works, and no longer."""

import asyncio
from pathlib import Path

import pytest

from participation import heartbeat
from participation.worker import alongside


async def test_a_file_is_touched_for_as_long_as_the_work_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_EVERY", 0.01)
    alive = tmp_path / "run" / "worker.alive"
    async with alongside(heartbeat.beat(alive)):
        for _ in range(2):
            await asyncio.sleep(0.1)
            alive.unlink()
    alive.unlink(missing_ok=True)
    await asyncio.sleep(0.05)
    assert not alive.exists()
