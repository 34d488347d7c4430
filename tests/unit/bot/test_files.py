"""How the files of the chat are sent."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from bot.web.files import STATIC, files, router, static


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as client:
        yield client


async def test_a_file_is_kept_for_ever_and_small_for_who_can_unpack_it(http: httpx.AsyncClient) -> None:
    for accepted, encoding, size in (
        ("gzip, br", "gzip", len(files()["chat.js"].gzipped)),
        ("identity", None, len(files()["chat.js"].plain)),
    ):
        answer = await http.get(static("chat.js"), headers={"Accept-Encoding": accepted})
        assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, encoding)
        assert answer.content == files()["chat.js"].plain
        assert answer.headers["Content-Length"] == str(size)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert (answer.headers["Content-Type"], answer.headers["Vary"]) == (
            "text/javascript; charset=utf-8",
            "Accept-Encoding",
        )


@pytest.mark.parametrize("address", [static("log.js"), static("chat.js").replace("chat/", "chat/0"), static("..")])
async def test_what_is_not_of_this_version_is_not_here(http: httpx.AsyncClient, address: str) -> None:
    assert (await http.get(address)).status_code == 404


async def test_a_site_may_read_the_script_that_it_includes(http: httpx.AsyncClient) -> None:
    answer = await http.get("/widget.js")
    assert answer.content == (STATIC / "widget.js").read_bytes()
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Cross-Origin-Resource-Policy"]) == (
        "*",
        "cross-origin",
    )
    assert answer.headers["Cache-Control"] == "public, max-age=300"
