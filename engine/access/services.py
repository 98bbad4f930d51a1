"""What other rooms use of access, in one place."""

from engine.access.actors import Actor, actor_of, chain_organisations
from engine.access.log import LogLine, lines_of_family, log_allowed, log_refused
from engine.access.login import authenticate
from engine.access.people import (
    add_chain,
    add_organisation,
    add_user,
    assign_role,
    end_role,
    set_password,
    users_with_role,
)
from engine.access.permissions import Action, Relation, RelationKind, authorize, permits

__all__ = [
    "Action",
    "Actor",
    "LogLine",
    "Relation",
    "RelationKind",
    "actor_of",
    "add_chain",
    "add_organisation",
    "add_user",
    "assign_role",
    "authenticate",
    "authorize",
    "chain_organisations",
    "end_role",
    "lines_of_family",
    "log_allowed",
    "log_refused",
    "permits",
    "set_password",
    "users_with_role",
]
