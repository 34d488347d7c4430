"""Log-in with the account of one's work: at a real OpenID provider on loopback, and with what attackers bring."""

import re
import uuid
import warnings
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from sqlalchemy import select, update

from desk.app import create_desk
from desk.routes.sign_on import COOKIE, STALE, UNKNOWN, UNREACHABLE
from participation.models import AuditEvent, Clerk, SignOnLink
from participation.services import people
from participation.settings import Settings, SignOnProvider
from tests import openid_provider
from tests.integration.desk.conftest import Standing, Surroundings, confirm_second_factor
from tests.openid_provider import Provider

BEGIN = "/griffie/aanmelden/dienst/gemeente"
WORK = "/griffie/GM0344/inbreng"


@pytest.fixture
def now() -> datetime:
    """Tokens hold the time of the provider, so ours has to be the real one."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def two_providers():
    with openid_provider.running() as one, openid_provider.running() as other:
        yield one, other


@pytest.fixture
def provider(two_providers, standing) -> Provider:
    """A provider that keeps the rules again, and that the desk does not know yet."""
    for one in two_providers:
        one.says, one.apart, one.in_answer, one.metadata, one.header = {}, {}, {}, {}, {}
        one.signs_with, one.is_down = None, False
        one.codes.clear()
        one.asked.clear()
    for client in standing.site.routes[-1].app.state.desk.providers.values():
        client._known = {}
    return two_providers[0]


def chosen(key: str, issuer: str, **more) -> SignOnProvider:
    about = {"name": f"Gemeente {key}", "client_id": "samenspel", "client_secret": "geheim van de dienst/+"}
    about |= {"domains": ["gemeente.example"], "second_factor": ["mfa", "sterk"]}
    return SignOnProvider(key=key, issuer=issuer, **(about | more))


@pytest.fixture(scope="module")
def standing(database, two_providers) -> Standing:
    """The desk, with two providers."""
    one, other = two_providers
    settings = Settings(
        demo=True,
        secret_key="s" * 40,
        public_url="https://samenspel.example",
        sign_on=(chosen("gemeente", one.url), chosen("ander", other.url)),
    )
    made = Standing(FastAPI(), Surroundings(datetime.max.replace(tzinfo=UTC)))
    desk = create_desk(
        database, settings, clock=lambda: made.around.clock(), notify=lambda entry_id: made.around.notify(entry_id)
    )
    made.site.mount("/griffie", desk)
    return made


@pytest.fixture
def account(new_account, provider):
    """Make an account, and let the provider say that it is theirs who logs in next."""

    async def make(**roles: str) -> str:
        email, _ = await new_account(**(roles or {"GM0344": "griffier"}))
        provider.says = {"sub": uuid.uuid4().hex, "email": email, "email_verified": True}
        return email

    return make


async def at_provider(browser, begin: str = BEGIN) -> str:
    """Begin, log in there, and return where the provider sends the browser, without its host."""
    sent = await browser.get(begin)
    assert sent.status_code == 303, sent.text
    async with httpx.AsyncClient(verify=False) as outside:  # noqa: S501  (plain http on loopback)
        back = await outside.get(sent.headers["location"])
    assert back.headers["location"].startswith("https://samenspel.example/griffie/aanmelden/dienst/")
    return back.headers["location"].removeprefix("https://samenspel.example")


async def log_in(browser, begin: str = BEGIN) -> httpx.Response:
    return await browser.get(await at_provider(browser, begin))


def refused(answer: httpx.Response, words: str) -> bool:
    return (answer.status_code, words in answer.text, "samenspel_griffie=" in str(answer.headers)) == (403, True, False)


async def noted(database, action: str, email: str = "") -> list[dict]:
    """What the log says of this, for everybody or for one account."""
    async with database.session("*") as session:
        who = await session.scalar(select(Clerk.id).where(Clerk.email == email))
        events = await session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id))
        return [event.details for event in events if not email or event.record == str(who)]


async def test_the_first_log_in_goes_by_address_and_the_next_by_the_providers_own_name(
    browser, account, provider, database, open_browser
):
    email = await account()
    page = (await browser.get(f"/griffie/aanmelden?naar={WORK.removeprefix('/griffie')}")).text
    link = r'href="(/griffie/aanmelden/dienst/gemeente[^"]*)"[^>]*>Aanmelden met Gemeente gemeente<'
    begin = re.search(link, page)[1]
    arrived = await log_in(browser, begin)
    assert arrived.headers["location"] == WORK
    assert (await browser.get(WORK)).status_code == 200  # also with a one-time password that nobody has used
    asked = parse_qs(urlsplit((await open_browser().get(BEGIN)).headers["location"]).query)
    assert (asked["code_challenge_method"], asked["redirect_uri"]) == (
        ["S256"],
        ["https://samenspel.example/griffie/aanmelden/dienst/gemeente/terug"],
    )
    provider.says |= {"email": "heel-anders@elders.example", "email_verified": False}
    again = open_browser()
    assert (await log_in(again)).headers["location"] == "/griffie/"
    assert email in (await again.get("/griffie/account")).text
    assert await noted(database, "desk.aangemeld", email) == [{"dienst": "gemeente"}] * 2
    assert await noted(database, "desk.dienst_gekoppeld", email) == [{"dienst": "gemeente"}]


async def test_logged_out_is_logged_out_here(browser, account):
    await account()
    await log_in(browser)
    await browser.send_form(WORK, "/afmelden")
    assert (await browser.get(WORK)).headers["location"].startswith("/griffie/aanmelden?")
    assert (await browser.get("/griffie/aanmelden")).status_code == 200  # and no provider is asked by itself


async def test_an_independent_provider_lets_in(new_account, database, surroundings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock
    email, _ = await new_account(GM0344="griffier")
    user = oidc_provider_mock.User(sub="wie", claims={"email": email, "email_verified": True})
    with warnings.catch_warnings(), oidc_provider_mock.run_server_in_thread(user_claims=[user]) as server:
        warnings.simplefilter("ignore")
        settings = Settings(
            demo=True,
            secret_key="s" * 40,
            public_url="https://samenspel.example",
            sign_on=(chosen("los", f"http://localhost:{server.server_port}"),),
        )
        outer = FastAPI()
        outer.mount("/griffie", create_desk(database, settings, clock=surroundings.clock, notify=surroundings.notify))
        transport = httpx.ASGITransport(app=outer, client=(str(uuid.uuid4()), 1))
        async with httpx.AsyncClient(transport=transport, base_url="https://samenspel.example") as browser:
            sent = await browser.get("/griffie/aanmelden/dienst/los")
            async with httpx.AsyncClient(verify=False) as outside:  # noqa: S501  (plain http on loopback)
                back = await outside.post(sent.headers["location"], data={"sub": "wie"})
            await browser.get(back.headers["location"])
            assert (await browser.get(WORK)).status_code == 200


async def test_no_account_is_made_by_logging_in(browser, provider, database):
    provider.says = {"sub": "vreemd", "email": "niemand@gemeente.example", "email_verified": True}
    assert refused(await log_in(browser), UNKNOWN[:40])
    async with database.session("") as session:
        assert await session.scalar(select(Clerk).where(Clerk.email == "niemand@gemeente.example")) is None
    assert (await noted(database, "desk.dienst_geweigerd"))[-1] == {"dienst": "gemeente", "reden": "geen_account"}


UNCHECKED = (
    {"email_verified": False},
    {"email_verified": None},
    {"email_verified": "true"},
    {"xms_edov": True, "email_verified": None},
    {"email": None, "email_verified": True},
)


async def test_an_address_that_the_provider_did_not_check_leads_nowhere(browser, account, provider, database):
    await account()
    right = dict(provider.says)
    provider.apart = {"sub": right["sub"]}
    for says in UNCHECKED:
        provider.says = right | says
        assert refused(await log_in(browser), UNKNOWN[:40])
        assert (await noted(database, "desk.dienst_geweigerd"))[-1]["reden"] == "adres_niet_bevestigd"


async def test_a_provider_speaks_only_for_its_own_domains(browser, provider, database):
    """Else that of one municipality could let itself in as a clerk of another."""
    from participation.services import clerks

    async with database.session("") as session:
        await clerks.create_clerk(
            session,
            email="anna@elders.example",
            name="Anna",
            roles={"GM0307": "griffier"},
            now=datetime.now(UTC),
        )
    provider.says = {"sub": "anna", "email": "anna@elders.example", "email_verified": True}
    assert refused(await log_in(browser), UNKNOWN[:40])
    assert (await noted(database, "desk.dienst_geweigerd"))[-1]["reden"] == "ander_domein"


async def test_an_address_that_went_to_somebody_else_does_not_open_the_account(
    browser, account, provider, database, open_browser, surroundings
):
    email = await account()
    await log_in(browser)
    provider.says["sub"] = "opvolger"
    assert refused(await log_in(open_browser()), UNKNOWN[:40])
    assert await noted(database, "desk.dienst_geweigerd", email) == [{"dienst": "gemeente", "reden": "al_gekoppeld"}]
    unlinked = await browser.send_form("/griffie/account", "/gemeente/los")
    assert unlinked.headers["location"] == "/griffie/account?gedaan=dienst_los"
    assert (await log_in(open_browser())).headers["location"] == "/griffie/"


async def test_a_new_password_from_a_colleague_also_takes_the_link_away(account, browser, database, clerk_with, now):
    email = await account(GM0344="medewerker")
    await log_in(browser)
    boss = await clerk_with(GM0344="griffier")
    boss_email = re.search(r"[0-9a-f]{8}@gemeente\.example", (await boss.get("/griffie/account")).text)[0]
    async with database.session("GM0344") as session:
        found = {
            one.email: one for one in await session.scalars(select(Clerk).where(Clerk.email.in_([email, boss_email])))
        }
        await people.new_password(
            session, municipality_code="GM0344", clerk_id=found[email].id, clerk=found[boss_email], now=now
        )
        assert (await session.scalars(select(SignOnLink).where(SignOnLink.clerk_id == found[email].id))).all() == []


async def test_a_closed_account_stays_closed(browser, account, database, open_browser, now):
    email = await account()
    await log_in(browser)
    async with database.session("") as session:
        await session.execute(update(Clerk).where(Clerk.email == email).values(deactivated_at=now))
    assert (await browser.get(WORK)).status_code == 303
    assert refused(await log_in(open_browser()), UNKNOWN[:40])
    assert (await noted(database, "desk.dienst_geweigerd", email))[-1]["reden"] == "gesloten"


async def test_an_address_may_come_from_the_userinfo_of_the_same_person(browser, account, provider):
    email = await account()
    subject = provider.says["sub"]
    provider.says = {"sub": subject}
    provider.apart = {"sub": "iemand anders", "email": email, "email_verified": True}
    assert refused(await log_in(browser), STALE)
    provider.apart["sub"] = subject
    assert (await log_in(browser)).headers["location"] == "/griffie/"


async def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(browser, account, provider, monkeypatch):
    await account()
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    seen = []

    def token(form, credentials, ask=provider.token):
        seen.append((form["client_id"], form["client_secret"], credentials))
        import base64
        from urllib.parse import quote

        given = f"{quote(form['client_id'])}:{quote(form['client_secret'], safe='')}"
        return ask(form, base64.b64encode(given.encode()).decode())

    monkeypatch.setattr("tests.openid_provider._Handler.do_POST", _posting(token))
    assert (await log_in(browser)).headers["location"] == "/griffie/"
    assert seen == [("samenspel", "geheim van de dienst/+", "")]


def _posting(token):
    def do_post(handler):
        body = handler.rfile.read(int(handler.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        handler._json(*token(form, handler.headers.get("authorization", "")))

    return do_post


# The second factor


async def test_our_own_code_is_still_asked_and_the_session_opens_after_it(browser, account, database, now):
    email = await account()
    secret = await confirm_second_factor(database, email, now)
    assert (await log_in(browser, f"{BEGIN}?naar=/GM0344/inbreng")).headers["location"] == (
        "/griffie/aanmelden/code?naar=/GM0344/inbreng"
    )
    assert (await browser.get(WORK)).status_code == 303
    page = "/griffie/aanmelden/code?naar=/GM0344/inbreng"
    entered = await browser.send_form(page, "/code", code=pyotp.TOTP(secret).at(now))
    assert entered.headers["location"] == WORK
    assert (await browser.get(WORK)).status_code == 200


@pytest.mark.parametrize("says", [{"amr": ["pwd", "mfa"]}, {"acr": "sterk"}])
async def test_a_providers_second_factor_counts_where_each_municipality_says_so(
    browser, account, provider, clerk_with, open_browser, says
):
    await account(GM0344="beheerder")
    provider.says |= says
    assert (await log_in(browser)).headers["location"] == "/griffie/"
    assert (await browser.get(WORK)).headers["location"] == "/griffie/account/tweede-stap"
    boss = await clerk_with(GM0344="griffier")
    try:
        done = await boss.send_form("/griffie/GM0344/medewerkers", "/aanmelddienst", dienst="gemeente")
        assert done.headers["location"].endswith("gedaan=tweede_stap_dienst")
        assert 'value="gemeente" selected' in (await boss.get("/griffie/GM0344/medewerkers")).text
        assert (await browser.get(WORK)).headers["location"] == "/griffie/account/tweede-stap"  # it did not count then
        counted = open_browser()
        await log_in(counted)
        assert (await counted.get(WORK)).status_code == 200
        provider.says |= {"amr": ["pwd"], "acr": "gewoon"}
        weak = open_browser()
        await log_in(weak)
        assert (await weak.get(WORK)).headers["location"] == "/griffie/account/tweede-stap"
    finally:
        await boss.send_form("/griffie/GM0344/medewerkers", "/aanmelddienst", dienst="")
    assert (await counted.get(WORK)).headers["location"] == "/griffie/account/tweede-stap"


async def test_it_does_not_count_for_who_also_works_where_it_does_not(
    browser, account, provider, clerk_with, database, now, open_browser
):
    email = await account(GM0344="griffier", GM0307="griffier")
    await confirm_second_factor(database, email, now)
    provider.says |= {"amr": ["mfa"]}
    here, there = await clerk_with(GM0344="griffier"), await clerk_with(GM0307="griffier")
    try:
        await here.send_form("/griffie/GM0344/medewerkers", "/aanmelddienst", dienst="gemeente")
        assert (await log_in(browser)).headers["location"] == "/griffie/aanmelden/code"
        await there.send_form("/griffie/GM0307/medewerkers", "/aanmelddienst", dienst="gemeente")
        counted = open_browser()
        assert (await log_in(counted)).headers["location"] == "/griffie/"
        assert (await counted.get(WORK)).status_code == 200
        await there.send_form("/griffie/GM0307/medewerkers", "/aanmelddienst", dienst="")
        assert (await counted.get(WORK)).headers["location"].startswith("/griffie/aanmelden?")
        wrong = await there.send_form("/griffie/GM0307/medewerkers", "/aanmelddienst", dienst="verzonnen")
        assert wrong.status_code == 422
    finally:
        await here.send_form("/griffie/GM0344/medewerkers", "/aanmelddienst", dienst="")


# What attackers bring


async def test_an_answer_works_only_in_the_browser_that_asked_for_it(browser, account, open_browser, provider):
    """Else a link could sign somebody in as the attacker, and their words would be in the attacker's hands."""
    await account()
    back = await at_provider(browser)
    victim = open_browser()
    assert refused(await victim.get(back), STALE)
    await victim.get(BEGIN)  # and not when that browser is under way itself
    assert refused(await victim.get(back), STALE)
    assert "/token" not in provider.asked
    assert (await browser.get(back)).headers["location"] == "/griffie/"


