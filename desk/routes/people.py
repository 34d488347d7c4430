"""Who works for the municipality: invite, give another role, end access, help who is locked out."""

import re
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import ManagingPeople, PageUnknown, SeeingPeople, Workplace
from desk.context import desk_of, path_for
from desk.pages import go_to, render
from desk.work import working
from participation import roles
from participation.errors import InvitationUnknown, LastManager, NotYoursToChange, PersonUnknown, WorksHereAlready
from participation.roles import ROLES
from participation.services import access_requests, invitation_mail, invitations, people, second_factor, sign_on

router = APIRouter()

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
LONGEST_EMAIL = 254
LAST = "Dit kan niet: dan is er niemand meer die medewerkers beheert. Geef eerst een collega die rol."
NOT_YOURS = (
    "Dit mag u niet veranderen. Alleen een beheerder verandert een beheerder. Werkt iemand ook voor een andere "
    "gemeente? Dan regelt diegene het zelf, of iemand die voor al die gemeenten beheert. Uw eigen wachtwoord en tweede "
    "stap verandert u bij “Account”."
)


@router.get("/{code}/medewerkers", name="people")
async def show(request: Request, place: SeeingPeople) -> Response:
    """Show who works here, who is invited, and what is asked of everyone."""
    return await _page(request, place)


@router.post("/{code}/medewerkers/uitnodigen", name="invite")
async def invite(
    request: Request,
    place: ManagingPeople,
    email: Annotated[str, Form()] = "",
    rol: Annotated[str, Form()] = "",
    mailen: Annotated[str, Form()] = "",
) -> Response:
    """Make an invitation, show its link once, and have it mailed where that is asked and there is a mail server."""
    email, chosen = email.strip(), desk_of(request).settings
    base = chosen.public_url.rstrip("/")
    typed = {"email": email, "rol": rol, "mailen": mailen == "ja"}
    errors = {}
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or "\0" in email:
        errors["email"] = "Vul een e-mailadres in, zoals naam@gemeente.nl."
    elif not email.isascii():
        errors["email"] = "Gebruik een e-mailadres zonder accenten of andere bijzondere letters."
    if rol not in ROLES:
        errors["rol"] = "Kies een rol."
    if errors:
        return await _page(request, place, 422, errors=errors, typed=typed)
    try:
        async with working(request, place) as work:
            invitation, token = await invitations.invite(work.session, email=email, role=rol, **work.by)
            link = base + path_for(request, "invitation", code=place.code, token=token)
            if mailen == "ja" and chosen.smtp_host:
                await invitation_mail.ask(
                    work.session, invitation=invitation, link=link, key=chosen.pseudonym_key, now=work.now
                )
    except NotYoursToChange:
        problem = {"rol": "Alleen een beheerder nodigt een beheerder uit."}
        return await _page(request, place, 422, errors=problem, typed=typed)
    except WorksHereAlready:
        problem = {"email": "Deze collega werkt al bij u. Een andere rol geeft u in de lijst, onder “Veranderen”."}
        return await _page(request, place, 422, errors=problem, typed=typed)
    return render(request, "uitgenodigd.html", place=place, part="people", invitation=invitation, link=link)


@router.post("/{code}/medewerkers/uitnodigingen/{invitation_id}", name="withdraw_invitation")
async def withdraw(request: Request, place: ManagingPeople, invitation_id: uuid.UUID) -> Response:
    """Let a link stop working."""
    try:
        async with working(request, place) as work:
            await invitations.withdraw(work.session, invitation_id=invitation_id, **work.by)
    except InvitationUnknown:
        raise PageUnknown(place.person) from None
    return go_to(request, "people", done="uitnodiging_weg", code=place.code)


@router.post("/{code}/medewerkers/tweede-stap", name="ask_second_factor")
async def ask_of_all(request: Request, place: ManagingPeople, iedereen: Annotated[str, Form()] = "") -> Response:
    """Ask a second factor of everyone here, or of a beheerder only."""
    async with working(request, place) as work:
        await second_factor.ask_of_all(work.session, on=iedereen == "ja", **work.by)
    return go_to(request, "people", done="tweede_stap_regel", code=place.code)


@router.post("/{code}/medewerkers/aanmelddienst", name="count_provider")
async def count_provider(request: Request, place: ManagingPeople, dienst: Annotated[str, Form()] = "") -> Response:
    """Let the second factor of one provider count for who works here, or of none."""
    try:
        async with working(request, place) as work:
            await sign_on.count_factor_of(work.session, provider=dienst or None, known=_with_factor(request), **work.by)
    except NotYoursToChange:
        return await _page(request, place, 422, problem="Kies een aanmelddienst uit de lijst.")
    return go_to(request, "people", done="tweede_stap_dienst", code=place.code)


