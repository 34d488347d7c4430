"""Fixtures that several layers share."""

import os
import resource
from collections.abc import Iterator

import pytest

# Tests run as a demonstration: placeholder secrets are fine on loopback.
os.environ.setdefault("SAMENSPEL_DEMO", "true")


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file of this process can grow beyond 20 kB: the kernel refuses the write, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
