"""The contact note: a form that a method has itself, or finds in a shared package."""

from __future__ import annotations

from typing import Final

from engine.definitions import manifest as manifests
from engine.definitions.model import Finding
from engine.definitions.neighbours import Neighbours, form_shared_by
from engine.definitions.packages import Package
from engine.definitions.reporting import Place, Reporter

CONTACT_FORM: Final = "contactnotitie"


def check_contact_note(package: Package, neighbours: Neighbours) -> list[Finding]:
    """A method whose families nobody could write a contact note about.

    Of a package that is looked at by itself nobody knows what will be published beside it.
    """
    report = Reporter(manifests.FILE)
    known = CONTACT_FORM in package.forms or form_shared_by(neighbours.packages, CONTACT_FORM)
    if package.entries and neighbours.packages and not known:
        report.warning(
            "no-contact-note",
            Place("ingangen"),
            f"Er is geen formulier ‘{CONTACT_FORM}’, hier niet en in geen gedeeld pakket. Bij een "
            "gezin van deze methode kan niemand een contactnotitie schrijven.",
            "Publiceer het gedeelde pakket Contactritme, of maak een eigen formulier met die naam.",
        )
    return report.findings
