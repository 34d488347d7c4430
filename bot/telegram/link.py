"""Make a link into the bot: `python -m bot.telegram.link --gemeente GM0344 [--campagne NAAM] [--plek NAAM]`.

Whoever follows it starts with that municipality. Prints the link, to put on a site or a poster. Without
SAMENSPEL_DATABASE_URL the running embedded server under SAMENSPEL_VAR is used.
"""

import sys
from functools import partial

from telegram.error import TelegramError

from bot import deep_link
from bot.deep_link import CanNotMake, Wanted
from bot.telegram.api import connected, quiet_logs
from participation.settings import Settings


async def make(chosen: Settings, asked: Wanted) -> str:
    """Make the link and return its address.

    Raises:
        CanNotMake: no token, the Bot API did not tell the name of the bot, or the link can not be made; nothing was.
    """
    if not chosen.telegram_token:
        raise CanNotMake("SAMENSPEL_TELEGRAM_TOKEN is not set")
    try:
        async with connected(chosen) as bot:
            name = (await bot.get_me()).username
    except TelegramError as error:
        raise CanNotMake(f"Telegram did not tell the name of the bot: {type(error).__name__}") from None
    return f"https://t.me/{name}?start={await deep_link.make(chosen, asked)}"


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    asked = deep_link.wanted("python -m bot.telegram.link", arguments)
    quiet_logs()
    return deep_link.told(partial(make, deep_link.settings_of_command(), asked))


if __name__ == "__main__":
    sys.exit(main())
