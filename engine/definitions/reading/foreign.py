"""What other engines' extensions and rare attributes ask for, and this engine does not do.

Everything that would change how a diagram runs is named; what only concerns drawing is ignored.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.expressions import body, free_names, shorten
from engine.definitions.reading.gathering import report_quantities
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    children,
    is_true,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Place, Reporter, label

ACTIVITI_AND_FLOWABLE: Final = ("http://activiti.org/bpmn", "http://flowable.org/bpmn")
CAMUNDA_7: Final = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7 (camunda:)",
    "http://camunda.org/bpmn": "Camunda 7 (camunda:)",  # as it was written at first
    "http://operaton.org/schema/1.0/bpmn": "Operaton (operaton:)",
    "http://eximeebpms.org/schema/1.0/bpmn": "EximeeBPMS (eximeebpms:)",
    "http://fluxnova.finos.org/schema/1.0/bpmn": "Fluxnova (fluxnova:)",
    "http://fluxnova.org/schema/1.0/bpmn": "Fluxnova (fluxnova:)",
}
"""Camunda 7 and what goes on from it: their words are the same, under names of their own."""
JUEL: Final = (*CAMUNDA_7, *ACTIVITI_AND_FLOWABLE)
"""Engines that grew from Activiti; their words are alike, their expressions are JUEL."""
DROOLS: Final = "http://www.jboss.org/drools"
DIALECTS: Final = {
    **CAMUNDA_7,
    "http://activiti.org/bpmn": "Activiti (activiti:)",
    "http://activiti.com/modeler": "Activiti (modeler:)",
    "http://flowable.org/bpmn": "Flowable (flowable:)",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow (spiffworkflow:)",
    DROOLS: "jBPM (drools:)",
}
"""Namespaces of engines whose extensions change how a diagram runs."""

HARMLESS: Final = frozenset(
    {
        "historyTimeToLive",
        "asyncBefore",
        "asyncAfter",
        "async",
        "exclusive",
        "jobPriority",
        "isStartableInTasklist",
        "candidateStarterGroups",
        "candidateStarterUsers",
        "versionTag",
        "diagramRelationId",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
        "initiator",
    }
)
"""Words of other engines that change nothing about what a diagram does."""
_ZEEBE_REFUSED: Final = {
    "executionListeners": "uitvoeringsluisteraars (execution listeners)",
    "taskListeners": "taakluisteraars (task listeners)",
    "conditionalFilter": "een filter op variabelen bij een voorwaarde",
}
SAYS_WHAT: Final = frozenset(
    {
        "assignmentDefinition", "calledDecision", "calledElement", "formDefinition",
        "loopCharacteristics", "script", "taskDefinition", "userTask",
    }
)  # fmt: skip
"""Extensions that say what an element does in Camunda 8."""
_ACTS: Final = frozenset(
    {
        "calledDecision", "calledElement", "executionListener", "executionListeners", "in",
        "inputOutput", "ioMapping", "loopCharacteristics", "out", "script", "subscription",
        "taskListener", "taskListeners",
    }
)  # fmt: skip
"""By these words any engine does something, whatever the name it puts before them."""
_COMPUTES: Final = ("expression", "condition")
"""What has these is computed by its engine, whatever it is called."""
_SAY: Final = "Haal het weg, of zeg het in de woorden van Camunda 8."
_TRANSLATE: Final = (
    "Open het bestand in de Studio, of met ‘ketenspoor package open’: wat hetzelfde betekent wordt "
    "dan vertaald, en wat u moet beslissen staat erbij."
)


def of_jbpm(node: Node) -> bool:
    """Whether the file that a node is in comes from jBPM: it declares its words and no others."""
    declared = set(node.nsmap.values())
    if DROOLS in declared and declared.isdisjoint((ZEEBE, *JUEL)):
        return True
    return any(
        etree.QName(str(name)).namespace == DROOLS for one in node.iter() for name in one.attrib
    )


def report_foreign(process: Node, report: Reporter) -> None:
    """Name every extension and attribute inside a process that would be silently ignored."""
    for node in process.iter(etree.Element):
        for name in node.attrib:
            _attribute(node, str(name), report)
        namespace = etree.QName(node).namespace
        if namespace in DIALECTS:
            _extension(node, DIALECTS[namespace], report)
        elif namespace == ZEEBE:
            _zeebe(node, report)
        elif namespace == BPMN:
            _rare(node, report)
        elif namespace is not None and (holder := _acting(node)) is not None:
            name = etree.QName(node).localname
            _foreign(node, holder, name, f"‘{shorten(namespace)}’", report, _SAY)


def _acting(node: Node) -> Node | None:
    """The element whose unknown extension this is, where engines do something by such a word."""
    extensions = node.getparent()
    says = etree.QName(node).localname in _ACTS and len(node) + len(node.attrib) > 0
    if not says and any((node.get(name) or "").strip() for name in _COMPUTES):
        while extensions is not None and etree.QName(extensions).namespace != BPMN:
            extensions = extensions.getparent()
        says = not (extensions is not None and _said_here(extensions))
    if not says or extensions is None or tag_of(extensions) != "extensionElements":
        return None
    return extensions.getparent()


def _said_here(extensions: Node) -> bool:
    """Whether the words of Camunda 8 say what an element does."""
    said = extensions.iterchildren(f"{{{ZEEBE}}}*")
    return any(etree.QName(found).localname in SAYS_WHAT for found in said)


def report_foreign_roots(root: Node, report: Reporter) -> None:
    """Name what other engines let messages, signals, errors and escalations carry."""
    for kind in ("message", "signal", "error", "escalation"):
        for carried in children(root, kind):
            for node in carried.iter(etree.Element):
                dialect = DIALECTS.get(etree.QName(node).namespace or "")
                if dialect is not None:
                    _extension(node, dialect, report)


def _attribute(node: Node, name: str, report: Reporter) -> None:
    found = etree.QName(name)
    dialect = DIALECTS.get(found.namespace or "")
    if dialect is None or found.localname in HARMLESS:
        return
    if etree.QName(node).namespace in DIALECTS:
        return
    _foreign(node, node, found.localname, dialect, report)


def _foreign(
    node: Node,
    holder: Node,
    name: str,
    dialect: str,
    report: Reporter,
    remedy: str = _TRANSLATE,
) -> None:
    """An error, but a remnant where the element also says in zeebe's words what it does."""
    place = place_of(node)
    if not place.id:  # a message or an error: not drawn, but it has an id
        place = Place(holder.get("id", ""), holder.get("name", ""), place.line)
    extensions = child(holder, "extensionElements")
    if extensions is not None and _said_here(extensions):
        report.warning(
            "foreign-dialect",
            place,
            f"{label(place)} gebruikt ‘{name}’ van {dialect}. Dat wordt overgeslagen: wat er "
            "gebeurt staat er ook in zeebe-extensies.",
            "Haal het weg als het niet meer nodig is.",
        )
        return
    report.error(
        "foreign-dialect",
        place,
        f"{label(place)} gebruikt ‘{name}’ van {dialect}. Dat wordt hier niet uitgevoerd.",
        remedy,
    )


