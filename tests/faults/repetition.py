"""Faults of repetition: over what, how often, until when, and what comes of it."""

from __future__ import annotations

from tests.faults.planting import Node, add, b, extension, fault, me, scope_of

EACH = "multiInstanceLoopCharacteristics"


def _each_of(name: str, collection: str) -> None:
    @fault(name, EACH)
    def _(node: Node) -> set[str] | None:
        settings = extension(node, "loopCharacteristics")
        if settings is None:
            return None
        settings.set("inputCollection", collection)
        return me(scope_of(node))


_each_of("each of something that is no FEEL", "=[1, 2")
_each_of("each of a number", "=5")


def _lacking(name: str, attribute: str) -> None:
    @fault(name, EACH)
    def _(node: Node) -> set[str] | None:
        settings = extension(node, "loopCharacteristics")
        if settings is None or settings.attrib.pop(attribute, None) is None:
            return None
        return me(scope_of(node))


_lacking("each of nothing", "inputCollection")
_lacking("results collected from nothing", "outputElement")


def _completion(name: str, text: str) -> None:
    @fault(name, EACH)
    def _(node: Node) -> set[str] | None:
        condition = node.find(b("completionCondition"))
        if condition is None:
            return None
        condition.text = text
        return me(scope_of(node))


_completion("a completion condition that is no FEEL", "=aantal >= ")
_completion("a completion condition that is no condition", "=3")


def _loop(name: str, **settings: str) -> None:
    @fault(name, "manualTask", "task", "userTask")
    def _(node: Node) -> set[str] | None:
        if node.find(b(EACH)) is not None:
            return None
        add(node, "standardLoopCharacteristics", **settings)
        return me(node)


_loop("a loop without an end")
_loop("a highest number that is no number", loopMaximum="drie")
