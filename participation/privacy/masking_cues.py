"""Tables of words by which masking knows that a person is named, or that a name is not a private person's.

All in lower case. Dutch, as residents type it.
"""


def listed(words: str) -> tuple[str, ...]:
    """Read a table that is written as running words."""
    return tuple(words.split())


INTERFIXES = frozenset(
    listed(
        "baron barones jonkheer jhr tot van de der den ter ten te het 't la le el al da dos du di bin ben abu "
        "aan bij op in uit von zu v.d vd v"
    )
)
"""Words between first name and surname."""

INTRODUCTIONS = (
    "ik heet",
    "mijn naam is",
    "m'n naam is",
    "mn naam is",
    "me naam is",
    "mijn naam:",
    "naam:",
    "u spreekt met",
    "je spreekt met",
    "spreekt u met",
    "met de naam",
    "genaamd",
    "die heet",
    "hij heet",
    "zij heet",
    "ze heet",
    "die noemen we",
    "ondergetekende",
    "contactpersoon",
    "mede namens",
    "ik naam",
    "achternaam",
    "voornaam",
    "meisjesnaam",
    "roepnaam",
    "achternaam is",
    "voornaam is",
    "erven",
    "t.n.v.",
    "tnv",
    "t.a.v.",
    "tav",
    "p/a",
    "op naam van",
    "gemachtigde",
    "heet gewoon",
    "voorzitter:",
    "contact:",
    "contactpersoon:",
    "eigenaar:",
    "secretaris:",
)
"""What comes before a name of whatever spelling; the next word is a name unless it is an ordinary word."""

TITLES = frozenset(
    listed(
        "mevrouw mevr mw mej meneer mijnheer heer dhr hr mr mrs juffrouw familie fam gezin dokter dr drs ir "
        "ing prof pastoor dominee ds imam weduwe"
    )
)
"""Ways to address a private person; the next word is a name unless it is an ordinary word."""

RELATIONS = frozenset(
    listed(
        "buurman buurvrouw buurjongen buurmeisje buurkind buren buurtjes overbuurman overbuurvrouw "
        "onderbuurman onderbuurvrouw bovenbuurman bovenbuurvrouw zoon zoontje dochter dochtertje kind "
        "kleinzoon kleindochter man vrouw echtgenoot echtgenote partner vriend vriendin ex moeder mama mam "
        "vader papa pap ma pa schoonmoeder schoonvader schoonzus zwager broer broertje zus zusje neef neefje "
        "nicht nichtje stiefzoon stiefdochter stiefvader stiefmoeder collega huisbaas verhuurder huurder "
        "huisgenoot kennis vriendje vriendinnetje klasgenoot leraar lerares docent huisarts verzorgster "
        "verzorger begeleider begeleidster mantelzorger oppas trainer coach werkgever baas chef eigenaar "
        "eigenaresse bewoner bewoonster beheerder conciërge huismeester aannemer bakker slager kapper "
        "buurtgenoot oom ome tante tant opa oma juf meester medewerker medewerkster ambtenaar ambtenares "
        "wijkagent agent boa hulpverlener thuishulp"
    )
)
"""People in someone's life; a name often follows."""

SIGN_OFFS = (
    "met vriendelijke groeten",
    "met vriendelijke groet",
    "met hartelijke groet",
    "vriendelijke groeten",
    "vriendelijke groet",
    "hartelijke groet",
    "hartelijke groeten",
    "met groet",
    "groetjes van",
    "groeten van",
    "groetjes",
    "groeten",
    "groet",
    "grtjs",
    "grtz",
    "grt",
    "gr",
    "mvg",
    "m.v.g",
    "hoogachtend",
    "liefs",
    "bedankt",
    "alvast bedankt",
    "dank u",
    "dank je",
    "bvd",
    "afzender",
    "getekend",
    "was getekend",
    "w.g",
    "xx",
    "xxx",
    "kus",
    "doei",
    "afz",
)
"""What comes before the writer's own name at the end of a message or a line."""

