"""What every route tells a browser, walked from the application itself: a new route can not forget it."""

import uuid
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from desk.security import HEADERS as DESK_HEADERS
from tests.integration.security.conftest import HOST

STREAMS = {"events", "worklist_live"}
"""Answers that do not end, for who may hear them."""


def walk(routes: object, prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    """Each route with its path, also of what is mounted."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif hasattr(route, "original_router"):
            yield from walk(route.original_router.routes, prefix)
        elif hasattr(route, "app") and hasattr(route.app, "routes"):
            yield from walk(route.app.routes, prefix + route.path)


def addresses(app: FastAPI) -> list[tuple[str, str]]:
    """Method and address of every route, with ids of nothing, and one address of nothing in each part."""
    known = {"code": "GM0344", "name": "merk.svg", "version": "0"}
    found = []
    for path, route in walk(app.routes):
        values = {name: known.get(name) or str(uuid.UUID(int=0)) for name in route.param_convertors}
        where = path
        for name, value in values.items():
            where = where.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value)
        found += [(method, where) for method in sorted(route.methods)]
    nothing = [
        ("GET", "/niets"),
        ("GET", "/api/v1/niets"),
        ("GET", "/griffie/niets"),
        ("DELETE", "/api/v1/chat/berichten"),
    ]
    return [*found, *nothing, ("GET", "/widget.js"), ("GET", "/griffie/static/desk.css")]


def faults(answer: httpx.Response, where: str) -> list[str]:
    """What an answer lacks, or allows and should not."""
    headers, policy = answer.headers, answer.headers.get("content-security-policy", "")
    wrong = [f"{name}" for name in ("referrer-policy", "permissions-policy") if name not in headers]
    if headers.get("x-content-type-options") != "nosniff":
        wrong.append("nosniff")
    if not headers.get("strict-transport-security", "").startswith("max-age=31536000"):
        wrong.append("hsts")
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.split()}
    if directives.get("default-src") != ["'none'"] or directives.get("base-uri") != ["'none'"]:
        wrong.append(f"policy {policy}")
    if not {"form-action", "frame-ancestors"} <= directives.keys():
        wrong.append("forms or frames")
    allowed = {word for name, words in directives.items() if name != "frame-ancestors" for word in words}
    if not allowed <= {"'none'", "'self'"}:
        wrong.append(f"allows {allowed}")
    if where.startswith("/griffie"):
        wrong += [
            name for name, value in DESK_HEADERS.items() if name != "Cache-Control" and headers.get(name) != value
        ]
    if {"server", "x-powered-by"} & set(headers):
        wrong.append("tells what runs here")
    return wrong


async def test_every_route_tells_the_browser_what_it_may_not_do(app: FastAPI, http: httpx.AsyncClient) -> None:
    """Also refusals: they are pages like any other. Nobody is signed in, so most of these are."""
    asked, wrong, statuses = addresses(app), {}, {}
    for method, where in asked:
        answer = await http.request(method, where)
        statuses[f"{method} {where}"] = answer.status_code
        if found := faults(answer, where):
            wrong[f"{method} {where}"] = found
    assert wrong == {}
    assert {where: status for where, status in statuses.items() if status >= 500} == {"GET /gezondheid/gereed": 503}
    assert len(asked) > 200


async def test_a_fault_of_ours_has_the_headers_too(
    app: FastAPI, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the API tells it as a problem, without saying what went wrong."""
    monkeypatch.setattr("bot.web.api.chat_of", None)
    monkeypatch.setattr("bot.web.pages.choices_of", None)
    for where, media_type in (
        ("/api/v1/chat/gesprekken/huidig", "application/problem+json"),
        ("/chat/GM0344", "text/html"),
    ):
        answer = await http.get(where, headers={"Authorization": "Bearer x"})
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (500, media_type)
        assert "NoneType" not in answer.text
        assert faults(answer, where) == []


async def test_no_page_of_the_chat_holds_a_script_or_style_of_its_own(http: httpx.AsyncClient) -> None:
    """The policy would stop them; a page that needs one would be broken."""
    for where in ("/", "/chat/GM0344", "/widget/GM0344", "/chat/GM0344/eenvoudig"):
        page = await http.get(where)
        assert page.status_code == 200
        assert [
            mark for mark in ("<style", " style=", " onclick=", " onload=", "javascript:") if mark in page.text
        ] == []
        assert page.text.count("<script") == page.text.count("<script src=") + page.text.count(
            '<script type="module" src='
        )


def test_over_plain_http_nobody_is_told_to_use_https(settings) -> None:
    """A browser would remember that for a year, also for what else runs on a laptop."""
    from web.headers import headers_for

    assert ["Strict-Transport-Security" in headers_for(url) for url in (HOST, "http://localhost:8000")] == [True, False]
