"""The preview of a message: as the web chat makes it, with links that leave the page where it is."""

from desk.resident_view import in_telegram, in_web_chat

LINK = '<a target="_blank" rel="noopener noreferrer" href="https://utrecht.example">https://utrecht.example</a>'


def test_links_open_beside_the_page_and_what_was_typed_is_no_markup() -> None:
    text = "Zie https://utrecht.example.\n<a href=x>nee</a>\n\n- een\n- twee"
    assert in_web_chat(text) == (
        f"<p>Zie {LINK}.<br>&lt;a href=x&gt;nee&lt;/a&gt;</p><ul><li>een</li><li>twee</li></ul>"
    )


def test_telegram_shows_lines_as_they_were_typed() -> None:
    assert in_telegram("Kies:\n- <een>\n\nhttps://utrecht.example\n") == f"Kies:<br>- &lt;een&gt;<br><br>{LINK}"