async def test_a_wrong_state_is_refused_before_the_provider_is_asked(browser, account, provider):
    await account()
    for state in ("", "geraden", None):
        back = await at_provider(browser)
        code = parse_qs(urlsplit(back).query)["code"][0]
        query = {"code": code} | ({} if state is None else {"state": state})
        assert refused(await browser.get(f"{urlsplit(back).path}?{urlencode(query)}"), STALE)
    assert "/token" not in provider.asked


async def test_an_answer_that_was_used_is_refused_also_when_the_cookie_is_put_back(browser, account, provider):
    await account()
    back = await at_provider(browser)
    ticket = browser.cookies[COOKIE]
    assert (await browser.get(back)).headers["location"] == "/griffie/"
    assert refused(await browser.get(back), STALE)
    browser.cookies.set(COOKIE, ticket, domain="samenspel.example", path="/griffie")
    provider.asked.clear()
    assert refused(await browser.get(back), STALE)
    assert provider.asked == []


async def test_a_code_that_the_provider_does_not_know_any_more_is_refused(browser, account, provider, database):
    await account()
    back = await at_provider(browser)
    provider.codes.clear()
    assert refused(await browser.get(back), STALE)
    assert (await noted(database, "desk.dienst_geweigerd"))[-1]["reden"] == "bewijs_klopt_niet"


