"""A drawing for diagrams that have none, or only a part: from left to right, in layers.

A tree without any drawing is laid out whole. Where some elements are drawn, those stay as they are
and the missing ones come beside their neighbours.
"""

from engine.definitions.layout.completing import Drawn, draw_missing

__all__ = ["Drawn", "draw_missing"]
