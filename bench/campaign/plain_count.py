"""An outcome beside the raw rows: what plain queries count, and what the outcome says, in the same keys."""

import uuid
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns.counting import AGREES, DISAGREES, UNSURE
from participation.campaigns.outcome import Outcome
from participation.models.campaign_outcome import EVERYWHERE
from participation.models.taking_part import AGREE, DISAGREE, PASS

Key = tuple[str, str]
"""Of whom a number is (a municipality, or all), and what it counts."""

ASKED = """(c.condition->>'part' IS NULL OR EXISTS (SELECT FROM campaign_answer earlier
    WHERE earlier.participant_id = p.id AND CAST(earlier.part_id AS text) = c.condition->>'part'
    AND jsonb_exists_any(earlier.value->'options', ARRAY(SELECT jsonb_array_elements_text(c.condition->'options')))))"""
"""Whether a part is asked of somebody by what they chose at the part that it depends on, if it does. Of a part that was
made at the desk the condition is null as JSON."""

VOTES = f"""SELECT p.municipality_code, s.number || ':' || v.value, count(*) FROM vote v
    JOIN participant p ON p.id = v.participant_id JOIN statement s ON s.id = v.statement_id
    JOIN campaign_part c ON c.id = s.part_id
    WHERE v.campaign_id = :campaign AND v.value IS NOT NULL AND {ASKED} AND p.aside_at IS NULL
    GROUP BY 1, 2"""  # noqa: S608  (a constant)
CHOSEN = f"""SELECT p.municipality_code, c.kind || ':' || coalesce(a.value->'options'->>0, a.value->>'score',
    CASE WHEN a.value ? 'place' THEN 'anders' END), count(*)
    FROM campaign_answer a JOIN participant p ON p.id = a.participant_id
    JOIN campaign_part c ON c.id = a.part_id
    WHERE a.campaign_id = :campaign AND c.kind <> 'open' AND a.value <> '{{}}' AND {ASKED} AND p.aside_at IS NULL
    GROUP BY 1, 2"""  # noqa: S608  (a constant)
PEOPLE = """SELECT municipality_code, 'mensen', count(*) FROM participant
    WHERE campaign_id = :campaign AND aside_at IS NULL GROUP BY 1"""
AREAS = """SELECT p.municipality_code, 'gebied:' || coalesce(p.area || ' (' || m.name || ')', 'onbekend'), count(*)
    FROM participant p JOIN municipality m ON m.code = p.municipality_code
    WHERE p.campaign_id = :campaign AND p.aside_at IS NULL GROUP BY 1, 2"""
AGES = """SELECT municipality_code, 'leeftijd:' || coalesce(age_band, 'onbekend'), count(*) FROM participant
    WHERE campaign_id = :campaign AND aside_at IS NULL GROUP BY 1, 2"""
ENDED = """SELECT municipality_code, 'klaar', count(*) FROM participant
    WHERE campaign_id = :campaign AND aside_at IS NULL AND finished_at IS NOT NULL GROUP BY 1"""
QUERIES = (VOTES, CHOSEN, PEOPLE, AREAS, AGES, ENDED)

_VALUES = {AGREES: AGREE, DISAGREES: DISAGREE, UNSURE: PASS}


async def counted(session: AsyncSession, campaign_id: uuid.UUID) -> Counter[Key]:
    """Count the rows, of each municipality and of all together."""
    found: Counter[Key] = Counter()
    for query in QUERIES:
        for code, key, number in await session.execute(text(query), {"campaign": campaign_id}):
            found[code, key] += number
            found[EVERYWHERE, key] += number
    return found


def said(outcomes: Mapping[str, Outcome], names: Mapping[str, str]) -> dict[Key, int | None]:
    """What outcomes say, by what they are about; hidden numbers are None.

    Args:
        names: what the municipalities are called, by code.
    """
    numbers: dict[Key, int | None] = {}
    for about, one in outcomes.items():
        numbers[about, "mensen"] = one.content["deelnemers"]
        numbers[about, "klaar"] = one.content["klaar"]
        for area, number in one.content["gebieden"].items():
            # Of one municipality an area has its name alone; in the plain count each has its municipality.
            name = area if area == "onbekend" or about == EVERYWHERE else f"{area} ({names[about]})"
            numbers[about, f"gebied:{name}"] = number
        numbers |= {(about, f"leeftijd:{band}"): number for band, number in one.content["leeftijden"].items()}
        for part in one.content["onderdelen"]:
            for row in part.get("stellingen", ()):
                numbers |= {(about, f"{row['nummer']}:{value}"): row[name] for name, value in _VALUES.items()}
            for row in part.get("keuzes", ()):
                numbers[about, f"{part['soort']}:{row['id']}"] = row["aantal"]
            for row in part.get("scores", ()):
                numbers[about, f"schaal:{row['score']}"] = row["aantal"]
    return numbers
