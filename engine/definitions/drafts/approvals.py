"""A second pair of eyes before a draft is published, where an organisation wants that.

Who asks and who approves both stand for exactly the files as they were then, next to exactly the
version that was in use: with a change on either side the approval is void. Nobody approves what
they asked for; the database holds to it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.access.log import LogLine, log_allowed
from engine.access.models import Organisation, User
from engine.definitions.drafts import drafts
from engine.definitions.errors import DefinitionError
from engine.definitions.packages import Package
from engine.definitions.published import owners, publication
from engine.definitions.published.care_models import PublicationRequest
from engine.definitions.published.models import PackageVersion
from engine.keys import new_key


class NotApproved(DefinitionError):
    """A second person has to approve first, and did not, or not this."""

    code = "not-approved"


class OwnRequest(DefinitionError):
    """Nobody approves what they asked for themselves."""

    code = "own-request"


class RequestVoid(DefinitionError):
    """The request was answered, or what it was about has changed since."""

    code = "request-void"


class State(StrEnum):
    """How far a draft is on its way to publication."""

    NONE = "none"
    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a draft stands; ``request`` is the latest one."""

    state: State
    request: PublicationRequest | None = None


def wanted(session: Session, key: str, by: UUID | None) -> bool:
    """Whether a second person must approve: where the organisation of who publishes, or of the
    package's owner, wants that.
    """
    people = [user_id for user_id in (by, owners.owner_of(session, key)) if user_id is not None]
    found = session.scalar(
        select(Organisation.id)
        .join(User, User.organisation_id == Organisation.id)
        .where(User.id.in_(people), Organisation.second_eyes)
        .limit(1)
    )
    return found is not None


def standing(session: Session, draft_id: UUID) -> Standing:
    """Where a draft stands on its way to publication.

    Raises:
        NoSuchDraft: there is none.
    """
    drafts.draft(session, draft_id)
    request = session.scalar(
        select(PublicationRequest)
        .where(
            PublicationRequest.draft_id == draft_id,
            or_(PublicationRequest.decision.is_(None), PublicationRequest.decision != "withdrawn"),
        )
        .order_by(PublicationRequest.asked_at.desc(), PublicationRequest.id.desc())
        .limit(1)
    )
    if request is None:
        return Standing(State.NONE)
    if request.decision == "returned":
        return Standing(State.RETURNED, request)
    if (request.content, request.against) != _now(session, draft_id):
        return Standing(State.VOID, request)
    return Standing(State.APPROVED if request.decision else State.ASKED, request)


def asked_by(session: Session) -> dict[UUID, UUID]:
    """Who asked for a second pair of eyes and has no answer yet, by draft."""
    rows = session.execute(
        select(PublicationRequest.draft_id, PublicationRequest.asked_by).where(
            PublicationRequest.decided_at.is_(None)
        )
    )
    return dict(rows.tuples().all())


def ask(
    session: Session, draft_id: UUID, *, reason: str, at: datetime, by: UUID
) -> PublicationRequest:
    """Ask for a second pair of eyes; an earlier question about the draft is withdrawn.

    Raises:
        NoSuchDraft, DraftClosed: there is nothing to publish.
        PackageNotSound: its check finds errors; a colleague need not look yet.
    """
    drafts.hold(session, draft_id)
    publication.require_sound(session, drafts.package_of(session, draft_id))
    earlier = select(PublicationRequest).where(
        PublicationRequest.draft_id == draft_id, PublicationRequest.decided_at.is_(None)
    )
    for one in session.scalars(earlier):
        one.decided_at, one.decision = at, "withdrawn"
    session.flush()
    content, against = _now(session, draft_id)
    request = PublicationRequest(
        id=new_key(),
        draft_id=draft_id,
        content=content,
        against=against,
        reason=reason,
        asked_at=at,
        asked_by=by,
    )
    session.add(request)
    session.flush()
    return request


