"""The settings of the Telegram channel, and what is sealed."""

import pytest
from pydantic import ValidationError

from participation.errors import SealBroken
from participation.privacy.sealing import Sealer
from participation.settings import Settings


def test_without_a_token_there_is_no_telegram() -> None:
    assert Settings(demo=True).telegram_webhook is False
    assert Settings(demo=True, telegram_mode="webhook").telegram_webhook is False


@pytest.mark.parametrize("secret", ["", "kort", "w" * 31, "w" * 257, "é" * 40, "spatie " * 8])
def test_a_webhook_without_a_proper_secret_refuses_to_start(secret: str) -> None:
    with pytest.raises(ValidationError, match="SAMENSPEL_TELEGRAM_WEBHOOK_SECRET"):
        Settings(demo=True, telegram_token="1:a", telegram_mode="webhook", telegram_webhook_secret=secret)
    fine = Settings(demo=True, telegram_token="1:a", telegram_mode="webhook", telegram_webhook_secret="w" * 32)
    assert fine.telegram_webhook is True


def test_what_is_sealed_opens_with_the_same_key_for_the_same_purpose_only() -> None:
    sealer = Sealer("sleutel", purpose="adres")
    sealed = sealer.seal("12345")
    assert Sealer("sleutel", purpose="adres").open(sealed) == "12345"
    assert sealer.seal("12345") != sealed
    for other in (Sealer("andere sleutel", purpose="adres"), Sealer("sleutel", purpose="iets anders")):
        with pytest.raises(SealBroken):
            other.open(sealed)
    with pytest.raises(SealBroken):
        sealer.open(sealed[:-1])


@pytest.mark.parametrize("secret", ["", "k" * 31])
def test_a_service_without_a_proper_secret_refuses_to_start(secret: str) -> None:
    with pytest.raises(ValidationError, match="SAMENSPEL_RELAY_SECRET"):
        Settings(demo=True, relay_url="https://dienst.example", relay_secret=secret)
