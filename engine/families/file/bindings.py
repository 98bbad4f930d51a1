"""Writes the bound fields of a submitted form into the family file.

A form's field says where its answer goes: ``"dossier": "contact.soort"``. Here each such path has
its writer, by its first word; a test holds the checker's list of paths against this one. Answers
that make no sense are left out of the file; the document keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select

from engine.definitions.forms.instruments import SCORE_PATHS
from engine.families.file import answers, framework, naming, plan_bindings, support
from engine.families.file.life_domains import LIFE_DOMAINS, PARTS
from engine.families.file.recording import Fields, Recording
from engine.families.meetings import bindings as meeting_bindings
from engine.families.meetings import direction_bindings
from engine.families.models import (
    CONTACT_KINDS,
    Consent,
    Contact,
    ContactMember,
    Family,
    FamilyMember,
    NetworkMember,
)
from engine.families.models.happenings import CONSENT_FORMS
from engine.families.models.people import (
    GIVES_BACK,
    INFLUENCES,
    INTERPRETER_NEEDS,
    MEMBER_ROLES,
    SUPPORT_KINDS,
)
from engine.keys import new_key
from engine.store import adopting
from engine.store.round_trips import Rows


def write(recording: Recording, bindings: Mapping[str, object]) -> None:
    """Write every bound answer; paths that are not known are left out."""
    groups: dict[str, dict[str, object]] = {}
    for path, value in bindings.items():
        group, _, rest = path.partition(".")
        groups.setdefault(group, {})[rest] = value
    for group, writer in _WRITERS.items():
        if group in groups:
            writer(recording, groups[group])
    recording.session.flush()


def _family(recording: Recording, fields: Fields) -> None:
    family = adopting.known(recording.session, Family, recording.trajectory.family_id)
    if family is None:
        raise AssertionError("a trajectory has a family")
    need = answers.choice(fields.get("tolk"), INTERPRETER_NEEDS)
    wanted = answers.yes_no(fields.get("tolk"))
    if need is None and wanted is not None:
        need = "professioneel" if wanted else "geen"
    said = {
        "name": answers.text(fields.get("naam"), 200),
        "language": answers.text(fields.get("taal"), 80),
        "address": answers.text(fields.get("adres")),
        "phone": answers.text(fields.get("telefoon"), 80),
        "interpreter_need": need,
        "secret_address": answers.yes_no(fields.get("adresGeheim")),
    }
    for column, value in said.items():  # what is the same needs no statement
        if value not in (None, "", getattr(family, column)):
            setattr(family, column, value)


def _members(recording: Recording, fields: Fields) -> None:
    there = naming.members(recording.session, recording.trajectory.family_id)
    known = {member.name.casefold(): member for member in there}
    for row in answers.rows(fields.get("")):
        name = answers.text(row.get("naam"), 200)
        if name is None:
            continue
        member = known.get(name.casefold())
        if member is None:
            member = FamilyMember(
                family_id=recording.trajectory.family_id, name=name, role="anders",
                created_at=recording.at,
            )  # fmt: skip
            recording.session.add(member)
            known[name.casefold()] = member
        member.role = answers.choice(row.get("rol"), MEMBER_ROLES) or member.role
        member.birth_date = answers.day(row.get("geboortedatum")) or member.birth_date
        authority = answers.yes_no(row.get("gezag"))
        member.has_authority = member.has_authority if authority is None else authority


def _network(recording: Recording, fields: Fields) -> None:
    family_id = recording.trajectory.family_id
    stored = (
        select(NetworkMember).where(NetworkMember.family_id == family_id).order_by(NetworkMember.id)
    )
    known = {person.name.casefold(): person for person in recording.session.scalars(stored)}
    for row in answers.rows(fields.get("")):
        name = answers.text(row.get("naam"), 200)
        if name is None:
            continue
        person = known.get(name.casefold())
        if person is None:
            person = NetworkMember(family_id=family_id, name=name, created_at=recording.at)
            recording.session.add(person)
            known[name.casefold()] = person
        person.relation = answers.text(row.get("relatie"), 200) or person.relation
        person.phone = answers.text(row.get("telefoon"), 80) or person.phone
        person.support = answers.text(row.get("steun")) or person.support
        named = (answers.text(row.get("soortSteun"), 80) or "").lower()
        kinds = ", ".join(kind for kind in SUPPORT_KINDS if kind in named)
        person.support_kinds = kinds or person.support_kinds
        person.influence = answers.choice(row.get("invloed"), INFLUENCES) or person.influence
        person.gives_back = answers.choice(row.get("wederkerig"), GIVES_BACK) or person.gives_back


def _contact(recording: Recording, fields: Fields) -> None:
    kind = answers.choice(fields.get("soort"), CONTACT_KINDS)
    if kind is None:
        return
    contact_id = new_key()
    contact = {
        **recording.place,
        "id": contact_id,
        "kind": kind,
        "at": recording.moment(fields.get("datum")),
        "no_show": answers.yes_no(fields.get("gemist")) or False,
        "summary": answers.text(fields.get("samenvatting")),
        "action": answers.text(fields.get("actie")),
        "by_user_id": recording.by,
        "document_id": recording.document_id,
        "recorded_at": recording.at,
    }
    _CONTACTS.write(recording.session, [contact])
    present = fields.get("met")
    if not isinstance(present, list) or not present:
        return
    there = naming.members(recording.session, recording.trajectory.family_id)
    own = {str(member.id) for member in there}
    named = {str(part).lower() for part in present}
    _CONTACT_MEMBERS.write(
        recording.session,
        [
            {"contact_id": contact_id, "member_id": UUID(member_id)}
            for member_id in sorted(own & named)
        ],
    )


def _consent(recording: Recording, fields: Fields) -> None:
    purpose = answers.text(fields.get("doel"), 200)
    agreed = answers.yes_no(fields.get("besluit"))
    if purpose is None or agreed is None:
        return
    session, family_id = recording.session, recording.trajectory.family_id
    giver = answers.key(fields.get("gever"))
    member = session.get(FamilyMember, giver) if giver else None
    member = member if member is not None and member.family_id == family_id else None
    session.add(
        Consent(
            **recording.place,
            giver=(naming.person(session, family_id, fields.get("gever")) or ""),
            giver_member_id=member.id if member else None,
            purpose=purpose,
            recipient=naming.organisation(session, fields.get("ontvanger")),
            what=answers.text(fields.get("wat")),
            form=answers.choice(fields.get("vorm"), CONSENT_FORMS) or "mondeling",
            agreed=agreed,
            given_at=recording.at,
            document_id=recording.document_id,
        )
    )


_CONTACTS = Rows(Contact)
_CONTACT_MEMBERS = Rows(ContactMember)

# In this order: people first, since what follows may name them.
_WRITERS: dict[str, Callable[[Recording, Fields], None]] = {
    "gezin": _family,
    "gezinsleden": _members,
    "netwerk": _network,
    "contact": _contact,
    "toestemming": _consent,
    "zorg": plan_bindings.concerns,
    "fase": plan_bindings.phases,
    "doelen": plan_bindings.goals,
    "doelscore": plan_bindings.goal_scores,
    "doelstanden": plan_bindings.goal_states,
    "meting": support.scores,
    "ondersteuning": support.support,
    "afspraken": plan_bindings.agreements,
    "toeleidingen": plan_bindings.guidances,
    "overdracht": plan_bindings.handover,
    "overleg": meeting_bindings.meeting,
    "afspraak": meeting_bindings.agreement,
    "regie": direction_bindings.direction,
    "kader": framework.framework,
}

KNOWN_PATHS = frozenset(
    {f"gezin.{name}" for name in ("naam", "taal", "tolk", "adres", "telefoon", "adresGeheim")}
    | {"gezinsleden", "netwerk", "doelen", "doelstanden", "afspraken", "toeleidingen"}
    | {f"contact.{name}" for name in ("soort", "datum", "samenvatting", "actie", "gemist", "met")}
    | {f"toestemming.{name}" for name in ("gever", "doel", "ontvanger", "wat", "vorm", "besluit")}
    | {f"zorg.{domain}.{item}" for domain, items in PARTS.items() for item in items}
    | {f"fase.{domain}" for domain in LIFE_DOMAINS}
    | {f"doelscore.{domain}" for domain in LIFE_DOMAINS}
    | {"meting.moment", "ondersteuning.soort", "ondersteuning.reden", *SCORE_PATHS}
    | {f"overdracht.{name}" for name in ("status", "datum", "reden")}
    | meeting_bindings.KNOWN_PATHS
    | direction_bindings.KNOWN_PATHS
    | framework.KNOWN_PATHS
)
"""Every path that a form field may be bound to."""
