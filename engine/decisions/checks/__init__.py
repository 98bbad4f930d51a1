"""Checks of a decision model before it is published; see :mod:`engine.decisions.checking`."""
