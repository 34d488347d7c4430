"""Fetching: bounded in time and size, and never from inside the network."""

import dataclasses

import pytest

from participation.council.faults import FeedFault
from participation.council.fetch import Fetcher, is_public
from tests.council_site import Page, Site

PUBLIC = "93.184.215.14"


async def code_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FeedFault) as refused:
        await fetcher.get(url)
    return refused.value.code


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2a00:1450:400e:80e::200e", True),
        *((address, False) for address in ("127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254")),
        *((address, False) for address in ("0.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::")),
        *((address, False) for address in ("fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")),
        *((address, False) for address in ("2002:7f00:1::", "2001:db8::1", "ff02::1")),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_what_is_public_for_nobody_is_not_asked(site: Site) -> None:
    """There is something to leak: the same address answers who may be there."""
    url = site.put("/geheim", "geheim")
    assert await Fetcher(public_only=False).get(url) == b"geheim"
    before = len(site.asked)
    for typed in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "[::ffff:127.0.0.1]")):
        assert await code_of(Fetcher(public_only=True), typed) == "niet_toegestaan"
    assert len(site.asked) == before


async def test_a_name_with_one_private_address_is_refused() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return [PUBLIC, "10.0.0.1"]

    assert await code_of(Fetcher(public_only=True, resolve=resolve), "https://raad.example") == "niet_toegestaan"


async def test_a_redirect_to_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hop counts as public here, the second does not: only the first is ever asked."""
    site.put("/geheim", "geheim")
    port = site.url.rpartition(":")[2]
    url = site.put("/door", "", status=302, headers={"Location": f"http://binnen.example:{port}/geheim"})
    seen: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        seen.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr("participation.council.fetch.is_public", lambda address: len(seen) < 2)
    fetcher = Fetcher(public_only=True, resolve=resolve)
    assert await code_of(fetcher, url.replace("127.0.0.1", "buiten.example")) == "niet_toegestaan"
    assert (seen, site.asked) == (["buiten.example", "binnen.example"], ["/door"])


async def test_a_redirect_is_followed_and_a_circle_is_not(site: Site, fetcher: Fetcher) -> None:
    site.put("/daar", "gevonden")
    assert await fetcher.get(site.put("/hier", "", status=301, headers={"Location": "/daar"})) == b"gevonden"
    rond = site.put("/rond", "", status=302, headers={"Location": "/rond"})
    assert await code_of(fetcher, rond) == "foutmelding"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://raad.example/x", "https://naam:woord@raad.example/"])
async def test_other_kinds_of_addresses_are_refused(fetcher: Fetcher, address: str) -> None:
    assert await code_of(fetcher, address) == "niet_toegestaan"


async def test_what_goes_wrong_over_there_has_a_name(site: Site, fetcher: Fetcher) -> None:
    site.pages |= {
        "/fout": Page(b"", 503),
        "/half": Page(b"begin", promised=100),
        "/groot": Page(b"x" * 3000),
        "/traag": Page(b"", delay=1.0),
    }
    small = dataclasses.replace(fetcher, max_bytes=2000)
    hasty = dataclasses.replace(fetcher, seconds=0.2)
    assert await code_of(fetcher, f"{site.url}/fout") == "foutmelding"
    assert await code_of(fetcher, f"{site.url}/half") == "half"
    assert await code_of(small, f"{site.url}/groot") == "te_groot"
    assert await code_of(hasty, f"{site.url}/traag") == "te_traag"
    assert await code_of(fetcher, "http://127.0.0.1:1/") == "onbereikbaar"
    assert await code_of(Fetcher(public_only=True), "https://bestaat-niet.invalid/") == "onbereikbaar"
