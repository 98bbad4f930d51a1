"""A whole file translated in place: expressions, scripts, loops, calls and what vendors add."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from engine.definitions.dialects import passed, vendors
from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.activiti import translate_activiti
from engine.definitions.dialects.alone import failing, script_answered, work_alone
from engine.definitions.dialects.carried import translate_carried
from engine.definitions.dialects.choosing import mappings
from engine.definitions.dialects.codes import translate_codes
from engine.definitions.dialects.data import translate_data
from engine.definitions.dialects.executable import run_what_is_called, say_executable
from engine.definitions.dialects.filters import translate_filters
from engine.definitions.dialects.flowable import translate_flowable
from engine.definitions.dialects.global_tasks import inline_global_tasks
from engine.definitions.dialects.kindred import translate_kindred
from engine.definitions.dialects.names import translate_names, translate_payload
from engine.definitions.dialects.parts import extension, mapping, translated
from engine.definitions.dialects.scripts import assignments, result, sets
from engine.definitions.dialects.spiff import translate_messages, translate_spiff
from engine.definitions.dialects.thrown import keeps_nothing, translate_thrown
from engine.definitions.dialects.times import python_moment, python_time
from engine.definitions.dialects.triggered import trigger_by_answers
from engine.definitions.dialects.uncaught import translate_uncaught
from engine.definitions.dialects.undeclared import (
    declare_errors,
    declare_escalations,
    declare_signals,
    name_event_sub_processes,
)
from engine.definitions.dialects.undone import translate_undoing
from engine.definitions.dialects.untranslated import (
    counts_ahead,
    own_counter,
    report_counts,
    report_untranslated,
    speaking,
)
from engine.definitions.expressions import problems, shorten
from engine.definitions.reading.demands import MadeFor, made_for, names_an_engine
from engine.definitions.reading.foreign import ACTIVITI_AND_FLOWABLE, JUEL
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    local_id,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Reporter

_CONDITIONS: Final = (
    "conditionExpression", "condition", "completionCondition", "loopCondition",
    "activationCondition",
)  # fmt: skip
_VALUES: Final = ("loopCardinality", "timeDuration", "timeDate", "timeCycle")
_SCRIPTED: Final = re.compile(
    r"(?:^|[/.:])(juel|javascript|ecmascript|js|groovy|php|python|mvel|java|uel|rule)\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(r"[RP\d\"].*", re.DOTALL)
_NAME: Final = re.compile(r"[^\W\d]\w*")
_PATH: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_TIMES: Final = ("timeDuration", "timeDate", "timeCycle")
_METHOD: Final = re.compile(r"\.\w+\s*\(|\blen\(")


def translate(
    root: Node,
    report: Reporter,
    *,
    by_itself: bool = True,
    answered: Collection[str] = (),
    chosen: str | None = None,
    called: bool = False,
) -> None:
    """Put FEEL and zeebe extensions in the place of what has exactly the same meaning there.

    What has no such translation stays as it is; the reading and the checks name it. A run
    ``by_itself`` does without what is about people and forms, and has answers for the work of the
    elements that are ``answered``. Who has ``chosen`` a process wants it to run, whatever it says.
    ``called`` says that processes of other files may call those of this one.
    """
    engine, named = made_for(root), names_an_engine(root)
    translate_kindred(root, report)
    processes = list(children(root, "process"))
    say_executable(root, report, by_itself=by_itself, chosen=chosen)
    if by_itself:
        answered = {*answered, *failing(root, answered)}
        name_event_sub_processes(root, report)
        declare_errors(root, report)
        declare_escalations(root, report)
        declare_signals(root, report)
        if not called:
            translate_uncaught(root, report)
        inline_global_tasks(root, report)
        run_what_is_called(processes, report)
    translate_names(root, report)
    translate_carried(root, report)
    if by_itself and not called:
        translate_messages(root)
    for process in processes:
        spoke = speaking(process)
        translate_undoing(process, JUEL, report)
        translate_payload(process, JUEL, report)
        translate_codes(root, process, JUEL, report)
        translate_data(process, report)
        if by_itself:
            translate_activiti(root, process, JUEL, report)
            translate_flowable(process, ACTIVITI_AND_FLOWABLE, report)
            translate_spiff(process, answered, report)
            translate_thrown(process, JUEL, answered, report)
            work_alone(process, JUEL, answered, report)
            trigger_by_answers(process, answered, report)
        for node in list(process.iter(f"{{{BPMN}}}*")):
            tag = tag_of(node)
            if tag == "completionCondition" and not by_itself and counts_ahead(node):
                continue
            if tag in _CONDITIONS:
                _expression(node, engine, report, is_condition=True)
            elif tag in _VALUES:
                _expression(node, engine, report, is_condition=False)
            elif tag == "scriptTask":
                _script(node, report)
                if by_itself and node.get("id") in answered:
                    script_answered(node, JUEL, report)
            elif tag == "multiInstanceLoopCharacteristics":
                _data_loop(node, report)
            elif tag == "callActivity":
                _called(node, report)
            elif tag == "transaction":
                _transaction(node, report)
            elif tag == "complexGateway" and by_itself and engine is MadeFor.ANY:
                _complex(node, report)
        translate_filters(process, JUEL, report)
        vendors.translate(process, report, by_itself=by_itself)
        if by_itself:
            report_untranslated(process, spoke, answered, report)
        if by_itself and engine is MadeFor.ACTIVITI_LIKE:
            report_counts(process, report)
            if named:
                passed.pass_nothing_unnamed(process, report)
    own_counter(root)


def _told(report: Reporter, node: Node, what: str, was: str, now: str) -> None:
    """Report one translation."""
    translated(
        report,
        node,
        f"{what} ‘{shorten(was)}’ is gelezen als ‘{shorten(now)}’.",
        f"Schrijf ‘{shorten(now, 200)}’, dan kan het ook gepubliceerd worden.",
    )


def _expression(node: Node, engine: MadeFor, report: Reporter, *, is_condition: bool) -> None:
    text = text_of(node)
    if (time := python_time(text) or python_moment(text)) is not None:
        node.text = time
        _told(report, node, "de tijd", text, time)
        return
    language = (node.get("language") or "").strip()
    if engine is MadeFor.ANY and _PATH.fullmatch(text) and tag_of(node) in _TIMES:
        node.text = f"={text}"
        _told(report, node, "de tijd", text, f"={text}")
        return
    wrapped = reading.unwrapped(text) is not None
    known = not language or _SCRIPTED.search(language)
    if not text or text.startswith("=") or "feel" in language.lower() or not known:
        return
    source = text.removeprefix("return ") if language or text.endswith(";") else text
    made = (reading.condition if is_condition else reading.value)(source, language)
    if not language and not wrapped and _is_feel(text, engine, made, is_condition=is_condition):
        return
    if made is None or problems(made):
        return
    for inner in list(node):
        node.remove(inner)
    node.text = f"={made}"
    node.attrib.pop("language", None)
    _told(report, node, "de uitdrukking", text, f"={made}")


def _is_feel(text: str, engine: MadeFor, made: str | None, *, is_condition: bool) -> bool:
    """Whether a text that names no language stays as it is: a time, or FEEL that means the same."""
    if _TIME.match(text) and not is_condition:
        return True
    if _METHOD.search(text) or problems(text):
        return False
    elsewhere = engine is not MadeFor.CAMUNDA_8 and is_condition and made is not None
    return not elsewhere or _bare(made or "") == _bare(text)


def _bare(text: str) -> str:
    return re.sub(r"[\s()]", "", text)


def _script(node: Node, report: Reporter) -> None:
    script = child(node, "script")
    language = (node.get("scriptFormat") or "").strip()
    if script is None or "feel" in language.lower():
        return
    if language and not _SCRIPTED.search(language):
        return
    text = text_of(script)
    named = [f"{{{vendor}}}resultVariable" for vendor in JUEL]
    named.append(f"{{{vendors.BPMN_ENGINE}}}result")
    into = next((node.get(name) for name in named if node.get(name)), None)
    made = assignments(text, language) if into is None else result(text, into, language)
    own: list[tuple[str, str]] = []
    lossy = keeps_nothing(node)
    if made is None or (lossy and any(name != into for name, _source in made) and not sets(text)):
        chosen = None if into else mappings(text, language, keeps=not lossy, scoped=_scoped(node))
        if chosen is None:
            return
        own, made = chosen
    if any(problems(source) for _name, source in [*own, *made]) or (own and _has_input(node)):
        return
    node.remove(script)
    named += [f"{{{vendor}}}autoStoreVariables" for vendor in JUEL]
    for name in ("scriptFormat", *named):
        node.attrib.pop(name, None)
    for name, source in own:
        mapping(node, "input", f"={source}", name)
    for name, source in made:
        mapping(node, "output", f"={source}", name)
    shown = "; ".join(f"{name} = {source}" for name, source in [*own, *made]) or "niets"
    _told(report, node, "het script", text, shown)


def _scoped(node: Node) -> bool:
    """Whether a step of Camunda 7 has variables of its own: one that passes some on."""
    return any(True for _ in node.iter(*(f"{{{vendor}}}outputParameter" for vendor in JUEL)))


def _has_input(node: Node) -> bool:
    return any(True for _ in node.iter(*(f"{{{vendor}}}inputParameter" for vendor in JUEL)))


def _data_loop(node: Node, report: Reporter) -> None:
    """BPMN's own references to a list, which say the same as the extension of Camunda 8."""
    reference = text_of(child(node, "loopDataInputRef"))
    output = text_of(child(node, "loopDataOutputRef"))
    counted = child(node, "loopCardinality") is not None
    if not (_NAME.fullmatch(reference) or (counted and not reference and output)):
        return
    settings = extension(node, "loopCharacteristics")
    if settings.get("inputCollection"):
        return
    item, made = child(node, "inputDataItem"), child(node, "outputDataItem")
    if reference:
        settings.set("inputCollection", f"={vendors.as_often_as_said(node, reference)}")
    if item is not None:
        settings.set("inputElement", _name_of(item))
    if output and made is not None:
        settings.set("outputCollection", output)
        settings.set("outputElement", f"={_name_of(made)}")
    _told(report, node, "de lijst", reference or output, f"={reference or output}")


