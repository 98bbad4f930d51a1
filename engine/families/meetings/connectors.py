"""The connectors of care meetings: ids, counts and dates out, never what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.families.connector_inputs import id_of, text_of, trajectory_of
from engine.families.meetings.port import MeetingFile, ParticipantFacts
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry


def register_meeting_connectors(registry: ConnectorRegistry, file: MeetingFile) -> None:
    """Register them on the file of this transaction."""
    connectors = MeetingConnectors(file)
    registry.register("overleg-beginnen", connectors.begin, whole=True)
    registry.register("overleg-deelnemers", connectors.participants, whole=True)
    registry.register("overleg-uitnodigen", connectors.invite, whole=True)
    registry.register("overleg-stand", connectors.meeting, whole=True)
    registry.register("overleg-verslag-delen", connectors.share_minutes, whole=True)
    registry.register("overleg-afspraken", connectors.agreements, whole=True)
    registry.register("regie-stand", connectors.direction, whole=True)
    registry.register("regie-overdragen", connectors.hand_over, whole=True)


class MeetingConnectors:
    """The connectors, each taking a call and giving back variables."""

    def __init__(self, file: MeetingFile) -> None:
        self._file = file

    def begin(self, call: ConnectorCall) -> Mapping[str, Any]:
        """A new meeting with a ``doel``, with the family (``gezinErbij``) or without."""
        meeting_id = self._file.begin_meeting(
            trajectory_of(call),
            text_of(call, "doel"),
            with_family=call.variables.get("gezinErbij") is True,
            at=call.now,
        )
        return {"overlegId": str(meeting_id)}

    def participants(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Everybody with whom the family agrees (``deelnemers``), and how many it does not."""
        everybody = self._file.participants(trajectory_of(call), id_of(call, "overlegId"))
        agreed = [one for one in everybody if one.consented]
        return {
            "deelnemers": [_participant(one) for one in agreed],
            "aantal": len(agreed),
            "zonderToestemming": len(everybody) - len(agreed),
        }

    def invite(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Invite a participant, if the family agrees now."""
        invited = self._file.invite(trajectory_of(call), id_of(call, "deelnemerId"), call.now)
        return {"uitgenodigd": invited}

    def meeting(self, call: ConnectorCall) -> Mapping[str, Any]:
        """How far the meeting is."""
        facts = self._file.meeting(trajectory_of(call), id_of(call, "overlegId"))
        return {
            "wanneer": facts.planned_at,
            "komen": facts.coming,
            "afgezegd": facts.declined,
            "stil": facts.silent,
            "metToestemming": facts.consented,
            "gezinErbij": facts.with_family,
            "volgendOverleg": facts.next_on,
        }

    def share_minutes(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Participants may read the minutes from now on."""
        shared = self._file.share_minutes(trajectory_of(call), id_of(call, "overlegId"), call.now)
        readers = [_participant(one) for one in shared if one.user_id is not None]
        return {"lezers": readers, "zonderAccount": len(shared) - len(readers)}

    def agreements(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The open agreements of the meeting."""
        found = self._file.agreements(trajectory_of(call), id_of(call, "overlegId"))
        return {
            "afspraken": [
                {
                    "afspraakId": str(one.agreement_id),
                    "persoonId": _text_or_none(one.user_id),
                    "datum": one.due,
                    "eigenaarMag": one.consented,
                }
                for one in found
                if one.state == "open"
            ]
        }

    def direction(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Who directs the case and who was asked last, without names."""
        facts = self._file.direction(trajectory_of(call))
        return {
            "heeftRegisseur": facts.directed,
            "regieId": _text_or_none(facts.offer_id),
            "persoonId": _text_or_none(facts.user_id),
            "antwoord": facts.state,
            "toestemming": facts.consented,
        }

    def hand_over(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Who accepted directs the case from now on."""
        done = self._file.hand_over_direction(trajectory_of(call), id_of(call, "regieId"), call.now)
        return {"overgedragen": done}


def _participant(one: ParticipantFacts) -> dict[str, Any]:
    return {
        "deelnemerId": str(one.participant_id),
        "persoonId": _text_or_none(one.user_id),
        "stand": one.state,
    }


def _text_or_none(value: UUID | None) -> str | None:
    return None if value is None else str(value)
