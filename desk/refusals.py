"""Pages for what does not go as asked: each says what happened, what to do next, and gives typed text back."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.access import (
    FormExpired,
    LogInNeeded,
    NewPasswordNeeded,
    PageUnknown,
    ReadingOnly,
    SecondFactorNeeded,
    typed_in,
)
from desk.coming_back import log_in_query, page_of_form
from desk.context import path_for
from desk.pages import go_to, render
from desk.security import HEADERS
from participation.services.clerks import SignedIn

WORDS = {
    400: ("Dit formulier klopt niet", "Ga terug naar de vorige pagina en probeer het opnieuw."),
    403: (
        "Dit formulier komt van een andere website",
        "Voor de veiligheid doen we er niets mee. Open de pagina van de griffie zelf en probeer het daar opnieuw.",
    ),
    404: (
        "Deze pagina bestaat niet",
        "Of u werkt niet voor de gemeente van deze pagina. Controleer het adres, of ga naar de werklijst.",
    ),
    405: ("Deze pagina bestaat niet", "Controleer het adres, of ga naar de werklijst."),
    408: ("Uw formulier kwam niet op tijd aan", "Ga terug naar de vorige pagina en probeer het opnieuw."),
    413: ("Uw tekst is te lang", "Ga terug naar de vorige pagina, maak uw tekst korter en probeer het opnieuw."),
    500: (
        "Er ging iets mis bij ons",
        "Probeer het over een paar minuten opnieuw. Blijft het misgaan? Bel dan uw beheerder.",
    ),
}
COPY = "Uw tekst staat hieronder. Kopieer de tekst en plak die weer in het formulier."
FILE_TOO_LARGE = ("Uw bestand is te groot", "Kies een kleiner bestand. Een tabel deelt u in stukken.")


def _explain(request: Request, status: int, person: SignedIn | None = None) -> Response:
    is_file = request.headers.get("content-type", "").startswith("multipart/")
    title, advice = FILE_TOO_LARGE if status == 413 and is_file else WORDS.get(status, WORDS[400])
    return render(request, "melding.html", status_code=status, person=person, title=title, advice=advice)


def _not_kept(request: Request, status: int, title: str, advice: str, *, typed: str, **page: Any) -> Response:
    """Say why a form was not taken, and give back what was typed; the link leads to the work list or to `address`."""
    page = {"address": None, "label": "Naar de werklijst"} | page
    return render(request, "niet_opgeslagen.html", status_code=status, title=title, advice=advice, typed=typed, **page)


async def _http_error(request: Request, error: HTTPException) -> Response:
    return _explain(request, error.status_code)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    """An address that can not be one of ours does not exist; a form that can not be ours is refused."""
    in_address = any(problem["loc"][0] in {"path", "query"} for problem in error.errors())
    return _explain(request, 404 if in_address else 400)


async def _unknown(request: Request, error: PageUnknown) -> Response:
    return _explain(request, 404, error.person)


async def _failure(request: Request, _error: Exception) -> Response:
    """The server answers this one outside the middleware, so the headers are added here."""
    response = _explain(request, 500)
    response.headers.update(HEADERS)
    return response


async def _log_in_first(request: Request, _error: LogInNeeded) -> Response:
    """Lead to log-in and from there back to this page; a form that came too late gives its text back first."""
    if request.method == "POST":
        typed = await typed_in(request)
        advice = (
            "Uw tekst staat hieronder. Kopieer de tekst, meld u opnieuw aan en plak die weer in het formulier."
            if typed
            else "Meld u opnieuw aan."
        )
        return _not_kept(
            request,
            401,
            "U bent afgemeld",
            f"Uw tijd aan de griffie was voorbij, daarom hebben we niets opgeslagen. {advice}",
            typed=typed,
            address=path_for(request, "log_in"),
            label="Opnieuw aanmelden",
        )
    return RedirectResponse(path_for(request, "log_in") + log_in_query(request), status_code=303)


async def _new_password_first(request: Request, _error: NewPasswordNeeded) -> Response:
    return await _first(request, "new_password", "Kies eerst een eigen wachtwoord", "Naar uw wachtwoord")


async def _second_factor_first(request: Request, _error: SecondFactorNeeded) -> Response:
    return await _first(request, "second_factor", "Zet eerst de tweede stap aan", "Naar de tweede stap")


async def _first(request: Request, name: str, title: str, label: str) -> Response:
    """Lead to what has to be done first; who was writing meanwhile gets the text back before that."""
    typed = await typed_in(request)
    if not typed:
        return go_to(request, name)
    advice = f"Dat is sinds kort nodig, daarom hebben we niets opgeslagen. {COPY}"
    return _not_kept(request, 403, title, advice, typed=typed, address=path_for(request, name), label=label)


async def _form_expired(request: Request, error: FormExpired) -> Response:
    back = page_of_form(request) if error.typed else None
    advice = COPY if error.typed else "Ga terug en probeer het opnieuw."
    return _not_kept(
        request,
        403,
        "Dit formulier is verlopen",
        f"U bent intussen opnieuw aangemeld, daarom hebben we niets opgeslagen. {advice}",
        typed=error.typed,
        person=error.person,
        address=back,
        label="Terug naar de pagina" if back else "Naar de werklijst",
    )


async def _reading_only(request: Request, error: ReadingOnly) -> Response:
    typed = await typed_in(request)
    advice = "Er is niets veranderd. Vraag uw griffier om dit te doen, of om een andere rol."
    if typed:
        advice += " Uw tekst staat hieronder. Kopieer die als u hem wilt houden."
    return _not_kept(request, 403, "Dit mag niet met uw rol", advice, typed=typed, place=error.place)


EXPLANATIONS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: _http_error,
    RequestValidationError: _invalid,
    PageUnknown: _unknown,
    LogInNeeded: _log_in_first,
    NewPasswordNeeded: _new_password_first,
    SecondFactorNeeded: _second_factor_first,
    FormExpired: _form_expired,
    ReadingOnly: _reading_only,
    Exception: _failure,
}
