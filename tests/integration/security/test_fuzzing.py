"""Requests made from the OpenAPI document, with all checks: a short run of `./samenspel bench fuzz`."""

import asyncio
import json
from pathlib import Path

import httpx

from bench import fuzz, hostile

EXAMPLES = 5
"""A route and phase; `bench fuzz` takes five hundred."""


async def test_the_chat_api_keeps_to_its_own_document(port: int, tmp_path: Path) -> None:
    """With two municipalities: otherwise a conversation is opened for each of the 342."""
    url, document = f"http://127.0.0.1:{port}", tmp_path / "openapi.json"
    async with httpx.AsyncClient(base_url=url) as client:
        token = (await client.post("/api/v1/chat/gesprekken", json={"gemeente": "GM0344"})).json()["token"]
        told = (await client.get(fuzz.DOCUMENT)).json()
    told["components"]["schemas"]["NewConversation"]["properties"]["gemeente"]["enum"] = ["GM0344", "GM0307", None]
    document.write_text(json.dumps(told))
    run = fuzz.command(url, token, examples=EXAMPLES, seed=20_261_127, document=str(document))
    done = await asyncio.create_subprocess_exec(
        *run, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said = (await done.communicate())[0].decode()
    assert done.returncode == 0, said[-6000:]
    assert fuzz.counts(said)["generated"] > 80, said[-2000:]


async def test_the_document_tells_of_every_error_in_the_one_form_that_errors_have(http: httpx.AsyncClient) -> None:
    document = json.loads((await http.get(fuzz.DOCUMENT)).text)
    wrong = [
        f"{method} {path} {status}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, told in operation["responses"].items()
        if status >= "400" and list(told["content"]) != ["application/problem+json"]
    ]
    assert wrong == []


async def test_hostile_messages_are_answered_also_while_rasa_is_away(port: int) -> None:
    """Each kind once; `bench hostile` sends ten thousand, mixed, through Rasa as well."""
    figures = await hostile.run(f"http://127.0.0.1:{port}", count=len(hostile.ATOMS), seed=1)
    outcome = figures["outcome"]
    assert isinstance(outcome, dict)
    assert outcome.keys() <= {"answered", "apology"}
    assert sum(outcome.values()) == len(hostile.ATOMS)
