"""Talk to the bot from a terminal: `./samenspel chat --gemeente GM0344 "wat doet de raad?"`.

Speaks the chat API like any other channel. A session is remembered by name under var/, so that a next call goes on.
"""

import argparse
import json
import sys
from typing import Any

import httpx

from participation.settings import settings


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel chat", description="Praat met de bot vanuit de terminal.")
    parser.add_argument("tekst", nargs="*", help="wat u wilt zeggen; zonder tekst leest het regels van de invoer")
    parser.add_argument("--gemeente", metavar="GMxxxx", help="de gemeente waar het gesprek over gaat")
    parser.add_argument("--sessie", metavar="NAAM", help="ga verder met het gesprek van deze naam")
    parser.add_argument("--url", default=settings().public_url, help="adres van Samenspel")
    parser.add_argument("--json", action="store_true", help="schrijf elk antwoord als een JSON-object op een regel")
    options = parser.parse_args()
    try:
        with httpx.Client(base_url=options.url, timeout=30, trust_env=False) as http:
            return _talk(http, options)
    except httpx.ConnectError:
        sys.stderr.write(f"Samenspel is not running at {options.url}; start it with ./samenspel up\n")
        return 1
    except httpx.HTTPStatusError as error:
        sys.stderr.write(f"Samenspel refused: {error.response.json().get('detail', error.response.status_code)}\n")
        return 1


def _talk(http: httpx.Client, options: argparse.Namespace) -> int:
    token, buttons = _session(http, options)
    lines = [" ".join(options.tekst)] if options.tekst else sys.stdin
    for line in lines:
        said = line.strip()
        if not said:
            continue
        # A number, or the text of a button, presses that button.
        pressed = next((b for n, b in enumerate(buttons, 1) if said in (f"/{n}", b["titel"])), None)
        body = {"keuze": pressed["id"]} if pressed else {"tekst": said}
        answer = http.post("/api/v1/chat/berichten", json=body, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        messages = answer.json()["berichten"]
        buttons = [button for message in messages for button in message["knoppen"]]
        _remember(options, token, buttons)
        if options.json:
            print(json.dumps(answer.json(), ensure_ascii=False))
        else:
            _show(messages)
    return 0


def _session(http: httpx.Client, options: argparse.Namespace) -> tuple[str, list[dict[str, Any]]]:
    path = _path(options)
    if path and path.exists():
        remembered = json.loads(path.read_text(encoding="utf-8"))
        known = http.get("/api/v1/chat/gesprekken/huidig", headers={"Authorization": f"Bearer {remembered['token']}"})
        if known.status_code == 200:
            return remembered["token"], remembered["knoppen"]
    opened = http.post("/api/v1/chat/gesprekken", json={"gemeente": options.gemeente})
    opened.raise_for_status()
    _remember(options, opened.json()["token"], [])
    return opened.json()["token"], []


def _path(options: argparse.Namespace) -> Any:
    if not options.sessie:
        return None
    safe = "".join(character if character.isalnum() else "-" for character in options.sessie)
    return settings().var / "chat" / f"{safe}.json"


def _remember(options: argparse.Namespace, token: str, buttons: list[dict[str, Any]]) -> None:
    if path := _path(options):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"token": token, "knoppen": buttons}), encoding="utf-8")
        path.chmod(0o600)


def _show(messages: list[dict[str, Any]]) -> None:
    number = 0
    for message in messages:
        print(message["tekst"])
        for link in message["links"]:
            print(f"  bron: {link['titel']} <{link['url']}>")
        for button in message["knoppen"]:
            number += 1
            print(f"  [/{number}] {button['titel']}")
        print()


if __name__ == "__main__":
    sys.exit(main())
