"""`python -m actions` serves the actions until SIGTERM."""

from actions.server import create_server
from participation import logs, tracing
from participation.database.prepared import wait_until_prepared
from participation.settings import settings

if __name__ == "__main__":
    chosen = settings()
    logs.configure(chosen.log_format)
    wait_until_prepared(chosen)
    with tracing.kept(chosen, "actions"):
        create_server(chosen).run(
            host=chosen.host, port=chosen.actions_port, single_process=True, access_log=False, motd=False
        )
