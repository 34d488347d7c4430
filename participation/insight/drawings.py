"""Drawings that were made before: a page asks for each of its pictures, mostly of numbers that did not change."""

import hashlib
from collections import OrderedDict
from threading import Lock

from participation.insight.pictures import Picture, draw

MOST_BYTES = 16 * 1024 * 1024
"""Of drawings that one process keeps: some three hundred."""


class Drawings:
    """Keeps drawings by all that they are made of, so that one never shows other numbers than those asked for.

    What was asked for longest ago goes first.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def of(self, picture: Picture, *, form: str, dark: bool = False) -> bytes:
        """Return a picture as SVG or PNG. It may have to be drawn: call it in a thread."""
        key = hashlib.sha256(repr((picture, form, dark)).encode()).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawing = draw(picture, form=form, dark=dark)
        self._keep(key, drawing)
        return drawing

    def _keep(self, key: bytes, drawing: bytes) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawing
                self._bytes += len(drawing)
            while self._bytes > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
