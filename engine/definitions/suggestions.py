"""Remedies for names that don't exist: the one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like a wrong one."""
    options = list(known)
    lowered = {option.lower(): option for option in options}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: the nearest name, else the list of what there is."""
    options = sorted(known)
    found = nearest(name, options)
    if found is not None:
        return f"Bedoelde u ‘{found}’?"
    if options:
        shown = ", ".join(f"‘{option}’" for option in options[:12])
        return f"{otherwise} Bekend zijn: {shown}{' …' if len(options) > 12 else ''}."
    return otherwise
