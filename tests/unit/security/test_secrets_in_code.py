"""What the code may not do with secrets, looked up in the code itself."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, profiles

from participation.services import passwords

ROOT = Path(__file__).parents[3]
PACKAGES = ("actions", "bot", "desk", "nlu", "participation", "web")
SECRET = re.compile(r"secret|token|signature|password|wachtwoord|csrf|hmac|digest|nonce|pseudonym|otp|hash", re.I)
LOGGED = re.compile(r"secret|token|password|wachtwoord|text|tekst|email|pseudonym|typed|body", re.I)

COMPARED = {
    "CodeAttempt.reference_hash == about",
    "Invitation.token_hash == _hash(token)",
    "DeskSession.token_hash == token_hash(token)",
    "DeskSession.token_hash != token_hash(token)",
    "Resident.pseudonym == pseudonym",
    "Incoming.sender == subject.pseudonym",
    "hashlib.sha256(before + row.content.encode()).digest() != row.hash",
    "row.now_hash != row.words_hash",
    "len(bytes.fromhex(digest)) == hashlib.sha256().digest_size",
    "seal.hash == noted.hash",
}
"""Comparisons that may be: a look-up in the database by a hash or pseudonym, whose time tells nothing of what was
hashed, and the chain of the log, which holds no secrets."""


KINDS = (ast.Compare, ast.Call, ast.Import)


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """What of the code is looked at here, with where it stands; parsed once."""
    return [
        (path.relative_to(ROOT), node)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, KINDS)
    ]


def calls(*names: str) -> Iterator[tuple[Path, ast.Call, ast.Attribute]]:
    """Calls of methods with one of these names."""
    for path, node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield path, node, node.func


def word(node: ast.expr) -> str:
    """What an expression is called, as far as it has a name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Call(func=called):
            return word(called)
        case ast.Subscript(value=whole, slice=ast.Constant(value=str(key))):
            return f"{word(whole)} {key}"
    return ""


def test_secrets_are_compared_in_constant_time() -> None:
    """With == the time that a refusal takes tells how much of a guess was right."""
    found = {
        ast.unparse(node)
        for _, node in nodes()
        if isinstance(node, ast.Compare)
        and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops)
        and any(SECRET.search(word(side)) for side in (node.left, *node.comparators))
    }
    assert found == COMPARED


def test_the_lint_above_sees_a_comparison_that_may_not_be() -> None:
    [node] = [
        one for one in ast.walk(ast.parse("request.headers['x-secret'] == given")) if isinstance(one, ast.Compare)
    ]
    assert SECRET.search(word(node.left))


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    found = {
        str(path): {one.arg: ast.unparse(one.value) for one in call.keywords} for path, call, _ in calls("set_cookie")
    }
    assert {path: (flags["httponly"], flags["samesite"]) for path, flags in found.items()} == {
        "bot/web/plain.py": ("True", "'lax'"),
        "desk/access.py": ("True", "'lax'"),
    }
    assert all("https:" in flags["secure"] for flags in found.values())
    assert all("path" in flags and flags["path"] != "'/'" for flags in found.values())


def test_nothing_is_logged_that_says_who_or_what() -> None:
    """Log lines hold ids, counts and kinds of errors."""
    wrong = [
        f"{path}:{call.lineno} {ast.unparse(call)}"
        for path, call, method in calls("debug", "info", "warning", "error", "exception", "critical")
        if "log" in word(method.value).lower()
        for argument in call.args[1:]
        if LOGGED.search(word(argument))
    ]
    assert wrong == []


def test_passwords_cost_an_attacker_what_rfc_9106_advises() -> None:
    """Not less than its second recommended choice (64 MiB, three passes), and argon2id."""
    hasher, least = passwords._hasher, profiles.RFC_9106_LOW_MEMORY
    assert isinstance(hasher, PasswordHasher)
    assert (hasher.type, hasher.memory_cost >= least.memory_cost, hasher.time_cost >= least.time_cost) == (
        least.type,
        True,
        True,
    )
    assert (hasher.hash_len, hasher.salt_len) == (least.hash_len, least.salt_len)
    assert passwords.hashed("een lange zin 123").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_no_random_that_can_be_guessed_is_used_for_what_opens_something() -> None:
    """`random` is for drawing samples; tokens, codes and ids come from `secrets` or `uuid4`."""
    users = {
        str(path)
        for path, node in nodes()
        if isinstance(node, ast.Import) and any(one.name == "random" for one in node.names)
    }
    opening = re.compile(r"token|code|session|invit|secret|link|reference|password|sealing|pseudonym")
    assert {path for path in users if opening.search(path)} == set()
