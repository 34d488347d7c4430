"""At least one row of Utrecht in every table, for tests of what another municipality can not reach."""

import uuid
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation.council import feeds
from participation.insight import subjects
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
    municipality_settings,
    notes,
    outgoing,
    reply_verdicts,
    saved_filters,
    standard_texts,
    verdicts,
)
from participation.services.contributions import Draft
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, campaign_with, papers

CALENDAR = b"soort;nummer;datum;naam;vergadering\n;1;3-12-2026;Raad;\nagendapunt;;;Opening;1\nmotie;;1-11-2026;Meer;1\n"


async def fill(session: AsyncSession, *, clerk: Clerk, now: datetime) -> Contribution:
    """Make the rows, all about one contribution, and return that. `session` sees every municipality."""
    writer = await _conversation(session, now)
    draft = Draft(uuid.uuid4(), "De lantaarn is kapot.", writer.resident_id, writer.id, writer.channel)
    contribution = await contributions.log_contribution(session, municipality_code=UTRECHT, draft=draft, now=now)
    about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
    await dispositions.add(session, name="Naar de wijkraad", words="De wijkraad leest uw tekst.", **about)
    await handling_rules.set_answer_days(session, days=10, **about)
    await municipality_settings.set_logo(session, logo=Logo(b"x", "x"), **about)
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
        ContributionLikeness(contribution_id=contribution.id, municipality_code=UTRECHT, embedding=b"x", created_at=now)
    )
    await session.flush()
    await subjects.keep(session, municipality_code=UTRECHT, found=[("lampen", [contribution.id])], texts=1, now=now)
    await consents.give(
        session,
        resident_id=writer.resident_id,
        municipality_code=UTRECHT,
        purpose=CONTACT,
        channel="web",
        now=now,
        contribution_id=contribution.id,
        detail="06-24681357",
    )
    session.add(CodeAttempt(resident_id=writer.resident_id, reference_hash=b"x", created_at=now))
    await session.merge(
        LocalFact(municipality_code=UTRECHT, name="zetels", value="45", source="test", checked_on=date(2026, 11, 23))
    )
    await session.merge(
        AnswerOverride(
            municipality_code=UTRECHT,
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
            municipality_code=UTRECHT,
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
    if await session.get(AnswerVersion, (UTRECHT, "fractie", 1)) is None:
        session.add(AnswerVersion(municipality_code=UTRECHT, topic="fractie", number=1, published_at=now))
    await feeds.hand_over(session, municipality_code=UTRECHT, name="raad.csv", content=CALENDAR, now=now)
    await invitations.invite(session, email="nieuw@utrecht.example", role="medewerker", **about)
    regional, _ = await clerks.create_clerk(
        session, email=f"{uuid.uuid4().hex}@g.example", name="Regio", roles={AMERSFOORT: "medewerker"}, now=now
    )
    await access_requests.ask(session, municipality_code=UTRECHT, role="medewerker", clerk=regional, now=now)
    await audit.record(session, action="test", clerk=clerk, municipality_code=UTRECHT, now=now)
    await deep_links.make(session, municipality_code=UTRECHT, campaign=None, place=None, now=now)
    await incoming.store(session, incoming.Update("telegram", now.microsecond, b"x", b"x", urgent=False), now=now)
    conversation = await _conversation(session, now)
    await outgoing.remember_address(session, conversation_id=conversation.id, sealed=b"x", now=now)
    await verdicts.give(
        session,
        conversation_id=conversation.id,
        turn_id=1,
        municipality_code=UTRECHT,
        topic="fractie",
        verdict="ja",
        reason=None,
        now=now,
    )
    session.add(
        OwnQuestion(
            municipality_code=UTRECHT,
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
        UnsureQuestion(
            conversation_id=conversation.id, municipality_code=UTRECHT, masked_text="Wat nu?", created_at=now
        )
    )
    await _safekeeping(session, contribution, clerk, now)
    await papers(session, contribution, clerk=clerk, now=now)
    await campaign_with(session, await _conversation(session, now), clerk=clerk, words="Lampen.", now=now)
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


async def _conversation(session: AsyncSession, now: datetime) -> Conversation:
    return await conversations.open_conversation(
        session,
        pseudonym=pseudonym("sleutel", channel="web", channel_user=uuid.uuid4().hex),
        channel="web",
        municipality_code=UTRECHT,
        campaign=None,
        language="nl",
        now=now,
    )


async def _safekeeping(session: AsyncSession, contribution: Contribution, clerk: Clerk, now: datetime) -> None:
    """Periods, lists of destruction, what the desk entered, and what a person has to look at."""
    await session.merge(RetentionPeriod(municipality_code=UTRECHT, kind=CLOSED, days=400, changed_at=now))
    listed = DestructionList(
        id=uuid.uuid4(), municipality_code=UTRECHT, state="voorgesteld", counts={}, periods={}, made_at=now
    )
    session.add(listed)
    await session.flush()
    of_this = {"contribution_id": contribution.id, "municipality_code": UTRECHT}
    session.add_all(
        [
            DestructionItem(
                list_id=listed.id,
                record_id=contribution.id,
                municipality_code=UTRECHT,
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
