"""What is done with a campaign has one list of codes, and words wherever it is read."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk import campaign_words, log_words
from participation.campaigns import events, fairness, feedback, final_report, members, reviewing, sending, states
from participation.models import Campaign, CampaignEvent

ROOT = Path(__file__).parents[3]
WRITTEN = re.compile(r'\bwhat(?:=|: str = )"(\w+)"(?: if [^"\n]+ else "(\w+)")?')


def recorded() -> set[str]:
    """The codes that the program hands over: as words in the code, and by the tables that they are made of."""
    files = [*(ROOT / "participation/campaigns").glob("*.py"), *(ROOT / "desk/routes").glob("campaign*.py")]
    found = {code for file in files for pair in WRITTEN.findall(file.read_text("utf-8")) for code in pair if code}
    assert {"gemaakt", "stelling_goed", "stelling_afgewezen", "stellingen"} <= found
    constants = {fairness.ASIDE, fairness.BACK, feedback.PUBLISHED, members.AGREED, members.REFUSED}
    mailings = {f"bericht_{step}" for step in sending.STEPS} | {f"opnieuw_{what}" for what in sending.AGAIN}
    return found | constants | mailings | states.STEPS.keys()


def test_every_code_that_is_recorded_is_in_the_list() -> None:
    assert recorded() - set(events.CODES) == set()
    assert final_report.DONE.keys() - set(events.CODES) == set()
    assert set(reviewing.BY_MAKERS) - set(events.CODES) == set()


def test_the_desk_has_words_for_every_code_and_for_no_other() -> None:
    assert campaign_words.EVENTS.keys() == set(events.CODES)
    of_the_log = {"proef"}  # making a link to try it is in the log, but is no part of the history of the campaign
    assert {one for one in log_words.ACTIONS if one.startswith("campagne.")} == {
        f"campagne.{one}" for one in {*events.CODES, *of_the_log}
    }


def test_a_code_fits_in_its_column() -> None:
    assert max(map(len, events.CODES)) <= CampaignEvent.__table__.c.what.type.length


async def test_what_is_not_in_the_list_is_not_recorded() -> None:
    with pytest.raises(ValueError, match="iets_nieuws"):
        await events.record(None, Campaign(), what="iets_nieuws", clerk=None, now=datetime.now(UTC))
