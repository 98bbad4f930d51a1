"""The other packages that a package may call: those published, or those beside it in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.definitions import manifest as manifests
from engine.definitions.errors import PackageUnreadable
from engine.definitions.forms import Form
from engine.definitions.model import Process
from engine.definitions.packages import Package, load_package
from engine.definitions.references import Part, Reference
from engine.definitions.templates import Templates, templates_around

TREE: Final = "processes"
"""The folder that a product's packages stand in."""

SHARED: Final = "gedeeld"
"""The folder in a tree that the shared packages stand in."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Packages beside one package.

    Attributes:
        packages: each in its newest version.
        tags: every version tag that a published version in use carries, by part and its id;
            ``None`` when only these very packages are known.
        templates: the element templates that a modeller offers here; ``None`` when not known.
    """

    packages: tuple[Package, ...] = ()
    tags: Mapping[tuple[Part, str], frozenset[str]] | None = None
    templates: Templates | None = None

    def process(self, process_id: str) -> Process | None:
        """The process that a call from outside its package means."""
        package = self.with_process(process_id)
        return package.processes[process_id] if package else None

    def with_process(self, process_id: str) -> Package | None:
        """The package that has a process."""
        return self.provider(Reference(Part.PROCESS, process_id))

    def with_decision(self, decision_id: str) -> Package | None:
        """The shared package that has a decision."""
        return self.provider(Reference(Part.DECISION, decision_id))

    def provider(self, reference: Reference) -> Package | None:
        """The package that has what is asked for, under whichever tag; decisions: if shared."""
        for package in self.packages:
            process = reference.part is Part.PROCESS
            if reference.id in package.processes if process else self._shares(package, reference):
                return package
        return None

    def has_tag(self, reference: Reference) -> bool:
        """Whether something carries the tag that is asked for."""
        if self.tags is not None:
            known = self.tags.get((reference.part, reference.id), frozenset())
            return reference.version_tag in known
        package = self.provider(reference)
        return package is not None and package.provides(reference)

    @staticmethod
    def _shares(package: Package, reference: Reference) -> bool:
        return package.shared and reference.id in package.decisions


def form_shared_by(packages: Iterable[Package], form_id: str) -> Form | None:
    """The form of the first shared package, by key, that has it."""
    having = (one for one in packages if one.shared and form_id in one.forms)
    first = min(having, key=lambda one: one.key, default=None)
    return None if first is None else first.forms[form_id]


def packages_beside(
    folder: Path, more: Sequence[Path] = (), load: Callable[[Path], Package] = load_package
) -> Neighbours:
    """The packages beside one in its tree, and those in the folders that are named besides.

    A tree is a folder ``processes``, or one with a folder ``gedeeld`` in it. Who looks at several
    packages gives a ``load`` that remembers.

    Raises:
        PackageUnreadable: a named folder holds no package.
    """
    own = folder.resolve()
    places = dict.fromkeys(
        (*_beside(own), *(one for path in more for one in packages_at(path.resolve())))
    )
    places.pop(own, None)
    templates = templates_around(own)
    if not places:
        return Neighbours(templates=templates)
    key = load(own).key  # a copy of a package, to work on, is no other package
    packages = {one.version: one for one in map(load, places) if one.key != key}
    return Neighbours(tuple(packages.values()), templates=templates)


def in_order_of_calls(packages: Sequence[Package]) -> list[Package]:
    """The packages with those that are called before those that call them, shared ones first."""
    around = Neighbours(tuple(packages))
    ordered: dict[str, Package] = {}
    pending: set[str] = set()

    def place(package: Package) -> None:
        if package.version in ordered or package.version in pending:
            return
        pending.add(package.version)
        for name in _asked_for(package):
            called = around.with_process(name) or around.with_decision(name)
            if called is not None:
                place(called)
        ordered[package.version] = package

    for package in sorted(packages, key=lambda one: (not one.shared, one.key)):
        place(package)
    return list(ordered.values())


def folders_in(tree: Path) -> list[Path]:
    """The folders of all packages in a tree, the shared ones first."""
    places = [*sorted((tree / SHARED).glob("*/")), *sorted(tree.glob("*/"))]
    return [place for place in places if (place / manifests.FILE).is_file()]


def packages_at(path: Path) -> list[Path]:
    """The package at a path, or those in the folder that it is.

    Raises:
        PackageUnreadable: a folder without any package.
    """
    if not path.is_dir() or (path / manifests.FILE).is_file():
        return [path]
    found = folders_in(path)
    if not found:
        raise PackageUnreadable(
            f"In ‘{path.name}’ staat geen pakket.",
            "Noem een map met een pakket.toml, of een map met zulke mappen erin.",
            file=path.name,
        )
    return found


def _asked_for(package: Package) -> Iterator[str]:
    for process in package.processes.values():
        for element in process.elements.values():
            yield from filter(None, (element.called_process, element.decision_id))


def _beside(folder: Path) -> list[Path]:
    tree = folder.parent.parent if folder.parent.name == SHARED else folder.parent
    if tree.name != TREE and not (tree / SHARED).is_dir():
        return []
    return folders_in(tree)
