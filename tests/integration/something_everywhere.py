"""At least one row of a municipality in every table, for tests of what another municipality can not reach."""

import uuid
from base64 import b64decode
from datetime import date, datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council import feeds
from participation.insight import subjects
from participation.language.encoder import DIMENSIONS
from participation.logo import Logo
from participation.models import (
    AnswerDraft,
    AnswerOverride,
    AnswerVersion,
    Clerk,
    CodeAttempt,
    Contribution,
    ContributionCheck,
    ContributionFlag,
    ContributionIntake,
    ContributionLikeness,
    Conversation,
    DestructionItem,
    DestructionList,
    LocalFact,
    OwnQuestion,
    RetentionPeriod,
    UnsureQuestion,
)
from participation.models.consent import CONTACT
from participation.privacy.periods import CLOSED
from participation.privacy.pseudonym import pseudonym
from participation.services import (
    access_requests,
    answer_owners,
    assigning,
    audit,
    bulk,
    bundles,
    clerks,
    consents,
    contributions,
    conversations,
    deep_links,
    dispositions,
    handling_rules,
    incoming,
    invitations,
    mask_correcting,
    mask_lessons,
    municipality_settings,
    notes,
    outgoing,
    reply_verdicts,
    saved_filters,
    standard_texts,
    verdicts,
)
from participation.services.contributions import Draft
from tests.integration.participation.conftest import UTRECHT, campaign_with, papers

LOGO = Logo(
    b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="), "x"
)
EMBEDDING = np.eye(1, DIMENSIONS, dtype=np.float32).tobytes()
ELSEWHERE = "GM0363"
CALENDAR = b"soort;nummer;datum;naam;vergadering\n;1;3-12-2026;Raad;\nagendapunt;;;Opening;1\nmotie;;1-11-2026;Meer;1\n"


