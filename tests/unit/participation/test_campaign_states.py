"""The steps of a campaign, as one table."""

from datetime import UTC, datetime, timedelta

import pytest

from participation.campaigns import states
from participation.campaigns.faults import CampaignClosed
from participation.models import Campaign
from participation.models.campaign import STATES

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_state_can_be_reached_and_only_a_closed_one_is_the_end() -> None:
    reached = {after for _, after in states.STEPS.values()}
    assert reached | {"concept"} == set(STATES)
    assert [state for state in STATES if not states.steps_from(state)] == ["gesloten"]
    assert states.steps_from("klaar") == ("terughalen", "starten")


@pytest.mark.parametrize(
    ("state", "opens", "closes", "is_open"),
    [
        ("loopt", None, None, True),
        ("loopt", NOW, NOW + HOUR, True),
        ("loopt", NOW + HOUR, None, False),
        ("loopt", None, NOW, False),
        ("pauze", None, None, False),
        ("klaar", NOW - HOUR, None, False),
    ],
)
def test_answers_are_taken_while_it_runs_between_its_moments(state, opens, closes, is_open) -> None:
    campaign = Campaign(state=state, opens_at=opens, closes_at=closes)
    assert states.is_open(campaign, NOW) == is_open
    if not is_open:
        with pytest.raises(CampaignClosed):
            states.assert_open(campaign, NOW)
