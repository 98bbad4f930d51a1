"""What connectors on the family file are given by a diagram, read and refused."""

from __future__ import annotations

from uuid import UUID

from engine.execution.errors import ConnectorFailed
from engine.runtime.connectors import ConnectorCall


def trajectory_of(call: ConnectorCall) -> UUID:
    """The trajectory that a connector works in.

    Raises:
        ConnectorFailed: the instance belongs to none.
    """
    try:
        return UUID(str(call.business_key))
    except ValueError:
        raise ConnectorFailed(
            "Deze koppeling werkt alleen in het traject van een gezin.",
            "Start het proces vanuit een aanmelding.",
            element_id=call.element_id,
        ) from None


def text_of(call: ConnectorCall, name: str) -> str:
    """An input that must be a text, or ``ConnectorFailed``."""
    value = call.variables.get(name)
    if not isinstance(value, str) or not value:
        raise bad_input(call, name, "een tekst")
    return value


def id_of(call: ConnectorCall, name: str) -> UUID:
    """An input that must be an id, chosen from a list, or ``ConnectorFailed``."""
    try:
        return UUID(str(call.variables.get(name)))
    except ValueError:
        raise bad_input(call, name, "een keuze uit de lijst") from None


def bad_input(call: ConnectorCall, name: str, wanted: str) -> ConnectorFailed:
    """The error of an input that is missing or of the wrong kind."""
    return ConnectorFailed(
        f"De koppeling '{call.job_type}' kreeg geen bruikbare invoer '{name}'.",
        f"Geef bij de servicetaak een invoer '{name}' met {wanted}.",
        element_id=call.element_id,
        field=name,
    )
