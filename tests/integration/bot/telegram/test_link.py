"""The command that makes a deep link."""

import asyncio
import re

import pytest

from bot.relay import link as relay_link
from bot.telegram import link
from participation.database import Database
from participation.models import DeepLink
from tests.bot_api import TOKEN, Fault, TelegramDouble
from tests.integration.bot.conftest import UTRECHT
from tests.integration.bot.telegram.conftest import rows


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, telegram: TelegramDouble, database_url: str) -> pytest.MonkeyPatch:
    """The settings as the command finds them."""
    monkeypatch.setenv("SAMENSPEL_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("SAMENSPEL_TELEGRAM_API_URL", telegram.url)
    monkeypatch.setenv("SAMENSPEL_DATABASE_URL", database_url)
    return monkeypatch


async def call(*arguments: str) -> int:
    """Run the command next to the double."""
    return await asyncio.to_thread(link.main, list(arguments))


async def test_a_link_is_printed_and_kept(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    assert await call("--gemeente", UTRECHT, "--campagne", "fietsen", "--plek", "bibliotheek") == 0
    found = re.fullmatch(r"https://t\.me/samenspel_proefbot\?start=([\w-]{22})\n", capsys.readouterr().out)
    assert found
    [kept] = await rows(database, DeepLink, DeepLink.id == found[1])
    assert (kept.municipality_code, kept.campaign, kept.place) == (UTRECHT, "fietsen", "bibliotheek")


async def test_a_link_for_a_service_is_only_an_id(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    assert await asyncio.to_thread(relay_link.main, ["--gemeente", UTRECHT, "--plek", "markt"]) == 0
    [kept] = await rows(database, DeepLink, DeepLink.id == capsys.readouterr().out.strip())
    assert (kept.municipality_code, kept.campaign, kept.place) == (UTRECHT, None, "markt")


async def test_what_is_wrong_is_one_line_and_nothing_is_made(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    telegram: TelegramDouble,
) -> None:
    before = len(await rows(database, DeepLink))
    unknown = await call("--gemeente", "GM9999"), capsys.readouterr().err
    telegram.faults["getMe"] = [Fault(401)]
    refused = await call("--gemeente", UTRECHT), capsys.readouterr().err
    environment.delenv("SAMENSPEL_TELEGRAM_TOKEN")
    without = await call("--gemeente", UTRECHT), capsys.readouterr().err
    assert [unknown, refused, without] == [
        (2, "no municipality has code GM9999\n"),
        (2, "Telegram did not tell the name of the bot: InvalidToken\n"),
        (2, "SAMENSPEL_TELEGRAM_TOKEN is not set\n"),
    ]
    assert len(await rows(database, DeepLink)) == before
