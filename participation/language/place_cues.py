"""The words around a place name that say what the writer means by it. Data only; all keys are folded."""


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.replace("ij", "y").split())


PREPOSITIONS = _keys("in uit te vanuit naar nabij rondom omgeving regio yn út ut tot vanaf")
INSIDE = _keys("in uit te vanuit yn")
KINDS = _keys(
    "gemeente gem dorp dorpje stad stadje plaats plaatsje woonplaats kern kerkdorp gehucht stadsdeel wijk station"
    " gemeentehuis stadhuis gemeenteraad gemeentes"
)
BODIES = _keys(
    "inwoner inwoners bewoner bewoners inwoonster raad gemeenteraad burgemeester college griffie wethouder wethouders"
    " gemeente dorp stad centrum burgers jongeren ouderen raadsleden gemeentehuis stadhuis station"
)
RESIDENCE = _keys(
    "woon wonen woont woonachtig wonend wonende woonde kom kommen komen komt afkomstig inwoner inwoners bewoner"
    " bewoners verhuisd verhuis wenje wone woonplaats geboren opgegroeid woonden woonen whoon wonn zit"
)
LIVES = _keys("woon wonen woonachtig wonend wonende kom komen afkomstig inwoner bewoner inwoners wenje wone verhuisd")
WE = _keys("hier ons wij we bij")
WORKS = _keys("werk werken werkt werkte baan studeer studie school geboren opgegroeid woonde woonden vroeger vakantie")
FILLERS = _keys(
    "ik woon in uit te de het is dat nee ja hoi hallo van mijn kom gemeente dorp plaats stad en of nou gewoon we wij"
    " wonen hier zit m mn dus nl nederland eh uh goedemiddag goedemorgen goedenavond hey hee woonplaats bij"
    " ben inwoner kommen komen ook wel eigenlijk zelf dank u dankjewel graag was"
)
JOINERS = _keys("en of bij in gemeente provincie dat hoort onder naast vlakbij gem de het wat valt nabij deel")
DETERMINERS = _keys("het de een die dat deze dit veel erg wat weinig nederland europa")
VERBS = _keys("heeft verdient krygt mist telt kent zelf heb hoort")
NEAR = _keys("bij vlakbij nabij naast onder buurt omgeving tussen")
TITLES = _keys(
    "meneer mevrouw mevr mw dhr heer familie fam dokter dr drs ir mr prof juf meester tante oom opa oma buurman"
    " buurvrouw zuster broeder ds pastoor dominee collega ambtenaar agent"
)
STREETS = _keys(
    "straat straatweg weg laan plein kade poort dijk singel steeg gracht kaas politiek hof kanaal brug hutspot"
    " beurs centraal"
)
LOCAL = _keys(
    "raad gemeenteraad gemeente wijk wijken buurt wethouder burgemeester college inwoner inwoners bewoner bewoners"
    " jongeren ouderen griffie raadslid raadsleden straten binnenstad raadsvergadering stadhuis mensen gezinnen"
    " kinderen studenten scholen ondernemers verenigingen"
)
PRODUCTS = _keys("blauw bol bollen drop hopje hopjes koek kaas mosterd stroopwafel stroopwafels tapyt worst")
"""`Bossche bollen`: what is called after a place and is sold everywhere."""

SEATS = frozenset({"den haag"})
"""Places that many people call the national government by."""

GOVERNMENT = _keys(
    "regering kabinet kabinetten premier minister ministers ministerie ministeries staatssecretaris politiek politici"
    " politicus kamer kamerlid kamerleden tweedekamer ryk ryksoverheid overheid landelyk landelyke wet wetten wetgeving"
    " bezuinigingen bezuiniging lobbyisten"
)
THEY = _keys("lui heren dames omes bazen ze zy die daarboven")
ABROAD = _keys(
    "belgie duitsland noorwegen frankrijk engeland spanje italie portugal turkije marokko suriname polen oekraine"
    " rusland zweden denemarken amerika usa zwitserland oostenrijk vlaanderen belgische duitse vs schotland ierland"
    " curacao indonesie canada australie"
)
PROVINCES = {
    "gld": "Gelderland", "gelderland": "Gelderland", "gelders": "Gelderland", "achterhoek": "Gelderland",
    "betuwe": "Gelderland", "veluwe": "Gelderland", "nh": "Noord-Holland", "gooi": "Noord-Holland",
    "zh": "Zuid-Holland", "nb": "Noord-Brabant", "brabant": "Noord-Brabant", "brabants": "Noord-Brabant",
    "kempen": "Noord-Brabant", "limburg": "Limburg", "l": "Limburg", "lb": "Limburg", "limb": "Limburg",
    "limburgse": "Limburg", "gn": "Groningen", "gr": "Groningen", "friesland": "Fryslân", "fryslan": "Fryslân",
    "fr": "Fryslân", "frl": "Fryslân", "friese": "Fryslân", "terschelling": "Fryslân", "drenthe": "Drenthe",
    "dr": "Drenthe", "drente": "Drenthe", "overyssel": "Overijssel", "ov": "Overijssel", "twente": "Overijssel",
    "salland": "Overijssel", "zeeland": "Zeeland", "zld": "Zeeland", "ze": "Zeeland", "flevoland": "Flevoland",
    "fl": "Flevoland", "ut": "Utrecht", "utr": "Utrecht",
}  # fmt: skip
SHORT_PROVINCES = frozenset(key for key in PROVINCES if len(key) <= 3)
FIRST_NAMES = _keys(
    "jan piet kees klaas henk gerrit willem johan hans peter paul mark tom tim bas rob bert dirk erik frank "
    "fred geert gert hugo ivo jaap jeroen joost karel koen lars leo luuk maarten martin michiel niels pim "
    "pieter ruud sander sjoerd stefan theo thomas ton wim wouter anna anne annie anja anneke astrid bea carla "
    "corrie daan diana eline ellen els emma esther eva fatima femke floor hanna hannie ilse ingrid irene "
    "jannie janneke jolanda judith karin kim laura lisa linda lotte maria marian marieke marja marjan mieke "
    "miep monique nina petra ria rita roos sanne saskia sophie suzanne tineke truus wilma yvonne mohammed "
    "ahmed ali youssef sem finn noah levi lucas bram jesse joris ruben sophia tess julia mila zoe nora jos jip "
    "ad arie cor dick evert freek gijs harm herman huub jurgen ludo marcel maurits mees patrick raymond rene "
    "richard robin ronald sam sven teun tjeerd victor vincent xander yasmin"
)
