"""What is wrong in a form, beyond its shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from engine.definitions.expressions import problems, shorten
from engine.definitions.forms.family_paths import CHOICES, PATHS, ROWS
from engine.definitions.forms.form import Form
from engine.definitions.forms.instruments import SCORE_PATHS
from engine.definitions.forms.model import (
    CHOICES_MANY,
    CHOICES_ONE,
    INPUTS,
    Field,
    outside_rows,
)
from engine.definitions.forms.patterns import safe_pattern
from engine.definitions.forms.rules import miscalled, wrong_settings
from engine.definitions.model import Finding
from engine.definitions.reporting import Place, Reporter, label
from engine.definitions.suggestions import did_you_mean

DATASETS: Final = frozenset(
    {
        "afspraakhouders",
        "alleDoelen",
        "doelen",
        "gezinsleden",
        "ketenpartners",
        "medewerkers",
        "ontvangers",
        "overlegdeelnemers",
        "overlegonderwerpen",
        "personen",
    }
)
"""Option lists that the product provides (``valuesKey``)."""

_SUBTYPES: Final = ("date", "time", "datetime")


def check_form(form: Form) -> Iterator[Finding]:
    """Every remark about a form."""
    check = _FormCheck(form)
    for found in form.fields:
        for below in found.walk():
            check.field(below)
    check.keys(form.fields, "")
    check.rows()
    yield from check.report.findings


class _FormCheck:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.report = Reporter(form.file, form.findings)

    def place(self, found: Field) -> Place:
        """Where a field stands in the file."""
        return Place(found.id or found.key, found.label or found.key, found.line)

    def field(self, found: Field) -> None:
        """The remarks about one field."""
        self._expressions(found)
        for wrong in wrong_settings(found):
            self._say(self.report.error, wrong.rule, found, wrong.message, wrong.remedy)
        if found.required and not found.reason:
            self._say(
                self.report.warning,
                "form-required-without-reason",
                found,
                "is verplicht, maar er staat niet bij waarom het gevraagd wordt.",
                "Voeg de eigenschap ‘waarom’ toe: waarvoor is het en wie gebruikt het?",
            )
        if found.type in CHOICES_ONE | CHOICES_MANY:
            self._options(found)
        if found.type == "datetime" and found.subtype not in _SUBTYPES:
            self._say(
                self.report.error,
                "form-subtype",
                found,
                f"heeft een onbekend soort datum: ‘{shorten(found.subtype)}’.",
                "Kies date, time of datetime.",
            )
        if found.type in INPUTS and not found.label:
            self._say(
                self.report.warning,
                "form-field-without-label",
                found,
                "heeft geen label; niemand weet wat er gevraagd wordt.",
                "Vul een label in.",
            )
        pattern = found.rules.get("pattern")
        if isinstance(pattern, str) and pattern and safe_pattern(pattern) is None:
            self._say(
                self.report.error,
                "form-pattern",
                found,
                f"heeft een patroon dat niet gebruikt kan worden: ‘{shorten(pattern)}’.",
                "Gebruik een eenvoudiger patroon, zonder herhaling binnen een herhaalde groep.",
            )
        if found.process_variable:
            self._process_variable(found)
        if found.dossier is not None:
            self._dossier(found)

    def _expressions(self, found: Field) -> None:
        texts = {
            "de voorwaarde om te verbergen": found.hide,
            "de berekening": found.expression,
            "de lijst met keuzes": found.options_expression,
            "de voorwaarde voor alleen-lezen": found.locked
            if isinstance(found.locked, str)
            else None,
        }
        for name in ("min", "max", "minLength", "maxLength"):
            value = found.rules.get(name)
            if isinstance(value, str) and value.strip().startswith("="):
                texts[f"de regel ‘{name}’"] = value.strip().removeprefix("=")
        for what, text in texts.items():
            for problem in problems(text) if text is not None else ():
                self._say(
                    self.report.error,
                    "feel-syntax",
                    found,
                    f"heeft een fout in {what} ‘{shorten(str(text))}’ ({problem.message}).",
                    problem.remedy,
                )
            for wrong in miscalled(text) if text is not None else ():
                self._say(self.report.error, wrong.rule, found, wrong.message, wrong.remedy)

    def _options(self, found: Field) -> None:
        if found.options_key is not None:
            if found.options_key not in DATASETS:
                self._say(
                    self.report.warning,
                    "form-unknown-dataset",
                    found,
                    f"haalt zijn keuzes uit ‘{found.options_key}’. Die lijst geeft het systeem "
                    "niet; zij moet uit een variabele komen.",
                    did_you_mean(found.options_key, DATASETS, "Kies een bestaande lijst."),
                )
            return
        if found.options_expression is not None:
            return
        if not found.options:
            self._say(
                self.report.error,
                "form-without-options",
                found,
                "heeft geen keuzes.",
                "Voeg keuzes toe, of kies een lijst (valuesKey).",
            )
        for value, count in Counter(repr(option.value) for option in found.options).items():
            if count > 1:
                self._say(
                    self.report.error,
                    "form-option-twice",
                    found,
                    f"heeft de keuze {shorten(value)} meer dan één keer.",
                    "Geef elke keuze een eigen waarde.",
                )

    def _process_variable(self, found: Field) -> None:
        if found.type in ("textarea", "dynamiclist"):
            self._say(
                self.report.error,
                "form-content-in-process",
                found,
                "is een procesvariabele, maar kan persoonlijke inhoud bevatten. Die hoort alleen "
                "in het gezinsdossier.",
                "Haal ‘procesvariabele’ weg, of vraag het met een keuze, getal of datum.",
            )
        elif found.type == "textfield":
            self._say(
                self.report.warning,
                "form-text-in-process",
                found,
                "is een procesvariabele met vrije tekst.",
                "Gebruik liever een keuze, getal of datum; vrije tekst hoort in het dossier.",
            )

    def _dossier(self, found: Field) -> None:
        path = found.dossier or ""
        if path not in PATHS:
            self._say(
                self.report.error,
                "form-unknown-dossier-path",
                found,
                f"schrijft naar ‘{path}’, maar zo’n plek heeft het gezinsdossier niet.",
                did_you_mean(path, PATHS, "Kies een bestaande plek."),
            )
        elif (path in ROWS) != (found.type == "dynamiclist"):
            self._say(
                self.report.error,
                "form-dossier-shape",
                found,
                f"past niet bij ‘{path}’ in het gezinsdossier.",
                "Gebruik een lijst met rijen (dynamiclist)."
                if path in ROWS
                else "Gebruik een gewoon veld, geen lijst met rijen.",
            )
        elif path in CHOICES:
            wrong = [str(o.value) for o in found.options if str(o.value) not in CHOICES[path]]
            if wrong:
                self._say(
                    self.report.error,
                    "form-dossier-choice",
                    found,
                    f"heeft keuzes die ‘{path}’ niet kent: {', '.join(wrong)}.",
                    f"Gebruik: {', '.join(CHOICES[path])}.",
                )
        elif path in SCORE_PATHS:
            scale = SCORE_PATHS[path]
            off = [str(o.value) for o in found.options if not scale.admits(o.value)]
            if off:
                self._say(
                    self.report.error,
                    "form-dossier-scale",
                    found,
                    f"heeft keuzes die niet op de schaal van ‘{path}’ staan: {', '.join(off)}.",
                    f"De schaal loopt van {scale.lowest} tot en met {scale.highest}, met stappen "
                    f"van {scale.step}.",
                )
        elif path in ROWS:
            keys = {below.key for below in found.walk()} - {found.key}
            unknown = sorted(key for key in keys if key not in ROWS[path] and key)
            if not keys & set(ROWS[path]):
                self._say(
                    self.report.error,
                    "form-dossier-rows",
                    found,
                    f"heeft geen enkel veld dat ‘{path}’ kent.",
                    f"Gebruik de sleutels: {', '.join(ROWS[path])}.",
                )
            elif unknown:
                self._say(
                    self.report.warning,
                    "form-dossier-rows",
                    found,
                    f"heeft velden die ‘{path}’ niet kent: {', '.join(unknown)}.",
                    f"Gebruik de sleutels: {', '.join(ROWS[path])}.",
                )

    def keys(self, fields: tuple[Field, ...], where: str) -> None:
        """Two fields may not fill the same place; each list's rows are a place of their own."""
        seen: dict[tuple[str, ...], Field] = {}
        for path, found in _places(fields, ()):
            if path in seen:
                self._say(
                    self.report.error,
                    "form-duplicate-key",
                    found,
                    f"heeft dezelfde sleutel als een ander veld: ‘{'.'.join(path)}’{where}.",
                    "Geef een van de twee een andere sleutel.",
                )
            seen.setdefault(path, found)
            if found.type == "dynamiclist":
                self.keys(found.children, f" in ‘{found.key}’")
        ids = Counter(below.id for top in fields for below in top.walk() if below.id)
        for below in (inner for top in fields for inner in top.walk()):
            if not where and ids[below.id] > 1:
                self._say(
                    self.report.error,
                    "form-duplicate-id",
                    below,
                    f"heeft een id die vaker voorkomt: ‘{below.id}’.",
                    "Geef elk veld een eigen id.",
                )

    def rows(self) -> None:
        """Marks inside rows that would have no effect."""
        outside = set(map(id, outside_rows(self.form.fields)))
        for top in self.form.fields:
            for found in top.walk():
                if id(found) not in outside and (found.process_variable or found.dossier):
                    self._say(
                        self.report.error,
                        "form-mark-in-row",
                        found,
                        "staat in een rij en kan daar geen procesvariabele of eigen plek in het "
                        "dossier hebben.",
                        "Zet ‘dossier’ op de lijst zelf.",
                    )

    def _say(
        self,
        say: Callable[[str, Place, str, str], None],
        rule: str,
        found: Field,
        message: str,
        remedy: str,
    ) -> None:
        place = self.place(found)
        say(rule, place, f"Veld {label(place)} {message}", remedy)


def _places(
    fields: tuple[Field, ...], before: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Field]]:
    for found in fields:
        if found.type == "group":
            yield from _places(found.children, before + found.path)
        elif found.path and found.type in INPUTS | {"expression", "dynamiclist"}:
            yield before + found.path, found