def decide(
    session: Session, request_id: UUID, *, approved: bool, remark: str, at: datetime, by: UUID
) -> PublicationRequest:
    """Approve what was asked, or give it back with a remark.

    Raises:
        RequestVoid: there is no such question any more, or the draft or the version in use
            changed since.
        DraftClosed: the draft was published or put away meanwhile.
        OwnRequest: the one who asked cannot approve.
    """
    request = session.get(PublicationRequest, request_id)
    if request is None:
        raise _void()
    drafts.hold(session, request.draft_id)
    session.refresh(request)
    if request.decided_at is not None:
        raise _void()
    if (request.content, request.against) != _now(session, request.draft_id):
        raise _void()
    if request.asked_by == by:
        raise OwnRequest(
            "U vroeg dit zelf. Goedkeuren doet een collega.",
            "Vraag een andere proceseigenaar om te kijken.",
        )
    request.decided_at, request.decided_by, request.remark = at, by, remark
    request.decision = "approved" if approved else "returned"
    session.flush()
    return request


def publish(
    session: Session, draft_id: UUID, *, reason: str, at: datetime, by: UUID | None
) -> PackageVersion:
    """Publish a draft. Where a second person approved, with the reason that was approved.

    Raises:
        NotApproved: a second person has to approve first.
        NoSuchDraft, DraftClosed, PackageNotSound: as ``drafts.publish``.
    """
    publication.one_at_a_time(session)
    key = drafts.hold(session, draft_id).key
    now = standing(session, draft_id)
    if now.state is State.APPROVED and now.request is not None:
        return drafts.publish(session, draft_id, reason=now.request.reason, at=at, by=by)
    keys = {key, drafts.package_of(session, draft_id).key}
    if any(wanted(session, one, by) for one in keys):
        raise NotApproved(
            "Een tweede proceseigenaar keurt dit eerst goed.",
            "Vraag goedkeuring aan een collega."
            if now.state is not State.VOID
            else "Het concept is na de vraag veranderd. Vraag opnieuw goedkeuring.",
        )
    return drafts.publish(session, draft_id, reason=reason, at=at, by=by)


def unapproved(session: Session, packages: Iterable[Package]) -> list[str]:
    """Keys of packages that nobody may publish outside of the Studio without an approval.

    Who publishes is not known there, so that each organisation which wants a second person counts.
    What a second person approved next to the version in use, and what is in use already, may go.
    """
    if not session.scalar(select(Organisation.id).where(Organisation.second_eyes).limit(1)):
        return []
    return [one.key for one in packages if not _may_go(session, one)]


def go_past(session: Session, keys: Sequence[str], reason: str, without: str, at: datetime) -> str:
    """Note that packages go without the approval that is wanted; the reason of their versions.

    Raises:
        NotApproved: it is not said why they go without.
    """
    if not without:
        raise NotApproved(
            f"Een tweede proceseigenaar keurt dit eerst goed: {', '.join(keys)}.",
            "Open de bestanden in de Studio en vraag daar goedkeuring. Kan dat niet wachten, "
            "gebruik dan --without-approval met de reden.",
        )
    for key in keys:
        line = LogLine("package.without-approval", at, object_type="package", object_id=key)
        log_allowed(session, None, line)
    return f"{reason} (zonder goedkeuring: {without})".strip()


def _may_go(session: Session, package: Package) -> bool:
    in_use = publication.latest(session, package.key)
    now = in_use.version if in_use else None
    if now == package.version:
        return True
    approved = approver_of(session, package.version)
    return approved is not None and approved.against == now


def approver_of(session: Session, version: str) -> PublicationRequest | None:
    """The request that a second person approved before this version was published."""
    return session.scalar(
        select(PublicationRequest)
        .where(PublicationRequest.content == version, PublicationRequest.decision == "approved")
        .order_by(PublicationRequest.decided_at.desc(), PublicationRequest.id.desc())
        .limit(1)
    )


def _now(session: Session, draft_id: UUID) -> tuple[str, str | None]:
    """What an answer is about: the content of the draft, and the version that it comes after."""
    package = drafts.package_of(session, draft_id)
    in_use = publication.latest(session, package.key)
    return package.version, in_use.version if in_use else None


def _void() -> RequestVoid:
    return RequestVoid(
        "Deze vraag geldt niet meer: zij is beantwoord, of het concept is veranderd.",
        "Bekijk het concept zoals het nu is.",
    )
