"""The demonstration region: invented organisations, people and families, played up to today."""

from engine.simulation.demonstration.filling import Demonstration, Progress

__all__ = ["Demonstration", "Progress"]
