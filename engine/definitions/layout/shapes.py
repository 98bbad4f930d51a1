"""Boxes and lines on a drawing, and how large each kind of element is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.definitions.reading.xml import Node, tag_of

Point = tuple[float, float]

_SIZES: Final = {
    "startEvent": (36.0, 36.0),
    "endEvent": (36.0, 36.0),
    "intermediateCatchEvent": (36.0, 36.0),
    "intermediateThrowEvent": (36.0, 36.0),
    "implicitThrowEvent": (36.0, 36.0),
    "event": (36.0, 36.0),
    "boundaryEvent": (36.0, 36.0),
    "exclusiveGateway": (50.0, 50.0),
    "parallelGateway": (50.0, 50.0),
    "inclusiveGateway": (50.0, 50.0),
    "eventBasedGateway": (50.0, 50.0),
    "complexGateway": (50.0, 50.0),
    "dataObjectReference": (36.0, 50.0),
    "dataStoreReference": (50.0, 50.0),
    "dataInput": (36.0, 50.0),
    "dataOutput": (36.0, 50.0),
    "textAnnotation": (140.0, 60.0),
}
_ACTIVITY: Final = (100.0, 80.0)


@dataclass(slots=True)
class Box:
    """A rectangle; ``x`` and ``y`` are its upper left corner."""

    width: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether it comes within ``gap`` of another box."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )


@dataclass(slots=True)
class Picture:
    """What is drawn on one plane: boxes and lines by the id of what they show.

    Attributes:
        expanded: sub-processes whose inside is drawn in their own box.
        upright: pools and lanes, drawn with their name at the left.
    """

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    expanded: set[str] = field(default_factory=set)
    upright: set[str] = field(default_factory=set)

    def bounds(self) -> Box:
        """The box around everything."""
        xs = [x for box in self.boxes.values() for x in (box.x, box.right)]
        ys = [y for box in self.boxes.values() for y in (box.y, box.bottom)]
        for line in self.lines.values():
            xs.extend(x for x, _y in line)
            ys.extend(y for _x, y in line)
        if not xs:
            return Box(0.0, 0.0)
        return Box(max(xs) - min(xs), max(ys) - min(ys), min(xs), min(ys))

    def moved(self, right: float, down: float) -> Picture:
        """Everything shifted."""
        for box in self.boxes.values():
            box.x += right
            box.y += down
        self.lines = {
            key: [(x + right, y + down) for x, y in line] for key, line in self.lines.items()
        }
        return self

    def add(self, other: Picture) -> None:
        """Take over what another picture shows."""
        self.boxes |= other.boxes
        self.lines |= other.lines
        self.expanded |= other.expanded
        self.upright |= other.upright


def size_of(node: Node) -> tuple[float, float]:
    """Width and height of an element as modellers draw it."""
    return _SIZES.get(tag_of(node), _ACTIVITY)


def connected(source: Box, target: Box) -> list[Point]:
    """A line with right angles from one box to another."""
    (sx, sy), (tx, ty) = source.middle, target.middle
    if target.x >= source.right:
        if abs(sy - ty) < 1:
            return [(source.right, sy), (target.x, ty)]
        turn = (source.right + target.x) / 2
        return [(source.right, sy), (turn, sy), (turn, ty), (target.x, ty)]
    if target.y >= source.bottom:
        if abs(sx - tx) < 1:
            return [(sx, source.bottom), (tx, target.y)]
        turn = (source.bottom + target.y) / 2
        return [(sx, source.bottom), (sx, turn), (tx, turn), (tx, target.y)]
    if target.bottom <= source.y:
        if abs(sx - tx) < 1:
            return [(sx, source.y), (tx, target.bottom)]
        turn = (source.y + target.bottom) / 2
        return [(sx, source.y), (sx, turn), (tx, turn), (tx, target.bottom)]
    under = max(source.bottom, target.bottom) + 20
    return [(sx, source.bottom), (sx, under), (tx, under), (tx, target.bottom)]
