"""Finds what a scenario starts beside its trajectory, among the packages that there are."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.packages import Package
from engine.simulation.errors import ScenarioFailed


def offered(packages: Sequence[Package], name: str, role: str | None) -> tuple[Package, str]:
    """The package that offers a start, and the start's key; ``name`` is that key or ``pakket/key``.

    Raises:
        ScenarioFailed: no package offers it, several do, or the role may not start it.
    """
    package_key, _, key = name.rpartition("/")
    found = [one for one in packages if key in one.beside and package_key in ("", one.key)]
    if not found:
        known = sorted({other for one in packages for other in one.beside})
        raise ScenarioFailed(
            f"Geen pakket heeft onder [naast] een start ‘{name}’.",
            f"Bekend zijn: {', '.join(known) or 'geen'}.",
        )
    if len({one.key for one in found}) > 1:
        raise ScenarioFailed(
            f"Meer pakketten hebben een start ‘{key}’.",
            f"Schrijf erbij van welk pakket, bijvoorbeeld: naast: {found[0].key}/{key}.",
        )
    start = found[0].beside[key]
    functions = {
        one.roles[role].function for one in packages if role is not None and role in one.roles
    }
    if functions and not functions & set(start.by):
        raise ScenarioFailed(
            f"De rol {role} mag de start ‘{key}’ niet gebruiken.",
            f"Wie dat mogen staat bij ‘door’: {', '.join(start.by)}.",
        )
    return found[0], key
