"""The family, its members, its network, and its one case director."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from engine.access.models import one_of
from engine.plain_text import plain
from engine.store.base import Base, UuidKey

MEMBER_ROLES = ("moeder", "vader", "kind", "anders")
INTERPRETER_NEEDS = ("onbekend", "geen", "professioneel", "informeel")
SUPPORT_KINDS = ("praktisch", "financieel", "emotioneel")
INFLUENCES = ("goed", "wisselend", "slecht")
GIVES_BACK = ("ja", "soms", "nee")


class Family(Base):
    """A family. No nationality, ethnicity or religion, by decision (rules-and-standards.md §3).

    ``plain_name`` is the name without accents and capitals, by which it is ordered and found.
    """

    __tablename__ = "families"
    __table_args__ = (
        one_of("interpreter_need", INTERPRETER_NEEDS, "interpreter_need"),
        Index("ix_families_plain_name", "plain_name", "id"),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(80))
    interpreter_need: Mapped[str] = mapped_column(String(20), default="onbekend")
    address: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(String(80))
    secret_address: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    plain_name: Mapped[str] = mapped_column(Text(collation="C"), default="", server_default="")

    @validates("name")
    def _named(self, _key: str, name: str) -> str:
        self.plain_name = plain(name)
        return name


class FamilyMember(Base):
    """A member of a family; ``has_authority`` is parental authority, ``None`` while unknown."""

    __tablename__ = "family_members"
    __table_args__ = (one_of("role", MEMBER_ROLES, "role"),)

    id: Mapped[UuidKey]
    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    birth_date: Mapped[date | None]
    has_authority: Mapped[bool | None]
    created_at: Mapped[datetime]


class NetworkMember(Base):
    """Somebody around the family: what support they give, and whether that does the family good.

    ``support_kinds`` are words of ``SUPPORT_KINDS``, joined by a comma; ``gives_back`` says whether
    the family does something in return.
    """

    __tablename__ = "network_members"
    __table_args__ = (
        one_of("influence", INFLUENCES, "influence"),
        one_of("gives_back", GIVES_BACK, "gives_back"),
    )

    id: Mapped[UuidKey]
    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    relation: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(80))
    support: Mapped[str | None] = mapped_column(Text)
    support_kinds: Mapped[str | None] = mapped_column(String(60))
    influence: Mapped[str | None] = mapped_column(String(20))
    gives_back: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime]


class CaseDirector(Base):
    """Who directs the case, dated: exactly one per family at any instant, kept by the database."""

    __tablename__ = "case_directors"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        ExcludeConstraint(
            ("family_id", "="),
            (text("tstzrange(since, until)"), "&&"),
            name="ex_case_directors_one_at_any_instant",
            using="gist",
        ),
    )

    id: Mapped[UuidKey]
    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
