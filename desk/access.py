"""Who may see and do what: the session cookie, the token in forms, the roles per municipality."""

import hmac
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.context import NO_MUNICIPALITY, desk_of, root_of
from participation import roles
from participation.municipality_choices import Choices
from participation.services import clerks, municipality_settings
from participation.services.clerks import SESSION_LIMIT, SignedIn

SESSION_COOKIE = "samenspel_griffie"


TYPED = frozenset(
    {"tekst", "toelichting", "kort", "meer", "manieren", "vraag", "notitie", "plek", "contact", "reden"}
    | {"bron", "bron_adres", "welkom", "kantoortijden", "gebieden", "ontvangers", "sites", "opties", "stellingen"}
    | {"why", "intro", "thanks", "phase", "heard", "decided", "because", "next_step"}
)
"""Fields of forms that hold what takes time to write: it is given back when a form can not be taken. A test keeps it
complete."""


class LogInNeeded(Exception):
    """Nobody is signed in."""


class NewPasswordNeeded(Exception):
    """A one-time password opens only the page on which to replace it."""


class SecondFactorNeeded(Exception):
    """Somebody's role or municipality asks for a second factor, and there is none yet."""


class FormExpired(Exception):
    """The token of the form belongs to another session, or to none."""

    def __init__(self, person: SignedIn, typed: str = "") -> None:
        self.person = person
        self.typed = typed


class PageUnknown(Exception):
    """There is nothing here for this person; they can not tell whether it exists."""

    def __init__(self, person: SignedIn) -> None:
        self.person = person


class ReadingOnly(Exception):
    """The role of this person in this municipality reads."""

    def __init__(self, place: "Workplace") -> None:
        self.place = place


@dataclass(frozen=True)
class Workplace:
    """A person at work for one municipality."""

    person: SignedIn
    code: str
    choices: Choices = field(default_factory=Choices)

    @property
    def name(self) -> str:
        """The municipality's name, as it wants to be known."""
        return self.choices.shown_name or self.person.municipality_names[self.code]

    @property
    def role(self) -> str:
        """The person's role here."""
        return self.person.roles[self.code]

    @property
    def may_handle(self) -> bool:
        """Whether the person may change statuses and answer."""
        return roles.may(self.role, roles.HANDLE)

    @property
    def may_hear_names(self) -> bool:
        """Whether the person may see the names that residents let the griffie and the council know."""
        return roles.may(self.role, roles.NAMES)

    @property
    def may_manage(self) -> bool:
        """Whether the person may change settings, periods and sources."""
        return roles.may(self.role, roles.MANAGE)

    @property
    def may_reveal(self) -> bool:
        """Whether the person may read a contribution without its masks."""
        return roles.may(self.role, roles.REVEAL)

    @property
    def may_manage_people(self) -> bool:
        """Whether the person may say who works here and what they may do."""
        return roles.may(self.role, roles.PEOPLE)

    @property
    def may_read_log(self) -> bool:
        """Whether the person may see who did what."""
        return roles.may(self.role, roles.LOG)

    @property
    def may_campaign(self) -> bool:
        """Whether the person may make campaigns and send messages about them."""
        return roles.may(self.role, roles.CAMPAIGNS)


def give_session_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the session to the browser, for the desk only."""
    set_cookie(request, response, SESSION_COOKIE, token, int(SESSION_LIMIT.total_seconds()))


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int) -> None:
    """Set a cookie that scripts and other sites can not use; `max_age` 0 takes it away."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=root_of(request) or "/",
        secure=desk_of(request).settings.public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )


async def visitor(request: Request) -> SignedIn | None:
    """Return who is signed in, if anyone."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        return await clerks.signed_in(session, token=token, now=desk.clock())


async def signed_in(someone: Annotated[SignedIn | None, Depends(visitor)]) -> SignedIn:
    """Require a session, also one with a one-time password."""
    if someone is None:
        raise LogInNeeded
    return someone


async def person_at_desk(person: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Require a session with a password of one's own, and with a second factor where that is asked."""
    if person.needs_new_password:
        raise NewPasswordNeeded
    if person.lacks_second_factor:
        raise SecondFactorNeeded
    return person


