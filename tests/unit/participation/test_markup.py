"""Plain text to HTML: what is a paragraph, a list and a link, and that nothing else becomes markup."""

import pytest

from participation.markup import blocks, safe_url


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Een.\nTwee.\n\nDrie.", "<p>Een.<br>Twee.</p><p>Drie.</p>"),
        ("Kies:\n- brood\n- melk\nKlaar.", "<p>Kies:</p><ul><li>brood</li><li>melk</li></ul><p>Klaar.</p>"),
        ("- een\n\n- twee", "<ul><li>een</li></ul><ul><li>twee</li></ul>"),
        ("", ""),
        ("<b>Hoi</b> & 'dag'", "<p>&lt;b&gt;Hoi&lt;/b&gt; &amp; &#x27;dag&#x27;</p>"),
        (
            "Zie https://raad.example/a?b=1&c=2.",
            '<p>Zie <a href="https://raad.example/a?b=1&amp;c=2">https://raad.example/a?b=1&amp;c=2</a>.</p>',
        ),
        (
            'https://x.example/"onclick="a',
            '<p><a href="https://x.example/">https://x.example/</a>&quot;onclick=&quot;a</p>',
        ),
        ("Mail griffie@utrecht.nl!", '<p>Mail <a href="mailto:griffie@utrecht.nl">griffie@utrecht.nl</a>!</p>'),
        ("Bel 030 286 00 00", '<p>Bel <a href="tel:0302860000">030 286 00 00</a></p>'),
        ("Bel 14 030.", '<p>Bel <a href="tel:14030">14 030</a>.</p>'),
        ("Uw nummer is SP-2026-000123-K.", '<p>Uw nummer is <span class="reference">SP-2026-000123-K</span>.</p>'),
        ("Artikel 113 zegt", "<p>Artikel 113 zegt</p>"),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)
def test_text_is_written_as_paragraphs_lists_and_links(text: str, html: str) -> None:
    assert str(blocks(text)) == html


def test_in_an_emergency_the_short_numbers_can_be_called() -> None:
    assert str(blocks("Bel 112 of 113.", urgent=True)) == (
        '<p>Bel <a href="tel:112">112</a> of <a href="tel:113">113</a>.</p>'
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.example", "http://[", ""])
def test_an_address_that_is_no_link_for_a_resident_is_none(address: str) -> None:
    assert safe_url(address) is None
