"""Https in front of a service that speaks http: the same address, with whatever certificate a drill wants."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.certificates import Authority

CHUNK = 65_536


@dataclass
class TlsFront:
    """Passes bytes on. `refused` counts those who did not trust the certificate."""

    authority: Authority
    behind: str
    url: str = ""
    refused: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self, *, days_left: int) -> None:
        """Listen, at the same port as before, with a certificate that is good for so many days."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.authority.certificate(days_left=days_left))
        port = urlsplit(self.url).port or 0
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", port, ssl=context)
        number = self._server.sockets[0].getsockname()[1]
        self.url = f"https://127.0.0.1:{number}{urlsplit(self.behind).path}"

    async def stop(self) -> None:
        """Be gone, and break off what is open."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            self._server = None

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = urlsplit(self.behind)
        inner_reader, inner_writer = await asyncio.open_connection(target.hostname, target.port)
        self._open.add(writer)
        ways = [_copy(reader, inner_writer), _copy(inner_reader, writer)]
        await asyncio.gather(*ways)
        self._open.discard(writer)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
