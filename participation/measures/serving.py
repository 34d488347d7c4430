"""Where Prometheus reads the figures of a process: a port of its own, never a page of the site."""

import contextlib
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, start_http_server

from participation.settings import Settings

WEB, TELEGRAM, WORKER, RELAY = range(4)
"""What is added to the port that is set, so that the parts can be on one machine."""


@contextlib.contextmanager
def served(registry: CollectorRegistry, settings: Settings, *, above: int) -> Iterator[None]:
    """Tell the figures at an address of their own, where one is set, for as long as the block lasts.

    Args:
        above: added to the port; one of those above.

    Raises:
        OSError: the address is taken.
    """
    if not settings.metrics_port:
        yield
        return
    server, thread = start_http_server(settings.metrics_port + above, settings.metrics_host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
