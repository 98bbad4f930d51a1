"""``pakket.toml``: the package's key, names, roles and entry points."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.definitions.reporting import Place, Reporter
from engine.definitions.suggestions import did_you_mean

FILE: Final = "pakket.toml"
SYSTEM_ROLES: Final = (
    "worker",
    "project_leader",
    "coordinator",
    "process_owner",
    "administrator",
    "partner",
)
PUBLIC: Final = "openbaar"
_WORDS: Final = frozenset(
    {"gedeeld", "hoofdproces", "ingangen", "levende_tabellen", "naam", "naast", "rollen", "sleutel"}
)
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the method and the system role that may fill it."""

    key: str
    names: Mapping[str, str]
    function: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into the trajectory: a message start event and the form that feeds it.

    ``by`` lists the system roles that may use it on the screens, or ``openbaar``.
    """

    key: str
    message: str
    form_id: str | None
    names: Mapping[str, str]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside(Entry):
    """A process that people start beside a trajectory, also one that is closed, by a message.

    ``urgent``: about somebody's safety, so that screens offer it everywhere.
    """

    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``pakket.toml`` says. ``names`` is by language (``nl``, ``en``).

    ``shared``: it is there to be called by other packages and takes in no referrals.
    ``live_tables``: decision tables whose numbers may be changed for what runs, too.
    """

    key: str
    names: Mapping[str, str]
    main_process: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    beside: Mapping[str, Beside] = field(default_factory=dict)
    shared: bool = False
    live_tables: tuple[str, ...] = ()


def read_manifest(content: bytes, report: Reporter) -> Manifest:
    """Read the manifest; what is wrong goes to ``report``, the rest is read all the same."""
    try:
        text = content.decode("utf-8-sig")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        report.error(
            "manifest-unreadable",
            Place(FILE),
            f"{FILE} kan niet gelezen worden: {error}.",
            "Controleer aanhalingstekens en haken; kijk naar het voorbeeld in de handleiding.",
        )
        return Manifest("", {})
    return _Reading(text, data, report).manifest()


