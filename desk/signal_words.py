"""What griffiers read about signs and groups."""

FLAGS = {
    "noodgeval": "Mogelijk gevaar",
    "persoonlijke_nood": "Mogelijk iemand in nood",
    "bedreiging": "Mogelijk een bedreiging",
    "strafbaar": "Mogelijk strafbaar",
}

WHAT_TO_DO = {
    "noodgeval": "Is er nu gevaar? Bel 112. De chat gaf de inwoner dit nummer ook.",
    "persoonlijke_nood": "De chat gaf de inwoner het nummer van 113. Antwoord vandaag nog, als dat kan.",
    "bedreiging": "Lees de tekst en overleg met de burgemeester of de beveiliging. Doe aangifte als dat nodig is.",
    "strafbaar": "Lees de tekst. Twijfelt u? Vraag het de jurist van uw gemeente.",
}

GROUPS = {
    "kopie": (
        "Bijna dezelfde tekst",
        "Meer mensen stuurden bijna dezelfde tekst. Dat kan een actie zijn. Hun inbreng telt gewoon mee.",
    ),
    "automaat": (
        "Misschien door een programma gestuurd",
        "Deze teksten lijken op elkaar en kwamen heel snel na het openen van de chat. Kijk zelf of mensen dat deden.",
    ),
    "afzender": (
        "Veel van één afzender",
        "Iemand stuurde vandaag veel berichten. Dat mag. U kunt ze samen behandelen.",
    ),
}
"""Title and explanation of each kind of group."""
