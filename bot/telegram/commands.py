"""The commands in Telegram's menu, as a table. What `/start` does is apart: it stands for coming in."""

import re
from dataclasses import dataclass

from participation import content
from participation.reply import Button

_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?", re.IGNORECASE)
_START = re.compile(r"/start(?:@\w+)?(?: +([\w-]{1,64}))?", re.ASCII)


@dataclass(frozen=True)
class Command:
    """One command: what follows the slash, and what it means to the gateway."""

    name: str
    intent: str

    @property
    def description(self) -> str:
        """What the menu says, and so what the resident says by choosing it."""
        return str(content.texts()["telegram_menu"][self.name])


COMMANDS = (
    Command("help", "wat_kun_je"),
    Command("stop", "stoppen"),
    Command("privacy", "privacy_bot"),
    Command("mijngegevens", "mijn_gegevens"),
    Command("verwijder", "verwijder_gegevens"),
    Command("taal", "andere_taal"),
)


def command_in(text: str) -> Button | None:
    """Return what a message means that is a command of the menu and nothing else.

    Anything more or other, such as `/help{"x":1}` or `/inbreng_doen`, is text that somebody typed.
    """
    found = _COMMAND.fullmatch(text.strip())
    name = found[1].lower() if found else None
    for command in COMMANDS:
        if command.name == name:
            return Button(command.description, {"intent": command.intent})
    return None


def start_in(text: str) -> tuple[bool, str | None]:
    """Return whether somebody comes in, and the deep link by which they did."""
    found = _START.fullmatch(text.strip())
    return (True, found[1]) if found else (False, None)
