"""What somebody looks for, as words of the work list: Dutch stems, beginnings of words, and a cure for typing errors.

Row-level security keeps PostgreSQL from using a full-text index (its operator may leak what it reads), so the words of
PostgreSQL's Dutch configuration stand in a table, `worklist_word`. See docs/adr/0012.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    false,
    func,
    intersect,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.models import Contribution, WorklistItem, WorklistWord
from participation.services.references import parse_reference

MAX_CHARACTERS, MAX_TERMS = 200, 12
SHORTEST_BEGINNING = 4
"""A word of fewer letters finds itself only: too many words begin with three letters."""

LAST = "\U0010ffff"
_TERMS = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')
_SOUNDS_LIKE = {"f": "v", "v": "f", "s": "z", "z": "s", "c": "ks", "k": "c", "i": "y", "y": "i", "g": "h", "h": "g"}
"""First letters that people confuse, by how Dutch sounds."""

_STEMS = text(
    "SELECT number, coalesce(tsvector_to_array(to_tsvector('dutch', typed)), '{}') "
    "FROM unnest(:typed) WITH ORDINALITY AS terms (typed, number) ORDER BY number"
).bindparams(bindparam("typed", type_=ARRAY(Text)))


@dataclass(frozen=True)
class Term:
    """One typed word or group of words, and what is looked for: all of `stems`, or words that start as `beginning`."""

    typed: str
    stems: tuple[str, ...]
    beginning: str = ""
    is_phrase: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class Search:
    """What is looked for. Nothing at all finds everything."""

    typed: str = ""
    terms: tuple[Term, ...] = ()
    reference: str | None = None
    mended: tuple[str, ...] = field(default=())
    """What was typed and does not occur; words like it are looked for instead."""

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that have to occur."""
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def highlight(self) -> str:
        """Which words to mark, as a tsquery; empty for none."""
        exact = {f"'{_quoted(stem)}'" for term in self.wanted for stem in term.stems}
        starts = {f"'{_quoted(term.beginning)}':*" for term in self.wanted if term.beginning}
        return " | ".join(sorted(exact | starts))

    def items(self, municipality_code: str) -> type[WorklistItem]:
        """Return the items in which it is found; all items when nothing has to occur.

        What is found is gathered first, apart from all filters: guessing how often a word occurs among filtered rows,
        PostgreSQL may otherwise choose a plan that takes minutes.
        """
        if (found := self._found(municipality_code)) is None:
            return WorklistItem
        ids = _gathered(found, "found")
        hits = select(WorklistItem).where(
            WorklistItem.municipality_code == municipality_code, WorklistItem.contribution_id == ids.c.contribution_id
        )
        return aliased(WorklistItem, _gathered(hits, "hits"))

    def conditions(self, item: type[WorklistItem], municipality_code: str) -> list[ColumnElement[bool]]:
        """Say what must not occur, where nothing has to."""
        if self.wanted or self.reference:
            return []
        if self.typed and not self.terms:  # only words such as "de" and "een", which stand everywhere
            return [false()]
        return [
            item.contribution_id.not_in(_with_term(term, municipality_code)) for term in self.terms if term.is_excluded
        ]

    def _found(self, code: str) -> Select[UUID] | CompoundSelect[UUID] | None:
        if self.reference:
            return _with_reference(self.reference, code)
        if not self.wanted:
            return None
        of_terms = [_with_term(term, code) for term in self.wanted]
        found = (intersect(*of_terms) if len(of_terms) > 1 else of_terms[0]).subquery()
        query = select(found.c.contribution_id)
        for term in self.terms:
            if term.is_excluded:
                query = query.where(found.c.contribution_id.not_in(_with_term(term, code)))
        return query


async def understand(session: AsyncSession, *, municipality_code: str, typed: str) -> Search:
    """Read what was typed: words, "words in a row", -words that must not occur, or a reference.

    A word that occurs nowhere is replaced by the likest one that does; at most three queries, whatever was typed.
    """
    typed = " ".join(typed.replace("\0", "").split())[:MAX_CHARACTERS]
    if not typed:
        return Search()
    if reference := parse_reference(typed):
        return Search(typed, reference=reference)
    parts = _TERMS.findall(typed)[:MAX_TERMS]
    rows = await session.execute(_STEMS, {"typed": [phrase or word for _, phrase, word in parts]})
    terms = [
        Term(
            typed=phrase or word,
            stems=tuple(stems),
            beginning=_beginning(word, stems),
            is_phrase=bool(phrase),
            is_excluded=bool(minus),
        )
        for (minus, phrase, word), (_, stems) in zip(parts, rows.all(), strict=True)
        if stems
    ]
    return await _mend(session, municipality_code, typed, terms)


