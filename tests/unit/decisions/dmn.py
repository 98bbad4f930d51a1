"""Factories of small DMN files for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(content: str, attributes: str = 'namespace="urn:test"') -> bytes:
    """A DMN 1.5 file with this content."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{NAMESPACE}" '
        f'id="model" name="model" {attributes}>\n{content}\n</definitions>'
    ).encode()


def table(
    rules: Sequence[Sequence[str]],
    *,
    inputs: Sequence[tuple[str, str]] = (("x", "number"),),
    outputs: Sequence[tuple[str, str]] = (("uit", ""),),
    hit_policy: str = "UNIQUE",
    aggregation: str = "",
    allowed: str = "",
    allowed_outputs: Sequence[str] = (),
    defaults: Sequence[str] = (),
    type_ref: str = "",
) -> str:
    """A decision table. A rule lists its input cells and then its output cells."""
    parts = [
        f'<decisionTable id="T" hitPolicy="{hit_policy}"'
        + (f' aggregation="{aggregation}"' if aggregation else "")
        + (f' typeRef="{type_ref}"' if type_ref else "")
        + ">"
    ]
    for at, (name, kind) in enumerate(inputs):
        limits = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
        parts.append(
            f'<input id="in{at}"><inputExpression id="ie{at}" typeRef="{kind}">'
            f"<text>{escape(name)}</text></inputExpression>{limits}</input>"
        )
    for at, (name, kind) in enumerate(outputs):
        listed = allowed_outputs[at] if at < len(allowed_outputs) else ""
        default = defaults[at] if at < len(defaults) else ""
        parts.append(f'<output id="out{at}" name="{name}" typeRef="{kind}">')
        if listed:
            parts.append(f"<outputValues><text>{escape(listed)}</text></outputValues>")
        if default:
            parts.append(f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>")
        parts.append("</output>")
    for number, cells in enumerate(rules, start=1):
        parts.append(f'<rule id="r{number}">')
        for at, cell in enumerate(cells):
            tag = "inputEntry" if at < len(inputs) else "outputEntry"
            parts.append(f'<{tag} id="c{number}_{at}"><text>{escape(cell)}</text></{tag}>')
        parts.append("</rule>")
    parts.append("</decisionTable>")
    return "\n".join(parts)


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(
    name: str,
    expression: str,
    *,
    inputs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    knowledge: Sequence[str] = (),
    type_ref: str = "",
) -> str:
    """A decision; its id is its name, and it requires elements by id."""
    required = "".join(
        [
            *(
                f'<informationRequirement><requiredInput href="#{each}"/></informationRequirement>'
                for each in inputs
            ),
            *(
                "<informationRequirement>"
                f'<requiredDecision href="#{each}"/></informationRequirement>'
                for each in decisions
            ),
            *(
                f'<knowledgeRequirement><requiredKnowledge href="#{each}"/></knowledgeRequirement>'
                for each in knowledge
            ),
        ]
    )
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/>'
        f"{required}{expression}</decision>"
    )


def input_data(name: str, type_ref: str = "") -> str:
    """Input data; its id is its name."""
    return (
        f'<inputData id="{name}" name="{name}">'
        f'<variable name="{name}" typeRef="{type_ref}"/></inputData>'
    )


def table_model(rules: Sequence[Sequence[str]], **options: object) -> bytes:
    """A file with one decision ``besluit`` that is a table, without drawn inputs."""
    return definitions(decision("besluit", table(rules, **options)))  # type: ignore[arg-type]
