"""`python -m web` serves chat, API and desk until SIGTERM."""

import gc
import resource
import sys

import uvicorn

from participation import logs
from participation.database.prepared import wait_until_prepared
from participation.settings import settings
from web.app import create_app
from web.draining import GRACE_SECONDS, DrainingServer
from web.patience import ImpatientProtocol

MOST_FILES = 65_536
MADE_BETWEEN_COLLECTIONS = 20_000
"""Objects, of a turn a few thousand. The usual 700 has the collector look some ten times a turn."""


def allow_many_connections() -> None:
    """Each open chat holds a connection, and many systems start a process with room for only 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    allow_many_connections()
    chosen = settings()
    logs.configure(chosen.log_format)
    wait_until_prepared(chosen)
    app = create_app(chosen)
    # What the program itself consists of stays: the collector need not go through it while somebody waits.
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_COLLECTIONS)
    config = uvicorn.Config(
        app,
        host=chosen.host,
        port=chosen.port,
        http=ImpatientProtocol,
        ws="none",
        access_log=False,
        log_config=None,  # its records go where ours go
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    server = DrainingServer(config, begin=app.state.chat.live.end, seconds=chosen.drain_seconds)
    server.run()
    if not server.started:
        sys.exit(3)  # as uvicorn's own command does
