"""A package with a live table: how long things take, read once and handed on to a part."""

from __future__ import annotations

from engine.definitions.packages import Package
from tests.practice_diagrams import END, NONE_START, boundary, call, diagram, event, message, task
from tests.unit.definitions.diagrams import MANIFEST, definitions, extended, package

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="tabellen" name="Tabellen"
  namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="tijden" name="Hoe lang duurt iets?">
    <decisionTable id="tabel" hitPolicy="FIRST">
      <input id="in" label="Soort"><inputExpression id="ine" typeRef="string"><text>soort</text>
      </inputExpression></input>
      <output id="u1" label="Kort" name="kort" typeRef="dayTimeDuration" />
      <output id="u2" label="Ruim" name="ruim" typeRef="dayTimeDuration" />
      <rule id="r1"><inputEntry id="r1i"><text>"haast"</text></inputEntry>
        <outputEntry id="r1a"><text>duration("P1D")</text></outputEntry>
        <outputEntry id="r1b"><text>duration("P2D")</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="r2i"><text>-</text></inputEntry>
        <outputEntry id="r2a"><text>duration("P3D")</text></outputEntry>
        <outputEntry id="r2b"><text>duration("P10D")</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
ROOTS = '<bpmn:message id="M_begin" name="begin" />'


def _timer(duration: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


_READ = (
    '<bpmn:businessRuleTask id="lees" name="Lees de tijden">'
    + extended('<zeebe:calledDecision decisionId="tijden" resultVariable="tijd" />')
    + "</bpmn:businessRuleTask>"
)
_CALL = call("doe-deel", "deel").replace(
    "<zeebe:calledElement",
    '<zeebe:ioMapping><zeebe:input source="=tijd.ruim" target="termijn" /></zeebe:ioMapping>'
    '<zeebe:calledElement propagateAllParentVariables="false"',
)
DIAGRAMS = (
    diagram(
        "hoofd",
        event("startEvent", "begin", message("M_begin")),
        _READ,
        task("eerst", None),
        _CALL,
        END,
        flows="begin>lees lees>eerst eerst>doe-deel doe-deel>einde",
    ),
    diagram(
        "deel",
        NONE_START,
        task("werk", None),
        task("nog-eens", None),
        boundary("te-laat", "nog-eens", _timer("=termijn")),
        event("endEvent", "laat"),
        END,
        flows="start>werk werk>nog-eens nog-eens>einde te-laat>laat",
    ),
)


def live_package(*replacements: tuple[str, str], live: str = '"tijden"') -> Package:
    """The package, with texts of its table replaced."""
    table = TABLE
    for old, new in replacements:
        assert old in table
        table = table.replace(old, new)
    manifest = MANIFEST.replace('hoofdproces = "P"', 'hoofdproces = "hoofd"')
    manifest = manifest.replace('sleutel = "proef"', 'sleutel = "levend"')
    line = f"levende_tabellen = [{live}]\n"
    files = {
        **{f"{n}.bpmn": definitions(ROOTS + drawn) for n, drawn in enumerate(DIAGRAMS)},
        "tabellen.dmn": table,
    }
    return package(files, manifest.replace("hoofdproces", f"{line}hoofdproces", 1))
