"""A method without a contact note is told so, unless a shared package has one."""

from __future__ import annotations

from engine.definitions.checks import check_package
from engine.definitions.neighbours import Neighbours, form_shared_by
from engine.definitions.packages import Package
from tests.practice_diagrams import field_of
from tests.two_packages import meeting
from tests.unit.definitions.diagrams import form, line, package

ENTRY = """
[ingangen.aanmelding]
bericht = "aanmelding"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["worker"]
"""
NOTE = "formulieren/contactnotitie.form"


def note() -> bytes:
    return form("contactnotitie", field_of("soort", "telefoon", bound="contact.soort"))


def method(**files: bytes) -> Package:
    manifest = package({}).files["pakket.toml"].decode()
    return package({"p.bpmn": line(ids=""), **files}, manifest + ENTRY)


def shared(key: str = "zorgoverleg") -> Package:
    return Package({**meeting().files, NOTE: note()}, name=key)


def rules(own: Package, *others: Package) -> set[str]:
    return {one.rule for one in check_package(own, Neighbours(others))}


def test_nobody_could_write_a_contact_note():
    assert "no-contact-note" in rules(method(), meeting())


def test_what_stands_beside_a_package_by_itself_is_not_known():
    assert "no-contact-note" not in rules(method())


def test_its_own_form_or_that_of_a_shared_package_is_enough():
    assert "no-contact-note" not in rules(method(**{NOTE: note()}), meeting())
    assert "no-contact-note" not in rules(method(), shared())


def test_a_package_that_takes_in_no_families_needs_none():
    assert "no-contact-note" not in rules(meeting())


def test_only_a_shared_package_gives_its_form_away_and_the_first_by_key_counts():
    own = method(**{NOTE: note()})
    assert form_shared_by([own], "contactnotitie") is None
    first = shared()
    later = Package(
        {
            **first.files,
            "pakket.toml": first.files["pakket.toml"].replace(b'"zorgoverleg"', b'"zz"'),
            NOTE: form("contactnotitie", field_of("soort", "kantoor", bound="contact.soort")),
        },
        name="zz",
    )
    found = form_shared_by([later, first], "contactnotitie")
    assert found is first.forms["contactnotitie"]
