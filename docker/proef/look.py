"""Looks at a running trial (docker/proef/proef.sh up) and tells what was asked and seen. Ends with 1 at a fault."""

import http.client
import json
import os
import ssl
import subprocess
import sys
import time
from pathlib import Path

WORK = Path(os.environ["WORK"])
NAME, PORT = "samenspel.example", 18443
SERVICES = ("database", "rasa", "actions", "web", "worker", "proxy")
JSON_LOGS = ("actions", "web", "worker", "proxy", "rasa")
HEADERS = ("Strict-Transport-Security", "X-Content-Type-Options")
TRY = "import socket as s; s.create_connection(({host!r}, {port}), 3)"

faults: list[str] = []


def podman(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run podman to its end."""
    return subprocess.run(["podman", *arguments], capture_output=True, text=True, check=False)


def inside(service: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run something in a container."""
    return podman("exec", f"proef_{service}_1", *command)


def seen(what: str, found: object, wanted: object) -> None:
    """Tell one finding."""
    good = found == wanted
    print(f"{'good ' if good else 'FAULT'}  {what}: {found}" + ("" if good else f" (wanted {wanted})"))
    if not good:
        faults.append(what)


class Tunnel(http.client.HTTPSConnection):
    """To the proxy on this machine, under the name that it has a certificate for."""

    def connect(self) -> None:
        """Connect; the certificate of a trial is trusted by nobody."""
        http.client.HTTPConnection.connect(self)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self.sock = trusting.wrap_socket(self.sock, server_hostname=NAME)


def ask(method: str, path: str, body: object = None, token: str = "") -> tuple[int, http.client.HTTPResponse, bytes]:
    """One request through the proxy."""
    connection = Tunnel("127.0.0.1", PORT, timeout=30)
    headers = {"Host": NAME} | ({"Authorization": f"Bearer {token}"} if token else {})
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, answer, answer.read()


def containers() -> None:
    """As whom they run, with which rights, and what the description of a container tells."""
    secrets = [path.read_text() for path in (WORK / "geheimen").iterdir() if path.is_file() and path.stat().st_size]
    for service in SERVICES:
        status = inside(service, "cat", "/proc/1/status").stdout
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        user = facts.get("Uid", "?").split("\t")[0]
        seen(
            f"{service}: user, capabilities, no new privileges",
            (user, facts.get("CapEff"), facts.get("NoNewPrivs")),
            ("999" if service == "database" else "10001", "0" * 16, "1"),
        )
        written = inside(service, "sh", "-c", "touch /there 2>/dev/null || touch /etc/there 2>/dev/null")
        seen(f"{service}: root file system can be written", written.returncode == 0, False)
        described = podman("inspect", f"proef_{service}_1").stdout
        seen(f"{service}: secrets in its description", sum(secret in described for secret in secrets), 0)
        host = json.loads(described)[0]["HostConfig"]
        limits = f"{host['Memory'] >> 20} MiB, {host['NanoCpus'] / 1e9:g} cpu, {host['PidsLimit']} processes"
        print(f"       {service}: limits {limits}")


def networks() -> None:
    """Who reaches whom."""
    for service, host, port, wanted in (
        ("rasa", "actions", 8002, True),
        ("rasa", "database", 5432, True),
        ("rasa", "1.1.1.1", 443, False),
        ("rasa", "deb.debian.org", 80, False),
        ("rasa", "worker", 8000, False),
        ("actions", "deb.debian.org", 80, False),
        ("web", "rasa", 8001, True),
        ("worker", "deb.debian.org", 80, True),
    ):
        tried = inside(service, "python", "-c", TRY.format(host=host, port=port))
        seen(f"{service} reaches {host}:{port}", tried.returncode == 0, wanted)
    addresses = podman(
        "inspect", "proef_database_1", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    )
    for address in ("database", *addresses.stdout.split()):
        tried = inside("proxy", "wget", "-T", "3", "-t", "1", "-O", "/dev/null", f"http://{address}:5432/")
        seen(f"proxy reaches the database as {address}", "connected" in tried.stderr, False)


def through_the_proxy() -> None:
    """Health, headers, a conversation, events and the limits of the proxy."""
    status, answer, body = ask("GET", "/gezondheid/gereed")
    seen(
        "/gezondheid/gereed",
        (status, json.loads(body).get("onderdelen")),
        (200, dict.fromkeys(("database", "rasa", "actions", "worker"), True)),
    )
    seen(
        "headers of web, each once",
        [answer.headers.get_all(name) for name in HEADERS],
        [["max-age=31536000"], ["nosniff"]],
    )
    seen("told of the proxy itself", (answer.getheader("Server"), answer.getheader("Alt-Svc")), (None, None))
    status, _, body = ask("POST", "/api/v1/chat/gesprekken", {"gemeente": "GM0344"})
    seen("a conversation opens", status, 201)
    token = json.loads(body)["token"]
    events = Tunnel("127.0.0.1", PORT, timeout=10)
    started = time.monotonic()
    events.request("GET", "/api/v1/chat/gebeurtenissen", headers={"Host": NAME, "Authorization": f"Bearer {token}"})
    first = events.getresponse().readline()
    seen("events begin at once", (first, time.monotonic() - started < 5), (b": open\n", True))
    status, _, body = ask("POST", "/api/v1/chat/berichten", {"tekst": "wat doet de gemeenteraad?"}, token)
    texts = [message["tekst"] for message in json.loads(body)["berichten"]]
    seen(
        "a question is answered from the library", (status, any("gemeenteraad" in text for text in texts)), (200, True)
    )
    print(f"       it said: {texts[0][:110]}")
    try:
        status, _, _ = ask("POST", "/api/v1/chat/berichten", {"tekst": "x" * 5_000_000}, token)
    except (ssl.SSLError, OSError):
        status = 413  # it did not even listen to the end
    seen("a body of 5 MB is refused", status, 413)
    events.close()


def logs() -> None:
    """Whether each line is JSON, as far as there are any."""
    for service in JSON_LOGS:
        told = podman("logs", f"proef_{service}_1")
        lines = [line for line in (told.stdout + told.stderr).splitlines() if line.strip()]
        plain = [line for line in lines if not line.startswith("{")]
        print(
            f"       {service}: {len(lines)} lines of log, {len(plain)} of them not JSON"
            + (f", such as {plain[0][:90]!r}" if plain else "")
        )


def memory() -> None:
    """What they use when little happens."""
    print(podman("stats", "--no-stream", "--no-reset", "--format", "table {{.Name}} {{.MemUsage}}").stdout)


if __name__ == "__main__":
    for look in (containers, networks, through_the_proxy, logs, memory):
        print(f"-- {look.__name__.replace('_', ' ')}")
        look()
    print(f"{len(faults)} faults")
    sys.exit(bool(faults))
