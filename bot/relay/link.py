"""Make a link for a service's channel: `python -m bot.relay.link --gemeente GM0344 [--campagne NAAM] [--plek NAAM]`.

Prints the id that the service sends along as `link` for whoever came by it (docs/kanalen.md). Without
SAMENSPEL_DATABASE_URL the running embedded server under SAMENSPEL_VAR is used.
"""

import sys
from functools import partial

from bot import deep_link


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    asked = deep_link.wanted("python -m bot.relay.link", arguments)
    return deep_link.told(partial(deep_link.make, deep_link.settings_of_command(), asked))


if __name__ == "__main__":
    sys.exit(main())
