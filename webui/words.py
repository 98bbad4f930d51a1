"""Names out of a package's files (method, role, process, element) in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask_babel import get_locale

from engine.definitions.model import Trigger
from engine.definitions.packages import Package
from engine.families.models import FamilyMember

MEMBER_ORDER = ("moeder", "vader", "kind")


def in_language(names: Mapping[str, str], fallback: str) -> str:
    """The name in the reader's language, else in Dutch, else the fallback."""
    locale = get_locale()
    language = locale.language if locale else "nl"
    return names.get(language) or names.get("nl") or fallback


def method_name(package: Package | None, key: str) -> str:
    """The method's name; its key when the package is not there."""
    return in_language(package.names, key) if package else key


def role_name(package: Package | None, role: str | None, called: Package | None = None) -> str:
    """The role's name in the words of the method, else in those of a package that it called."""
    if not role:
        return ""
    packages = (one for one in (package, called) if one is not None)
    known = next((one.roles[role] for one in packages if role in one.roles), None)
    return in_language(known.names, role) if known else role.replace("-", " ").capitalize()


def with_agency(name: str, agency: str | None) -> str:
    """A name with the agency that it is about, unless it says so itself."""
    return f"{name}: {agency}" if agency and agency not in name else name


def entry_name(package: Package | None, entry: str) -> str:
    """The name of a way in."""
    known = package.entries.get(entry) if package else None
    return in_language(known.names, entry) if known else entry.replace("-", " ").capitalize()


def process_name(package: Package | None, process_id: str) -> str:
    """The name of a process."""
    known = package.processes.get(process_id) if package else None
    return known.name or process_id if known else process_id


def element_name(package: Package | None, process_id: str, element_id: str) -> str:
    """The name of an element; empty when it has none."""
    process = package.processes.get(process_id) if package else None
    element = process.elements.get(element_id) if process else None
    return element.name if element else ""


def is_timer(package: Package | None, process_id: str, element_id: str) -> bool:
    """Whether an element is an event that a time triggers."""
    process = package.processes.get(process_id) if package else None
    element = process.elements.get(element_id) if process else None
    event = element.event if element else None
    return event is not None and event.trigger is Trigger.TIMER


def people_with_roles(
    package: Package | None, involved: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Everybody once, with all their roles in words. ``involved`` are names and role keys."""
    roles: dict[str, list[str]] = {}
    for name, role in involved:
        words = role_name(package, role)
        if words not in roles.setdefault(name, []):
            roles[name].append(words)
    return [(name, ", ".join(held)) for name, held in roles.items()]


def element_documentation(package: Package | None, process_id: str, element_id: str) -> str:
    """What the diagram says should be done at an element."""
    process = package.processes.get(process_id) if package else None
    element = process.elements.get(element_id) if process else None
    return element.documentation if element else ""


def in_family_order(members: Iterable[FamilyMember]) -> Sequence[FamilyMember]:
    """Parents first, then children from old to young, then others."""

    def place(one: FamilyMember) -> tuple[int, date]:
        known = one.role in MEMBER_ORDER
        order = MEMBER_ORDER.index(one.role) if known else len(MEMBER_ORDER)
        return order, one.birth_date or date.max

    return sorted(members, key=place)