async def test_a_code_of_another_log_in_is_refused(browser, account, open_browser):
    """PKCE: who stole a code does not have what was kept in the other browser."""
    await account()
    stolen = parse_qs(urlsplit(await at_provider(open_browser())).query)["code"][0]
    own = urlsplit(await at_provider(browser))
    query = {name: values[0] for name, values in parse_qs(own.query).items()} | {"code": stolen}
    assert refused(await browser.get(f"{own.path}?{urlencode(query)}"), STALE)


NOW = int(datetime.now(UTC).timestamp())
WRONG_TOKENS = (
    {"nonce": "van-een-ander"},
    {"nonce": None},
    {"aud": "een-andere-toepassing"},
    {"aud": ["samenspel", "een-andere-toepassing"]},
    {"aud": ["samenspel", "een-andere-toepassing"], "azp": "samenspel"},
    {"aud": None},
    {"azp": "een-andere-toepassing"},
    {"iss": "https://elders.example"},
    {"iss": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 12},
    {"exp": NOW - 120},
    {"exp": None},
    {"iat": NOW + 3600},
    {"nbf": NOW + 3600},
    {"at_hash": "van-iets-anders"},
)


async def test_a_token_that_is_not_for_us_now_from_there_is_refused(browser, account, provider):
    await account()
    right, let_in = dict(provider.says), []
    for wrong in WRONG_TOKENS:
        provider.says = right | wrong
        if not refused(await log_in(browser), STALE):
            let_in.append(wrong)
    assert let_in == []
    assert (await browser.get(WORK)).status_code == 303
    provider.says = right
    assert (await log_in(browser)).headers["location"] == "/griffie/"


