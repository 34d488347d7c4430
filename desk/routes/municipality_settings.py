"""What a municipality sets itself: texts, colours, logo, themes, areas, periods, and where residents find the chat."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from desk import settings_words
from desk.access import AtWork, Managing, PageUnknown, ReadingOnly, Workplace
from desk.contribution_page import as_typed
from desk.house_style import IMAGE_HEADERS, stylesheet
from desk.pages import go_to, render
from desk.work import working
from participation import content, recipients
from participation.errors import ChangedMeanwhile, DaysOutOfRange, SortingUnknown, TextTooLong
from participation.house_style import ACTION, HEADER, HEADER_INK, ColorsUnreadable, checked
from participation.language.readability import measure
from participation.language.themes import themes
from participation.logo import MAX_BYTES, LogoRefused, drawn_again
from participation.municipality_choices import PATIENCE, Choices
from participation.own_areas import AreaUnreadable, read_areas
from participation.recipients import RecipientUnreadable, read_recipients
from participation.services import clerks, municipality_settings
from participation.services.lifecycle import LABELS
from participation.widget_sites import SiteUnreadable, read_sites

router = APIRouter()

USUAL_COLORS = {HEADER: "#0b3c5d", HEADER_INK: "#ffffff", ACTION: "#0f6674"}
"""Of desk/static/theme.css, to begin with."""


@router.get("/{code}/instellingen", name="settings")
async def show(request: Request, place: AtWork) -> Response:
    """Show all settings with their forms, the pages of what is set elsewhere, and what was changed last."""
    if not place.may_manage:
        raise ReadingOnly(place)
    return await _page(request, place)


@router.post("/{code}/instellingen/teksten", name="set_texts")
async def set_texts(
    request: Request,
    place: Managing,
    naam: Annotated[str, Form()] = "",
    welkom: Annotated[str, Form()] = "",
    kantoortijden: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set the name, the welcome and when a person answers."""
    typed = {"naam": naam.replace("\0", ""), "welkom": as_typed(welkom), "kantoortijden": as_typed(kantoortijden)}
    try:
        async with working(request, place) as work:
            await municipality_settings.set_texts(
                work.session,
                name=typed["naam"],
                welcome=typed["welkom"],
                office_hours=typed["kantoortijden"],
                seen=versie,
                **work.by,
            )
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed=typed, meanwhile=tuple(typed))
    except TextTooLong:
        return await _page(request, place, 422, typed=typed, errors=settings_words.too_long(typed))
    return _saved(request, place)


