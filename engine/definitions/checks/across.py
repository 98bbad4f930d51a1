"""Where packages meet: what a call into another package takes for granted about both."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from engine.definitions import manifest as manifests
from engine.definitions.checks.context import Check, Surroundings, surroundings_of, trigger_of
from engine.definitions.checks.names import Names, declared_inputs
from engine.definitions.checks.rounds import round_without_wait
from engine.definitions.checks.texts import static_names
from engine.definitions.checks.uncaught import catches, caught_inside
from engine.definitions.model import Element, Finding, Kind, Process, Trigger
from engine.definitions.neighbours import Neighbours
from engine.definitions.packages import Package
from engine.definitions.references import Binding, Part, Reference, reference_of
from engine.definitions.reporting import Place, Reporter, label


def check_across(package: Package, around: Surroundings, names: Names | None) -> list[Finding]:
    """Every rule about a package beside others."""
    return [
        *_taken_ids(package, around),
        *_calls_out(package, around, names),
        *_callers(package, around.neighbours),
    ]


def _calls_out(package: Package, around: Surroundings, names: Names | None) -> list[Finding]:
    """What the calls of a package into others take for granted."""
    found: list[Finding] = []
    for process in package.processes.values():
        if not process.executable:
            continue
        report = Reporter(process.file)
        for element, reference in outward_references(package, process):
            _version_tag(around, element, reference, report)
            called = around.neighbours.with_process(reference.id)
            if reference.part is Part.PROCESS and called is not None:
                _roles(package, around, element, called.processes[reference.id], report)
                _inputs(process, element, called.processes[reference.id], names, report)
                _errors(process, element, called, reference.id, report)
                _round(package, around, process, element, reference.id, report)
        found.extend(report.findings)
    return found


def outward_references(package: Package, process: Process) -> Iterator[tuple[Element, Reference]]:
    """What a process asks by a fixed name of other packages."""
    for element in process.elements.values():
        calls = element.kind is Kind.CALL_ACTIVITY
        text = element.called_process if calls else element.decision_id
        for name in static_names(text or ""):
            reference = reference_of(element, name)
            if not package.provides(reference):
                yield element, reference


def asked_of_others(package: Package) -> list[Reference]:
    """Everything that the processes of a package ask by a fixed name of other packages."""
    asked = _asked.get(package)
    if asked is None:  # each package beside asks it of every other one
        asked = _asked[package] = [
            reference
            for process in package.processes.values()
            if process.executable
            for _element, reference in outward_references(package, process)
        ]
    return asked


_asked: WeakKeyDictionary[Package, list[Reference]] = WeakKeyDictionary()


def _taken_ids(package: Package, around: Surroundings) -> Iterator[Finding]:
    """A process, or a shared decision, that another package has as well: a call could mean both."""
    for process in package.processes.values():
        other = around.neighbours.with_process(process.id)
        if other is None or not process.executable:
            continue
        report = Reporter(process.file)
        report.error(
            "process-of-another-package",
            process,
            f"De proces-id ‘{process.id}’ is al van het pakket ‘{other.key}’.",
            "Geef het proces een andere id. Een aanroep weet anders niet welk proces bedoeld is.",
        )
        yield from report.findings
    for path, model in package.decision_models.items() if package.shared else ():
        report = Reporter(path)
        for decision in model.decisions:
            other = around.neighbours.with_decision(decision.id)
            if other is not None:
                report.error(
                    "decision-of-another-package",
                    Place(decision.id, decision.name),
                    f"De beslissing ‘{decision.id}’ is al van het gedeelde pakket ‘{other.key}’.",
                    "Geef de beslissing een andere id.",
                )
        yield from report.findings


def _callers(package: Package, neighbours: Neighbours) -> Iterator[Finding]:
    """Packages that call the latest of this one, and that it would fit no more."""
    for caller in neighbours.packages:
        asked = [r.id for r in asked_of_others(caller) if r.binding is Binding.LATEST]
        if not any(name in package.processes for name in asked):
            continue
        others = tuple(one for one in neighbours.packages if one is not caller)
        around = surroundings_of(caller, Neighbours((package, *others), neighbours.tags))
        report = Reporter(manifests.FILE)
        for finding in _calls_out(caller, around, Names(around)):
            if finding.level == "error":
                report.warning(
                    "caller-does-not-fit",
                    Place(),
                    f"Het pakket ‘{caller.key}’ roept de nieuwste versie van dit pakket aan en "
                    f"past daar niet meer bij: {finding.message}",
                    "Pas eerst dat pakket aan, of laat het een vaste versie aanroepen. Wat daar al "
                    "loopt, krijgt bij zijn volgende aanroep deze versie.",
                )
        yield from report.findings


def _version_tag(
    around: Surroundings, element: Element, reference: Reference, report: Reporter
) -> None:
    if reference.binding is not Binding.VERSION_TAG or not reference.version_tag:
        return
    if around.neighbours.has_tag(reference):
        return
    sure = around.neighbours.tags is not None
    (report.error if sure else report.warning)(
        "unknown-version-tag",
        element,
        f"{label(element)} vraagt om ‘{reference.id}’ met het versielabel "
        f"‘{reference.version_tag}’, maar "
        + ("geen gepubliceerde versie heeft dat." if sure else "hier heeft het dat label niet."),
        "Controleer het label, of kies bij ‘Welke versie (binding)’ voor ‘de nieuwste’.",
    )


def _roles(
    package: Package, around: Surroundings, element: Element, called: Process, report: Reporter
) -> None:
    """Whoever is involved in a role of a trajectory has the same function in every package."""
    for name, function in _roles_of(around, called).items():
        own = package.roles.get(name)
        if own is None and function == "partner":
            continue  # nobody is appointed to it: such tasks are given to persons
        if own is None:
            report.warning(
                "called-role-unknown",
                element,
                f"{label(element)} roept ‘{called.id}’ aan. Daarin heeft de rol ‘{name}’ taken, "
                "maar die rol staat niet in pakket.toml.",
                f"Zet de rol erbij ([rollen.{name}]), zodat er iemand voor aangewezen kan worden.",
            )
        elif own.function != function:
            report.error(
                "called-role-differs",
                element,
                f"{label(element)} roept ‘{called.id}’ aan. Daar is de rol ‘{name}’ er voor de "
                f"functie ‘{function}’, hier voor ‘{own.function}’.",
                "Geef de rol in beide pakketten dezelfde functie, of een van de twee een andere "
                "naam.",
            )


def _roles_of(around: Surroundings, process: Process) -> dict[str, str]:
    """The roles with tasks in a process of another package and in what it calls, by function."""
    found: dict[str, str] = {}
    pending, seen = [process.id], set[str]()
    while pending:
        process_id = pending.pop()
        package = around.neighbours.with_process(process_id)
        if package is None or process_id in seen:
            continue
        seen.add(process_id)
        for element in package.processes[process_id].elements.values():
            groups = element.user.candidate_groups if element.user else None
            for name in static_names(groups or ""):
                if name in package.roles:
                    found.setdefault(name, package.roles[name].function)
            if element.kind is Kind.CALL_ACTIVITY:
                pending.extend(static_names(element.called_process or ""))
    return found


def _inputs(
    process: Process, element: Element, called: Process, names: Names | None, report: Reporter
) -> None:
    given = {mapping.target.partition(".")[0] for mapping in element.inputs}
    known = names.known_in(process.id) if names else None
    if element.propagate_all_parent:
        if known is None:
            return
        given |= known
    for name, needed in declared_inputs(called):
        if needed and name not in given:
            report.error(
                "called-input-missing",
                element,
                f"{label(element)} roept ‘{called.id}’ aan, en dat heeft ‘{name}’ nodig. Niets "
                "geeft die naam hier een waarde.",
                f"Voeg bij ‘Wat erin gaat (input)’ een koppeling toe met de naam ‘{name}’.",
            )


def _errors(
    process: Process, element: Element, called: Package, process_id: str, report: Reporter
) -> None:
    """Errors that a shared process leaves to its caller."""
    inside = Check(called.processes[process_id], surroundings_of(called), Reporter(""))
    for thrower in inside.by_trigger:
        code = thrower.event.name if thrower.event else None
        if thrower.kind is not Kind.END_EVENT or trigger_of(thrower) is not Trigger.ERROR:
            continue
        if not code or code.startswith("=") or caught_inside(inside, thrower, code):
            continue
        if not catches(process, code):
            report.warning(
                "called-error-not-caught",
                element,
                f"{label(element)} roept ‘{process_id}’ aan. Dat kan de fout ‘{code}’ geven, en "
                "die wordt hier nergens opgevangen.",
                "Teken een foutgebeurtenis met deze code op de rand van de aanroep.",
            )


def _round(
    package: Package,
    around: Surroundings,
    process: Process,
    element: Element,
    process_id: str,
    report: Reporter,
) -> None:
    path = round_without_wait(package, around.neighbours, process, element, process_id)
    if path is not None:
        report.error(
            "packages-call-each-other",
            element,
            f"{label(element)} roept ‘{process_id}’ aan, en dat komt zonder te wachten weer bij "
            f"‘{process.id}’ uit: {' → '.join(path)}. Dat houdt nooit op.",
            "Zet een taak, timer of bericht ertussen, of haal een van de aanroepen weg.",
        )
