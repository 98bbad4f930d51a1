"""Checking a whole package: each process, the manifest, forms and decisions, and how they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.definitions import manifest as manifests
from engine.definitions.checks.across import check_across
from engine.definitions.checks.ad_hoc import check_ad_hoc
from engine.definitions.checks.choices import check_choices
from engine.definitions.checks.context import Check, Surroundings, surroundings_of
from engine.definitions.checks.decisions_left import check_decisions_left
from engine.definitions.checks.events import check_events
from engine.definitions.checks.expressions import check_expressions
from engine.definitions.checks.follow_on import check_follow_on
from engine.definitions.checks.gateways import check_gateways
from engine.definitions.checks.loops import check_loops
from engine.definitions.checks.names import Names, check_names
from engine.definitions.checks.soundness import check_soundness
from engine.definitions.checks.spelling import check_spelling
from engine.definitions.checks.structure import check_structure
from engine.definitions.checks.tasks import check_tasks
from engine.definitions.checks.templates import check_templates
from engine.definitions.checks.timers import check_timers
from engine.definitions.checks.uncaught import check_uncaught
from engine.definitions.checks.undoing import check_undoing
from engine.definitions.checks.waiting import check_waiting
from engine.definitions.contact_note import check_contact_note
from engine.definitions.forms.checks import check_form
from engine.definitions.model import Finding, Kind, Process, Trigger
from engine.definitions.neighbours import Neighbours
from engine.definitions.reporting import Place, Reporter, label
from engine.definitions.suggestions import did_you_mean

if TYPE_CHECKING:
    from engine.definitions.packages import Package


def check_package(package: Package, neighbours: Neighbours | None = None) -> list[Finding]:
    """Everything that is wrong in a package, by file, line and rule. Errors refuse publishing.

    ``neighbours`` are the packages that it may call.
    """
    around = surroundings_of(package, neighbours)
    names = None if package.is_single_file else Names(around)
    found = list(package.findings)
    for process in package.processes.values():
        if process.executable or (package.is_single_file and process.elements):
            found.extend(check_process(process, around, found, names))
    found.extend(check_across(package, around, names))
    found.extend(_drawings(package))
    found.extend(_double_ids(package))
    found.extend(_no_executable(package))
    if not package.is_single_file:
        found.extend(_manifest(package))
        found.extend(_ways_in(package))
        found.extend(check_contact_note(package, around.neighbours))
        found.extend(check_follow_on(package, around.neighbours))
    for form in package.all_forms:
        found.extend(check_form(form))
    for path, model in package.decision_models.items():
        found.extend(
            Finding(
                file=path,
                level=remark.level,
                rule=remark.rule,
                element_id=remark.element_id,
                element_name=remark.element_name,
                line=remark.line or 0,
                message=remark.message,
                remedy=remark.remedy,
            )
            for remark in model.check()
        )
    unique = dict.fromkeys(_softened(package, found))
    return sorted(unique, key=lambda one: (one.file, one.line, one.level, one.rule))


def check_process(
    process: Process,
    around: Surroundings | None = None,
    earlier: list[Finding] | None = None,
    names: Names | None = None,
) -> list[Finding]:
    """Everything that is wrong in one process; ``earlier`` is what its reading found."""
    report = Reporter(process.file, earlier or ())
    check = Check(process, around or Surroundings(processes={process.id: process}), report)
    check_structure(check)
    check_choices(check)
    check_gateways(check)
    check_events(check)
    check_undoing(check)
    check_ad_hoc(check)
    check_expressions(check)
    check_timers(check)
    check_uncaught(check)
    check_tasks(check)
    check_decisions_left(check)
    check_templates(check)
    check_loops(check)
    check_soundness(check)
    if names is None:
        check_spelling(check)
    else:
        check_names(check, names)
        check_waiting(check)
    return report.findings


def _drawings(package: Package) -> Iterator[Finding]:
    for reading in package.readings:
        report = Reporter(reading.file)
        for process in reading.processes:
            if not process.elements:
                continue
            missing = [e for e in process.elements.values() if e.id not in reading.drawn]
            if len(missing) == len(process.elements):
                report.warning(
                    "without-drawing",
                    process,
                    f"Het proces {label(process)} heeft geen tekening; niemand kan het bekijken.",
                    "Open het in de modelleeromgeving, leg de elementen neer en sla op.",
                )
                continue
            for element in missing:
                report.warning(
                    "element-not-drawn",
                    element,
                    f"{label(element)} staat niet in de tekening, maar wordt wel uitgevoerd.",
                    "Teken het element, of verwijder het.",
                )
        yield from report.findings


def _double_ids(package: Package) -> Iterator[Finding]:
    where: dict[str, str] = {}
    tasks: dict[str, str] = {}
    for reading in package.readings:
        report = Reporter(reading.file)
        for process in reading.processes:
            if where.setdefault(process.id, reading.file) != reading.file:
                report.error(
                    "duplicate-process",
                    process,
                    f"De proces-id ‘{process.id}’ staat ook in {where[process.id]}.",
                    "Geef een van de twee processen een andere id.",
                )
            for element in process.elements.values():
                if element.kind is not Kind.USER_TASK:
                    continue
                if tasks.setdefault(element.id, process.id) != process.id:
                    report.warning(
                        "duplicate-task-id",
                        element,
                        f"De taak-id ‘{element.id}’ komt ook voor in proces "
                        f"‘{tasks[element.id]}’. In scenario’s is dan niet duidelijk welke taak "
                        "bedoeld is.",
                        "Geef een van de taken een andere id.",
                    )
        yield from report.findings
    yield from _double_forms_and_decisions(package)


def _double_forms_and_decisions(package: Package) -> Iterator[Finding]:
    forms: dict[str, str] = {}
    for form in package.all_forms:
        report = Reporter(form.file)
        if forms.setdefault(form.id, form.file) != form.file:
            report.error(
                "duplicate-form",
                Place(form.id, form.name),
                f"De formulier-id ‘{form.id}’ staat ook in {forms[form.id]}.",
                "Geef een van de twee formulieren een andere id.",
            )
        yield from report.findings
    decisions: dict[str, str] = {}
    for path, model in package.decision_models.items():
        report = Reporter(path)
        for decision in model.decisions:
            if decisions.setdefault(decision.id, path) != path:
                report.error(
                    "duplicate-decision",
                    Place(decision.id, decision.name),
                    f"De beslissing ‘{decision.id}’ staat ook in {decisions[decision.id]}.",
                    "Geef een van de twee beslissingen een andere id.",
                )
        yield from report.findings


def _softened(package: Package, findings: list[Finding]) -> Iterator[Finding]:
    """Errors inside a process that is skipped, beside one that runs, refuse nothing."""
    processes = package.processes.values()
    skipped = {
        (process.file, element_id)
        for process in processes
        if not process.executable and any(found.executable for found in processes)
        for element_id in (process.id, *process.elements, *process.flows)
    }
    for finding in findings:
        if (finding.file, finding.element_id) in skipped:
            yield replace(finding, level="warning")
        else:
            yield finding


def _no_executable(package: Package) -> Iterator[Finding]:
    """A process that is not executable is an error when nothing else in the package can run."""
    processes = list(package.processes.values())
    nothing_runs = processes and not any(process.executable for process in processes)
    for process in processes:
        if process.executable or not process.elements:
            continue
        report = Reporter(process.file)
        say = report.error if nothing_runs else report.warning
        say(
            "not-executable",
            process,
            f"Het proces {label(process)} staat niet op uitvoerbaar (isExecutable) en wordt "
            "overgeslagen.",
            "Zet in de modelleeromgeving ‘Uitvoerbaar (executable)’ aan.",
        )
        yield from report.findings


def _manifest(package: Package) -> Iterator[Finding]:
    report = Reporter(manifests.FILE)
    main = package.manifest.main_process
    if not package.readings:
        report.error(
            "no-process",
            Place(manifests.FILE),
            "Het pakket heeft geen enkel .bpmn-bestand.",
            "Voeg een diagram toe.",
        )
    elif main is None and package.main_process is None and not package.shared:
        report.error(
            "main-process-missing",
            Place("hoofdproces"),
            f"{manifests.FILE} zegt niet welk proces het hoofdproces is.",
            did_you_mean("", package.processes, 'Schrijf: hoofdproces = "…".'),
        )
    elif main is not None and main not in package.processes:
        report.error(
            "unknown-process",
            Place("hoofdproces"),
            f"Het hoofdproces ‘{main}’ staat in geen .bpmn-bestand van het pakket.",
            did_you_mean(main, package.processes, "Voeg het proces toe."),
        )
    for table in package.live_tables:
        if table not in package.decisions:
            report.error(
                "unknown-live-table",
                Place("levende_tabellen"),
                f"De levende tabel ‘{table}’ staat in geen .dmn-bestand van het pakket.",
                did_you_mean(table, package.decisions, "Haal hem uit de lijst."),
            )
    yield from report.findings


def _ways_in(package: Package) -> Iterator[Finding]:
    """Entry points and starts beside a trajectory name a message start and a form that exist."""
    report = Reporter(manifests.FILE)
    starts = {
        event.name
        for process in package.processes.values()
        for element in process.elements.values()
        if element.kind is Kind.START_EVENT
        and element.parent == process.id
        and element.event is not None
        for event in element.event.each
        if event.trigger is Trigger.MESSAGE and event.name
    }
    for way in (*package.entries.values(), *package.beside.values()):
        beside = isinstance(way, manifests.Beside)
        what = f"{'Start' if beside else 'Ingang'} ‘{way.key}’"
        heading = "naast" if beside else "ingangen"
        place = Place(f"{heading}.{way.key}", way.names.get("nl", way.key))
        if way.message and way.message not in starts:
            report.error(
                "entry-without-start",
                place,
                f"{what} stuurt het bericht ‘{way.message}’, maar geen enkel proces begint "
                "daarmee.",
                did_you_mean(way.message, starts, "Geef een proces een start met dit bericht."),
            )
        if way.form_id is not None and way.form_id not in package.forms:
            report.error(
                "unknown-form",
                place,
                f"{what} gebruikt het formulier ‘{way.form_id}’, maar dat is er niet.",
                did_you_mean(
                    way.form_id,
                    package.forms,
                    f"Maak het bestand formulieren/{way.form_id}.form.",
                ),
            )
    yield from report.findings
