"""Bounds on forms and on what is submitted with them."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 1024 * 1024
"""Largest form file."""

MAX_DEPTH: Final = 20
"""Deepest nesting of groups and lists in a form."""

MAX_COMPONENTS: Final = 1000

MAX_ROWS: Final = 200
"""Most rows of a dynamic list."""

MAX_CHOICES: Final = 500
"""Most values that one checklist may hold."""

DEFAULT_MAX_LENGTH: Final = {"textfield": 4_000, "textarea": 10_000}
"""Longest text, in characters, of a field whose schema says nothing."""

MAX_NUMBER: Final = 10**15
"""Largest size of a number, either side of zero."""

MAX_DECIMALS: Final = 12

MAX_PATTERN: Final = 300
"""Longest regular expression."""

PATTERN_TEXT: Final = 1_000
"""Longest text that a regular expression is tried on."""