def _name_of(item: Node) -> str:
    """The variable of an item: its name, or its id where the name is a title."""
    name = item.get("name") or ""
    return name if name.isidentifier() else item.get("id") or name


def _transaction(node: Node, report: Reporter) -> None:
    """A transaction that nothing cancels is a sub-process."""
    scope = node.getparent()
    cancels = f"{{{BPMN}}}cancelEventDefinition"
    if scope is None or next(node.iter(cancels), None) is not None:
        return
    for border in children(scope, "boundaryEvent"):
        cancelled = child(border, "cancelEventDefinition") is not None
        if cancelled and local_id(border.get("attachedToRef")) == node.get("id"):
            return
    node.tag = f"{{{BPMN}}}subProcess"
    _told(report, node, "de transactie", "transaction", "subProcess")


def _complex(node: Node, report: Reporter) -> None:
    """A complex gateway that only divides asks each of its flows, as an inclusive one does."""
    scope = node.getparent()
    if scope is None or child(node, "activationCondition") is not None:
        return
    flows, own = list(children(scope, "sequenceFlow")), node.get("id")
    coming = sum(local_id(flow.get("targetRef")) == own for flow in flows)
    going = sum(local_id(flow.get("sourceRef")) == own for flow in flows)
    if coming != 1 or going < 2:
        return
    node.tag = f"{{{BPMN}}}inclusiveGateway"
    _told(report, node, "de gateway", "complexGateway", "inclusiveGateway")


def _called(node: Node, report: Reporter) -> None:
    text = (node.get("calledElement") or "").strip()
    inner = reading.unwrapped(text)
    made = None if inner is None else reading.value(inner)
    if made is not None:
        del node.attrib["calledElement"]
        extension(node, "calledElement").set("processId", f"={made}")
        _told(report, node, "het aangeroepen proces", text, f"={made}")
    elif text and ":" in text:
        node.set("calledElement", local_id(text))
