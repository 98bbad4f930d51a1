"""Loading a file together with the files that it imports."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from engine.decisions.elements import Definitions, Import
from engine.decisions.errors import DecisionError, ModelInvalid
from engine.decisions.reading import read_definitions
from engine.decisions.requirements import Unit, make_unit
from engine.decisions.xml_reading import DMN_NAMESPACES


def load_unit(xml: bytes, imports: Iterable[bytes], max_bytes: int) -> Unit:
    """The unit of a file, with the units of what it imports.

    Raises:
        ModelInvalid: a DMN import that is not among ``imports``, or imports in a circle.
    """
    by_namespace = {}
    for other in imports:
        with suppress(DecisionError):  # a broken file only matters to a model that imports it
            found = read_definitions(other, max_bytes)
            by_namespace[found.namespace] = found
    return _unit(read_definitions(xml, max_bytes), by_namespace, ())


def _unit(definitions: Definitions, known: dict[str, Definitions], path: tuple[str, ...]) -> Unit:
    imported = {}
    for wanted in definitions.imports:
        if wanted.import_type not in DMN_NAMESPACES:
            continue  # Java and PMML: a finding of the checks
        found = known.get(wanted.namespace)
        if found is None or wanted.namespace in path:
            raise _refused(wanted, circular=found is not None)
        imported[wanted.name] = _unit(found, known, (*path, definitions.namespace))
    return make_unit(definitions, imported)


def _refused(wanted: Import, circular: bool) -> ModelInvalid:
    if circular:
        return ModelInvalid(
            f"De modellen importeren elkaar in een kring, via '{wanted.name}'.",
            "Verwijder een van de twee imports.",
            element_id=wanted.place.element_id,
            line=wanted.place.line,
        )
    return ModelInvalid(
        f"Het model importeert '{wanted.name}', maar dat model is er niet bij.",
        "Voeg het geïmporteerde .dmn-bestand toe.",
        element_id=wanted.place.element_id,
        line=wanted.place.line,
    )
