"""Forms of a play: what fills them, and examples to fill them in with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from engine.definitions.forms import Form
from engine.definitions.forms.model import outside_rows
from engine.simulation.answering import CannotBeFilledIn, any_answers
from engine.simulation.people import fill_in
from engine.simulation.plays.samples import Sample
from engine.simulation.plays.world import PlayedWorld
from webui.form_tables import row_of_today, tables_of
from webui.taken.prefill import lists_used, moment_of_contact, put
from webui.taken.variables import form_variables

SEED = 1
FROM_FILE = ("gezin.", "fase.", "zorg.")


@dataclass(frozen=True, slots=True)
class Example:
    """An example to fill in, by its number in the address."""

    number: int
    name: str
    chosen: bool
    address: str


def examples(
    samples: Sequence[Sample], chosen: int, address: Callable[[int], str]
) -> list[Example]:
    """What can be chosen to fill a form in with."""
    found, times = [], Counter[str]()
    for number, sample in enumerate(samples, start=1):
        times[sample.scenario] += 1
        again = f" ({times[sample.scenario]})" if times[sample.scenario] > 1 else ""
        found.append(Example(number, sample.scenario + again, number == chosen, address(number)))
    return found


def form_values(
    world: PlayedWorld, form: Form, variables: Mapping[str, Any], example: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What fills a form: variables, what the invented family's file knows, lists, an example."""
    known = _known(world, form)
    given = fill_in(example, world, world.clock.now()) if example else {}
    plain = form_variables(form, variables)
    return {
        **plain,
        **known,
        **given,
        **lists_used(form, world.lists()),
        **_rows(world, form, plain),
    }


def _rows(world: PlayedWorld, form: Form, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the tables say on the day of the play, for the texts that name them."""
    now = world.clock.now()
    return {
        name: row_of_today(package, name, now)
        for name in tables_of(form).difference(known)
        for package in (world.package, *world.others)
        if name in package.decisions
    }


def example_answers(
    world: PlayedWorld,
    form: Form | None,
    variables: Mapping[str, Any],
    samples: Sequence[Sample],
) -> dict[str, Any] | None:
    """Answers that the form takes: of the first scenario that has some, else made up.

    ``None`` where a question has no answer that could be made up.
    """
    if form is None:
        return {}
    now, lists = world.clock.now(), world.lists()
    for sample in samples:
        given: dict[str, Any] = fill_in(sample.answers, world, now)
        if form.validate(given, lists, now, variables).is_valid:
            return given
    try:
        return any_answers(form, lists, variables, now, Random(SEED))  # noqa: S311 - an example
    except CannotBeFilledIn:
        return None


def _known(world: PlayedWorld, form: Form) -> dict[str, Any]:
    file: dict[str, Any] = {}
    for document in world.file.documents:
        file |= {p: v for p, v in document.bindings.items() if p.startswith(FROM_FILE)}
    answers: dict[str, Any] = {}
    for found in outside_rows(form.fields):
        if not found.dossier or not found.path or found.type == "dynamiclist":
            continue
        value = file.get(found.dossier)
        if found.dossier == "contact.datum":
            value = moment_of_contact(world.clock.now(), found.subtype)
        if value not in (None, ""):
            put(answers, found.path, value)
    return answers
