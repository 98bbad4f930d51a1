"""Service tasks that send something: their fixed texts, and whom they are for."""

from __future__ import annotations

from engine.definitions.checks.context import Check
from engine.definitions.checks.texts import static_names
from engine.definitions.connectors import Connector
from engine.definitions.expressions import is_feel
from engine.definitions.manifest import SYSTEM_ROLES
from engine.definitions.model import Element
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean


def check_headers(check: Check, element: Element, connector: Connector) -> None:
    """Fixed texts are used as they stand; one that the connector does not know, not at all."""
    for name, value in sorted(element.headers.items()):
        if is_feel(value):
            check.report.warning(
                "connector-header-not-fixed",
                element,
                f"{label(element)} geeft als vaste tekst (header) ‘{name}’ een uitdrukking. Die "
                "wordt niet uitgerekend.",
                "Schrijf de tekst zelf, zonder ‘=’ ervoor.",
            )
    allowed = [value.name for value in connector.headers]
    for name in sorted(set(element.headers) - set(allowed)):
        check.report.warning(
            "connector-header-unknown",
            element,
            f"{label(element)} ({connector.type}) kent de vaste tekst (header) ‘{name}’ niet.",
            did_you_mean(name, allowed, "Verwijder de header."),
        )


def check_recipients(check: Check, element: Element, connector: Connector) -> None:
    """Whom a notice is for: a role of the package, or a system role."""
    if not connector.outward or check.around.alone:
        return
    targets = {mapping.target for mapping in element.inputs}
    if not targets & {"aan", "aanPersoon"}:
        check.report.error(
            "connector-input-missing",
            element,
            f"{label(element)} ({connector.type}) mist de invoer ‘aan’ of ‘aanPersoon’.",
            "Voeg bij ‘Wat erin gaat (input)’ een koppeling toe met de naam ‘aan’ en een rol uit "
            "pakket.toml.",
        )
    known = (*check.around.roles, *SYSTEM_ROLES)
    for mapping in element.inputs:
        for name in static_names(mapping.source) if mapping.target == "aan" else ():
            if name not in known:
                check.report.error(
                    "unknown-role",
                    element,
                    f"{label(element)} mailt de rol ‘{name}’, maar die staat niet in pakket.toml.",
                    did_you_mean(name, known, "Voeg de rol toe aan pakket.toml."),
                )
