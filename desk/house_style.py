"""The colours of a municipality as the desk's design tokens (desk/static/theme.css)."""

from participation.house_style import Colors

IMAGE_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}
"""The address of a logo holds its version."""


def stylesheet(colors: Colors | None) -> str:
    """Return rules that replace tokens; the header has its own colours in the dark too, links and buttons do not."""
    if colors is None:
        return ""
    return (
        ".samenspel-theme {"
        f" --samenspel-brand: {colors.header};"
        f" --samenspel-brand-ink: {colors.header_ink};"
        f" --samenspel-brand-soft: {colors.header_ink}; }}\n"
        ".utrecht-page-header .header-action, .utrecht-page-header .tenant { border-color: currentcolor; }\n"
        f".utrecht-page-header :focus-visible {{ --utrecht-focus-outline-color: {colors.header_ink}; }}\n"
        "@media (prefers-color-scheme: light) { .samenspel-theme {"
        f" --samenspel-action: {colors.action}; --samenspel-action-hover: {colors.action_hover}; }} }}\n"
    )
