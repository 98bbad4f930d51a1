"""The connectors through which diagrams ask the family file for counts, dates and choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.clock import BUSINESS_ZONE
from engine.families.connector_inputs import bad_input, id_of, text_of, trajectory_of
from engine.families.file.answers import local_day
from engine.families.file.port import FamilyFile
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry


def register_family_connectors(registry: ConnectorRegistry, file: FamilyFile) -> None:
    """Register every connector on the family file of this transaction."""
    connectors = FamilyConnectors(file)
    registry.register("gezin-betrek", connectors.involve)
    registry.register("gezin-toestemming", connectors.consent, reads=True)
    registry.register("gezin-contacten", connectors.contacts, reads=True)
    registry.register("gezin-verjaardagen", connectors.birthdays, reads=True)
    registry.register("gezin-contactritme", connectors.cadence, whole=True)
    registry.register("gezin-open-afspraken", connectors.open_agreements, reads=True)
    registry.register("gezin-zorgen", connectors.concerns, reads=True)
    registry.register("gezin-doelen", connectors.goals, reads=True)
    registry.register("gezin-toeleidingen", connectors.handovers, reads=True)
    registry.register("gezin-toeleiding", connectors.take_handover)
    registry.register("gezin-overdracht", connectors.set_handover)
    registry.register("medewerker-gezinnen", connectors.families_of_worker, reads=True)
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
            self._file.release(trajectory_of(call), str(role), at=call.now)
        self._file.involve(
            trajectory_of(call),
            text_of(call, "rol"),
            id_of(call, "persoon"),
            beside=call.variables.get("naast") is True,
            at=call.now,
        )
        return {}

    def consent(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Whether there is consent for ``doel`` (towards ``ontvanger``)."""
        recipient = call.variables.get("ontvanger")
        given = self._file.has_consent(
            trajectory_of(call),
            text_of(call, "doel"),
            None if recipient is None else str(recipient),
        )
        return {"toestemming": given}

    def contacts(self, call: ConnectorCall) -> Mapping[str, Any]:
        """How many contacts took place since ``sinds`` and when the last one was."""
        since = call.variables.get("sinds")
        if not isinstance(since, datetime):
            raise bad_input(call, "sinds", "een datum met tijd")
        kind = call.variables.get("soort")
        facts = self._file.contacts(
            trajectory_of(call),
            since if since.tzinfo else since.replace(tzinfo=BUSINESS_ZONE),
            None if kind is None else str(kind),
        )
        return {
            "aantal": facts.count,
            "laatste": facts.last_at,
            "gemistOpRij": facts.missed_in_row,
        }

    def birthdays(self, call: ConnectorCall) -> Mapping[str, Any]:
        """When children reach the age ``leeftijd``: the days, no names."""
        age = call.variables.get("leeftijd")
        if isinstance(age, bool) or not isinstance(age, int | Decimal) or not 0 < age < 100:
            raise bad_input(call, "leeftijd", "een aantal jaren van 1 tot en met 99")
        facts = self._file.birthdays(trajectory_of(call), int(age), local_day(call.now))
        return {"dagen": list(facts.days), "onbekend": facts.unknown}

    def cadence(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Set the planned contacts a week (``perWeek``)."""
        value = call.variables.get("perWeek")
        try:
            per_week = float(str(value))
        except ValueError:
            raise bad_input(call, "perWeek", "een getal") from None
        self._file.set_cadence(trajectory_of(call), per_week, call.now)
        return {}

    def open_agreements(self, call: ConnectorCall) -> Mapping[str, Any]:
        """How many agreements are open."""
        return {"aantal": self._file.open_agreements(trajectory_of(call))}

    def concerns(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The latest levels of concern, counted."""
        return dict(self._file.concern_counts(trajectory_of(call)))

    def goals(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Plan goals, counted."""
        return dict(self._file.goal_counts(trajectory_of(call)))

    def handovers(self, call: ConnectorCall) -> Mapping[str, Any]:
        """The guidances to agencies, optionally those in one ``status``."""
        status = call.variables.get("status")
        found = self._file.handovers(trajectory_of(call), None if status is None else str(status))
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

    def take_handover(self, call: ConnectorCall) -> Mapping[str, Any]:
        """A guidance (``overdrachtId``) goes on in this trajectory: how far it is."""
        handover_id = id_of(call, "overdrachtId")
        found = self._file.take_handover(trajectory_of(call), handover_id)
        return {
            "stand": found.status if found else None,
            "aantalOntvangers": self._file.receivers(handover_id),
        }

    def set_handover(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Move a guidance (``overdrachtId``) to ``status``."""
        reason = call.variables.get("reden")
        self._file.set_handover(
            id_of(call, "overdrachtId"),
            text_of(call, "status"),
            None if reason is None else str(reason),
            call.now,
        )
        return {}

    def families_of_worker(self, call: ConnectorCall) -> Mapping[str, Any]:
        """How many families ``persoon`` has in ``rol`` now: a count, never which ones."""
        count = self._file.families_of_worker(id_of(call, "persoon"), text_of(call, "rol"))
        return {"aantal": count}

    def note(self, call: ConnectorCall) -> Mapping[str, Any]:
        """Put a fixed text of the diagram into the chronology."""
        self._file.note(trajectory_of(call), text_of(call, "tekst"), call.now)
        return {}
