"""Pictures and papers that were made for an earlier visitor, so that a town that looks at once has each made once."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from participation.reports.paper import digest

MOST = 32
"""Files in memory, per process: some 50 kB each."""


class MadeBefore:
    """The files of one process, those that nobody asked for lately gone first."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()
        self._making = asyncio.Lock()

    async def get(self, kind: str, content: dict[str, Any], make: Callable[[], bytes]) -> bytes:
        """Return the file of this content; make it in a thread when it is new, one at a time.

        It is known by all that it is made of: what was counted again, or mended at the desk, is another file.

        Args:
            kind: what is made of it.
        """
        key = kind, digest(content)
        if key not in self._files:
            async with self._making:
                if key not in self._files:
                    self._files[key] = await asyncio.to_thread(make)
                    while len(self._files) > MOST:
                        self._files.popitem(last=False)
        self._files.move_to_end(key)
        return self._files[key]