class _Reading:
    def __init__(self, text: str, data: dict[str, object], report: Reporter) -> None:
        self._lines = text.splitlines()
        self._data = data
        self._report = report

    def manifest(self) -> Manifest:
        for word in sorted(self._data.keys() - _WORDS):
            self._error(
                "manifest-word",
                word,
                f"In {FILE} staat ‘{word[:60]}’, maar dat is er geen onderdeel van.",
                did_you_mean(word, _WORDS, "Haal het weg."),
            )
        key = self._data.get("sleutel")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self._error(
                "manifest-key",
                "sleutel",
                f"{FILE} heeft geen goede ‘sleutel’.",
                'Schrijf bijvoorbeeld: sleutel = "tussen-in" (kleine letters, cijfers, streepjes).',
            )
            key = ""
        names = self._names(self._data.get("naam"), "naam", "het pakket")
        main = self._data.get("hoofdproces")
        return Manifest(
            key=key,
            names=names or {"nl": key},
            main_process=main if isinstance(main, str) and main else None,
            roles={role.key: role for role in self._roles()},
            entries={entry.key: entry for entry in self._entries()},
            beside={start.key: start for start in self._beside()},
            shared=self._shared(),
            live_tables=self._live_tables(),
        )

    def _live_tables(self) -> tuple[str, ...]:
        given = self._data.get("levende_tabellen", [])
        if isinstance(given, list) and all(isinstance(one, str) and one for one in given):
            return tuple(given)
        self._error(
            "manifest-live-tables",
            "levende_tabellen",
            f"‘levende_tabellen’ in {FILE} is geen lijst van beslistabellen.",
            'Schrijf bijvoorbeeld: levende_tabellen = ["tijden", "termijnen"].',
        )
        return ()

    def _shared(self) -> bool:
        shared = self._data.get("gedeeld", False)
        if not isinstance(shared, bool):
            self._error(
                "manifest-shared",
                "gedeeld",
                f"‘gedeeld’ in {FILE} is niet waar of onwaar.",
                "Schrijf: gedeeld = true (zonder aanhalingstekens), of laat het weg.",
            )
            return False
        if shared and self._data.get("ingangen"):
            self._error(
                "shared-with-entries",
                "ingangen",
                "Een gedeeld pakket neemt zelf geen aanmeldingen aan.",
                "Haal de ingangen weg, of haal ‘gedeeld’ weg.",
            )
        if not shared and self._data.get("naast"):
            self._error(
                "beside-not-shared",
                "naast",
                "Alleen een gedeeld pakket heeft processen die naast een traject beginnen.",
                "Zet gedeeld = true in het pakket, of haal ‘naast’ weg.",
            )
        return shared

    def _roles(self) -> list[Role]:
        found = []
        for key, table in self._tables("rollen"):
            where = f"rollen.{key}"
            function = table.get("functie")
            if not isinstance(function, str) or function not in SYSTEM_ROLES:
                self._error(
                    "role-function",
                    where,
                    f"Rol ‘{key}’ heeft geen bekende functie in het systeem.",
                    f"Kies bij ‘functie’ een van: {', '.join(SYSTEM_ROLES)}.",
                )
                function = "worker"
            names = self._names(table.get("naam"), where, f"rol ‘{key}’")
            found.append(Role(key, names or {"nl": key}, function))
        return found

    def _entries(self) -> list[Entry]:
        found = []
        for key, table in self._tables("ingangen"):
            where, what = f"ingangen.{key}", f"ingang ‘{key}’"
            found.append(
                Entry(
                    key=key,
                    message=self._message(table.get("bericht"), where, what),
                    form_id=_filled(table.get("formulier")),
                    names=self._names(table.get("naam"), where, what) or {"nl": key},
                    by=self._by(table.get("door"), where, what, (*SYSTEM_ROLES, PUBLIC)),
                )
            )
        return found

    def _beside(self) -> list[Beside]:
        found = []
        for key, table in self._tables("naast"):
            where, what = f"naast.{key}", f"start ‘{key}’"
            urgent = table.get("nadruk", False)
            if not isinstance(urgent, bool):
                self._error(
                    "beside-urgent",
                    where,
                    f"‘nadruk’ bij start ‘{key}’ is niet waar of onwaar.",
                    "Schrijf: nadruk = true (zonder aanhalingstekens), of laat het weg.",
                )
            by = self._by(table.get("door"), where, what, SYSTEM_ROLES)
            if not by:
                self._error(
                    "beside-by-nobody",
                    where,
                    f"Niemand mag start ‘{key}’ gebruiken: ‘door’ ontbreekt.",
                    'Noem functies, bijvoorbeeld: door = ["worker", "project_leader"].',
                )
            found.append(
                Beside(
                    key=key,
                    message=self._message(table.get("bericht"), where, what),
                    form_id=_filled(table.get("formulier")),
                    names=self._names(table.get("naam"), where, what) or {"nl": key},
                    by=by,
                    urgent=urgent is True,
                )
            )
        return found

    def _message(self, value: object, where: str, what: str) -> str:
        message = _filled(value)
        if message is None:
            self._error(
                "entry-without-message",
                where,
                f"{what.capitalize()} heeft geen ‘bericht’.",
                "Vul de naam in van het bericht van de start-gebeurtenis.",
            )
        return message or ""

    def _by(self, value: object, where: str, what: str, known: tuple[str, ...]) -> tuple[str, ...]:
        given = value if isinstance(value, list) else [value] if value is not None else []
        named = [name for name in given if name in known]
        if len(named) != len(given):
            self._error(
                "entry-by",
                where,
                f"{what.capitalize()} noemt bij ‘door’ iemand die het systeem niet kent.",
                f"Kies uit: {', '.join(known)}.",
            )
        return tuple(named)

    def _tables(self, name: str) -> list[tuple[str, Mapping[str, object]]]:
        table = self._data.get(name, {})
        if isinstance(table, dict) and all(isinstance(value, dict) for value in table.values()):
            return list(table.items())
        self._error(
            "manifest-unreadable",
            name,
            f"‘{name}’ in {FILE} is niet goed geschreven.",
            f"Schrijf elk onderdeel als een eigen kopje, bijvoorbeeld [{name}.voorbeeld].",
        )
        return []

    def _names(self, value: object, where: str, what: str) -> dict[str, str]:
        if isinstance(value, str) and value:
            return {"nl": value}
        names = (
            {key: text for key, text in value.items() if isinstance(text, str) and text}
            if isinstance(value, dict)
            else {}
        )
        missing = [language for language in ("nl", "en") if language not in names]
        if missing:
            self._report.warning(
                "manifest-name",
                self._place(where),
                f"In {FILE} heeft {what} geen naam in: {', '.join(missing)}.",
                'Schrijf bijvoorbeeld: naam = {nl = "Vertrouwenspersoon", en = "Trusted worker"}.',
            )
        return names

    def _error(self, rule: str, where: str, message: str, remedy: str) -> None:
        self._report.error(rule, self._place(where), message, remedy)

    def _place(self, where: str) -> Place:
        for number, line in enumerate(self._lines, 1):
            if line.strip().startswith((f"[{where}]", f"{where} ", f"{where}=")):
                return Place(where, line=number)
        return Place(where)


def _filled(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
