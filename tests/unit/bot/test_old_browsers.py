"""The scripts of the chat stay within what browsers from the spring of 2022 can do: docs/widget.md promises those.

That is Safari 15.4 (the iPhones that never got iOS 16), Chrome and Edge 88, Firefox 98. One construct that such a
browser does not know keeps the whole script from being read, or fails at the first message.
"""

import re
from pathlib import Path

import pytest

from bot.web.files import STATIC

TOO_NEW = {
    '"(?<!x)y"': r"\(\?<[!=]",
    "/x/v.test(y)": r"/[gimsuy]*[dv][gimsuy]*\.(?:exec|test)\(",
    "{ static { x(); } }": r"\bstatic \{",
    "#x in y": r"#\w+ in\b",
    "new Error(x, { cause: y })": r"\{ cause\b",
    "list.at(-1)": r"\.at\(",
    "list.findLast(x)": r"\.findLast(?:Index)?\(",
    "list.toSorted()": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "list.values().map(x)": r"\.(?:values|keys|entries)\(\)\.\w",
    "set.union(x)": r"\.(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(",
    "Object.hasOwn(x, y)": r"\bObject\.(?:hasOwn|groupBy)\b",
    "Map.groupBy(x, y)": r"\bMap\.groupBy\b",
    "Array.fromAsync(x)": r"\bArray\.fromAsync\b",
    "Promise.withResolvers()": r"\bPromise\.(?:withResolvers|try)\b",
    "structuredClone(x)": r"\bstructuredClone\b",
    "AbortSignal.timeout(x)": r"\bAbortSignal\.(?:any|timeout|abort)\b|\.throwIfAborted\(|\bsignal\.reason\b",
    "new TextDecoderStream()": r"\bText(?:De|En)coderStream\b",
    "URL.canParse(x)": r"\bURL\.(?:canParse|parse)\b",
    "new Intl.Segmenter(x)": r"\bIntl\.(?:Segmenter|DurationFormat)\b",
    "form.requestSubmit()": r"\.requestSubmit\(",
    "box.inert = true": r"\.inert\b",
    "box.ariaLabel = x": r"\.aria[A-Z]",
    "box.checkVisibility()": r"\.checkVisibility\(",
    "dialog.requestClose()": r"\.requestClose\(",
    "box.showPopover()": r"\.(?:show|hide|toggle)Popover\(",
    "document.startViewTransition(x)": r"\.startViewTransition\b",
    "scheduler.yield()": r"\bscheduler\.",
    'box.querySelector(":has(a)")': r":has\(",
    "dialog:modal { inset: 0 }": r":modal\b",
}
"""What came later, as an example with the pattern that finds it."""


@pytest.mark.parametrize("example", TOO_NEW)
def test_what_is_too_new_is_recognised(example: str) -> None:
    assert re.search(TOO_NEW[example], example)


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_script_holds_nothing_that_came_later(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    assert [example for example, pattern in TOO_NEW.items() if re.search(pattern, code)] == []
