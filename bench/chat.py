"""How long does a resident wait? `./samenspel bench chat` asks a running installation questions over the chat API.

Bounded: 20 conversations of 10 questions, 4 at a time. Times are milliseconds from request to complete answer.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time

import httpx

QUESTIONS = (
    "wat doet de gemeenteraad",
    "hoeveel zetels heeft de raad hier en wie zitten erin",
    "wanneer zijn de volgende verkiezingen",
    "Ik heb mijn stempas niet gekregen, wat moet ik nu doen?",
    "hoe kan ik inspreken bij een vergadering",
    "kan de wethouder zomaar worden weggestuurd",
    "wie bepaalt eigenlijk de ozb in onze gemeente",
    "mag mijn buurman voor mij stemmen want ik lig in het ziekenhuis",
    "waar vind ik de agenda van de raad",
    "bedankt voor de uitleg",
)


async def converse(http: httpx.AsyncClient, turns: asyncio.Semaphore, times: list[float]) -> int:
    """Hold one conversation; returns how many answers were faults."""
    opened = await http.post("/api/v1/chat/gesprekken", json={"gemeente": "GM0344"})
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}
    faults = 0
    for question in QUESTIONS:
        async with turns:
            started = time.perf_counter()
            answer = await http.post("/api/v1/chat/berichten", json={"tekst": question}, headers=headers)
            times.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200 or any(message["soort"] == "fout" for message in answer.json()["berichten"]):
            faults += 1
    return faults


async def run(url: str) -> dict[str, float]:
    """Measure one installation."""
    turns, times = asyncio.Semaphore(4), list[float]()
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
        started = time.perf_counter()
        faults = await asyncio.gather(*(converse(http, turns, times) for _ in range(20)))
        seconds = time.perf_counter() - started
    cuts = statistics.quantiles(times, n=100)
    return {
        "turns": len(times),
        "faults": sum(faults),
        "turns_per_second": round(len(times) / seconds, 1),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
    }


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench chat", description="Measure how long answers take")
    parser.add_argument("--url", default="http://localhost:8000", help="address of a running installation")
    options = parser.parse_args()
    try:
        figures = asyncio.run(run(options.url))
    except httpx.ConnectError:
        sys.stderr.write(f"Samenspel is not running at {options.url}; start it with ./samenspel up\n")
        return 1
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
