"""Help with writing a scenario: what may stand where, and what is wrong, each with its line.

The reader (:mod:`engine.simulation.scenario`) is strict and stops at the first fault. Here the
whole file is looked at beside the packages, before it is saved. A scenario that goes on in another
trajectory may name what that package has: there only the keys are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import yaml

from engine.definitions.forms.form import Form
from engine.definitions.forms.model import outside_rows
from engine.definitions.model import Element, Kind
from engine.definitions.packages import Package
from engine.definitions.suggestions import did_you_mean
from engine.simulation import scenario as reading
from engine.simulation.errors import ScenarioUnreadable

MAX_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line of the file, and how to mend it; ``line`` counts from 1."""

    line: int
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a scenario of a package may name, each by id or key with the name people know."""

    tasks: Mapping[str, str]
    elements: Mapping[str, str]
    roles: Mapping[str, str]
    entries: Mapping[str, str]
    processes: Mapping[str, str]
    beside: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]
    """By task, and by entry as ``ingang:<key>``: the keys of its form and what they ask."""

    def as_dict(self) -> dict[str, object]:
        """As plain data, with the keys that each part of the file may have."""
        return {
            "sleutels": {
                "bestand": sorted(reading.SCENARIO_KEYS),
                "stap": [*reading.STEP_KINDS, *sorted(reading.STEP_KEYS - {*reading.STEP_KINDS})],
                "gewoonte": sorted(reading.HABIT_KEYS),
                "verwacht": sorted(reading.EXPECT_KEYS),
                "wacht_op": sorted(reading.WAIT_KEYS),
            },
            "taken": dict(self.tasks),
            "elementen": dict(self.elements),
            "rollen": dict(self.roles),
            "ingangen": dict(self.entries),
            "processen": dict(self.processes),
            "naast": dict(self.beside),
            "antwoorden": {key: dict(fields) for key, fields in self.answers.items()},
        }


class _Any(dict[str, str]):
    """Names of which not all are known here."""

    def __contains__(self, name: object) -> bool:
        return True


_ANY = _Any()


def vocabulary(package: Package, beside: Iterable[Package]) -> Vocabulary:
    """What scenarios of ``package`` may name, with the packages that it may call beside it."""
    shared = [one for one in beside if one.shared]
    packages = (package, *shared)
    everywhere = {form.id: form for one in reversed(packages) for form in one.forms.values()}
    elements: dict[str, Element] = {}
    answers: dict[str, dict[str, str]] = {}

    def ask(where: str, form: Form | None) -> None:
        """One id may stand in more packages: what any of their forms asks, may be answered."""
        fields = outside_rows(form.fields) if form else ()
        answers.setdefault(where, {}).update(
            {field.path[0]: field.label for field in fields if field.path}
        )

    for one in reversed(packages):
        for process in one.processes.values():
            for element in process.elements.values():
                elements[element.id] = element
                form_id = element.user.form_id or "" if element.user else ""
                ask(element.id, one.forms.get(form_id) or everywhere.get(form_id))
    for key, entry in package.entries.items():
        ask(f"ingang:{key}", everywhere.get(entry.form_id or ""))
    tasks = [element for element in elements.values() if element.kind is Kind.USER_TASK]
    return Vocabulary(
        tasks={task.id: _name(task) for task in tasks},
        elements={element.id: _name(element) for element in elements.values()},
        roles={
            key: role.names.get("nl", key) for one in packages for key, role in one.roles.items()
        },
        entries={key: entry.names.get("nl", key) for key, entry in package.entries.items()},
        processes={p.id: p.name or p.id for one in packages for p in one.processes.values()},
        beside={
            key: found.names.get("nl", key) for one in packages for key, found in one.beside.items()
        },
        answers=answers,
    )


def faults(raw: bytes, file: str, words: Vocabulary) -> list[Fault]:
    """What is wrong in a scenario file, by line; at most :data:`MAX_FAULTS`."""
    try:
        top = yaml.compose(raw, Loader=reading.LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        return [
            Fault(
                mark.line + 1 if mark else 1,
                "Hier is het geen geldige YAML.",
                "Controleer inspringing, dubbele punten en aanhalingstekens.",
            )
        ]
    except RecursionError:
        return [Fault(1, "Het bestand is te diep genest.", "Maak het eenvoudiger.")]
    found = sorted(_faults(top, words), key=lambda fault: fault.line)[:MAX_FAULTS]
    if not found:
        try:
            reading.read_scenario(raw, file)
        except ScenarioUnreadable as error:
            line = error.where.get("line")
            found = [Fault(line if isinstance(line, int) else 1, error.message, error.remedy)]
    return found


def _faults(top: yaml.Node | None, words: Vocabulary) -> Iterator[Fault]:
    if not isinstance(top, yaml.MappingNode):
        yield Fault(
            1, "Het bestand moet uit regels ‘sleutel: waarde’ bestaan.", "Begin met ‘naam:’."
        )
        return
    yield from _strange(top, reading.SCENARIO_KEYS, "het bestand")
    parts = _parts(top)
    yield from _known(parts.get("ingang"), words.entries, "ingang")
    yield from _known(parts.get("aanroep"), words.processes, "proces")
    yield from _known(parts.get("door"), words.roles, "rol")
    entry = _text(parts.get("ingang"))
    yield from _answers(parts.get("formulier"), words, f"ingang:{entry}")
    steps = _each(parts.get("stappen"))
    if any({"volg", "nieuw_traject"} & _parts(step).keys() for step in steps):
        words = replace(words, tasks=_ANY, elements=_ANY, roles=_ANY, answers={})
    for habit in _each(parts.get("gewoonten")):
        yield from _habit(habit, words)
    for step in steps:
        yield from _step(step, words)


def _habit(habit: yaml.MappingNode, words: Vocabulary) -> Iterator[Fault]:
    yield from _strange(habit, reading.HABIT_KEYS, "een gewoonte")
    parts = _parts(habit)
    yield from _known(parts.get("taak"), words.tasks, "taak")
    yield from _known(parts.get("door"), words.roles, "rol")
    yield from _answers(parts.get("invullen"), words, _text(parts.get("taak")))


def _step(step: yaml.MappingNode, words: Vocabulary) -> Iterator[Fault]:
    yield from _strange(step, reading.STEP_KEYS, "een stap")
    parts = _parts(step)
    kinds = [kind for kind in reading.STEP_KINDS if kind in parts]
    if len(kinds) != 1:
        yield Fault(
            _line(step),
            "Een stap doet precies één ding."
            + (f" Hier staan {' en '.join(kinds)}." if kinds else ""),
            f"Kies er een van: {', '.join(reading.STEP_KINDS)}.",
        )
    for key in ("taak", "gewoonte_uit"):
        yield from _known(parts.get(key), words.tasks, "taak")
    yield from _known(parts.get("door"), words.roles, "rol")
    yield from _answers(parts.get("invullen"), words, _text(parts.get("taak")))
    started = parts.get("gewoonte_aan")
    if isinstance(started, yaml.MappingNode):
        yield from _habit(started, words)
    waited = parts.get("wacht_op")
    if isinstance(waited, yaml.MappingNode):
        yield from _strange(waited, reading.WAIT_KEYS, "‘wacht_op’")
        yield from _named(waited, words)
    wish = parts.get("verwacht")
    if isinstance(wish, yaml.MappingNode):
        yield from _strange(wish, reading.EXPECT_KEYS, "‘verwacht’")
        yield from _named(wish, words)


def _named(wish: yaml.MappingNode, words: Vocabulary) -> Iterator[Fault]:
    """Tasks and elements that an expectation or a wait names."""
    parts = _parts(wish)
    for key in ("taak", "taken", "geen_taken"):
        for node in _items(parts.get(key)):
            yield from _known(node, words.tasks, "taak")
    for key in ("gepasseerd", "niet_gepasseerd", "verzonden", "niet_verzonden"):
        for node in _items(parts.get(key)):
            yield from _known(node, words.elements, "element")
    for timer in _each(parts.get("timers")):
        yield from _known(_parts(timer).get("element"), words.elements, "element")


def _answers(node: yaml.Node | None, words: Vocabulary, where: str) -> Iterator[Fault]:
    known = words.answers.get(where)
    if known and isinstance(node, yaml.MappingNode):
        yield from _strange(node, known.keys(), "dit formulier")


def _strange(node: yaml.MappingNode, known: Iterable[str], where: str) -> Iterator[Fault]:
    known = list(known)
    for key, _value in node.value:
        if _text(key) not in known:
            yield Fault(
                _line(key), f"‘{_text(key)}’ kent {where} niet.", _perhaps(_text(key), known)
            )


def _known(node: yaml.Node | None, known: Mapping[str, str], what: str) -> Iterator[Fault]:
    text = _text(node)
    if node is not None and text not in known:
        yield Fault(_line(node), f"Er is geen {what} ‘{text}’.", _perhaps(text, known))


def _perhaps(text: str, known: Iterable[str]) -> str:
    return did_you_mean(text, known, "Kies wat hier kan staan.")


def _name(element: Element) -> str:
    return element.name or element.id


def _parts(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {_text(key): value for key, value in node.value}


def _each(node: yaml.Node | None) -> list[yaml.MappingNode]:
    return [one for one in _items(node) if isinstance(one, yaml.MappingNode)]


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [] if node is None else [node]


def _text(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
