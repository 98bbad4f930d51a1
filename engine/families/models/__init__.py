"""The tables of the family file, by idea: people, trajectories, what happened, and the plan."""

from engine.families.models.framework import FRAMEWORKS, FrameworkPeriod
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
from engine.families.models.meetings import (
    MEETING_PURPOSES,
    MEETING_STATES,
    MEETING_SUBJECTS,
    PARTICIPANT_STATES,
    CareMeeting,
    CaseDirectionOffer,
    MeetingParticipant,
    MeetingPoint,
)
from engine.families.models.moves import (
    VersionMoveEvent,
    VersionMoveItem,
    VersionMoveJob,
    VersionMoveKept,
)
from engine.families.models.people import CaseDirector, Family, FamilyMember, NetworkMember
from engine.families.models.plan import (
    AGREEMENT_STATES,
    GOAL_STATUSES,
    HANDOVER_STATUSES,
    Agreement,
    ConcernLevel,
    Handover,
    HandoverState,
    LifeDomainPhase,
    PlanGoal,
)
from engine.families.models.support import SUPPORT_TYPES, Measurement, SupportPeriod
from engine.families.models.trajectories import (
    STATUSES,
    Involvement,
    Trajectory,
    TrajectoryChange,
)

__all__ = [
    "AGREEMENT_STATES",
    "CONTACT_KINDS",
    "FRAMEWORKS",
    "GOAL_STATUSES",
    "HANDOVER_STATUSES",
    "MEETING_PURPOSES",
    "MEETING_STATES",
    "MEETING_SUBJECTS",
    "PARTICIPANT_STATES",
    "STATUSES",
    "SUPPORT_TYPES",
    "Agreement",
    "CareMeeting",
    "CaseDirectionOffer",
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
    "FrameworkPeriod",
    "Handover",
    "HandoverState",
    "Involvement",
    "LifeDomainPhase",
    "Measurement",
    "MeetingParticipant",
    "MeetingPoint",
    "NetworkMember",
    "PlanGoal",
    "SupportPeriod",
    "Trajectory",
    "TrajectoryChange",
    "VersionMoveEvent",
    "VersionMoveItem",
    "VersionMoveJob",
    "VersionMoveKept",
]