OFFICES = frozenset(
    listed(
        "burgemeester burgermeester burgemeesters locoburgemeester loco-burgemeester oud-burgemeester "
        "ex-burgemeester waarnemend-burgemeester wethouder wethouders wethoudster oud-wethouder ex-wethouder "
        "raadslid raadsleden oud-raadslid ex-raadslid gemeenteraadslid burgerraadslid commissielid "
        "steunfractielid fractievoorzitter fractieleider fractievoorzitters lijsttrekker partijleider "
        "raadsvoorzitter griffier raadsgriffier gemeentesecretaris commissaris gedeputeerde gedeputeerden "
        "statenlid statenleden dijkgraaf heemraad minister ministers minister-president premier "
        "staatssecretaris oud-minister ex-minister kamerlid kamerleden tweedekamerlid eerstekamerlid "
        "kamervoorzitter senator europarlementariër eurocommissaris koning koningin prins prinses president "
        "kanselier ombudsman kinderombudsman stadsdeelvoorzitter stadsdeelbestuurder wijkwethouder "
        "portefeuillehouder"
    )
)
"""Public offices: who holds one is named as such, and stays readable."""

PLACE_ENDINGS = listed(
    "straat straatje straatweg str laan laantje weg wegje plein pleintje park parkje singel gracht kade "
    "dijk dreef steeg plantsoen hof hofje pad brug burcht markt school basisschool college lyceum "
    "gymnasium mavo kerk kapel moskee molen bos veld sportpark sportveld sporthal zwembad stadion gebouw "
    "huis hal flat toren tunnel viaduct kwartier wijk buurt dorp polder haven kanaal sluis station "
    "ziekenhuis museum theater bibliotheek centrum plaats boulevard baan ring wal poort erf zoom hoek "
    "eiland meer plas bad tuin fonds stichting vereniging partij fractie lijst prijs toernooi festival "
    "universiteit hogeschool academie instituut boerderij camping manege brink"
)
"""Ends of the names of streets, squares, schools, parks and buildings, also as a word of their own."""

PLACE_OPENINGS = frozenset(
    listed(
        "garage bakkerij slagerij rijwielhandel kapsalon autobedrijf makelaardij makelaars notariskantoor "
        "fysiotherapie huisartsenpraktijk praktijk firma advocatenkantoor boekhandel bouwbedrijf "
        "loodgietersbedrijf winkel zaak cafetaria straat laan plein park school basisschool obs cbs rkbs kbs "
        "pcbs sbo college lyceum gymnasium mbo roc sportpark sporthal kerk kapel moskee sint st café cafe "
        "restaurant hotel theater museum stichting vereniging speeltuin voetbalclub voetbalvereniging "
        "sportclub sportvereniging tennisclub hockeyclub korfbalvereniging turnvereniging zwemclub ijsclub "
        "club vv sv fc sc rkvv hc tc wijkcentrum buurthuis buurtcentrum dorpshuis wijk buurt bibliotheek "
        "station ziekenhuis zwembad gracht singel kade brug molen flat gebouw huize villa verzorgingshuis "
        "verpleeghuis woonzorgcentrum kinderdagverblijf peuterspeelzaal jumbo albert partij fractie lijst "
        "winkelcentrum monument standbeeld stadion metrostation halte camping kasteel landgoed zorgcentrum"
    )
)
"""What comes before the name of a place, a club or a school."""

COUNTED = frozenset(
    listed(
        "uur uurtje minuten minuut min seconden jaar jaren jarig jarige maanden maand weken week dagen dag "
        "keer maal x euro eur km kilometer meter m cm mensen personen man bewoners inwoners kinderen huizen "
        "woningen auto auto's auto’s bomen fietsen procent graden kmu km/u kilo ton liter parkeerplaatsen "
        "plekken appartementen handtekeningen gezinnen lantaarnpalen januari februari maart april mei juni "
        "juli augustus september oktober november december bushaltes ongelukken paaltjes"
    )
)
"""What follows a number that counts something, so that it is not a house number."""

