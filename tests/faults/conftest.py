"""The instance that the drills share. One drill at a time: each waits until all parts work before it begins."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.bot_api import TOKEN, TelegramDouble
from tests.certificates import Authority
from tests.faults.tls import TlsFront
from tests.faults.world import World, running
from tests.relay_service import SECRET, RelayService


@pytest.fixture(scope="session")
async def telegram() -> AsyncIterator[TelegramDouble]:
    """The Bot API."""
    double = TelegramDouble()
    await double.start()
    yield double
    await double.stop()


@pytest.fixture(scope="session")
async def relay() -> AsyncIterator[RelayService]:
    """A service that brings messages to a channel of its own."""
    service = RelayService()
    await service.start()
    yield service
    await service.stop()


@pytest.fixture(scope="session")
async def front(relay: RelayService, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TlsFront]:
    """What that service shows the world: https with a certificate."""
    found = TlsFront(Authority(tmp_path_factory.mktemp("certificaten")), relay.url)
    await found.start(days_left=30)
    yield found
    await found.stop()


@pytest.fixture(scope="session")
def world(telegram: TelegramDouble, front: TlsFront) -> Iterator[World]:
    """The instance."""
    settings = {
        "SAMENSPEL_TELEGRAM_TOKEN": TOKEN,
        "SAMENSPEL_TELEGRAM_API_URL": telegram.url,
        "SAMENSPEL_RELAY_URL": front.url,
        "SAMENSPEL_RELAY_SECRET": SECRET,
        "SSL_CERT_FILE": str(front.authority.bundle),
        "SAMENSPEL_CAMPAIGN_QUIET_FROM": "24",  # a drill may be held at night
        "SAMENSPEL_CAMPAIGN_QUIET_UNTIL": "0",
        "SAMENSPEL_CAMPAIGN_SUNDAYS": "true",
    }
    with running("wereld", settings) as found:
        yield found
