"""A DMN file as rows and columns of text, without compiling what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.decisions.xml_reading import read_xml

NOTE: Final = "note"


@dataclass(frozen=True, slots=True)
class Clause:
    """A column; ``details`` are its settings by key of ``words.SETTINGS``."""

    role: str
    id: str
    name: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row, with a cell for each column."""

    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    policy: str
    aggregation: str
    columns: tuple[Clause, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, or another named thing of the file; ``kind`` is a key of ``words.KINDS``."""

    kind: str
    id: str
    name: str
    details: dict[str, str]
    table: Table | None


def decisions(file: bytes) -> Iterator[Decision]:
    """What a DMN file holds.

    Raises:
        DecisionError: it is not readable DMN.
    """
    for node in read_xml(file).iterchildren(etree.Element):
        tag = _tag(node)
        kind = _KINDS.get(tag)
        if kind is None:
            continue
        key = node.get("id") or node.get("name") or ""
        table = next((one for one in node.iterchildren("{*}decisionTable")), None)
        details = {
            "description": _text(node, "description"),
            "expression": _logic(node) if kind in _VALUED else _whole(node),
            "type": _type(node, "variable"),
            "result_variable": _variable(node),
            "requires": ", ".join(
                one.get("href", "").lstrip("#")
                for one in node.iterdescendants(
                    "{*}requiredInput", "{*}requiredDecision", "{*}requiredKnowledge"
                )
            ),
        }
        details["name"] = node.get("name") or ""
        yield Decision(
            kind,
            key,
            node.get("name") or key,
            {what: text for what, text in details.items() if text},
            _table(table) if table is not None else None,
        )


_KINDS: Final = {
    "decision": "decision",
    "inputData": "inputData",
    "businessKnowledgeModel": "knowledge",
    "decisionService": "service",
    "itemDefinition": "setting",
    "import": "setting",
}
_VALUED: Final = frozenset({"decision", "inputData"})


def _table(node: etree._Element) -> Table:
    inputs = [
        Clause(
            "input",
            one.get("id") or f"in{at}",
            one.get("label") or _text(one, "inputExpression") or one.get("id") or "",
            _filled(
                expression=_text(one, "inputExpression"),
                type=_type(one, "inputExpression"),
                allowed=_text(one, "inputValues"),
            ),
        )
        for at, one in enumerate(node.iterchildren("{*}input"))
    ]
    outputs = [
        Clause(
            "output",
            one.get("id") or f"uit{at}",
            one.get("label") or one.get("name") or one.get("id") or "",
            _filled(
                result_variable=one.get("name") or "",
                type=one.get("typeRef") or "",
                allowed=_text(one, "outputValues"),
                default=_text(one, "defaultOutputEntry"),
            ),
        )
        for at, one in enumerate(node.iterchildren("{*}output"))
    ]
    notes = [
        Clause(NOTE, f"annotation{at}", one.get("name") or "", {})
        for at, one in enumerate(node.iterchildren("{*}annotation"))
    ]
    described = Clause(NOTE, "description", "", {})
    rules = []
    for at, rule in enumerate(node.iterchildren("{*}rule")):
        cells = [_text(one, "text") for one in rule.iterchildren("{*}inputEntry")][: len(inputs)]
        cells += ["-"] * (len(inputs) - len(cells))
        made = [_text(one, "text") for one in rule.iterchildren("{*}outputEntry")][: len(outputs)]
        said = [_text(one, "text") for one in rule.iterchildren("{*}annotationEntry")][: len(notes)]
        cells += made + [""] * (len(outputs) - len(made))
        cells += said + [""] * (len(notes) - len(said))
        rules.append(Rule(rule.get("id") or f"regel{at}", (*cells, _text(rule, "description"))))
    return Table(
        node.get("hitPolicy") or "UNIQUE",
        node.get("aggregation") or "",
        (*inputs, *outputs, *notes, described),
        tuple(rules),
    )


def _logic(node: etree._Element) -> str:
    """The logic of what is not a table: the FEEL text, or its XML when it is composed."""
    for one in node.iterchildren(etree.Element):
        if _tag(one) == "literalExpression":
            return _text(one, "text")
        if _tag(one) not in _NO_LOGIC:
            return str(etree.tostring(one, encoding="unicode", with_tail=False))
    return ""


_NO_LOGIC: Final = frozenset(
    {
        "description", "variable", "extensionElements", "question", "allowedAnswers",
        "informationRequirement", "knowledgeRequirement", "authorityRequirement", "decisionTable",
    }
)  # fmt: skip


def _whole(node: etree._Element) -> str:
    """All of a thing as XML, without its own id and name."""
    attributes = " ".join(f"{k}={v}" for k, v in node.attrib.items() if k not in ("id", "name"))
    inside = (etree.tostring(one, encoding="unicode", with_tail=False) for one in node)
    return " ".join([attributes, *map(str, inside)]).strip()


def _text(node: etree._Element, name: str) -> str:
    found = next(node.iterchildren(f"{{*}}{name}"), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _type(node: etree._Element, name: str) -> str:
    found = next(node.iterchildren(f"{{*}}{name}"), None)
    return "" if found is None else found.get("typeRef") or ""


def _variable(node: etree._Element) -> str:
    found = next(node.iterchildren("{*}variable"), None)
    return "" if found is None else found.get("name") or ""


def _filled(**texts: str) -> dict[str, str]:
    return {what: text for what, text in texts.items() if text}


def _tag(node: etree._Element) -> str:
    return etree.QName(node).localname
