"""Logs that cannot fill a disk."""

from contextlib import suppress
from pathlib import Path

MAX_BYTES = 5_000_000
KEPT = 3


class RotatingLog:
    """Appends lines to a file; a full file becomes NAME.1, and so on, and the oldest is dropped."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._kept = kept
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._size = self._file.tell()

    def write(self, line: bytes) -> None:
        """Write one line; a full disk costs log lines, never the service."""
        with suppress(OSError):
            if self._size + len(line) > self._max_bytes and self._size:
                self._rotate()
            self._file.write(line)
            self._size += len(line)

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept, 1, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        self._path.replace(self._numbered(1))
        self._file = self._path.open("ab", buffering=0)
        self._size = 0

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
