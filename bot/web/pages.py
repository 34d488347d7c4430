"""The pages of the web chat: the full page, the widget's frame and the demonstration."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException

from bot.web.files import static
from bot.web.house_style import stylesheet
from participation.database import EVERY_MUNICIPALITY, Database
from participation.municipality_choices import Choices
from participation.services import municipalities, municipality_settings
from participation.settings import settings

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(Path(__file__).parent / "templates")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action {form_action}; frame-src 'self'; frame-ancestors {ancestors}"
)


@router.get("/")
async def start(request: Request) -> HTMLResponse:
    """The demonstration: an invented municipal page with the widget in it."""
    if not settings().demo:
        raise HTTPException(404)
    names = sorted(municipalities.names().items(), key=lambda item: item[1])
    return page(request, "start.html", "'self'", gemeente_code="GM0344", gemeente_naam="Utrecht", gemeenten=names)


@router.get("/chat/{code}")
async def chat(request: Request, code: str, campagne: str = "", taal: str = "nl") -> HTMLResponse:
    """The chat as a page of its own."""
    return _chat(request, code, await choices_of(request, code), campagne, taal, embedded=False)


@router.get("/widget/{code}")
async def widget(request: Request, code: str, campagne: str = "", taal: str = "nl") -> HTMLResponse:
    """The chat inside the widget's frame, on the sites that the municipality or else the installation allows."""
    return _chat(request, code, await choices_of(request, code), campagne, taal, embedded=True)


@router.get("/chat/{code}/huisstijl.css")
async def house_style(request: Request, code: str) -> Response:
    """The colours of a municipality, as tokens of the chat."""
    colors = (await choices_of(request, code)).colors
    return Response(stylesheet(colors), media_type="text/css", headers={"Cache-Control": "no-cache"})


@router.get("/chat/{code}/logo.png")
async def logo(request: Request, code: str) -> Response:
    """The logo of a municipality; its address on the page holds the version, so that it may be kept."""
    if code not in municipalities.names():
        raise HTTPException(404)
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await municipality_settings.logo(session, code)
    if found is None:
        raise HTTPException(404)
    return Response(
        found.image, media_type="image/png", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


async def choices_of(request: Request, code: str) -> Choices:
    """What the municipality chose; an unknown one has no pages."""
    if code not in municipalities.names():
        raise HTTPException(404)
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await municipality_settings.of(session, code)


def _chat(
    request: Request, code: str, choices: Choices, campaign: str, language: str, *, embedded: bool
) -> HTMLResponse:
    sites = " ".join(choices.widget_sites) or settings().widget_sites
    return page(
        request,
        "chat.html",
        f"'self' {sites}".strip() if embedded else "'none'",
        gemeente_code=code,
        gemeente_naam=choices.shown_name or municipalities.names()[code],
        choices=choices,
        campagne=campaign[:64],
        taal=language[:2],
        embedded=embedded,
    )


def page(
    request: Request, template: str, ancestors: str, *, form_action: str = "'none'", **values: object
) -> HTMLResponse:
    """Fill a template; `ancestors` may show it in a frame, and forms may go to `form_action`."""
    chosen = settings()
    return templates.TemplateResponse(
        request,
        template,
        {"static": static, "demo": chosen.demo, "public_url": chosen.public_url, **values},
        headers={
            "Content-Security-Policy": _POLICY.format(ancestors=ancestors, form_action=form_action),
            "Cache-Control": "no-cache",
        },
    )