ADDITION = (
    r"(?:[ \-]?(?:bis|hs|huis|zw|rd|rood|zwart|boven|beneden|i{1,3})\b)?(?:[a-z]\d?\b|[ \-][a-h]\b(?![\-']))?"
    r"(?:[\-/][a-z]?\d{1,4}[a-z]?\b)?(?:,? (?:unit|kamer|app\.?|appartement|flat|t/m|tm) \d{1,4}[a-z]?\b)?"
)
"""What follows a house number, as a pattern: letter, floor, `bis`, room, or the last of a row of numbers."""

MONTHS = (
    "januari|jan|februari|feb|maart|mrt|april|apr|mei|juni|jun|juli|jul|augustus|aug|september|sept|sep|oktober|okt|"
    "november|nov|december|dec"
)

RATHER_NAMES = frozenset(
    listed(
        "jan bas kris frank mark oscar rein luis dolly koert serge geurt bartje lubbert mees eren merel "
        "sharif ali joey kimberley"
    )
)
"""Names that running text also has as words, but that are nearly always names in a chat."""

RATHER_WORDS = frozenset(
    listed(
        "ik je jij u hij zij ze wij we het een de dit dat die er en of als maar want dus ook nog al wel niet "
        "geen hoi hallo hey hai dag beste geachte goedemorgen goedemiddag goedenavond dank sorry ja nee oke "
        "oké ok prima graag hartelijk vriendelijk vriendelijke bezorgde bezorgd boze boos verontruste "
        "betrokken trotse tevreden ontevreden anonieme bewoner bewoners bewoonster buurtbewoner inwoner "
        "inwoonster burger vader moeder oma opa gezin student scholier ondernemer vrijwilliger gemeente raad "
        "gemeenteraad college griffie politie wethouder burgemeester straat laan plein weg park wijk buurt "
        "dorp stad school winkel fiets fietsers auto bus trein tram verkeer parkeren groen afval hond honden "
        "speeltuin speelplek overlast geluid lawaai lantaarnpaal stoep drempel rotonde zebrapad bomen boom "
        "sloot water nederland nederlands nederlandse turks marokkaans surinaams pools syrisch engels duits "
        "frans belg hollander maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari "
        "maart april mei juni juli augustus september oktober november december kerst pasen pinksteren "
        "ramadan koningsdag sinterklaas corona covid vvd pvda cda groenlinks denk volt sgp christenunie forum "
        "bij1 bbb nsc whatsapp facebook instagram telegram twitter google jumbo lidl aldi hema action ikea "
        "postnl thuisbezorgd ziggo kpn ns arriva qbuzz connexxion gvb ret htm ggd ggz wmo wlz uwv svb digid "
        "woz bsn zelf samen iedereen niemand iemand veel weinig erg heel zeer echt alleen altijd nooit vaak "
        "soms gewoon nu straks morgen vandaag gisteren fijn mooi goed slecht leuk top super wil ben bent tien "
        "doe doet gaat gaan moet moeten kan kunnen mag mogen zou zal wilt vind vindt denkt hoor hoort woon "
        "woont werk werkt heb heeft had was waren blij moe ziek oud jong klaar bang benieuwd slachtoffer lid "
        "voorzitter secretaris penningmeester huurder eigenaar nieuw nieuwe alleenstaand gehandicapt "
        "rolstoelgebruiker blind doof mantelzorger werkloos gepensioneerd zzp zzper leerling raadslid fractie "
        "partij den marina lente zomer herfst winter dam berg brug bos haven linde eik wilg sparta ajax "
        "feyenoord psv mien an mense hedde binne gaarne ken kin belle benne doede siri zwaan wenst meie kiek "
        "diek dees noe mert wolf wisse wijntje watte veer hoo zoe riek mae maatje hinne hille gelt enzo emme "
        "cente bouwe verhoog tak rijn riet mar plas worst wies wee veur rijk zuid noord oost west limburg "
        "drenthe zeeland gelderland friesland groningen utrecht twente veluwe achterhoek brabant betuwe "
        "holland randstad europa turkije marokko suriname polen syrie oekraine duitsland duitse duitser "
        "oekraïense oekraïner oekraiens syriër syrische turk turkse italiaan italiaans spanjaard spaans "
        "portugees pool poolse marokkaan marokkaanse belgisch fransman engelsman surinamer antilliaan chinees "
        "hollands leen manne bloeme tuba dee jade matje hee meiske kint vlaanderen belgie frankrijk engeland "
        "spanje italie china amerika oostenrijk"
    )
)
"""Words that residents use and running text seldom has, or that lists of names have as well."""

