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