async def fill(session: AsyncSession, *, clerk: Clerk, now: datetime, code: str = UTRECHT) -> Contribution:
    """Make the rows, all about one contribution, and return that. `session` sees every municipality."""
    writer = await _conversation(session, code, now)
    draft = Draft(uuid.uuid4(), "De lantaarn is kapot.", writer.resident_id, writer.id, writer.channel)
    contribution = await contributions.log_contribution(session, municipality_code=code, draft=draft, now=now)
    about = {"municipality_code": code, "clerk": clerk, "now": now}
    await mask_correcting.hide(session, contribution_id=contribution.id, words="kapot", kind="persoon", **about)
    await mask_lessons.teach(session, words="Theo Thijssen", kind="plaats", masked_as={"persoon"}, **about)
    await dispositions.add(session, name="Naar de wijkraad", words="De wijkraad leest uw tekst.", **about)
    await handling_rules.set_answer_days(session, days=10, **about)
    await municipality_settings.set_logo(session, logo=LOGO, **about)
    await standard_texts.add(
        session, name="Dank", purpose="antwoord", words="Dank u wel.", submission=uuid.uuid4(), **about
    )
    await bundles.make(session, contribution_id=contribution.id, name="Lampen", **about)
    await notes.write(session, contribution_id=contribution.id, text="Gebeld.", submission=uuid.uuid4(), **about)
    entry = await contributions.reply(
        session, contribution_id=contribution.id, text="Dank voor uw bericht.", submission=uuid.uuid4(), **about
    )
    await reply_verdicts.give(session, resident_id=writer.resident_id, entry_id=entry.id, verdict="ja", now=now)
    session.add(
        ContributionLikeness(
            contribution_id=contribution.id, municipality_code=code, embedding=EMBEDDING, created_at=now
        )
    )
    await session.flush()
    await subjects.keep(session, municipality_code=code, found=[("lampen", [contribution.id])], texts=1, now=now)
    await consents.give(
        session,
        resident_id=writer.resident_id,
        municipality_code=code,
        purpose=CONTACT,
        channel="web",
        now=now,
        contribution_id=contribution.id,
        detail="06-24681357",
    )
    session.add(CodeAttempt(resident_id=writer.resident_id, reference_hash=b"x", created_at=now))
    await session.merge(
        LocalFact(municipality_code=code, name="zetels", value="45", source="test", checked_on=date(2026, 11, 23))
    )
    await session.merge(
        AnswerOverride(
            municipality_code=code,
            topic="fractie",
            short="Onze fracties.",
            source_name="Utrecht",
            source_url="https://utrecht.example",
            checked_on=date(2026, 11, 23),
            published_at=now,
        )
    )
    await session.merge(
        AnswerDraft(
            municipality_code=code,
            topic="fractie",
            short="Twaalf fracties.",
            source_name="Utrecht",
            source_url="https://utrecht.example",
            checked_on=date(2026, 11, 23),
            state="concept",
            revision=1,
            edited_by=clerk.id,
            edited_at=now,
        )
    )
    await answer_owners.choose(session, topic="fractie", owner_id=clerk.id, **about)
    if await session.get(AnswerVersion, (code, "fractie", 1)) is None:
        session.add(AnswerVersion(municipality_code=code, topic="fractie", number=1, published_at=now))
    await feeds.hand_over(session, municipality_code=code, name="raad.csv", content=CALENDAR, now=now)
    await invitations.invite(session, email="nieuw@utrecht.example", role="medewerker", **about)
    regional, _ = await clerks.create_clerk(
        session, email=f"{uuid.uuid4().hex}@g.example", name="Regio", roles={ELSEWHERE: "medewerker"}, now=now
    )
    await access_requests.ask(session, municipality_code=code, role="medewerker", clerk=regional, now=now)
    await audit.record(session, action="test", clerk=clerk, municipality_code=code, now=now)
    await deep_links.make(session, municipality_code=code, campaign=None, place=None, now=now)
    await incoming.store(session, incoming.Update("telegram", now.microsecond, b"x", b"x", urgent=False), now=now)
    conversation = await _conversation(session, code, now)
    await outgoing.remember_address(session, conversation_id=conversation.id, sealed=b"x", now=now)
    await verdicts.give(
        session,
        conversation_id=conversation.id,
        turn_id=1,
        municipality_code=code,
        topic="fractie",
        verdict="ja",
        reason=None,
        now=now,
    )
    session.add(
        OwnQuestion(
            municipality_code=code,
            ways=["Wanneer is de kermis?"],
            embeddings=b"",
            short="In mei.",
            source_name="Utrecht",
            source_url="https://utrecht.example",
            checked_on=now.date(),
            is_published=True,
            revision=1,
            changed_at=now,
        )
    )
    session.add(
        UnsureQuestion(conversation_id=conversation.id, municipality_code=code, masked_text="Wat nu?", created_at=now)
    )
    await _safekeeping(session, contribution, clerk, now)
    await papers(session, contribution, clerk=clerk, now=now)
    await campaign_with(
        session, await _conversation(session, code, now), clerk=clerk, words="Lampen.", now=now, code=code
    )
    await bulk.carry_out(session, contribution_ids=[contribution.id], action="oppakken", target=None, **about)
    await assigning.assign(session, contribution_ids=[contribution.id], assignee_id=clerk.id, **about)
    await saved_filters.save(session, name="Groen", query="thema=groen", is_shared=True, **about)
    await conversations.answer(
        session,
        conversation_id=conversation.id,
        replies=[{"tekst": "Dag", "knoppen": [{"titel": "Ja", "betekenis": {"intent": "bevestigen"}}]}],
        in_reply_to=None,
        now=now,
    )
    return contribution


async def _conversation(session: AsyncSession, code: str, now: datetime) -> Conversation:
    return await conversations.open_conversation(
        session,
        pseudonym=pseudonym("sleutel", channel="web", channel_user=uuid.uuid4().hex),
        channel="web",
        municipality_code=code,
        campaign=None,
        language="nl",
        now=now,
    )


async def _safekeeping(session: AsyncSession, contribution: Contribution, clerk: Clerk, now: datetime) -> None:
    """Periods, lists of destruction, what the desk entered, and what a person has to look at."""
    code = contribution.municipality_code
    await session.merge(RetentionPeriod(municipality_code=code, kind=CLOSED, days=400, changed_at=now))
    listed = DestructionList(
        id=uuid.uuid4(), municipality_code=code, state="voorgesteld", counts={}, periods={}, made_at=now
    )
    session.add(listed)
    await session.flush()
    of_this = {"contribution_id": contribution.id, "municipality_code": code}
    session.add_all(
        [
            DestructionItem(
                list_id=listed.id,
                record_id=contribution.id,
                municipality_code=code,
                kind=CLOSED,
                reference=contribution.reference,
                received_on=now.date(),
                closed_on=now.date(),
            ),
            ContributionIntake(**of_this, received_on=now.date(), entered_by=clerk.id, entered_at=now),
            ContributionCheck(**of_this, group_id=contribution.id, received_at=now, checked_until=now),
            ContributionFlag(**of_this, kind="bedreiging", created_at=now),
        ]
    )
    await session.flush()
