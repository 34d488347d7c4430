"""Everything that is logged can be read, and be asked for."""

import ast
import re
from pathlib import Path

from desk import log_words
from participation.services.audit_log import KINDS, OTHER

ROOT = Path(__file__).parents[3]
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
HELPERS = {"record", "record_about_person", "_record", "note_failure"}
MENTIONED = re.compile(rf"action=|\b({'|'.join(sorted(HELPERS))})\(")
"""Only a file with one of these can log something; reading all as code takes seconds."""


def logged() -> set[str]:
    """The constant actions that the code hands to the log."""
    found: set[str] = set()
    for folder in ("participation", "desk", "actions", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            if not MENTIONED.search(code):
                continue
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.Call):
                    given = [word.value for word in node.keywords if word.arg == "action"]
                    given += node.args if _name(node) in HELPERS else []
                    constants = [one for part in given for one in ast.walk(part) if isinstance(one, ast.Constant)]
                    found |= {one.value for one in constants if isinstance(one.value, str)}
    return {one for one in found if ACTION.fullmatch(one)}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_action_in_the_code_has_words() -> None:
    found = logged()
    assert len(found) > 20
    assert found - log_words.ACTIONS.keys() == set()


def test_every_action_belongs_to_a_kind_and_every_kind_has_a_name() -> None:
    prefixes = {pattern for patterns in KINDS.values() for pattern in patterns}
    assert [one for one in log_words.ACTIONS if f"{one.partition('.')[0]}." not in prefixes] == []
    assert log_words.KINDS.keys() == KINDS.keys() | {OTHER}


def test_an_action_without_words_can_still_be_read() -> None:
    assert log_words.action("iets.heel_nieuws") == "Iets: heel nieuws"


def test_particulars_read_as_words() -> None:
    details = {"van": "ontvangen", "naar": ["zorg", "overig"], "gedeeld": True, "leeg": None, "regels": 3}
    assert log_words.details(details, {}) == "van: Ontvangen, nu: Zorg, Overig, gedeeld: ja, regels: 3"
    assert log_words.details({"naar": "id-1"}, {"id-1": "Anna"}) == "nu: Anna"
    assert log_words.details({"van": [None, "overig"], "naar": [None, None]}, {}) == (
        "van: Geen soort, Overig, nu: Geen soort, geen thema"
    )


def test_what_a_setting_was_and_became_can_be_read_whatever_its_shape() -> None:
    told = log_words.details
    assert (
        told({"wat": "kleuren", "van": None, "naar": {"header": "#cc0000"}}, {}) == "wat: Kleuren, nu: header #cc0000"
    )
    assert told({"van": {"ontvangen": 3}, "naar": None}, {}) == "van: Ontvangen 3"
    assert told({"naar": [["Zuid", ["Zuidwest"]], ["Noord", []]]}, {}) == "nu: Zuid, Zuidwest, Noord, "
    assert told({"naar": ["groen", "verkeer", "wonen"]}, {}) == "nu: groen, verkeer, wonen"
    assert told({"nieuw": ["zorg", "zorg"]}, {}).startswith("nieuw: Zorg, ")
