"""A yes, a no, a refusal, skipping, going back and leaving it: the wordings that everything in the chat goes by."""

import re

_YES = re.compile(
    r"(ja+|ja ja|jawel|jazeker|jep|yes|ok|oke|oké|okee|okay|klopt|klopt helemaal|prima|goed|goed zo|akkoord|"
    r"doe maar|graag|zeker|dat klopt|dat mag|dat wil ik|doe dat maar|ik weet het zeker)"
    r"( (hoor|ja|zeker|klopt|dat klopt|dat mag|dat wil ik|doe maar|doe dat maar|graag|prima|goed|goed zo|akkoord|ok|"
    r"oke|oké|okay|ik weet het zeker|verstuur|verstuur maar|geef door|geef het door))?"
)
_NO = re.compile(r"(nee+|neen|neuh|nope|nee hoor|nee nee|klopt niet|dat klopt niet|nee klopt niet|niet goed|fout)")
_REFUSALS = frozenset(
    {
        *("nee dank u", "nee dank je", "nee bedankt", "liever niet", "toch niet", "niet", "doe maar niet"),
        *("niet nodig", "hoeft niet", "dat hoeft niet", "hoeft voor mij niet", "hoeft niet hoor", "laat maar"),
        *("wil ik niet", "dat wil ik niet", "ik wil dat niet", "ik wil niet", "zeg ik niet", "dat zeg ik niet"),
        *("weet ik niet", "ik weet het niet", "weet niet", "geen idee", "geen zin in", "daar heb ik geen zin in"),
        *("zonder naam", "liever zonder naam", "liever zonder", "geen naam", "niemand", "anoniem", "liever anoniem"),
        *("ik blijf liever anoniem", "ik blijf anoniem", "ik wil anoniem blijven", "dat gaat u niets aan"),
    }
)
_ENDS = frozenset(
    {
        *("stop", "stop maar", "nee stop", "stoppen", "ik wil stoppen", "annuleren", "annuleer"),
        *("nee", "neen", "nee hoor", "nee dank u", "nee dank je", "nee bedankt", "toch niet", "nee toch niet"),
        *("laat maar", "nee laat maar", "niets", "niks", "niet meer nodig"),
    }
)

_SKIPS = frozenset(
    {"overslaan", "sla over", "sla maar over", "sla dit over", "ik sla over", "skip", "volgende", "volgende vraag"}
)
_BACK = frozenset({"terug", "ga terug", "een terug", "1 terug", "vorige", "vorige vraag", "naar de vorige vraag"})

_YES_WORDS = """
ja jaa jao joa jawel jazeker jep yes ok oke oké okee okay top mooi prima goed best akkoord correct juist precies
inderdaad zeker weten uiteraard tuurlijk natuurlijk fijn klopt dat dit die het is zo u je jij ik mij me heb hebt heeft
bedoel bedoelde zei zeg gezegd begrepen vind mee eens helemaal er staat nu wel hoor maar even graag dan wil wilt kunt
kan mag doe doen geef stuur verstuur verstuurd verzenden door doorgeven weg gerust volgens aan naar de raad griffie
dank bedankt dankjewel dankuwel
"""
_NO_WORDS = """
nee neen nei neuh neu nope ja jawel niet geen nooit niks niets klopt kloppen klopte fout verkeerd onjuist juist goed
correct waar dat dit die deze het zo is was er staat staan een wat ik u je jij mij me mijn woorden tekst bedoel
bedoelde bedoeld zei zeg gezegd heb hebt heeft begrepen wil wilde wel moet moeten anders andere ander graag hoor joh
helemaal echt absoluut zeker eens mee akkoord van over in om uh eh dan toch nog nou maar even liever eigenlijk
onderwerp thema soort gemeente plek plaats de iets doe doorgeven doorsturen versturen verzenden veranderen aanpassen
wijzigen
"""

_LITTLE = re.compile(
    r"((ok|oke|oké|nou|nee|ja) )?(dank (u|je)( wel)?|dankjewel|dankuwel|bedankt|hartelijk dank|hallo|hoi|hey|dag|doei|"
    r"tot ziens|goedemorgen|goedemiddag|goedenavond)( hoor)?"
    r"|((ik wil|ik wil graag|ik wil liever|graag|mag ik|kan ik|liever|geef mij) )?((met )?een |met )?(echt |echte )?"
    r"(mens|medewerker|persoon|iemand)( van (de griffie|de gemeente|vlees en bloed))?( spreken| praten| bellen)?"
)


def plain(text: str) -> str:
    """The words of a text in lower case, with single spaces and nothing else."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def agrees(text: str) -> bool:
    """Whether this is a plain yes and nothing more. A yes with a question mark asks something."""
    return not text.rstrip().endswith("?") and _YES.fullmatch(plain(text)) is not None


def denies(text: str) -> bool:
    """Whether this is a plain no."""
    return _NO.fullmatch(plain(text)) is not None


def refuses(text: str) -> bool:
    """Whether somebody turns down what was offered or asked of them, with a plain no or otherwise."""
    words = plain(text)
    return denies(text) or words in _REFUSALS or words.removeprefix("nee ").removeprefix("neen ") in _REFUSALS


def ends(text: str) -> bool:
    """Whether somebody leaves it at that, instead of typing the words that were asked for."""
    return plain(text) in _ENDS or skips(text) or goes_back(text)


def only_agrees(text: str) -> bool:
    """Whether something that is a yes, in whatever words, tells nothing beside it."""
    return set(plain(text).split()) <= set(_YES_WORDS.split())


def only_denies(text: str) -> bool:
    """Whether something that is a no, in whatever words, tells nothing beside it."""
    return set(plain(text).split()) <= set(_NO_WORDS.split())


def skips(text: str) -> bool:
    """Whether somebody leaves a question unanswered and wants the next one."""
    return plain(text) in _SKIPS


def goes_back(text: str) -> bool:
    """Whether somebody wants to return to the question before."""
    return plain(text) in _BACK


def says_little(text: str) -> bool:
    """Whether this only thanks, greets, or asks for a person: nothing that anybody would pass on."""
    return _LITTLE.fullmatch(plain(text)) is not None


def tells_nothing(text: str) -> bool:
    """Whether this can be an answer to a question and never is a story: nobody would pass it on."""
    return agrees(text) or refuses(text) or ends(text) or says_little(text)
