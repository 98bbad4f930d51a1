"""Texts as people look for them: whatever their accents and capitals."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text without accents and capitals."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()
