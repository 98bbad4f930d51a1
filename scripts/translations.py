"""Keeps the English texts of the screens complete. Dutch is what templates and code say themselves.

python -m scripts.translations update    take new texts into the catalogues, drop those gone
python -m scripts.translations check     say what lacks a translation; exit status 1 if any does
python -m scripts.translations compile   make the files that the running product reads
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEBUI = Path(__file__).resolve().parent.parent / "webui"
CATALOGUES = WEBUI / "translations"
LANGUAGES = ("en",)
METHODS = [("static/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
# As the application sets up its template environment; otherwise texts would not be found again.
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


def texts() -> Catalog:
    """Every text of templates and code that is marked for translation, with where it stands."""
    found = Catalog(project="Ketenspoor", copyright_holder="Maintainers of Ketenspoor")
    for file, line, message, comments, context in extract_from_dir(
        str(WEBUI), METHODS, OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return found


def catalogue(language: str) -> Catalog:
    """The translations of one language as they are now."""
    path = _path(language, "po")
    if not path.exists():
        return Catalog(locale=language, project="Ketenspoor")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> Iterator[Message]:
    """The texts that have no translation, or one that nobody confirmed."""
    known = catalogue(language)
    for message in texts():
        if not message.id:
            continue
        found = known.get(message.id, message.context)
        strings = [] if found is None else found.string
        strings = [strings] if isinstance(strings, str) else strings
        if found is None or found.fuzzy or not strings or not all(strings):
            yield message


def update() -> int:
    """Bring the catalogues' texts up to date; write only what changed."""
    for language in LANGUAGES:
        known = catalogue(language)
        before = {(message.id, message.context) for message in known if message.id}
        known.update(texts(), no_fuzzy_matching=True)
        known.obsolete.clear()
        after = {(message.id, message.context) for message in known if message.id}
        if before != after:
            path = _path(language, "po")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, known, width=100, no_location=True, sort_output=True)
        print(f"{language}: {len(after - before)} new, {len(before - after)} gone")
    return check()


def check() -> int:
    """List what lacks a translation."""
    lacking = 0
    for language in LANGUAGES:
        for message in missing(language):
            lacking += 1
            file, line = message.locations[0]
            print(f"webui/{file}:{line}: no '{language}' for: {message.id}")
    return 1 if lacking else 0


def compile_all() -> int:
    """Write each catalogue in the form that the running product reads."""
    for language in LANGUAGES:
        source, target = _path(language, "po"), _path(language, "mo")
        if source.exists() and not _newer(target, source):
            with target.open("wb") as file:
                write_mo(file, catalogue(language))
    return 0


def _path(language: str, suffix: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / f"messages.{suffix}"


def _newer(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime


def main(arguments: list[str]) -> int:
    commands = {"update": update, "check": check, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"Choose one of: {', '.join(commands)}.", file=sys.stderr)
        return 2
    return commands[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
