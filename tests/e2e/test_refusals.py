"""What the chat API refuses, in words that a resident can act on."""

import httpx
import pytest

from tests.e2e.resident import API, Resident

KIB = 1024


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, type and title of an error; its body says the same status."""
    body = answer.json()
    assert sorted(body) == ["detail", "status", "title", "type"]
    assert body["status"] == answer.status_code
    return answer.status_code, answer.headers["content-type"], body["title"]


NO_CONVERSATION = (401, "application/problem+json", "Geen gesprek")


def forged(token: str) -> list[str]:
    """Tokens that look like a real one and are not."""
    head, _, signature = token.rpartition(".")
    return [f"{head}.{signature[::-1]}", f"{token}x", head, "x"]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "berichten"), ("GET", "gebeurtenissen"), ("GET", "gesprekken/huidig")]
)
async def test_without_a_valid_token_there_is_no_conversation(resident: Resident, method: str, path: str):
    """The token itself works: the same requests go through with it."""
    body = {"tekst": "Hallo"} if method == "POST" else None
    assert (await resident.http.get(f"{API}/gesprekken/huidig", headers=resident.headers)).status_code == 200
    headers = [{"Authorization": f"Bearer {token}"} for token in forged(resident.token)]
    for wrong in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": resident.token},
        {"Authorization": "Basic eDp5"},
        *headers,
    ):
        answer = await resident.http.request(method, f"{API}/{path}", json=body, headers=wrong)
        assert problem(answer) == NO_CONVERSATION
    assert await resident.typed() == []


async def test_a_button_of_another_conversation_does_nothing(opens):
    owner, stranger = await opens("GM0344"), await opens("GM0344")
    text = "De glasbak op het plein zit al twee weken vol."
    await owner.presses("Ik wil iets doorgeven")
    await owner.says(text)
    answer = await stranger.post(keuze=owner.button("Ja, geef dit door"))
    [refused] = answer.json()["berichten"]
    assert (refused["soort"], refused["tekst"]) == (
        "fout",
        "Deze knop werkt niet meer. Typ wat u wilt vragen of doorgeven.",
    )
    assert (await owner.contributions(), await stranger.contributions()) == ([], [])
    await owner.presses("Ja, geef dit door")
    assert [row["text"] for row in await owner.contributions()] == [text]


async def test_a_made_up_button_does_nothing(resident: Resident):
    answer = await resident.post(keuze="A" * 22)
    assert [message["soort"] for message in answer.json()["berichten"]] == ["fout"]


WRONG_TURNS = [
    ({}, "body"),
    ({"tekst": "Hallo", "keuze": "x"}, "body"),
    ({"tekst": 5}, "tekst"),
    ({"tekst": "Hallo", "metadata": {"gemeente": "GM0307"}}, "metadata"),
    ({"tekst": "Hallo", "bericht_id": ""}, "bericht_id"),
    ({"tekst": "Hallo", "bericht_id": "x" * 65}, "bericht_id"),
    ({"keuze": "x" * 65}, "keuze"),
]


@pytest.mark.parametrize(("body", "part"), WRONG_TURNS)
async def test_a_wrong_turn_names_the_part_that_is_wrong(resident: Resident, body: dict, part: str):
    answer = await resident.post(**body)
    assert problem(answer) == (422, "application/problem+json", "Verzoek onjuist")
    assert answer.json()["detail"] == f"Dit deel van het verzoek klopt niet: {part}."
    assert await resident.typed() == []


async def test_what_is_not_json_is_refused_without_repeating_it(resident: Resident):
    headers = resident.headers | {"Content-Type": "application/json"}
    answer = await resident.http.post(f"{API}/berichten", content=b"{geheim", headers=headers)
    assert problem(answer) == (422, "application/problem+json", "Verzoek onjuist")
    assert "geheim" not in answer.text


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"gemeente": "GM9999"}, "Gemeente onbekend"),
        ({"gemeente": "Utrecht"}, "Verzoek onjuist"),
        ({"taal": "nederlands"}, "Verzoek onjuist"),
        ({"campagne": "x" * 65}, "Verzoek onjuist"),
        ({"inwoner": "x"}, "Verzoek onjuist"),
    ],
)
async def test_a_conversation_that_cannot_be_is_not_opened(http: httpx.AsyncClient, body: dict, title: str):
    assert problem(await http.post(f"{API}/gesprekken", json=body)) == (422, "application/problem+json", title)


async def test_a_body_that_is_too_large_is_refused(resident: Resident):
    answer = await resident.post(tekst="a" * 300 * KIB)
    assert problem(answer) == (413, "application/problem+json", "Te groot")


async def test_a_body_that_hides_how_large_it_is_is_refused_too(resident: Resident):
    async def pieces():
        yield b'{"tekst": "'
        for _ in range(300):
            yield b"a" * KIB
        yield b'"}'

    headers = resident.headers | {"Content-Type": "application/json"}
    answer = await resident.http.post(f"{API}/berichten", content=pieces(), headers=headers)
    assert problem(answer) == (413, "application/problem+json", "Te groot")
    assert await resident.typed() == []


async def test_a_long_text_is_kept_up_to_the_limit_and_the_resident_is_told(resident: Resident):
    await resident.presses("Ik wil iets doorgeven")
    notice, *_ = await resident.says("De stoep is kapot. " * 600)
    assert notice["tekst"].startswith("Uw tekst is erg lang. Ik kan tot 10.000 tekens bewaren.")
    await resident.presses("Ja, geef dit door")
    [row] = await resident.contributions()
    assert row["text"] == ("De stoep is kapot. " * 600)[:10_000].strip()


async def test_a_path_that_does_not_exist_is_a_problem_too(http: httpx.AsyncClient):
    assert problem(await http.get("/api/v1/chat/bestaat-niet")) == (404, "application/problem+json", "Niet gevonden")
