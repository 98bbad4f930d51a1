"""What can go wrong when a decision file is read or asked for an answer.

A FEEL error inside a decision is not raised: by FEEL's own rule the value becomes null, and the
:class:`~engine.decisions.explanation.Explanation` says why.
"""

from __future__ import annotations

from engine.errors import KetenspoorError


class DecisionError(KetenspoorError):
    """Base of every error of this room. Messages are Dutch: process owners read them."""

    code = "decision"

    def __init__(
        self, message: str, remedy: str = "", *, element_id: str = "", line: int | None = None
    ) -> None:
        super().__init__(message, remedy, element_id=element_id, line=line)
        self.element_id = element_id
        self.line = line


class XmlRefused(DecisionError):
    """The file is unsafe (document type, entity) or too large; it was not parsed further."""

    code = "decision-xml-refused"


class XmlMalformed(DecisionError):
    """The file is not well-formed XML."""

    code = "decision-xml-malformed"


class NotDmn(DecisionError):
    """The file is XML, but not a DMN 1.3, 1.4 or 1.5 model."""

    code = "decision-not-dmn"


class ModelInvalid(DecisionError):
    """The model contradicts itself: an id used twice, a reference to nothing, a circle."""

    code = "decision-model-invalid"


class UnknownDecision(DecisionError):
    """No decision or decision service has this name or id."""

    code = "decision-unknown"


class InputRefused(DecisionError):
    """An input value is of a Python type that FEEL does not know."""

    code = "decision-input-refused"


class TooMuchWork(DecisionError):
    """An evaluation goes beyond its bounds: endless calls, or a loop over very long lists."""

    code = "decision-too-much-work"
