"""The campaigns that municipalities can start from: they work as they stand, read easily and take five minutes."""

import uuid

import pytest

from participation.campaigns import estimate, parts, templates
from participation.campaigns.checks import FEWEST_STATEMENTS
from participation.campaigns.making import checked
from participation.campaigns.templates import Template
from participation.difficult_words import found_in
from participation.language.readability import LEAST_EASE, MOST_WORDS, ease, sentences, words
from participation.models import CampaignPart, Statement
from participation.models.campaign import LONGEST_STATEMENT, PART_KINDS
from participation.text_fields import open_fields

EACH = pytest.mark.parametrize("template", templates.usual().values(), ids=lambda one: one.key)


def made(template: Template) -> list[CampaignPart]:
    """The parts, checked as they are when a draft is made."""
    found: list[CampaignPart] = []
    for position, part in enumerate(template.parts, start=1):
        condition = None
        if part.condition:
            earlier = found[part.condition[0] - 1]
            ids = [option["id"] for option in earlier.options if option["text"] in part.condition[1]]
            condition = {"part": str(earlier.id), "options": ids}
        asked = parts.checked(
            kind=part.typed.kind,
            text=part.typed.text,
            options=[("", line) for line in part.typed.lines.splitlines()],
            rules=part.typed.rules or {},
            condition=condition,
            before=found,
        )
        assert (asked.condition is None) == (part.condition is None)
        found.append(
            CampaignPart(
                id=uuid.uuid4(),
                position=position,
                kind=asked.kind,
                text=asked.text,
                options=asked.options,
                rules=asked.rules,
                condition=asked.condition,
            )
        )
    return found


@EACH
def test_it_can_be_made_as_it_stands_and_takes_five_minutes_at_most(template: Template) -> None:
    assert checked(template.texts) == template.texts
    found = made(template)
    statements = {
        part.id: [Statement(text=text) for text in one.statements]
        for part, one in zip(found, template.parts, strict=True)
    }
    assert all(len(text) <= LONGEST_STATEMENT for one in template.parts for text in one.statements)
    taken = estimate.seconds(intro=[template.texts.intro], parts=found, statements=statements)
    assert taken <= estimate.MOST_SECONDS


@EACH
def test_it_reads_easily(template: Template) -> None:
    texts = template.texts
    shown = [texts.title, texts.why, texts.intro, texts.thanks, texts.phase]
    shown += [part.typed.text for part in template.parts] + [text for one in template.parts for text in one.statements]
    every = [sentence for text in shown for sentence in sentences(text)]
    assert [sentence for sentence in every if len(words(sentence)) > MOST_WORDS] == []
    assert ease(" ".join(f"{text.rstrip('.')}." for text in shown)) >= LEAST_EASE
    assert ease(texts.why) >= LEAST_EASE
    assert found_in(" ".join(shown)) == {}


@EACH
def test_there_are_enough_statements_and_each_once(template: Template) -> None:
    for part in template.parts:
        assert len({text.casefold() for text in part.statements}) == len(part.statements)
        assert len(part.statements) == 0 or len(part.statements) >= FEWEST_STATEMENTS


def test_together_they_use_every_kind_and_leave_fields_to_fill() -> None:
    assert len(templates.usual()) >= 5
    assert {part.typed.kind for one in templates.usual().values() for part in one.parts} == set(PART_KINDS)
    assert any(open_fields(one.texts.why) for one in templates.usual().values())