async def sender(
    request: Request, someone: Annotated[SignedIn | None, Depends(visitor)], csrf: Annotated[str, Form()] = ""
) -> SignedIn:
    """Require a session and a form that was made for it."""
    if someone is None:
        raise LogInNeeded
    if not hmac.compare_digest(csrf.encode(), someone.csrf_token.encode()):
        raise FormExpired(someone, await typed_in(request))
    return someone


async def typed_in(request: Request) -> str:
    """Return the text that took time to write in the form of this request; nothing for a page."""
    if request.method != "POST":
        return ""
    form = await request.form()
    return "\n\n".join(
        value for name, value in form.multi_items() if name in TYPED and isinstance(value, str) and value
    )


async def workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(person_at_desk)]) -> Workplace:
    """Require a role in the municipality of the address. What holds a NUL is in no table, and can not be asked for."""
    if code not in person.roles or "\0" in request.scope["path"]:
        raise PageUnknown(person)
    async with desk_of(request).database.session(code) as session:
        return Workplace(person, code, await municipality_settings.of(session, code))


async def sending_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone with a role in the municipality of the address."""
    return await workplace(request, code, await person_at_desk(person))


async def handling_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone who may change things in the municipality of the address."""
    place = await workplace(request, code, await person_at_desk(person))
    if not place.may_handle:
        raise ReadingOnly(place)
    return place


async def managing_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone who may manage the calendar of the municipality of the address."""
    place = await workplace(request, code, await person_at_desk(person))
    if not place.may_manage:
        raise ReadingOnly(place)
    return place


async def revealing_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone who may read unmasked texts in the municipality of the address."""
    place = await workplace(request, code, await person_at_desk(person))
    if not place.may_reveal:
        raise ReadingOnly(place)
    return place


async def log_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(person_at_desk)]) -> Workplace:
    """Require a role that may read the log; for the others there is no such page."""
    place = await workplace(request, code, person)
    if not place.may_read_log:
        raise PageUnknown(person)
    return place


async def log_form_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone who may read the log."""
    return await log_workplace(request, code, await person_at_desk(person))


async def people_workplace(
    request: Request, code: str, person: Annotated[SignedIn, Depends(person_at_desk)]
) -> Workplace:
    """Require a role that may say who works here; for the others there is no such page."""
    place = await workplace(request, code, person)
    if not place.may_manage_people:
        raise PageUnknown(person)
    return place


async def people_form_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone who may say who works here."""
    return await people_workplace(request, code, await person_at_desk(person))


async def campaigning_workplace(request: Request, code: str, person: Annotated[SignedIn, Depends(sender)]) -> Workplace:
    """Require a form of someone who may make campaigns in the municipality of the address."""
    place = await workplace(request, code, await person_at_desk(person))
    if not place.may_campaign:
        raise ReadingOnly(place)
    return place


AtDesk = Annotated[SignedIn, Depends(person_at_desk)]
Sender = Annotated[SignedIn, Depends(sender)]
AtWork = Annotated[Workplace, Depends(workplace)]
Sending = Annotated[Workplace, Depends(sending_workplace)]
Handling = Annotated[Workplace, Depends(handling_workplace)]
Managing = Annotated[Workplace, Depends(managing_workplace)]
SeeingPeople = Annotated[Workplace, Depends(people_workplace)]
ManagingPeople = Annotated[Workplace, Depends(people_form_workplace)]
ReadingLog = Annotated[Workplace, Depends(log_workplace)]
ExportingLog = Annotated[Workplace, Depends(log_form_workplace)]
Revealing = Annotated[Workplace, Depends(revealing_workplace)]
Campaigning = Annotated[Workplace, Depends(campaigning_workplace)]
