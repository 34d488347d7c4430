"""The desk, mounted as in production, with a browser for each kind of person."""

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import event, select

from desk.access import SESSION_COOKIE
from desk.app import create_desk
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Contribution, Conversation, Resident
from participation.models.consent import SHARE
from participation.services import clerks, consents, contributions, second_factor
from participation.services.contributions import Draft
from participation.settings import PLACEHOLDER, Settings

PASSWORD = "een lange zin 123"
UTRECHT, AMERSFOORT = "GM0344", "GM0307"


@dataclass
class Surroundings:
    """What the desk is told from outside, and what it tells."""

    now: datetime
    told: list[uuid.UUID] = field(default_factory=list)
    notify_fails: bool = False
    understood: dict[str, tuple[str, float]] | None = None
    """By text, what the trained model takes it for; it can not be asked when this is none."""

    def clock(self) -> datetime:
        return self.now

    async def notify(self, entry_id: uuid.UUID) -> None:
        if self.notify_fails:
            raise ConnectionError
        self.told.append(entry_id)

    async def understand(self, texts: Sequence[str]) -> list[tuple[str, float]] | None:
        if self.understood is None:
            return None
        return [self.understood.get(text, ("nlu_fallback", 0.4)) for text in texts]


class Browser(httpx.AsyncClient):
    """Keeps cookies, follows links and sends forms with the hidden fields of the page they are on."""

    async def send_form(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Fill in the first form of `page` whose address ends in `action`, and send it."""
        html = (await self.get(page)).text
        return await self.send_form_of(html, action, **fields)

    async def send_form_of(self, html: str, action: str, **fields: str) -> httpx.Response:
        """Fill in the first form in `html` whose address ends in `action`, and send it."""
        form = re.search(rf'<form[^>]* action="([^"]*{action})".*?</form>', html, re.DOTALL)
        assert form, f"no form {action}"
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
        return await self.post(form[1], data={name: unescape(value) for name, value in hidden.items()} | fields)

    async def log_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return await self.send_form("/griffie/aanmelden", "/aanmelden", email=email, wachtwoord=password)


@pytest.fixture
def surroundings(now: datetime) -> Surroundings:
    return Surroundings(now)


@dataclass
class Standing:
    """The desk as it stands for a module of tests, in the surroundings of the test that runs."""

    site: FastAPI
    around: Surroundings


@pytest.fixture(scope="module")
def standing(database: Database) -> Standing:
    """Making the desk takes longer than most tests, so that is done once."""
    settings = Settings(demo=True, secret_key="s" * 40, public_url="https://samenspel.example")
    outer = FastAPI()
    made = Standing(outer, Surroundings(datetime.max.replace(tzinfo=UTC)))
    desk = create_desk(
        database,
        settings,
        clock=lambda: made.around.clock(),
        notify=lambda entry_id: made.around.notify(entry_id),
        understand=lambda texts: made.around.understand(texts),
    )
    outer.mount("/griffie", desk)
    return made


@pytest.fixture
def site(standing: Standing, surroundings: Surroundings) -> FastAPI:
    """The outer application."""
    standing.around = surroundings
    return standing.site


@pytest.fixture
async def open_browser(site: FastAPI) -> AsyncIterator[Callable[[], Browser]]:
    """Make browsers that have nothing to do with one another."""
    opened: list[Browser] = []

    def new() -> Browser:
        # Its own client address, so that the failures of one test do not shut out another.
        transport = httpx.ASGITransport(app=site, client=(str(uuid.uuid4()), 1))
        opened.append(Browser(transport=transport, base_url="https://samenspel.example"))
        return opened[-1]

    yield new
    for one in opened:
        await one.aclose()


@pytest.fixture
def browser(open_browser: Callable[[], Browser]) -> Browser:
    """A browser in which nobody is signed in."""
    return open_browser()


@pytest.fixture
def new_account(database: Database, now: datetime) -> Callable[..., Awaitable[tuple[str, str]]]:
    """Make an account and return its e-mail and one-time password."""

    async def make(name: str = "Anna de Wit", **roles: str) -> tuple[str, str]:
        email = f"{uuid.uuid4().hex[:8]}@gemeente.example"
        async with database.session("") as session:
            _, password = await clerks.create_clerk(session, email=email, name=name, roles=roles, now=now)
        return email, password

    return make


@pytest.fixture
def clerk_with(
    new_account: Callable[..., Awaitable[tuple[str, str]]],
    open_browser: Callable[[], Browser],
    database: Database,
    now: datetime,
) -> Callable[..., Awaitable[Browser]]:
    """Return the browser of someone with these roles who has signed in, set a password and what else is asked."""

    async def make(**roles: str) -> Browser:
        email, password = await new_account(**roles)
        browser = open_browser()
        await browser.log_in(email, password)
        response = await browser.send_form(
            "/griffie/wachtwoord", "/wachtwoord", huidig=password, nieuw=PASSWORD, herhaling=PASSWORD
        )
        assert response.status_code == 303
        if "beheerder" in roles.values():
            await confirm_second_factor(database, email, now, token=browser.cookies[SESSION_COOKIE])
        return browser

    return make


async def confirm_second_factor(database: Database, email: str, now: datetime, *, token: str = "") -> str:
    """Set up a second factor as its page does, in the session of this token, and return the secret of the app."""
    about = {"key": PLACEHOLDER, "now": now - timedelta(hours=1)}
    async with database.session("") as session:
        clerk = (await session.scalars(select(Clerk).where(Clerk.email == email))).one()
        secret = await second_factor.secret_to_set_up(session, clerk=clerk, **about)
        code = pyotp.TOTP(secret).at(about["now"])
        await second_factor.confirm(session, clerk=clerk, code=code, token=token, **about)
    return secret


@pytest.fixture
def queries_of(database: Database) -> Callable[[Awaitable[httpx.Response]], Awaitable[int]]:
    """Count the queries that a request takes."""
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    async def count(request: Awaitable[httpx.Response]) -> int:
        asked.clear()
        assert (await request).status_code == 200
        return len(asked)

    return count


@pytest.fixture
def contribute(database: Database, now: datetime) -> Callable[..., Awaitable[Contribution]]:
    """Log a contribution as the chat does, of somebody who lets the council read it."""

    async def log(
        text: str = "De lantaarn is kapot.",
        code: str = UTRECHT,
        minutes_ago: int = 5,
        chat: bool = True,
        shared: bool = True,
        campaign: str | None = None,
    ) -> Contribution:
        at = now - timedelta(minutes=minutes_ago)
        async with database.session(EVERY_MUNICIPALITY) as session:
            resident = Resident(
                id=uuid.uuid4(), pseudonym=uuid.uuid4().bytes * 2, channel="web", created_at=at, last_seen_at=at
            )
            session.add(resident)
            await session.flush()
            conversation = Conversation(
                id=uuid.uuid4(),
                resident_id=resident.id,
                channel="web",
                campaign=campaign,
                created_at=at,
                last_turn_at=at,
            )
            session.add(conversation)
            await session.flush()
            draft = Draft(uuid.uuid4(), text, resident.id, conversation.id, "web")
            contribution = await contributions.log_contribution(session, municipality_code=code, draft=draft, now=at)
            if shared:
                await consents.give(
                    session,
                    resident_id=resident.id,
                    municipality_code=code,
                    purpose=SHARE,
                    channel="web",
                    contribution_id=contribution.id,
                    now=at,
                )
            if not chat:
                contribution.conversation_id = None
        return contribution

    return log
