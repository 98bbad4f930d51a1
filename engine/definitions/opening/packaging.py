"""A package around diagrams that were opened: its manifest, its roles and its forms.

Roles come from who the tasks are for and from lanes. Which function in the system a role has is a
guess by its name; the owner looks at it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from engine.definitions.expressions import is_feel
from engine.definitions.manifest import FILE
from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.opening.own_forms import forms_in
from engine.definitions.packages import Package

_FUNCTIONS: Final = (
    (r"projectleid|leiding|manager|teamleid|supervis", "project_leader"),
    (r"co[oö]rdinat|regisseur|casusregie", "coordinator"),
)
_ELSE: Final = "worker"
_NOBODY: Final = "Medewerker"


def package_around(
    files: Mapping[str, bytes], originals: Mapping[str, bytes], name: str
) -> dict[str, bytes]:
    """The files that make a package of diagrams; what is there already is not made again.

    ``originals`` are diagrams as they came, by path: their fields become forms.

    Raises:
        DefinitionError: an original cannot be read.
    """
    made: dict[str, bytes] = {}
    for content in originals.values():
        made |= forms_in(content)
    package = Package(files, name=name)
    processes = [one for one in package.processes.values() if one.executable and one.elements]
    made[FILE] = _manifest(package, processes, name)
    return {path: content for path, content in made.items() if path not in files}


def _manifest(package: Package, processes: list[Process], name: str) -> bytes:
    main = max(processes, key=lambda one: len(one.elements), default=None)
    title = " ".join(((main.name if main else "") or name).split())
    lines = [f"sleutel = {_text(slug(title) or slug(name) or 'pakket')}"]
    if main is not None:
        lines.append(f"hoofdproces = {_text(main.id)}")
    lines += ["", "[naam]", f"nl = {_text(title)}", f"en = {_text(title)}"]
    for key, label in _roles(package.processes.values()).items():
        lines += [
            "",
            f"[rollen.{key}]",
            f"naam = {{ nl = {_text(label)}, en = {_text(label)} }}",
            f'functie = "{_function(label)}"  # kijk of dit de functie in het systeem is',
        ]
    for message, label in _ways_in(main).items():
        lines += [
            "",
            f"[ingangen.{slug(message) or 'begin'}]",
            f"bericht = {_text(message)}",
            f"naam = {{ nl = {_text(label)}, en = {_text(label)} }}",
            'door = ["project_leader", "worker"]',
        ]
    return ("\n".join(lines) + "\n").encode()


def _roles(processes: Iterable[Process]) -> dict[str, str]:
    found: dict[str, str] = {}
    nobody = False
    for process in processes:
        for element in process.elements.values():
            if element.kind is not Kind.USER_TASK:
                continue
            names = _names(element)
            nobody = nobody or not names
            for name in names:
                key = name if name == slug(name) else slug(name)
                if key:
                    found.setdefault(key, name)
    if nobody or not found:
        found.setdefault(slug(_NOBODY), _NOBODY)
    return found


def _names(element: Element) -> list[str]:
    groups = element.user.candidate_groups if element.user else None
    if groups is not None and not is_feel(groups):
        return [name.strip() for name in groups.split(",") if name.strip()]
    return [element.lane] if element.lane and groups is None else []


def _ways_in(main: Process | None) -> dict[str, str]:
    if main is None:
        return {}
    return {
        element.event.name: element.name or element.event.name
        for one in main.children(main.id)
        for element in one.by_trigger
        if element.kind is Kind.START_EVENT
        and element.event is not None
        and element.event.trigger is Trigger.MESSAGE
        and element.event.name
        and not is_feel(element.event.name)
    }


def _function(label: str) -> str:
    for pattern, function in _FUNCTIONS:
        if re.search(pattern, label, re.IGNORECASE):
            return function
    return _ELSE


def slug(text: str) -> str:
    """A text as a key: small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def _text(value: str) -> str:
    """A string of TOML; what JSON writes is one."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)
