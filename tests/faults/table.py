"""The page about the drills, made from what they measured: `python -m tests.faults.table [FOLDER]`.

With a folder of results it takes these in first; without one it only writes the page anew.
"""

import json
import sys
from pathlib import Path
from typing import Any

from launcher.layout import REPOSITORY

RESULTS = REPOSITORY / "docs" / "storingsoefeningen.json"
PAGE = REPOSITORY / "docs" / "storingsoefeningen.md"
WITHIN = 30.0

ABOUT = """\
# Storingsoefeningen

Wij maken Samenspel met opzet stuk en tellen wat er dan gebeurt. Elke oefening gaat over een draaiende installatie met
een echte database, een echte Rasa en echte processen. Alleen wat buiten staat is nagemaakt, zoals Telegram. Tijdens
elke oefening stellen inwoners vragen en geven zij iets door.

U doet de oefeningen zelf na met:

    ./samenspel test faults                              # een half uur; niet op een installatie in gebruik
    python -m tests.faults.table var/test/faults/uitkomsten   # maakt deze pagina opnieuw

De schijf van de database vullen kan alleen op Linux met rechten van root. De klok laten springen kan alleen met een
C-compiler (Debian: `apt install gcc libc6-dev`). Zonder die twee worden deze oefeningen overgeslagen.

**Deze pagina is gemaakt door een programma, uit de laatste uitkomst van elke oefening.** Niets is met de hand getypt.

## Wat wij eisen

* Wat een inwoner bevestigd kreeg, staat precies één keer in de database.
* Binnen 30 seconden krijgt een nieuwe vraag weer het goede antwoord.
* De inwoner leest gewoon Nederlands en nooit een foutmelding van een programma.
* In geen enkel logboek staan woorden van inwoners.

Hersteltijd telt vanaf de klap, als de storing meteen voorbij is. Anders telt zij vanaf het einde van de storing.
"""

ALSO_PLANNED = {"tien-keer-zo-druk": "Tien keer zo veel verkeer"}
"""Drills that may lack a result, since they are worth nothing on a machine that is busy with other work."""

HEAD = (
    "| storing | bevestigd | één keer bewaard | dubbel | berichten één keer bewaard | weer goed na | geslaagd |\n"
    "|---|---|---|---|---|---|---|"
)


def seconds(row: dict[str, Any]) -> str:
    """How long it took, and from when."""
    if row["hersteld_na"] is None:
        return "niet"
    return f"{row['hersteld_na']:.1f} s".replace(".", ",") + f" na {row['gerekend_vanaf']}"


def failures(row: dict[str, Any]) -> list[str]:
    """What was asked and did not hold."""
    found = {
        "er ging iets verloren": row["een_keer_bewaard"] != row["bevestigd"],
        "er staat iets dubbel": row["dubbel"] != 0,
        "een bericht ontbreekt of staat dubbel": row["berichten_een_keer"] != row["berichten"],
        "een gesprek raakte het spoor kwijt": bool(row["ontspoord"]),
        "een inwoner las vaktaal": bool(row["vaktaal"]),
        "woorden van inwoners in een logboek": bool(row["in_logboek"]),
        "niet binnen 30 seconden hersteld": row["hersteld_na"] is None or row["hersteld_na"] > WITHIN,
    }
    unanswered = "een bezoeker kreeg in 200 seconden geen antwoord"
    also = [unanswered if told.startswith("never answered") else told for told in row["ook_mislukt"]]
    return [what for what, so in found.items() if so] + also


def line(row: dict[str, Any]) -> str:
    """One row of the table."""
    judged = "; ".join(failures(row)) or "ja"
    cells = [
        row["storing"],
        row["bevestigd"],
        row["een_keer_bewaard"],
        row["dubbel"],
        f"{row['berichten_een_keer']} van {row['berichten']}",
        seconds(row),
        judged,
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def details(row: dict[str, Any]) -> str:
    """What was done, and what people read."""
    lines = [f"### {row['storing']}", "", f"Hoe: {row['hoe']}.", ""]
    if row["inwoner"]:
        lines += ["De inwoner leest, naast gewone antwoorden:", ""]
        lines += ["> " + text.replace("\n", " ") + "\n" for text in row["inwoner"]]
    else:
        lines += ["De inwoner merkt er niets van in de webchat.", ""]
    lines += [f"Op een pagina stond: „{text}”\n" for text in row["paginas"]]
    lines += [f"* Ook geteld: {text}." for text in row["ook_geteld"]]
    lines.append(
        f"* Gemeten op {row['wanneer']} (UTC), versie {row['versie']}, {row['kernen']} kernen, belasting "
        f"{row['belasting']:.1f} bij het einde. Langzaamste beurt: {row['langzaamste_beurt']:.1f} s."
    )
    return "\n".join(lines) + "\n"


def page(rows: list[dict[str, Any]]) -> str:
    """The whole page."""
    passed = sum(not failures(row) for row in rows)
    busy = [row for row in rows if row["belasting"] > row["kernen"]]
    notes = f"\n{passed} van de {len(rows)} oefeningen zijn geslaagd.\n"
    if busy:
        notes += (
            f"\nBij {len(busy)} oefeningen was de belasting aan het einde hoger dan het aantal kernen, door de "
            "oefening zelf of door ander werk. Tijden vallen dan langer uit.\n"
        )
    missing = [title for key, title in ALSO_PLANNED.items() if key not in {row["sleutel"] for row in rows}]
    if missing:
        notes += f"\nNog zonder uitkomst: {', '.join(missing)}.\n"
    parts = [ABOUT, "## Uitkomst\n", HEAD, *map(line, rows), notes, "## Per oefening\n", *map(details, rows)]
    return "\n".join(parts)


def kept() -> list[dict[str, Any]]:
    """The last result of each drill."""
    rows: list[dict[str, Any]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    return rows


def main(arguments: list[str]) -> int:
    """Take in results and write the page."""
    known = {row["sleutel"]: row for row in kept()}
    for folder in arguments:
        for file in sorted(Path(folder).glob("*.json")):
            row = json.loads(file.read_text())
            known[row["sleutel"]] = row
    rows = [known[key] for key in sorted(known)]
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
