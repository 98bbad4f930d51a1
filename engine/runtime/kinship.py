"""Whether instances hang together: roots and parents, whose they are, packages, kept messages.

Asked of the tables alone, for the doctor: a tree is locked at its root, so an instance whose root
is another's is safe from nobody, and one whose root is nowhere is found by no timer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.definitions.published.models import PackageVersion
from engine.runtime.compared_rows import among
from engine.runtime.models import BufferedMessage, ProcessInstance, Subscription

Found = tuple[str, UUID, str, str]
"""Rule, instance, place and sentence of what is wrong."""


def kin(session: Session) -> Iterator[Found]:
    """Running instances whose root, trajectory or package is another than it must be."""
    own, parent = ProcessInstance, aliased(ProcessInstance)
    rows = session.execute(
        select(own.id, own.process_id)
        .outerjoin(parent, parent.id == own.parent_id)
        .where(
            own.status == "active",
            or_(
                and_(own.parent_id.is_(None), own.root_id != own.id),
                and_(
                    parent.id.is_not(None),
                    or_(
                        parent.root_id != own.root_id,
                        parent.business_key.is_distinct_from(own.business_key),
                    ),
                ),
                own.ended_at.is_not(None),
            ),
        )
        .order_by(own.id)
    )
    for row in rows:
        message = "Dit proces noemt een ander traject of hoofd dan zijn aanroeper, of een einde."
        yield "kin-differs", row.id, row.process_id, message
    version = PackageVersion.version
    rows = session.execute(
        select(own.id, own.process_id)
        .join(PackageVersion, version == own.package_version)
        .where(own.status == "active", PackageVersion.key != own.package_key)
        .order_by(own.id)
    )
    for row in rows:
        message = "Dit proces noemt een ander pakket dan waarvan zijn versie is."
        yield "kin-differs", row.id, row.process_id, message


def in_part(session: Session, aside: Mapping[UUID, int]) -> Iterator[Found]:
    """Trees of which a part was put aside and another part was not."""
    running = session.execute(
        select(ProcessInstance.root_id, func.count())
        .where(among(ProcessInstance.root_id), ProcessInstance.status == "active")
        .group_by(ProcessInstance.root_id)
        .order_by(ProcessInstance.root_id),
        {"ids": list(aside)},
    )
    for root_id, count in running:
        if count != aside[root_id]:
            message = f"Van dit traject ligt een deel stil ({aside[root_id]} van {count})."
            yield "aside-in-part", root_id, "", message


def orphans(session: Session) -> Iterator[Found]:
    """Running instances whose caller runs no more."""
    parent = aliased(ProcessInstance)
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.process_id)
        .outerjoin(parent, parent.id == ProcessInstance.parent_id)
        .where(
            ProcessInstance.status == "active",
            ProcessInstance.parent_id.is_not(None),
            func.coalesce(parent.status, "") != "active",
        )
        .order_by(ProcessInstance.id)
    )
    for row in rows:
        yield "orphan", row.id, row.process_id, "De aanroeper van dit proces loopt niet meer."


def kept_from_receivers(session: Session, now: datetime) -> Iterator[Found]:
    """Those who wait for a message that is kept for who comes to wait for it."""
    rows = session.execute(
        select(Subscription.instance_id, Subscription.process_id, Subscription.name)
        .join(
            BufferedMessage,
            and_(
                BufferedMessage.name == Subscription.name,
                BufferedMessage.key.is_not_distinct_from(Subscription.key),
            ),
        )
        .where(Subscription.kind == "message", BufferedMessage.expires_at > now)
        .distinct()
        .order_by(Subscription.instance_id, Subscription.name)
    )
    for row in rows:
        message = f"Het bericht '{row.name}' wordt bewaard, terwijl er iemand op wacht."
        yield "message-kept", row.instance_id, row.process_id, message
