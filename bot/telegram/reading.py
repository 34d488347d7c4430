"""Updates that python-telegram-bot can not make sense of, as when the Bot API has something that it does not expect."""

import logging
from typing import Any

from telegram import Update

logger = logging.getLogger(__name__)


def readable(data: dict[str, Any]) -> dict[str, Any]:
    """Return an update as it is, or its number alone when it can not be read: nothing is done with it then.

    Refused, Telegram would offer it again and again, and nothing that came after it.

    Raises:
        KeyError: it has no number, so it is no update.
    """
    try:
        Update.de_json(data, None)
    except Exception as error:  # noqa: BLE001  whatever is wrong with it
        number = data["update_id"]
        # The class alone: the text of the error may hold what the resident wrote.
        logger.error("An update can not be read and is skipped: %s", type(error).__name__)
        return {"update_id": number}
    return data