async def test_a_clock_that_differs_a_little_is_fine(browser, account, provider, now):
    await account()
    present = int(now.timestamp())
    provider.says |= {"iat": present + 30, "exp": present - 30}
    assert (await log_in(browser)).headers["location"] == "/griffie/"


async def test_a_token_with_another_signature_is_refused(browser, account, provider):
    await account()
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "een"})
    assert refused(await log_in(browser), STALE)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_that_anybody_could_have_signed_is_refused(browser, account, provider, monkeypatch, algorithm):
    """With no signature, or with the published key taken for a shared secret."""
    import base64
    import hmac
    import json

    await account()
    made = provider.token

    def token(form, credentials):
        status, content = made(form, credentials)
        _, claims, _ = content["id_token"].split(".")
        header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "een"}).encode()).rstrip(b"=").decode()
        public = provider.key.as_pem(private=False)
        signature = hmac.digest(public, f"{header}.{claims}".encode(), "sha256") if algorithm == "HS256" else b""
        signed = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
        return status, content | {"id_token": f"{header}.{claims}.{signed}"}

    monkeypatch.setattr(provider, "token", token)
    assert refused(await log_in(browser), STALE)


async def test_an_answer_of_one_provider_is_not_taken_as_that_of_another(
    browser, account, provider, two_providers, database
):
    """Mixed-up issuers: the browser is sent to the good one, and comes back at the address of the bad one."""
    await account()
    back = await at_provider(browser)
    assert refused(await browser.get(back.replace("/dienst/gemeente/", "/dienst/ander/")), STALE)
    assert two_providers[1].asked == []
    provider.in_answer = {"iss": two_providers[1].url}
    assert refused(await log_in(browser), STALE)
    provider.in_answer = {"iss": provider.url}
    assert (await log_in(browser)).headers["location"] == "/griffie/"


