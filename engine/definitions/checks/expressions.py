"""FEEL everywhere it is written, and the names of variables."""

from __future__ import annotations

import re
from typing import Final

from engine import feel
from engine.definitions.checks.context import Check
from engine.definitions.checks.texts import Text, texts_of_process
from engine.definitions.expressions import (
    UNKNOWN,
    body,
    fixed_value,
    free_names,
    is_feel,
    problems,
    shorten,
)
from engine.definitions.mending import mend
from engine.definitions.model import Element
from engine.definitions.reporting import Placed, label
from engine.definitions.suggestions import did_you_mean, nearest
from engine.feel.library import BUILTINS
from engine.feel.syntax import Binary

_FOREIGN: Final = re.compile(r"[$#]\{.*?\}", re.DOTALL)
_NAME: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_NAME_REMEDY: Final = (
    "Gebruik letters, cijfers en _; begin met een letter, en neem geen woord van FEEL zoals ‘null’."
)
_RESERVED: Final = frozenset(
    {
        "null", "true", "false", "function", "if", "then", "else", "for", "between", "instance",
        "of", "and", "or", "in", "return", "some", "every", "satisfies",
    }
)  # fmt: skip
"""Words of FEEL: a variable of that name can never be read."""
_FOREIGN_NAMES: Final = frozenset(
    {"True", "False", "TRUE", "FALSE", "None", "NULL", "Null", "nil", "undefined"}
)


def check_expressions(check: Check) -> None:
    """Every rule about what is written in expressions and mappings."""
    for text in texts_of_process(check.process):
        _text(check, text)
    for element in check.elements.values():
        _mappings(check, element)


def _text(check: Check, text: Text) -> None:
    if is_feel(text.text) or text.must_be_feel:
        report_feel(check, text.what, text.text, text.place)
        report_foreign_names(check, text.what, text.text, text.place)
        if text.is_condition:
            _true_or_false(check, text)
    elif _FOREIGN.search(text.text):
        mended = mend(text.text, lambda found: not problems(found))
        check.report.error(
            "foreign-expression",
            text.place,
            f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ is geschreven als ${{…}}. "
            "Dat wordt niet uitgevoerd.",
            f"Schrijf ‘={mended}’." if mended else "Schrijf het in FEEL en begin met ‘=’.",
        )


def report_foreign_names(check: Check, what: str, text: str, place: Placed) -> None:
    """Words and functions of other languages, which FEEL would silently read as null."""
    names = free_names(body(text))
    for name in sorted(names):
        if re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", text):
            check.report.error(
                "feel-unknown-function",
                place,
                f"{label(place)}: {what} ‘{shorten(text)}’ gebruikt de functie "
                f"‘{name}’, maar die kent FEEL niet.",
                did_you_mean(name, BUILTINS, "Gebruik een functie van FEEL.")
                if nearest(name, BUILTINS)
                else "Gebruik een functie van FEEL.",
            )
    for why in _miscalls(body(text)):
        check.report.error(
            "feel-arguments",
            place,
            f"{label(place)}: {what} ‘{shorten(text)}’ roept een functie verkeerd aan. {why}",
            "Geef de functie de argumenten die zij nodig heeft.",
        )
    wrong = names & _FOREIGN_NAMES
    if wrong:
        mended = mend(body(text), lambda found: not free_names(found) & _FOREIGN_NAMES)
        check.report.error(
            "feel-foreign-word",
            place,
            f"{label(place)}: {what} ‘{shorten(text)}’ gebruikt "
            f"{', '.join(f'‘{name}’' for name in sorted(wrong))}. Dat is geen FEEL.",
            f"Schrijf ‘={mended}’." if mended else "Gebruik true, false of null.",
        )


def _miscalls(expression: str) -> list[str]:
    return [] if problems(expression) else list(feel.miscalls(feel.compile(expression).tree))


def _true_or_false(check: Check, text: Text) -> None:
    """A condition that for certain gives something else than true or false."""
    expression = body(text.text)
    if problems(expression):
        return
    tree = feel.compile(expression).tree
    value = fixed_value(expression)
    sum_ = isinstance(tree, Binary) and tree.operator in ("+", "-", "*", "/", "**")
    if sum_ or not (value is UNKNOWN or isinstance(value, bool)):
        check.report.error(
            "condition-not-boolean",
            text.place,
            f"{label(text.place)}: {text.what} ‘{shorten(text.text)}’ is geen voorwaarde: er komt "
            "geen waar of onwaar uit.",
            'Vergelijk iets, bijvoorbeeld ‘=aantal > 3’ of ‘=besluit = "ja"’.',
        )


def report_feel(check: Check, what: str, text: str, place: Placed) -> None:
    """Report what is wrong in a text that must be FEEL."""
    for problem in problems(body(text)):
        check.report.error(
            "feel-syntax",
            place,
            f"{label(place)}: {what} ‘{shorten(text)}’ is geen geldige FEEL ({problem.message}).",
            problem.remedy,
        )


def _is_variable(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not _RESERVED.intersection(name.split("."))


def _mappings(check: Check, element: Element) -> None:
    for kind, mappings in (("invoer", element.inputs), ("uitvoer", element.outputs)):
        seen: set[str] = set()
        for mapping in mappings:
            if not mapping.target or not mapping.source:
                check.report.error(
                    "mapping-incomplete",
                    element,
                    f"{label(element)} heeft een {kind}koppeling waarvan "
                    f"{'de naam' if not mapping.target else f'de waarde van ‘{mapping.target}’'} "
                    "niet is ingevuld.",
                    "Vul de koppeling helemaal in, of verwijder haar.",
                )
            elif not _is_variable(mapping.target):
                check.report.error(
                    "variable-name",
                    element,
                    f"{label(element)}: ‘{shorten(mapping.target)}’ kan geen naam van een "
                    "variabele zijn.",
                    _NAME_REMEDY,
                )
            elif mapping.target in seen:
                check.report.warning(
                    "mapping-twice",
                    element,
                    f"{label(element)} vult ‘{mapping.target}’ twee keer in de {kind}koppelingen.",
                    "Verwijder een van de twee.",
                )
            seen.add(mapping.target)
    loop = element.loop
    for name in (
        element.result_variable,
        loop and loop.input_element,
        loop and loop.output_collection,
    ):
        if name and not _is_variable(name):
            check.report.error(
                "variable-name",
                element,
                f"{label(element)}: ‘{shorten(name)}’ kan geen naam van een variabele zijn.",
                _NAME_REMEDY,
            )
