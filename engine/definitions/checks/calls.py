"""Call activities: the process that is called must exist, run, and come to an end."""

from __future__ import annotations

from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.checks.texts import static_names
from engine.definitions.model import Element, Trigger
from engine.definitions.references import Binding
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean


def check_call(check: Check, element: Element) -> None:
    """Every rule about a call activity."""
    if not element.called_process:
        check.report.error(
            "called-process-missing",
            element,
            f"{label(element)} roept een proces aan, maar er is niet gekozen welk.",
            "Vul bij ‘Aangeroepen proces (called element)’ de id van het proces in.",
        )
        return
    check_binding(check, element)
    neighbours = check.around.neighbours
    for name in static_names(element.called_process):
        called = check.around.processes.get(name) or neighbours.process(name)
        if called is None:
            own = [key for key in check.around.processes if key != check.process.id]
            known = [*own, *(key for one in neighbours.packages for key in one.processes)]
            check.outside(
                "unknown-process",
                element,
                f"{label(element)} roept het proces ‘{name}’ aan, maar dat is er niet.",
                did_you_mean(
                    name,
                    known,
                    "Voeg het proces toe aan het pakket, of publiceer eerst het pakket dat het "
                    "heeft.",
                ),
            )
        elif name == check.process.id and not _ends_without(check, element):
            check.report.error(
                "calls-itself-always",
                element,
                f"{label(element)} roept het eigen proces aan, en geen weg gaat daar omheen. Dat "
                "houdt nooit op.",
                "Teken een weg naar het einde zonder deze aanroep.",
            )
        elif (others := _always_leads_back(check, element)) is not None:
            check.report.error(
                "calls-itself-always",
                element,
                f"{label(element)} roept ‘{name}’ aan, en dat roept ({' → '.join(others)}) altijd "
                "dit proces weer aan. Dat houdt nooit op.",
                "Teken in een van de processen een weg naar het einde zonder de aanroep.",
            )
        elif _leads_back(check, name):
            check.report.warning(
                "calls-itself",
                element,
                f"{label(element)} roept ‘{name}’ aan, en dat roept (via via) dit proces weer aan.",
                "Zorg dat er altijd een weg is zonder deze aanroep, anders houdt het nooit op.",
            )
        elif not called.executable:
            check.report.error(
                "called-process-not-executable",
                element,
                f"{label(element)} roept het proces ‘{name}’ aan, maar dat is niet uitvoerbaar.",
                "Zet ‘Uitvoerbaar (executable)’ aan bij dat proces.",
            )
        else:
            top = [e for e in called.elements.values() if is_start(e) and e.parent == called.id]
            if top and all(trigger_of(start) is not Trigger.NONE for start in top):
                check.report.error(
                    "called-process-without-start",
                    element,
                    f"{label(element)} roept het proces ‘{name}’ aan, maar dat heeft geen gewone "
                    "start.",
                    "Geef dat proces een start-gebeurtenis zonder aanleiding.",
                )


def check_binding(check: Check, element: Element) -> None:
    """The rules about which version of a process or decision is meant."""
    if element.binding not in tuple(Binding):
        check.report.error(
            "binding-unsupported",
            element,
            f"{label(element)} kiest de versie op ‘{element.binding}’. Dat wordt niet uitgevoerd.",
            "Kies bij ‘Welke versie (binding)’ voor latest, deployment of versionTag.",
        )
    elif element.binding == Binding.VERSION_TAG and not element.version_tag:
        check.report.error(
            "version-tag-missing",
            element,
            f"{label(element)} kiest de versie op een label (version tag), maar noemt er geen.",
            "Vul bij ‘Versielabel (version tag)’ het label in, "
            "of kies bij ‘Welke versie (binding)’ voor ‘de nieuwste’.",
        )


def _always_leads_back(check: Check, call: Element) -> list[str] | None:
    """The processes by which a call always comes back here; None where a way avoids it."""
    passed, one, at = [check.process.id], check, call
    while not _ends_without(one, at):
        name = at.called_process or ""
        if name in passed:
            return [*passed[passed.index(name) :], name] if name == check.process.id else None
        process = check.around.processes.get(name)
        if process is None or not process.executable:
            return None
        passed.append(name)
        one = Check(process, check.around, check.report)
        calls = [e for e in process.elements.values() if e.called_process not in (None, name)]
        unavoidable = [e for e in calls if not _ends_without(one, e)]
        if not unavoidable:
            return None
        at = unavoidable[0]
    return None


def _ends_without(check: Check, call: Element) -> bool:
    """Whether the process may come to an end, or to a border, without this call; roughly."""
    if call.parent != check.process.id or check.boundaries.get(call.id):
        return True
    inside = check.scopes.get(check.process.id, [])
    pending = [found for found in inside if not found.incoming and not found.attached_to]
    seen: set[str] = set()
    while pending:
        element = pending.pop()
        if element.id == call.id or element.id in seen:
            continue
        seen.add(element.id)
        if not element.outgoing:
            return True
        pending.extend(check.elements[flow.target] for flow in check.outgoing(element))
        pending.extend(check.boundaries.get(element.id, ()))
    return False


def _leads_back(check: Check, name: str) -> bool:
    """Whether a process called from here calls this process again, however far down."""
    pending, seen = [name], set[str]()
    while pending:
        key = pending.pop()
        if key == check.process.id:
            return True
        process = check.around.processes.get(key)
        if process is None or key in seen:
            continue
        seen.add(key)
        pending.extend(e.called_process for e in process.elements.values() if e.called_process)
    return False