@router.post("/{code}/medewerkers/{clerk_id}/rol", name="change_role")
async def change_role(
    request: Request, place: ManagingPeople, clerk_id: uuid.UUID, rol: Annotated[str, Form()] = ""
) -> Response:
    """Give somebody another role."""
    if rol not in ROLES:
        return await _page(request, place, 422, problem="Kies een rol.")
    try:
        async with working(request, place) as work:
            await people.change_role(work.session, clerk_id=clerk_id, role=rol, **work.by)
    except (PersonUnknown, NotYoursToChange, LastManager) as refused:
        return await _refused(request, place, refused)
    return (
        go_to(request, "people", done="rol", code=place.code)
        if place.person.clerk.id != clerk_id
        else go_to(request, "start", done="rol")
    )


@router.post("/{code}/medewerkers/{clerk_id}/toegang", name="end_access")
async def end_access(
    request: Request, place: ManagingPeople, clerk_id: uuid.UUID, zeker: Annotated[str, Form()] = ""
) -> Response:
    """End what somebody may do here."""
    if zeker != "ja":
        return await _page(request, place, 422, problem="Zet eerst een vinkje bij “Ja, stop de toegang”.")
    try:
        async with working(request, place) as work:
            await people.end_access(work.session, clerk_id=clerk_id, **work.by)
    except (PersonUnknown, NotYoursToChange, LastManager) as refused:
        return await _refused(request, place, refused)
    if clerk_id == place.person.clerk.id:
        return go_to(request, "start")
    return go_to(request, "people", done="toegang_weg", code=place.code)


@router.post("/{code}/medewerkers/{clerk_id}/tweede-stap", name="reset_second_factor")
async def reset(request: Request, place: ManagingPeople, clerk_id: uuid.UUID) -> Response:
    """Let somebody who lost the app start anew."""
    try:
        async with working(request, place) as work:
            await people.reset_second_factor(work.session, clerk_id=clerk_id, **work.by)
    except (PersonUnknown, NotYoursToChange) as refused:
        return await _refused(request, place, refused)
    return go_to(request, "people", done="tweede_stap_gewist", code=place.code)


@router.post("/{code}/medewerkers/{clerk_id}/wachtwoord", name="give_password")
async def give_password(request: Request, place: ManagingPeople, clerk_id: uuid.UUID) -> Response:
    """Give somebody who forgot the password a one-time one, shown once."""
    try:
        async with working(request, place) as work:
            password = await people.new_password(work.session, clerk_id=clerk_id, **work.by)
    except (PersonUnknown, NotYoursToChange) as refused:
        return await _refused(request, place, refused)
    return render(request, "eenmalig.html", place=place, part="people", password=password)


def _with_factor(request: Request) -> dict[str, str]:
    """The providers that say whether they asked a second factor: key to name."""
    return {one.key: one.name for one in desk_of(request).settings.sign_on if one.second_factor}


async def _refused(request: Request, place: Workplace, refused: Exception) -> Response:
    if isinstance(refused, PersonUnknown):
        raise PageUnknown(place.person)
    return await _page(request, place, 422, problem=LAST if isinstance(refused, LastManager) else NOT_YOURS)


async def _page(
    request: Request,
    place: Workplace,
    status_code: int = 200,
    *,
    problem: str = "",
    errors: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    async with working(request, place) as work:
        everyone = await people.of_municipality(work.session, municipality_code=place.code)
        resettable = await people.resettable(work.session, municipality_code=place.code, clerk=place.person.clerk)
        waiting = await invitations.waiting(work.session, municipality_code=place.code, now=work.now)
        asked = await access_requests.waiting(work.session, municipality_code=place.code, clerk=place.person.clerk)
        for_all = await second_factor.is_asked_of_all(work.session, municipality_code=place.code)
        counted = await sign_on.counted_provider(work.session, municipality_code=place.code)
    return render(
        request,
        "medewerkers.html",
        place=place,
        part="people",
        status_code=status_code,
        everyone=everyone,
        resettable=resettable,
        waiting=waiting,
        asked=asked,
        for_all=for_all,
        counted=counted,
        providers=_with_factor(request),
        givable=[role for role in ROLES if roles.may_give(place.role, role)],
        may_change=lambda role: roles.may_give(place.role, role),
        problem=problem,
        errors=errors or {},
        typed=typed or {"email": "", "rol": "", "mailen": True},
        can_mail=bool(desk_of(request).settings.smtp_host),
    )
