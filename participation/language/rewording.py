"""Whether somebody who comes back to what they passed on wants other words there, or more words beside them."""

import re

_CORRECTS = re.compile(
    r"\b(?:ge)?wijzig|\bverander|\bvera?ndern|\baan(?:ge|te)?pass?|\bpas\b.{1,40}\baan\b|\bverbeter|\bnuanceren"
    r"|\bcorrig|\bcorrectie|\bgecorrigeerd|\brectific|\bherschr|\bherstel|\bop ?nieuw\b|\bnieuwe (?:tekst|versie)"
    r"|\b(?:type?)?fout|\bonjuist|\bverkeer[dt]e?\b|\bper ongeluk|\babusievelijk|\bklopt? (?:iets )?niet\b|\bniet klopt"
    r"|\bmoet zijn\b|\bdient .{1,40} te zijn\b|\bin plaats van\b|\bkan dat anders\b"
    r"|\beruit\b|\bhaal\b.{1,60}\buit\b|\bverwijder",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\btoe ?voeg|\bvoeg\b|\baanvul|\bvul\b.{1,40}\baan\b|\berbij\b|\bd'?r ?bij\b|\bbij (?:doen|zetten|typen)\b"
    r"|\bmoet nog\b|\bvergeten\b",
    re.IGNORECASE,
)


def corrects(text: str) -> bool:
    """Whether the words that are there have to change. Who also speaks of adding, adds: that takes nothing away."""
    return _CORRECTS.search(text) is not None and _ADDS.search(text) is None