async def _mend(session: AsyncSession, code: str, typed: str, terms: list[Term]) -> Search:
    candidates = [term for term in terms if not term.is_excluded and not term.is_phrase and len(term.stems) == 1]
    missing = await _missing(session, code, candidates)
    if not missing:
        return Search(typed, tuple(terms))
    known = await _words_like(session, code, missing)
    mended: dict[Term, Term] = {}
    for term in missing:
        if near := _nearest(term.stems[0], known):
            mended[term] = Term(term.typed, (near,))
    return Search(typed, tuple(mended.get(term, term) for term in terms), mended=tuple(term.typed for term in mended))


async def _missing(session: AsyncSession, code: str, terms: list[Term]) -> list[Term]:
    if not terms:
        return []
    there = [or_(*(query.exists() for query in _ways(code, term.stems[0], term.beginning))) for term in terms]
    found = (await session.execute(select(*there))).one()
    return [term for term, occurs in zip(terms, found, strict=True) if not occurs]


async def _words_like(session: AsyncSession, code: str, terms: list[Term]) -> dict[str, int]:
    """Return the words that begin as these or sound so, with how many contributions have them."""
    letters = {term.stems[0][0] for term in terms}
    letters |= {like for letter in letters for like in _SOUNDS_LIKE.get(letter, "")}
    rows = await session.execute(
        select(WorklistWord.word, func.count())
        .where(
            WorklistWord.municipality_code == code,
            or_(*(_starts_with(letter) for letter in sorted(letters))),
        )
        .group_by(WorklistWord.word)
    )
    return dict(rows.all())


def _nearest(stem: str, known: dict[str, int]) -> str | None:
    """The likest word: fewest wrong, missing, surplus or swapped letters (1; 2 in a long word), then the commonest."""
    most = 1 if len(stem) < 7 else 2
    if len(stem) < 4:
        return None
    near = process.extract(stem, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=20)
    return min(near, key=lambda match: (match[1], -known[match[0]], match[0]))[0] if near else None


def _beginning(word: str, stems: list[str]) -> str:
    plain = word.lower()
    return plain if len(stems) == 1 and len(plain) >= SHORTEST_BEGINNING and plain.isalpha() else ""


def _gathered(query: Select[Any] | CompoundSelect[Any], name: str) -> CTE:
    return query.cte(name).prefix_with("MATERIALIZED")


def _with_term(term: Term, code: str) -> Select[UUID]:
    """Select the contributions that have a term: all its stems, and where it is a phrase in that order."""
    of_stems = [_words(code, stem, term.beginning) for stem in term.stems]
    stems = (intersect(*of_stems) if len(of_stems) > 1 else of_stems[0]).subquery()
    if not term.is_phrase or len(term.stems) == 1:
        return select(stems.c.contribution_id)
    vector = func.to_tsvector("dutch", Contribution.masked_text)
    return select(Contribution.id.label("contribution_id")).where(
        Contribution.municipality_code == code,
        Contribution.id.in_(select(stems.c.contribution_id)),
        Contribution.masked_at.is_not(None),
        vector.bool_op("@@")(func.phraseto_tsquery("dutch", term.typed)),
    )


def _words(code: str, stem: str, beginning: str) -> Select[UUID] | CompoundSelect[UUID]:
    """Select the contributions with this stem, or with a word that starts as was typed."""
    ways = _ways(code, stem, beginning)
    return union(*ways) if len(ways) > 1 else ways[0]


def _ways(code: str, stem: str, beginning: str) -> list[Select[UUID]]:
    of_municipality = select(WorklistWord.contribution_id).where(WorklistWord.municipality_code == code)
    exact = of_municipality.where(WorklistWord.word == stem)
    return [exact, of_municipality.where(_starts_with(beginning))] if beginning else [exact]


def _starts_with(beginning: str) -> ColumnElement[bool]:
    """As two comparisons: of these PostgreSQL knows that they leak nothing, of LIKE it does not."""
    return and_(WorklistWord.word >= beginning, WorklistWord.word < beginning + LAST)


def _with_reference(reference: str, code: str) -> Select[UUID]:
    return select(Contribution.id.label("contribution_id")).where(
        Contribution.reference == reference, Contribution.municipality_code == code
    )


def _quoted(stem: str) -> str:
    return stem.replace("\\", "\\\\").replace("'", "''")
