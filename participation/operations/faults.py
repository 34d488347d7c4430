"""Why a back-up or a restore did not happen: each is one clear line for whoever asked."""

from participation.errors import DomainError


class Refused(DomainError):
    """Nothing was changed, unless the line says so."""
