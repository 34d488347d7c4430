"""Where to report a weak spot, for who looks for it as RFC 9116 says."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import ValidationError

from participation.settings import Settings
from web.app import create_app

PATH = "/.well-known/security.txt"


async def asked(settings: Settings) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="https://samenspel.example") as http:
        return await http.get(PATH)


async def test_it_says_where_to_report_until_when_and_where_it_stands(database_url: str) -> None:
    contact = "mailto:veiligheid@gemeente.example"
    known = {"demo": True, "database_url": database_url, "public_url": "https://samenspel.example/"}
    answer = await asked(Settings(**known, security_contact=contact))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    told = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.fromisoformat(told.pop("Expires"))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert told == {
        "Contact": contact,
        "Preferred-Languages": "nl, en",
        "Canonical": f"https://samenspel.example{PATH}",
    }
    assert (await asked(Settings(**known))).status_code == 404


@pytest.mark.parametrize(
    "odd", ["veiligheid@gemeente.example", "http://x.example", "mailto:x", "https://", "mailto:a@b c"]
)
def test_an_address_that_nobody_can_use_is_refused(odd: str) -> None:
    with pytest.raises(ValidationError, match="SAMENSPEL_SECURITY_CONTACT"):
        Settings(demo=True, security_contact=odd)
