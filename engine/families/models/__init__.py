"""The tables of the family file, by idea: people, trajectories, what happened, and the plan."""

from engine.families.models.happenings import (
    CONTACT_KINDS,
    ChronologyNote,
    Consent,
    Contact,
    ContactMember,
    Document,
    DocumentDraft,
    DueChange,
)
from engine.families.models.people import CaseDirector, Family, FamilyMember, NetworkMember
from engine.families.models.plan import (
    AGREEMENT_STATES,
    HANDOVER_STATUSES,
    Agreement,
    ConcernLevel,
    Handover,
    HandoverState,
    LifeDomainPhase,
    PlanGoal,
)
from engine.families.models.trajectories import (
    STATUSES,
    Involvement,
    Trajectory,
    TrajectoryChange,
)

__all__ = [
    "AGREEMENT_STATES",
    "CONTACT_KINDS",
    "HANDOVER_STATUSES",
    "STATUSES",
    "Agreement",
    "CaseDirector",
    "ChronologyNote",
    "ConcernLevel",
    "Consent",
    "Contact",
    "ContactMember",
    "Document",
    "DocumentDraft",
    "DueChange",
    "Family",
    "FamilyMember",
    "Handover",
    "HandoverState",
    "Involvement",
    "LifeDomainPhase",
    "NetworkMember",
    "PlanGoal",
    "Trajectory",
    "TrajectoryChange",
]
