"""A real mail server on loopback, for the tests of what is mailed."""

import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What the server took, and what it says to the next ones before it takes them again."""

    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    hangs_up: bool = False
    encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.encrypted.append(session.ssl is not None)
        found = message_from_bytes(envelope.content or b"", policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.taken.append((str(envelope.mail_from), list(map(str, envelope.rcpt_tos)), found))
        if self.hangs_up:
            assert server.transport
            server.transport.close()
        return "250 OK"


def free_port() -> int:
    """The server looks whether it answers at the port that it was given, so that can not be 0."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
