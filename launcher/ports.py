"""The ports of an instance, all on loopback: web on N, Rasa on N+1, the action server on N+2, more Rasas from N+3."""

import random
import socket
from dataclasses import dataclass

from launcher.failure import Failure

DEFAULT = 8000
LOOPBACK = "127.0.0.1"
HIGHEST = 65533
MOST_REPLICAS = 16
"""Each takes some 0.9 GB, and a core when it is busy."""


@dataclass(frozen=True)
class Ports:
    """Counted from the port of the web part."""

    web: int
    rasa_replicas: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.rasa_replicas <= MOST_REPLICAS:
            raise Failure(f"{self.rasa_replicas} replicas of Rasa is not possible; choose from 1 to {MOST_REPLICAS}.")
        highest = HIGHEST - (self.rasa_replicas - 1)
        if not 1 <= self.web <= highest:
            raise Failure(f"Port {self.web} is not possible; choose one from 1024 to {highest} with --port.")

    @property
    def rasa(self) -> int:
        return self.web + 1

    @property
    def actions(self) -> int:
        return self.web + 2

    @property
    def rasas(self) -> dict[str, int]:
        """The port of each replica of Rasa, by the name of its part."""
        more = {f"rasa-{number}": self.web + number + 1 for number in range(2, self.rasa_replicas + 1)}
        return {"rasa": self.rasa, **more}

    def all(self) -> dict[str, int]:
        return {"web": self.web, **self.rasas, "actions": self.actions}


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
    """Three free neighbours, below the range from which the system hands out ports by itself.

    Nobody else finds the fourth, so that a second replica of Rasa fits too.
    """
    for web in random.sample(range(20000, 30000, 4), 500):
        ports = Ports(web)
        if not any(problem(port) for port in ports.all().values()):
            return ports
    raise Failure("No three free ports next to each other were found between 20000 and 30000.")