def _extension(node: Node, dialect: str, report: Reporter) -> None:
    parent = node.getparent()
    if parent is None or etree.QName(parent).namespace in DIALECTS:
        return
    name = etree.QName(node).localname
    if name in HARMLESS:
        return
    holder = parent if tag_of(parent) != "extensionElements" else parent.getparent()
    _foreign(node, parent if holder is None else holder, name, dialect, report)


def _zeebe(node: Node, report: Reporter) -> None:
    name = etree.QName(node).localname
    if name == "userTaskForm":
        _embedded_form(node, report)
    if name in ("adHoc", "taskDefinition"):
        _ad_hoc(node, name, report)
    if name == "conditionalFilter" and _filters_nothing(node):
        return
    if name not in _ZEEBE_REFUSED or (len(node) == 0 and name.endswith("Listeners")):
        return
    place = place_of(node)
    report.error(
        "unsupported-extension",
        place,
        f"{label(place)} gebruikt {_ZEEBE_REFUSED[name]}. Dat wordt niet uitgevoerd.",
        "Haal het weg en teken wat er moet gebeuren in het diagram.",
    )


def _filters_nothing(node: Node) -> bool:
    """A filter that names every variable that the condition reads leaves out no change of it."""
    extensions = node.getparent()
    definition = None if extensions is None else extensions.getparent()
    condition = text_of(None if definition is None else child(definition, "condition"))
    names = {name.strip() for name in (node.get("variableNames") or "").split(",")} - {""}
    events = {event.strip() for event in (node.get("variableEvents") or "").split(",")} - {""}
    read = {name.partition(".")[0] for name in free_names(body(condition))}
    return (not names or (bool(read) and read <= names)) and (not events or len(events) > 1)


