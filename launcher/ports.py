"""The three ports of an instance, all on loopback: web on N, Rasa on N+1, the action server on N+2."""

import random
import socket
from dataclasses import dataclass

from launcher.failure import Failure

DEFAULT = 8000
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """Counted from the port of the web part."""

    web: int

    def __post_init__(self) -> None:
        if not 1 <= self.web <= 65533:
            raise Failure(f"Port {self.web} is not possible; choose one from 1024 to 65533 with --port.")

    @property
    def rasa(self) -> int:
        return self.web + 1

    @property
    def actions(self) -> int:
        return self.web + 2

    def all(self) -> dict[str, int]:
        return {"web": self.web, "rasa": self.rasa, "actions": self.actions}


def problem(port: int) -> str | None:
    """Why nobody can listen here now; nothing when it is free. A port that just closed counts as free.

    Connecting comes first: on macOS one may bind next to a program that listens on all addresses.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as visitor:
        visitor.settimeout(0.5)
        if visitor.connect_ex((LOOPBACK, port)) == 0:
            return f"Port {port} is in use by another program"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except PermissionError:
            return f"Port {port} may only be used by an administrator"
        except OSError:
            return f"Port {port} is in use by another program"
    return None


def require_free(ports: Ports) -> None:
    """One line for the first port that is taken."""
    for name, port in ports.all().items():
        if trouble := problem(port):
            raise Failure(f"{trouble} ({name}). Stop that program or choose another port: ./samenspel up --port N")


def find_free() -> Ports:
    """Three free neighbours, below the range from which the system hands out ports by itself."""
    for web in random.sample(range(20000, 30000, 3), 500):
        ports = Ports(web)
        if not any(problem(port) for port in ports.all().values()):
            return ports
    raise Failure("No three free ports next to each other were found between 20000 and 30000.")
