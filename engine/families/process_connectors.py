"""The connectors through which diagrams ask the family file for counts, dates and choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.clock import BUSINESS_ZONE
from engine.execution.errors import ConnectorFailed
from engine.families.file import FamilyFile
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry


def register_family_connectors(registry: ConnectorRegistry, file: FamilyFile) -> None:
    """Register every connector on the family file of this transaction."""
    connectors = FamilyConnectors(file)
    registry.register("gezin-betrek", connectors.involve)
    registry.register("gezin-toestemming", connectors.consent, whole=True)
    registry.register("gezin-contacten", connectors.contacts, whole=True)
    registry.register("gezin-contactritme", connectors.cadence, whole=True)
    registry.register("gezin-open-afspraken", connectors.open_agreements, whole=True)
    registry.register("gezin-zorgen", connectors.concerns, whole=True)
    registry.register("gezin-doelen", connectors.goals, whole=True)
    registry.register("gezin-toeleidingen", connectors.handovers, whole=True)
    registry.register("gezin-overdracht", connectors.set_handover)
    registry.register("traject-notitie", connectors.note)


class FamilyConnectors:
    """The connectors, each taking a call and giving back variables."""

    def __init__(self, file: FamilyFile) -> None:
        self._file = file

    def involve(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Involve a person (``persoon``: user id) in a role (``rol``), ``naast`` others or not.

        The roles ``inPlaatsVan`` end: who had them no longer has to do with the family by them.
        """
        replaced = call.variables.get("inPlaatsVan")
        for role in replaced if isinstance(replaced, list) else []:
            self._file.release(_trajectory(call), str(role), at=call.now)
        self._file.involve(
            _trajectory(call),
            _text(call, "rol"),
            _uuid(call, "persoon"),
            beside=call.variables.get("naast") is True,
            at=call.now,
        )
        return {}

    def consent(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Whether there is consent for ``doel`` (towards ``ontvanger``)."""
        recipient = call.variables.get("ontvanger")
        given = self._file.has_consent(
            _trajectory(call), _text(call, "doel"), None if recipient is None else str(recipient)
        )
        return {"toestemming": given}

    def contacts(self, call: ConnectorCall) -> Mapping[str, Any]:
        """How many contacts took place since ``sinds`` and when the last one was."""
        since = call.variables.get("sinds")
        if not isinstance(since, datetime):
            raise _bad_input(call, "sinds", "een datum met tijd")
        kind = call.variables.get("soort")
        facts = self._file.contacts(
            _trajectory(call),
            since if since.tzinfo else since.replace(tzinfo=BUSINESS_ZONE),
            None if kind is None else str(kind),
        )
        return {"aantal": facts.count, "laatste": facts.last_at}

    def cadence(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Set the planned contacts a week (``perWeek``)."""
        value = call.variables.get("perWeek")
        try:
            per_week = float(str(value))
        except ValueError:
            raise _bad_input(call, "perWeek", "een getal") from None
        self._file.set_cadence(_trajectory(call), per_week, call.now)
        return {}

    def open_agreements(self, call: ConnectorCall) -> Mapping[str, Any]:
        """How many agreements are open."""
        return {"aantal": self._file.open_agreements(_trajectory(call))}

    def concerns(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The latest levels of concern, counted."""
        return dict(self._file.concern_counts(_trajectory(call)))

    def goals(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Plan goals, counted."""
        return dict(self._file.goal_counts(_trajectory(call)))

    def handovers(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The guidances to agencies, optionally those in one ``status``."""
        status = call.variables.get("status")
        found = self._file.handovers(_trajectory(call), None if status is None else str(status))
        return {
            "toeleidingen": [
                {
                    "overdrachtId": str(h.handover_id),
                    "organisatie": h.organisation,
                    "leefgebied": h.life_domain,
                    "status": h.status,
                }
                for h in found
            ]
        }

    def set_handover(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Move a guidance (``overdrachtId``) to ``status``."""
        reason = call.variables.get("reden")
        self._file.set_handover(
            _uuid(call, "overdrachtId"),
            _text(call, "status"),
            None if reason is None else str(reason),
            call.now,
        )
        return {}

    def note(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Put a fixed text of the diagram into the chronology."""
        self._file.note(_trajectory(call), _text(call, "tekst"), call.now)
        return {}


def _trajectory(call: ConnectorCall) -> UUID:
    try:
        return UUID(str(call.business_key))
    except ValueError:
        raise ConnectorFailed(
            "Deze koppeling werkt alleen in het traject van een gezin.",
            "Start het proces vanuit een aanmelding.",
            element_id=call.element_id,
        ) from None


def _text(call: ConnectorCall, name: str) -> str:
    value = call.variables.get(name)
    if not isinstance(value, str) or not value:
        raise _bad_input(call, name, "een tekst")
    return value


def _uuid(call: ConnectorCall, name: str) -> UUID:
    try:
        return UUID(str(call.variables.get(name)))
    except ValueError:
        raise _bad_input(call, name, "een keuze uit de lijst") from None


def _bad_input(call: ConnectorCall, name: str, wanted: str) -> ConnectorFailed:
    return ConnectorFailed(
        f"De koppeling '{call.job_type}' kreeg geen bruikbare invoer '{name}'.",
        f"Geef bij de servicetaak een invoer '{name}' met {wanted}.",
        element_id=call.element_id,
        field=name,
    )