SHORT_NAMES = frozenset(
    listed(
        "jan tom tim rob kim bob ali sam eva ria ina mia leo jos wim bep aad cor ron noa ans ank els kai lex "
        "luc pim rik roy ted udo zoe zoë ivo ida bas fay guy jim joy liv liz lia lea luz mae max mees nol ole "
        "pia pip ray roz sef siem sia sil teo yvo ab"
    )
)
"""First names of at most three letters that need no capital to be one; the others are too often something else."""

SURNAME_NOUNS = frozenset(
    listed(
        "bakker visser boer bos berg broek vos koning kok smit groot jong wit bruin haan graaf lange korte "
        "zwart ruiter wolf leeuw raaf heer beer dijk dam linden linde veen velde velden water wal laan plas "
        "poel heuvel horst meer molen brink steen hoek hout schipper schippers timmerman dekker koster "
        "brouwer jager kramer post prins keizer hertog winter bloem boom groen bol brand burger duif engel "
        "geel haas hagen hamer heide hof horn jonge jonker kamp klein kuiper lam man oord oude pool ridder "
        "roos schut slager sloot snoek spek stam sterk stok storm tas vink vliet vogel vogels wagenaar vries "
        "weide werf wijk wild wilde witte zand zwaan meester mus ham straten beek bergen schouten hollander"
    )
)
"""Surnames that are nouns or adjectives as well: in small letters a surname only behind a first name."""

SURNAME_ENDINGS = tuple(
    listed(
        "ska ski sky sen ssen stra sma tsma inga inck man mans sson wicz vic vić poulos oglu oğlu zadeh aoui "
        "ouni oui ari illah ullah singh uddin ez ova eva ijn uis erts aerts kens nath pal dag kaya oumi idi "
        "issi rani ngh yan enko"
    )
)
"""Ends of surnames that lists of Dutch names do not have, for a word that follows a first name."""

NOT_NAME_ENDINGS = ("wet", "besluit", "procedure", "gemeente", "gemeenten", "raad", "regeling", "verordening", "plan")
"""Ends of words that begin with a capital and are no names."""

NAMES_BEFORE_PLACES = frozenset(listed("rien lies linde joppe hank erica"))
"""First names that are small places as well; of the other such names the place is meant, unless something says not."""

LOCATION_WORDS = frozenset(listed("in op uit bij aan"))
"""Of the words between first name and surname, those that more often begin a place."""

AMBIGUOUS_NAMES = frozenset(
    listed(
        "wil ton toon ad roos ben lieve job koos lot merel marina viola mees river raven art bart niek coen "
        "don bo flo iet kris jan bas frank mark ko mien riet riek zoe koen oscar engel willem"
    )
)
"""First names that are ordinary words: with a capital inside a sentence they are names."""

STREET_LIKE = listed(
    "straat straatje straatweg laan laantje weg wegje plein pleintje park singel gracht kade dreef steeg "
    "plantsoen hofje school college lyceum kerk sportpark stadion ziekenhuis viaduct tunnel brug hal "
    "arena boulevard museum theater huis"
)
"""Word ends that make a name of a person part of the name of a place, such as `Thorbeckeplein`."""

EXPRESSIONS = (
    "jan modaal",
    "mijn naam is haas",
    "jan met de pet",
    "jan en alleman",
    "jan publiek",
    "henk en ingrid",
    "zwarte piet",
    "zwarte pieten",
    "piet piraat",
    "sint maarten",
    "sint nicolaas",
    "sint jan",
    "sint pieter",
    "sint jans",
    "albert heijn",
    "albert heyn",
    "jan linders",
    "dirk van den broek",
    "vader abraham",
    "anne frank",
    "van gogh",
    "willem van oranje",
    "pietje precies",
    "jantje van leiden",
    "jan splinter",
    "jan salie",
    "sint joris",
)
"""Names that stand for no living private person: expressions, saints, shops, figures of history."""
