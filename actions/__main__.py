"""`python -m actions` serves the actions until SIGTERM."""

import logging

from actions.server import create_server
from participation.settings import settings

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    chosen = settings()
    create_server(chosen).run(
        host=chosen.host, port=chosen.actions_port, single_process=True, access_log=False, motd=False
    )
