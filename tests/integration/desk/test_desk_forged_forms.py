"""A form that somebody else made does nothing at any address: walked from the routes, so that none is forgotten."""

import uuid

from fastapi.routing import APIRoute

from desk.access import SESSION_COOKIE
from tests.integration.desk.test_desk_routes import address, csrf_of, everything, routes_of

MAY_EVERYTHING = "griffier"
FORM = {"verzending": str(uuid.UUID(int=7)), "versie": "1", "zeker": "ja", "tekst": "vervalst", "email": "a@b.example"}

WITHOUT_SESSION = {"log_in_form", "code_form", "accept_as_new"}


def forms_of(site) -> list[APIRoute]:
    return [route for route in routes_of(site) if route.methods & {"POST", "PUT", "PATCH", "DELETE"}]


def called(dependant) -> set[str]:
    """The names of all that a route depends on."""
    return {getattr(dependant.call, "__name__", "")}.union(*(called(one) for one in dependant.dependencies))


def test_every_form_depends_on_the_token_of_the_session(site):
    """Or there is no session yet: each of those has a token of its own, and is sent below."""
    without = {route.name for route in forms_of(site) if "sender" not in called(route.dependant)}
    assert without == WITHOUT_SESSION
    assert len(forms_of(site)) > 60


async def test_no_form_of_another_site_is_looked_at(site, clerk_with, database_url):
    """The person is signed in, may do it all, and even the token is right."""
    browser = await clerk_with(GM0344=MAY_EVERYTHING)
    form, before, answers = FORM | {"csrf": await csrf_of(browser)}, everything(database_url), {}
    headers = {"Origin": "https://kwaad.example", "Sec-Fetch-Site": "cross-site"}
    for route in forms_of(site):
        answers[route.name] = (await browser.post(address(route, "GM0344"), data=form, headers=headers)).status_code
    assert {name: status for name, status in answers.items() if status != 403} == {}
    assert everything(database_url) == before


async def test_a_form_with_the_token_of_somebody_else_does_nothing(site, clerk_with, database_url):
    """A sample of the forms with a session, and all of those without."""
    browser, other = await clerk_with(GM0344=MAY_EVERYTHING), await clerk_with(GM0344=MAY_EVERYTHING)
    form, before, answers = FORM | {"csrf": await csrf_of(other)}, everything(database_url), {}
    sample = {route.name: route for route in forms_of(site)[::7]}
    sample |= {route.name: route for route in forms_of(site) if route.name in WITHOUT_SESSION}
    for name, route in sample.items():
        answers[name] = (await browser.post(address(route, "GM0344"), data=form)).status_code
    assert answers.pop("code_form") == 303  # who is signed in already has no code to fill in, and is led on
    assert {name: status for name, status in answers.items() if status not in {403, 404}} == {}
    assert everything(database_url) == before


async def test_with_the_right_token_the_same_form_is_looked_at(site, clerk_with):
    """Otherwise the walk above would also pass when every address was wrong."""
    browser = await clerk_with(GM0344=MAY_EVERYTHING)
    own = await csrf_of(browser)
    for csrf, refused in (("", True), (own, False)):
        told = await browser.post("/griffie/GM0344/invoeren", data=FORM | {"csrf": csrf})
        assert (told.status_code, "Dit formulier is verlopen" in told.text) == (
            (403, True) if refused else (422, False)
        )


async def test_a_session_that_was_there_before_the_log_in_is_not_the_one_after_it(browser, new_account):
    """Otherwise who planted a cookie in somebody's browser would be signed in with them."""
    planted = "geplant-" + "x" * 40
    browser.cookies.set(SESSION_COOKIE, planted, domain="samenspel.example", path="/griffie")
    email, password = await new_account(GM0344="griffier")
    assert (await browser.log_in(email, password)).status_code == 303
    first = {cookie.value for cookie in browser.cookies.jar if cookie.name == SESSION_COOKIE}
    assert planted not in first
    browser.cookies.clear()
    assert (await browser.log_in(email, password)).status_code == 303
    second = {cookie.value for cookie in browser.cookies.jar if cookie.name == SESSION_COOKIE}
    assert (len(first), len(second), first & second) == (1, 1, set())