async def test_a_provider_that_promises_to_say_who_it_is_must(browser, account, provider):
    await account()
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    assert refused(await log_in(browser), STALE)


async def test_the_same_name_at_another_provider_is_another_person(
    browser, account, provider, two_providers, open_browser
):
    await account()
    await log_in(browser)
    two_providers[1].says = {"sub": provider.says["sub"], "email": None}
    two_providers[1].apart = {"sub": provider.says["sub"]}
    assert refused(await log_in(open_browser(), "/griffie/aanmelden/dienst/ander"), UNKNOWN[:40])


ELSEWHERE = (
    "https://kwaad.example/",
    "//kwaad.example/GM0344/inbreng",
    "/\\kwaad.example",
    "/../../elders",
    "javascript:1",
)


async def test_after_log_in_nobody_is_sent_elsewhere(account, open_browser):
    await account()
    for where in ELSEWHERE:
        answer = await log_in(open_browser(), f"{BEGIN}?{urlencode({'naar': where})}")
        assert answer.headers["location"] == "/griffie/"


async def test_the_ticket_can_not_be_written_by_the_browser(browser, account):
    await account()
    back = await at_provider(browser)
    ticket = browser.cookies[COOKIE]
    browser.cookies.set(COOKIE, "x" + ticket[1:], domain="samenspel.example", path="/griffie")
    assert refused(await browser.get(back), STALE)


