"""Erasing in Telegram: the farewell arrives although nothing of it is kept, and no table knows who it was."""

import pytest

from bot.telegram import CHANNEL
from participation import content
from participation.database import Database
from participation.models import Incoming
from participation.privacy.pseudonym import pseudonym
from participation.settings import Settings
from tests.bot_api import Person
from tests.integration.bot.conftest import RasaDouble, always, said
from tests.integration.bot.telegram.conftest import rows, until
from tests.traces import traces

pytestmark = pytest.mark.usefixtures("process")

WORDS = "boomkruipertje"
ERASE = {"poort": "wissen"}
YES = content.text("knop_wissen_ja")
ASKED = said("Zal ik alles wissen?", knoppen=[{"titel": YES, "betekenis": ERASE}], verwacht={"ja": ERASE})


@pytest.mark.parametrize("how", ["typed", "pressed"])
async def test_the_farewell_arrives_and_nothing_is_left(
    person: Person, rasa: RasaDouble, settings: Settings, database: Database, database_url: str, how: str
) -> None:
    await person.says(f"Ik zag een {WORDS}", 2)
    rasa.behaviour = always(200, ASKED)
    await person.says("/verwijder")
    known_by = pseudonym(settings.pseudonym_key, channel=CHANNEL, channel_user=str(person.id))
    marks: dict[str, str | bytes] = {"words": WORDS, "pseudonym": known_by}
    assert traces(database_url, marks).keys() == marks.keys()
    if how == "typed":
        [farewell] = await person.says("ja")
    else:
        await person.telegram.add("callback_query", person.press(YES))
        [farewell] = await person.hears()
    assert (farewell.text, farewell.titles) == (content.text("gewist"), [])

    async def handled() -> bool:
        return all(one.handled_at for one in await rows(database, Incoming))

    await until(handled)
    assert traces(database_url, marks) == {}