@router.post("/{code}/instellingen/kleuren", name="set_colors")
async def set_colors(
    request: Request,
    place: Managing,
    kop: Annotated[str, Form()] = "",
    kop_letters: Annotated[str, Form()] = "",
    knop: Annotated[str, Form()] = "",
    stap: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set the colours when people can read what is written on them, or go back to the usual ones."""
    typed = {HEADER: kop, HEADER_INK: kop_letters, ACTION: knop}
    try:
        colors = None if stap == "gewoon" else checked(header=kop, header_ink=kop_letters, action=knop)
    except ColorsUnreadable as unreadable:
        return await _page(request, place, 422, typed=typed, errors=settings_words.color_errors(unreadable.faults))
    try:
        async with working(request, place) as work:
            await municipality_settings.set_colors(work.session, colors=colors, seen=versie, **work.by)
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed=typed, meanwhile=tuple(typed))
    return _saved(request, place)


@router.post("/{code}/instellingen/logo", name="set_logo")
async def set_logo(
    request: Request,
    place: Managing,
    bestand: Annotated[UploadFile | None, File()] = None,
    stap: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set the logo, or take it away when that was asked: a file that was forgotten takes nothing away."""
    file = await bestand.read(MAX_BYTES + 1) if bestand is not None else b""
    if not file and stap != "weg":
        return await _page(request, place, 422, errors={"bestand": settings_words.NO_LOGO_CHOSEN})
    try:
        logo = None if stap == "weg" else drawn_again(file)
    except LogoRefused as refused:
        return await _page(request, place, 422, errors={"bestand": settings_words.LOGO_FAULTS[refused.fault]})
    try:
        async with working(request, place) as work:
            await municipality_settings.set_logo(work.session, logo=logo, seen=versie, **work.by)
    except ChangedMeanwhile:
        return await _page(request, place, 409, errors={"bestand": settings_words.LOGO_CHANGED})
    return _saved(request, place)


@router.post("/{code}/instellingen/themas", name="set_themes")
async def set_themes(
    request: Request,
    place: Managing,
    thema: Annotated[list[str] | None, Form()] = None,
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set which themes are used."""
    try:
        async with working(request, place) as work:
            await municipality_settings.set_themes(work.session, shown=thema or [], seen=versie, **work.by)
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed={"themas": thema or []}, meanwhile=("themas",))
    except SortingUnknown:
        return await _page(request, place, 422, errors={"themas": "Kruis ten minste één thema aan."})
    return _saved(request, place)


@router.post("/{code}/instellingen/gebieden", name="set_areas")
async def set_areas(
    request: Request,
    place: Managing,
    gebieden: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set the municipality's own names for its districts and villages."""
    typed = as_typed(gebieden)
    try:
        areas = read_areas(typed)
    except AreaUnreadable as unreadable:
        errors = {"gebieden": settings_words.area_error(unreadable.line)}
        return await _page(request, place, 422, typed={"gebieden": typed}, errors=errors)
    try:
        async with working(request, place) as work:
            await municipality_settings.set_areas(work.session, areas=areas, seen=versie, **work.by)
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed={"gebieden": typed}, meanwhile=("gebieden",))
    return _saved(request, place)


@router.post("/{code}/instellingen/ontvangers", name="set_recipients")
async def set_recipients(
    request: Request,
    place: Managing,
    ontvangers: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set to whom contributions can be passed on."""
    typed = as_typed(ontvangers)
    try:
        read = read_recipients(typed)
    except RecipientUnreadable as unreadable:
        errors = {"ontvangers": settings_words.recipient_error(unreadable.line)}
        return await _page(request, place, 422, typed={"ontvangers": typed}, errors=errors)
    try:
        async with working(request, place) as work:
            await municipality_settings.set_recipients(work.session, recipients=read, seen=versie, **work.by)
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed={"ontvangers": typed}, meanwhile=("ontvangers",))
    return _saved(request, place)


@router.post("/{code}/instellingen/termijnen", name="set_patience")
async def set_patience(request: Request, place: Managing) -> Response:
    """Set after how many days each status is overdue."""
    form = await request.form()
    typed = {status: str(form.get(status, "")).strip() for status in PATIENCE}
    try:
        if not all(days.isascii() and days.isdigit() and len(days) <= 3 for days in typed.values()):
            raise DaysOutOfRange
        async with working(request, place) as work:
            await municipality_settings.set_patience(
                work.session,
                days={status: int(days) for status, days in typed.items()},
                seen=str(form.get("versie", "")),
                **work.by,
            )
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed=typed, meanwhile=tuple(typed))
    except DaysOutOfRange:
        return await _page(request, place, 422, typed=typed, errors={"termijnen": settings_words.DAYS})
    return _saved(request, place)


@router.post("/{code}/instellingen/kanalen", name="set_channels")
async def set_channels(
    request: Request,
    place: Managing,
    telegram: Annotated[str, Form()] = "",
    sites: Annotated[str, Form()] = "",
    versie: Annotated[str, Form()] = "",
) -> Response:
    """Set whether the municipality is on Telegram, and on which sites the widget may appear."""
    typed = {"sites": as_typed(sites), "telegram": telegram}
    try:
        read = read_sites(typed["sites"])
    except SiteUnreadable as unreadable:
        errors = {"sites": settings_words.site_error(unreadable.typed)}
        return await _page(request, place, 422, typed=typed, errors=errors)
    try:
        async with working(request, place) as work:
            await municipality_settings.set_channels(
                work.session, on_telegram=telegram == "ja", sites=read, seen=versie, **work.by
            )
    except ChangedMeanwhile:
        return await _page(request, place, 409, typed=typed, meanwhile=tuple(typed))
    return _saved(request, place)


@router.get("/{code}/huisstijl.css", name="house_style")
async def house_style(place: AtWork) -> Response:
    """The colours of the municipality, as a style sheet of its own: the policy allows no style in pages."""
    return Response(stylesheet(place.choices.colors), media_type="text/css")


@router.get("/{code}/logo.png", name="logo")
async def show_logo(request: Request, place: AtWork) -> Response:
    """The logo of the municipality."""
    async with working(request, place) as work:
        logo = await municipality_settings.logo(work.session, place.code)
    if logo is None:
        raise PageUnknown(place.person)
    return Response(logo.image, media_type="image/png", headers=IMAGE_HEADERS)


def _saved(request: Request, place: Workplace) -> Response:
    return go_to(request, "settings", done="instelling", code=place.code)


def _written(choices: Choices) -> dict[str, Any]:
    """What the forms start with."""
    colors = choices.colors
    return {
        "naam": choices.shown_name,
        "welkom": choices.welcome,
        "kantoortijden": choices.office_hours,
        **(dict(zip(USUAL_COLORS, colors.to_json().values(), strict=True)) if colors else USUAL_COLORS),
        "gebieden": municipality_settings.areas_written(choices),
        **{status: str(longest.days) for status, longest in choices.patience.items()},
        "themas": [theme for theme in themes() if theme not in choices.hidden_themes],
        "telegram": "ja" if choices.on_telegram else "",
        "sites": "\n".join(choices.widget_sites),
        "ontvangers": recipients.written(choices.recipients),
    }


async def _page(
    request: Request,
    place: Workplace,
    status_code: int = 200,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: Collection[str] = (),
) -> Response:
    """Show all settings.

    Args:
        typed: what stays in the forms.
        meanwhile: what of it somebody else changed: both are shown, and what is typed is only saved when asked again.
    """
    async with working(request, place) as work:
        choices = await municipality_settings.of(work.session, place.code)
        history = await municipality_settings.history(work.session, municipality_code=place.code)
        names = await clerks.names_of(work.session, clerk_ids={one.clerk_id for one in history if one.clerk_id})
        versions = await municipality_settings.versions(work.session, place.code)
    saved = _written(choices)
    form = saved | dict(typed or {})
    return render(
        request,
        "instellingen.html",
        place=place,
        status_code=status_code,
        part="settings",
        choices=choices,
        form=form,
        errors=dict(errors or {}),
        versions=versions,
        both=settings_words.both({name: (saved[name], form[name]) for name in meanwhile}),
        official=place.person.municipality_names[place.code],
        usual_welcome=content.text("welkom_uitleg"),
        measures=measure(choices.welcome) if choices.welcome else None,
        themes=themes(),
        statuses={status: LABELS[status] for status in PATIENCE},
        history=history,
        names=names,
        settings_words=settings_words,
    )
