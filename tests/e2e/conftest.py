"""The instance, residents and griffiers. Nothing is doubled: these tests talk to running processes over HTTP."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from tests.e2e.clerk import Clerk
from tests.e2e.instance import Instance
from tests.e2e.resident import Resident

PATIENCE = 30.0

Opens = Callable[[str | None], Awaitable[Resident]]


@pytest.fixture(scope="session")
def instance() -> Instance:
    """What `./samenspel test` started."""
    return Instance.of_environment()


@pytest.fixture(scope="session")
async def http(instance: Instance) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies, for the chat API."""
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=instance.url, timeout=PATIENCE, trust_env=False, limits=limits) as client:
        yield client


@pytest.fixture(scope="session")
def opens(http: httpx.AsyncClient, instance: Instance) -> Opens:
    """Open a conversation for a municipality, or for none yet."""

    async def open_conversation(municipality: str | None) -> Resident:
        return await Resident.opens(http, instance, municipality)

    return open_conversation


@pytest.fixture
async def resident(opens: Opens) -> Resident:
    """Someone who has just opened the chat of Utrecht."""
    return await opens("GM0344")


@pytest.fixture(scope="session")
async def desks(instance: Instance) -> AsyncIterator[Callable[[str], Awaitable[Clerk]]]:
    """Sign the griffier of a municipality in, once a run."""
    signed_in: dict[str, Clerk] = {}
    async with contextlib.AsyncExitStack() as stack:

        async def desk_of(code: str) -> Clerk:
            if code not in signed_in:
                client = httpx.AsyncClient(base_url=instance.url, timeout=PATIENCE, trust_env=False)
                signed_in[code] = await Clerk.signs_in(await stack.enter_async_context(client), instance, code)
            return signed_in[code]

        yield desk_of
