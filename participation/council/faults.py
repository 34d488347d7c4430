"""What can be wrong with a source. Each fault leaves the last good data in place and is told at the desk."""

from typing import Any

from participation.errors import DomainError

CODES = (
    "onbereikbaar",
    "te_traag",
    "niet_toegestaan",
    "foutmelding",
    "te_groot",
    "onleesbaar",
    "half",
    "leeg",
    "veranderd",
    "index_onbekend",
    "regel",
    "ander_adres",
    "mislukt",
)
"""The desk and the command line have words for each."""


class FeedFault(DomainError):
    """A source could not be read. `code` is one of CODES, `details` fills the words that belong to it."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class FeedUnknown(DomainError):
    """There is no such feed in this municipality."""


class FeedExists(DomainError):
    """The municipality has this feed already."""


class AddressRefused(DomainError):
    """This can not be the address of a feed of this kind."""
