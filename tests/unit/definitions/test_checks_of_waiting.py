"""What the check says about waiting for messages: who sends them, until when."""

from __future__ import annotations

from engine.definitions.checks import check_package
from tests.unit.definitions.diagrams import (
    check,
    extended,
    line,
    package,
    rules,
)

WAITS = (
    '<bpmn:intermediateCatchEvent id="a"><bpmn:messageEventDefinition messageRef="m" />'
    "</bpmn:intermediateCatchEvent>"
)


def waiting(*, name: str = "antwoord", beside: str = "") -> set[tuple[str, str]]:
    roots = f'<bpmn:message id="m" name="{name}">' + extended(
        '<zeebe:subscription correlationKey="=trajectId" />'
    )
    ids = "a b" if beside else "a"
    xml = line(WAITS, beside, ids=ids).replace(
        b"</bpmn:definitions>", f"{roots}</bpmn:message></bpmn:definitions>".encode()
    )
    return rules(check_package(package({"p.bpmn": xml})), "warning")


def test_a_message_that_nobody_sends_is_told_unless_the_screens_or_the_package_send_it() -> None:
    assert ("message-nobody-sends", "a") in waiting()
    assert ("message-nobody-sends", "a") not in waiting(name="terugvalsignaal")
    sends = '<bpmn:sendTask id="b" messageRef="m" />'
    assert ("message-nobody-sends", "a") not in waiting(beside=sends)


def test_a_wait_without_a_deadline_or_a_person_is_told() -> None:
    assert ("wait-without-deadline", "a") in waiting()
    assert ("wait-without-deadline", "a") not in waiting(beside='<bpmn:userTask id="b" />')
    timer = (
        '<bpmn:intermediateCatchEvent id="b"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    assert ("wait-without-deadline", "a") not in waiting(beside=timer)


def test_a_wait_for_a_message_without_a_key_is_refused_in_a_package_only() -> None:
    xml = line(WAITS, ids="a").replace(
        b"</bpmn:definitions>", b'<bpmn:message id="m" name="x" /></bpmn:definitions>'
    )
    assert ("correlation-missing", "a") in rules(check(xml), "warning")
    assert ("correlation-missing", "a") in rules(check_package(package({"p.bpmn": xml})))
