"""Which characters a part of a pattern stands for: escapes, categories, blocks, ranges."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

CharTest = Callable[[str], bool]

BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Syriac": (0x0700, 0x074F),
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Gurmukhi": (0x0A00, 0x0A7F),
    "Tamil": (0x0B80, 0x0BFF),
    "Thai": (0x0E00, 0x0E7F),
    "Tibetan": (0x0F00, 0x0FFF),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "Ethiopic": (0x1200, 0x137F),
    "Cherokee": (0x13A0, 0x13FF),
    "Khmer": (0x1780, 0x17FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "MiscellaneousTechnical": (0x2300, 0x23FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
"""Unicode blocks by the name that ``\\p{Is...}`` uses."""

CATEGORIES = frozenset(
    {
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"),
        *("P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"),
        *("S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"),
    }
)


def variants(char: str) -> set[str]:
    """A character in all its cases."""
    lower, upper = char.lower(), char.upper()
    found = {char, lower, upper, lower.upper(), upper.lower(), char.casefold()}
    return {form for form in found if len(form) == 1}


def in_range(low: str, high: str, *, any_case: bool) -> CharTest:
    """A test for a range of characters, or for one if both ends are the same."""
    if not any_case:
        return lambda char: low <= char <= high
    return lambda char: any(low <= form <= high for form in variants(char))


def category(name: str) -> CharTest | None:
    """A test for a general category or ``Is`` and a block; None for an unknown name."""
    if name in CATEGORIES:
        return lambda char: unicodedata.category(char).startswith(name)
    block = BLOCKS.get(name[2:]) if name.startswith("Is") else None
    if block is None:
        return None
    return lambda char: block[0] <= ord(char) <= block[1]


def inverse(test: CharTest) -> CharTest:
    """A test for all other characters."""
    return lambda char: not test(char)


def either(tests: list[CharTest]) -> CharTest:
    """A test that one of several holds."""
    if len(tests) == 1:
        return tests[0]
    return lambda char: any(test(char) for test in tests)


def but_not(test: CharTest, without: CharTest) -> CharTest:
    """A test with exceptions."""
    return lambda char: test(char) and not without(char)


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


def _starts_name(char: str) -> bool:
    return char in "_:" or unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nl")


def _in_name(char: str) -> bool:
    return char in ".-\u00b7_:" or unicodedata.category(char)[0] in "LNM"


def _is_space(char: str) -> bool:
    return char in " \t\n\r"


def _is_digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


CLASSES: dict[str, CharTest] = {
    "s": _is_space,
    "d": _is_digit,
    "w": _is_word,
    "i": _starts_name,
    "c": _in_name,
}
CLASSES |= {letter.upper(): inverse(test) for letter, test in CLASSES.items()}
