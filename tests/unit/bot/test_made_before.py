"""Files that were made for an earlier visitor."""

import asyncio

from bot.web import made_before
from bot.web.made_before import MadeBefore


async def test_many_visitors_at_once_have_it_made_once_and_other_content_is_another_file() -> None:
    files, made = MadeBefore(), []

    def make() -> bytes:
        made.append(1)
        return str(len(made)).encode()

    found = await asyncio.gather(*(files.get("pdf", {"titel": "a"}, make) for _ in range(5)))
    assert found == [b"1"] * 5
    others = [await files.get("pdf", {"titel": "b"}, make), await files.get("beeld", {"titel": "a"}, make)]
    assert others == [b"2", b"3"]


async def test_those_that_nobody_asked_for_lately_go_first(monkeypatch) -> None:
    monkeypatch.setattr(made_before, "MOST", 2)
    files, made = MadeBefore(), []
    for title in "abaca":
        await files.get("pdf", {"titel": title}, lambda title=title: made.append(title) or b"")
    assert made == ["a", "b", "c"]
    await files.get("pdf", {"titel": "b"}, lambda: made.append("b") or b"")
    assert made == ["a", "b", "c", "b"]