def _ad_hoc(node: Node, name: str, report: Reporter) -> None:
    """An ad-hoc sub-process that leaves the choice to a job, or collects outcomes."""
    place = place_of(node)
    collects = node.get("outputCollection") or node.get("outputElement")
    holder = node.getparent()
    step = None if holder is None else holder.getparent()
    if step is None or tag_of(step) != "adHocSubProcess" or not (collects or name != "adHoc"):
        return
    what = "verzamelt uitkomsten" if name == "adHoc" else "laat een koppeling kiezen wat er gebeurt"
    report.error(
        "unsupported-extension",
        place,
        f"Het ad-hoc-deelproces {label(place)} {what}. Dat wordt niet uitgevoerd.",
        "Vul ‘Lijst van elementen die beginnen (active elements collection)’ in, en niets anders.",
    )


def _embedded_form(node: Node, report: Reporter) -> None:
    """A form inside the diagram is not read; a task that asks for it is refused in a package."""
    place = place_of(node)
    report.warning(
        "embedded-form",
        place,
        f"In {label(place)} staat een ingebed formulier (‘{node.get('id', '')[:60]}’). Dat wordt "
        "niet gebruikt.",
        "Bewaar het formulier als eigen .form-bestand in de map ‘formulieren’ en koppel het met "
        "zijn formulier-id.",
    )


def _rare(node: Node, report: Reporter) -> None:
    tag = tag_of(node)
    place = place_of(node)
    if tag in ("receiveTask", "eventBasedGateway") and is_true(node.get("instantiate")):
        report.error(
            "instantiating-element",
            place,
            f"{label(place)} moet zelf een nieuw proces beginnen (instantiate). "
            "Dat wordt niet uitgevoerd.",
            "Laat het proces beginnen met een start-gebeurtenis met een bericht.",
        )
    if tag == "eventBasedGateway" and node.get("eventGatewayType") == "Parallel":
        report.error(
            "parallel-event-gateway",
            place,
            f"{label(place)} wacht op álle gebeurtenissen tegelijk (eventGatewayType=Parallel). "
            "Dat wordt niet uitgevoerd.",
            "Gebruik een parallelle gateway met daarachter de gebeurtenissen.",
        )
    if tag == "multiInstanceLoopCharacteristics" and node.get("behavior", "All") != "All":
        report.error(
            "multi-instance-behavior",
            place,
            f"{label(place)} werpt een gebeurtenis terwijl de herhaling loopt "
            f"(behavior={node.get('behavior', '')[:20]}). Dat wordt niet uitgevoerd.",
            "Herhaal een deelproces en werp de gebeurtenis daarin.",
        )
    report_quantities(node, report)
    if tag in ("dataInputAssociation", "dataOutputAssociation"):
        _data_association(node, place, report)
    if tag in ("performer", "humanPerformer", "potentialOwner", "resourceRole"):
        report.warning(
            "performer-ignored",
            place,
            f"{label(place)} wijst een uitvoerder aan met <{tag}>. Dat wordt niet gelezen.",
            "Kies de rol bij ‘Wie doet het’ als ‘Rol (candidate groups)’.",
        )


def _data_association(node: Node, place: Place, report: Reporter) -> None:
    if child(node, "targetRef") is None:
        report.error(
            "data-association-open",
            place,
            f"Een gegevenskoppeling van {label(place)} leidt nergens heen.",
            "Verwijder de koppeling, of teken haar opnieuw.",
        )
    plain = child(node, "transformation") is None
    if plain and sum(1 for _source in children(node, "sourceRef")) > 1:
        report.error(
            "data-association-two-sources",
            place,
            f"Een gegevenskoppeling van {label(place)} begint op meer dan één plek.",
            "Teken voor elk gegeven een eigen koppeling.",
        )
    if plain and child(node, "assignment") is None:
        return
    report.error(
        "data-association-with-expression",
        place,
        f"{label(place)} rekent in een gegevenskoppeling (assignment of transformation). "
        "Dat wordt niet uitgevoerd.",
        "Zet de berekening in een invoer- of uitvoerkoppeling (zeebe:ioMapping) in FEEL.",
    )
