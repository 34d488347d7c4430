"""Making desk accounts from the command line."""

import pytest

from participation import accounts
from participation.database import Database
from participation.services import clerks


async def test_an_account_can_log_in_with_its_one_time_password(database_url: str, database: Database, now) -> None:
    password = await accounts.make(
        database_url, email="Jan@voorbeeld.example", name="Jan", roles={"GM0344": "griffier"}
    )
    async with database.session("") as session:
        found = await clerks.log_in(session, email="jan@voorbeeld.example", password=password, now=now)
        signed_in = await clerks.signed_in(session, token=found.token, now=now)
    assert found.clerk.password_is_one_time
    assert signed_in is not None
    assert signed_in.roles == {"GM0344": "griffier"}


def test_an_unknown_municipality_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPEL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert accounts.main(["jan@voorbeeld.example", "--naam", "Jan", "--gemeente", "GM9999"]) == 2
    assert capsys.readouterr().err == "no municipality has code GM9999\n"
