"""What can go wrong with a FEEL text: one base class, stable codes, a position and a mend."""

from __future__ import annotations

from engine.errors import KetenspoorError


class FeelError(KetenspoorError):
    """A FEEL text or value cannot be used.

    ``position`` is a 0-based offset in the text; ``line`` and ``column`` count from 1.
    ``expected`` says what could have stood there, ``remedy`` how to write it instead.
    """

    code = "feel.error"

    def __init__(
        self,
        message: str,
        *,
        text: str = "",
        position: int = 0,
        expected: str = "",
        remedy: str = "",
        code: str | None = None,
    ) -> None:
        before = text[:position]
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.expected = expected
        super().__init__(message, remedy, position=position, line=self.line, column=self.column)
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        parts = [f"{self.message} (regel {self.line}, teken {self.column})"]
        if self.expected:
            parts.append(f"verwacht: {self.expected}")
        if self.remedy:
            parts.append(self.remedy)
        return "; ".join(parts)


class FeelSyntaxError(FeelError):
    """The text is not FEEL."""

    code = "feel.syntax"


class FeelLimitError(FeelError):
    """The text or its evaluation is larger than the bounds in ``engine.feel.limits``."""

    code = "feel.limit"


class FeelValueError(FeelError):
    """A value from outside is of a kind that FEEL does not know."""

    code = "feel.value"


class NullReason(Exception):
    """FEEL's answer is null; the text says why. Caught where the operation was written."""

    def __init__(self, message: str, code: str = "feel.null") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
