"""One theme has one name everywhere, and what Rasa knows, the answer library and the action server agree on."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.server import ACTIONS
from participation import content
from participation.campaigns import offering

ROOT = Path(__file__).parents[3]
RASA_ITSELF = {"nlu_fallback"}
"""Intents that Rasa makes: never in training examples nor in the domain."""


def stems(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob("*.yml")}


def loaded(folder: str) -> dict[str, dict[str, Any]]:
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).glob("*.yml"))
    }


def examples() -> dict[str, set[str]]:
    """The intents of each file with training sentences."""
    return {
        name: {entry["intent"] for entry in file["nlu"] if "intent" in entry} for name, file in loaded("nlu").items()
    }


def domain_intents() -> list[str]:
    return [intent for file in loaded("domain").values() for intent in file.get("intents", [])]


def domain_actions() -> list[str]:
    return [action for file in loaded("domain").values() for action in file.get("actions", [])]


def in_stories(key: str) -> set[str]:
    """All intents, or all actions, that a rule or a story names."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get(key), str):
                found.add(node[key])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    for file in loaded("stories").values():
        walk(file)
    return found


def test_every_theme_with_examples_is_answered_or_handled() -> None:
    handled = stems("domain") & stems("stories")
    assert stems("nlu") - stems("content/antwoorden") - handled == set()


def test_every_group_of_answers_has_examples_and_is_loaded() -> None:
    assert stems("content/antwoorden") == set(content.GROUPS)
    assert stems("content/antwoorden") - stems("nlu") == set()


def test_domain_and_stories_have_the_same_themes() -> None:
    assert stems("domain") == stems("stories")


@pytest.mark.parametrize("group", [group for group in content.GROUPS if group != "doorverwijzen"])
def test_the_examples_of_a_group_are_those_of_its_answers(group: str) -> None:
    answered = {f"vraag/{answer.topic}" for answer in content.answers().values() if answer.group == group}
    assert examples()[group] == answered


def test_each_referral_is_an_intent_with_examples_and_an_answer() -> None:
    answered = {answer.topic for answer in content.answers().values() if answer.group == "doorverwijzen"}
    assert examples()["doorverwijzen"] == answered == set(loaded("domain")["doorverwijzen"]["intents"])


def test_an_intent_stands_in_one_file_only() -> None:
    everywhere = [intent for file in examples().values() for intent in file]
    assert sorted(set(everywhere)) == sorted(everywhere)
    assert sorted(set(domain_intents())) == sorted(domain_intents())


def test_every_intent_has_examples_and_a_rule() -> None:
    taught = {intent.split("/")[0] for file in examples().values() for intent in file}
    assert taught == set(domain_intents())
    assert in_stories("intent") - RASA_ITSELF == set(domain_intents())


def test_every_action_is_in_the_domain_and_registered() -> None:
    registered = [action(None).name() for action in ACTIONS]  # type: ignore[arg-type]  # names need no surroundings
    assert sorted(registered) == sorted(domain_actions())


def test_rules_name_only_actions_and_forms_that_exist() -> None:
    forms = {form for file in loaded("domain").values() for form in file.get("forms", {})}
    built_in = {"action_listen", "action_deactivate_loop", "action_restart", "action_default_fallback"}
    assert in_stories("action") - built_in - set(domain_actions()) - forms == set()


def test_every_fixed_text_that_the_code_asks_for_exists() -> None:
    used: set[str] = set()
    for folder in ("actions", "bot", "participation"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r'content\.text\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert len(used) > 20
    assert used - set(content.texts()) == set()


def test_every_intent_that_says_a_fixed_text_has_one() -> None:
    rules = [rule for file in loaded("stories").values() for rule in file["rules"]]
    said: set[str] = set()
    for rule in rules:
        if {"action": "action_tekst"} in rule["steps"]:
            for step in rule["steps"]:
                said |= {part["intent"] for part in step.get("or", [step]) if "intent" in part}
    assert said
    assert said - set(content.texts()) == offering.INTENTS  # what they say depends on which campaigns run


def test_a_choice_the_bot_offers_is_an_intent() -> None:
    assert set(content.texts()["keuze"]) - set(domain_intents()) == set()
