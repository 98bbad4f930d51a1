"""Every expression of an element, named as people see it in the properties panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine import feel
from engine.definitions.expressions import body, is_feel
from engine.definitions.model import Element, Flow, Process
from engine.definitions.reporting import Placed, label


@dataclass(frozen=True, slots=True)
class Text:
    """One text that is or may be FEEL.

    Attributes:
        what: how people call the place ("de voorwaarde").
        must_be_feel: a literal makes no sense here.
        is_condition: it must come to true or false.
    """

    what: str
    text: str
    place: Placed
    must_be_feel: bool = False
    is_condition: bool = False


def texts_of_process(process: Process) -> Iterator[Text]:
    """Every text of every element and flow that is or may be FEEL; timers excepted."""
    for element in process.elements.values():
        yield from texts_of(element)
    for flow in process.flows.values():
        if flow.condition is not None:
            what = f"de voorwaarde op de pijl {_ends(flow, process)}"
            yield Text(what, flow.condition, flow, must_be_feel=True, is_condition=True)


def _ends(flow: Flow, process: Process) -> str:
    source, target = process.elements[flow.source], process.elements[flow.target]
    return f"van {label(source)} naar {label(target)}"


def texts_of(element: Element) -> Iterator[Text]:
    """The texts of one element."""
    for mapping in element.inputs:
        yield Text(f"de invoer ‘{mapping.target}’", mapping.source, element)
    for mapping in element.outputs:
        yield Text(f"de uitvoer ‘{mapping.target}’", mapping.source, element)
    plain = (
        ("het script", element.script, True),
        ("het soort servicetaak", element.job_type, False),
        ("de beslissing", element.decision_id, False),
        ("het aangeroepen proces", element.called_process, False),
    )
    for what, text, must in plain:
        if text is not None:
            yield Text(what, text, element, must)
    yield from _user_texts(element)
    yield from _loop_texts(element)
    if element.ad_hoc is not None and element.ad_hoc.active is not None:
        yield Text("de elementen die beginnen", element.ad_hoc.active, element, True)
    if element.ad_hoc is not None and element.ad_hoc.condition is not None:
        yield Text("de stopvoorwaarde", element.ad_hoc.condition, element, True, True)
    if element.activation is not None:
        yield Text("de activeringsvoorwaarde", element.activation, element, True, True)
    yield from _event_texts(element)


def _user_texts(element: Element) -> Iterator[Text]:
    if element.user is None:
        return
    user = element.user
    for what, text in (
        ("het formulier", user.form_id),
        ("de rol (candidate groups)", user.candidate_groups),
        ("de personen (candidate users)", user.candidate_users),
        ("de toegewezen persoon (assignee)", user.assignee),
        ("de streefdatum (due date)", user.due_date),
        ("de opvolgdatum (follow up date)", user.follow_up_date),
        ("de prioriteit", user.priority),
    ):
        if text is not None:
            yield Text(what, text, element)


def _loop_texts(element: Element) -> Iterator[Text]:
    if element.loop is None:
        return
    loop = element.loop
    for what, text in (
        ("de lijst (input collection)", loop.input_collection),
        ("het uitvoerelement (output element)", loop.output_element),
        ("de stopvoorwaarde", loop.completion_condition),
        ("de herhaalvoorwaarde", loop.condition),
    ):
        if text is not None:
            yield Text(what, text, element, True, "voorwaarde" in what)
    if loop.cardinality is not None:
        number = loop.cardinality.isdigit()
        yield Text("het aantal keren", loop.cardinality, element, must_be_feel=not number)


def _event_texts(element: Element) -> Iterator[Text]:
    for event in element.event.each if element.event is not None else ():
        if event.name is not None:
            yield Text("de naam of code", event.name, element)
        if event.correlation_key is not None:
            yield Text("de correlatiesleutel", event.correlation_key, element, must_be_feel=True)
        if event.condition is not None:
            yield Text("de voorwaarde", event.condition, element, True, is_condition=True)


def static_names(text: str) -> Iterator[str]:
    """The names in a text like ``a, b``, ``="a"`` or ``=["a", "b"]``; none when it depends."""
    if not is_feel(text):
        if "${" in text or "#{" in text:
            return
        yield from filter(None, (part.strip() for part in text.split(",")))
        return
    try:
        expression = feel.compile(body(text))
        if expression.names or expression.possible_names:
            return
        value = expression.evaluate({})
    except feel.FeelError:
        return
    for found in value if isinstance(value, list) else [value]:
        if isinstance(found, str):
            yield found
