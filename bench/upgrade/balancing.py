"""What stands before several web processes: each request goes to the next that takes part and says it is ready."""

import asyncio
import itertools
from collections.abc import Iterable

import httpx

BETWEEN_LOOKS = 0.5
"""Seconds between two looks at who is ready. Web processes go on for longer than that after they said they are not."""
LOOK_SECONDS = 2.0


class Balanced(httpx.AsyncBaseTransport):
    """Use it as the transport of a client, and run `watch` beside it."""

    def __init__(self, urls: Iterable[str]) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
        self._places = {httpx.URL(url): httpx.AsyncHTTPTransport(limits=limits) for url in urls}
        self._turn = itertools.count()
        self._admitted: set[httpx.URL] = set()
        self.ready: list[httpx.URL] = []
        self.taken = dict.fromkeys(self._places, 0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it on; to another when nobody listens there (any more)."""
        reason: httpx.TransportError = httpx.ConnectError("nobody is ready")
        for place in self._in_order():
            request.url = request.url.copy_with(scheme=place.scheme, host=place.host, port=place.port)
            try:
                answer = await self._places[place].handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                reason = error
            else:
                self.taken[place] += 1
                return answer
        raise reason

    def admit(self, url: str) -> None:
        """Let one take part, from when it is ready."""
        self._admitted.add(httpx.URL(url))

    def _in_order(self) -> list[httpx.URL]:
        if not self.ready:
            return []
        first = next(self._turn) % len(self.ready)
        return [*self.ready[first:], *self.ready[:first]]

    async def watch(self) -> None:
        """Look who is ready, until cancelled."""
        async with httpx.AsyncClient(timeout=LOOK_SECONDS, trust_env=False) as http:
            while True:
                await self.look(http)
                await asyncio.sleep(BETWEEN_LOOKS)

    async def look(self, http: httpx.AsyncClient) -> None:
        """Look once."""
        told = await asyncio.gather(*(_is_ready(http, place) for place in self._places))
        ready = [place for place, is_ready in zip(self._places, told, strict=True) if is_ready]
        self.ready = [place for place in ready if place in self._admitted]

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._places.values():
            await transport.aclose()


async def _is_ready(http: httpx.AsyncClient, place: httpx.URL) -> bool:
    try:
        return (await http.get(place.join("/gezondheid/gereed"))).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
