"""An installation with secrets that others know does not start."""

import json

import pytest
from pydantic import ValidationError

from participation.settings import PLACEHOLDER, Settings

SECRETS = ("secret_key", "pseudonym_key", "rasa_secret", "actions_secret")
GOOD = {name: f"{number}abcdefghijklmnopqrstuvwxyz{number}98765" for number, name in enumerate(SECRETS)}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SAMENSPEL_{name.upper()}", raising=False)


def test_good_secrets_start() -> None:
    assert Settings(**GOOD).demo is False


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", [PLACEHOLDER, "", "x" * 31])
def test_outside_the_demonstration_a_placeholder_or_short_secret_refuses(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=f"SAMENSPEL_{name.upper()} must be a secret"):
        Settings(**{**GOOD, name: value})


def test_the_error_does_not_repeat_the_secrets() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**{**GOOD, "rasa_secret": "too-short-but-secret"})
    told = str(refused.value)
    given = (*GOOD.values(), "too-short-but-secret")
    pieces = {piece for value in given for piece in (value[:8], value[-8:])}
    assert [piece for piece in pieces if piece in told.replace("SAMENSPEL_RASA_SECRET", "")] == []


def test_in_the_demonstration_placeholders_are_fine() -> None:
    assert Settings(demo=True).secret_key == PLACEHOLDER


@pytest.mark.parametrize("sites", ["*", "https://www.gemeente.example *", "https:", "https://*", "data:"])
def test_only_a_demonstration_may_be_shown_on_any_site(sites: str) -> None:
    with pytest.raises(ValidationError, match="SAMENSPEL_WIDGET_ORIGINS must name the sites"):
        Settings(**GOOD, widget_origins=sites)
    assert Settings(demo=True, widget_origins=sites).widget_sites == sites
    assert (Settings(demo=True).widget_sites, Settings(**GOOD).widget_sites) == ("*", "")


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMENSPEL_DEMO", "true")
    monkeypatch.setenv("SAMENSPEL_CHAT_RETENTION_DAYS", "")
    assert Settings().chat_retention_days == 28


@pytest.mark.parametrize("days", ["0", "91", "veel"])
def test_chat_texts_can_not_be_kept_for_ever_nor_erased_at_once(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMENSPEL_DEMO", "true")
    monkeypatch.setenv("SAMENSPEL_CHAT_RETENTION_DAYS", days)
    with pytest.raises(ValidationError):
        Settings()


def test_every_setting_tells_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


PROVIDER = {
    "key": "utrecht",
    "name": "Gemeente Utrecht",
    "issuer": "https://login.utrecht.example",
    "client_id": "samenspel",
    "client_secret": "een-geheim-van-de-dienst",
    "domains": ["utrecht.example"],
}


def providers(monkeypatch: pytest.MonkeyPatch, *chosen: dict[str, object]) -> Settings:
    monkeypatch.setenv("SAMENSPEL_SIGN_ON", json.dumps(chosen))
    return Settings(demo=True)


def test_providers_are_read_from_json_and_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    [one] = providers(monkeypatch, PROVIDER).sign_on
    assert (one.issuer, one.domains, one.second_factor) == (PROVIDER["issuer"], ("utrecht.example",), ())
    assert one.client_secret.get_secret_value() == PROVIDER["client_secret"]
    monkeypatch.setenv("SAMENSPEL_SIGN_ON", "")
    assert Settings(demo=True).sign_on == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.utrecht.example"},
        {"domains": []},
        {"domains": ["@utrecht.example"]},
        {"key": "Utrecht!"},
        {"client_secret": None},
        {"onbekend": "x"},
    ],
    ids=str,
)
def test_a_provider_that_can_not_be_right_does_not_start(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as refused:
        providers(monkeypatch, PROVIDER | wrong)
    assert str(PROVIDER["client_secret"]) not in str(refused.value)


@pytest.mark.parametrize("same", ["key", "issuer"])
def test_two_providers_can_be_told_apart(monkeypatch: pytest.MonkeyPatch, same: str) -> None:
    other = PROVIDER | {"key": "ander", "issuer": "https://login.ander.example"} | {same: PROVIDER[same]}
    with pytest.raises(ValidationError, match=f"two providers with one {same}"):
        providers(monkeypatch, PROVIDER, other)