async def test_an_answer_that_took_too_long_is_refused(browser, account, monkeypatch):
    await account()
    back = await at_provider(browser)
    monkeypatch.setattr("desk.routes.sign_on.SECONDS", -1)
    assert refused(await browser.get(back), STALE)


async def test_many_failures_from_one_address_are_not_looked_at_any_more(browser, account):
    await account()
    where = urlsplit(await at_provider(browser)).path
    ticket = browser.cookies[COOKIE]
    for _ in range(30):
        browser.cookies.set(COOKIE, ticket, domain="samenspel.example", path="/griffie")
        assert (await browser.get(f"{where}?code=x&state=geraden")).status_code == 403
    browser.cookies.clear()
    assert (await log_in(browser)).status_code == 429


# What goes wrong


async def test_who_says_no_at_the_provider_is_told_what_to_do(browser, provider):
    back = urlsplit(await at_provider(browser))
    state = parse_qs(back.query)["state"][0]
    answer = await browser.get(f"{back.path}?error=access_denied&state={state}&error_description=<script>")
    assert (answer.status_code, "U bent niet aangemeld" in answer.text, "<script>" in answer.text) == (403, True, False)


async def test_a_provider_that_is_away_leaves_the_password(provider, browser, new_account):
    provider.is_down = True
    answer = await browser.get("/griffie/aanmelden/dienst/gemeente")
    assert (answer.status_code, UNREACHABLE in answer.text) == (503, True)
    email, password = await new_account(GM0344="griffier")
    assert (await browser.log_in(email, password)).headers["location"] == "/griffie/"


async def test_a_provider_that_calls_itself_otherwise_is_not_believed(provider, browser):
    provider.metadata = {"issuer": "https://elders.example"}
    assert (await browser.get(BEGIN)).status_code == 503


async def test_there_is_no_button_and_no_address_without_a_provider(browser):
    assert (await browser.get("/griffie/aanmelden/dienst/onbekend")).status_code == 404
    assert (await browser.get("/griffie/aanmelden/dienst/onbekend/terug")).status_code == 404
