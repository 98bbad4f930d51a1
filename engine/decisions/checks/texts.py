"""Checks of every FEEL text: is it FEEL, and does it know the names that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.decisions.checks.feel_habits import feel_message, feel_remedy
from engine.decisions.elements import DecisionElement, Expression, TableBox
from engine.decisions.feel_binding import FeelError, free_names, is_feel, miscalls
from engine.decisions.findings import Finding, finding
from engine.decisions.texts import ANY_NAME, Cell, texts_of
from engine.decisions.wording import join


@dataclass(frozen=True, slots=True)
class Owner:
    """What holds the expression: a decision or a knowledge model.

    Attributes:
        name: its name, for the findings.
        required: names that its requirements give.
        elsewhere: names that the model declares but that it does not require.
        names: names of more than one word, for FEEL's parser.
        open: whether its input expressions may use names that nobody declares. That is so for a
            decision without any drawn requirement, as dmn-js leaves it.
        language: the expression language of the model.
    """

    name: str
    required: frozenset[str]
    elsewhere: frozenset[str]
    names: frozenset[str]
    open: bool
    language: str = ""


def text_findings(expression: Expression | None, owner: Owner) -> Iterator[Finding]:
    """The findings about every text of an expression."""
    given = owner.required
    if owner.open:
        given = given | _opened(expression, owner)
    for cell in texts_of(expression):
        if cell.text.text.strip():
            yield from _cell_findings(cell, owner, given)
        elif cell.role == "input":
            yield _about(cell, owner, "input-empty", "er staat geen expressie.", _WRITE_A_NAME)


_WRITE_A_NAME = "Schrijf de naam van het gegeven waarop de kolom beslist."


def _opened(expression: Expression | None, owner: Owner) -> frozenset[str]:
    """Names that an open decision declares by using them: in its input expressions, or, for an
    expression that is not a table, anywhere.
    """
    anywhere = not isinstance(expression, TableBox)
    found: set[str] = set()
    for cell in texts_of(expression):
        if anywhere or cell.role == "input":
            try:
                found |= free_names(cell.text.text, cell.is_tests, owner.names | cell.bound)
            except FeelError:
                continue
    return frozenset(found) - owner.elsewhere


def _cell_findings(cell: Cell, owner: Owner, given: frozenset[str]) -> Iterator[Finding]:
    language = cell.text.language or owner.language
    if not is_feel(language):
        message = f"de expressietaal is '{language}'; alleen FEEL wordt uitgevoerd."
        yield _about(cell, owner, "not-feel-language", message, "Kies FEEL als expressietaal.")
        return
    try:
        used = free_names(cell.text.text, cell.is_tests, owner.names | cell.bound)
    except FeelError as error:
        message = feel_message(cell.text.text, error) + "."
        yield _about(cell, owner, "not-feel", message, feel_remedy(cell.text.text))
        return
    for why in miscalls(cell.text.text, cell.is_tests, owner.names | cell.bound):
        remedy = "Geef de functie de argumenten die zij nodig heeft."
        yield _about(cell, owner, "miscall", why, remedy)
    if ANY_NAME in cell.bound:
        return
    for name in sorted(used - given - cell.bound):
        yield _unknown(cell, owner, name, given)


def _unknown(cell: Cell, owner: Owner, name: str, given: frozenset[str]) -> Finding:
    if name in owner.elsewhere:
        return _about(
            cell,
            owner,
            "input-not-connected",
            f"'{name}' bestaat in het model, maar is niet met '{owner.name}' verbonden.",
            f"Teken een pijl van '{name}' naar '{owner.name}'.",
        )
    known = join([f"'{other}'" for other in sorted(given)]) if given else ""
    remedy = f"Bekend zijn hier {known}. " if known else ""
    if cell.role in ("test", "output", "limits"):
        remedy += f'Is het een tekst, schrijf dan "{name}" tussen dubbele aanhalingstekens.'
    else:
        remedy += f"Of teken een invoergegeven '{name}' en verbind het."
    return _about(cell, owner, "unknown-name", f"de naam '{name}' is niet bekend.", remedy)


def _about(cell: Cell, owner: Owner, rule: str, message: str, remedy: str) -> Finding:
    where = f"{cell.where}: " if cell.where else ""
    full = where + message
    place = cell.text.place
    return finding("error", rule, place, full[0].upper() + full[1:], remedy, name=owner.name)


def is_open(decision: DecisionElement) -> bool:
    """Whether a decision has no drawn inputs at all."""
    return not decision.required_inputs and not decision.required_decisions
