"""`python -m web` serves chat, API and desk until SIGTERM."""

import resource

import uvicorn

from participation import logs
from participation.settings import settings
from web.app import create_app
from web.patience import ImpatientProtocol

MOST_FILES = 65_536


def allow_many_connections() -> None:
    """Each open chat holds a connection, and many systems start a process with room for only 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    allow_many_connections()
    chosen = settings()
    logs.configure(chosen.log_format)
    uvicorn.run(
        create_app(chosen),
        host=chosen.host,
        port=chosen.port,
        http=ImpatientProtocol,
        ws="none",
        access_log=False,
        log_config=None,  # its records go where ours go
        timeout_graceful_shutdown=5,
        server_header=False,
    )
