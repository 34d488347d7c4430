"""A secret in a file is in no list of environment variables."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from participation.settings import Settings

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SAMENSPEL_{name.upper()}", raising=False)
    monkeypatch.setenv("SAMENSPEL_DEMO", "true")


def named(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, text: str) -> None:
    """Write a file and let the environment name it."""
    path = folder / name.lower()
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv(f"SAMENSPEL_{name}_FILE", str(path))


def test_a_setting_is_read_from_the_file_that_is_named_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named(monkeypatch, tmp_path, "SECRET_KEY", f"{SECRET}\n")
    assert Settings().secret_key == SECRET


def test_a_list_is_read_from_a_file_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    provider = (
        '[{"key": "a", "name": "A", "issuer": "https://a.example", "client_id": "c", "client_secret": "s",'
        ' "domains": ["a.example"]}]'
    )
    named(monkeypatch, tmp_path, "SIGN_ON", provider)
    assert [one.issuer for one in Settings().sign_on] == ["https://a.example"]


def test_an_empty_file_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named(monkeypatch, tmp_path, "TELEGRAM_TOKEN", "\n")
    assert Settings().telegram_token == ""


def test_the_password_of_the_mail_server_is_still_a_setting_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMENSPEL_SMTP_PASSWORD_FILE", "/run/secrets/smtp_password")
    assert Settings().smtp_password_file == "/run/secrets/smtp_password"


def test_two_values_for_one_setting_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named(monkeypatch, tmp_path, "SECRET_KEY", SECRET)
    monkeypatch.setenv("SAMENSPEL_SECRET_KEY", "another")
    with pytest.raises((SettingsError, ValueError), match="SAMENSPEL_SECRET_KEY and SAMENSPEL_SECRET_KEY_FILE") as told:
        Settings()
    assert SECRET not in str(told.value)


def test_a_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMENSPEL_SECRET_KEY_FILE", "/nowhere")
    with pytest.raises(ValueError, match="the file that SAMENSPEL_SECRET_KEY_FILE names can not be read"):
        Settings()


def test_outside_the_demonstration_a_short_secret_in_a_file_refuses_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SAMENSPEL_DEMO")
    named(monkeypatch, tmp_path, "SECRET_KEY", "short-but-secret")
    with pytest.raises(ValidationError) as told:
        Settings()
    assert "short-but-secret" not in str(told.value)
