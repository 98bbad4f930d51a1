"""Pieces of FEEL that are made of an expression in another language, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.dialects.languages import Language, truth


class Outside(Exception):
    """The text is outside the grammar."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of FEEL.

    Attributes:
        bare: it is a bare name, whose truth has to be asked for.
        language: what it was written in.
        rest: it is what a division leaves, and this is that with the sign of another language.
        plain: it is a number or a text, so neither true nor false.
        text: it is a text for certain.
        worked_out: it is nothing where its parts are no numbers; elsewhere that is a fault.
        picked: it may be one of its pieces instead of true or false, where it is kept as a value.
    """

    feel: str
    bare: bool = False
    language: Language = Language.OTHER
    rest: str = ""
    plain: bool = False
    text: bool = False
    worked_out: bool = False
    picked: bool = False

    @property
    def as_truth(self) -> str:
        """The piece where true or false is asked: nothing at all counts as false."""
        return truth(self.feel, self.language) if self.bare else self.feel

    @property
    def settled(self) -> Part:
        """The piece as it is in its own language, where the sign of a rest matters."""
        return Part(self.rest, plain=True) if self.rest else self

    def same(self, other: Part, sign: str) -> str:
        """Whether it is, or is not, the same; no answer where one of them cannot be worked out."""
        asked = f"{self.feel} {sign} {other.feel}"
        doubtful = [f"{part.feel} = null" for part in (self, other) if part.worked_out]
        return f"(if {' or '.join(doubtful)} then null else {asked})" if doubtful else f"({asked})"
