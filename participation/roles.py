"""What each role may do. This table is the only place that says so; docs/beheerder.md shows it to people."""

GRIFFIER, MEDEWERKER, RAADSLID = "griffier", "medewerker", "raadslid"
CAMPAIGN_LEADER, BEHEERDER = "campagneleider", "beheerder"

HANDLE, MANAGE, REVEAL, NAMES = "behandelen", "beheren", "hele_tekst", "namen"
WRITE_QUESTIONS, PUBLISH_QUESTIONS, PEOPLE, LOG = "vragen", "vragen_in_chat", "mensen", "logboek"
CAMPAIGNS = "campagnes"
"""What there is to be allowed, beyond reading what the municipality shares."""

TABLE = """
rol             behandelen  beheren  hele_tekst  namen  vragen  vragen_in_chat  mensen  logboek  campagnes
griffier        ja          ja       ja          ja     ja      ja              ja      ja       ja
medewerker      ja          -        -           ja     ja      -               -       -        -
raadslid        -           -        -           ja     -       -               -       -        -
campagneleider  -           -        -           -      -       -               -       -        ja
beheerder       ja          ja       -           ja     -       -               ja      ja       ja
"""
"""`behandelen`: change statuses, answer residents, write texts. `beheren`: settings, periods, sources, publishing.
`hele_tekst`: read a contribution without its masks, for a reason, and correct these. `namen`: the names that residents
let the griffie and the council know. `vragen`: write own questions; `vragen_in_chat`: put them in the chat. `mensen`:
invite people, change what they may do, end their access. `logboek`: read the log. `campagnes`: make campaigns, look at
those of colleagues, start and end them, send messages about them."""


def _read(table: str) -> dict[str, frozenset[str]]:
    header, *lines = (line.split() for line in table.strip().splitlines())
    return {
        role: frozenset(right for right, cell in zip(header[1:], cells, strict=True) if cell == "ja")
        for role, *cells in lines
    }


RIGHTS = _read(TABLE)
ROLES = tuple(RIGHTS)


def may(role: str, right: str) -> bool:
    """Whether a role has a right; a role that is not in the table has none."""
    return right in RIGHTS.get(role, frozenset())


def may_give(giver: str, role: str) -> bool:
    """Whether somebody with the first role may give or take the second: only a beheerder makes a beheerder."""
    return may(giver, PEOPLE) and role in RIGHTS and (role != BEHEERDER or giver == BEHEERDER)


def with_right(right: str) -> frozenset[str]:
    """The roles that have a right."""
    return frozenset(role for role, rights in RIGHTS.items() if right in rights)
