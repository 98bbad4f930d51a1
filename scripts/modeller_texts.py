"""Lists the texts of the vendored modellers, and which of them have no Dutch yet.

python -m scripts.modeller_texts             what is missing in, and left over in, our dictionaries
python -m scripts.modeller_texts --all       every text that was found, a modeller at a time

Run it after an upgrade of a bundle. The bundles are minified: the texts are found by how they are
written down (arguments of the translate service, labels of menus), not by running them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "webui" / "static"
VENDOR = STATIC / "vendor"
DUTCH = STATIC / "app" / "studio" / "dutch"

TRANSLATE = (
    r"(?:[\w$]+\._?translate|[\w$]+\(\"translate\"(?:,!1)?\)|[\w$.]+\.get\(\"translate\"(?:,!1)?\))"
)
ALIAS = re.compile(rf"(?<![\w$.])([\w$]+)={TRANSLATE}(?![\w$(])|translate:([\w$]+)[,}}]")
DIRECT = re.compile(r"(?:\._?translate\)?|\.get\(\"translate\"\)|\w+\(\"translate\"\))\(")
PASSED = re.compile(r"(?<![\w$.])[a-zA-Z_$]{1,2}\(\"((?:[A-Z<{]|List )[^\"\\]*[ >.][^\"\\]*)\"[,)]")
IN_MENUS = (
    re.compile(r"label:\"([^\"]+)\",(?:actionName|className|fill|title):?"),
    re.compile(r"name:\"([^\"]+)\",className:\"bpmn-icon"),
    re.compile(r"label:\"([^\"]+)\",value:\{hitPolicy"),
    re.compile(r"explanation:\"([^\"]+)\""),
    re.compile(r"title:\"(Open [^\"]+|Remove item|Learn [^\"]+|Select a template)\""),
    re.compile(r"[\w\"-]+:\"([A-Z][a-z-]+(?: [\w,;:-]+){2,})\"(?=[,}])(?!,type)"),
)
INJECTED = re.compile(r"([\w$]+)\.\$inject=\[([^\]]*)\]")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
NOT_SHOWN = re.compile(
    r"inferno|compartment|minified|schema|^Object that |^(List|Key|Name|Label|Hint|Type|Value|"
    r"Default|Display|Template|Headers|Source|Marks|Identifies|Indicates|Optional|Reference|Checks|Define[sd]?|"
    r"Group|Placeholder|Specif|String|Uniquely|Unique|URL|Some|Custom error message to)\b.*\.$|"
    r"^The .*(binding|control field|control|representation|group|expression|property|listener|"
    r"object)|"
    r"zeebe:|bpmn:|^<img>|\w\.\w|\$\{|^\{\w+\} \{\w+\}$|circular dependency|^Align elements $|"
    r"^Must be conforming|custom language editor|^Value is deprecated",
    re.IGNORECASE,
)
"""What the patterns find and no screen shows: a JSON schema, messages of libraries."""

IN_FORMS = re.compile(
    r"""\b(?:label|children|title|placeholder|description|tooltip|text|TOOLTIP_TEXT|closeButtonTooltip)"""
    r"""(?::| =) (["'])((?:(?!\1)[^\\\n]|\\.)*)\1"""
)
IN_FORM_CHECKS = re.compile(r"""(?:return|\?|:) (['"])((?:[A-Z][a-z]+ )[^'"\n]*)\1""")
FORM_FIELDS = re.compile(r"\bname: (['\"])([^'\"]+)\1,\s+group:")
FORM_EDITOR = "function PaletteEntry("
"""From here on the bundle is the editor; before it stand the fields and the libraries."""


@dataclass(frozen=True, slots=True)
class Modeller:
    """A bundle and the dictionary that belongs to it."""

    name: str
    bundle: str
    minified: bool = True
    computed: frozenset[str] = frozenset()
    """Keys that stand nowhere in the bundle: it makes them of kinds of elements, or numbers."""

    def source(self) -> str:
        """The bundle's text."""
        return next(VENDOR.glob(self.bundle)).read_text(encoding="utf-8")

    def dictionary(self) -> Path:
        """The file that holds our dictionary."""
        return DUTCH / f"{self.name}.js"

    def dutch(self) -> dict[str, str]:
        """Our dictionary: from the bundle's text to Dutch."""
        text = self.dictionary().read_text(encoding="utf-8")
        found: dict[str, str] = json.loads(text[text.index("{") : text.rindex("}") + 1])
        return found

    def texts(self) -> list[str]:
        """The texts that the bundle shows, in its order."""
        source = self.source()
        found = _minified(source) if self.minified else _of_forms(source)
        return list(dict.fromkeys(text for text in found if _is_shown(text)))

    def missing(self) -> list[str]:
        """Texts of the bundle without Dutch."""
        known = self.dutch()
        return [text for text in self.texts() if text not in known]

    def unknown(self) -> list[str]:
        """Keys of the dictionary that the bundle does not have (any more)."""
        source = self.source().replace("\\'", "'")
        return [key for key in self.dutch() if key not in self.computed and key not in source]


def _is_shown(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2}", text)) and not NOT_SHOWN.search(text)


def _minified(source: str) -> Iterator[str]:
    for match in DIRECT.finditer(source):
        yield from _literals(_argument(source, match.end()))
    for name, start in _aliases(source):
        body = source[start : _end_of_block(source, start)]
        for call in re.finditer(rf"(?<![\w$.]){re.escape(name)}\(", body):
            yield from _literals(_argument(body, call.end()))
    for pattern in (PASSED, *IN_MENUS):
        yield from pattern.findall(source)


def _aliases(source: str) -> Iterator[tuple[str, int]]:
    """Names that stand for the translate service, each with where its scope begins."""
    for match in ALIAS.finditer(source):
        yield match[1] or match[2], match.end()
    for match in INJECTED.finditer(source):
        services = [one.strip('"') for one in match[2].split(",")]
        if "translate" not in services:
            continue
        at = services.index("translate")
        for function in re.finditer(rf"function {re.escape(match[1])}\(([^)]*)\)\{{", source):
            names = function[1].split(",")
            if len(names) > at:
                yield names[at], function.end()


def _argument(source: str, start: int) -> str:
    """The first argument of a call whose parenthesis ends before ``start``."""
    return source[start : _walk(source, start, stop_at_comma=True)]


def _end_of_block(source: str, start: int) -> int:
    return _walk(source, start, stop_at_comma=False)


def _walk(source: str, at: int, *, stop_at_comma: bool) -> int:
    """Where the bracket closes that ``at`` stands in; texts are skipped."""
    depth = 0
    while at < len(source):
        sign = source[at]
        if sign in "\"'`":
            at += 1
            while at < len(source) and source[at] != sign:
                at += 2 if source[at] == "\\" else 1
        elif sign in "{[(":
            depth += 1
        elif sign in "}])":
            depth -= 1
            if depth < 0:
                return at
        elif sign == "," and stop_at_comma and depth == 0:
            return at
        at += 1
    return at


def _literals(argument: str) -> Iterator[str]:
    """The text of an argument, or the texts that it chooses from."""
    chosen = re.sub(r'[=!]==?"[^"]*"|"[^"]*"[=!]==?', "", argument.strip())
    if chosen.startswith('"') or re.search(r'[?:]"', chosen):
        for text in LITERAL.findall(chosen):
            yield json.loads(f'"{text}"') if "\\u" in text else text


def _of_forms(source: str) -> Iterator[str]:
    """form-js has no translate service: what its editor writes on the screen."""
    for pattern in (FORM_FIELDS, IN_FORMS, IN_FORM_CHECKS):
        begin = 0 if pattern is FORM_FIELDS else source.index(FORM_EDITOR)
        for match in pattern.finditer(source, begin):
            yield match[2].replace("\\'", "'")


_SIDES = ("left", "center", "right", "top", "middle", "bottom")
_LISTENERS = ("Start", "End", "Cancel", "Before all", "Before each", "After each")
_KINDS = (
    "Collapsed sub process", "Expanded sub process", "Event sub process",
    "Collapsed ad hoc sub process", "Expanded ad hoc sub process", "Event based gateway",
    "Text annotation", "Message flow",
    "Compensate intermediate throw event", "Compensate boundary event", "Compensate end event",
)  # fmt: skip
_SWITCH = frozenset(
    f"Click to {what} dynamic value with FEEL expression" for what in ("remove", "set a")
)
_DATES = frozenset(("dd-mm-yyyy", "mm/dd/yyyy", "dd/mm/yyyy"))
MODELLERS = (
    Modeller(
        "diagram",
        "camunda-bpmn-js-*/*.min.js",
        computed=_SWITCH.union(
            _KINDS,
            (f"Align elements {side}" for side in _SIDES),
            (f"{when}: {{type}}" for when in _LISTENERS),
            ("List contains {numOfItems} items",),
        ),
    ),
    Modeller("table", "dmn-js-*/*.min.js", computed=frozenset({"Move Input", "Move Output"})),
    Modeller("form", "form-js-*/form-editor.umd.js", minified=False, computed=_SWITCH | _DATES),
)


def main(arguments: list[str]) -> int:
    """Print the lists; 1 when something is missing or left over."""
    wrong = 0
    for modeller in MODELLERS:
        print(f"# {modeller.name}")
        if "--all" in arguments:
            print("\n".join(modeller.texts()))
            continue
        missing, unknown = modeller.missing(), modeller.unknown()
        wrong += len(missing) + len(unknown)
        for text in missing:
            print(f"no Dutch: {text!r}")
        for text in unknown:
            print(f"not in the bundle: {text!r}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
