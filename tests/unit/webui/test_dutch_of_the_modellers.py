"""The modellers' own texts: every one has Dutch, and the dictionaries hold nothing else."""

from __future__ import annotations

import re
from functools import cache

import pytest

from scripts.modeller_texts import MODELLERS, Modeller

every_modeller = pytest.mark.parametrize("modeller", MODELLERS, ids=lambda one: one.name)
PLACEHOLDER = re.compile(r"\{[^}]+\}")


@cache
def _dutch(modeller: Modeller) -> dict[str, str]:
    return modeller.dutch()


@every_modeller
def test_no_text_of_the_bundle_is_without_dutch(modeller: Modeller) -> None:
    assert modeller.missing() == []


@every_modeller
def test_no_key_is_unknown_to_the_bundle(modeller: Modeller) -> None:
    assert modeller.unknown() == []


@every_modeller
def test_placeholders_and_blanks_at_the_ends_stay(modeller: Modeller) -> None:
    for english, dutch in _dutch(modeller).items():
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(dutch)), english
        assert dutch.strip(), english
        assert english.endswith(" ") == dutch.endswith(" "), english


@every_modeller
def test_no_dutch_is_translated_a_second_time(modeller: Modeller) -> None:
    """The screen is mended as it changes: what was written once is read again."""
    words = _dutch(modeller)
    again = {dutch for dutch in words.values() if words.get(dutch, dutch) != dutch}
    assert again == set()


@every_modeller
def test_a_text_is_named_once(modeller: Modeller) -> None:
    text = modeller.dictionary().read_text(encoding="utf-8")
    keys = re.findall(r'^  "((?:[^"\\]|\\.)*)": ', text, re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) == len(_dutch(modeller))
