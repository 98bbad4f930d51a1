"""Reading the DMN Technology Compatibility Kit: its models, inputs and expected results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine import feel

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True)
class Expectation:
    """What one node of a test case must evaluate to."""

    name: str
    value: Any


@dataclass(frozen=True)
class Case:
    """One test case of the kit."""

    name: str
    model: Path
    case_id: str
    invocable: str
    inputs: Mapping[str, Any]
    expectations: tuple[Expectation, ...]

    def __str__(self) -> str:
        return f"{self.name}/{self.case_id}"


def read_cases(level: Path) -> Iterator[Case]:
    """Every test case below a folder of the kit."""
    for file in sorted(level.glob("*/*-test-*.xml")):
        root = etree.parse(file).getroot()
        model = file.parent / (root.findtext("{*}modelName") or "").strip()
        for number, node in enumerate(root.iterfind("{*}testCase"), start=1):
            yield Case(
                name=file.stem,
                model=model,
                case_id=node.get("id", str(number)),
                invocable=node.get("invocableName", ""),
                inputs=dict(_inputs(node)),
                expectations=tuple(_expectation(found) for found in node.iterfind("{*}resultNode")),
            )


def _inputs(node: etree._Element) -> Iterator[tuple[str, Any]]:
    for found in node.iterfind("{*}inputNode"):
        yield found.get("name", ""), _content(found)


def _expectation(node: etree._Element) -> Expectation:
    expected = node.find("{*}expected")
    return Expectation(node.get("name", ""), None if expected is None else _content(expected))


def _content(node: etree._Element) -> Any:
    """The value inside a node: a list, a context of components, or a plain value."""
    listed = node.find("{*}list")
    if listed is not None:
        if listed.get(f"{XSI}nil") == "true":
            return None
        return [_content(item) for item in listed.iterfind("{*}item")]
    components = node.findall("{*}component")
    if components:
        return {found.get("name", ""): _content(found) for found in components}
    value = node.find("{*}value")
    return None if value is None else _plain(value)


def _plain(node: etree._Element) -> Any:
    if node.get(f"{XSI}nil") == "true":
        return None
    kind = node.get(f"{XSI}type", "string").rpartition(":")[2]
    text = node.text or ""
    if kind == "string":
        return text
    if kind == "boolean":
        return text.strip() == "true"
    if kind in ("decimal", "double", "float", "integer", "int", "long"):
        return Decimal(text.strip())
    function = {"dateTime": "date and time"}.get(kind, kind)
    return feel.compile(f"{function}(text)").evaluate({"text": text.strip()})
