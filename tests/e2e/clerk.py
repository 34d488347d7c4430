"""A griffier at the desk, with the forms that the pages hold."""

import html
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.e2e.instance import Instance

PASSWORDS = "test-wachtwoorden.json"
"""In the state folder: the passwords that replaced the one-time ones, for whichever layer comes next."""

_FIELD = re.compile(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"')


def account(instance: Instance, code: str, role: str = "griffier") -> tuple[str, str | None]:
    """E-mail and one-time password of the demonstration's griffier, or `beheerder`, of a municipality."""
    for known in instance.accounts:
        if known["municipalities"] == [code] and known["email"].startswith(f"{role}."):
            return known["email"], known["password"]
    raise AssertionError(f"no account for {code}")


def known_password(instance: Instance, email: str) -> str | None:
    """The password of their own that an earlier test chose for this account."""
    file = instance.state / PASSWORDS
    return json.loads(file.read_text()).get(email) if file.exists() else None


def remember_password(instance: Instance, email: str, password: str) -> None:
    """Let later tests log in with this account."""
    file: Path = instance.state / PASSWORDS
    known = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(known | {email: password}))


def new_password() -> str:
    """Long enough for the desk."""
    return f"proef {secrets.token_hex(8)}"


@dataclass
class Clerk:
    """Someone signed in at the desk of one municipality."""

    http: httpx.AsyncClient
    code: str

    @classmethod
    async def signs_in(cls, http: httpx.AsyncClient, instance: Instance, code: str) -> "Clerk":
        """Log in; the first time with the one-time password, which opens nothing but the choice of a new one."""
        email, one_time = account(instance, code)
        clerk = cls(http, code)
        own = known_password(instance, email)
        page = await clerk.submit("/griffie/aanmelden", email=email, wachtwoord=own or one_time)
        if own is None:
            assert page.url.path == "/griffie/wachtwoord", page.url
            refused = await http.get(f"/griffie/{code}/inbreng")
            assert (refused.status_code, refused.headers["location"]) == (303, "/griffie/wachtwoord")
            own = new_password()
            page = await clerk.submit("/griffie/wachtwoord", huidig=one_time, nieuw=own, herhaling=own)
            remember_password(instance, email, own)
        assert (page.status_code, page.url.path) == (200, f"/griffie/{code}/inbreng")
        return clerk

    async def submit(self, path: str, *, to: str | None = None, **fields: str | None) -> httpx.Response:
        """Open the page, fill in its form with its own hidden fields and send it; returns the page after it."""
        page = await self.http.get(path)
        assert page.status_code == 200, page.url
        hidden = {name: html.unescape(value) for name, value in _FIELD.findall(page.text) if name in _HIDDEN}
        filled = hidden | {name: value for name, value in fields.items() if value is not None}
        return await self.http.post(to or path, data=filled, follow_redirects=True)

    async def work_list(self) -> str:
        """The list of their municipality."""
        page = await self.http.get(f"/griffie/{self.code}/inbreng")
        assert page.status_code == 200
        return html.unescape(page.text)

    async def read(self, path: str) -> str:
        """A page, as a person reads it."""
        page = await self.http.get(path)
        assert page.status_code == 200, page.url
        return html.unescape(page.text)

    def address(self, contribution_id: object) -> str:
        """The page of a contribution in their municipality."""
        return f"/griffie/{self.code}/inbreng/{contribution_id}"


_HIDDEN = frozenset({"csrf", "formulier", "verzending", "versie", "naar"})
