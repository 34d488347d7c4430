"""A sign of life of a process that serves no port, for who watches whether it hangs."""

import asyncio
from pathlib import Path

BEAT_EVERY = 5.0


async def beat(alive: Path) -> None:
    """Touch a file every five seconds."""
    while True:
        _touch(alive)
        await asyncio.sleep(BEAT_EVERY)


def _touch(alive: Path) -> None:
    alive.parent.mkdir(parents=True, exist_ok=True)
    alive.touch()
