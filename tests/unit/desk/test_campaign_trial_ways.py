"""By which addresses a campaign can be tried: Telegram only where the bot and the municipality are."""

from types import SimpleNamespace

import pytest

from desk.access import Workplace
from desk.routes.campaign_trial import ways
from participation.models import CampaignTrial
from participation.municipality_choices import Choices
from participation.settings import Settings

SITE = "https://samenspel.example/chat/GM0344?campagne=proef.abc"


@pytest.mark.parametrize(
    ("bot", "there", "telegram"),
    [
        ("utrecht_bot", True, ["https://t.me/utrecht_bot?start=abc"]),
        ("utrecht_bot", False, []),
        ("", True, []),
    ],
)
def test_telegram_is_offered_where_residents_can_use_it(bot: str, there: bool, telegram: list[str]) -> None:
    settings = Settings(demo=True, public_url="https://samenspel.example/", telegram_name=bot)
    desk = SimpleNamespace(settings=settings)
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(desk=desk)))
    place = Workplace(code="GM0344", person=None, choices=Choices(on_telegram=there))
    assert [one.address for one in ways(request, place, CampaignTrial(id="abc"))] == [SITE, *telegram]
