"""Errors of the chat API as application/problem+json (RFC 9457), in plain Dutch."""

from typing import Any, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.limits import TooMuch
from participation.campaigns.faults import CampaignClosed, CampaignUnknown, StatementUnknown
from participation.errors import ConversationUnknown, DomainError, MunicipalityUnknown


class NoToken(DomainError):
    """The request lacks a valid session token."""


_EXPLAINED: dict[type[DomainError], tuple[int, str, str]] = {
    NoToken: (401, "Geen gesprek", "Begin eerst een gesprek. Stuur daarna het token van dat gesprek mee."),
    ConversationUnknown: (
        404,
        "Gesprek onbekend",
        "Dit gesprek bestaat niet of is al gewist. Begin een nieuw gesprek.",
    ),
    CampaignUnknown: (404, "Peiling onbekend", "Deze peiling bestaat niet."),
    StatementUnknown: (404, "Stelling onbekend", "Deze stelling hoort niet bij een peiling."),
    CampaignClosed: (409, "Peiling gesloten", "U kunt nu niet meedoen aan deze peiling. Of u bent nog niet begonnen."),
    MunicipalityUnknown: (
        422,
        "Gemeente onbekend",
        "Er is geen gemeente met deze code. Een code is bijvoorbeeld GM0344.",
    ),
}

_OF_ANY_REQUEST = (400, 408, 413, 422, 500, 503)
_TITLES = {
    400: "Dit kan niet",
    401: "Geen gesprek",
    404: "Niet gevonden",
    408: "Te langzaam",
    409: "Peiling gesloten",
    413: "Te groot",
    422: "Verzoek onjuist",
    429: "Even wachten",
    500: "Er ging iets mis bij ons",
    503: "Erg druk",
}


class Problem(BaseModel):
    """An error as every route of the API tells it (RFC 9457)."""

    type: Literal["about:blank"]
    status: int
    title: str
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of the errors of a router; those of any request are among them."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {
        status: {"description": _TITLES[status], "content": content} for status in sorted({*_OF_ANY_REQUEST, *statuses})
    }


def problem(status: int, title: str, detail: str) -> JSONResponse:
    """One error."""
    return JSONResponse(
        {"type": "about:blank", "status": status, "title": title, "detail": detail},
        status_code=status,
        media_type="application/problem+json",
    )


async def explain_domain_error(_: Request, error: Exception) -> JSONResponse:
    """Turn a domain error into words."""
    if isinstance(error, TooMuch):
        told = problem(
            429, "Even wachten", "U stuurt veel berichten achter elkaar. Wacht even en probeer het dan opnieuw."
        )
        told.headers["Retry-After"] = str(error.seconds)
        return told
    for kind, (status, title, detail) in _EXPLAINED.items():
        if isinstance(error, kind):
            return problem(status, title, detail)
    return problem(400, "Dit kan niet", "Uw verzoek kon niet worden uitgevoerd.")


async def explain_invalid_request(_: Request, error: Exception) -> JSONResponse:
    """Name the fields that are wrong, never repeat what was in them."""
    fields = ""
    if isinstance(error, RequestValidationError):
        fields = ", ".join(sorted({str(part["loc"][-1]) for part in error.errors()}))
    return problem(422, "Verzoek onjuist", f"Dit deel van het verzoek klopt niet: {fields or 'onbekend'}.")
