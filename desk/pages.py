"""Turn templates into answers."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from desk import resident_view, words
from desk.context import desk_of, path_for
from desk.dates import full_moment, short_moment
from desk.library_news import library_news

if TYPE_CHECKING:
    from desk.access import Workplace
    from participation.services.clerks import SignedIn

FOLDER = Path(__file__).parent


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = words
    environment.globals["resident_view"] = resident_view
    environment.filters["opening"] = words.opening
    environment.filters["full_moment"] = full_moment
    return environment


_templates = _environment()


def render(
    request: Request,
    template: str,
    /,
    *,
    person: "SignedIn | None" = None,
    place: "Workplace | None" = None,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """Render a page.

    Args:
        person: who is signed in; the header then shows their name and the way out.
        place: the municipality they work for on this page; implies `person`.
    """
    desk = desk_of(request)
    now = desk.clock()

    def path(name: str, **parameters: object) -> str:
        return path_for(request, name, **parameters)

    def moment(value: datetime) -> Markup:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            value.isoformat(timespec="seconds"), full_moment(value), short_moment(value, now)
        )

    html = _templates.get_template(template).render(
        path=path,
        moment=moment,
        demo=desk.settings.demo,
        template_name=template,  # stands in the page, so that tests know which pages were looked at
        person=place.person if place else person,
        place=place,
        library=library_news(request),
        notice=words.NOTICES.get(request.query_params.get("gedaan", "")),
        **context,
    )
    return HTMLResponse(html, status_code=status_code, headers=headers)


def go_to(request: Request, name: str, /, *, done: str = "", **parameters: object) -> RedirectResponse:
    """Send the browser to a page with GET, after a form that did its work."""
    query = f"?gedaan={done}" if done else ""
    return RedirectResponse(path_for(request, name, **parameters) + query, status_code=303)
