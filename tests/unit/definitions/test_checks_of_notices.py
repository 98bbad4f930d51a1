"""A service task that mails names a role that exists, and texts that are used."""

from __future__ import annotations

import pytest

from engine.definitions.checks import check_package
from tests.notified import mailing_package, notice
from tests.unit.definitions.diagrams import rules


def found(service: str, level: str = "error") -> set[tuple[str, str]]:
    return rules(check_package(mailing_package(service)), level)


def test_a_notice_to_a_role_of_the_package_is_fine():
    assert (
        found(notice(onderwerp="Nieuw", tekst="Kijk", onderwerp_en="New", tekst_en="Look")) == set()
    )


@pytest.mark.parametrize("aan", ["coordinator", "administrator", "projectleider"])
def test_a_notice_to_a_function_is_fine(aan):
    assert found(notice(aan=aan)) == set()


def test_a_notice_to_one_person_is_fine_and_one_to_nobody_is_refused():
    to_person = notice().replace('target="aan"', 'target="aanPersoon"')
    assert found(to_person) == set()
    to_nobody = notice().replace('target="aan"', 'target="wie"')
    assert ("connector-input-missing", "meld") in found(to_nobody)


def test_a_role_that_nobody_can_have_is_refused():
    assert ("unknown-role", "meld") in found(notice(aan="vertrouwenspersson"))


def test_a_text_that_is_never_used_is_told():
    assert ("connector-header-unknown", "meld") in found(notice(titel="Nieuw"), "warning")


def test_a_text_that_looks_computed_is_told():
    assert ("connector-header-not-fixed", "meld") in found(notice(tekst="=gezinsnaam"), "warning")
