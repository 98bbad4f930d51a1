"""Names of variables in a single file that look like a slip of the keyboard.

Nobody knows which variables a single file is given, so a name is only suspect when it stands there
once and differs by one slip from a name that the file uses or sets elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.definitions.checks.context import Check
from engine.definitions.checks.texts import Text, texts_of_process
from engine.definitions.expressions import body, free_names, is_feel
from engine.definitions.model import Process
from engine.definitions.reporting import label

_SHORTEST = 5


def check_spelling(check: Check) -> None:
    """Warn of names that are probably misspelt."""
    given: set[str] = set()
    used: Counter[str] = Counter()
    for process in check.around.processes.values():
        given.update(_given(process))
        for text in texts_of_process(process):
            used.update(_names(text))
    known = given | {name for name, times in used.items() if times > 1}
    for text in texts_of_process(check.process):
        for name in sorted(_names(text)):
            if name in known or used[name] > 1 or len(name) < _SHORTEST:
                continue
            meant = next((other for other in sorted(known) if _one_slip(name, other)), None)
            if meant is not None:
                check.report.warning(
                    "unknown-name",
                    text.place,
                    f"{label(text.place)}: {text.what} gebruikt ‘{name}’. Die naam komt verder "
                    f"niet voor, en lijkt op ‘{meant}’.",
                    f"Bedoelde u ‘{meant}’?",
                )


def _names(text: Text) -> frozenset[str]:
    return free_names(body(text.text)) if is_feel(text.text) else frozenset()


def _given(process: Process) -> Iterator[str]:
    for element in process.elements.values():
        yield from (mapping.target for mapping in (*element.inputs, *element.outputs))
        loop = element.loop
        for name in (
            element.result_variable,
            loop and loop.input_element,
            loop and loop.output_collection,
        ):
            if name:
                yield name


def _one_slip(wrong: str, right: str) -> bool:
    """Two letters swapped, or one letter too many, too few or other, inside the word."""
    if wrong == right or abs(len(wrong) - len(right)) > 1 or any(c.isdigit() for c in wrong):
        return False
    if wrong[0] != right[0] or wrong[-1] != right[-1]:
        return False
    at = next(i for i, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b)
    rest_wrong, rest_right = wrong[at:], right[at:]
    return (
        rest_wrong[1:] == rest_right[1:]
        or rest_wrong[1:] == rest_right
        or rest_wrong == rest_right[1:]
        or (rest_wrong[:2] == rest_right[1::-1] and rest_wrong[2:] == rest_right[2:])
    )
