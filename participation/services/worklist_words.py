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
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.models import Contribution, WorklistItem, WorklistWord
from participation.services.references import parse_reference

MAX_CHARACTERS, MAX_TERMS = 200, 12
MANY = 4000
"""What is found more often is looked up the other way round: for each item whether it is among what was found."""

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
    is_common: bool = False
    """The only word that has to occur does so in more than MANY contributions."""

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

    def items(self, municipality_code: str) -> "Searched":
        """Return the items to choose from: those in which it is found, or all with what has to hold of them.

        What is found is gathered first, apart from all filters: guessing how often a word occurs among filtered rows,
        PostgreSQL may otherwise choose a plan that takes minutes.
        """
        if self.typed and not self.terms and not self.reference:  # only words such as "de", which stand everywhere
            return Searched(WorklistItem, (false(),))
        if (found := self._found(municipality_code)) is None:
            excluded = (_with_term(term, municipality_code) for term in self.terms)
            return Searched(WorklistItem, tuple(WorklistItem.contribution_id.not_in(one) for one in excluded))
        ids = select(_gathered(found, "found").c.contribution_id)
        if self.is_common:
            # IS TRUE keeps PostgreSQL from joining, which it does by looking up thousands of items one by one.
            among = WorklistItem.contribution_id.in_(ids).is_(True)
            number = select(func.count()).select_from(ids.distinct().subquery()).scalar_subquery()
            return Searched(WorklistItem, (among,), number)
        hits = select(WorklistItem).where(
            WorklistItem.municipality_code == municipality_code, WorklistItem.contribution_id.in_(ids)
        )
        return Searched(aliased(WorklistItem, _gathered(hits, "hits")))

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


@dataclass(frozen=True)
class Searched:
    """Items to choose from, and what has to hold of them for something to be found in them.

    `number` counts them without reading the items, where nothing else has to hold.
    """

    item: type[WorklistItem]
    conditions: tuple[ColumnElement[bool], ...] = ()
    number: ColumnElement[int] | None = None


async def understand(session: AsyncSession, *, municipality_code: str, typed: str) -> Search:
    """Read what was typed: words, "words in a row", -words that must not occur, or a reference.

    A word that occurs nowhere is replaced by the likest one that does; at most four queries, whatever was typed.
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
    wanted = [term for term in terms if not term.is_excluded]
    if not wanted:
        return Search(typed, tuple(terms))
    occurs = await _occurs(session, code, wanted)
    missing = [term for term, times in occurs.items() if not times and not term.is_phrase and len(term.stems) == 1]
    mended: dict[Term, Term] = {}
    if missing:
        known = await _words_like(session, code, missing)
        near = {term: _nearest(term.stems[0], known) for term in missing}
        commonest = await _by_occurrence(session, code, {word for words in near.values() for word in words})
        for term, words in near.items():
            if words:
                mended[term] = Term(term.typed, (min(words, key=commonest.index),))
    return Search(
        typed,
        tuple(mended.get(term, term) for term in terms),
        mended=tuple(term.typed for term in mended),
        is_common=len(wanted) == 1 and all(times > MANY for times in occurs.values()),
    )


async def _occurs(session: AsyncSession, code: str, terms: list[Term]) -> dict[Term, int]:
    """Count in how many contributions the rarest stem of each term occurs, up to MANY and one."""
    counts = [
        func.least(*(_up_to_many(_ways(code, stem, term.beginning)) for stem in term.stems), MANY + 1) for term in terms
    ]
    return dict(zip(terms, (await session.execute(select(*counts))).one(), strict=True))


def _up_to_many(ways: list[Select[UUID]]) -> ColumnElement[int]:
    together = (union_all(*ways) if len(ways) > 1 else ways[0]).limit(MANY + 1).subquery()
    return select(func.count()).select_from(together).scalar_subquery()


async def _words_like(session: AsyncSession, code: str, terms: list[Term]) -> list[str]:
    """Return the words that begin as these or sound so, by stepping from one word to the next."""
    letters = {term.stems[0][0] for term in terms}
    letters |= {like for letter in letters for like in _SOUNDS_LIKE.get(letter, "")}
    found = await session.scalars(
        union_all(*(_steps(code, letter, number) for number, letter in enumerate(sorted(letters))))
    )
    return sorted(word for word in found if word)


def _steps(code: str, letter: str, number: int) -> Select[str]:
    first = select(func.min(WorklistWord.word).label("word"))
    first = first.where(WorklistWord.municipality_code == code, _starts_with(letter))
    step = first.cte(f"steps_{number}", recursive=True)
    following = (
        select(func.min(WorklistWord.word))
        .where(
            WorklistWord.municipality_code == code, WorklistWord.word > step.c.word, WorklistWord.word < letter + LAST
        )
        .scalar_subquery()
    )
    steps = step.union_all(select(following).where(step.c.word.is_not(None)))
    return select(steps.c.word)


def _nearest(stem: str, known: list[str]) -> list[str]:
    """The likest words: those with fewest wrong, missing, surplus or swapped letters (1 at most; 2 in a long word)."""
    most = 1 if len(stem) < 7 else 2
    if len(stem) < 4:
        return []
    near = process.extract(stem, known, scorer=OSA.distance, score_cutoff=most, limit=20)
    return [word for word, distance, _ in near if distance == near[0][1]]


async def _by_occurrence(session: AsyncSession, code: str, words: set[str]) -> list[str]:
    """Return these words, the commonest first."""
    if len(words) < 2:
        return list(words)
    rows = await session.scalars(
        select(WorklistWord.word)
        .where(WorklistWord.municipality_code == code, WorklistWord.word.in_(words))
        .group_by(WorklistWord.word)
        .order_by(func.count().desc(), WorklistWord.word)
    )
    return list(rows)


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
    """Select the contributions with this stem, or with a word that starts as was typed; some more than once."""
    ways = _ways(code, stem, beginning)
    return union_all(*ways) if len(ways) > 1 else ways[0]


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
