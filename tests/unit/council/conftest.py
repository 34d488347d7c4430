"""Somebody else's web site to read from, and the moment at which that happens."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from participation.council.fetch import Fetcher
from tests.council_site import Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def fetcher() -> Fetcher:
    """One that may reach the site on loopback."""
    return Fetcher(public_only=False, seconds=5)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
