"""The colours of a municipality as the chat's own tokens (bot/web/static/chat.css)."""

from participation.house_style import Colors


def stylesheet(colors: Colors | None) -> str:
    """Return rules that replace tokens; the header has its own colours in the dark too, links do not."""
    if colors is None:
        return ""
    return (
        f":root {{ --brand: {colors.header}; --on-brand: {colors.header_ink}; }}\n"
        "@media (prefers-color-scheme: light) {"
        f" :root {{ --link: {colors.action}; --focus: {colors.action}; }} }}\n"
    )
