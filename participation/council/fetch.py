"""Fetching from elsewhere: bounded in time and size, and never from inside the network that we run in.

Desk users type addresses. Without a guard such an address, or a redirect behind it, could make our server read a
machine that only it can reach. So names are resolved here, each address is checked, and the connection goes to the
checked address itself: resolving again could give another one.
"""

import asyncio
import ipaddress
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from participation.council.faults import FeedFault

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 4
SECONDS = 45.0
"""For a whole answer, redirects included."""

USER_AGENT = "Samenspel (open source; leest de agenda van de gemeenteraad)"
Resolve = Callable[[str, int], Awaitable[list[str]]]
T = TypeVar("T")
_FOLLOWED = ("GET", "HEAD")
"""A question with a body is not asked again elsewhere."""


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet; one that wraps an IPv4 address is judged by what it wraps."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True)
class Fetcher:
    """Fetches one address at a time.

    `public_only` is for addresses that desk users typed; what the owner of the installation set may be anywhere.
    """

    public_only: bool
    max_bytes: int = MAX_BYTES
    seconds: float = SECONDS
    resolve: Resolve = field(default=resolve)
    user_agent: str = USER_AGENT

    async def get(self, url: str) -> bytes:
        """Fetch a page or file, following redirects.

        Raises:
            FeedFault: it can not be had, or may not be fetched.
        """
        return await self._bounded("GET", url, None, self._content)

    async def status(self, url: str, *, method: str) -> int:
        """Ask whether a page is there, without reading it; returns the status code after all redirects.

        Raises:
            FeedFault: nobody answered, or it may not be asked.
        """

        async def of_answer(response: httpx.Response) -> int:
            return response.status_code

        return await self._bounded(method, url, None, of_answer)

    async def post_json(self, url: str, body: dict[str, Any]) -> Any:
        """Ask a question in JSON and read the answer.

        Raises:
            FeedFault: it can not be had, or is no JSON.
        """
        answer = await self._bounded("POST", url, body, self._content)
        try:
            return json.loads(answer)
        except ValueError:
            raise FeedFault("half" if answer.lstrip()[:1] in (b"{", b"[") else "onleesbaar") from None

    async def _bounded(
        self, method: str, url: str, body: dict[str, Any] | None, read: Callable[[httpx.Response], Awaitable[T]]
    ) -> T:
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(method, url, body, read)
        except (TimeoutError, httpx.TimeoutException):
            raise FeedFault("te_traag") from None
        except httpx.RemoteProtocolError:
            raise FeedFault("half") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
            raise FeedFault("onbereikbaar") from None

    async def _follow(
        self, method: str, url: str, body: dict[str, Any] | None, read: Callable[[httpx.Response], Awaitable[T]]
    ) -> T:
        target = httpx.URL(url)
        async with httpx.AsyncClient(
            timeout=httpx.Timeout(15.0, connect=8.0), trust_env=False, follow_redirects=False
        ) as http:
            for _ in range(MAX_REDIRECTS + 1):
                async with http.stream(method, **await self._checked(target), json=body) as response:
                    if response.has_redirect_location:
                        target = target.join(response.headers["location"])
                        if method not in _FOLLOWED:
                            raise FeedFault("foutmelding", status=response.status_code)
                        continue
                    return await read(response)
        raise FeedFault("foutmelding", status=310)

    async def _content(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise FeedFault("foutmelding", status=response.status_code)
        received = bytearray()
        async for chunk in response.aiter_bytes(64 * 1024):
            received += chunk
            if len(received) > self.max_bytes:
                raise FeedFault("te_groot", megabytes=self.max_bytes // (1024 * 1024))
        return bytes(received)

    async def _checked(self, url: httpx.URL) -> dict[str, Any]:
        """The address to connect to with the name to ask for, after a look at where it is."""
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise FeedFault("niet_toegestaan")
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": "identity", "Host": url.netloc.decode("ascii")}
        if not self.public_only:
            return {"url": url, "headers": headers}
        addresses = await self.resolve(url.host, url.port or {"http": 80, "https": 443}[url.scheme])
        if not addresses:
            raise FeedFault("onbereikbaar")
        if not all(map(is_public, addresses)):
            raise FeedFault("niet_toegestaan")
        return {
            "url": url.copy_with(host=addresses[0]),
            "headers": headers,
            "extensions": {"sni_hostname": url.host},
        }
