"""Which browser on which system a session belongs to, in words that a person recognises."""

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
"""In this order: Edge says that it is Chrome too, and Android that it is Linux."""


def device(user_agent: str) -> str:
    """Say what a browser calls itself, such as `Firefox op Windows`. No more than that is kept."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Onbekende browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} op {system}" if system else browser
