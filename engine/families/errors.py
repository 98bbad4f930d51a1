"""What can go wrong in the family file. None of these carries personal content."""

from __future__ import annotations

from engine.errors import KetenspoorError


class FamilyError(KetenspoorError):
    """The base of the errors of this room."""

    code = "family-error"


class TrajectoryUnknown(FamilyError):
    """A process asks for a trajectory that does not exist."""

    code = "trajectory-unknown"


class NoRunningOrganisation(FamilyError):
    """There is no organisation that could run the trajectory."""

    code = "no-running-organisation"


class AlreadyRunning(FamilyError):
    """A family would get a second trajectory of a method beside one that still runs."""

    code = "already-running"


class SubmissionReused(FamilyError):
    """The same submission id came with another trajectory or form."""

    code = "submission-reused"


class HandoverUnknown(FamilyError):
    """A process names a guidance that does not exist."""

    code = "handover-unknown"


class HandoverStatusUnknown(FamilyError):
    """A guidance is to get a status that does not exist."""

    code = "handover-status-unknown"


class PersonUnknown(FamilyError):
    """A process wants to involve somebody who has no account."""

    code = "person-unknown"


class StatusUnknown(FamilyError):
    """A diagram gives a trajectory a status that does not exist."""

    code = "trajectory-status-unknown"


class CadenceOutOfRange(FamilyError):
    """A diagram plans a number of contacts a week that cannot be."""

    code = "cadence-out-of-range"


class ReasonMissing(FamilyError):
    """Something is done that needs a reason, and none (or a very long one) is given."""

    code = "reason-missing"


class DueChangedMeanwhile(FamilyError):
    """Somebody else changed the due time first; ``where["due"]`` is what it is now."""

    code = "due-changed-meanwhile"


class NothingRuns(FamilyError):
    """A trajectory that is over is to be mended."""

    code = "nothing-runs"


class ReviewNotFitting(FamilyError):
    """The day on which somebody looks again at a trajectory that is put aside is not one."""

    code = "review-not-fitting"


class ValueChangedMeanwhile(FamilyError):
    """A variable is not what the person saw any more; ``where["name"]`` is which."""

    code = "value-changed-meanwhile"


class NotCorrectable(FamilyError):
    """A variable is kept by the product itself and nobody may change it."""

    code = "not-correctable"


class VersionNotUsable(FamilyError):
    """Trajectories are to move to a version that is not there, or not in use."""

    code = "version-not-usable"


class PlanNotFitting(FamilyError):
    """A plan for moving names what the new version does not have."""

    code = "plan-not-fitting"


class MeetingUnknown(FamilyError):
    """A process names a care meeting or participant that is not in its trajectory."""

    code = "meeting-unknown"


class MeetingPurposeUnknown(FamilyError):
    """A process begins a care meeting for a purpose that does not exist."""

    code = "meeting-purpose-unknown"


class NoReport(FamilyError):
    """A document is asked of a form that is no report."""

    code = "no-report"


class MoveUnknown(FamilyError):
    """There is no such move to another version."""

    code = "move-unknown"


class MoveOpenAlready(FamilyError):
    """A package has one move at a time; ``where["move_id"]`` is the one that goes on."""

    code = "move-open-already"


class MoveNotOpen(FamilyError):
    """The move is closed, or goes on by a plan that cannot change any more."""

    code = "move-not-open"


class NotLive(FamilyError):
    """A version changes more than the numbers of live tables."""

    code = "not-live"


class MendOfSafety(FamilyError):
    """What this person wants to do to something about safety is not for them, or for nobody."""

    code = "mend-of-safety"


class UndoNotPossible(FamilyError):
    """A mend cannot be undone (any more)."""

    code = "undo-not-possible"
