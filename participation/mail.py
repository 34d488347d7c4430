"""Handing one mail to the mail server, and telling apart what surely did not go from what may have gone."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from participation.settings import Settings

SECONDS = 30.0
ACCEPTED = 250


class MailNotSent(Exception):
    """The server surely did not take the mail: it can be tried again. Says why, without addresses."""


class MailMayBeSent(Exception):
    """The connection was lost after the mail was handed over: trying again could send it twice."""


def send(settings: Settings, message: EmailMessage, *, to: str) -> None:
    """Send a mail to one person. Waits for the server: call it in a thread.

    Raises:
        MailNotSent, MailMayBeSent: the server did not confirm it.
    """
    with _connected(settings) as server:
        with _before_it_went():
            server.ehlo_or_helo_if_needed()
            _refuse(*server.mail(settings.smtp_from))
            _refuse(*server.rcpt(to))
            written = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        try:
            code, _ = server.data(written)
        except smtplib.SMTPDataError as error:
            raise MailNotSent(f"the server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailMayBeSent(type(error).__name__) from None
        _refuse(code, b"")


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    with _before_it_went():
        secure = ssl.create_default_context()
        server: smtplib.SMTP
        if settings.smtp_security == "tls":
            server = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=SECONDS, context=secure)
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS)
    try:
        with _before_it_went():
            if settings.smtp_security == "starttls":
                server.starttls(context=secure)
            if settings.smtp_user:
                server.login(settings.smtp_user, _password(settings))
        yield server
    finally:
        server.close()


@contextmanager
def _before_it_went() -> Iterator[None]:
    """Whatever fails in here, no mail has gone yet."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(f"the server answered {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # A ValueError, such as of Unicode, is an address or a line that can not be put in the words of SMTP.
        raise MailNotSent(type(error).__name__) from None


def _refuse(code: int, _: bytes) -> None:
    if code not in (ACCEPTED, 251):
        raise MailNotSent(f"the server answered {code}")


def _password(settings: Settings) -> str:
    return Path(settings.smtp_password_file).read_text(encoding="utf-8").strip() if settings.smtp_password_file else ""
